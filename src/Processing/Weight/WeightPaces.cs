namespace PhysioActors.Processing.Weight;

/// <summary>How fast a person's weight really moves, as a factor on the level's walk and one on the scatter of single weighings.</summary>
/// <param name="Level">Factor on the level's variance a day.</param>
/// <param name="Noise">Factor on the variance of a weighing.</param>
internal readonly record struct WeightPace(double Level, double Noise);

/// <summary>
/// The paces between which the weighings decide. Weighed day by day, all lead to prediction errors of the same size: they differ in how much of that size is the weight's own movement and
/// how much is scatter about it, which only the order of the errors can tell.
/// </summary>
internal static class WeightPaces
{
    /// <summary>The ratio of movement to scatter, as multiples of the configured one: from a weight that is nearly its last weighing to one that hardly moves.</summary>
    private static readonly double[] s_multiples = [5, 1, 0.2, 0.04];

    private static readonly WeightPace[] s_configured = [new(1, 1)];

    /// <summary>The paces for a configuration; the configured alone when none is learnt.</summary>
    public static WeightPace[] Of(WeightConfiguration configuration)
    {
        if (!configuration.LearnsPace)
            return s_configured;
        double ratio = configuration.LevelVariancePerDay / configuration.MeasurementVariance(WeightSource.PatientScale);
        return Array.ConvertAll(s_multiples, multiple =>
        {
            double noise = ErrorVariance(ratio) / ErrorVariance(ratio * multiple);
            return new WeightPace(multiple * noise, noise);
        });
    }

    /// <summary>
    /// The steady variance of the prediction error of a local level model with this ratio of walk to noise a step, as a multiple of the noise
    /// (Durbin and Koopman, 2nd edition, section 2.11).
    /// </summary>
    private static double ErrorVariance(double ratio) => 1 + ((ratio + Math.Sqrt((ratio * ratio) + (4 * ratio))) / 2);
}
