using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Tests.Alarms.Model;

/// <summary>What can happen to a patient's alarms in a test.</summary>
public enum StepKind
{
    /// <summary>A condition is assessed.</summary>
    Assess,

    /// <summary>Nothing comes any more: nobody knows how anything stands.</summary>
    Silence,

    /// <summary>Time passes.</summary>
    Tick,

    /// <summary>A person acknowledges a condition's alarm.</summary>
    Acknowledge,

    /// <summary>A person pauses.</summary>
    Pause,

    /// <summary>A person resumes.</summary>
    Resume,

    /// <summary>The patient goes.</summary>
    Discharge,

    /// <summary>The state is written and read again. Nothing must change.</summary>
    Reload,

    /// <summary>The state is made anew from the last written one and all events since. Nothing must change.</summary>
    Replay,
}

/// <summary>One thing that happens, <paramref name="Wait"/> seconds after the one before. Times are whole seconds. <paramref name="HasValue"/> says that a condition that is unknown has something to tell, <paramref name="Ends"/> why one that is absent does not apply.</summary>
public sealed record Step(
    StepKind Kind, int Wait, ConditionId Condition = default, Presence Presence = default, AnomalySeverity Priority = default, int Key = 0, int EventOffset = 0, PauseKind Pause = default, int Seconds = 0,
    bool HasValue = false, EndCause Ends = default)
{
    public override string ToString() => Kind switch
    {
        StepKind.Assess => $"+{Wait}s {Condition} is {Presence} ({Priority}, key {Key}{(HasValue ? " with a value" : "")}{(Ends == default ? "" : $" for {Ends}")}, event time {EventOffset:+0;-0;0}s)",
        StepKind.Acknowledge => $"+{Wait}s acknowledge {Condition}",
        StepKind.Pause => $"+{Wait}s pause {Pause} for {Seconds}s",
        _ => $"+{Wait}s {Kind}",
    };
}

/// <summary>The conditions of the test and their timing in seconds: delays of all sizes, latching or not, lethal or not, technical or not.</summary>
public sealed record Timing(int Onset, int Clear, int Lost, bool Latches, int Escalate, int Reminder, int Reminders, int Update, int Unmeasured = 0)
{
    /// <summary>What is measured now and then: in silence what was measured last stands.</summary>
    public static bool IsNowAndThen(ConditionId condition) => condition is ConditionId.SpO2Low or ConditionId.AtrialFibrillation;

    public static IReadOnlyDictionary<ConditionId, Timing> OfConditions { get; } = new Dictionary<ConditionId, Timing>
    {
        [ConditionId.HeartRateHigh] = new(3, 2, 4, false, 7, 5, 3, 2, Unmeasured: 9),
        [ConditionId.SpO2Low] = new(0, 3, 0, true, 6, 4, 2, 0, Unmeasured: 8),
        [ConditionId.News2] = new(2, 0, 2, true, 0, 0, 1, 3),
        [ConditionId.Asystole] = new(0, 0, 3, false, 5, 6, 3, 1),
        [ConditionId.AtrialFibrillation] = new(2, 1, 1, false, 4, 3, 100, 1, Unmeasured: 6),
        [ConditionId.NoData] = new(0, 0, 0, false, 0, 4, 3, 1),
    };

    public static AlarmSettings Settings(IReadOnlyDictionary<ConditionId, Timing> timings) => new(timings.ToDictionary(
        pair => pair.Key,
        pair => new AlarmTiming(
            pair.Value.Onset * 1000, pair.Value.Clear * 1000, pair.Value.Lost * 1000, pair.Value.Latches, pair.Value.Escalate * 1000, pair.Value.Reminder * 1000, pair.Value.Reminders, pair.Value.Update * 1000, pair.Value.Unmeasured * 1000)));
}

/// <summary>What was told, in whole seconds of log time and event time.</summary>
public sealed record Fact(AlarmEventKind Kind, ConditionId Condition, long At, long EventAt, AnomalySeverity Priority, EndCause Cause, ResumeCause Resumed, bool IsAcknowledged)
{
    public override string ToString() =>
        $"{At}s {Kind} {Condition} (event {EventAt}s{(Priority == 0 ? "" : $", {Priority}")}{(Cause == 0 ? "" : $", {Cause}")}{(Resumed == 0 ? "" : $", {Resumed}")}{(Kind == AlarmEventKind.Reminded ? $", acknowledged {IsAcknowledged}" : "")})";
}

/// <summary>An open alarm as both sides show it.</summary>
public sealed record Shown(ConditionId Condition, AlarmPhase Phase, AnomalySeverity Priority, bool IsAcknowledged, int Revision, AlarmSound Sound);

/// <summary>All that both sides must agree on.</summary>
public sealed record Outcome(IReadOnlyList<Fact> Facts, IReadOnlyList<Shown> Open, AlarmCounters Counters, long? NextAt)
{
    /// <summary>The first thing on which they do not agree; null when there is none.</summary>
    public string? DifferenceFrom(Outcome specified)
    {
        for (int i = 0; i < Math.Max(Facts.Count, specified.Facts.Count); i++)
        {
            Fact? here = i < Facts.Count ? Facts[i] : null;
            Fact? there = i < specified.Facts.Count ? specified.Facts[i] : null;
            if (here != there)
                return $"event {i} is {here?.ToString() ?? "nothing"}; specified is {there?.ToString() ?? "nothing"}";
        }

        if (!Open.SequenceEqual(specified.Open))
            return $"open are [{string.Join("; ", Open)}]; specified are [{string.Join("; ", specified.Open)}]";
        if (Counters != specified.Counters)
            return $"counted are {Counters}; specified are {specified.Counters}";
        return NextAt == specified.NextAt ? null : $"the next deadline is {NextAt}s; specified is {specified.NextAt}s";
    }
}
