using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio rhythm af</c>: atrial fibrillation from beat times, against labels, beat by beat.</summary>
internal sealed class RhythmFibrillationCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string> _folder = new("DIR") { Description = "Files Annotation_file_CASE.csv or .csv.gz with the columns time_second and rhythm_label." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public RhythmFibrillationCommand(CommandHost host)
        : base("af", "Plays the beats of each case through the detector of atrial fibrillation and compares each beat with its label: AFIB/AFL against every other rhythm; Noise, Unclassifiable and beats without a label are left out.",
        [
            ("rhythm af vitaldb-arrhythmia-labels", "sensitivity, specificity and positive predictivity with intervals"),
            ("rhythm af vitaldb-arrhythmia-labels --json", "for a script"),
        ])
    {
        Add(_folder);
        Add(_json);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, host, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CommandHost host, CancellationToken cancellationToken)
    {
        var cases = new List<FibrillationTally>();
        foreach ((string name, string path) in LabelledBeats.Find(Path.GetFullPath(parse.GetRequiredValue(_folder), host.Folder)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            cases.Add(LabelledBeats.Play(name, path));
        }

        // Figures of nothing would look like figures.
        if (cases.Sum(one => one.TruePositives + one.TrueNegatives + one.FalsePositives + one.FalseNegatives) == 0)
            throw new CommandFailedException($"{parse.GetValue(_folder)}: no labelled beat is left to judge, in {Counting.Of(cases.Count, "case")}.", "Each case needs more beats than the detector wants before it says anything.");
        var report = new FibrillationReport(
            FibrillationSummary.Of(cases), FibrillationSummary.Of([.. cases.Where(IsEven)]), FibrillationSummary.Of([.. cases.Where(one => !IsEven(one))]),
            AtrialFibrillationDetector.Intervals, AtrialFibrillationDetector.FewestIntervals);
        if (parse.GetValue(_json))
        {
            host.Output.WriteLine(JsonSerializer.Serialize(report, s_json));
            return ExitCodes.Ok;
        }

        host.Output.WriteLine("cases                beats  sensitivity             specificity             positive predictivity   (95 % by case)");
        Row("all", report.All);
        Row("even numbers", report.EvenCases);
        Row("odd numbers", report.OddCases);
        host.Output.WriteLine();
        host.Output.WriteLine($"Before {report.FewestIntervals} intervals nothing is said: {report.All.Unsaid} beats. Wrong beats by label: {string.Join(", ", report.All.FalseByLabel.Select(label => $"{label.Key} {label.Value}"))}.");
        return ExitCodes.Ok;

        void Row(string name, FibrillationSummary of) => host.Output.WriteLine($"{name,-12} {of.Cases,4} {of.Beats,8}  {Text(of.Sensitivity),-22}  {Text(of.Specificity),-22}  {Text(of.PositivePredictivity)}");
    }

    private static bool IsEven(FibrillationTally one) => one.Case.LastOrDefault(char.IsAsciiDigit) is var digit && (digit - '0') % 2 == 0;

    private static string Text(Proportion of) => string.Create(CultureInfo.InvariantCulture, $"{100 * of.Value:0.0} % ({100 * of.ByCase[0]:0.0} to {100 * of.ByCase[1]:0.0})");
}

/// <summary>The JSON of a measurement of atrial fibrillation.</summary>
internal sealed record FibrillationReport(FibrillationSummary All, FibrillationSummary EvenCases, FibrillationSummary OddCases, int WindowIntervals, int FewestIntervals);
