namespace PhysioActors.Processing.Weight;

/// <summary>
/// What is known of a person's weight after weighings in the order of their times: the filter, or the queue of weighings that wait for it. Changed only by <see cref="Fold"/>.
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
    /// What min(z², 4) is held at. Over those of a normal distribution that a gate of 3 lets through its mean is 0.912; the errors of a filter that learns are a mixture with heavier tails,
    /// and 0.85 makes the 95 % intervals of simulated people hold 95 %.
    /// </summary>
    private const double MeanCutSquare = 0.85;

    private const double LeastPace = 0.1;
    private const double MostPace = 4;
    private const double LeastScale = 0.25;
    private const double MostScale = 6;

    private readonly List<WeightMeasurement> _held = []; // Waiting for a beginning, or rejected in a row.
    private bool _begun;
    private LocalTrendFilter _filter;
    private long _timeMs; // Of the newest accepted weighing.
    private double _scale; // All noise, as a multiple of the configured.
    private double _firstScale;
    private double _pace; // The level's walk, as a further multiple.
    private double _normalisedError; // Of the newest accepted weighing.
    private double _priorLevel; // Of the course before the gap; 0 when there was none.
    private long _priorTimeMs;

    /// <summary>The estimate; null before a beginning.</summary>
    public WeightEstimate? Estimate => !_begun ? null : new WeightEstimate(
        _timeMs, _filter.Level, Math.Sqrt(_filter.LevelVariance), 7 * _filter.Trend, 7 * Math.Sqrt(_filter.TrendVariance));

    /// <summary>The newest weighing that left a trace, milliseconds since 1970 UTC; -1 when there is none.</summary>
    public long NewestMs => _held.Count > 0 ? _held[^1].TimeMs : _begun ? _timeMs : _priorLevel > 0 ? _priorTimeMs : -1;

    /// <summary>An independent copy.</summary>
    public WeightCourse Copy()
    {
        WeightCourse copy = new()
        {
            _begun = _begun,
            _filter = _filter,
            _timeMs = _timeMs,
            _scale = _scale,
            _firstScale = _firstScale,
            _pace = _pace,
            _normalisedError = _normalisedError,
            _priorLevel = _priorLevel,
            _priorTimeMs = _priorTimeMs,
        };
        copy._held.AddRange(_held);
        return copy;
    }

    /// <summary>Takes a weighing that is not older than any before it.</summary>
    public WeightResult Fold(in WeightMeasurement measurement, WeightConfiguration configuration)
    {
        bool afterGap = _begun && measurement.TimeMs - _timeMs > configuration.GapDays * MillisecondsPerDay;
        if (afterGap)
            Close();
        return _begun ? Judge(measurement, configuration) : Queue(measurement, configuration, afterGap);
    }

    /// <summary>Ends a course, and remembers its level: pounds are still known for what they are after a gap.</summary>
    private void Close()
    {
        (_priorLevel, _priorTimeMs) = (_filter.Level, _timeMs);
        _held.Clear();
        _begun = false;
        _filter = default;
        _timeMs = 0;
        _scale = _firstScale = _pace = _normalisedError = 0; // One state, one encoding.
    }

    private WeightResult Queue(in WeightMeasurement measurement, WeightConfiguration configuration, bool afterGap)
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
        if (!TryBegin(configuration))
            return new WeightResult { Outcome = afterGap ? WeightOutcome.QueuedAfterGap : WeightOutcome.Queued };
        return new WeightResult { Outcome = WeightOutcome.Initialised, Estimate = Estimate };
    }

    /// <summary>
    /// Begins when enough of the queue agree. Their median is the baseline and the median absolute deviation its uncertainty, as of the first of them;
    /// then they are filtered one by one, so that weighings that lie weeks apart lead to where the weight is now and not to where it was on average.
    /// </summary>
    private bool TryBegin(WeightConfiguration configuration)
    {
        List<WeightMeasurement> agreeing = LargestAgreement();
        if (agreeing.Count < configuration.InitialMeasurements)
            return false;
        double[] sorted = [.. agreeing.Select(m => m.Kilograms).Order()];
        double baseline = Median(sorted);
        double[] distances = [.. sorted.Select(kilograms => Math.Abs(kilograms - baseline)).Order()];
        SetScale(baseline, configuration);
        double deviation = Math.Max(NormalMad * Median(distances), configuration.BaselineFloor * Math.Sqrt(_scale));
        _filter = new LocalTrendFilter(baseline, 0, deviation * deviation, 0, InitialTrendVariance(configuration));
        _timeMs = agreeing[0].TimeMs;
        foreach (WeightMeasurement measurement in agreeing)
        {
            _filter = Predicted(measurement.TimeMs, configuration).Update(measurement.Kilograms, Noise(measurement, configuration));
            _timeMs = measurement.TimeMs;
        }

        _begun = true;
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

    private WeightResult Judge(in WeightMeasurement measurement, WeightConfiguration configuration)
    {
        LocalTrendFilter predicted = Predicted(measurement.TimeMs, configuration);
        double noise = Noise(measurement, configuration);
        double deviation = Math.Sqrt(predicted.LevelVariance + noise);
        double error = measurement.Kilograms - predicted.Level;
        double normalised = error / deviation;
        WeightResult result = new()
        {
            Outcome = WeightOutcome.Accepted,
            Confidence = Confidence(Math.Abs(normalised), configuration.Gate),
            PredictionError = error,
            PredictionDeviation = deviation,
        };

        if (Math.Abs(normalised) <= configuration.Gate)
        {
            Accept(measurement, predicted, noise, normalised, configuration);
            return result with { Estimate = Estimate };
        }

        if (measurement.IsConfirmed)
        {
            SetScale(measurement.Kilograms, configuration);
            Restart(measurement, measurement.Kilograms, Noise(measurement, configuration), configuration);
            return result with { Outcome = WeightOutcome.ConfirmedAccepted, Estimate = Estimate };
        }

        WeightReason reason = Disagreement.Of(measurement, predicted.Level, deviation);
        if (Disagreement.CanBeShift(measurement, reason, predicted.Level) && IsShift(measurement, error > 0, configuration))
        {
            double sum = 0;
            foreach (WeightMeasurement held in _held)
                sum += held.Kilograms;
            double days = (measurement.TimeMs - _held[0].TimeMs) / MillisecondsPerDay;
            double variance = (noise / _held.Count) + (configuration.LevelVariancePerDay * _scale * _pace * days / 3);
            Restart(measurement, sum / _held.Count, variance, configuration);
            return result with { Outcome = WeightOutcome.ShiftAccepted, Estimate = Estimate };
        }

        if (reason == WeightReason.Implausible)
            Doubt(predicted.LevelVariance / (deviation * deviation) * error);
        return result with { Outcome = WeightOutcome.Rejected, Reason = reason, Estimate = Estimate };
    }

    private void Accept(in WeightMeasurement measurement, in LocalTrendFilter predicted, double noise, double normalised, WeightConfiguration configuration)
    {
        if (configuration.PaceRate > 0 && _held.Count == 0 && measurement.TimeMs > _timeMs)
        {
            // Prediction errors of a filter with the right gain are not correlated (Mehra 1970, IEEE Trans Automat Contr 15:175): two on one side speak for a level that moves faster.
            double product = Math.Clamp(normalised * _normalisedError, -1, 1);
            _pace = Math.Clamp(_pace * (1 + (configuration.PaceRate * product)), LeastPace, MostPace);
        }

        if (configuration.ScaleRate > 0)
        {
            double excess = Math.Min(normalised * normalised, 4) - MeanCutSquare;
            _scale = Math.Clamp(_scale * (1 + (configuration.ScaleRate * excess)), LeastScale * _firstScale, MostScale * _firstScale);
        }

        _filter = predicted.Update(measurement.Kilograms, noise);
        _timeMs = measurement.TimeMs;
        _normalisedError = normalised;
        _held.Clear();
    }

    /// <summary>
    /// After a rejection that nothing explains, an artefact and a jump of the weight are equally likely: the level's variance grows by that of a coin's toss between
    /// staying and following, p (1 - p) (K e)² with p = 1/2 (the spread of two hypotheses: Bar-Shalom and Tse 1975, Automatica 11:451). The level itself stays.
    /// </summary>
    private void Doubt(double correction) => _filter = _filter with { LevelVariance = _filter.LevelVariance + (correction * correction / 4) };

    /// <summary>
    /// Adds a rejected weighing to those before it, drops those that disagree with it, and tells whether three or more on one side, within two standard deviations of each other,
    /// have come over at least a day. The first is kept however many come, so that the day can pass.
    /// </summary>
    private bool IsShift(WeightMeasurement measurement, bool above, WeightConfiguration configuration)
    {
        double noise = Noise(measurement, configuration);
        _held.RemoveAll(held =>
        {
            double days = (measurement.TimeMs - held.TimeMs) / MillisecondsPerDay;
            double variance = noise + Noise(held, configuration) + (configuration.LevelVariancePerDay * _scale * _pace * days);
            double difference = measurement.Kilograms - held.Kilograms;
            bool heldAbove = held.Kilograms > Predicted(held.TimeMs, configuration).Level;
            return heldAbove != above || difference * difference > 4 * variance;
        });
        if (_held.Count == MaximumRejected)
            _held.RemoveAt(1);
        _held.Add(measurement);
        return _held.Count >= ShiftMeasurements && measurement.TimeMs - _held[0].TimeMs >= ShiftSpanMs;
    }

    private void Restart(in WeightMeasurement measurement, double level, double variance, WeightConfiguration configuration)
    {
        _filter = new LocalTrendFilter(level, 0, variance, 0, InitialTrendVariance(configuration));
        _timeMs = measurement.TimeMs;
        _normalisedError = 0;
        _held.Clear();
    }

    private void SetScale(double kilograms, WeightConfiguration configuration)
    {
        double share = configuration.ReferenceKilograms > 0 ? kilograms / configuration.ReferenceKilograms : 1;
        _scale = _firstScale = share * share;
        _pace = 1;
    }

    private LocalTrendFilter Predicted(long timeMs, WeightConfiguration configuration) => _filter.Predict(
        (timeMs - _timeMs) / MillisecondsPerDay, configuration.LevelVariancePerDay * _scale * _pace, configuration.TrendVariancePerDay * _scale);

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
