using System.Buffers.Binary;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>
/// The hash of what an observation says, over decoded values and in a fixed order: the same on every machine and in every later version, because it is journaled.
/// Each word is mixed in by a xor, a multiplication by an odd constant and a fold of the high half into the low one. Not meant against an adversary.
/// </summary>
internal static class ContentHasher
{
    private const ulong Start = 0x9E3779B97F4A7C15;
    private const ulong Multiplier = 0xD6E8FEB86659FD93;

    /// <summary>The hash of a decoded observation.</summary>
    public static ulong Hash(DecodedObservation observation)
    {
        ulong hash = Text(Start, observation.Encounter.Span);
        hash = Text(hash, observation.Device.Span);
        hash = Text(hash, observation.Session.Span);
        hash = Mix(hash, (ulong)observation.Sequence);
        hash = Mix(hash, (ulong)observation.TimeMs);
        hash = Mix(hash, (uint)observation.IntervalMs | ((ulong)observation.ReadingCount << 32) | ((ulong)observation.RefusedCount << 48));
        foreach (ref readonly Reading reading in observation.Readings)
        {
            hash = Mix(hash, reading.Steps | ((ulong)reading.Code << 16) | ((ulong)reading.Quality << 24) | ((ulong)reading.Source << 32) | (reading.HasValue ? 1UL << 40 : 0));
            hash = Mix(hash, (ulong)reading.TimeMs);
        }

        foreach (ref readonly RefusedReading refused in observation.Refused)
            hash = Mix(hash, (ulong)refused.Code | ((ulong)refused.Reason << 8));

        // Observations without waveforms keep the hash that they had before there were any.
        return observation.Waveforms.Count + observation.RefusedWaveforms.Count == 0 ? hash : Waveforms(hash, observation);
    }

    private static ulong Waveforms(ulong hash, DecodedObservation observation)
    {
        hash = Mix(hash, (uint)observation.Waveforms.Count | ((ulong)observation.RefusedWaveforms.Count << 32));
        for (int i = 0; i < observation.Waveforms.Count; i++)
        {
            WaveformChunk chunk = observation.Waveforms[i];
            hash = Mix(hash, (uint)chunk.RateMilliHz | ((ulong)chunk.Signal << 32) | ((ulong)chunk.Samples.Length << 40));
            hash = Mix(hash, BitConverter.SingleToUInt32Bits(chunk.Gain) | ((ulong)(uint)chunk.Baseline << 32));
            hash = Mix(hash, (ulong)chunk.TimeMs);
            hash = Samples(hash, chunk.Samples.Span);
        }

        for (int i = 0; i < observation.RefusedWaveforms.Count; i++)
            hash = Mix(hash, (ulong)observation.RefusedWaveforms[i].Signal | ((ulong)observation.RefusedWaveforms[i].Reason << 8));
        return hash;
    }

    // Four samples a word, the first in the lowest bits.
    private static ulong Samples(ulong hash, ReadOnlySpan<short> samples)
    {
        for (; samples.Length >= 4; samples = samples[4..])
            hash = Mix(hash, (ushort)samples[0] | ((ulong)(ushort)samples[1] << 16) | ((ulong)(ushort)samples[2] << 32) | ((ulong)(ushort)samples[3] << 48));
        ulong rest = 0;
        for (int i = 0; i < samples.Length; i++)
            rest |= (ulong)(ushort)samples[i] << (16 * i);
        return samples.IsEmpty ? hash : Mix(hash, rest);
    }

    private static ulong Text(ulong hash, ReadOnlySpan<byte> text)
    {
        hash = Mix(hash, (ulong)text.Length);
        for (; text.Length >= 8; text = text[8..])
            hash = Mix(hash, BinaryPrimitives.ReadUInt64LittleEndian(text));
        ulong rest = 0;
        for (int i = 0; i < text.Length; i++)
            rest |= (ulong)text[i] << (8 * i);
        return text.IsEmpty ? hash : Mix(hash, rest);
    }

    private static ulong Mix(ulong hash, ulong word)
    {
        hash = (hash ^ word) * Multiplier;
        return hash ^ (hash >> 32);
    }
}
