using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// Swings of a lead that go, up and down, further from its baseline than a usual beat does to both sides, one soon after the other: as wide ventricular complexes make them, also where they follow each other
/// so fast that beats are no longer told apart.
/// </summary>
/// <param name="Count">How many there were.</param>
/// <param name="FirstMs">How long before the judged second the first came, milliseconds.</param>
/// <param name="LastMs">How long before it the last came, milliseconds.</param>
internal readonly record struct SwingRun(byte Count, ushort FirstMs, ushort LastMs)
{
    private const int ShortestMs = 180;
    private const int LongestMs = 900;
    private const double OfUsualHeight = 0.4;

    /// <summary>Finds the latest run.</summary>
    /// <param name="wave">The lead without its baseline, microvolts, up to the judged second.</param>
    /// <param name="rate">Its samples a second.</param>
    /// <param name="usualHeight">From the lowest to the highest point of a usual beat, microvolts; 0 when none is known.</param>
    public static SwingRun In(ReadOnlySpan<float> wave, double rate, float usualHeight)
    {
        float bound = (float)OfUsualHeight * usualHeight;
        if (bound <= 0)
            return default;
        bool isHigh = false;
        (int count, int first, int last) = (0, 0, 0);
        for (int i = 0; i < wave.Length; i++)
        {
            if (wave[i] > bound)
                isHigh = true;
            if (!isHigh || wave[i] > -bound)
                continue;
            isHigh = false;
            double sinceMs = (i - last) * 1000 / rate;
            if (count > 0 && sinceMs < ShortestMs)
                continue;
            if (count == 0 || sinceMs > LongestMs)
                (count, first) = (0, i);
            count++;
            last = i;
        }

        return count == 0 ? default : new((byte)count, (ushort)((wave.Length - first) * 1000 / rate), (ushort)((wave.Length - last) * 1000 / rate));
    }

    public void Encode(PayloadWriter writer)
    {
        writer.Byte(Count);
        if (Count == 0)
            return;
        writer.Unsigned(FirstMs);
        writer.Unsigned(LastMs);
    }

    public static SwingRun Decode(ref PayloadReader reader)
    {
        byte count = reader.Byte();
        return count == 0 ? default : new(count, (ushort)reader.Count(ushort.MaxValue), (ushort)reader.Count(ushort.MaxValue));
    }
}
