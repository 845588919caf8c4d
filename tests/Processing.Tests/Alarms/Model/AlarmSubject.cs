using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Alarms.Model;

/// <summary>How the subject may be broken, to see that the test notices.</summary>
public enum Fault
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>Alarms of one condition begin a second late.</summary>
    OnsetLate,

    /// <summary>Alarms of one condition end a second early.</summary>
    ClearsEarly,

    /// <summary>One condition escalates a second late.</summary>
    EscalatesLate,

    /// <summary>One condition has a reminder too many.</summary>
    RemindsOnceMore,

    /// <summary>One condition does not latch.</summary>
    ForgetsToLatch,

    /// <summary>Assessments come in with the log's time for that of the event.</summary>
    ConfusesTimes,

    /// <summary>An unknown condition is taken for an absent one.</summary>
    TakesUnknownForAbsent,

    /// <summary>That nothing comes any more changes nothing.</summary>
    TakesSilenceForNews,

    /// <summary>What was measured now and then is forgotten as soon as a signal that came all the time.</summary>
    ForgetsSpotChecks,

    /// <summary>What does not apply ends as what has gone.</summary>
    EndsWithoutReason,

    /// <summary>What is known of an unknown condition is not told.</summary>
    KeepsTheUnknownToItself,

    /// <summary>A replay leaves acknowledgements out.</summary>
    LosesAcknowledgements,

    /// <summary>A replay applies changes of phase twice.</summary>
    CountsTwice,

    /// <summary>A replay begins from a state that is older than its events.</summary>
    ReplaysFromNothing,

    /// <summary>The deadline is told a second late.</summary>
    WakesLate,
}

/// <summary>The machine as the test drives it; it can be broken from outside.</summary>
public static class AlarmSubject
{
    private const long Start = 1_795_262_400_000;

    /// <summary>What comes of a history.</summary>
    public static Outcome Of(IEnumerable<Step> steps, IReadOnlyDictionary<ConditionId, Timing> timings, Fault fault = Fault.None)
    {
        AlarmSettings settings = Timing.Settings(Broken(timings, fault));
        var alarms = new PatientAlarms(settings);
        var sink = new RecordingSink();
        byte[] snapshot = Bed.Bytes(alarms);
        int covered = 0;
        long now = Start;
        foreach (Step step in steps)
        {
            now += step.Wait * 1000L;
            switch (step.Kind)
            {
                case StepKind.Assess:
                    Presence presence = fault == Fault.TakesUnknownForAbsent && step.Presence == Presence.Unknown ? Presence.Absent : step.Presence;
                    long timeMs = fault == Fault.ConfusesTimes ? now : now + (step.EventOffset * 1000L);
                    bool hasValue = step.HasValue && !(fault == Fault.KeepsTheUnknownToItself && presence == Presence.Unknown);
                    alarms.Assess(
                        new(step.Condition, fault == Fault.ForgetsSpotChecks && presence == Presence.Unmeasured ? Presence.Unknown : presence, step.Priority, hasValue ? step.Key : double.NaN, double.NaN, step.Key, null)
                        {
                            Ends = fault == Fault.EndsWithoutReason ? default : step.Ends,
                        },
                        timeMs, now, sink);
                    break;
                case StepKind.Silence:
                    if (fault != Fault.TakesSilenceForNews)
                        alarms.Doubt(new Silence(now + (step.EventOffset * 1000L), fault == Fault.ForgetsSpotChecks), now, sink);
                    break;
                case StepKind.Tick:
                    alarms.Tick(now, sink);
                    break;
                case StepKind.Acknowledge:
                    // A person acknowledges what a display shows, and that shows what is due.
                    alarms.Tick(now, sink);
                    alarms.Acknowledge(alarms.Find(step.Condition) is { IsOpen: true } open ? open.Origin : new(-1, 0), "somebody", "", now, now, sink);
                    break;
                case StepKind.Pause:
                    alarms.Pause(step.Pause, step.Seconds * 1000, "somebody", "", now, now, sink);
                    break;
                case StepKind.Resume:
                    alarms.Resume("somebody", "", now, now, sink);
                    break;
                case StepKind.Discharge:
                    alarms.Discharge(now, now, sink);
                    break;
                case StepKind.Reload:
                    snapshot = Bed.Bytes(alarms);
                    covered = sink.Events.Count;
                    alarms = Decode(snapshot, settings);
                    break;
                default:
                    alarms = Replay(alarms, fault == Fault.ReplaysFromNothing ? Bed.Bytes(new PatientAlarms(settings)) : snapshot, sink.Events.Skip(covered), settings, fault);
                    break;
            }
        }

        // The last second is asked for as a tick asks for it.
        alarms.Tick(now, sink);
        return new(
            [.. sink.Events.Where(happened => happened.IsTold).Select(ToFact)],
            [.. alarms.Conditions.Where(alarm => alarm.IsOpen).Select(alarm => new Shown(alarm.Condition, alarm.Phase, alarm.Priority, alarm.IsAcknowledged, alarm.Revision, alarms.SoundOf(alarm)))],
            alarms.Counters,
            alarms.DeadlineMs() is { } deadline ? ((deadline - Start) / 1000) + (fault == Fault.WakesLate ? 1 : 0) : null);
    }

    /// <summary>Nobody knows how anything stands; only that nothing comes is known.</summary>
    private readonly record struct Silence(long TimeMs, bool ForgetsSpotChecks) : IDoubt
    {
        public Doubted? About(AlarmState alarm) =>
            alarm.Condition == ConditionId.NoData ? null : new(Timing.IsNowAndThen(alarm.Condition) && !ForgetsSpotChecks ? Presence.Unmeasured : Presence.Unknown, TimeMs);
    }

    /// <summary>Makes the state anew, through the stored form of every event. Unless it was broken on purpose it must be the same bit for bit.</summary>
    private static PatientAlarms Replay(PatientAlarms alarms, byte[] snapshot, IEnumerable<AlarmEvent> events, AlarmSettings settings, Fault fault)
    {
        PatientAlarms again = Decode(snapshot, settings);
        var writer = new PayloadWriter();
        foreach (AlarmEvent happened in events)
        {
            writer.Truncate();
            happened.Encode(writer);
            var reader = new PayloadReader(writer.Written);
            AlarmEvent decoded = AlarmEvent.Decode(ref reader);
            Assert.True(reader.AtEnd);
            if (fault == Fault.LosesAcknowledgements && decoded.Kind == AlarmEventKind.Acknowledged)
                continue;
            again.Apply(decoded);
            if (fault == Fault.CountsTwice && decoded.Kind == AlarmEventKind.PhaseChanged)
                again.Apply(decoded);
        }

        if (fault == Fault.None)
            Assert.Equal(Bed.Bytes(alarms), Bed.Bytes(again));
        return again;
    }

    private static PatientAlarms Decode(byte[] bytes, AlarmSettings settings)
    {
        var reader = new PayloadReader(bytes);
        PatientAlarms decoded = PatientAlarms.Decode(ref reader, settings);
        Assert.True(reader.AtEnd);
        return decoded;
    }

    private static Dictionary<ConditionId, Timing> Broken(IReadOnlyDictionary<ConditionId, Timing> timings, Fault fault)
    {
        var broken = timings.ToDictionary();
        Timing rate = timings[ConditionId.HeartRateHigh];
        Timing saturation = timings[ConditionId.SpO2Low];
        switch (fault)
        {
            case Fault.OnsetLate:
                broken[ConditionId.HeartRateHigh] = rate with { Onset = rate.Onset + 1 };
                break;
            case Fault.ClearsEarly:
                broken[ConditionId.HeartRateHigh] = rate with { Clear = rate.Clear - 1 };
                break;
            case Fault.EscalatesLate:
                broken[ConditionId.HeartRateHigh] = rate with { Escalate = rate.Escalate + 1 };
                break;
            case Fault.RemindsOnceMore:
                broken[ConditionId.SpO2Low] = saturation with { Reminders = saturation.Reminders + 1 };
                break;
            case Fault.ForgetsToLatch:
                broken[ConditionId.SpO2Low] = saturation with { Latches = false };
                break;
            default:
                break;
        }

        return broken;
    }

    private static Fact ToFact(AlarmEvent happened) => new(
        happened.Kind,
        happened.Condition,
        (happened.LogMs - Start) / 1000,
        (happened.TimeMs - Start) / 1000,
        happened.Priority,
        happened.Cause,
        happened.Resumed,
        happened.IsAcknowledged);
}
