using System.CommandLine;
using System.Text.Json;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Processing.Scoring;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Training;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio train</c>: makes a model file from mostly normal data.</summary>
internal sealed class TrainCommand : PhysioCommand
{
    private const int RowIntervalMs = 30_000;
    private const int FewestFeatures = 3;
    private const int FewestRows = 1000;
    private const int MostProblems = 10;

    // A fixed time makes the same file from the same arguments on any day.
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string?> _source = new("SOURCE") { Description = "A folder with sets of recordings of mostly normal days.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<int?> _simulated = FeedOptions.Integer("--simulated", "Simulated patients on usual days to train on, too. Standard: 40 without SOURCE, else none.", 0, 10_000);
    private readonly Option<double?> _hours = FeedOptions.Number("--hours", "Hours of each simulated patient. Standard: 8.", 0.1, 240);
    private readonly Option<int?> _trees = FeedOptions.Integer("--trees", "Trees of the forest. Standard: 100.", 1, IsolationForest.MaximumTrees);
    private readonly Option<int?> _sample = FeedOptions.Integer("--sample", "Rows that each tree is grown from. Standard: 256.", 2, IsolationForest.MaximumSampleSize);
    private readonly Option<int?> _seed = FeedOptions.Integer("--seed", "Everything random follows from it. Standard: 1.", 0, int.MaxValue);
    private readonly Option<string?> _name = new("--name") { Description = "The model's name, the first part of its version. Standard: iforest.", HelpName = "NAME" };
    private readonly Option<string?> _out = new("--out") { Description = "The file to write. Standard: physio.model. One that is no model is not written over.", HelpName = "FILE" };
    private readonly Option<bool> _json = new("--json") { Description = "Print what was made as JSON." };

    public TrainCommand(GlobalOptions global, CommandHost host)
        : base("train", "Trains the model that scores (an isolation forest) on mostly normal data and writes it to a file. A node uses it when Scoring:Model names it.",
        [
            ("train --out ward.model", "from simulated patients on usual days"),
            ("train recordings --simulated 40 --name ward7 --out ward7.model", "from recordings and simulated patients"),
        ])
    {
        foreach (Option option in (Option[])[_simulated, _hours, _trees, _sample, _seed, _name, _out, _json])
            Add(option);
        Add(_source);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, global, host, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, GlobalOptions global, CommandHost host, CancellationToken cancellationToken)
    {
        global.Load(parse, host);
        string to = parse.GetValue(_out) ?? "physio.model";
        using var output = OutputFile.Check("--out", to, host.Folder, "PAforst"u8, cancellationToken);
        ulong seed = (ulong)(parse.GetValue(_seed) ?? 1);
        string? source = parse.GetValue(_source);
        RecordingSource? recordings = source is null ? null : NamedRecordings.Find([source], host.Folder);
        int simulated = parse.GetValue(_simulated) ?? (source is null ? 40 : 0);
        TimeSpan hours = TimeSpan.FromHours(parse.GetValue(_hours) ?? 8);
        var collector = new FeatureCollector(RowIntervalMs, FewestFeatures);
        if (recordings is not null)
        {
            host.Error.WriteLine($"Reading {source} ...");
            RecordingLibrary library = RecordingLibrary.Read(recordings, waveforms: false, cancellationToken);
            foreach (RecordingProblem problem in library.Reports.SelectMany(report => report.Problems).Take(MostProblems))
                host.Error.WriteLine($"Left out: {problem}");
            Collect(collector, new ReplayTimeline(library.Patients, new TimelineOptions("train") { Start = s_start }).Observations(), cancellationToken);
        }

        if (simulated > 0)
        {
            host.Error.WriteLine($"Simulating {simulated} patients on usual days ...");
            // Most monitors send each second; a model that knew nothing else would find each one that sends each minute strange.
            int sparse = simulated / 4;
            Simulate(collector, simulated - sparse, TimeSpan.FromSeconds(1), hours, seed, cancellationToken);
            Simulate(collector, sparse, TimeSpan.FromMinutes(1), hours, seed + 1, cancellationToken);
        }

        if (collector.Count < FewestRows)
            throw new CommandFailedException($"There are only {collector.Count} rows of features to train on; {FewestRows} is the least that makes sense.", "Give more recordings, or --simulated N.");
        host.Error.WriteLine($"Growing a forest from {collector.Count:#,0} rows of {collector.Patients:#,0} patients ...");
        IsolationForest model = IsolationForest.Train(collector.Rows, FeatureVector.Count, new IsolationForestOptions
        {
            Name = parse.GetValue(_name) ?? "iforest",
            FeatureNames = FeatureVector.Names.ToArray(),
            Trees = parse.GetValue(_trees) ?? 100,
            SampleSize = parse.GetValue(_sample) ?? 256,
            Seed = seed,
        });
        string path = Path.GetFullPath(to, host.Folder);
        output.Write(model.Save);
        host.Error.WriteLine($"{path}: {model.Version}, {model.TreeCount} trees, threshold between {model.Floor:0.000} and {model.Ceiling:0.000}.");
        if (parse.GetValue(_json))
            host.Output.WriteLine(JsonSerializer.Serialize(new TrainingReport(path, model.Version, collector.Count, collector.Patients, model.TreeCount, model.SampleSize, model.Floor, model.Ceiling), s_json));
        return ExitCodes.Ok;
    }

    private static void Simulate(FeatureCollector collector, int patients, TimeSpan interval, TimeSpan duration, ulong seed, CancellationToken cancellationToken)
    {
        if (patients == 0)
            return;
        collector.ForgetPatients();
        var ward = new WardSimulator(patients, duration, seed, s_start, interval, new SimulationSettings { EpisodesPerPatientDay = 0 });
        Collect(collector, ward.Observations(), cancellationToken);
    }

    private static void Collect(FeatureCollector collector, IEnumerable<ObservationDraft> observations, CancellationToken cancellationToken)
    {
        foreach (ObservationDraft draft in observations)
        {
            cancellationToken.ThrowIfCancellationRequested();
            collector.Add(draft);
        }
    }
}

/// <summary>The JSON of a training.</summary>
internal sealed record TrainingReport(string File, string Version, int Rows, int Patients, int Trees, int SampleSize, double Floor, double Ceiling);
