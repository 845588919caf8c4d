using System.CommandLine;
using System.Globalization;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio ecg fit</c>: fits the detector's weights to annotated records.</summary>
internal sealed class EcgFitCommand : Command
{
    private const double LearningSeconds = 300;
    private const double WindowSeconds = 0.15;

    private readonly Argument<string[]> _records = new("RECORD") { Description = "WFDB records with annotations (.atr), or folders of them.", Arity = ArgumentArity.OneOrMore };
    private readonly Option<int?> _leads = FeedOptions.Integer("--leads", "How many leads classes are judged by. Standard: 2.", 1, BeatDetector.MaximumLeads);
    private readonly Option<bool> _leaveOneOut = new("--leave-one-out") { Description = "Also fit without each record in turn, and score that record." };
    private readonly CommandHost _host;

    public EcgFitCommand(CommandHost host)
        : base("fit", "Fits the weights of the beat detector to annotated records, beginning at its standard weights, prints them, and scores the records with them.")
    {
        _host = host;
        Add(_records);
        Add(_leads);
        Add(_leaveOneOut);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse), cancellationToken));
    }

    private int Run(ParseResult parse)
    {
        IReadOnlyList<EcgAnnotatedRecord> records = EcgRecords.ReadAnnotated(EcgRecords.Find(parse.GetValue(_records)!, _host.Folder));
        if (records.Count < 2)
            throw new CommandFailedException("Weights are fitted to two records or more.", "Give more records, or a folder of them.", ExitCodes.Usage);
        int leads = parse.GetValue(_leads) ?? BeatDetector.MaximumLeads;
        var fit = new EcgFit(records, leads, _host.Error.WriteLine);
        BeatModel model = fit.FitAll(BeatModel.StandardFor(leads));
        Print("candidate", model.Candidate);
        Print("form", model.Form);
        Print("class", model.Class);
        _host.Output.WriteLine("\nWith these weights:");
        PrintScores(records, leads, _ => model);
        if (!parse.GetValue(_leaveOneOut))
            return ExitCodes.Ok;
        BeatModel[] models = fit.FitLeavingOneOut(model);
        _host.Output.WriteLine("\nEach record with weights that have not seen it:");
        PrintScores(records, leads, i => models[i]);
        return ExitCodes.Ok;
    }

    private void Print(string name, ReadOnlySpan<double> weights) =>
        _host.Output.WriteLine($"{name}: {string.Join(", ", weights.ToArray().Select(w => w.ToString("0.###", CultureInfo.InvariantCulture)))}");

    private void PrintScores(IReadOnlyList<EcgAnnotatedRecord> records, int leads, Func<int, BeatModel> modelOf)
    {
        _host.Output.WriteLine("record      TP    FN    FP     V  V found  V called");
        var total = new EcgBeatScore();
        for (int i = 0; i < records.Count; i++)
        {
            EcgAnnotatedRecord record = records[i];
            List<EcgFoundBeat> found = EcgDetection.Run(record.Record, EcgDetection.LeadsOf(record.Record, leads), modelOf(i));
            EcgBeatScore score = EcgBeatScore.Of(record.Annotations, found, record.Record.Header.SamplingHz, LearningSeconds, WindowSeconds);
            total.Add(score);
            PrintScore(record.Name, score);
        }

        PrintScore("all", total);
    }

    private void PrintScore(string name, EcgBeatScore score) =>
        _host.Output.WriteLine($"{name,-8} {score.TruePositives,5} {score.FalseNegatives,5} {score.FalsePositives,5} {score.Ventricular,5} {score.VentricularFound,8} {score.CalledVentricular,9}");
}
