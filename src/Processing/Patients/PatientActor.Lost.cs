using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>An ECG, or a signal that came regularly, that stops coming.</content>
public sealed partial class PatientActor
{
    /// <summary>The log time from which the ECG counts as lost; null when there was none, when it is told already, or when nothing else came since.</summary>
    private static long? EcgLostMs(PatientState state)
    {
        long fromMs = state.MissedFromMs(state.EcgLogMs, 0);
        return state.EcgLogMs == 0 || state.LogMs - fromMs < PatientState.StillThereMs || state.Alarms.Find(ConditionId.EcgLost) is not null ? null : fromMs + PatientState.LostAfterMs;
    }

    /// <summary>Tells what is lost, in the order of its deadlines.</summary>
    private void JudgeLost(PatientState state, long logMs)
    {
        if (!(EcgLostMs(state) <= logMs || state.SignalLostMs(out _) <= logMs))
            return;
        Alarms(state).Tick(logMs, Decision);
        while (true)
        {
            long? ecgMs = EcgLostMs(state);
            long? signalMs = state.SignalLostMs(out SignalCode code);
            if (ecgMs <= logMs && !(signalMs < ecgMs))
                TellEcgLost(state, ecgMs.Value);
            else if (signalMs <= logMs)
                TellSignalLost(state, code, signalMs.Value);
            else
                return;
        }
    }

    /// <summary>Tells that the ECG is lost, dated where its time was over; what was seen in it is unknown from then on.</summary>
    private void TellEcgLost(PatientState state, long lostLogMs)
    {
        long timeMs = state.EcgMs + (lostLogMs - state.EcgLogMs);
        Assess(state, Assessment.Of(ConditionId.EcgLost, Presence.Present), timeMs, lostLogMs);
        bool isRateTold = timeMs + state.EcgShiftMs - FreshMs <= state.ToldMs(SignalCode.HeartRate);
        AssessUnknown(
            state,
            condition => condition.Kind == ConditionKind.Rhythm || condition.IsOfWaveform || (condition.Kind == ConditionKind.Limit && condition.Code == SignalCode.HeartRate && !isRateTold),
            timeMs,
            lostLogMs);
    }

    /// <summary>Tells that a signal is lost, dated where its time was over; what its values said is unknown from then on.</summary>
    private void TellSignalLost(PatientState state, SignalCode code, long lostLogMs)
    {
        ref readonly SignalSource source = ref state.Source(code);
        long timeMs = source.NewestMs + (lostLogMs - source.LogMs);
        Assess(state, Assessment.Of(AlarmConditions.SignalLost(code), Presence.Present), timeMs, lostLogMs);
        AssessUnknown(state, condition => condition.Kind == ConditionKind.Limit && condition.Code == code, timeMs, lostLogMs);
    }

    /// <summary>What is open, or on the way to be, of some conditions is unknown from now on.</summary>
    private void AssessUnknown(PatientState state, Predicate<AlarmCondition> isMeant, long timeMs, long logMs)
    {
        for (int i = state.Alarms.Conditions.Count - 1; i >= 0; i--)
        {
            AlarmState alarm = state.Alarms.Conditions[i];
            if (alarm.Phase is (AlarmPhase.Active or AlarmPhase.Clearing or AlarmPhase.Pending) && isMeant(AlarmConditions.Get(alarm.Condition)))
                Assess(state, Assessment.Of(alarm.Condition, Presence.Unknown), timeMs, logMs);
        }
    }
}
