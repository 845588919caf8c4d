using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Weight;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// A patient's body weight: the weighing that came last with what became of it, the filtered weight as it is now, and the last rejection. The names are those of the results of
/// <c>physio weight step</c>. What the last weighing was is not known (null) before logic 4 has judged one.
/// </summary>
/// <param name="Time">When the weighing was that came last.</param>
/// <param name="Kilograms">What it was, kg.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Accepted">Whether it is part of the filtered weight.</param>
/// <param name="Confidence">How much it is believed; null where nothing was predicted.</param>
/// <param name="Reason">Why it was not accepted.</param>
/// <param name="NeedsInitialisation">True while too few weighings agree: there is no filtered weight then.</param>
/// <param name="FilteredTime">The newest weighing that is part of the filtered weight.</param>
/// <param name="Filtered">The filtered weight, kg.</param>
/// <param name="Lower">The lower end of its 95 % interval, kg.</param>
/// <param name="Upper">The upper end of its 95 % interval, kg.</param>
/// <param name="TrendPerWeek">The trend, kg a week.</param>
/// <param name="PredictionError">The weighing that came last minus what was predicted for it, kg.</param>
/// <param name="PredictionDeviation">The standard deviation that this error was expected to have, kg.</param>
/// <param name="LastRejection">The last weighing that was not accepted and that nobody has stood for since; null when there was none.</param>
internal sealed record PatientWeightReport(
    DateTimeOffset? Time, double? Kilograms, string? Outcome, bool? Accepted, double? Confidence, string? Reason, bool NeedsInitialisation,
    DateTimeOffset? FilteredTime, double? Filtered, double? Lower, double? Upper, double? TrendPerWeek, double? PredictionError, double? PredictionDeviation, WeightRejectionReport? LastRejection)
{
    /// <summary>Null before the first weighing.</summary>
    public static PatientWeightReport? Of(PatientState state)
    {
        if (state.Weight is not { } weight)
            return null;
        WeightVerdicts verdicts = state.WeightVerdicts;
        (WeightJudged? newest, WeightEstimate? estimate) = (verdicts.Newest, weight.Estimate);
        return new(
            WeightRejectionReport.TimeOf(newest), newest?.Measurement.Kilograms, newest is { } judged ? WeightEvaluation.Word(judged.Outcome) : null, newest is null ? null : WeightOutcomes.IsAccepted(newest.Value.Outcome),
            newest?.Judgement?.Confidence, newest is { Reason: not WeightReason.None } refused ? WeightEvaluation.Word(refused.Reason) : null, estimate is null,
            estimate is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known.TimeMs) : null, estimate?.Kilograms, estimate?.Lower, estimate?.Upper, estimate?.TrendPerWeek,
            newest?.Judgement?.PredictionError, newest?.Judgement?.PredictionDeviation, WeightRejectionReport.Of(verdicts.Rejected));
    }
}

/// <summary>A weighing that was not accepted.</summary>
/// <param name="Time">When it was.</param>
/// <param name="Kilograms">What it was, kg.</param>
/// <param name="Outcome">What became of it.</param>
/// <param name="Reason">Why it was not accepted.</param>
/// <param name="Confidence">How much it is believed; null where nothing was predicted.</param>
/// <param name="PredictionError">The weighing minus what was predicted, kg.</param>
/// <param name="PredictionDeviation">The standard deviation that this error was expected to have, kg.</param>
internal sealed record WeightRejectionReport(DateTimeOffset Time, double Kilograms, string Outcome, string Reason, double? Confidence, double? PredictionError, double? PredictionDeviation)
{
    /// <summary>Null for none.</summary>
    public static WeightRejectionReport? Of(in WeightJudged? rejected) => rejected is not { } judged ? null : new(
        TimeOf(rejected)!.Value, judged.Measurement.Kilograms, WeightEvaluation.Word(judged.Outcome), WeightEvaluation.Word(judged.Reason),
        judged.Judgement?.Confidence, judged.Judgement?.PredictionError, judged.Judgement?.PredictionDeviation);

    /// <summary>When a weighing was.</summary>
    public static DateTimeOffset? TimeOf(in WeightJudged? judged) => judged is { } known ? DateTimeOffset.FromUnixTimeMilliseconds(known.Measurement.TimeMs) : null;
}
