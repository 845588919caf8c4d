using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// The heart rate as bedside monitors average it: the mean of the 12 latest RR intervals without the shortest and the longest;
/// when each of the three latest exceeds 1200 ms, the mean of the four latest. Integers only.
/// </summary>
/// <remarks>
/// The rule is what manufacturers disclose under IEC 60601-2-27, 201.7.9.2.9.101 b) 3) (heart rate averaging). It is meant to be read once a second.
/// A change from 80 to 120 or to 40 a minute is followed within 11 s. Where fewer intervals are known, those are averaged, without the extremes from four on.
/// After <see cref="SilenceMs"/> without a beat there is no rate; that is asystole's to tell, and 0 is never shown for it.
/// </remarks>
public struct HeartRateMeter
{
    /// <summary>So many intervals are averaged.</summary>
    public const int Intervals = 12;

    /// <summary>So many when the heart is slow.</summary>
    public const int SlowIntervals = 4;

    /// <summary>The three latest intervals must exceed this for the heart to count as slow, milliseconds.</summary>
    public const int SlowMs = 1200;

    /// <summary>Without a beat for so long there is no rate, milliseconds.</summary>
    public const int SilenceMs = 4000;

    private const int SlowInARow = 3;
    private const int TrimFrom = 4;
    private const byte Version = 1;

    private readonly ushort[] _intervals; // Oldest first.
    private int _count;
    private long _lastMs;
    private bool _hasLast;

    /// <summary>Makes a meter that has seen nothing.</summary>
    public HeartRateMeter() => _intervals = new ushort[Intervals];

    /// <summary>Takes a beat, in the order of time.</summary>
    /// <param name="timeMs">Its time, milliseconds. One not after the last beat is ignored.</param>
    public void Beat(long timeMs)
    {
        if (_hasLast)
        {
            long interval = timeMs - _lastMs;
            if (interval <= 0)
                return;
            if (interval > SilenceMs)
                _count = 0;
            else
                Append((ushort)interval);
        }

        _hasLast = true;
        _lastMs = timeMs;
    }

    /// <summary>Says that beats may have been missed since the last one: the next interval is none.</summary>
    public void Break() => _hasLast = false;

    /// <summary>Forgets everything.</summary>
    public void Clear() => (_hasLast, _count) = (false, 0);

    /// <summary>The rate in beats a minute as of a time; null when there is none.</summary>
    public readonly double? Rate(long nowMs)
    {
        if (_count == 0 || (_hasLast && nowMs - _lastMs > SilenceMs))
            return null;
        int from = IsSlow() ? Math.Max(0, _count - SlowIntervals) : 0;
        int sum = 0, shortest = int.MaxValue, longest = 0;
        for (int i = from; i < _count; i++)
        {
            int interval = _intervals[i];
            sum += interval;
            shortest = Math.Min(shortest, interval);
            longest = Math.Max(longest, interval);
        }

        int used = _count - from;
        if (from == 0 && used >= TrimFrom && !IsSlow())
        {
            sum -= shortest + longest;
            used -= 2;
        }

        return 60_000.0 * used / sum;
    }

    /// <summary>Writes the state, at most 46 bytes.</summary>
    public readonly void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        writer.Byte((byte)_count);
        for (int i = 0; i < _count; i++)
            writer.Unsigned(_intervals[i]);
        writer.Boolean(_hasLast);
        if (_hasLast)
            writer.Signed(_lastMs);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of a meter.</exception>
    public static HeartRateMeter Decode(ref PayloadReader reader)
    {
        StateForm.Expect(ref reader, Version, "heart rate meter");
        var meter = new HeartRateMeter { _count = reader.Count(Intervals) };
        for (int i = 0; i < meter._count; i++)
            meter._intervals[i] = (ushort)reader.Count(SilenceMs);
        meter._hasLast = reader.Boolean();
        if (meter._hasLast)
            meter._lastMs = reader.Signed();
        return meter;
    }

    private readonly bool IsSlow()
    {
        if (_count < SlowInARow)
            return false;
        for (int i = _count - SlowInARow; i < _count; i++)
        {
            if (_intervals[i] <= SlowMs)
                return false;
        }

        return true;
    }

    private void Append(ushort interval)
    {
        if (_count == Intervals)
            Array.Copy(_intervals, 1, _intervals, 0, --_count);
        _intervals[_count++] = interval;
    }
}
