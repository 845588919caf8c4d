using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The windows of 30 s, 2 min and 10 min of one code, (t - W, t] in event time with t the newest event time. One ring of samples serves the three. All sums are integers:
/// a result depends on the samples in the window and on nothing else, neither on the way there nor on how long ago it began.
/// </summary>
/// <remarks>
/// <para>A sample in order costs O(1) amortised; one out of order is inserted in its place at a cost of the samples behind it. Equal times keep the order of arrival.</para>
/// <para>
/// At most <see cref="MaximumSamples"/> samples are kept (13 a second for 10 minutes). Beyond it the oldest leave early and are counted in <see cref="CrowdedOut"/>;
/// the missing share does not suffer.
/// </para>
/// <para>Extremes: up to 64 samples they are looked for, beyond that two monotonic deques are kept. Not thread-safe.</para>
/// </remarks>
public sealed partial class SlidingWindows
{
    /// <summary>Most samples kept.</summary>
    public const int MaximumSamples = 8192;

    /// <summary>How far the longest window reaches, milliseconds.</summary>
    public const int ReachMs = 600_000;

    /// <summary>The last event time that is taken: the end of the year 9999.</summary>
    public const long LastTimeMs = 253_402_300_799_999;

    private const int SearchedSamples = 64;
    private const int SpanCount = 3;

    private static readonly int[] Lengths = [30_000, 120_000, ReachMs];

    private SampleRing _ring = new(0);
    private SparseParts? _sparse;
    private Spans _spans;
    private long _newestMs = long.MinValue;
    private long _coveredUntilMs;
    private int _crowdedOut;

    [InlineArray(SpanCount)]
    private struct Spans
    {
        private SpanSums _first;
    }

    /// <summary>The newest event time, milliseconds since 1970 UTC; <see cref="long.MinValue"/> before the first sample.</summary>
    public long NewestMs => _newestMs;

    /// <summary>The newest sample, in steps of the code's resolution above its minimum; 0 before the first.</summary>
    public ushort NewestSteps => _ring.Count == 0 ? (ushort)0 : (ushort)_ring.Steps((ushort)(_ring.Next - 1));

    /// <summary>How many samples the longest window holds.</summary>
    public int SampleCount => _ring.Count;

    /// <summary>How many samples left early because there were more than <see cref="MaximumSamples"/> in the window; sticks at the largest number.</summary>
    public int CrowdedOut => _crowdedOut;

    /// <summary>Milliseconds that a window reaches back.</summary>
    public static int LengthMs(WindowSpan span) => Lengths[(int)span];

    /// <summary>Takes a sample in.</summary>
    /// <param name="timeMs">Event time, milliseconds since 1970 UTC.</param>
    /// <param name="steps">The value in steps of the code's resolution above its minimum.</param>
    /// <param name="intervalMs">The expected interval to the next reading, for the missing share; 0 when it is not known, then the reading covers no time.</param>
    /// <returns>False when the sample is older than the longest window; nothing has changed then.</returns>
    /// <exception cref="ArgumentOutOfRangeException">The time lies before 1970 or behind the year 9999, or the interval is negative.</exception>
    public bool Add(long timeMs, ushort steps, int intervalMs)
    {
        if ((ulong)timeMs > LastTimeMs || intervalMs < 0)
            ThrowOutOfRange(timeMs, intervalMs);
        long coveredUntilMs = timeMs + intervalMs + (intervalMs / 2);
        if (timeMs >= _newestMs)
            Append(timeMs, steps, intervalMs, coveredUntilMs);
        else if (timeMs > _newestMs - ReachMs)
            Insert(timeMs, steps, intervalMs, coveredUntilMs);
        else
            return false;
        return true;
    }

    private void Append(long timeMs, ushort steps, int intervalMs, long coveredUntilMs)
    {
        bool first = _newestMs == long.MinValue;
        if (first)
            _coveredUntilMs = timeMs - ReachMs; // Time before the first reading is missing.
        if (timeMs > _coveredUntilMs)
            (_sparse ??= new()).Gaps.Append(_coveredUntilMs, timeMs, ReachMs);
        _coveredUntilMs = Math.Max(_coveredUntilMs, coveredUntilMs);

        long delta = first ? 0 : timeMs - _newestMs;
        if (delta >= ReachMs)
            Forget();
        else
            Advance(timeMs);
        if (_ring.Count == MaximumSamples)
            CrowdOut();
        if (_ring.IsFull)
            _ring.Grow(Expected(intervalMs), MaximumSamples);

        ushort number = _ring.Next;
        if (_ring.Count == 0)
            delta = 0;
        _ring.Append((int)Math.Min(delta, SampleRing.LongDelta), steps);
        if (delta >= SampleRing.LongDelta)
            (_sparse ??= new()).Longs.Set(number, (int)delta, _ring.Oldest);
        _newestMs = timeMs;
        for (int i = 0; i < SpanCount; i++)
        {
            ref SpanSums span = ref _spans[i];
            if (span.Oldest == number)
                span.OldestMs = timeMs;
            span.Add(timeMs, steps);
        }

        if (_sparse is not null || _ring.Count > SearchedSamples)
            TendSparse(number);
    }

    /// <summary>Lets go what lies before the windows that end at <paramref name="timeMs"/>. The longest window is the last, as the ring ends with it.</summary>
    private void Advance(long timeMs)
    {
        for (int i = 0; i < SpanCount; i++)
        {
            ref SpanSums span = ref _spans[i];
            long before = timeMs - Lengths[i];
            while (span.OldestMs <= before && span.Oldest != _ring.Next)
                RemoveOldest(ref span, i == SpanCount - 1);
        }
    }

    private void RemoveOldest(ref SpanSums span, bool leavesRing)
    {
        ushort number = span.Oldest;
        span.Remove(span.OldestMs, _ring.Steps(number));
        span.Oldest++;
        if (span.Oldest != _ring.Next)
            span.OldestMs += DeltaOf(span.Oldest);
        if (!leavesRing)
            return;
        _ring.DropOldest();
        if (_sparse is { } sparse)
        {
            sparse.Longs.Remove(_ring.Oldest); // The step before what is now the oldest sample.
            sparse.Minima.Drop(number);
            sparse.Maxima.Drop(number);
        }
    }

    private void Forget()
    {
        _ring.Clear();
        for (int i = 0; i < SpanCount; i++)
            _spans[i].Clear(_ring.Next);
        if (_sparse is { } sparse)
        {
            sparse.Longs.Clear();
            sparse.Minima.Clear();
            sparse.Maxima.Clear();
        }
    }

    private void CrowdOut()
    {
        ushort leaving = _ring.Oldest;
        for (int i = 0; i < SpanCount; i++)
        {
            if (_spans[i].Oldest == leaving)
                RemoveOldest(ref _spans[i], i == SpanCount - 1);
        }

        if (_crowdedOut < int.MaxValue)
            _crowdedOut++;
    }

    private void Insert(long timeMs, ushort steps, int intervalMs, long coveredUntilMs)
    {
        _sparse?.Gaps.Cover(timeMs, coveredUntilMs);
        _coveredUntilMs = Math.Max(_coveredUntilMs, coveredUntilMs);

        if (_ring.Count == MaximumSamples)
        {
            if (timeMs < _spans[SpanCount - 1].OldestMs)
            {
                // It would be the oldest, and so the one to leave.
                if (_crowdedOut < int.MaxValue)
                    _crowdedOut++;
                return;
            }

            CrowdOut();
        }

        // Back from the newest to the first sample that is not later.
        ushort at = _ring.Next;
        long laterMs = 0;
        long earlierMs = _newestMs;
        while (at != _ring.Oldest && earlierMs > timeMs)
        {
            at--;
            laterMs = earlierMs;
            if (at != _ring.Oldest)
                earlierMs -= DeltaOf(at);
        }

        if (_ring.IsFull)
            _ring.Grow(Expected(intervalMs), MaximumSamples);
        if (_sparse is { } sparse)
        {
            sparse.Longs.Remove(at);
            sparse.Longs.Renumber(at, _ring.Oldest);
        }

        _ring.Insert(at, steps);
        if (at != _ring.Oldest)
            SetDelta(at, (int)(timeMs - earlierMs));
        SetDelta((ushort)(at + 1), (int)(laterMs - timeMs));
        for (int i = 0; i < SpanCount; i++)
        {
            ref SpanSums span = ref _spans[i];
            if (timeMs <= _newestMs - Lengths[i])
            {
                span.Oldest++;
                continue;
            }

            if (span.Oldest == at)
                span.OldestMs = timeMs;
            span.Add(timeMs, steps);
        }

        if (_sparse is { KeepsExtremes: true } kept)
        {
            kept.Minima.Insert(at, _ring, 0);
            kept.Maxima.Insert(at, _ring, 0xFFFF);
        }
        else if (_ring.Count > SearchedSamples)
        {
            BuildExtremes();
        }

        ReleaseSparse();
    }

    private void TendSparse(ushort number)
    {
        if (_sparse is { KeepsExtremes: true } kept)
        {
            if (_ring.Count > SearchedSamples / 2)
            {
                kept.Minima.Push(number, _ring, 0);
                kept.Maxima.Push(number, _ring, 0xFFFF);
            }
            else
            {
                (kept.Minima, kept.Maxima, kept.KeepsExtremes) = (default, default, false);
            }
        }
        else if (_ring.Count > SearchedSamples)
        {
            BuildExtremes();
        }

        _sparse!.Gaps.DropBefore(_newestMs - ReachMs);
        ReleaseSparse();
    }

    private void BuildExtremes()
    {
        SparseParts sparse = _sparse ??= new();
        sparse.KeepsExtremes = true;
        sparse.Minima.Clear();
        sparse.Maxima.Clear();
        for (ushort number = _ring.Oldest; number != _ring.Next; number++)
        {
            sparse.Minima.Push(number, _ring, 0);
            sparse.Maxima.Push(number, _ring, 0xFFFF);
        }
    }

    private void ReleaseSparse()
    {
        if (_sparse is { IsEmpty: true })
            _sparse = null;
    }

    private int DeltaOf(ushort number)
    {
        int delta = _ring.Delta(number);
        return delta < SampleRing.LongDelta ? delta : _sparse!.Longs.Of(number);
    }

    private void SetDelta(ushort number, int delta)
    {
        _ring.SetDelta(number, Math.Min(delta, SampleRing.LongDelta));
        if (delta >= SampleRing.LongDelta)
            (_sparse ??= new()).Longs.Set(number, delta, _ring.Oldest);
    }

    private static int Expected(int intervalMs) => intervalMs == 0 ? 0 : Math.Min(MaximumSamples, (ReachMs + intervalMs - 1) / intervalMs);

    [DoesNotReturn]
    private static void ThrowOutOfRange(long timeMs, int intervalMs)
    {
        if (intervalMs < 0)
            throw new ArgumentOutOfRangeException(nameof(intervalMs), intervalMs, "An interval is 0 (not known) or positive, in milliseconds.");
        throw new ArgumentOutOfRangeException(nameof(timeMs), timeMs, "An event time lies between 1970 and the end of the year 9999, in milliseconds since 1970.");
    }
}
