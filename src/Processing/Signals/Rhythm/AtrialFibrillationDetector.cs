using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// Recognises atrial fibrillation by RR intervals without order, beat by beat. The measure is the coefficient of sample entropy of the last 96 intervals
/// (Lake and Moorman 2011, Accurate estimation of entropy in very short physiological time series): how much less often two intervals agree when the ones before them do.
/// </summary>
/// <remarks>
/// <para>
/// With B pairs of intervals that agree within 30 ms, A of them followed by a pair that agrees, too, and mean interval m, the coefficient is ln(B / A) + ln(60 ms / m).
/// Its exponential, 60 B / (A m), is compared: that needs integers and one division. Regular rhythms have below 0.15, bigeminy and ectopic beats below 0.25, since their intervals return.
/// </para>
/// <para>It begins at 0.29 and ends below 0.25; before 48 intervals nothing is said. The state takes at most 200 bytes.</para>
/// </remarks>
public sealed class AtrialFibrillationDetector
{
    /// <summary>So many intervals are looked at.</summary>
    public const int Intervals = 96;

    /// <summary>So many must be known before anything is said.</summary>
    public const int FewestIntervals = 48;

    /// <summary>Fibrillation begins when <see cref="Irregularity"/> rises above this.</summary>
    public const double Begins = 0.29;

    /// <summary>It ends when it falls below this.</summary>
    public const double Ends = 0.25;

    private const int ToleranceMs = 30;
    private const int ShortestMs = 200;
    private const int LongestMs = 4000;
    private const byte Version = 1;

    private readonly ushort[] _intervals = new ushort[Intervals]; // Oldest first.
    private int _count;
    private int _sum;
    private int _alike; // Pairs of intervals that agree; the newest interval is in none of them, since nothing follows it.
    private int _followed; // Those of them that are followed by intervals that agree, too.
    private bool _isFibrillating;

    /// <summary>Whether the atria fibrillate by the intervals so far.</summary>
    public bool IsFibrillating => _isFibrillating;

    /// <summary>True once there are enough intervals.</summary>
    public bool CanSay => _count >= FewestIntervals;

    /// <summary>60 ms B / (A m) of the intervals so far; 0 while there are too few.</summary>
    public double Irregularity { get; private set; }

    /// <summary>Takes the interval between two beats in a row. One that no heart makes (under 200 ms, over 4 s) is passed over.</summary>
    /// <param name="milliseconds">The interval.</param>
    /// <returns>Whether the atria fibrillate.</returns>
    public bool Add(long milliseconds)
    {
        if (milliseconds is < ShortestMs or > LongestMs)
            return _isFibrillating;
        if (_count == Intervals)
            RemoveOldest();
        Append((int)milliseconds);
        Judge();
        return _isFibrillating;
    }

    /// <summary>Writes the state.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        writer.Boolean(_isFibrillating);
        writer.Byte((byte)_count);
        for (int i = 0; i < _count; i++)
            writer.Unsigned(_intervals[i]);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of such a detector.</exception>
    public static AtrialFibrillationDetector Decode(ref PayloadReader reader)
    {
        StateForm.Expect(ref reader, Version, "detector of atrial fibrillation");
        var detector = new AtrialFibrillationDetector { _isFibrillating = reader.Boolean() };
        int count = reader.Count(Intervals);
        for (int i = 0; i < count; i++)
            detector.Append(reader.Count(LongestMs));
        detector.Irregularity = detector.Measure();
        return detector;
    }

    private void Judge()
    {
        Irregularity = Measure();
        if (_count >= FewestIntervals)
            _isFibrillating = Irregularity > (_isFibrillating ? Ends : Begins);
    }

    private double Measure()
    {
        if (_count < FewestIntervals)
            return 0;
        double mean = (double)_sum / _count;
        return 2.0 * ToleranceMs * Math.Max(1, _alike) / (Math.Max(1, _followed) * mean);
    }

    // Of all pairs only those change in which the interval that comes or goes takes part: counting them alone costs a hundredth, and gives the same whole numbers.
    private void Append(int interval)
    {
        _intervals[_count++] = (ushort)interval;
        _sum += interval;
        int newest = _count - 2;
        for (int i = 0; i < newest; i++)
            Count(i, newest, 1);
    }

    private void RemoveOldest()
    {
        for (int j = 1; j < _count - 1; j++)
            Count(0, j, -1);
        _sum -= _intervals[0];
        Array.Copy(_intervals, 1, _intervals, 0, --_count);
    }

    private void Count(int earlier, int later, int by)
    {
        if (Math.Abs(_intervals[earlier] - _intervals[later]) >= ToleranceMs)
            return;
        _alike += by;
        if (Math.Abs(_intervals[earlier + 1] - _intervals[later + 1]) < ToleranceMs)
            _followed += by;
    }
}
