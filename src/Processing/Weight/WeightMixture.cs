using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Weight;

/// <summary>
/// A filter for each pace that is thought possible, and how probable each pace is: a bank of Kalman filters weighed by how well they predict (Magill 1965, IEEE Trans Automat Contr 10:434).
/// With a single pace it is that filter and nothing else. Immutable.
/// </summary>
internal sealed class WeightMixture
{
    /// <summary>The most paces.</summary>
    public const int MaximumPaces = 4;

    /// <summary>A pace may change from one weighing to the next with this probability (the fixed share of Herbster and Warmuth 1998, Machine Learning 32:151), so that none is ever lost.</summary>
    private const double PaceChange = 0.01;

    /// <summary>Errors are weighed by Student's distribution with 7 degrees of freedom: one large error does not decide about a pace.</summary>
    private const double DegreesOfFreedom = 7;

    private readonly LocalTrendFilter[] _filters;
    private readonly double[] _probabilities;

    private WeightMixture(LocalTrendFilter[] filters, double[] probabilities)
    {
        _filters = filters;
        _probabilities = probabilities;
        double level = 0, trend = 0;
        for (int i = 0; i < filters.Length; i++)
        {
            level += probabilities[i] * filters[i].Level;
            trend += probabilities[i] * filters[i].Trend;
        }

        double levelVariance = 0, trendVariance = 0;
        for (int i = 0; i < filters.Length; i++)
        {
            (double levelOff, double trendOff) = (filters[i].Level - level, filters[i].Trend - trend);
            levelVariance += probabilities[i] * (filters[i].LevelVariance + (levelOff * levelOff));
            trendVariance += probabilities[i] * (filters[i].TrendVariance + (trendOff * trendOff));
        }

        (Level, Trend, LevelVariance, TrendVariance) = (level, trend, levelVariance, trendVariance);
    }

    /// <summary>The expected level, kg.</summary>
    public double Level { get; }

    /// <summary>The expected trend, kg a day.</summary>
    public double Trend { get; }

    /// <summary>The level's variance, kg²: that of the filters, and that between them.</summary>
    public double LevelVariance { get; }

    /// <summary>The trend's variance, (kg/day)².</summary>
    public double TrendVariance { get; }

    /// <summary>How many paces there are.</summary>
    public int Count => _filters.Length;

    /// <summary>The same filter at every pace, all equally probable.</summary>
    public static WeightMixture Same(in LocalTrendFilter filter, int paces)
    {
        (var filters, var probabilities) = (new LocalTrendFilter[paces], new double[paces]);
        Array.Fill(filters, filter);
        Array.Fill(probabilities, 1.0 / paces);
        return new WeightMixture(filters, probabilities);
    }

    /// <summary>Every pace's filter begun anew, the paces as probable as they were.</summary>
    public WeightMixture Restarted(in LocalTrendFilter filter)
    {
        var filters = new LocalTrendFilter[Count];
        Array.Fill(filters, filter);
        return new WeightMixture(filters, _probabilities);
    }

    /// <summary>The mixture so many days on.</summary>
    public WeightMixture Predict(double days, double levelVariancePerDay, double trendVariancePerDay, ReadOnlySpan<WeightPace> paces)
    {
        var filters = new LocalTrendFilter[Count];
        for (int i = 0; i < Count; i++)
            filters[i] = _filters[i].Predict(days, levelVariancePerDay * paces[i].Level, trendVariancePerDay);
        return new WeightMixture(filters, _probabilities);
    }

    /// <summary>The variance of a weighing about its own level, kg², over the paces.</summary>
    public double Noise(double measurementVariance, ReadOnlySpan<WeightPace> paces)
    {
        double noise = 0;
        for (int i = 0; i < Count; i++)
            noise += _probabilities[i] * measurementVariance * paces[i].Noise;
        return noise;
    }

    /// <summary>The mixture after a weighing, of which the paces are judged by how well each predicted it when <paramref name="judgesPaces"/>.</summary>
    /// <param name="kilograms">The weighing.</param>
    /// <param name="measurementVariance">Its variance at the configured pace.</param>
    /// <param name="furtherVariance">More variance, the same at every pace.</param>
    /// <param name="paces">The paces.</param>
    /// <param name="judgesPaces">Whether the paces' probabilities change.</param>
    public WeightMixture Update(double kilograms, double measurementVariance, double furtherVariance, ReadOnlySpan<WeightPace> paces, bool judgesPaces)
    {
        var filters = new LocalTrendFilter[Count];
        for (int i = 0; i < Count; i++)
            filters[i] = _filters[i].Update(kilograms, (measurementVariance * paces[i].Noise) + furtherVariance);
        if (!judgesPaces || Count == 1)
            return new WeightMixture(filters, _probabilities);

        var probabilities = new double[Count];
        double sum = 0;
        for (int i = 0; i < Count; i++)
        {
            double variance = _filters[i].LevelVariance + (measurementVariance * paces[i].Noise);
            double error = kilograms - _filters[i].Level;
            double spread = 1 + (error * error / (variance * DegreesOfFreedom));
            double density = 1 / (Math.Sqrt(variance) * spread * spread * spread * spread);
            sum += probabilities[i] = _probabilities[i] * density;
        }

        for (int i = 0; i < Count; i++)
            probabilities[i] = ((1 - PaceChange) * probabilities[i] / sum) + (PaceChange / Count);
        return new WeightMixture(filters, probabilities);
    }

    /// <summary>
    /// After a rejection that nothing explains, an artefact and a jump of the weight are equally likely: each level's variance grows by that of a coin's toss between
    /// staying and following, p (1 - p) (K e)² with p = 1/2 (the spread of two hypotheses: Bar-Shalom and Tse 1975, Automatica 11:451). The levels themselves stay.
    /// </summary>
    /// <param name="predicted">This mixture, predicted for the time of the rejected weighing.</param>
    /// <param name="kilograms">The rejected weighing.</param>
    /// <param name="measurementVariance">Its variance at the configured pace.</param>
    /// <param name="paces">The paces.</param>
    public WeightMixture Doubted(WeightMixture predicted, double kilograms, double measurementVariance, ReadOnlySpan<WeightPace> paces)
    {
        var filters = new LocalTrendFilter[Count];
        for (int i = 0; i < Count; i++)
        {
            LocalTrendFilter then = predicted._filters[i];
            double correction = then.LevelVariance / (then.LevelVariance + (measurementVariance * paces[i].Noise)) * (kilograms - then.Level);
            filters[i] = _filters[i] with { LevelVariance = _filters[i].LevelVariance + (correction * correction / 4) };
        }

        return new WeightMixture(filters, _probabilities);
    }

    /// <summary>The mixture with another number of paces, when configurations change: each begins where the mixture as a whole is.</summary>
    public WeightMixture WithPaces(int paces)
    {
        if (paces == Count)
            return this;
        double covariance = 0;
        for (int i = 0; i < Count; i++)
            covariance += _probabilities[i] * (_filters[i].Covariance + ((_filters[i].Level - Level) * (_filters[i].Trend - Trend)));
        return Same(new LocalTrendFilter(Level, Trend, LevelVariance, covariance, TrendVariance), paces);
    }

    /// <summary>Writes the mixture bit for bit.</summary>
    public void Encode(PayloadWriter writer)
    {
        writer.Unsigned((ulong)Count);
        for (int i = 0; i < Count; i++)
        {
            writer.Double(_probabilities[i]);
            writer.Double(_filters[i].Level);
            writer.Double(_filters[i].Trend);
            writer.Double(_filters[i].LevelVariance);
            writer.Double(_filters[i].Covariance);
            writer.Double(_filters[i].TrendVariance);
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a mixture.</exception>
    public static WeightMixture Decode(ref PayloadReader reader)
    {
        int count = reader.Count(MaximumPaces);
        (var filters, var probabilities) = (new LocalTrendFilter[count], new double[count]);
        (double sum, bool sound) = (0, count > 0);
        for (int i = 0; i < count; i++)
        {
            probabilities[i] = reader.Double();
            filters[i] = new LocalTrendFilter(reader.Double(), reader.Double(), reader.Double(), reader.Double(), reader.Double());
            sound = sound && probabilities[i] > 0 && filters[i].IsSound;
            sum += probabilities[i];
        }

        if (!sound || !(Math.Abs(sum - 1) < 1e-9))
            throw new InvalidDataException($"Byte {reader.Position}: the numbers before it are not those of weight filters.");
        return new WeightMixture(filters, probabilities);
    }
}
