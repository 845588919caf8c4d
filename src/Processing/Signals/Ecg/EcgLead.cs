namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// One lead at the detector's own rate: its last two seconds in microvolts and what the filters made of them. All sums are of integers, so they never drift,
/// and everything follows from the last samples alone.
/// </summary>
/// <remarks>
/// The filters are of the kind that Pan and Tompkins (1985, A real-time QRS detection algorithm) and Hamilton and Tompkins (1986) use: two boxes of 20 ms (their zeros lie on 50 Hz),
/// a difference over 20 ms, its magnitude summed over 104 ms, so that both slopes of a wide ventricular beat count as one.
/// </remarks>
internal sealed class EcgLead
{
    /// <summary>Ticks kept.</summary>
    public const int Length = 512;

    /// <summary>For places in the rings.</summary>
    public const int Mask = Length - 1;

    /// <summary>Ticks of the past that may be looked at: further back the filters of a decoded lead have not settled.</summary>
    public const int Reach = Length - 48;

    /// <summary>Ticks from the middle of a deflection to the peak of its energy.</summary>
    public const int EnergyDelay = 19;

    /// <summary>Ticks that <see cref="Low"/> is late.</summary>
    public const int LowDelay = 2;

    /// <summary>Ticks that <see cref="Slope"/> is late, rounded down.</summary>
    public const int SlopeDelay = 6;

    /// <summary>Bound of a value in microvolts, to either side. It keeps every sum within 32 bits; no amplifier of an ECG reaches it.</summary>
    public const int LongestMicrovolts = 500_000;

    /// <summary>Ticks of the smoothing box.</summary>
    public const int Box = 5;

    private const int EnergyBox = 26;

    private readonly int[] _x = new int[Length];
    private readonly int[] _low = new int[Length];
    private readonly int[] _lower = new int[Length];
    private readonly int[] _slope = new int[Length];
    private readonly int[] _energy = new int[Length];
    private int _lowSum;
    private int _lowerSum;
    private int _energySum;

    /// <summary>The samples in microvolts.</summary>
    public ReadOnlySpan<int> X => _x;

    /// <summary>Sums of 20 ms: five times the smoothed signal in microvolts.</summary>
    public ReadOnlySpan<int> Low => _low;

    /// <summary>Magnitude of the slope of the twice smoothed signal: 25 times its change within 20 ms in microvolts.</summary>
    public ReadOnlySpan<int> Slope => _slope;

    /// <summary>Sum of <see cref="Slope"/> over 104 ms.</summary>
    public ReadOnlySpan<int> Energy => _energy;

    /// <summary>Starts as if the lead had always stood at a value.</summary>
    public void Settle(int x)
    {
        Array.Fill(_x, x);
        Array.Fill(_low, Box * x);
        Array.Fill(_lower, Box * Box * x);
        Array.Clear(_slope);
        Array.Clear(_energy);
        (_lowSum, _lowerSum, _energySum) = (Box * x, Box * Box * x, 0);
    }

    /// <summary>A value in microvolts as the rings hold it.</summary>
    public static int Quantise(double microvolts)
    {
        double bounded = Math.Clamp(microvolts, -LongestMicrovolts, LongestMicrovolts);
        return (int)(bounded >= 0 ? bounded + 0.5 : bounded - 0.5);
    }

    /// <summary>Copies a stretch of a ring, so that it can be walked through without its mask.</summary>
    /// <param name="ring">One of the rings.</param>
    /// <param name="from">Tick of the first value, as it is placed in the ring.</param>
    /// <param name="into">Filled; no longer than a ring.</param>
    public static void Copy(ReadOnlySpan<int> ring, long from, Span<int> into)
    {
        int at = (int)from & Mask;
        int straight = Math.Min(into.Length, Length - at);
        ring.Slice(at, straight).CopyTo(into);
        ring[..(into.Length - straight)].CopyTo(into[straight..]);
    }

    /// <summary>Takes the sample of a tick.</summary>
    /// <returns>The energy.</returns>
    public int Push(long tick, int x)
    {
        int at = (int)tick & Mask;
        _lowSum += x - _x[(at - Box) & Mask];
        _x[at] = x;
        _lowerSum += _lowSum - _low[(at - Box) & Mask];
        _low[at] = _lowSum;
        int slope = Math.Abs(_lowerSum - _lower[(at - Box) & Mask]);
        _lower[at] = _lowerSum;
        _energySum += slope - _slope[(at - EnergyBox) & Mask];
        _slope[at] = slope;
        _energy[at] = _energySum;
        return _energySum;
    }

    /// <summary>Writes the samples, or reads them and filters them again.</summary>
    /// <param name="codec">Where to.</param>
    /// <param name="tick">The tick that comes next.</param>
    public void Transfer(ref StateCodec codec, long tick)
    {
        int before = 0;
        for (long t = tick - Length; t < tick; t++)
        {
            int delta = _x[(int)t & Mask] - before;
            codec.Integer(ref delta, -2 * LongestMicrovolts, 2 * LongestMicrovolts);
            int x = before + delta;
            if (codec.IsReading)
            {
                if (t == tick - Length)
                    Settle(x);
                Push(t, Math.Clamp(x, -LongestMicrovolts, LongestMicrovolts));
            }

            before = x;
        }
    }
}
