using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio simulate</c>: sends a ward that does not exist to the inbound topic.</summary>
internal sealed class SimulateCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly SimulationOptions _ward = new();
    private readonly Option<FeedSpeed?> _speed = FeedOptions.Speed("1");
    private readonly Option<DateTimeOffset?> _start = FeedOptions.Start("now at speed 1, otherwise so that it ends now");
    private readonly Option<string?> _name = new("--ward") { Description = "The ward's name, which stands in its patients' ids. Standard: one made of seed and start, so that the patients of each run are others.", HelpName = "NAME" };
    private readonly Option<bool> _json = new("--json") { Description = "Print what was sent as JSON." };

    public SimulateCommand(GlobalOptions global, CommandHost host)
        : base("simulate", "Sends simulated patients to the cluster: plausible days with noise, artefacts, dropouts and labelled episodes. No real patient is behind them.",
        [
            ("simulate", "20 patients for an hour, in real time"),
            ("simulate --patients 100 --hours 24 --speed max --seed 7 --labels episodes.csv", "a day, as fast as it goes, with the truth about its episodes"),
        ])
    {
        _ward.AddTo(this);
        foreach (Option option in (Option[])[_speed, _start, _name, _json])
            Add(option);
        SetAction(async (parse, cancellationToken) =>
        {
            PhysioOptions options = global.Load(parse, host).Connected(host.Folder, needsPostgres: false);
            using ILoggerFactory logs = Logs.Create(options.Logging);
            SimulateOptions simulation = _ward.Read(parse, host.Folder, await KafkaTargets.InboundAsync(options, timestampsAreEventTimes: false, cancellationToken).ConfigureAwait(false)) with
            {
                Speed = parse.GetValue(_speed) is { } speed ? speed.Factor : 1,
                Start = parse.GetValue(_start),
                Ward = parse.GetValue(_name),
            };
            await host.Error.WriteLineAsync($"SIMULATED: {Counting.Of(simulation.Patients, "patient")} that {(simulation.Patients == 1 ? "does" : "do")} not exist, seed {simulation.Seed}.").ConfigureAwait(false);
            var progress = new FeedProgress(host.Error, host.IsErrorInteractive, host.Time);
            SimulationSummary summary = await SimulateRun.RunAsync(simulation, progress, host.Time, logs.CreateLogger("PhysioActors.Simulate"), cancellationToken).ConfigureAwait(false);
            progress.End();
            await host.Error.WriteLineAsync($"Sent {Counting.Of(summary.Produced.Acknowledged, "observation")} of {Counting.Of(summary.Produced.Patients, "simulated patient")}, {Counting.Of(summary.Episodes, "episode")}. The first patient is {summary.FirstPatient}.").ConfigureAwait(false);
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(SimulationReport.Of(summary), s_json)).ConfigureAwait(false);
            return summary.Produced.Completed ? ExitCodes.Ok : ExitCodes.Interrupted;
        });
    }
}

/// <summary>The JSON of a simulation.</summary>
internal sealed record SimulationReport(string RunId, bool Completed, int Patients, long Sent, long Acknowledged, DateTimeOffset? FirstEventTime, DateTimeOffset? LastEventTime, double ElapsedSeconds, long Episodes, string? Labels, string FirstPatient)
{
    /// <summary>From what the simulation has done.</summary>
    public static SimulationReport Of(SimulationSummary summary) => new(
        summary.Produced.RunId, summary.Produced.Completed, summary.Produced.Patients, summary.Produced.Sent, summary.Produced.Acknowledged, summary.Produced.FirstEventTime, summary.Produced.LastEventTime,
        summary.Produced.Elapsed.TotalSeconds, summary.Episodes, summary.LabelsPath, summary.FirstPatient);
}
