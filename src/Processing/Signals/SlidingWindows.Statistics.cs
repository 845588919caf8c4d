using System.Runtime.CompilerServices;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals;

public sealed partial class SlidingWindows
{
    private const double MsPerMinute = 60_000;

    /// <summary>How many samples a window holds.</summary>
    public int Count(WindowSpan span) => (ushort)(_ring.Next - Sums(span).Oldest);

    /// <summary>Milliseconds from the oldest to the newest sample of a window; 0 with fewer than two.</summary>
    public long SpreadMs(WindowSpan span) => _ring.Count == 0 ? 0 : _newestMs - Sums(span).OldestMs;

    /// <summary>All that is known of a window, in units of the code.</summary>
    public void Read(WindowSpan span, SignalCode code, out WindowStatistics stats)
    {
        int count = Count(span);
        if (count == 0)
        {
            stats = new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 1);
            return;
        }

        TryMean(span, code, out double mean);
        TryStandardDeviation(span, code, out double deviation);
        TrySlopePerMinute(span, code, out double slope);
        (uint lowest, uint highest) = Extremes(Sums(span).Oldest);
        stats = new(count, mean, deviation, SignalCodes.ToValue(code, (ushort)lowest), SignalCodes.ToValue(code, (ushort)highest), slope, MissingShare(span));
    }

    /// <summary>The mean of a window in the code's unit; false and NaN without a sample.</summary>
    public bool TryMean(WindowSpan span, SignalCode code, out double mean)
    {
        ref readonly SpanSums sums = ref Sums(span);
        int n = (ushort)(_ring.Next - sums.Oldest);
        if (n == 0)
        {
            mean = double.NaN;
            return false;
        }

        ref readonly SignalCodeInfo info = ref SignalCodes.Get(code);
        mean = info.Minimum + (info.Resolution * ((double)sums.Values / n));
        return true;
    }

    /// <summary>The sample standard deviation (n - 1) of a window in the code's unit; false and NaN with fewer than two samples.</summary>
    public bool TryStandardDeviation(WindowSpan span, SignalCode code, out double deviation)
    {
        ref readonly SpanSums sums = ref Sums(span);
        int n = (ushort)(_ring.Next - sums.Oldest);
        if (n < 2)
        {
            deviation = double.NaN;
            return false;
        }

        deviation = SignalCodes.Get(code).Resolution * Math.Sqrt((double)sums.SquaredDeviations(n) / ((long)n * (n - 1)));
        return true;
    }

    /// <summary>The least-squares slope of a window in the code's unit per minute; false and NaN with fewer than two distinct times.</summary>
    public bool TrySlopePerMinute(WindowSpan span, SignalCode code, out double slope)
    {
        ref readonly SpanSums sums = ref Sums(span);
        int n = (ushort)(_ring.Next - sums.Oldest);
        long times = sums.SquaredTimes(n);
        if (times == 0)
        {
            slope = double.NaN;
            return false;
        }

        slope = SignalCodes.Get(code).Resolution * MsPerMinute * ((double)sums.Products(n) / times);
        return true;
    }

    /// <summary>The share of a window, 0 to 1, that no reading in it or before it covers: a reading covers 1.5 of its expected intervals, from its time on. 1 before the first reading.</summary>
    public double MissingShare(WindowSpan span)
    {
        if (_ring.Count == 0)
            return 1;
        int length = LengthMs(span);
        return _sparse is null ? 0 : (double)_sparse.Gaps.MissingSince(_newestMs - length) / length;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private ref readonly SpanSums Sums(WindowSpan span) => ref _spans[(int)span];

    private (uint Lowest, uint Highest) Extremes(ushort from)
    {
        if (_sparse is { KeepsExtremes: true } sparse)
            return (_ring.Steps(sparse.Minima.First(from, _ring.Oldest)), _ring.Steps(sparse.Maxima.First(from, _ring.Oldest)));
        uint lowest = uint.MaxValue;
        uint highest = 0;
        for (ushort number = from; number != _ring.Next; number++)
        {
            uint steps = _ring.Steps(number);
            lowest = Math.Min(lowest, steps);
            highest = Math.Max(highest, steps);
        }

        return (lowest, highest);
    }
}
