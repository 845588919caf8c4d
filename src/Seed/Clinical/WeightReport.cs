using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>The JSON of a weighing's result, with the names that <c>physio patient</c> has, too. Weights in kg.</summary>
internal sealed record WeightResultReport(
    DateTimeOffset Time, double Kilograms, WeightOutcome Outcome, bool Accepted, double? Confidence, WeightReason? Reason, bool NeedsInitialisation,
    DateTimeOffset? FilteredTime, double? Filtered, double? Lower, double? Upper, double? TrendPerWeek, double? PredictionError, double? PredictionDeviation)
{
    /// <summary>From a weighing and its result.</summary>
    public static WeightResultReport Of(in WeightMeasurement measurement, in WeightResult result) => new(
        DateTimeOffset.FromUnixTimeMilliseconds(measurement.TimeMs), measurement.Kilograms, result.Outcome, result.Accepted, result.Confidence, result.Reason == WeightReason.None ? null : result.Reason, result.NeedsInitialisation,
        result.Estimate is { } estimate ? DateTimeOffset.FromUnixTimeMilliseconds(estimate.TimeMs) : null, result.Estimate?.Kilograms, result.Estimate?.Lower, result.Estimate?.Upper, result.Estimate?.TrendPerWeek, result.PredictionError, result.PredictionDeviation);
}

/// <summary>The JSON of a step: the state to hand in next time, how the one that came in was found, and a result for each weighing.</summary>
internal sealed record WeightStepReport(string State, int StateBytes, WeightStateCondition StateCondition, string? StateProblem, IReadOnlyList<WeightResultReport> Results);

/// <summary>Errors of predicting each weighing from those before it, kg: root mean square and mean absolute.</summary>
internal sealed record WeightErrors(double Rms, double MeanAbsolute);

/// <summary>What the service made of one person's weighings, or of all people's together.</summary>
/// <param name="Person">The person.</param>
/// <param name="Weighings">Weighings, repeats left out.</param>
/// <param name="Repeated">Repeats.</param>
/// <param name="Queued">Weighings that waited for a beginning, or made one.</param>
/// <param name="Predicted">Weighings that were predicted and judged.</param>
/// <param name="Accepted">Of these, accepted.</param>
/// <param name="Acceptance">Accepted of predicted; null when none was predicted.</param>
/// <param name="InsideInterval">Share of prediction errors inside their 95 % interval.</param>
/// <param name="Rejected">How many were rejected, by reason.</param>
/// <param name="Filter">Errors of the service's predictions.</param>
/// <param name="Last">Errors of 'the same as last time', on the same weighings.</param>
/// <param name="Average">Errors of an exponential average with a time constant of 10 days, on the same weighings.</param>
/// <param name="AverageByCount">Errors of an exponential average over 10 weighings (share 2/11), on the same weighings.</param>
internal sealed record WeightPersonReport(
    string Person, int Weighings, int Repeated, int Queued, int Predicted, int Accepted, double? Acceptance, double? InsideInterval, IReadOnlyDictionary<string, int> Rejected,
    WeightErrors? Filter, WeightErrors? Last, WeightErrors? Average, WeightErrors? AverageByCount)
{
    /// <summary>By how much the root mean square error is below that of 'the same as last time', as a share.</summary>
    public double? BelowLast => Filter is null || Last is not { Rms: > 0 } ? null : 1 - (Filter.Rms / Last.Rms);

    /// <summary>By how much the mean absolute error is below that of 'the same as last time', as a share.</summary>
    public double? BelowLastAbsolute => Filter is null || Last is not { MeanAbsolute: > 0 } ? null : 1 - (Filter.MeanAbsolute / Last.MeanAbsolute);

    /// <summary>By how much the root mean square error is below that of the better of the two averages, as a share.</summary>
    public double? BelowAverage => Filter is null || Average is null || AverageByCount is null ? null : 1 - (Filter.Rms / Math.Min(Average.Rms, AverageByCount.Rms));
}

/// <summary>Errors of one kind that were put into the series.</summary>
/// <param name="Kind">The reason that such an error should be told with.</param>
/// <param name="Planted">How many there were, where there was a course to judge them by.</param>
/// <param name="Rejected">Of these, rejected.</param>
/// <param name="WithItsReason">Of these, with that reason, for sure or as one of two.</param>
/// <param name="AsOneOfTwo">Of these, those whose reason also names a change of the weight itself: <c>digit-swap-or-shift</c> for <c>digit-swap</c>.</param>
/// <param name="Outcomes">All that was said.</param>
internal sealed record WeightPlantedReport(string Kind, int Planted, int Rejected, int WithItsReason, int AsOneOfTwo, IReadOnlyDictionary<string, int> Outcomes)
{
    private const string Rejection = "rejected: ";

    /// <summary>From the counts of what was said.</summary>
    public static WeightPlantedReport Of(string kind, IReadOnlyDictionary<string, int> outcomes)
    {
        int rejected = outcomes.Where(outcome => outcome.Key.StartsWith(Rejection, StringComparison.Ordinal)).Sum(outcome => outcome.Value);
        int oneOfTwo = outcomes.GetValueOrDefault($"{Rejection}{kind}-or-shift");
        return new(kind, outcomes.Values.Sum(), rejected, outcomes.GetValueOrDefault(Rejection + kind) + oneOfTwo, oneOfTwo, outcomes);
    }

    /// <summary>What was said of a weighing, as it is counted.</summary>
    public static string Said(in WeightResult result) => WeightEvaluation.Word(result.Outcome) + (result.Reason == WeightReason.None ? "" : $": {WeightEvaluation.Word(result.Reason)}");
}

/// <summary>Constants chosen on everybody but one, and what they do for that one.</summary>
internal sealed record WeightLeftOutReport(string Person, double LevelVariancePerDay, double TrendVariancePerDay, double PatientScaleDeviation, WeightErrors Filter, WeightErrors Last);

/// <summary>The JSON of an evaluation.</summary>
internal sealed record WeightEvaluationReport(
    IReadOnlyList<WeightPersonReport> People, WeightPersonReport Pooled, IReadOnlyList<WeightPlantedReport>? Planted, WeightLeaveOneOutReport? LeaveOneOut);

/// <summary>Leave-one-person-out: each person under constants that were chosen on the others.</summary>
internal sealed record WeightLeaveOneOutReport(double BelowLast, double BelowLastAbsolute, IReadOnlyList<WeightLeftOutReport> People);

/// <summary>What the service says while a simulated person's weight truly changes.</summary>
/// <param name="Habit">How often is weighed.</param>
/// <param name="SpreadDays">Over how many days the weight changes; 0: at once.</param>
/// <param name="Kilograms">By how much.</param>
/// <param name="People">How many people.</param>
/// <param name="PeopleRejected">How many of them had a weighing rejected.</param>
/// <param name="Reasons">The reasons of all rejections.</param>
/// <param name="MedianRejected">Rejected weighings of a person, median.</param>
/// <param name="MostRejected">Rejected weighings of a person, 90th percentile.</param>
/// <param name="MedianHours">Hours from a person's first rejection until the change is followed, median; null where nothing was rejected.</param>
/// <param name="MostHours">The same, 90th percentile.</param>
/// <param name="Followed">People whose change is followed within 20 weighings: it is complete, a weighing is accepted, and the filtered weight is within 1 kg of the true one, or two of its standard deviations.</param>
internal sealed record WeightShiftReport(
    string Habit, int SpreadDays, double Kilograms, int People, int PeopleRejected, IReadOnlyDictionary<string, int> Reasons, double? MedianRejected, double? MostRejected, double? MedianHours, double? MostHours, int Followed);

/// <summary>What the service says of weighings that are not the simulated person's.</summary>
/// <param name="Habit">How often is weighed.</param>
/// <param name="Mistake">Whose or what they are.</param>
/// <param name="Found">What became of them.</param>
internal sealed record WeightMistakeReport(string Habit, string Mistake, WeightPlantedReport Found);

/// <summary>The JSON of a simulation.</summary>
internal sealed record WeightSimulationReport(IReadOnlyList<WeightShiftReport> Shifts, IReadOnlyList<WeightMistakeReport> Mistakes);
