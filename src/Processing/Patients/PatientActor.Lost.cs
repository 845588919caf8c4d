using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>What stops coming: an ECG, a signal that came regularly, everything; and what follows by its deadline alone.</content>
public sealed partial class PatientActor
{
    /// <summary>What the passing of log time brings.</summary>
    private enum DueKind
    {
        Nothing,
        Alarms,
        EcgLost,
        SignalLost,
        Silence,
        Doubt,
        Ahead,
    }

    /// <summary>A deadline: of what, when, and of which signal.</summary>
    private readonly record struct Due(DueKind Kind, long LogMs, SignalCode Code);

    /// <summary>The deadline that comes first. Of those that fall together the alarms' own goes first, then what is lost, then silence, then what follows from it.</summary>
    private Due Next(PatientState state, long shardLogMs)
    {
        var next = new Due(DueKind.Nothing, long.MaxValue, SignalCode.None);
        Offer(ref next, DueKind.Alarms, Alarms(state).DeadlineMs());
        Offer(ref next, DueKind.EcgLost, EcgLostMs(state));
        Offer(ref next, DueKind.SignalLost, state.SignalLostMs(out SignalCode code), code);
        Offer(ref next, DueKind.Silence, SilenceMs(state));
        Offer(ref next, DueKind.Doubt, DoubtMs(state));
        Offer(ref next, DueKind.Ahead, AheadMs(state, shardLogMs));
        return next;
    }

    private static void Offer(ref Due next, DueKind kind, long? logMs, SignalCode code = SignalCode.None)
    {
        if (logMs < next.LogMs)
            next = new(kind, logMs.Value, code);
    }

    /// <summary>Follows a deadline at its time, however much later it is now.</summary>
    private void Follow(PatientState state, in Due due)
    {
        switch (due.Kind)
        {
            case DueKind.EcgLost:
                TellEcgLost(state, due.LogMs);
                break;
            case DueKind.SignalLost:
                TellSignalLost(state, due.Code, due.LogMs);
                break;
            case DueKind.Silence:
                Assess(state, Assessment.Of(ConditionId.NoData, Presence.Present) with { Priority = _configuration.Silence.Severity }, state.NewestMs, due.LogMs);
                break;
            case DueKind.Doubt:
                Alarms(state).Doubt(new NobodyTells(this, state, due.LogMs), due.LogMs, Decision);
                break;
            case DueKind.Ahead:
                // Once more to the same time: now the alarms follow.
                Decision.Emit(new LogTimeCorrected(state.LogMs));
                break;
            default:
                Alarms(state).Tick(due.LogMs, Decision);
                break;
        }
    }

    /// <summary>
    /// The log time from which times of a gateway whose clock is fast are corrected; null when there are none. The patient's own at the next tick, which says what time it is: else the end of all that waits would be put off. Those of the
    /// alarms only when nothing comes any more: until then their delays run by the clock that the messages bear.
    /// </summary>
    private long? AheadMs(PatientState state, long shardLogMs)
    {
        if (IsAhead(state, shardLogMs))
            return shardLogMs + 1;
        return state.Logic > 3 && state.Alarms.NewestLogMs > Math.Max(shardLogMs, state.LogMs) + ClockToleranceMs
            ? state.LogMs + Math.Max(PatientState.SilentAfterMs, (long)PatientState.SilentIntervals * state.IntervalMs)
            : null;
    }

    /// <summary>The log time from which the ECG counts as lost; null when there was none, when it is told already, or when nothing else came since.</summary>
    private static long? EcgLostMs(PatientState state)
    {
        long fromMs = state.MissedFromMs(state.EcgLogMs, 0);
        return state.EcgLogMs == 0 || state.LogMs - fromMs < PatientState.StillThereMs || state.Alarms.Find(ConditionId.EcgLost) is not null ? null : fromMs + PatientState.LostAfterMs;
    }

    /// <summary>Tells what is lost while other things come, in the order of its deadlines.</summary>
    private void JudgeLost(PatientState state, long logMs)
    {
        while (true)
        {
            var next = new Due(DueKind.Nothing, long.MaxValue, SignalCode.None);
            Offer(ref next, DueKind.EcgLost, EcgLostMs(state));
            Offer(ref next, DueKind.SignalLost, state.SignalLostMs(out SignalCode code), code);
            if (next.LogMs > logMs)
                return;
            Follow(state, next);
        }
    }

    /// <summary>Tells that the ECG is lost, dated where its time was over; what was seen in it is unknown from then on.</summary>
    private void TellEcgLost(PatientState state, long lostLogMs)
    {
        long timeMs = state.EcgMs + (lostLogMs - state.EcgLogMs);
        Assess(state, Assessment.Of(ConditionId.EcgLost, Presence.Present), timeMs, lostLogMs);
        Alarms(state).Doubt(new EcgIsLost(timeMs + state.EcgShiftMs - FreshMs <= state.ToldMs(SignalCode.HeartRate), timeMs), lostLogMs, Decision);
    }

    /// <summary>Tells that a signal is lost, dated where its time was over; what its values said is unknown from then on.</summary>
    private void TellSignalLost(PatientState state, SignalCode code, long lostLogMs)
    {
        long timeMs = TimeOf(state, code, lostLogMs);
        Assess(state, Assessment.Of(AlarmConditions.SignalLost(code), Presence.Present), timeMs, lostLogMs);
        Alarms(state).Doubt(new SignalIsLost(code, timeMs), lostLogMs, Decision);
    }

    /// <summary>What the clock of who tells a signal shows at a log time.</summary>
    private static long TimeOf(PatientState state, SignalCode code, long logMs)
    {
        ref readonly SignalSource source = ref state.Source(code);
        return source.NewestMs + (logMs - source.LogMs);
    }

    /// <summary>The log time from which something that is open, or on the way to be, cannot be told any more since nobody tells it; null when there is nothing of the kind.</summary>
    private long? DoubtMs(PatientState state)
    {
        if (!DoubtsSilence)
            return null;
        long? first = null;
        for (int i = 0; i < state.Alarms.Conditions.Count; i++)
        {
            if (DoubtMs(state, state.Alarms.Conditions[i]) is { } logMs && !(first <= logMs))
                first = logMs;
        }

        return first;
    }

    /// <summary>
    /// The log time from which a condition cannot be told any more: when nothing has come for as long as silence is, an hour at most; of a limit already when its value holds no longer, and of what is measured now and then no sooner. Null for what does not
    /// depend on what comes: sensors that are off and signals that are lost stay so, and a value that was measured now and then is neither forgotten while its delay runs nor after it came back within the limits.
    /// </summary>
    private long? DoubtMs(PatientState state, AlarmState alarm)
    {
        AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
        if (alarm.Phase is not (AlarmPhase.Pending or AlarmPhase.Active or AlarmPhase.Clearing) || (condition.IsTechnical && !condition.IsOfWaveform))
            return null;
        long fromMs = state.LogMs + Math.Min(SilentAfterMs(state), LongestHoldMs);
        if (condition.Kind == ConditionKind.Limit)
        {
            bool isMeasuredNowAndThen = IsMeasuredNowAndThen(state, condition.Code);
            if (alarm.Phase != AlarmPhase.Active && isMeasuredNowAndThen)
                return null;
            ref readonly SignalSource source = ref state.Source(condition.Code);
            if (source.LogMs != 0 && !RestsOnEcg(state, condition.Code))
            {
                // After the first set nobody knows when the next is due, and silence comes soon: the value holds no shorter for that.
                long holdsMs = source.LogMs + HoldMs(state, condition.Code);
                fromMs = isMeasuredNowAndThen ? holdsMs : Math.Min(fromMs, holdsMs);
            }
        }

        return Math.Max(fromMs, alarm.SinceLogMs);
    }

    /// <summary>True for a heart rate that is the ECG's: no device has told one since.</summary>
    private static bool RestsOnEcg(PatientState state, SignalCode code) =>
        code == SignalCode.HeartRate && state.EcgLogMs != 0 && state.EcgMs + state.EcgShiftMs - FreshMs > state.ToldMs(SignalCode.HeartRate);

    /// <summary>True for a signal that is measured now and then, as by a nurse who goes round: who tells it has not told ten values, or tells one each minute at most.</summary>
    private static bool IsMeasuredNowAndThen(PatientState state, SignalCode code)
    {
        if (RestsOnEcg(state, code))
            return false;
        int teller = state.Source(code).LogMs == 0 ? SignalSource.NoDevice : state.Source(code).Device;
        for (int i = 0; i < state.Devices.Count; i++)
        {
            if ((i == teller || teller >= state.Devices.Count)
                && state.Devices[i].TryFind(code, out DeviceState.DeviceStream stream)
                && stream.Interval.Count == IntervalMedian.Capacity
                && stream.Interval.MedianMs <= PatientState.LongestAwaitedMs)
                return false;
        }

        return true;
    }
}
