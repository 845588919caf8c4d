using System.Runtime.CompilerServices;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Scoring;

/// <summary>
/// Quantiles of a patient's recent scores: a histogram of <see cref="Bins"/> bins of <see cref="Resolution"/> from <see cref="Lowest"/> on, in integers. When
/// <see cref="HalvedAt"/> scores are in it all bins are halved, so that it speaks of the last one to two hours of a score a second, the newer half weighing most.
/// </summary>
/// <remarks>
/// An isolation forest of 256 samples a tree scores between about 0.3 and 0.85; what lies outside of the bins counts in the outermost ones.
/// A quantile is off by at most one bin, 0.0025, from that of the same scores sorted; between the ends of a bin it is interpolated.
/// </remarks>
public sealed class RecentQuantile
{
    /// <summary>Number of bins.</summary>
    public const int Bins = 256;

    /// <summary>Where the first bin begins.</summary>
    public const double Lowest = 0.25;

    /// <summary>Width of a bin.</summary>
    public const double Resolution = 1.0 / PerUnit;

    /// <summary>How many scores are in it when it is halved.</summary>
    public const int HalvedAt = 7200;

    private const int PerUnit = 400;

    private Histogram _bins;
    private int _total;
    private int _highest; // No bin above it holds anything.
    private long _count;

    /// <summary>How many scores were ever added.</summary>
    public long Count => _count;

    /// <summary>Adds a score.</summary>
    /// <param name="score">0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The score is not a number from 0 to 1.</exception>
    public void Add(double score)
    {
        if (!(score >= 0 && score <= 1))
            throw new ArgumentOutOfRangeException(nameof(score), score, "A score lies between 0 and 1.");
        int bin = Math.Clamp((int)((score - Lowest) * PerUnit), 0, Bins - 1);
        _bins[bin]++;
        _highest = Math.Max(_highest, bin);
        _count++;
        if (++_total == HalvedAt)
            Halve();
    }

    /// <summary>The value below which a share of the recent scores lies; NaN before the first score.</summary>
    /// <param name="q">The share, 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not a number from 0 to 1.</exception>
    public double Quantile(double q)
    {
        if (!(q >= 0 && q <= 1))
            throw new ArgumentOutOfRangeException(nameof(q), q, "A share lies between 0 and 1.");
        if (_total == 0)
            return double.NaN;

        // From above: high quantiles are asked for, and few bins lie above them.
        double rank = q * _total;
        int bin = _highest;
        int below = _total - _bins[bin];
        while (bin > 0 && (below > rank || _bins[bin] == 0))
            below -= _bins[--bin];
        double within = _bins[bin] == 0 ? 0 : (rank - below) / _bins[bin];
        return Lowest + ((bin + within) * Resolution);
    }

    /// <summary>Writes the bins that hold something.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Unsigned((ulong)_count);
        int used = 0;
        for (int i = 0; i < Bins; i++)
            used += _bins[i] == 0 ? 0 : 1;
        writer.Unsigned((ulong)used);
        int from = 0;
        for (int i = 0; i < Bins; i++)
        {
            if (_bins[i] == 0)
                continue;
            writer.Unsigned((ulong)(i - from));
            writer.Unsigned(_bins[i]);
            from = i + 1;
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a histogram.</exception>
    public static RecentQuantile Decode(ref PayloadReader reader)
    {
        var quantile = new RecentQuantile { _count = (long)reader.Unsigned() };
        int used = reader.Count(Bins);
        int at = 0;
        for (int i = 0; i < used; i++)
        {
            at += reader.Count(Bins);
            int count = reader.Count(HalvedAt - 1);
            if (at >= Bins || count == 0)
                throw new InvalidDataException($"Byte {reader.Position}: a histogram of scores names bin {at} with {count} scores.");
            quantile._bins[at] = (ushort)count;
            quantile._total += count;
            quantile._highest = at++;
        }

        if (quantile._total >= HalvedAt || quantile._count < quantile._total)
            throw new InvalidDataException($"Byte {reader.Position}: a histogram of {quantile._total} scores where {quantile._count} were added.");
        return quantile;
    }

    /// <summary>Halves all bins. The odd one goes on to the next bin, so that no cumulative count is off by more than one half.</summary>
    private void Halve()
    {
        int carried = 0;
        (_total, int highest) = (0, 0);
        for (int i = 0; i <= _highest; i++)
        {
            int count = _bins[i] + carried;
            carried = count & 1;
            _bins[i] = (ushort)(count >> 1);
            _total += count >> 1;
            if (count > 1)
                highest = i;
        }

        _highest = highest;
    }

    [InlineArray(Bins)]
    private struct Histogram
    {
        private ushort _first;
    }
}
