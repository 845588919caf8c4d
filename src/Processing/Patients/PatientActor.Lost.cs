using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>An ECG, or a signal that came regularly, that stops coming.</content>
public sealed partial class PatientActor
{
    private const int EcgLostAfterMs = 30_000;

    // Something else must have come so long after the ECG's last chunk: when all stops together, silence is told.
    private const int StillThereMs = 10_000;

    /// <summary>The log time from which the ECG counts as lost; null when there was none, when it is told already, or when nothing else came since.</summary>
    private static long? EcgLostMs(PatientState state)
    {
        long fromMs = state.MissedFromMs(state.EcgLogMs, 0);
        return state.EcgLogMs == 0 || state.LogMs - fromMs < StillThereMs || state.Alarms.Find(ConditionId.EcgLost) is not null ? null : fromMs + EcgLostAfterMs;
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
        for (int i = state.Alarms.Conditions.Count - 1; i >= 0; i--)
        {
            AlarmState alarm = state.Alarms.Conditions[i];
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            bool isOfEcg = condition.Kind == ConditionKind.Rhythm || condition.IsOfWaveform || (condition.Kind == ConditionKind.Limit && condition.Code == SignalCode.HeartRate && !isRateTold);
            if (isOfEcg && alarm.Phase is (AlarmPhase.Active or AlarmPhase.Clearing or AlarmPhase.Pending))
                Assess(state, Assessment.Of(alarm.Condition, Presence.Unknown), timeMs, lostLogMs);
        }
    }

    /// <summary>Tells that a signal is lost, dated where its time was over; what its values said is unknown from then on.</summary>
    private void TellSignalLost(PatientState state, SignalCode code, long lostLogMs)
    {
        ref readonly SignalSource source = ref state.Source(code);
        long timeMs = source.NewestMs + (lostLogMs - source.LogMs);
        Assess(state, Assessment.Of(AlarmConditions.SignalLost(code), Presence.Present), timeMs, lostLogMs);
        for (int i = state.Alarms.Conditions.Count - 1; i >= 0; i--)
        {
            AlarmState alarm = state.Alarms.Conditions[i];
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            if (condition.Kind == ConditionKind.Limit && condition.Code == code && alarm.Phase is (AlarmPhase.Active or AlarmPhase.Clearing or AlarmPhase.Pending))
                Assess(state, Assessment.Of(alarm.Condition, Presence.Unknown), timeMs, lostLogMs);
        }
    }
}
