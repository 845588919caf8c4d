namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// One lead at the detector's own rate: its last two seconds in microvolts and what the filters made of them. All sums are of integers, so they never drift,
/// and everything follows from the last samples.
/// </summary>
/// <remarks>
/// The filters are those of Pan and Tompkins (1985) and Hamilton and Tompkins (1986) in other lengths: two boxes of 20 ms (their zeros lie on 50 Hz), a difference over 20 ms,
/// its magnitude summed over 80 ms. The sum is 16 ticks late.
/// </remarks>
internal sealed class EcgLead
{
    /// <summary>Ticks kept.</summary>
    public const int Length = 512;

    /// <summary>For places in the rings.</summary>
    public const int Mask = Length - 1;

    /// <summary>Ticks from the middle of a deflection to the peak of its energy.</summary>
    public const int EnergyDelay = 16;

    /// <summary>Ticks of the smoothing box.</summary>
    public const int Box = 5;

    private const int EnergyBox = 20;

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

    /// <summary>The samples summed over a box: five times the smoothed signal, 2 ticks late.</summary>
    public ReadOnlySpan<int> Low => _low;

    /// <summary>The magnitude of the slope, 6.5 ticks late.</summary>
    public ReadOnlySpan<int> Slope => _slope;

    /// <summary>The summed magnitude of the slope, 16 ticks late.</summary>
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

    public void Transfer(ref StateCodec codec)
    {
        foreach (int[] ring in (int[][])[_x, _low, _lower, _slope, _energy])
        {
            foreach (ref int value in ring.AsSpan())
                codec.Integer(ref value, int.MinValue, int.MaxValue);
        }

        codec.Integer(ref _lowSum, int.MinValue, int.MaxValue);
        codec.Integer(ref _lowerSum, int.MinValue, int.MaxValue);
        codec.Integer(ref _energySum, int.MinValue, int.MaxValue);
    }
}
