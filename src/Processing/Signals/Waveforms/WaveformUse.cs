namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>What a signal of a patient is used for.</summary>
public enum WaveformUse
{
    /// <summary>Beats and rhythms are looked for in it; it decides where a beat is.</summary>
    FirstLead,

    /// <summary>Beats and rhythms are looked for in it.</summary>
    SecondLead,

    /// <summary>An ECG lead that is not needed beside the two that are looked at.</summary>
    SpareLead,

    /// <summary>An ECG lead that would be looked at if it had the sampling rate of the first one.</summary>
    OtherRate,

    /// <summary>An ECG lead of another device than the one whose ECG is looked at.</summary>
    OtherDevice,

    /// <summary>Pulse waves are looked for in it.</summary>
    Pulse,

    /// <summary>It is kept, and not looked at.</summary>
    Kept,
}
