using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A chunk of a waveform with what was decided about it. Its samples lie beside the entry, and only until a later snapshot holds what came of them.</summary>
/// <param name="Chunk">The chunk; without samples where only the history is read.</param>
/// <param name="Count">How many samples it had.</param>
/// <param name="Outcome">How it fitted behind what was there.</param>
public readonly record struct FoldedWaveform(WaveformChunk Chunk, int Count, ChunkOutcome Outcome)
{
    private const int MaximumSamples = (int)(WaveformSignals.MaximumHz * WaveformSignals.MaximumSeconds);

    internal void Encode(PayloadWriter writer, long observationMs)
    {
        writer.Byte((byte)Chunk.Signal);
        writer.Byte((byte)Outcome);
        writer.Unsigned((ulong)Chunk.RateMilliHz);
        writer.Single(Chunk.Gain);
        writer.Signed(Chunk.Baseline);
        writer.Signed(Chunk.TimeMs - observationMs);
        writer.Unsigned((ulong)Count);
    }

    internal static FoldedWaveform Decode(ref PayloadReader reader, long observationMs)
    {
        var signal = (WaveformSignal)reader.Byte();
        if (signal is WaveformSignal.None || (int)signal >= WaveformSignals.Count)
            throw new InvalidDataException($"A chunk shows waveform signal {(int)signal}, which this version does not know.");
        var outcome = (ChunkOutcome)reader.Byte();
        int rate = reader.Count((int)(WaveformSignals.MaximumHz * 1000));
        float gain = reader.Single();
        int baseline = checked((int)reader.Signed());
        return new(new(signal, rate, gain, baseline, observationMs + reader.Signed(), default), reader.Count(MaximumSamples), outcome);
    }
}
