namespace PhysioActors.Processing.Weight;

/// <summary>
/// The Kalman filter of the local linear trend model at uneven times: y = level + noise, the level moves with the trend and walks, the trend walks
/// (Durbin and Koopman, Time Series Analysis by State Space Methods, 2nd edition, section 3.2.1, in continuous time: Harvey 1989, section 9.1).
/// Only + - * / are used.
/// </summary>
/// <param name="Level">Level, kg.</param>
/// <param name="Trend">Trend, kg a day.</param>
/// <param name="LevelVariance">Variance of the level.</param>
/// <param name="Covariance">Covariance of level and trend.</param>
/// <param name="TrendVariance">Variance of the trend.</param>
internal readonly record struct LocalTrendFilter(double Level, double Trend, double LevelVariance, double Covariance, double TrendVariance)
{
    /// <summary>
    /// The state so many days on. The walks are integrated exactly over the interval: the level's adds q t, the trend's adds
    /// q t³/3 to the level, q t²/2 to the covariance and q t to the trend (Harvey 1989, equation 9.1.9), so that two steps in a row are the same as one.
    /// </summary>
    public LocalTrendFilter Predict(double days, double levelVariancePerDay, double trendVariancePerDay)
    {
        double trendWalk = trendVariancePerDay * days;
        return new(
            Level + (days * Trend),
            Trend,
            LevelVariance + (2 * days * Covariance) + (days * days * TrendVariance) + (levelVariancePerDay * days) + (trendWalk * days * days / 3),
            Covariance + (days * TrendVariance) + (trendWalk * days / 2),
            TrendVariance + trendWalk);
    }

    /// <summary>
    /// Takes a measurement of the level. The covariance is updated in Joseph's form, (I - K H) P (I - K H)' + K R K', which stays symmetric and positive
    /// whatever is rounded (Bucy and Joseph 1968; Grewal and Andrews, Kalman Filtering, section 6.3).
    /// </summary>
    public LocalTrendFilter Update(double measured, double measurementVariance)
    {
        double innovation = measured - Level;
        double variance = LevelVariance + measurementVariance;
        double levelGain = LevelVariance / variance;
        double trendGain = Covariance / variance;
        double rest = 1 - levelGain;
        return new(
            Level + (levelGain * innovation),
            Trend + (trendGain * innovation),
            (rest * rest * LevelVariance) + (levelGain * levelGain * measurementVariance),
            (rest * (Covariance - (trendGain * LevelVariance))) + (levelGain * trendGain * measurementVariance),
            TrendVariance - (2 * trendGain * Covariance) + (trendGain * trendGain * LevelVariance) + (trendGain * trendGain * measurementVariance));
    }

    /// <summary>True when all numbers are finite and the covariance is one.</summary>
    public bool IsSound =>
        double.IsFinite(Level) && double.IsFinite(Trend) && double.IsFinite(Covariance) && double.IsFinite(LevelVariance) && double.IsFinite(TrendVariance)
        && Level > 0 && LevelVariance > 0 && TrendVariance >= 0 && Covariance * Covariance <= LevelVariance * TrendVariance * (1 + 1e-9);
}
