using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Seed.Composition;

/// <summary>The scores of a patient with all that they rest on, and the figures that follow from others.</summary>
/// <param name="News2">NEWS2; null when nothing it is made of was ever told.</param>
/// <param name="MeanPressure">Mean arterial pressure.</param>
/// <param name="PulsePressure">Pulse pressure.</param>
/// <param name="ShockIndex">Heart rate over systolic pressure.</param>
/// <param name="AgeClass">The age class whose limits and scores hold.</param>
/// <param name="IsAgeAssumed">True when the age is not known, and an adult's is assumed.</param>
internal sealed record ScoresReport(News2Report? News2, FigureReport? MeanPressure, FigureReport? PulsePressure, FigureReport? ShockIndex, string AgeClass, bool IsAgeAssumed)
{
    /// <summary>From the state, as of the newest observation.</summary>
    public static ScoresReport Of(PatientState state, ReportAges ages)
    {
        News2Result news = ClinicalScores.EarlyWarning(state);
        AgeClass age = state.Orders?.AgeClassAt(Math.Max(0, state.NewestMs)) ?? Shared.Commands.AgeClass.Unknown;
        bool isAssumed = age == Shared.Commands.AgeClass.Unknown;
        return new(
            news.IsApplicable && news.Parts.All(part => part.Standing == News2Standing.Missing) ? null : News2Report.Of(news, ages),
            FigureReport.Of(ClinicalScores.MeanPressure(state), "mm[Hg]", state.NewestMs, ages),
            FigureReport.Of(ClinicalScores.PulsePressure(state), "mm[Hg]", state.NewestMs, ages),
            FigureReport.Of(ClinicalScores.ShockIndex(state), "1", state.NewestMs, ages),
            CommandWords.Text(isAssumed ? Shared.Commands.AgeClass.Adult : age),
            isAssumed);
    }
}

/// <summary>NEWS2 in parts.</summary>
/// <param name="Text">As a sentence.</param>
/// <param name="Status">Complete, a lower bound, or why it is not applicable.</param>
/// <param name="Total">The points, or the least that they can be.</param>
/// <param name="Risk">The clinical risk, of a lower bound the least that it can be.</param>
/// <param name="Parts">The seven parameters in the order of the chart.</param>
internal sealed record News2Report(string Text, string Status, int Total, string Risk, IReadOnlyList<News2PartReport> Parts)
{
    /// <summary>From a result.</summary>
    public static News2Report Of(News2Result news, ReportAges ages) => new(
        news.ToString(),
        Word(news.Status.ToString()),
        news.Total,
        Word(news.Risk.ToString()),
        [.. news.Parts.Select(part => new News2PartReport(
            Word(part.Parameter.ToString()), Word(part.Standing.ToString()), part.Standing == News2Standing.Scored ? part.Points : null, double.IsFinite(part.Value) ? part.Value : null, part.AgeMs < 0 ? null : part.AgeMs / 1000.0, AgeNow(part, ages)))]);

    // What a person has told has its time by a person's clock, which goes on when the devices stop.
    private static double? AgeNow(in News2Part part, in ReportAges ages) =>
        part.AgeMs < 0 ? null : part.Parameter is News2Parameter.SupplementalOxygen or News2Parameter.Consciousness ? ages.Since(part.TimeMs) : ages.Now(part.AgeMs);

    private static string Word(string name) => string.Concat(name.Select((letter, i) => char.IsUpper(letter) ? (i == 0 ? "" : "-") + char.ToLowerInvariant(letter) : letter.ToString()));
}

/// <summary>One parameter of NEWS2.</summary>
/// <param name="Parameter">Which.</param>
/// <param name="Standing">Missing, stale or scored.</param>
/// <param name="Points">0 to 3; null unless scored.</param>
/// <param name="Value">The value on the chart's steps; null when there is none.</param>
/// <param name="AgeSeconds">How old it was as of the newest observation, for which the points are; null when there is none.</param>
/// <param name="AgeNowSeconds">How old it is as of the report; null when there is none.</param>
internal sealed record News2PartReport(string Parameter, string Standing, int? Points, double? Value, double? AgeSeconds, double? AgeNowSeconds);

/// <summary>A figure that follows from others.</summary>
/// <param name="Value">The figure.</param>
/// <param name="Unit">Its unit, UCUM.</param>
/// <param name="AgeSeconds">How old its oldest input was as of the newest observation.</param>
/// <param name="AgeNowSeconds">How old that is as of the report.</param>
/// <param name="Measured">True when a device measured it and nothing was computed.</param>
internal sealed record FigureReport(double Value, string Unit, double AgeSeconds, double AgeNowSeconds, bool Measured)
{
    /// <summary>From a figure; null when there is none.</summary>
    public static FigureReport? Of(DerivedFigure? figure, string unit, long newestMs, in ReportAges ages) =>
        figure is { } found ? new(Math.Round(found.Value, 2), unit, Math.Max(0, newestMs - found.TimeMs) / 1000.0, ages.Now(Math.Max(0, newestMs - found.TimeMs)), found.IsMeasured) : null;
}
