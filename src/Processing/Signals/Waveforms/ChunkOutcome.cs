namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>How a chunk fits behind what was there. The numbers are written to the journal.</summary>
public enum ChunkOutcome : byte
{
    /// <summary>It continues the waveform.</summary>
    Continued = 0,

    /// <summary>The first of its signal.</summary>
    Began = 1,

    /// <summary>Samples are missing before it; they count as samples without a value.</summary>
    Gap = 2,

    /// <summary>Its first samples were there already and are left out.</summary>
    Overlap = 3,

    /// <summary>All its samples were there already, or came too late: it is left out.</summary>
    Repeated = 4,

    /// <summary>The device's clock drifts: its times are taken over from here, and no sample is added or left out.</summary>
    Drift = 5,

    /// <summary>The sampling rate changed, or so much is missing that the waveform begins anew.</summary>
    Restarted = 6,

    /// <summary>Another device shows the same signal at this time: this one is left out.</summary>
    OtherDevice = 7,
}
