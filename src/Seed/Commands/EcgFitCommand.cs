using System.CommandLine;
using System.Globalization;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio ecg fit</c>: fits the detector's weights to annotated records.</summary>
internal sealed class EcgFitCommand : PhysioCommand
{
    private const double LearningSeconds = 300;
    private const double WindowSeconds = 0.15;
    private const double NarrowSeconds = 0.025;

    private readonly Argument<string[]> _records = new("RECORD") { Description = "WFDB records with annotations (.atr), or folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _leads = FeedOptions.Integer("--leads", "How many leads classes are judged by. Standard: 2.", 1, BeatDetector.MaximumLeads);
    private readonly Option<bool> _leaveOneOut = new("--leave-one-out") { Description = "Fit without each record in turn, from the start, and score that record." };
    private readonly Option<string?> _output = new("--output") { Description = "A folder for the beats that --leave-one-out finds in each record, as RECORD.csv, in the form of 'ecg detect'.", HelpName = "DIR" };
    private readonly CommandHost _host;

    public EcgFitCommand(CommandHost host)
        : base("fit", "Fits the weights of the beat detector to annotated records and scores the records with them. It begins at plain rules, so the result depends on the records alone. Every record is scored from 300 s on.",
        [
            ("ecg fit mitdb", "the weights, and the scores of the records with them"),
            ("ecg fit mitdb --leave-one-out --output beats", "score each record with weights that have not seen it, and keep its beats"),
        ])
    {
        _host = host;
        Add(_records);
        foreach (Option option in (Option[])[_leads, _leaveOneOut, _output])
            Add(option);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CancellationToken cancellationToken)
    {
        IReadOnlyList<string> paths = EcgRecords.Find(parse.GetValue(_records)!, _host);
        if (paths.Count < 2)
            throw new CommandFailedException("Weights are fitted to two records or more.", "Give more records, or a folder of them.", ExitCodes.Usage);
        bool leaveOneOut = parse.GetValue(_leaveOneOut);
        string? folder = parse.GetValue(_output);
        if (folder is not null && !leaveOneOut)
            throw new CommandFailedException("--output holds what --leave-one-out finds.", "Add --leave-one-out, or use 'physio ecg detect' for the standard weights.", ExitCodes.Usage);
        using EcgOutput? output = folder is null ? null : EcgOutput.CheckFolder(folder, paths, _host);
        IReadOnlyList<EcgAnnotatedRecord> records = EcgRecords.ReadAnnotated(paths);
        int leads = parse.GetValue(_leads) ?? BeatDetector.MaximumLeads;
        _host.Output.WriteLine("The standard weights:");
        PrintScores(records, leads, _ => BeatModel.StandardFor(leads), null, cancellationToken);
        var fit = new EcgFit(records, leads);
        _host.Error.WriteLine($"Fitting to {records.Count} records ...");
        BeatModel model = fit.Fit(null, cancellationToken);
        _host.Output.WriteLine("\nFitted to all:");
        Print("candidate", model.Candidate);
        Print("form", model.Form);
        Print("class", model.Class);
        PrintScores(records, leads, _ => model, null, cancellationToken);
        if (!leaveOneOut)
            return ExitCodes.Ok;
        _host.Output.WriteLine("\nEach record with weights fitted to the others:");
        PrintScores(records, leads, left =>
        {
            _host.Error.WriteLine($"Fitting without {records[left].Name} ...");
            return fit.Fit(left, cancellationToken);
        }, output, cancellationToken);
        return ExitCodes.Ok;
    }

    private void Print(string name, ReadOnlySpan<double> weights) =>
        _host.Output.WriteLine($"{name}: {string.Join(", ", weights.ToArray().Select(w => w.ToString("0.###", CultureInfo.InvariantCulture)))}");

    private void PrintScores(IReadOnlyList<EcgAnnotatedRecord> records, int leads, Func<int, BeatModel> modelOf, EcgOutput? output, CancellationToken cancellationToken)
    {
        _host.Output.WriteLine("record      TP    FN    FP  within 25 ms     V  V found  V called");
        (var total, var narrowTotal) = (new EcgBeatScore(), new EcgBeatScore());
        for (int i = 0; i < records.Count; i++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            EcgAnnotatedRecord record = records[i];
            List<EcgFoundBeat> found = EcgDetection.Run(record.Record, EcgDetection.LeadsOf(record.Record, leads), modelOf(i));
            double hz = record.Record.Header.SamplingHz;
            EcgBeatScore score = EcgBeatScore.Of(record.Annotations, found, hz, LearningSeconds, WindowSeconds);
            EcgBeatScore narrow = EcgBeatScore.Of(record.Annotations, found, hz, LearningSeconds, NarrowSeconds);
            total.Add(score);
            narrowTotal.Add(narrow);
            PrintScore(record.Name, score, narrow);
            output?.Write(record.Name, found);
        }

        PrintScore("all", total, narrowTotal);
        _host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{total.Errors} errors; sensitivity {total.Sensitivity:0.0000}, positive predictivity {total.PositivePredictivity:0.0000}; within 25 ms {narrowTotal.Sensitivity:0.0000}, {narrowTotal.PositivePredictivity:0.0000}; ventricular {total.VentricularSensitivity:0.0000}, {total.VentricularPredictivity:0.0000}"));
    }

    private void PrintScore(string name, EcgBeatScore score, EcgBeatScore narrow) =>
        _host.Output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"{name,-8} {score.TruePositives,5} {score.FalseNegatives,5} {score.FalsePositives,5} {100 * narrow.Sensitivity,11:0.00} % {score.Ventricular,5} {score.VentricularFound,8} {score.CalledVentricular,9}"));
}
