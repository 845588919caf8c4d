namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>The newest items of a kind, oldest first, up to a capacity; an older one makes room. Memory grows with what is there, and is kept.</summary>
internal sealed class Recent<T>(int capacity)
    where T : struct
{
    private T[] _items = []; // As long as a power of two.
    private int _oldest;

    public int Capacity => capacity;

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[(_oldest + index) & (_items.Length - 1)];

    public void Add(in T item)
    {
        if (Count == capacity)
            RemoveOldest();
        else if (Count == _items.Length)
            Grow();
        _items[(_oldest + Count++) & (_items.Length - 1)] = item;
    }

    public void RemoveOldest()
    {
        _oldest = (_oldest + 1) & (_items.Length - 1);
        Count--;
    }

    private void Grow()
    {
        var items = new T[Math.Max(4, 2 * _items.Length)];
        for (int i = 0; i < Count; i++)
            items[i] = this[i];
        (_items, _oldest) = (items, 0);
    }
}

/// <summary>A judged second of the leads.</summary>
internal struct SeenSecond
{
    public long TimeMs;
    public LeadSet Leads;
}

/// <summary>A second of each lead that is looked at.</summary>
[System.Runtime.CompilerServices.InlineArray(RhythmMonitor.Leads)]
internal struct LeadSet
{
    private LeadSecond _first;
}
