using System.Globalization;
using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Patients;

/// <summary>What is told of a patient's alarms.</summary>
public static class AlarmMessages
{
    /// <summary>The message of an event.</summary>
    /// <param name="state">The patient, after the event.</param>
    /// <param name="decided">The event.</param>
    /// <param name="alarm">The alarm after it; of an end as it stood.</param>
    /// <param name="ordinal">Which of the entry's messages it is.</param>
    /// <param name="model">The version of the model in force; null for none.</param>
    internal static AnomalyMessage Of(PatientState state, in AlarmEvent decided, AlarmState alarm, int ordinal, string? model)
    {
        AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
        AnomalyKind kind = KindOf(condition);
        bool isModel = kind == AnomalyKind.Model;
        bool tells = decided.HasEvidence;
        AlarmBasis basis = tells ? alarm.Basis : default;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{state.Patient}/{state.Sequence}/{ordinal}"),
            alarm.Origin.Id(state.Patient),
            alarm.Revision,
            state.Patient,
            state.Encounter.Length == 0 ? null : state.Encounter,
            decided.TimeMs,
            decided.LogMs,
            kind,
            alarm.Priority,
            StateOf(decided.Kind),
            isModel || kind == AnomalyKind.NoData ? null : condition.Name,
            (isModel || kind == AnomalyKind.Score) && tells ? Told(alarm.Value) : null,
            tells ? Told(alarm.Limit) : null,
            alarm.Contributors,
            isModel ? model : null)
        {
            LimitOrigin = basis.Origin,
            AgeClass = basis.Age is AgeClass.Unknown ? AgeClass.Adult : basis.Age ?? AgeClass.Unknown,
            IsAgeAssumed = basis.Age is AgeClass.Unknown,
            News2 = basis.News2,
            Change = ChangeOf(decided),
            Reason = ReasonOf(decided),
            IsLatched = alarm.Phase == AlarmPhase.Latched && decided.Kind != AlarmEventKind.Ended,
            Sound = decided.Kind == AlarmEventKind.Ended ? AlarmSound.Unspecified : state.Alarms.SoundOf(alarm),
        };
    }

    /// <summary>The message of a pause that began, changed its end, or ended.</summary>
    /// <param name="state">The patient, after the event.</param>
    /// <param name="decided">The event.</param>
    /// <param name="pause">The pause after it; of an end as it stood.</param>
    /// <param name="ordinal">Which of the entry's messages it is.</param>
    internal static AnomalyMessage Of(PatientState state, in AlarmEvent decided, AlarmPauseState pause, int ordinal)
    {
        bool ended = decided.Kind == AlarmEventKind.Resumed;
        return new(
            string.Create(CultureInfo.InvariantCulture, $"{state.Patient}/{state.Sequence}/{ordinal}"),
            pause.Origin.Id(state.Patient),
            pause.Revision,
            state.Patient,
            state.Encounter.Length == 0 ? null : state.Encounter,
            decided.TimeMs,
            decided.LogMs,
            AnomalyKind.Pause,
            AnomalySeverity.Low,
            ended ? AnomalyState.Cleared : pause.Revision == 0 ? AnomalyState.Raised : AnomalyState.Updated,
            pause.Kind == PauseKind.Audio ? "audio" : "alarms",
            null,
            null,
            [],
            null)
        {
            Change = !ended && pause.Revision > 0 ? AnomalyChange.End : AnomalyChange.None,
            Reason = ReasonOf(decided),
            UntilMs = ended ? null : pause.UntilMs,
        };
    }

    private static double? Told(double value) => double.IsFinite(value) ? value : null;

    /// <summary>The kind of a condition in messages.</summary>
    public static AnomalyKind KindOf(AlarmCondition condition)
    {
        ArgumentNullException.ThrowIfNull(condition);
        return condition.Kind switch
        {
            ConditionKind.Limit => AnomalyKind.Rule,
            ConditionKind.Score => AnomalyKind.Score,
            ConditionKind.Rhythm => AnomalyKind.Rhythm,
            ConditionKind.Model => AnomalyKind.Model,
            _ => condition.Id == ConditionId.NoData ? AnomalyKind.NoData : AnomalyKind.Technical,
        };
    }

    private static AnomalyState StateOf(AlarmEventKind kind) => kind switch
    {
        AlarmEventKind.Began => AnomalyState.Raised,
        AlarmEventKind.Ended => AnomalyState.Cleared,
        AlarmEventKind.Acknowledged => AnomalyState.Acknowledged,
        _ => AnomalyState.Updated,
    };

    /// <summary>Why an alarm ended, latched, or a pause ended; none for all else.</summary>
    /// <param name="decided">The event.</param>
    public static AnomalyReason ReasonOf(in AlarmEvent decided) => (decided.Kind, decided.Cause, decided.Resumed) switch
    {
        (AlarmEventKind.Resumed, _, ResumeCause.Expired) => AnomalyReason.Expired,
        (AlarmEventKind.Resumed, _, ResumeCause.Ordered) => AnomalyReason.Resumed,
        (AlarmEventKind.Resumed, _, ResumeCause.Broken) => AnomalyReason.Broken,
        (AlarmEventKind.Resumed, _, _) => AnomalyReason.Discharged,
        (AlarmEventKind.Ended or AlarmEventKind.Latched, EndCause.SignalLost, _) => AnomalyReason.Unknown,
        (AlarmEventKind.Ended or AlarmEventKind.Latched, EndCause.TooYoung, _) => AnomalyReason.Under16,
        (AlarmEventKind.Ended or AlarmEventKind.Latched, EndCause.Pregnancy, _) => AnomalyReason.Pregnancy,
        (AlarmEventKind.Ended, EndCause.Acknowledged, _) => AnomalyReason.Acknowledged,
        (AlarmEventKind.Ended, EndCause.Discharged, _) => AnomalyReason.Discharged,
        (AlarmEventKind.Ended or AlarmEventKind.Latched, _, _) => AnomalyReason.Over,
        _ => AnomalyReason.None,
    };

    private static AnomalyChange ChangeOf(in AlarmEvent decided) => decided.Kind switch
    {
        AlarmEventKind.Updated => AnomalyChange.Evidence,
        AlarmEventKind.PriorityRose => AnomalyChange.Severity,
        AlarmEventKind.Escalated => AnomalyChange.Escalated,
        AlarmEventKind.Reminded => AnomalyChange.Reminder,
        AlarmEventKind.Latched => AnomalyChange.Latched,
        AlarmEventKind.Returned => AnomalyChange.Returned,
        _ => AnomalyChange.None,
    };
}
