using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Waveforms;

/// <summary>One signal of a waveform recording, whole in memory.</summary>
/// <param name="Signal">What it shows.</param>
/// <param name="Gain">Steps in one unit of the signal; within <see cref="WaveformBounds"/>.</param>
/// <param name="Baseline">The step that stands for zero.</param>
/// <param name="Samples">The steps; <see cref="WaveformSignals.Missing"/> where there is no value.</param>
public sealed record WaveformChannel(WaveformSignal Signal, float Gain, int Baseline, ReadOnlyMemory<short> Samples);
