namespace PhysioActors.Processing.Weight;

/// <summary>
/// What is known of a person's weight after weighings in the order of their times: the filters, or the queue of weighings that wait for it. Changed only by <see cref="Fold"/>.
/// Only + - * / and square roots are used: the same weighings give the same bits on every machine.
/// </summary>
internal sealed partial class WeightCourse
{
    /// <summary>The most weighings that wait for a beginning.</summary>
    public const int MaximumHeld = 8;

    private const int MaximumRejected = 4;
    private const int ShiftMeasurements = 3;
    private const double MillisecondsPerDay = 86_400_000;
    private const double ShiftSpanMs = MillisecondsPerDay;
    private const double PriorLevelMs = 180 * MillisecondsPerDay;

    /// <summary>Weighings of one person within so much of each other agree well enough to begin a course; a housemate or a wrong unit rarely does.</summary>
    private const double AgreementShare = 0.1;

    /// <summary>The median absolute deviation of a normal distribution times this is its standard deviation (Hampel 1974, J Am Stat Assoc 69:383).</summary>
    private const double NormalMad = 1.482602218505602;

    /// <summary>
    /// What min(z², 4) is held at. Over those of a normal distribution that a gate of 3 lets through its mean is 0.912; the errors of filters that learn are a mixture with heavier tails,
    /// and 0.88 makes the 95 % intervals of simulated people hold 95 %.
    /// </summary>
    private const double MeanCutSquare = 0.88;

    private const double LeastScale = 0.25;
    private const double MostScale = 6;

    private readonly List<WeightMeasurement> _held = []; // Waiting for a beginning, or rejected in a row.
    private WeightMixture? _filters; // Null before a beginning.
    private long _timeMs; // Of the newest accepted weighing.
    private double _scale; // All noise, as a multiple of the configured.
    private double _firstScale;
    private double _priorLevel; // Of the course before the gap; 0 when there was none.
    private long _priorTimeMs;

    /// <summary>The estimate; null before a beginning.</summary>
    public WeightEstimate? Estimate => _filters is not { } known ? null : new WeightEstimate(
        _timeMs, known.Level, Math.Sqrt(known.LevelVariance), 7 * known.Trend, 7 * Math.Sqrt(known.TrendVariance));

    /// <summary>The newest weighing that left a trace, milliseconds since 1970 UTC; -1 when there is none.</summary>
    public long NewestMs => _held.Count > 0 ? _held[^1].TimeMs : _filters is not null ? _timeMs : _priorLevel > 0 ? _priorTimeMs : -1;

    /// <summary>An independent copy.</summary>
    public WeightCourse Copy()
    {
        WeightCourse copy = new()
        {
            _filters = _filters,
            _timeMs = _timeMs,
            _scale = _scale,
            _firstScale = _firstScale,
            _priorLevel = _priorLevel,
            _priorTimeMs = _priorTimeMs,
        };
        copy._held.AddRange(_held);
        return copy;
    }

    /// <summary>Takes a weighing that is not older than any before it.</summary>
    public WeightResult Fold(in WeightMeasurement measurement, WeightConfiguration configuration)
    {
        bool afterGap = _filters is not null && measurement.TimeMs - _timeMs > configuration.GapDays * MillisecondsPerDay;
        if (afterGap)
            Close();
        WeightPace[] paces = WeightPaces.Of(configuration);
        if (_filters is not { } filters)
            return Queue(measurement, configuration, paces, afterGap);
        _filters = filters.WithPaces(paces.Length);
        return Judge(_filters, measurement, configuration, paces);
    }

    /// <summary>Ends a course, and remembers its level: pounds are still known for what they are after a gap.</summary>
    private void Close()
    {
        (_priorLevel, _priorTimeMs) = (_filters!.Level, _timeMs);
        _held.Clear();
        _filters = null;
        _timeMs = 0;
        _scale = _firstScale = 0; // One state, one encoding.
    }

    private WeightResult Queue(in WeightMeasurement measurement, WeightConfiguration configuration, WeightPace[] paces, bool afterGap)
    {
        if (_priorLevel > 0 && (measurement.IsConfirmed || measurement.TimeMs - _priorTimeMs > PriorLevelMs))
            (_priorLevel, _priorTimeMs) = (0, 0);
        if (_priorLevel > 0 && Disagreement.WrongUnitAfterGap(measurement.Kilograms, _priorLevel) is var unit and not WeightReason.None)
            return new WeightResult { Outcome = WeightOutcome.Rejected, Reason = unit };

        if (_held.Count > 0 && measurement.TimeMs - _held[^1].TimeMs > configuration.GapDays * MillisecondsPerDay)
            _held.Clear();
        if (_held.Count == MaximumHeld)
            _held.RemoveAt(0);
        _held.Add(measurement);
        if (!TryBegin(configuration, paces))
            return new WeightResult { Outcome = afterGap ? WeightOutcome.QueuedAfterGap : WeightOutcome.Queued };
        return new WeightResult { Outcome = WeightOutcome.Initialised, Estimate = Estimate };
    }

    /// <summary>
    /// Begins when enough of the queue agree. Their median is the baseline and the median absolute deviation its uncertainty, as of the first of them; then they are filtered one by one,
    /// so that weighings that lie weeks apart lead to where the weight is now and not to where it was on average. Scatter that the weight's walk over their time does not explain
    /// counts as noise of these weighings: one of three that is off does not pull the beginning with it.
    /// </summary>
    private bool TryBegin(WeightConfiguration configuration, WeightPace[] paces)
    {
        List<WeightMeasurement> agreeing = LargestAgreement();
        if (agreeing.Count < configuration.InitialMeasurements)
            return false;
        double[] sorted = [.. agreeing.Select(m => m.Kilograms).Order()];
        double baseline = Median(sorted);
        double scatter = NormalMad * Median([.. sorted.Select(kilograms => Math.Abs(kilograms - baseline)).Order()]);
        SetScale(baseline, configuration);
        double deviation = Math.Max(scatter, configuration.BaselineFloor * Math.Sqrt(_scale));
        double walked = configuration.LevelVariancePerDay * _scale * (agreeing[^1].TimeMs - agreeing[0].TimeMs) / MillisecondsPerDay;
        double unexplained = configuration.IsLinear ? 0 : Math.Max(0, (scatter * scatter) - walked);
        _timeMs = agreeing[0].TimeMs;
        _filters = WeightMixture.Same(new LocalTrendFilter(baseline, 0, deviation * deviation, 0, InitialTrendVariance(configuration)), paces.Length);
        foreach (WeightMeasurement measurement in agreeing)
        {
            _filters = Predicted(_filters, measurement.TimeMs, configuration, paces).Update(measurement.Kilograms, Noise(measurement, configuration), unexplained, paces, judgesPaces: false);
            _timeMs = measurement.TimeMs;
        }

        (_priorLevel, _priorTimeMs) = (0, 0);
        _held.Clear();
        return true;
    }

    /// <summary>The most weighings of the queue that lie near one of them; of equally many, those near the newest.</summary>
    private List<WeightMeasurement> LargestAgreement()
    {
        List<WeightMeasurement> largest = [];
        for (int i = _held.Count - 1; i >= 0; i--)
        {
            double centre = _held[i].Kilograms;
            List<WeightMeasurement> near = _held.FindAll(m => Math.Abs(m.Kilograms - centre) <= AgreementShare * centre);
            if (near.Count > largest.Count)
                largest = near;
        }

        return largest;
    }

    private WeightResult Judge(WeightMixture filters, in WeightMeasurement measurement, WeightConfiguration configuration, WeightPace[] paces)
    {
        WeightMixture predicted = Predicted(filters, measurement.TimeMs, configuration, paces);
        double noise = Noise(measurement, configuration);
        double deviation = Math.Sqrt(predicted.LevelVariance + predicted.Noise(noise, paces));
        double error = measurement.Kilograms - predicted.Level;
        double normalised = error / deviation;
        WeightResult result = new()
        {
            Outcome = WeightOutcome.Accepted,
            Judgement = new WeightJudgement(Confidence(Math.Abs(normalised), configuration.Gate), error, deviation),
        };

        if (Math.Abs(normalised) <= configuration.Gate)
        {
            _filters = predicted.Update(measurement.Kilograms, noise, 0, paces, judgesPaces: true);
            _timeMs = measurement.TimeMs;
            _held.Clear();
            LearnScale(normalised, configuration);
            return result with { Estimate = Estimate };
        }

        if (measurement.IsConfirmed)
        {
            SetScale(measurement.Kilograms, configuration);
            Restart(measurement, WeightMixture.Same(Beginning(measurement.Kilograms, Noise(measurement, configuration), configuration), paces.Length));
            return result with { Outcome = WeightOutcome.ConfirmedAccepted, Estimate = Estimate };
        }

        DisagreementKind kind = Disagreement.KindOf(measurement, predicted.Level, deviation);
        bool canBeShift = kind is DisagreementKind.Explicable or DisagreementKind.Open;
        if (canBeShift && IsShift(filters, measurement, error > 0, configuration, paces))
        {
            double sum = 0;
            foreach (WeightMeasurement held in _held)
                sum += held.Kilograms;
            double days = (measurement.TimeMs - _held[0].TimeMs) / MillisecondsPerDay;
            double variance = (noise / _held.Count) + (configuration.LevelVariancePerDay * _scale * days / 3);
            Restart(measurement, filters.Restarted(Beginning(sum / _held.Count, variance, configuration)));
            return result with { Outcome = WeightOutcome.ShiftAccepted, Estimate = Estimate };
        }

        if (kind == DisagreementKind.Open)
            _filters = filters.Doubted(predicted, measurement.Kilograms, noise, paces);
        WeightReason reason = Disagreement.ReasonOf(measurement, predicted.Level, deviation, agrees: canBeShift && _held.Count > 1);
        return result with { Outcome = WeightOutcome.Rejected, Reason = reason, Estimate = Estimate };
    }

    private void LearnScale(double normalised, WeightConfiguration configuration)
    {
        if (configuration.ScaleRate == 0)
            return;
        double excess = Math.Min(normalised * normalised, 4) - MeanCutSquare;
        _scale = Math.Clamp(_scale * (1 + (configuration.ScaleRate * excess)), LeastScale * _firstScale, MostScale * _firstScale);
    }

    /// <summary>
    /// Adds a rejected weighing to those before it, drops those that disagree with it, and tells whether three or more on one side, within two standard deviations of each other,
    /// have come over at least a day. The first is kept however many come, so that the day can pass.
    /// </summary>
    private bool IsShift(WeightMixture filters, WeightMeasurement measurement, bool above, WeightConfiguration configuration, WeightPace[] paces)
    {
        double noise = Noise(measurement, configuration);
        _held.RemoveAll(held =>
        {
            double days = (measurement.TimeMs - held.TimeMs) / MillisecondsPerDay;
            double variance = noise + Noise(held, configuration) + (configuration.LevelVariancePerDay * _scale * days);
            double difference = measurement.Kilograms - held.Kilograms;
            bool heldAbove = held.Kilograms > Predicted(filters, held.TimeMs, configuration, paces).Level;
            return heldAbove != above || difference * difference > 4 * variance;
        });
        if (_held.Count == MaximumRejected)
            _held.RemoveAt(1);
        _held.Add(measurement);
        return _held.Count >= ShiftMeasurements && measurement.TimeMs - _held[0].TimeMs >= ShiftSpanMs;
    }

    private void Restart(in WeightMeasurement measurement, WeightMixture filters)
    {
        _filters = filters;
        _timeMs = measurement.TimeMs;
        _held.Clear();
    }

    private LocalTrendFilter Beginning(double level, double variance, WeightConfiguration configuration) => new(level, 0, variance, 0, InitialTrendVariance(configuration));

    private void SetScale(double kilograms, WeightConfiguration configuration)
    {
        double share = configuration.ReferenceKilograms > 0 ? kilograms / configuration.ReferenceKilograms : 1;
        _scale = _firstScale = share * share;
    }

    private WeightMixture Predicted(WeightMixture filters, long timeMs, WeightConfiguration configuration, WeightPace[] paces) => filters.Predict(
        (timeMs - _timeMs) / MillisecondsPerDay, configuration.LevelVariancePerDay * _scale, configuration.TrendVariancePerDay * _scale, paces);

    private double Noise(in WeightMeasurement measurement, WeightConfiguration configuration) => configuration.MeasurementVariance(measurement.Source) * _scale;

    private double InitialTrendVariance(WeightConfiguration configuration) => configuration.InitialTrendDeviation * configuration.InitialTrendDeviation * _scale;

    private static double Confidence(double deviations, double gate) =>
        deviations > gate ? 0.1
        : deviations <= 1 ? 0.95
        : deviations <= 2 ? 0.8
        : 0.5;

    private static double Median(double[] sorted) =>
        sorted.Length % 2 == 1 ? sorted[sorted.Length / 2] : (sorted[(sorted.Length / 2) - 1] + sorted[sorted.Length / 2]) / 2;
}
