using System.Globalization;
using System.Text.Json.Serialization;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Percentiles, in the unit of the name that carries them.</summary>
internal sealed record Percentiles(double P50, double P99, double Max)
{
    /// <summary>Of values in any order, which are sorted; all 0 when there is none. Nearest rank.</summary>
    public static Percentiles Of(List<double> values)
    {
        if (values.Count == 0)
            return new(0, 0, 0);
        values.Sort();
        return new(Rank(values, 0.5), Rank(values, 0.99), Math.Round(values[^1], 3));
    }

    /// <summary>The middle and the end, for people.</summary>
    [JsonIgnore]
    public string Ends => string.Create(CultureInfo.InvariantCulture, $"p50 {P50}, p99 {P99}");

    /// <summary>The middle, the end and the worst, for people.</summary>
    [JsonIgnore]
    public string All => string.Create(CultureInfo.InvariantCulture, $"{Ends}, max {Max}");

    private static double Rank(List<double> sorted, double share) => Math.Round(sorted[Math.Max(0, (int)Math.Ceiling(share * sorted.Count) - 1)], 3);
}
