using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>What a waveform chunk may be; the sampling rate and the length stand in <see cref="WaveformSignals"/>.</summary>
public static class WaveformBounds
{
    /// <summary>Least gain, steps in one unit of the signal.</summary>
    public const double MinimumGain = 0.001;

    /// <summary>Greatest gain, steps in one unit of the signal.</summary>
    public const double MaximumGain = 1_000_000;

    /// <summary>Greatest magnitude of a baseline: a sample less its baseline always fits into 32 bits.</summary>
    public const int MaximumBaseline = 1_000_000_000;

    /// <summary>The most samples of a chunk at the greatest rate.</summary>
    public const int MaximumSamples = (int)(WaveformSignals.MaximumSeconds * WaveformSignals.MaximumHz);

    /// <summary>Takes a sampling rate in Hz as whole thousandths of a hertz (half to even); false when it is not within <see cref="WaveformSignals.MinimumHz"/> and <see cref="WaveformSignals.MaximumHz"/>.</summary>
    public static bool TryRate(double hertz, out int milliHz)
    {
        bool isRight = hertz is >= WaveformSignals.MinimumHz and <= WaveformSignals.MaximumHz;
        milliHz = isRight ? (int)Math.Round(hertz * 1000, MidpointRounding.ToEven) : 0;
        return isRight;
    }

    /// <summary>Takes a gain; false when it is not within <see cref="MinimumGain"/> and <see cref="MaximumGain"/>.</summary>
    public static bool TryGain(double gain, out float taken)
    {
        bool isRight = gain is >= MinimumGain and <= MaximumGain;
        taken = isRight ? (float)gain : 0;
        return isRight;
    }

    /// <summary>The most samples of a chunk at a rate: those of <see cref="WaveformSignals.MaximumSeconds"/>.</summary>
    public static int MostSamples(int rateMilliHz) => (int)(rateMilliHz * (long)WaveformSignals.MaximumSeconds / 1000);

    /// <summary>When a chunk is over, a sampling interval behind its last sample, in milliseconds since 1970 UTC, rounded down.</summary>
    public static long EndMs(in WaveformChunk chunk) => chunk.TimeMs + (chunk.Samples.Length * 1_000_000L / chunk.RateMilliHz);
}
