using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// The even beat at which samples are handed to an analysis, whatever becomes of the stream they come from: a gap, a lead that is off or a clock that drifts changes which sample lies nearest,
/// never how many there are.
/// </summary>
internal struct SampleClock(long startUs, int rateMilliHz)
{
    private long _next;

    /// <summary>Half the time between two samples, microseconds.</summary>
    internal readonly long HalfUs => 500_000_000 / rateMilliHz;

    /// <summary>When a sample is due, microseconds since 1970 UTC.</summary>
    internal readonly long TimeUs(long sample) => startUs + (long)((Int128)sample * 1_000_000_000 / rateMilliHz);

    /// <summary>When a sample is due, milliseconds since 1970 UTC.</summary>
    internal readonly long TimeMs(long sample) => TimeUs(sample) / 1000;

    /// <summary>Takes the samples due before a time.</summary>
    /// <param name="toUs">The time.</param>
    /// <param name="first">The number of the first of them.</param>
    /// <returns>How many there are.</returns>
    internal int Take(long toUs, out long first)
    {
        first = _next;
        // A sample is due before a whole number of microseconds when it is so without rounding, too: the first that is not, rounded up.
        Int128 behind = (((Int128)(toUs - startUs) * rateMilliHz) + 999_999_999) / 1_000_000_000;
        _next = Math.Max(_next, (long)behind);
        return (int)(_next - first);
    }

    /// <summary>The times of one sample after the other.</summary>
    /// <param name="sample">The first.</param>
    internal readonly Times TimesFrom(long sample) => new(TimeUs(sample), (int)((Int128)sample * 1_000_000_000 % rateMilliHz), rateMilliHz);

    internal readonly void Encode(PayloadWriter writer)
    {
        writer.Signed(startUs);
        writer.Unsigned((ulong)rateMilliHz);
        writer.Unsigned((ulong)_next);
    }

    internal static SampleClock Decode(ref PayloadReader reader)
    {
        long startUs = reader.Signed();
        int rate = reader.Count((int)(Shared.Signals.WaveformSignals.MaximumHz * 1000));
        if (rate == 0)
            throw new InvalidDataException($"Byte {reader.Position}: a sample clock without a rate.");
        return new(startUs, rate) { _next = (long)reader.Unsigned() };
    }

    /// <summary>Goes from sample to sample without a division: the whole microseconds between two, and what is left of them, are added up.</summary>
    internal struct Times(long us, int rest, int rateMilliHz)
    {
        private readonly int _whole = 1_000_000_000 / rateMilliHz;
        private readonly int _part = 1_000_000_000 % rateMilliHz;

        /// <summary>When the sample is due, milliseconds since 1970 UTC; the same as <see cref="SampleClock.TimeMs"/>.</summary>
        internal readonly long Ms => us / 1000;

        /// <summary>Goes on to the next sample.</summary>
        internal void Next()
        {
            us += _whole;
            rest += _part;
            if (rest < rateMilliHz)
                return;
            rest -= rateMilliHz;
            us++;
        }
    }
}
