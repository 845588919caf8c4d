namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>The eight latest values of a quantity, with their median and mean. Eight are what Hamilton and Tompkins (1986) keep of peaks and of RR intervals.</summary>
internal sealed class RecentEight
{
    private const int Size = 8;

    private readonly double[] _values = new double[Size];
    private int _count; // 0 to Size while filling, then Size to 2 Size - 1, so that it tells the place, too.

    /// <summary>Whether there are any.</summary>
    public bool IsEmpty => _count == 0;

    /// <summary>How many there are.</summary>
    public int Count => Math.Min(_count, Size);

    /// <summary>Their median; 0 when there are none.</summary>
    public double Median { get; private set; }

    /// <summary>Their mean; 0 when there are none.</summary>
    public double Mean { get; private set; }

    /// <summary>Takes a value in place of the oldest.</summary>
    public void Add(double value)
    {
        _values[_count & (Size - 1)] = value;
        _count = _count == (2 * Size) - 1 ? Size : _count + 1;
        Summarise();
    }

    /// <summary>Multiplies all of them.</summary>
    public void Scale(double by)
    {
        for (int i = 0; i < Count; i++)
            _values[i] *= by;
        Summarise();
    }

    /// <summary>Forgets them.</summary>
    public void Clear()
    {
        Array.Clear(_values);
        _count = 0;
        Summarise();
    }

    /// <summary>Writes or reads the values.</summary>
    public void Transfer(ref StateCodec codec)
    {
        codec.Integer(ref _count, 0, (2 * Size) - 1);
        codec.Numbers(_values.AsSpan(0, Count));
        if (codec.IsReading)
            Summarise();
    }

    private void Summarise()
    {
        int n = Count;
        (Median, Mean) = (0, 0);
        if (n == 0)
            return;
        Span<double> sorted = stackalloc double[Size];
        sorted = sorted[..n];
        _values.AsSpan(0, n).CopyTo(sorted);
        // So few are sorted fastest by insertion.
        for (int i = 1; i < n; i++)
        {
            double value = sorted[i];
            int at = i;
            for (; at > 0 && sorted[at - 1] > value; at--)
                sorted[at] = sorted[at - 1];
            sorted[at] = value;
        }

        Median = (sorted[(n - 1) / 2] + sorted[n / 2]) / 2;
        double sum = 0;
        foreach (double value in sorted)
            sum += value;
        Mean = sum / n;
    }
}
