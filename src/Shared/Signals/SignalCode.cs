namespace PhysioActors.Shared.Signals;

/// <summary>
/// What a reading measures. Signals that a rule must not confuse are codes of their own. The numbers are written to the journal: never reuse one.
/// Names, LOINC codes, units, ranges and resolutions stand in <see cref="SignalCodes"/>.
/// </summary>
public enum SignalCode : byte
{
    /// <summary>No code.</summary>
    None = 0,

    /// <summary>Heart rate, from the ECG.</summary>
    HeartRate = 1,

    /// <summary>Pulse rate, from pulse oximetry or a pressure line.</summary>
    PulseRate = 2,

    /// <summary>Peripheral oxygen saturation.</summary>
    SpO2 = 3,

    /// <summary>Respiratory rate.</summary>
    RespiratoryRate = 4,

    /// <summary>Systolic pressure, invasive arterial.</summary>
    ArterialSystolic = 5,

    /// <summary>Diastolic pressure, invasive arterial.</summary>
    ArterialDiastolic = 6,

    /// <summary>Mean pressure, invasive arterial.</summary>
    ArterialMean = 7,

    /// <summary>Systolic pressure, non-invasive (cuff).</summary>
    CuffSystolic = 8,

    /// <summary>Diastolic pressure, non-invasive (cuff).</summary>
    CuffDiastolic = 9,

    /// <summary>Mean pressure, non-invasive (cuff).</summary>
    CuffMean = 10,

    /// <summary>Systolic pressure, pulmonary artery.</summary>
    PulmonarySystolic = 11,

    /// <summary>Diastolic pressure, pulmonary artery.</summary>
    PulmonaryDiastolic = 12,

    /// <summary>Mean pressure, pulmonary artery.</summary>
    PulmonaryMean = 13,

    /// <summary>Core body temperature.</summary>
    CoreTemperature = 14,

    /// <summary>Skin temperature.</summary>
    SkinTemperature = 15,

    /// <summary>End-tidal carbon dioxide.</summary>
    EtCO2 = 16,

    /// <summary>Fraction of inspired oxygen.</summary>
    FiO2 = 17,

    /// <summary>Body weight.</summary>
    Weight = 18,
}
