namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>How far a lead can be trusted now.</summary>
public enum LeadQuality : byte
{
    /// <summary>Beats stand out of it.</summary>
    Good,

    /// <summary>It moves, but beats hardly stand out of what else is in it.</summary>
    Noisy,

    /// <summary>It does not move, or samples are missing: the lead is off.</summary>
    Flat,

    /// <summary>It stays at its upper or lower end.</summary>
    Saturated,

    /// <summary>It is too large or too small for the ECG of a patient: the gain is wrong, or something else is measured.</summary>
    Implausible,
}
