namespace PhysioActors.Processing.Weight;

/// <summary>What a weighing did and what is known of the person's weight after it. All weights in kg.</summary>
public readonly record struct WeightResult
{
    /// <summary>What became of the weighing.</summary>
    public required WeightOutcome Outcome { get; init; }

    /// <summary>Why it was not accepted.</summary>
    public WeightReason Reason { get; init; }

    /// <summary>True when the weighing is part of the course now.</summary>
    public bool Accepted => WeightOutcomes.IsAccepted(Outcome);

    /// <summary>What the weighing was held against. Null where there was no prediction.</summary>
    public WeightJudgement? Judgement { get; init; }

    /// <summary>How much the weighing is believed, by its distance from the prediction: 0.95, 0.8, 0.5, or 0.1 beyond the gate. Null where there was no prediction.</summary>
    public double? Confidence => Judgement?.Confidence;

    /// <summary>True while there are too few weighings that agree: there is no estimate then.</summary>
    public bool NeedsInitialisation => Estimate is null;

    /// <summary>The weight and its trend after this weighing; null while initialisation is needed.</summary>
    public WeightEstimate? Estimate { get; init; }

    /// <summary>The weighing minus what was predicted for its time, kg. Null where there was no prediction.</summary>
    public double? PredictionError => Judgement?.PredictionError;

    /// <summary>The standard deviation that the prediction error was expected to have, kg. Null where there was no prediction.</summary>
    public double? PredictionDeviation => Judgement?.PredictionDeviation;
}

/// <summary>A weighing, held against what was predicted for its time.</summary>
/// <param name="Confidence">How much the weighing is believed, by its distance from the prediction: 0.95, 0.8, 0.5, or 0.1 beyond the gate.</param>
/// <param name="PredictionError">The weighing minus what was predicted for its time, kg.</param>
/// <param name="PredictionDeviation">The standard deviation that this error was expected to have, kg.</param>
public readonly record struct WeightJudgement(double Confidence, double PredictionError, double PredictionDeviation);

/// <summary>The filtered weight as of a time.</summary>
/// <param name="TimeMs">The newest weighing that is part of it, milliseconds since 1970 UTC.</param>
/// <param name="Kilograms">The filtered weight, kg.</param>
/// <param name="Deviation">Its standard deviation, kg.</param>
/// <param name="TrendPerWeek">The trend, kg a week.</param>
/// <param name="TrendDeviation">Its standard deviation, kg a week.</param>
public readonly record struct WeightEstimate(long TimeMs, double Kilograms, double Deviation, double TrendPerWeek, double TrendDeviation)
{
    /// <summary>The 97.5 % point of the normal distribution.</summary>
    public const double Normal975 = 1.959963984540054;

    /// <summary>The lower end of the filtered weight's 95 % interval, kg.</summary>
    public double Lower => Kilograms - (Normal975 * Deviation);

    /// <summary>The upper end of the filtered weight's 95 % interval, kg.</summary>
    public double Upper => Kilograms + (Normal975 * Deviation);
}
