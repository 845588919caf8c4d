namespace PhysioActors.Shared.Signals;

/// <summary>
/// What a waveform shows. The numbers are written to the journal: never reuse one. Names, units and kinds stand in <see cref="WaveformSignals"/>.
/// </summary>
public enum WaveformSignal : byte
{
    /// <summary>No signal.</summary>
    None = 0,

    /// <summary>ECG, lead not said, or one without a standard name (modified chest leads, monitor leads).</summary>
    Ecg = 1,

    /// <summary>ECG lead I.</summary>
    EcgI = 2,

    /// <summary>ECG lead II.</summary>
    EcgII = 3,

    /// <summary>ECG lead III.</summary>
    EcgIII = 4,

    /// <summary>ECG lead aVR.</summary>
    EcgAvr = 5,

    /// <summary>ECG lead aVL.</summary>
    EcgAvl = 6,

    /// <summary>ECG lead aVF.</summary>
    EcgAvf = 7,

    /// <summary>ECG chest lead whose place is not said.</summary>
    EcgV = 8,

    /// <summary>ECG lead V1.</summary>
    EcgV1 = 9,

    /// <summary>ECG lead V2.</summary>
    EcgV2 = 10,

    /// <summary>ECG lead V3.</summary>
    EcgV3 = 11,

    /// <summary>ECG lead V4.</summary>
    EcgV4 = 12,

    /// <summary>ECG lead V5.</summary>
    EcgV5 = 13,

    /// <summary>ECG lead V6.</summary>
    EcgV6 = 14,

    /// <summary>Plethysmogram of a pulse oximeter, without a physical unit.</summary>
    Pleth = 15,

    /// <summary>Arterial pressure, invasive.</summary>
    ArterialPressure = 16,

    /// <summary>Respiration by impedance, without a physical unit.</summary>
    Respiration = 17,

    /// <summary>Pressure in the pulmonary artery.</summary>
    PulmonaryPressure = 18,

    /// <summary>Central venous pressure.</summary>
    CentralVenousPressure = 19,
}
