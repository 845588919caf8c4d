using System.Runtime.CompilerServices;

namespace PhysioActors.Processing.Signals;

/// <summary>
/// The sums of one window, over event times t in milliseconds since 1970 and values v in steps.
/// </summary>
/// <remarks>
/// The sums wrap at 2^64, on purpose: a sample that leaves takes away exactly what it brought, however long ago. What is computed from them,
/// n Σtv - Σt Σv and n Σt² - (Σt)², does not depend on the origin of time, and is at most n² R²/4 &lt; 2^62.4 for n ≤ 8,192 samples within R = 600,000 ms.
/// So it fits 64 bits, and arithmetic modulo 2^64 gives it exactly.
/// </remarks>
internal struct SpanSums
{
    /// <summary>Event time of the oldest sample in the window.</summary>
    public long OldestMs;

    private long _t;
    private long _tt;
    private long _tv;
    private long _vv;
    private uint _v;

    /// <summary>Number of the oldest sample in the window.</summary>
    public ushort Oldest;

    /// <summary>Sum of the values in steps.</summary>
    public readonly uint Values => _v;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Add(long t, uint v)
    {
        unchecked
        {
            _t += t;
            _tt += t * t;
            _tv += t * v;
            _vv += (long)v * v;
            _v += v;
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Remove(long t, uint v)
    {
        unchecked
        {
            _t -= t;
            _tt -= t * t;
            _tv -= t * v;
            _vv -= (long)v * v;
            _v -= v;
        }
    }

    /// <summary>Starts an empty window at sample <paramref name="number"/>.</summary>
    public void Clear(ushort number)
    {
        this = default;
        Oldest = number;
    }

    /// <summary>n Σv² - (Σv)²: n (n - 1) times the variance, in square steps.</summary>
    public readonly long SquaredDeviations(int n) => unchecked((n * _vv) - ((long)_v * _v));

    /// <summary>n Σt² - (Σt)², in square milliseconds: 0 exactly when all times are equal.</summary>
    public readonly long SquaredTimes(int n) => unchecked((n * _tt) - (_t * _t));

    /// <summary>n Σtv - Σt Σv, in milliseconds times steps.</summary>
    public readonly long Products(int n) => unchecked((n * _tv) - (_t * _v));
}
