using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals;

public sealed partial class SlidingWindows
{
    private const ulong LongestCoverMs = (ulong)int.MaxValue + (int.MaxValue / 2);

    /// <summary>
    /// Writes what cannot be derived: samples, uncovered time, how far the last readings cover, and how many were crowded out. Windows of the same samples
    /// give the same bytes, however they came about.
    /// </summary>
    /// <remarks>
    /// Times as differences of differences, values as differences: a regular signal takes about two bytes a sample.
    /// </remarks>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        int count = _ring.Count;
        writer.Unsigned((ulong)count);
        if (count == 0)
            return;

        writer.Unsigned((ulong)_newestMs);
        writer.Unsigned((ulong)(_newestMs - _spans[SpanCount - 1].OldestMs));
        ushort number = _ring.Oldest;
        uint steps = _ring.Steps(number);
        writer.Unsigned(steps);
        int delta = 0;
        for (number++; number != _ring.Next; number++)
        {
            int nextDelta = DeltaOf(number);
            uint nextSteps = _ring.Steps(number);
            writer.Signed(nextDelta - delta);
            writer.Signed((int)nextSteps - (int)steps);
            (delta, steps) = (nextDelta, nextSteps);
        }

        writer.Unsigned((ulong)(_coveredUntilMs - _newestMs));
        long from = _newestMs - ReachMs;
        int gaps = _sparse?.Gaps.Count ?? 0;
        writer.Unsigned((ulong)gaps);
        for (int i = 0; i < gaps; i++)
        {
            (long startMs, long endMs) = _sparse!.Gaps.At(i, from);
            writer.Unsigned((ulong)(startMs - from));
            writer.Unsigned((ulong)(endMs - startMs));
            from = endMs;
        }

        writer.Unsigned((ulong)_crowdedOut);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote, and rebuilds the sums.</summary>
    /// <exception cref="InvalidDataException">The bytes are not windows.</exception>
    public static SlidingWindows Decode(ref PayloadReader reader)
    {
        var windows = new SlidingWindows();
        int count = reader.Count(MaximumSamples);
        if (count == 0)
            return windows;

        ulong newest = reader.Unsigned();
        int spread = reader.Count(ReachMs - 1);
        if (newest > LastTimeMs || newest < (ulong)spread)
            throw new InvalidDataException($"Byte {reader.Position}: the newest sample's time {newest} is no event time.");
        windows._newestMs = (long)newest;
        windows._ring = new(count);
        long timeMs = windows._newestMs - spread;
        int steps = reader.Count(ushort.MaxValue);
        windows.Restore(timeMs, 0, (ushort)steps);
        long delta = 0;
        for (int i = 1; i < count; i++)
        {
            delta += reader.Signed();
            long next = steps + reader.Signed();
            if (delta < 0 || delta > windows._newestMs - timeMs || next is < 0 or > ushort.MaxValue)
                throw new InvalidDataException($"Byte {reader.Position}: sample {i} of a window lies outside of it, or its value has more than 16 bits.");
            steps = (int)next;
            timeMs += delta;
            windows.Restore(timeMs, (int)delta, (ushort)steps);
        }

        if (timeMs != windows._newestMs)
            throw new InvalidDataException($"Byte {reader.Position}: the samples of a window do not end at its newest time.");
        windows.RestoreCoverage(ref reader);
        windows._crowdedOut = reader.Count(int.MaxValue);
        if (count > SearchedSamples)
            windows.BuildExtremes();
        return windows;
    }

    private void Restore(long timeMs, int delta, ushort steps)
    {
        ushort number = _ring.Next;
        _ring.Append(Math.Min(delta, SampleRing.LongDelta), steps);
        if (delta >= SampleRing.LongDelta)
            (_sparse ??= new()).Longs.Set(number, delta, _ring.Oldest);
        for (int i = 0; i < SpanCount; i++)
        {
            ref SpanSums span = ref _spans[i];
            if (timeMs <= _newestMs - Lengths[i])
            {
                span.Oldest++;
                continue;
            }

            if (span.Oldest == number)
                span.OldestMs = timeMs;
            span.Add(timeMs, steps);
        }
    }

    private void RestoreCoverage(ref PayloadReader reader)
    {
        ulong covers = reader.Unsigned();
        if (covers > LongestCoverMs)
            throw new InvalidDataException($"Byte {reader.Position}: a reading cannot cover {covers} ms.");
        _coveredUntilMs = _newestMs + (long)covers;
        int gaps = reader.Count(CoverageGaps.Bound);
        long from = _newestMs - ReachMs;
        for (int i = 0; i < gaps; i++)
        {
            long startMs = from + reader.Count(ReachMs);
            long endMs = startMs + reader.Count(ReachMs);
            if (endMs == startMs || endMs > _newestMs || (i > 0 && startMs == from))
                throw new InvalidDataException($"Byte {reader.Position}: the gaps of a window overlap, are empty or reach past its newest time.");
            (_sparse ??= new()).Gaps.Append(startMs, endMs, ReachMs);
            from = endMs;
        }
    }
}
