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

    /// <summary>All its samples were there already: it is left out.</summary>
    Repeated = 4,

    /// <summary>The device's clock drifts: its times are taken over from here, and no sample is added or left out. Or its times turn out to be whole seconds, and the number of its samples is what counts from here on.</summary>
    Drift = 5,

    /// <summary>The sampling rate changed, the gain by a factor of eight and more, or so much is missing that the waveform begins anew.</summary>
    Restarted = 6,

    /// <summary>Another device shows the same signal at this time: this one is left out.</summary>
    OtherDevice = 7,

    /// <summary>It holds samples that never came, but others of later times are there already: it is left out, and they are lost.</summary>
    Late = 8,

    /// <summary>It came behind the chunk that follows it, and was put before it: nothing is missing there any longer.</summary>
    Swapped = 9,
}

/// <summary>What outcomes have in common.</summary>
internal static class ChunkOutcomes
{
    /// <summary>Outcomes of this version.</summary>
    public const int Count = (int)ChunkOutcome.Swapped + 1;

    /// <summary>Outcomes that versions before <see cref="ChunkOutcome.Late"/> knew.</summary>
    public const int CountBeforeLate = (int)ChunkOutcome.OtherDevice + 1;

    /// <summary>Outcomes that versions before <see cref="ChunkOutcome.Swapped"/> knew.</summary>
    public const int CountBeforeSwapped = (int)ChunkOutcome.Late + 1;

    extension(ChunkOutcome outcome)
    {
        /// <summary>True when nothing of the chunk was taken.</summary>
        public bool IsLeftOut => outcome is ChunkOutcome.Repeated or ChunkOutcome.OtherDevice or ChunkOutcome.Late;
    }
}
