using System.Globalization;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Weight;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Terminal;

/// <summary>Says in a line what became of a weighing, and what a person weighs: the same words for the pure service, a patient and the journal.</summary>
internal static class WeightWords
{
    /// <summary>An event of the journal, with the time of the weighing.</summary>
    public static string Of(in WeightJudged judged) =>
        $"{Weighing(judged.Measurement.Kilograms)}{(judged.Measurement.IsConfirmed ? ", confirmed" : "")}: {Verdict(WeightEvaluation.Word(judged.Outcome), ReasonOf(judged), judged.Judgement?.Confidence, judged.Judgement?.PredictionError)}; weighed {AnomalyText.Time(judged.Measurement.TimeMs)}";

    /// <summary>What was weighed, to two decimals.</summary>
    public static string Weighing(double kilograms) => string.Create(CultureInfo.InvariantCulture, $"{kilograms:0.00} kg");

    /// <summary>What became of it: outcome and reason, and where something was predicted how much it is believed and how far off it is.</summary>
    public static string Verdict(string outcome, string? reason, double? confidence, double? error)
    {
        string because = reason is null || reason == outcome ? "" : $" ({reason})";
        string judged = confidence is { } share && error is { } kilograms
            ? string.Create(CultureInfo.InvariantCulture, $", confidence {share:0.##}, {kilograms:+0.00;-0.00;0.00} kg from the prediction")
            : "";
        return $"{outcome}{because}{judged}";
    }

    /// <summary>The filtered weight with its 95 % interval and trend, or that there is none yet.</summary>
    public static string Estimate(double? filtered, double? lower, double? upper, double? trendPerWeek) => filtered is null
        ? "needs more weighings that agree"
        : string.Create(CultureInfo.InvariantCulture, $"{filtered:0.00} kg ({lower:0.00} to {upper:0.00}), {trendPerWeek:+0.00;-0.00;0.00} kg a week");

    /// <summary>A patient's weight: the filtered one, the weighing that came last, and the last rejection where that was another.</summary>
    public static IEnumerable<string> Lines(PatientWeightReport? weight)
    {
        if (weight is null)
            yield break;
        string asOf = weight.FilteredTime is { } filtered ? $", as of {filtered:u}" : "";
        yield return $"weight   {Estimate(weight.Filtered, weight.Lower, weight.Upper, weight.TrendPerWeek)}{asOf}";
        if (weight is { Kilograms: { } kilograms, Outcome: { } outcome, Time: { } time })
            yield return $"weighing {Weighing(kilograms)}, {time:u}: {Verdict(outcome, weight.Reason, weight.Confidence, weight.PredictionError)}";
        if (weight.LastRejection is { } rejection && (rejection.Time, rejection.Kilograms) != (weight.Time, weight.Kilograms))
            yield return $"rejected {Weighing(rejection.Kilograms)}, {rejection.Time:u}: {Verdict(rejection.Outcome, rejection.Reason, rejection.Confidence, rejection.PredictionError)}";
    }

    private static string? ReasonOf(in WeightJudged judged) => judged.Reason == WeightReason.None ? null : WeightEvaluation.Word(judged.Reason);
}
