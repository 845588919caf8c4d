using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// The stored form of samples: each as the difference to the one before, in as few bytes as it needs. A sample without a value repeats nothing and changes no difference:
/// it is told apart by an escape, so that a lead that is off costs a byte a sample and not six.
/// </summary>
internal static class SampleCodec
{
    // A difference d is written as 1 + zigzag(d), so that 0 is free for 'no value'.
    private const ulong Missing = 0;

    internal static void Encode(PayloadWriter writer, ReadOnlySpan<short> samples)
    {
        int before = 0;
        foreach (short sample in samples)
        {
            if (sample == Shared.Signals.WaveformSignals.Missing)
            {
                writer.Unsigned(Missing);
                continue;
            }

            int difference = sample - before;
            writer.Unsigned(1 + (ulong)(uint)((difference << 1) ^ (difference >> 31)));
            before = sample;
        }
    }

    /// <exception cref="InvalidDataException">The bytes end too early, or a sample leaves its 16 bits.</exception>
    internal static void Decode(ref PayloadReader reader, Span<short> samples)
    {
        int before = 0;
        for (int i = 0; i < samples.Length; i++)
        {
            ulong coded = reader.Unsigned();
            if (coded == Missing)
            {
                samples[i] = Shared.Signals.WaveformSignals.Missing;
                continue;
            }

            if (coded > 1 + (2 * (ulong)ushort.MaxValue))
                throw new InvalidDataException($"Byte {reader.Position}: a difference of {coded} steps is none between samples of 16 bits.");
            long zigzag = (long)(coded - 1);
            long sample = before + ((zigzag >> 1) ^ -(zigzag & 1));
            if (sample is <= short.MinValue or > short.MaxValue)
                throw new InvalidDataException($"Byte {reader.Position}: a sample of {sample} steps leaves its 16 bits.");
            samples[i] = (short)sample;
            before = (int)sample;
        }
    }
}
