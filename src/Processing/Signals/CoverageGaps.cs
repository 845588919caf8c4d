namespace PhysioActors.Processing.Signals;

/// <summary>
/// The stretches of time that no reading covers, as far as the longest window reaches: disjoint, in order. The set of uncovered time is the same in whatever order
/// the readings came. Each gap carries the running total of lengths, so that the missing time since any moment is one search away.
/// </summary>
/// <remarks>Gaps that touch are one. Beyond <see cref="Bound"/> gaps (a reading a second with half of each second uncovered makes 600) the oldest is forgotten, as if it were covered.</remarks>
internal struct CoverageGaps
{
    /// <summary>Most gaps kept.</summary>
    public const int Bound = 1024;

    private Gap[]? _items;
    private int _front;
    private int _count;

    // Totals wrap; only differences of gaps within one window are used.
    private readonly record struct Gap(long StartMs, int Length, uint Total)
    {
        public long EndMs => StartMs + Length;
    }

    public readonly bool IsEmpty => _count == 0;

    public readonly int Count => _count;

    /// <summary>The gap at <paramref name="index"/>, oldest first, cut off before <paramref name="fromMs"/>.</summary>
    public readonly (long StartMs, long EndMs) At(int index, long fromMs)
    {
        Gap gap = _items![_front + index];
        return (Math.Max(gap.StartMs, fromMs), gap.EndMs);
    }

    /// <summary>Appends a gap behind all others. Only its last <paramref name="reachMs"/> can matter.</summary>
    public void Append(long startMs, long endMs, int reachMs)
    {
        if (_count > 0 && _items![_front + _count - 1].EndMs == startMs)
            startMs = _items[_front + --_count].StartMs;
        startMs = Math.Max(startMs, endMs - reachMs);
        if (_count == Bound)
        {
            _front++;
            _count--;
        }

        MakeRoom();
        int length = (int)(endMs - startMs);
        uint before = _count == 0 ? 0 : _items![_front + _count - 1].Total;
        _items![_front + _count++] = new(startMs, length, unchecked(before + (uint)length));
    }

    /// <summary>Forgets gaps that ended at or before <paramref name="fromMs"/>.</summary>
    public void DropBefore(long fromMs)
    {
        while (_count > 0 && _items![_front].EndMs <= fromMs)
        {
            _front++;
            _count--;
        }

        if (_count == 0)
            _front = 0;
    }

    /// <summary>The uncovered milliseconds from <paramref name="fromMs"/> on.</summary>
    public readonly int MissingSince(long fromMs)
    {
        int low = 0;
        int high = _count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (_items![_front + middle].EndMs <= fromMs)
                low = middle + 1;
            else
                high = middle;
        }

        if (low == _count)
            return 0;
        Gap first = _items![_front + low];
        uint later = unchecked(_items[_front + _count - 1].Total - first.Total);
        return (int)later + (int)(first.EndMs - Math.Max(first.StartMs, fromMs));
    }

    /// <summary>A reading came late and covers [<paramref name="startMs"/>, <paramref name="endMs"/>): what it covers is no gap any more.</summary>
    public void Cover(long startMs, long endMs)
    {
        if (_count == 0 || endMs <= startMs)
            return;
        (Gap[] old, int front, int count) = (_items!, _front, _count);
        _items = new Gap[count + 1];
        _front = _count = 0;
        for (int i = front; i < front + count; i++)
        {
            Gap gap = old[i];
            if (gap.StartMs < Math.Min(gap.EndMs, startMs))
                Append(gap.StartMs, Math.Min(gap.EndMs, startMs), int.MaxValue);
            if (Math.Max(gap.StartMs, endMs) < gap.EndMs)
                Append(Math.Max(gap.StartMs, endMs), gap.EndMs, int.MaxValue);
        }
    }

    private void MakeRoom()
    {
        if (_items is null)
        {
            _items = new Gap[2];
        }
        else if (_front + _count == _items.Length)
        {
            // Move to the start when that frees half of the array, so that moving stays rare; grow otherwise.
            Gap[] target = _front * 2 >= _items.Length ? _items : new Gap[_items.Length + Math.Max(2, _items.Length / 4)];
            Array.Copy(_items, _front, target, 0, _count);
            _items = target;
            _front = 0;
        }
    }
}
