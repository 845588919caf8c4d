using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Alarms;

/// <content>What is decided, and by what.</content>
public sealed partial class PatientAlarms
{
    private const int MaximumContributors = 16;

    /// <summary>What is due in a condition.</summary>
    private enum DueKind
    {
        PauseEnds,
        PhaseEnds,
        Signal,
    }

    /// <summary>A deadline: when, and of what.</summary>
    private readonly record struct Due(long LogMs, DueKind Kind, int Place);

    /// <summary>Follows all deadlines that have passed.</summary>
    /// <param name="logMs">Log time now, milliseconds since 1970 UTC.</param>
    /// <param name="sink">Takes what is decided.</param>
    public void Tick(long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        while (TryNext(out Due due) && due.LogMs <= logMs)
        {
            switch (due.Kind)
            {
                case DueKind.PauseEnds:
                    Resume((PauseKind)due.Place, due.LogMs, due.LogMs, ResumeCause.Expired, "", "", sink);
                    break;
                case DueKind.PhaseEnds:
                    EndPhase(_conditions[due.Place], due.LogMs, sink);
                    break;
                default:
                    Signal(_conditions[due.Place], due.LogMs, sink);
                    break;
            }
        }
    }

    /// <summary>Takes how a condition stands now.</summary>
    /// <param name="assessment">How it stands.</param>
    /// <param name="timeMs">Event time of the observation that shows it, milliseconds since 1970 UTC.</param>
    /// <param name="logMs">Log time of the record that brought it.</param>
    /// <param name="sink">Takes what is decided.</param>
    /// <exception cref="ArgumentException">The condition is not known, or there are too many contributors.</exception>
    public void Assess(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        if (!AlarmConditions.IsKnown((int)assessment.Condition))
            throw new ArgumentException($"{(int)assessment.Condition} is not the number of a condition.", nameof(assessment));
        if (assessment.Contributors is { Count: > MaximumContributors })
            throw new ArgumentException($"{assessment.Contributors.Count} contributors are more than the {MaximumContributors} that an alarm names.", nameof(assessment));
        Tick(logMs, sink);
        if (Find(assessment.Condition) is { } state && PhaseDelay(state) is { } delay && timeMs - state.SinceMs >= delay)
            EndPhase(state, logMs, sink);
        switch (Find(assessment.Condition) is { } now ? now.Phase : AlarmPhase.Quiet)
        {
            case AlarmPhase.Quiet:
                AssessQuiet(assessment, timeMs, logMs, sink);
                break;
            case AlarmPhase.Pending:
                AssessPending(assessment, timeMs, logMs, sink);
                break;
            case AlarmPhase.Latched:
                if (assessment.Presence == Presence.Present)
                    Return(assessment, timeMs, logMs, sink);
                break;
            default:
                AssessOpen(Find(assessment.Condition)!, assessment, timeMs, logMs, sink);
                break;
        }
    }

    /// <summary>Goes through what is open and known, unmeasured, or on the way to be, and takes for unknown what is doubted. The newest condition of the table first.</summary>
    /// <param name="doubt">Says which conditions are doubted.</param>
    /// <param name="logMs">Log time from which they are.</param>
    /// <param name="sink">Takes what is decided.</param>
    public void Doubt<TDoubt>(TDoubt doubt, long logMs, IAlarmSink sink)
        where TDoubt : struct, IDoubt
    {
        ArgumentNullException.ThrowIfNull(sink);
        // What is due ends first, so that nothing but what is assessed leaves the list while it is gone through.
        Tick(logMs, sink);
        for (int place = _conditions.Count - 1; place >= 0; place--)
        {
            AlarmState state = _conditions[place];
            if ((state.Phase is AlarmPhase.Pending or AlarmPhase.Active or AlarmPhase.Clearing || IsUnmeasured(state)) && doubt.About(state) is { } doubted)
                Assess(Assessment.Of(state.Condition, doubted.Presence), doubted.TimeMs, logMs, sink);
        }
    }

    /// <summary>Acknowledges an alarm: a latched one ends by it.</summary>
    /// <param name="origin">The alarm.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="timeMs">When, by the command.</param>
    /// <param name="logMs">Log time of the command.</param>
    /// <param name="sink">Takes what is decided.</param>
    public AlarmCommandOutcome Acknowledge(AlarmOrigin origin, string by, string reason, long timeMs, long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Tick(logMs, sink);
        if (Find(origin) is not { } state)
            return AlarmCommandOutcome.NotFound;
        if (state.IsAcknowledged)
            return AlarmCommandOutcome.Nothing;
        Emit(new() { Kind = AlarmEventKind.Acknowledged, Condition = state.Condition, TimeMs = timeMs, LogMs = logMs, By = by, Reason = reason }, sink);
        if (state.Phase == AlarmPhase.Latched)
            End(state, timeMs, logMs, EndCause.Acknowledged, Presence.Absent, sink);
        return AlarmCommandOutcome.Done;
    }

    /// <summary>Begins a pause, or puts another in its place. Alarms of a higher rank than the highest that is open end it early; with none open, those of high priority do.</summary>
    /// <param name="kind">What is paused.</param>
    /// <param name="durationMs">How long, from the command's time.</param>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="timeMs">When, by the command. A command that was delayed, or is played again, pauses no longer than it asked for.</param>
    /// <param name="logMs">Log time of the command.</param>
    /// <param name="sink">Takes what is decided.</param>
    public AlarmCommandOutcome Pause(PauseKind kind, int durationMs, string by, string reason, long timeMs, long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(durationMs);
        Tick(logMs, sink);
        long until = Math.Min(timeMs, logMs) + durationMs;
        if (until <= logMs)
            return AlarmCommandOutcome.Expired;
        int rank = 0;
        foreach (AlarmState state in _conditions)
        {
            // What is latched has gone: it was not for its sake that somebody asked for quiet.
            if (state.IsOpen && state.Phase != AlarmPhase.Latched)
                rank = Math.Max(rank, state.Rank);
        }

        Emit(
            new()
            {
                Kind = AlarmEventKind.Paused,
                Pause = kind,
                TimeMs = timeMs,
                LogMs = logMs,
                UntilMs = until,
                Rank = rank == 0 ? AlarmRank.OfNothing : rank,
                Origin = Pause(kind)?.Origin ?? sink.NextOrigin,
                By = by,
                Reason = reason,
            },
            sink);
        return AlarmCommandOutcome.Done;
    }

    /// <summary>Ends both pauses.</summary>
    /// <param name="by">Who.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="timeMs">When, by the command.</param>
    /// <param name="logMs">Log time of the command.</param>
    /// <param name="sink">Takes what is decided.</param>
    public AlarmCommandOutcome Resume(string by, string reason, long timeMs, long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Tick(logMs, sink);
        if (!IsPaused)
            return AlarmCommandOutcome.Nothing;
        EndPauses(timeMs, logMs, ResumeCause.Ordered, by, reason, sink);
        return AlarmCommandOutcome.Done;
    }

    /// <summary>Ends everything: the patient's encounter is over, and what begins is another's.</summary>
    /// <param name="timeMs">Event time.</param>
    /// <param name="logMs">Log time of the record that says so.</param>
    /// <param name="sink">Takes what is decided.</param>
    public void Discharge(long timeMs, long logMs, IAlarmSink sink)
    {
        ArgumentNullException.ThrowIfNull(sink);
        Tick(logMs, sink);
        EndPauses(timeMs, logMs, ResumeCause.Discharged, "", "", sink);
        while (_conditions.Count > 0)
        {
            AlarmState state = _conditions[0];
            if (state.IsOpen)
                End(state, timeMs, logMs, EndCause.Discharged, Presence.Unknown, sink);
            else
                Change(state.Condition, AlarmPhase.Quiet, Presence.Unknown, Suppression.None, timeMs, logMs, sink);
        }
    }

    private void AssessQuiet(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        bool wasVetoed = Find(assessment.Condition) is not null;
        switch (assessment.Presence)
        {
            case Presence.Present when _settings.Of(assessment.Condition).OnsetMs == 0:
                Begin(assessment, timeMs, logMs, sink);
                break;
            case Presence.Present:
                ChangeToPending(assessment, timeMs, logMs, sink);
                break;
            case Presence.Vetoed when !wasVetoed:
                Change(assessment.Condition, AlarmPhase.Quiet, Presence.Vetoed, Suppression.Corroboration, timeMs, logMs, sink);
                break;
            case Presence.Vetoed or Presence.Unmeasured:
                break;
            default:
                if (wasVetoed)
                    Change(assessment.Condition, AlarmPhase.Quiet, Presence.Absent, Suppression.None, timeMs, logMs, sink);
                break;
        }
    }

    private void AssessPending(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        switch (assessment.Presence)
        {
            case Presence.Present:
                if (assessment.Priority > Find(assessment.Condition)!.Priority)
                    ChangeToPending(assessment, timeMs, logMs, sink);
                break;
            case Presence.Vetoed:
                Change(assessment.Condition, AlarmPhase.Quiet, Presence.Vetoed, Suppression.Corroboration, timeMs, logMs, sink);
                break;
            case Presence.Unmeasured:
                // One measurement was beyond the limit, and no other speaks against it: the delay goes on.
                break;
            default:
                Change(assessment.Condition, AlarmPhase.Quiet, Presence.Absent, Suppression.Delay, timeMs, logMs, sink);
                break;
        }
    }

    /// <summary>An open alarm that is not latched: active, clearing or suspended.</summary>
    private void AssessOpen(AlarmState state, in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        switch (assessment.Presence)
        {
            case Presence.Present:
                if (state.Phase != AlarmPhase.Active || state.Presence != Presence.Present)
                    Change(state.Condition, AlarmPhase.Active, Presence.Present, KeptBack(state), timeMs, logMs, sink);
                Weigh(assessment, timeMs, logMs, sink);
                break;
            case Presence.Near:
                if (state.Phase != AlarmPhase.Active || state.Presence != Presence.Near)
                    Change(state.Condition, AlarmPhase.Active, Presence.Near, Suppression.None, timeMs, logMs, sink);
                break;
            case Presence.Unmeasured when state.Phase != AlarmPhase.Active:
                // What was measured last stands: within the limits, and the clearing delay goes on; or it is unknown already.
                break;
            case Presence.Unknown or Presence.Unmeasured when !IsUnknown(state) && UnknownMs(state.Condition, assessment.Presence) == 0:
                Go(state, timeMs, logMs, EndCause.SignalLost, Presence.Unknown, sink);
                break;
            case Presence.Unmeasured:
                Change(state.Condition, AlarmPhase.Suspended, Presence.Unmeasured, Suppression.None, timeMs, logMs, sink);
                break;
            case Presence.Unknown:
                // What nobody measured again is unknown for another reason now, and for no longer than that has.
                if (!IsUnknown(state))
                    Change(state.Condition, AlarmPhase.Suspended, Presence.Unknown, Suppression.None, timeMs, logMs, sink);
                // What was told last no longer holds: what is known of it now is told, and what is not.
                if (!double.IsNaN(assessment.Value))
                    Renew(assessment, timeMs, logMs, sink);
                break;
            default:
                if (assessment.Ends != default)
                {
                    Go(state, timeMs, logMs, assessment.Ends, assessment.Presence, sink);
                    break;
                }

                if (state.Phase == AlarmPhase.Clearing)
                    break;
                if (_settings.Of(state.Condition).ClearMs == 0)
                    Go(state, timeMs, logMs, EndCause.Cleared, assessment.Presence, sink);
                else
                    Change(state.Condition, AlarmPhase.Clearing, assessment.Presence, Suppression.None, timeMs, logMs, sink);
                break;
        }
    }

    private static bool IsUnknown(AlarmState state) => state.Phase == AlarmPhase.Suspended && state.Presence == Presence.Unknown;

    private static bool IsUnmeasured(AlarmState state) => state.Phase == AlarmPhase.Suspended && state.Presence == Presence.Unmeasured;

    /// <summary>What kept a second alarm from beginning when a condition comes back to its open alarm.</summary>
    private static Suppression KeptBack(AlarmState state) => state.Phase switch
    {
        AlarmPhase.Clearing => Suppression.Delay,
        AlarmPhase.Active => Suppression.Hysteresis,
        _ => Suppression.None,
    };

    /// <summary>Tells of an open alarm what is worth telling: a higher priority at once, other evidence once in a while.</summary>
    private void Weigh(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        AlarmState state = Find(assessment.Condition)!;
        if (assessment.Priority > state.Priority)
        {
            BreakPauses(AlarmRank.Of(assessment.Condition, assessment.Priority), timeMs, logMs, sink);
            Emit(WithEvidence(AlarmEventKind.PriorityRose, assessment, timeMs, logMs), sink);
        }
        else
        {
            Renew(assessment, timeMs, logMs, sink);
        }
    }

    /// <summary>Tells what an open alarm rests on now, when its key says that it is something else, and the last telling is long enough ago, or as far ahead: then a slower clock has taken over.</summary>
    private void Renew(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        AlarmState state = Find(assessment.Condition)!;
        if (assessment.Key != state.Key && (assessment.IsTellingAtOnce || Math.Abs(timeMs - state.ToldMs) >= _settings.Of(assessment.Condition).UpdateMs))
            Emit(WithEvidence(AlarmEventKind.Updated, assessment, timeMs, logMs) with { Priority = state.Priority }, sink);
    }

    private void Return(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        AlarmState state = Find(assessment.Condition)!;
        var priority = (AnomalySeverity)Math.Max((int)state.Priority, (int)assessment.Priority);
        BreakPauses(AlarmRank.OfNew(assessment.Condition, priority), timeMs, logMs, sink);
        Emit(WithEvidence(AlarmEventKind.Returned, assessment, timeMs, logMs) with { Priority = priority }, sink);
    }

    private void Begin(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink)
    {
        // First, so that the alarm is told as it sounds, and with the place that it has in the journal.
        BreakPauses(AlarmRank.OfNew(assessment.Condition, assessment.Priority), timeMs, logMs, sink);
        Emit(
            WithEvidence(AlarmEventKind.Began, assessment, timeMs, logMs) with
            {
                Origin = sink.NextOrigin,
                IsTechnical = AlarmConditions.Get(assessment.Condition).IsTechnical,
            },
            sink);
    }

    /// <summary>Ends the delay that a condition is in. Its event time is exact; its log time too, unless event time was faster.</summary>
    private void EndPhase(AlarmState state, long logMs, IAlarmSink sink)
    {
        long timeMs = state.SinceMs + PhaseDelay(state)!.Value;
        switch (state.Phase)
        {
            case AlarmPhase.Pending:
                Begin(new(state.Condition, Presence.Present, state.Priority, state.Value, state.Limit, state.Key, state.Contributors) { Basis = state.Basis }, timeMs, logMs, sink);
                break;
            case AlarmPhase.Clearing:
                Go(state, timeMs, logMs, EndCause.Cleared, state.Presence, sink);
                break;
            default:
                Go(state, timeMs, logMs, EndCause.SignalLost, Presence.Unknown, sink);
                break;
        }
    }

    /// <summary>The condition went: the alarm ends, or latches.</summary>
    private void Go(AlarmState state, long timeMs, long logMs, EndCause cause, Presence presence, IAlarmSink sink)
    {
        if (_settings.Latches(state.Condition) && !state.IsAcknowledged)
            Emit(new() { Kind = AlarmEventKind.Latched, Condition = state.Condition, TimeMs = timeMs, LogMs = logMs, Cause = cause == EndCause.Cleared ? default : cause }, sink);
        else
            End(state, timeMs, logMs, cause, presence, sink);
    }

    /// <summary>Escalation, or a reminder.</summary>
    private void Signal(AlarmState state, long logMs, IAlarmSink sink)
    {
        // In the patient's event time, which may be far from that of the log.
        long timeMs = state.BeganMs + (logMs - state.BeganLogMs);
        if (state.IsAcknowledged)
        {
            bool lapses = state.Reminders + 1 >= _settings.Of(state.Condition).Reminders;
            Emit(new() { Kind = AlarmEventKind.Reminded, Condition = state.Condition, TimeMs = timeMs, LogMs = logMs, IsAcknowledged = !lapses }, sink);
        }
        else
        {
            Emit(new() { Kind = AlarmEventKind.Escalated, Condition = state.Condition, TimeMs = timeMs, LogMs = logMs, Priority = AnomalySeverity.High }, sink);
        }
    }

    private void BreakPauses(int rank, long timeMs, long logMs, IAlarmSink sink)
    {
        foreach (AlarmPauseState? pause in _pauses.AsSpan())
        {
            if (pause is not null && rank > pause.Rank)
                Resume(pause.Kind, timeMs, logMs, ResumeCause.Broken, "", "", sink);
        }
    }

    private void EndPauses(long timeMs, long logMs, ResumeCause cause, string by, string reason, IAlarmSink sink)
    {
        foreach (AlarmPauseState? pause in _pauses.AsSpan())
        {
            if (pause is not null)
                Resume(pause.Kind, timeMs, logMs, cause, by, reason, sink);
        }
    }

    private void Resume(PauseKind kind, long timeMs, long logMs, ResumeCause cause, string by, string reason, IAlarmSink sink) =>
        Emit(new() { Kind = AlarmEventKind.Resumed, Pause = kind, TimeMs = timeMs, LogMs = logMs, Resumed = cause, By = by, Reason = reason }, sink);

    private void End(AlarmState state, long timeMs, long logMs, EndCause cause, Presence presence, IAlarmSink sink) =>
        Emit(new() { Kind = AlarmEventKind.Ended, Condition = state.Condition, TimeMs = timeMs, LogMs = logMs, Cause = cause, Presence = presence }, sink);

    private void Change(ConditionId condition, AlarmPhase phase, Presence presence, Suppression suppressed, long timeMs, long logMs, IAlarmSink sink) =>
        Emit(new() { Kind = AlarmEventKind.PhaseChanged, Condition = condition, TimeMs = timeMs, LogMs = logMs, Phase = phase, Presence = presence, Suppressed = suppressed }, sink);

    private void ChangeToPending(in Assessment assessment, long timeMs, long logMs, IAlarmSink sink) =>
        Emit(WithEvidence(AlarmEventKind.PhaseChanged, assessment, timeMs, logMs) with { Phase = AlarmPhase.Pending, Presence = Presence.Present }, sink);

    private static AlarmEvent WithEvidence(AlarmEventKind kind, in Assessment assessment, long timeMs, long logMs) => new()
    {
        Kind = kind,
        Condition = assessment.Condition,
        TimeMs = timeMs,
        LogMs = logMs,
        Priority = assessment.Priority,
        Value = assessment.Value,
        Limit = assessment.Limit,
        Key = assessment.Key,
        Contributors = assessment.Contributors is { } told ? [.. told] : Own(assessment),
        Basis = assessment.Basis,
    };

    private static Contributor[] Own(in Assessment assessment)
    {
        AlarmCondition condition = AlarmConditions.Get(assessment.Condition);
        return condition.Code == Shared.Signals.SignalCode.None || double.IsNaN(assessment.Value)
            ? []
            : [new(condition.Code, "value", assessment.Value, double.IsNaN(assessment.Limit) ? 0 : Math.Abs(assessment.Value - assessment.Limit))];
    }

    private void Emit(in AlarmEvent decided, IAlarmSink sink)
    {
        AlarmPauseState? ended = decided.Kind == AlarmEventKind.Resumed && Pause(decided.Pause) is { } pause ? pause with { Revision = pause.Revision + 1 } : null;
        AlarmState? alarm = Apply(decided);
        sink.Take(decided, alarm, decided.Kind == AlarmEventKind.Paused ? Pause(decided.Pause) : ended);
    }

    /// <summary>The delay that the present phase of a condition waits for; null when it waits for none.</summary>
    private int? PhaseDelay(AlarmState state) => state.Phase switch
    {
        AlarmPhase.Pending => _settings.Of(state.Condition).OnsetMs,
        AlarmPhase.Clearing => _settings.Of(state.Condition).ClearMs,
        AlarmPhase.Suspended => UnknownMs(state.Condition, state.Presence),
        _ => null,
    };

    /// <summary>How long the alarm of a condition stays open that is unknown.</summary>
    private int UnknownMs(ConditionId condition, Presence presence) => presence == Presence.Unmeasured ? _settings.Of(condition).UnmeasuredMs : _settings.Of(condition).LostMs;

    /// <summary>Log time at which an alarm escalates or is told again; null when it does neither.</summary>
    private long? SignalDue(AlarmState state)
    {
        if (IsPaused || state.Phase is not (AlarmPhase.Active or AlarmPhase.Clearing))
            return null;
        ref readonly AlarmTiming timing = ref _settings.Of(state.Condition);
        if (state.IsAcknowledged)
            return timing.ReminderMs == 0 ? null : state.SignalLogMs + timing.ReminderMs;
        return timing.EscalateMs == 0 || state.Priority != AnomalySeverity.Medium ? null : state.SignalLogMs + timing.EscalateMs;
    }

    /// <summary>The deadline that comes first, by the order that the remarks of the class tell.</summary>
    private bool TryNext(out Due next)
    {
        next = new(long.MaxValue, default, -1);
        for (int kind = 0; kind < _pauses.Length; kind++)
        {
            if (_pauses[kind] is { } pause && pause.UntilMs < next.LogMs)
                next = new(pause.UntilMs, DueKind.PauseEnds, kind);
        }

        for (int place = 0; place < _conditions.Count; place++)
        {
            AlarmState state = _conditions[place];
            bool waitsForWaveform = state.Phase == AlarmPhase.Pending && AlarmConditions.Get(state.Condition).IsOfWaveform;
            if (!waitsForWaveform && PhaseDelay(state) is { } delay && state.SinceLogMs + delay < next.LogMs)
                next = new(state.SinceLogMs + delay, DueKind.PhaseEnds, place);
            if (SignalDue(state) is { } signal && signal < next.LogMs)
                next = new(signal, DueKind.Signal, place);
        }

        return next.Place >= 0;
    }
}
