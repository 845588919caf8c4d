namespace PhysioActors.Processing.Signals;

/// <summary>
/// The candidates for the minimum of every window that ends at the newest sample: sample numbers rising, keys rising. The minimum of a window is the first
/// candidate in it, so one deque serves windows of every length. With keys turned over it serves maxima.
/// </summary>
internal struct MonotonicDeque
{
    private ushort[]? _items; // A circle.
    private ushort _front;
    private ushort _count;

    /// <summary>Takes the newest sample in.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="ring">Holds its value and the candidates'.</param>
    /// <param name="turn">0 for minima, 0xFFFF for maxima: keys are values with these bits turned.</param>
    public void Push(ushort number, in SampleRing ring, uint turn)
    {
        uint key = ring.Steps(number) ^ turn;
        while (_count > 0 && (ring.Steps(_items![Place(_count - 1)]) ^ turn) >= key)
            _count--;
        if (_items is null || _count == _items.Length)
            Grow();
        _items![Place(_count++)] = number;
    }

    /// <summary>Takes a sample in that was inserted into the ring as <paramref name="number"/>; the ring has renumbered the later ones already, the deque does so here.</summary>
    public void Insert(ushort number, in SampleRing ring, uint turn)
    {
        int later = _count;
        while (later > 0 && (ushort)(_items![Place(later - 1)] - ring.Oldest) >= (ushort)(number - ring.Oldest))
            _items[Place(--later)]++;
        uint key = ring.Steps(number) ^ turn;
        if (later < _count && (ring.Steps(_items![Place(later)]) ^ turn) <= key)
            return;
        int from = later;
        while (from > 0 && (ring.Steps(_items![Place(from - 1)]) ^ turn) >= key)
            from--;

        // Candidates from..later-1 give way to this one.
        if (from == later)
        {
            if (_items is null || _count == _items.Length)
                Grow();
            for (int i = _count++; i > from; i--)
                _items![Place(i)] = _items[Place(i - 1)];
        }
        else
        {
            for (int i = later; i < _count; i++)
                _items![Place(from + 1 + i - later)] = _items[Place(i)];
            _count -= (ushort)(later - from - 1);
        }

        _items![Place(from)] = number;
    }

    /// <summary>Forgets the sample that leaves the longest window.</summary>
    public void Drop(ushort number)
    {
        if (_count == 0 || _items![_front] != number)
            return;
        _front = _front + 1 == _items.Length ? (ushort)0 : (ushort)(_front + 1);
        _count--;
    }

    /// <summary>The number of the extreme sample among those from <paramref name="from"/> on, found by halving.</summary>
    public readonly ushort First(ushort from, ushort oldest)
    {
        int reach = (ushort)(from - oldest);
        int low = 0;
        int high = _count - 1;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if ((ushort)(_items![Place(middle)] - oldest) < reach)
                low = middle + 1;
            else
                high = middle;
        }

        return _items![Place(low)];
    }

    public void Clear() => _front = _count = 0;

    private readonly int Place(int index)
    {
        int place = _front + index;
        return place >= _items!.Length ? place - _items.Length : place;
    }

    private void Grow()
    {
        var larger = new ushort[_count + Math.Max(8, _count / 4)];
        for (int i = 0; i < _count; i++)
            larger[i] = _items![Place(i)];
        _items = larger;
        _front = 0;
    }
}
