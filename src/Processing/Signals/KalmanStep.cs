namespace PhysioActors.Processing.Signals;

/// <summary>
/// One step of the Kalman filter of the local level model, y = level + noise, level a random walk
/// (Durbin and Koopman, Time Series Analysis by State Space Methods, 2nd edition, section 2.2).
/// </summary>
/// <param name="Level">The filtered level after the reading.</param>
/// <param name="Variance">The variance of the filtered level.</param>
/// <param name="Innovation">The reading minus the prediction.</param>
/// <param name="InnovationVariance">The variance of the innovation before the reading was known.</param>
public readonly record struct KalmanStep(double Level, double Variance, double Innovation, double InnovationVariance)
{
    /// <summary>The step from a filtered level to the next.</summary>
    /// <param name="level">The filtered level before.</param>
    /// <param name="variance">Its variance.</param>
    /// <param name="processVariance">Variance that the random walk adds between the two (per step; for time in seconds, the variance per second times the seconds).</param>
    /// <param name="measurementVariance">Variance of the reading.</param>
    /// <param name="value">The reading.</param>
    public static KalmanStep From(double level, double variance, double processVariance, double measurementVariance, double value)
    {
        double predicted = variance + processVariance;
        double innovationVariance = predicted + measurementVariance;
        double innovation = value - level;
        double gain = predicted / innovationVariance;
        return new(level + (gain * innovation), predicted * measurementVariance / innovationVariance, innovation, innovationVariance);
    }
}
