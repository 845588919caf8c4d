using System.Runtime.CompilerServices;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The running median of a signal's last nine intervals: the interval to expect when the device declares none. A median, so that one gap
/// or one burst does not change what is expected. Of an even number of intervals the lower middle one counts.
/// </summary>
public struct IntervalMedian
{
    /// <summary>So many intervals are kept.</summary>
    public const int Capacity = 9;

    private Values _values; // A circle; _next is the oldest when it is full.
    private int _median;
    private byte _count;
    private byte _next;

    /// <summary>The median in milliseconds; 0 before the first interval.</summary>
    public readonly int MedianMs => _median;

    /// <summary>How many intervals are in it, at most <see cref="Capacity"/>.</summary>
    public readonly int Count => _count;

    /// <summary>Takes the time from one reading to the next, in milliseconds. Zero and less (a repeat, a reading out of order) say nothing of the interval and are passed over.</summary>
    public void Observe(int deltaMs)
    {
        if (deltaMs <= 0)
            return;
        bool changed = true;
        if (_count < Capacity)
            _count++;
        else
            changed = _values[_next] != deltaMs;
        _values[_next] = deltaMs;
        _next = (byte)(_next + 1 == Capacity ? 0 : _next + 1);
        if (changed)
            _median = FindMedian();
    }

    /// <summary>Writes the intervals, oldest first.</summary>
    public readonly void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(_count);
        for (int i = 0; i < _count; i++)
            writer.Unsigned((ulong)_values[(_next + Capacity - _count + i) % Capacity]);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not intervals.</exception>
    public static IntervalMedian Decode(ref PayloadReader reader)
    {
        IntervalMedian median = default;
        int count = reader.Count(Capacity);
        for (int i = 0; i < count; i++)
        {
            int delta = reader.Count(int.MaxValue);
            if (delta == 0)
                throw new InvalidDataException($"Byte {reader.Position}: an interval of 0 ms.");
            median.Observe(delta);
        }

        return median;
    }

    private readonly int FindMedian()
    {
        Values sorted = default;
        for (int i = 0; i < _count; i++)
        {
            int value = _values[i];
            int at = i;
            while (at > 0 && sorted[at - 1] > value)
            {
                sorted[at] = sorted[at - 1];
                at--;
            }

            sorted[at] = value;
        }

        return sorted[(_count - 1) / 2];
    }

    [InlineArray(Capacity)]
    private struct Values
    {
        private int _first;
    }
}
