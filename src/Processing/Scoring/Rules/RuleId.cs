namespace PhysioActors.Processing.Scoring.Rules;

/// <summary>The clinical rules. The numbers are written to the journal: never reuse one.</summary>
public enum RuleId : byte
{
    /// <summary>No rule.</summary>
    None = 0,

    /// <summary>Heart rate too high.</summary>
    HeartRateHigh = 1,

    /// <summary>Heart rate too low.</summary>
    HeartRateLow = 2,

    /// <summary>Oxygen saturation too low.</summary>
    SpO2Low = 3,

    /// <summary>Respiratory rate too low.</summary>
    RespiratoryRateLow = 4,

    /// <summary>Respiratory rate too high.</summary>
    RespiratoryRateHigh = 5,

    /// <summary>Systolic pressure too low, arterial line.</summary>
    ArterialSystolicLow = 6,

    /// <summary>Systolic pressure too low, cuff.</summary>
    CuffSystolicLow = 7,

    /// <summary>Mean pressure too low, arterial line.</summary>
    ArterialMeanLow = 8,

    /// <summary>Mean pressure too low, cuff.</summary>
    CuffMeanLow = 9,

    /// <summary>Core temperature too low.</summary>
    CoreTemperatureLow = 10,

    /// <summary>Core temperature too high.</summary>
    CoreTemperatureHigh = 11,
}

/// <summary>Where a rule stands for a patient. The numbers are written to the journal.</summary>
public enum RulePhase : byte
{
    /// <summary>Within the limit.</summary>
    Quiet = 0,

    /// <summary>Beyond the limit, the onset delay not yet over.</summary>
    Pending = 1,

    /// <summary>An anomaly is open.</summary>
    Active = 2,

    /// <summary>Back within the limit and its hysteresis, the clearing delay not yet over.</summary>
    Recovering = 3,
}
