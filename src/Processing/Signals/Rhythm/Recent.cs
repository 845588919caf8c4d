namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>The newest items of a kind, oldest first, up to a capacity; an older one makes room.</summary>
internal sealed class Recent<T>(int capacity)
    where T : struct
{
    private readonly T[] _items = new T[capacity];
    private int _oldest;

    public int Capacity => _items.Length;

    public int Count { get; private set; }

    public ref T this[int index] => ref _items[(_oldest + index) % _items.Length];

    public void Add(in T item)
    {
        if (Count == _items.Length)
            RemoveOldest();
        _items[(_oldest + Count++) % _items.Length] = item;
    }

    public void RemoveOldest()
    {
        _oldest = (_oldest + 1) % _items.Length;
        Count--;
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
