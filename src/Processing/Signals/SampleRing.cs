using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The samples of one code in time order: the value in steps, 2 bytes, and the time since the sample before in milliseconds, 2 more only while the signal is not regular.
/// Samples are numbered by a 16-bit count that wraps; the bound on samples is far below that, so differences are unambiguous.
/// </summary>
/// <remarks>The step in time of the oldest sample means nothing. A step of <see cref="LongDelta"/> or more is kept elsewhere, marked by that number.</remarks>
internal struct SampleRing
{
    /// <summary>The mark of a step in time that 16 bits do not hold.</summary>
    public const int LongDelta = ushort.MaxValue;

    private const int SmallestGrowth = 8;
    private const int SmallestRegular = 16;

    private ushort[] _steps;
    private ushort[]? _deltas; // Null while every step in time is _delta.
    private ushort _delta;
    private ushort _run; // At least so many of the newest samples have _delta; kept while there is an array.
    private ushort _oldestSlot;

    /// <summary>Number of the oldest sample.</summary>
    public ushort Oldest;

    /// <summary>The number that the next sample gets.</summary>
    public ushort Next;

    public SampleRing(int capacity)
    {
        this = default;
        _steps = capacity == 0 ? [] : new ushort[Math.Max(SmallestGrowth, capacity)];
    }

    public readonly int Count => (ushort)(Next - Oldest);

    public readonly bool IsFull => Count == _steps.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Steps(ushort number) => _steps[SlotOf(number)];

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Delta(ushort number) => _deltas is null ? _delta : _deltas[SlotOf(number)];

    /// <summary>Appends a sample; the caller has made room.</summary>
    public void Append(int delta, ushort steps)
    {
        if (_deltas is null && delta != _delta)
        {
            if (Count > 1)
                Spread();
            else
                _delta = (ushort)delta;
        }

        int slot = SlotOf(Next++);
        _steps[slot] = steps;
        if (_deltas is not null)
            AppendDelta(slot, (ushort)delta);
    }

    /// <summary>Drops the oldest sample.</summary>
    public void DropOldest()
    {
        Oldest++;
        _oldestSlot = _oldestSlot + 1 == _steps.Length ? (ushort)0 : (ushort)(_oldestSlot + 1);
    }

    /// <summary>Drops all samples; numbers go on.</summary>
    public void Clear()
    {
        Oldest = Next;
        _oldestSlot = 0;
        _deltas = null;
    }

    /// <summary>Puts a sample before sample <paramref name="number"/>: that and all later ones get the next number. The caller has made room, and sets the steps in time before this one and the next.</summary>
    public void Insert(ushort number, ushort steps)
    {
        Spread();
        for (ushort to = Next; to != number; to--)
        {
            (int into, int from) = (SlotOf(to), SlotOf((ushort)(to - 1)));
            _steps[into] = _steps[from];
            _deltas![into] = _deltas[from];
        }

        _steps[SlotOf(number)] = steps;
        Next++;
    }

    /// <summary>Replaces the step in time before a sample.</summary>
    public void SetDelta(ushort number, int delta)
    {
        Spread();
        _deltas![SlotOf(number)] = (ushort)delta;
        _run = 0;
    }

    /// <summary>
    /// Makes room: by a quarter while that stays below <paramref name="expected"/>, to exactly that when it is near, and by little beyond it, because a
    /// ring lives as long as its patient and what is never filled is wasted a thousand times.
    /// </summary>
    public void Grow(int expected, int bound)
    {
        int count = Count;
        int capacity = count < expected
            ? Math.Min(expected, count + Math.Max(SmallestGrowth, count / 4))
            : count + Math.Max(SmallestGrowth, count / 32);
        capacity = Math.Min(bound, Math.Max(capacity, SmallestGrowth));
        _steps = Straightened(_steps, count, capacity);
        if (_deltas is not null)
            _deltas = Straightened(_deltas, count, capacity);
        _oldestSlot = 0;
    }

    private readonly ushort[] Straightened(ushort[] slots, int count, int capacity)
    {
        ushort[] larger = new ushort[capacity];
        int behind = Math.Min(count, slots.Length - _oldestSlot);
        slots.AsSpan(_oldestSlot, behind).CopyTo(larger);
        slots.AsSpan(0, count - behind).CopyTo(larger.AsSpan(behind));
        return larger;
    }

    private void AppendDelta(int slot, ushort delta)
    {
        _deltas![slot] = delta;
        if (delta != _delta)
            (_delta, _run) = (delta, 0);
        _run = (ushort)Math.Min(_run + 1, ushort.MaxValue);
        if (_run >= Count - 1 && Count >= SmallestRegular)
            _deltas = null;
    }

    /// <summary>Gives each sample a step in time of its own.</summary>
    private void Spread()
    {
        if (_deltas is not null)
            return;
        _deltas = new ushort[_steps.Length];
        Array.Fill(_deltas, _delta);
        _run = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SlotOf(ushort number)
    {
        int slot = _oldestSlot + (ushort)(number - Oldest);
        return slot >= _steps.Length ? slot - _steps.Length : slot;
    }
}
