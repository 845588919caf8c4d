using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The samples of one code in time order, 4 bytes each: the upper half is the time since the sample before in milliseconds, the lower half the value in steps.
/// Samples are numbered by a 16-bit count that wraps; the bound on samples is far below that, so differences are unambiguous.
/// </summary>
/// <remarks>The upper half of the oldest sample means nothing. A step in time of <see cref="LongDelta"/> or more is kept elsewhere, marked by that number.</remarks>
internal struct SampleRing
{
    /// <summary>The mark of a step in time that 16 bits do not hold.</summary>
    public const int LongDelta = ushort.MaxValue;

    private const int SmallestGrowth = 8;

    private uint[] _slots;
    private ushort _oldestSlot;

    /// <summary>Number of the oldest sample.</summary>
    public ushort Oldest;

    /// <summary>The number that the next sample gets.</summary>
    public ushort Next;

    public SampleRing(int capacity)
    {
        _slots = capacity == 0 ? [] : new uint[Math.Max(SmallestGrowth, capacity)];
        _oldestSlot = Oldest = Next = 0;
    }

    public readonly int Count => (ushort)(Next - Oldest);

    public readonly bool IsFull => Count == _slots.Length;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly uint Steps(ushort number) => _slots[SlotOf(number)] & 0xFFFF;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly int Delta(ushort number) => (int)(_slots[SlotOf(number)] >> 16);

    /// <summary>Appends a sample; the caller has made room.</summary>
    public void Append(int delta, ushort steps) => _slots[SlotOf(Next++)] = ((uint)delta << 16) | steps;

    /// <summary>Drops the oldest sample.</summary>
    public void DropOldest()
    {
        Oldest++;
        _oldestSlot = _oldestSlot + 1 == _slots.Length ? (ushort)0 : (ushort)(_oldestSlot + 1);
    }

    /// <summary>Drops all samples; numbers go on.</summary>
    public void Clear()
    {
        Oldest = Next;
        _oldestSlot = 0;
    }

    /// <summary>Makes room for a sample before sample <paramref name="number"/>: it and all later ones get the next number.</summary>
    public void Insert(ushort number, int delta, ushort steps)
    {
        for (ushort to = Next; to != number; to--)
            _slots[SlotOf(to)] = _slots[SlotOf((ushort)(to - 1))];
        _slots[SlotOf(number)] = ((uint)delta << 16) | steps;
        Next++;
    }

    /// <summary>Replaces the step in time before a sample.</summary>
    public readonly void SetDelta(ushort number, int delta)
    {
        ref uint slot = ref _slots[SlotOf(number)];
        slot = ((uint)delta << 16) | (slot & 0xFFFF);
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
        var larger = new uint[Math.Min(bound, Math.Max(capacity, SmallestGrowth))];
        int behind = Math.Min(count, _slots.Length - _oldestSlot);
        _slots.AsSpan(_oldestSlot, behind).CopyTo(larger);
        _slots.AsSpan(0, count - behind).CopyTo(larger.AsSpan(behind));
        _slots = larger;
        _oldestSlot = 0;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly int SlotOf(ushort number)
    {
        int slot = _oldestSlot + (ushort)(number - Oldest);
        return slot >= _slots.Length ? slot - _slots.Length : slot;
    }
}
