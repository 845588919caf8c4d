using System.CommandLine;
using System.Text.Json;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Processing.Scoring;
using PhysioActors.Seed.Models;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio train</c>: trains a model on normal baselines.</summary>
internal sealed class TrainCommand : PhysioCommand
{
    private static readonly DateTimeOffset s_start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private readonly Option<string> _output = new("--output", "-o") { Description = "The model's file.", HelpName = "FILE", Required = true };
    private readonly Option<int> _patients = new("--patients") { Description = "Simulated patients without episodes.", HelpName = "N", DefaultValueFactory = _ => 40 };
    private readonly Option<double> _hours = new("--hours") { Description = "Hours of each.", HelpName = "H", DefaultValueFactory = _ => 24 };
    private readonly Option<ulong> _seed = new("--seed") { Description = "The same seed gives the same file.", HelpName = "S", DefaultValueFactory = _ => 1 };
    private readonly Option<string> _name = new("--name") { Description = "The model's name, part of its version.", HelpName = "NAME", DefaultValueFactory = _ => "standard" };
    private readonly Option<bool> _json = new("--json") { Description = "Say what was made as JSON." };

    public TrainCommand(CommandHost host)
        : base("train", "Trains the model that scores patients, on simulated patients without episodes: half observed once a second, half once a minute.",
        [
            ("train --output ward.iforest", "a model of 40 patients and a day each"),
            ("train --output ward.iforest --patients 200 --hours 48 --seed 7", "a larger one; use it with --set Scoring:Model=ward.iforest"),
        ])
    {
        Add(_output);
        Add(_patients);
        Add(_hours);
        Add(_seed);
        Add(_name);
        Add(_json);
        SetAction((parse, cancellationToken) => Task.FromResult(Run(parse, host, cancellationToken)));
    }

    private int Run(ParseResult parse, CommandHost host, CancellationToken cancellationToken)
    {
        int patients = parse.GetValue(_patients);
        double hours = parse.GetValue(_hours);
        ulong seed = parse.GetValue(_seed);
        if (patients < 2 || hours is not (>= 0.5 and <= 240))
            throw new CommandFailedException($"{patients} patients of {hours} hours are no baseline.", "At least 2 patients, and 0.5 to 240 hours of each.", ExitCodes.Usage);
        var training = new ModelTraining();
        Collect(TimeSpan.FromSeconds(1), (patients + 1) / 2, 0, 0.9);
        Collect(TimeSpan.FromMinutes(1), patients / 2, 0.9, 0.1);
        host.Error.WriteLine();
        IsolationForest model = training.Train(parse.GetValue(_name)!, seed);
        string file = Path.GetFullPath(parse.GetValue(_output)!, host.Folder);
        string next = file + ".new";
        using (FileStream stream = File.Create(next))
            model.Save(stream);
        File.Move(next, file, overwrite: true);
        if (parse.GetValue(_json))
            host.Output.WriteLine(JsonSerializer.Serialize(new { file, version = model.Version, rows = training.Rows, trees = model.TreeCount, floor = model.Floor, ceiling = model.Ceiling }));
        else
            host.Output.WriteLine($"{file}: {model.Version}, {model.TreeCount} trees on {training.Rows} feature vectors; scores above {model.Ceiling:0.000} are rarer than 1 in 1000 there.");
        return ExitCodes.Ok;

        void Collect(TimeSpan interval, int count, double before, double share)
        {
            var ward = new WardSimulator(count, TimeSpan.FromHours(hours), seed + (ulong)interval.TotalSeconds, s_start, interval, SimulationSettings.Normal);
            training.Collect(ward, done => host.Error.Write($"\rSimulating {100 * (before + (share * done)),3:0} %"), cancellationToken);
        }
    }
}
