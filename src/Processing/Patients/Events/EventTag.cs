namespace PhysioActors.Processing.Patients.Events;

/// <summary>The first byte of every event in a journal entry. The numbers are the format: never change or reuse one.</summary>
public enum EventTag : byte
{
    /// <summary><see cref="Events.ObservationFolded"/>.</summary>
    ObservationFolded = 1,

    /// <summary><see cref="Events.ObservationLate"/>.</summary>
    ObservationLate = 2,

    /// <summary><see cref="Events.ObservationHeld"/>.</summary>
    ObservationHeld = 3,

    /// <summary><see cref="Events.HeldObservationReleased"/>.</summary>
    HeldObservationReleased = 4,

    /// <summary><see cref="Events.EncounterBegan"/>.</summary>
    EncounterBegan = 5,

    /// <summary><see cref="Events.ConfigurationTookEffect"/>.</summary>
    ConfigurationTookEffect = 6,

    /// <summary><see cref="Events.ScoreComputed"/>.</summary>
    ScoreComputed = 7,

    /// <summary><see cref="Events.RulePhaseChanged"/>.</summary>
    RulePhaseChanged = 8,

    /// <summary><see cref="Events.AnomalyRaised"/>.</summary>
    AnomalyRaised = 9,

    /// <summary><see cref="Events.AnomalyUpdated"/>.</summary>
    AnomalyUpdated = 10,

    /// <summary><see cref="Events.AnomalyCleared"/>.</summary>
    AnomalyCleared = 11,

    /// <summary><see cref="Events.AnomalyAcknowledged"/>.</summary>
    AnomalyAcknowledged = 12,

    /// <summary><see cref="Events.Rebased"/>.</summary>
    Rebased = 13,

    /// <summary><see cref="Events.LogTimeCorrected"/>.</summary>
    LogTimeCorrected = 14,

    /// <summary><see cref="Events.BeatsFound"/>.</summary>
    BeatsFound = 15,

    /// <summary><see cref="Events.RhythmChanged"/>.</summary>
    RhythmChanged = 16,

    /// <summary><see cref="Events.WeightJudged"/>.</summary>
    WeightJudged = 17,

    /// <summary><see cref="PhysioActors.Processing.Alarms.AlarmEvent"/>.</summary>
    Alarm = 18,

    /// <summary><see cref="PhysioActors.Processing.Alarms.Orders.OrderTaken"/>.</summary>
    OrderTaken = 19,

    /// <summary><see cref="Events.RhythmLimitsSet"/>.</summary>
    RhythmLimitsSet = 20,
}
