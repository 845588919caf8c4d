namespace PhysioActors.Seed.Clinical;

/// <summary>A share with its 95 % intervals.</summary>
/// <param name="Value">The share.</param>
/// <param name="Wilson">Interval by the number of beats (Wilson 1927), which takes the beats for independent.</param>
/// <param name="ByCase">Interval by drawing whole cases with replacement, 2.5 % to 97.5 %, which does not.</param>
internal sealed record Proportion(double Value, double[] Wilson, double[] ByCase)
{
    private const double Z = 1.959963984540054;

    /// <summary>Wilson's score interval.</summary>
    public static double[] WilsonOf(long hits, long trials)
    {
        if (trials == 0)
            return [0, 1];
        double p = (double)hits / trials, n = trials, z2 = Z * Z;
        double middle = (p + (z2 / (2 * n))) / (1 + (z2 / n));
        double half = Z * Math.Sqrt((p * (1 - p) / n) + (z2 / (4 * n * n))) / (1 + (z2 / n));
        return [Round(middle - half), Round(middle + half)];
    }

    public static double Round(double value) => Math.Round(value, 4);
}
