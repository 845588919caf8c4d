namespace PhysioActors.Processing.Tests.Weight;

/// <summary>Weighings of a person who is exactly as the model says, from a seed.</summary>
internal static class SimulatedWeight
{
    private static readonly double[] Gaps = [0.5, 1, 1, 1, 1, 2, 3, 7];

    public static IEnumerable<(double Day, double Kilograms)> Series(int seed, int count, double levelVariance, double trendVariance, double deviation, double level = 80)
    {
        Random random = new(seed);
        double day = 0;
        double trend = 0;
        for (int i = 0; i < count; i++)
        {
            double t = i == 0 ? 0 : Gaps[random.Next(Gaps.Length)];
            day += t;

            // The integrated walk: its part that goes with the trend's step, and its part that does not.
            double trendStep = Normal(random) * Math.Sqrt(trendVariance * t);
            level += (trend * t) + (trendStep * t / 2) + (Normal(random) * Math.Sqrt(trendVariance * t * t * t / 12)) + (Normal(random) * Math.Sqrt(levelVariance * t));
            trend += trendStep;
            yield return (day, level + (Normal(random) * deviation));
        }
    }

    public static double Normal(Random random) => Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
