using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>A piece of a waveform: samples at one rate, one behind the other without a gap.</summary>
/// <param name="Signal">What it shows.</param>
/// <param name="RateMilliHz">Sampling rate in thousandths of a hertz, 50,000 to 1,000,000: a whole number, so that it is the same everywhere.</param>
/// <param name="Gain">Steps of the converter in one physical unit; finite and above zero.</param>
/// <param name="Baseline">The step that stands for zero.</param>
/// <param name="TimeMs">When the first sample was taken, milliseconds since 1970 UTC.</param>
/// <param name="Samples">The steps; <see cref="WaveformSignals.Missing"/> where there is no value. Memory of whoever gave the chunk.</param>
public readonly record struct WaveformChunk(WaveformSignal Signal, int RateMilliHz, float Gain, int Baseline, long TimeMs, ReadOnlyMemory<short> Samples)
{
    /// <summary>How long the chunk is, milliseconds.</summary>
    public double SpanMs => Samples.Length * 1_000_000.0 / RateMilliHz;

    /// <summary>A sample in the signal's unit; NaN where there is none.</summary>
    public float Physical(int index) => Samples.Span[index] is var step && step == WaveformSignals.Missing ? float.NaN : (step - Baseline) / Gain;
}
