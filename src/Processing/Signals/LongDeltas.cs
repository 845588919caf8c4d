namespace PhysioActors.Processing.Signals;

/// <summary>Steps in time that 16 bits do not hold, by sample number, oldest first. At most nine of them fit into the longest window.</summary>
internal struct LongDeltas
{
    private Entry[]? _items;
    private int _count;

    private record struct Entry(ushort Number, int Delta);

    public readonly bool IsEmpty => _count == 0;

    public readonly int Of(ushort number)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_items![i].Number == number)
                return _items[i].Delta;
        }

        throw new InvalidOperationException($"Sample {number} has no long step in time: the windows' memory is corrupt.");
    }

    /// <summary>Keeps a step behind those of earlier samples and before those of later ones.</summary>
    /// <param name="number">The sample.</param>
    /// <param name="delta">Its step in milliseconds.</param>
    /// <param name="oldest">The oldest sample's number, from which numbers count.</param>
    public void Set(ushort number, int delta, ushort oldest)
    {
        _items ??= new Entry[2];
        if (_count == _items.Length)
            Array.Resize(ref _items, _count + 2);
        int at = _count++;
        for (; at > 0 && (ushort)(_items[at - 1].Number - oldest) > (ushort)(number - oldest); at--)
            _items[at] = _items[at - 1];
        _items[at] = new(number, delta);
    }

    public void Remove(ushort number)
    {
        for (int i = 0; i < _count; i++)
        {
            if (_items![i].Number != number)
                continue;
            Array.Copy(_items, i + 1, _items, i, --_count - i);
            return;
        }
    }

    /// <summary>A sample was inserted before <paramref name="from"/>: this and later ones have the next number now.</summary>
    public readonly void Renumber(ushort from, ushort oldest)
    {
        for (int i = 0; i < _count; i++)
        {
            if ((ushort)(_items![i].Number - oldest) >= (ushort)(from - oldest))
                _items[i].Number++;
        }
    }

    public void Clear() => _count = 0;
}
