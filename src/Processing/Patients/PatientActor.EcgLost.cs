using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>An ECG that stops coming.</content>
public sealed partial class PatientActor
{
    private const int EcgLostAfterMs = 30_000;

    // Something else must have come so long after the ECG's last chunk: when all stops together, silence is told.
    private const int StillThereMs = 10_000;

    /// <summary>The log time from which the ECG counts as lost; null when there was none, when it is told already, or when nothing else came since.</summary>
    private static long? EcgLostMs(PatientState state) =>
        state.EcgLogMs == 0 || state.LogMs - state.EcgLogMs < StillThereMs || state.Alarms.Find(ConditionId.EcgLost) is not null ? null : state.EcgLogMs + EcgLostAfterMs;

    /// <summary>Tells that the ECG is lost, dated where its time was over; what was seen in it is unknown from then on.</summary>
    private void JudgeEcgLost(PatientState state, long logMs)
    {
        if (EcgLostMs(state) is not { } lostLogMs || lostLogMs > logMs)
            return;
        Alarms(state).Tick(logMs, Decision);
        long timeMs = state.EcgMs + EcgLostAfterMs;
        Assess(state, Assessment.Of(ConditionId.EcgLost, Presence.Present), timeMs, lostLogMs);
        bool isRateTold = state.Windows[(int)SignalCode.HeartRate] is { } told && timeMs - told.NewestMs <= FreshMs;
        for (int i = state.Alarms.Conditions.Count - 1; i >= 0; i--)
        {
            AlarmState alarm = state.Alarms.Conditions[i];
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            bool isOfEcg = condition.Kind == ConditionKind.Rhythm || condition.IsOfWaveform || (condition.Kind == ConditionKind.Limit && condition.Code == SignalCode.HeartRate && !isRateTold);
            if (isOfEcg && alarm.Phase is (AlarmPhase.Active or AlarmPhase.Clearing or AlarmPhase.Pending))
                Assess(state, Assessment.Of(alarm.Condition, Presence.Unknown), timeMs, lostLogMs);
        }
    }
}
