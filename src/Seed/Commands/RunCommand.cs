using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Runs;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio run</c>: everything on this machine with an empty database, fed by recordings or a simulated ward, and shown live.</summary>
internal sealed class RunCommand : PhysioCommand
{
    /// <summary>How long the rest may take once everything is sent, before that is called a failure.</summary>
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Option<string?> _data = new("--data") { Description = "Replay the recordings of a folder as fast as they are handled, in place of a simulated ward.", HelpName = "FOLDER" };
    private readonly Option<bool> _untilDone = new("--until-done") { Description = "End when everything that was sent is handled and published." };
    private readonly Option<bool> _json = new("--json") { Description = "Print a summary as JSON at the end, and nothing else, to standard output." };
    private readonly SimulationOptions _simulation = new();

    public RunCommand(GlobalOptions global, CommandHost host)
        : base("run", "Starts everything on this machine with an empty database, feeds it and shows it live: a simulated ward, or recordings. What it stores lies below .physio until the next run.",
        [
            ("run", "a simulated ward in real time, until Ctrl-C"),
            ("run --patients 100 --hours 0.5 --until-done", "half an hour of 100 simulated patients"),
            ("run --data recordings --until-done --json", "all recordings of a folder, and a summary for a script"),
        ])
    {
        Add(_data);
        Add(_untilDone);
        Add(_json);
        _simulation.AddTo(this);
        SetAction((parse, cancellationToken) => RunAsync(parse, global.Load(parse, host), host, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parse, LoadedOptions loaded, CommandHost host, CancellationToken cancellationToken)
    {
        string? data = parse.GetValue(_data) is { } folder ? Path.GetFullPath(folder, host.Folder) : null;
        if (data is not null && !Directory.Exists(data))
            throw new CommandFailedException($"There is no folder {data}.", "--data names a folder with sets of recordings.", ExitCodes.Usage);
        bool json = parse.GetValue(_json);
        string place = Path.Combine(host.Folder, Endpoints.FolderName);
        using ILoggerFactory logs = Logs.Create(loaded.Options.Logging);
        await using PhysioEnvironment environment = await PhysioEnvironment.StartAsync(
            loaded.Options, host.Folder, isFresh: true, beginIncarnation: false, host.Error.WriteLine, Path.Combine(place, "run-broker.log"), cancellationToken).ConfigureAwait(false);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string nodeLog = Path.Combine(place, "run-node.log");
        string[] arguments = [.. loaded.ForChild(("Brokers", environment.Options.Brokers)), "--postgres", environment.Options.Postgres];
        Task node = new NodeProcess(host.Folder, arguments, nodeLog, logs.CreateLogger("PhysioActors.Run"), host.Time).RunAsync(environment.Announce, ending.Token);

        string source = data is null ? $"ward simulator, {_simulation.Describe(parse)}" : Path.GetFileName(data.TrimEnd('/'));
        using var watch = new WardWatch(environment.Options, source, isSimulated: data is null, host.Time);
        watch.Start();
        Task<RunSummary?> work = FeedAndWaitAsync(parse, data, environment.Options, watch, host, logs, ending.Token);
        // The display ends with the work, or with the node when that does not start.
        Task first = Task.WhenAny(work, node);
        await WardDisplay.ShowAsync(json ? host.Error : host.Output, json ? host.IsErrorInteractive : host.IsInteractive, watch.Take, first, host.Time).ConfigureAwait(false);
        RunSummary? summary = null;
        try
        {
            if (!work.IsCompleted)
                await node.ConfigureAwait(false);
            summary = await work.ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // Asked to end: that is how a live ward ends.
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await node.ConfigureAwait(false);
        }

        if (summary is null)
            return parse.GetValue(_untilDone) ? ExitCodes.Interrupted : ExitCodes.Ok;
        if (json)
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(summary, s_json)).ConfigureAwait(false);
        if (summary.IsComplete)
            return ExitCodes.Ok;
        throw new CommandFailedException("Not everything that was sent was handled and published in time.", $"What the node said stands in {nodeLog}.");
    }

    private async Task<RunSummary?> FeedAndWaitAsync(
        ParseResult parse, string? data, PhysioOptions options, WardWatch watch, CommandHost host, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        long began = host.Time.GetTimestamp();
        bool untilDone = parse.GetValue(_untilDone);
        ILogger log = logs.CreateLogger("PhysioActors.Feed");
        ProducedSummary produced;
        long skipped = 0, malformed = 0;
        string[] sources;
        Ingest.Producing.KafkaTarget target = await KafkaTargets.InboundAsync(options, timestampsAreEventTimes: false, cancellationToken).ConfigureAwait(false);
        if (data is null)
        {
            SimulateOptions simulate = _simulation.Read(parse, host.Folder, target, SimulationSettings.Demonstration);
            if (!untilDone)
                simulate = simulate with { Speed = 1, Duration = _simulation.HasDuration(parse) ? simulate.Duration : TimeSpan.FromDays(30) };
            produced = (await SimulateRun.RunAsync(simulate, watch, host.Time, log, cancellationToken).ConfigureAwait(false)).Produced;
            sources = ["simulator"];
        }
        else
        {
            ReplaySummary replay = await ReplayRun.RunAsync(new ReplayOptions(data, target), watch, host.Time, log, cancellationToken).ConfigureAwait(false);
            ReplayCommand.Tell(replay, host);
            produced = replay.Produced;
            skipped = replay.SkippedValues;
            malformed = replay.MalformedRows + replay.MalformedFiles;
            sources = [.. replay.Sets.Select(set => set.Set)];
        }

        if (!untilDone)
        {
            // Nothing more comes, but there is something to look at until somebody ends it.
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, cancellationToken).ConfigureAwait(false);
            return null;
        }

        return await SettleAsync(produced, skipped, malformed, sources, watch, began, host.Time, cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Waits until everything sent is durable and told, and the journal's offsets are the ends of the partitions: ticks go on, so that there is such a moment many times a second.</summary>
    private static async Task<RunSummary> SettleAsync(
        ProducedSummary produced, long skipped, long malformed, IReadOnlyList<string> sources, WardWatch watch, long began, TimeProvider time, CancellationToken cancellationToken)
    {
        TimeSpan? handled = null;
        long since = time.GetTimestamp();
        while (true)
        {
            ClusterStatus status = await watch.ReadAsync(cancellationToken).ConfigureAwait(false);
            bool isHandled = status.RecordsIn >= produced.Acknowledged && status.Lag == 0;
            if (isHandled)
                handled ??= time.GetElapsedTime(began);
            bool complete = isHandled && status.Unpublished == 0 && status.OffsetsComplete && watch.AnomaliesPublished == status.Counters.AnomalyEvents;
            if (complete || time.GetElapsedTime(since) > s_patience)
            {
                TimeSpan elapsed = handled ?? time.GetElapsedTime(began);
                return new RunSummary(
                    status.RecordsIn, status.Counters.Folded, status.Counters.Duplicates, status.Counters.Late, status.Counters.DeadLetters, status.Patients,
                    status.Counters.AnomalyEvents, watch.AnomaliesPublished, Math.Round(status.RecordsIn / elapsed.TotalSeconds, 1), status.OffsetsComplete,
                    produced.Acknowledged, status.Counters.Ticks, status.Counters.Commands, Math.Round(elapsed.TotalSeconds, 2), sources, skipped, malformed, complete);
            }

            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
        }
    }
}

/// <summary>The JSON of a run: every record that was sent is in exactly one of folded, duplicates, late and dead letters.</summary>
/// <param name="RecordsIn">Records handled, ticks and commands not counted.</param>
/// <param name="Folded">Of those: accepted.</param>
/// <param name="Duplicates">Of those: seen before.</param>
/// <param name="Late">Of those: too late.</param>
/// <param name="DeadLetters">Of those: refused.</param>
/// <param name="Patients">Patients known.</param>
/// <param name="AnomaliesJournaled">Anomaly events in the journal.</param>
/// <param name="AnomaliesPublished">Distinct anomaly events read back from the topic.</param>
/// <param name="ObservationsPerSecond">Records handled a second, from the start of the feed until the last was durable.</param>
/// <param name="OffsetsComplete">Whether the journal's offsets are the ends of all partitions.</param>
/// <param name="RecordsSent">Records that the broker acknowledged.</param>
/// <param name="Ticks">Marks of time handled.</param>
/// <param name="Commands">Commands handled.</param>
/// <param name="ElapsedSeconds">From the start of the feed until the last record was durable.</param>
/// <param name="Sources">The sets that were replayed.</param>
/// <param name="SkippedValues">Values of the recordings that were missing or a code for 'no value'.</param>
/// <param name="MalformedRows">Rows and files of the recordings that could not be read.</param>
/// <param name="IsComplete">Whether everything was handled and published.</param>
internal sealed record RunSummary(
    long RecordsIn, long Folded, long Duplicates, long Late, long DeadLetters, long Patients, long AnomaliesJournaled, long AnomaliesPublished, double ObservationsPerSecond, bool OffsetsComplete,
    long RecordsSent, long Ticks, long Commands, double ElapsedSeconds, IReadOnlyList<string> Sources, long SkippedValues, long MalformedRows, bool IsComplete);
