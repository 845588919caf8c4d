using System.CommandLine;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Runs;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio run</c>: a whole cluster that begins empty, data for it, and a view of it.</summary>
internal sealed class RunCommand : PhysioCommand
{
    /// <summary>How long nothing may be handled before the rest counts as stuck.</summary>
    private static readonly TimeSpan s_stuck = TimeSpan.FromSeconds(90);

    /// <summary>How long the last reading may take.</summary>
    private static readonly TimeSpan s_lastPatience = TimeSpan.FromSeconds(5);

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_endless = TimeSpan.FromDays(365);
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Option<string?> _data = new("--data") { Description = "Send recordings and not a simulated ward: a folder, a file or a WFDB record, as 'replay' takes them.", HelpName = "SOURCE" };
    private readonly Option<bool> _untilDone = new("--until-done") { Description = "End when everything that was sent is handled and published. Exit code 0 only when nothing is missing." };
    private readonly Option<FeedSpeed?> _speed = FeedOptions.Speed("max with --data or --until-done, else 1");
    private readonly Option<bool> _json = new("--json") { Description = "At the end, print a summary as JSON; nothing else goes to standard output." };
    private readonly Option<int?> _partitions = FeedOptions.Integer("--partitions", "Partitions of the topics: a power of two. Standard: 8.", 1, 4096);
    private readonly Option<bool> _replayCheck = new("--replay-check") { Description = "Compare states that leave memory with what the journal gives, bit for bit. For tests." };
    private readonly SimulationOptions _ward = new(SimulationSettings.Demonstration);

    public RunCommand(GlobalOptions global, CommandHost host)
        : base("run", "Runs a cluster that begins empty, feeds it (a simulated ward, or recordings), and shows it live. Its database lies in .physio/run, is wiped at the next start, and is left when it ends.",
        [
            ("run", "a simulated ward, live, until Ctrl-C"),
            ("run --data recordings --until-done --json", "all recordings, as fast as it goes; then a summary"),
            ("run --patients 100 --hours 2 --until-done", "100 simulated patients, two hours of each"),
        ])
    {
        foreach (Option option in (Option[])[_data, _untilDone, _speed, _json, _partitions, _replayCheck])
            Add(option);
        _ward.AddTo(this);
        Validators.Add(result =>
        {
            if (result.GetResult(_data) is { Tokens.Count: > 0 } && result.Children.OfType<System.CommandLine.Parsing.OptionResult>().FirstOrDefault(option => _ward.Owns(option.Option) && option.Option.Name != "--patients") is { } other)
                result.AddError($"{other.Option.Name} describes a simulated ward, and --data asks for recordings.");
        });
        SetAction((parse, cancellationToken) => RunAsync(parse, global, host, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parse, GlobalOptions global, CommandHost host, CancellationToken cancellationToken)
    {
        LoadedOptions loaded = global.Load(parse, host, ("Partitions", parse.GetValue(_partitions)?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
        if (parse.GetValue(_data) is { } data)
            NamedRecordings.Find([data], host.Folder);
        _ward.RequireLabels(parse, host.Folder);
        using ILoggerFactory logs = Logs.Create(loaded.Options.Logging with { Level = loaded.IsSet("Logging:Level") ? loaded.Options.Logging.Level : LogLevelName.Warning });
        string log = Path.Combine(host.Folder, Endpoints.FolderName, "run.log");
        await using PhysioEnvironment environment = await PhysioEnvironment.StartAsync(
            loaded.Options, host.Folder, isFresh: true, beginIncarnation: true, host.Error.WriteLine, log, logs.CreateLogger("PhysioActors.Run"), host.Time, cancellationToken).ConfigureAwait(false);
        PhysioOptions options = environment.Options;
        await host.Error.WriteLineAsync($"Messages of broker and node: {log}").ConfigureAwait(false);

        RunFeed feed = await ChooseFeedAsync(parse, options, host, logs, cancellationToken).ConfigureAwait(false);
        if (feed.IsSimulated)
            await host.Error.WriteLineAsync("SIMULATED: the patients of this ward do not exist.").ConfigureAwait(false);
        await using WardWatch watch = await WardWatch.StartAsync(options, host.Time, cancellationToken).ConfigureAwait(false);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        string[] nodeArguments = [.. loaded.ForChild(environment.ForNodes()), "--postgres", options.Postgres, .. parse.GetValue(_replayCheck) ? ["--replay-check"] : Array.Empty<string>()];
        var node = new NodeProcess(host.Folder, nodeArguments, log, logs.CreateLogger("PhysioActors.Run"), host.Time);
        Task nodeTask = node.RunAsync(environment.Announce, ending.Token);
        try
        {
            return await ServeAsync(parse, host, environment, feed, watch, node, nodeTask, ending).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await nodeTask.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await host.Error.WriteLineAsync("The database is left in .physio/run until the next run.").ConfigureAwait(false);
        }
    }

    private async Task<int> ServeAsync(
        ParseResult parse, CommandHost host, PhysioEnvironment environment, RunFeed feed, WardWatch watch, NodeProcess node, Task nodeTask, CancellationTokenSource ending)
    {
        CancellationToken cancellationToken = ending.Token;
        var fed = new FeedState();
        long since = host.Time.GetTimestamp();
        Task<FedData> feeding = FeedAsync(feed, fed, watch, host.Time, cancellationToken);
        Task<RunSummary> done = FinishAsync(feeding, fed, parse.GetValue(_untilDone), watch, node, since, host.Time, feed.IsSimulated, cancellationToken);
        Task broker = environment.Broker?.Ended ?? Task.Delay(Timeout.InfiniteTimeSpan, host.Time, cancellationToken);
        Task first = Task.WhenAny(done, nodeTask, broker, watch.Failed);
        var ward = new WardSnapshot { Cluster = environment.Options.Cluster, Source = feed.Source, IsSimulated = feed.IsSimulated, Acceleration = feed.Acceleration, Elapsed = default };
        await WardDisplay.ShowAsync(host.Error, host.IsErrorInteractive, () => fed.Fill(feed, watch.Fill(ward with { Trouble = node.IsRunning ? null : "the node is being started" })), first, host.Time).ConfigureAwait(false);

        if (!done.IsCompleted && !cancellationToken.IsCancellationRequested)
        {
            // Something that must not end has ended; its own reason is thrown where it has one.
            Task ended = await Task.WhenAny(nodeTask, broker, watch.Failed).ConfigureAwait(false);
            await ended.ConfigureAwait(false);
            throw new CommandFailedException(ended == broker ? "The development broker ended." : "The run cannot go on.", "What was said stands in .physio/run.log.");
        }

        RunSummary summary = await done.ConfigureAwait(false);
        if (feeding is { IsCompletedSuccessfully: true, Result.Replay: { } replay })
            ReplayCommand.Tell(replay, host);
        Tell(summary, host);
        if (parse.GetValue(_json))
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(summary, s_json)).ConfigureAwait(false);
        if (!parse.GetValue(_untilDone))
            return ExitCodes.Ok;
        if (summary.GivenUp is not null)
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await ((Task)feeding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        else if (!feeding.IsCompletedSuccessfully || !feeding.Result.Produced.Completed)
        {
            return ExitCodes.Interrupted;
        }

        foreach (string problem in summary.Problems)
            await host.Error.WriteLineAsync("physio: error: " + problem).ConfigureAwait(false);
        return summary.Problems.Count == 0 ? ExitCodes.Ok : ExitCodes.Failure;
    }

    /// <summary>Feeds as soon as all shards are served: how long a group takes to form says nothing of how fast it is.</summary>
    private static async Task<FedData> FeedAsync(RunFeed feed, FeedState fed, WardWatch watch, TimeProvider time, CancellationToken cancellationToken)
    {
        while (!AreServed(watch.Newest))
            await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
        return await feed.RunAsync(fed, cancellationToken).ConfigureAwait(false);
    }

    private static bool AreServed(WardReading? reading) => reading is { Status.Shards: { } shards } && shards.All(shard => shard.Owner is not null);

    private async Task<RunFeed> ChooseFeedAsync(ParseResult parse, PhysioOptions options, CommandHost host, ILoggerFactory logs, CancellationToken cancellationToken)
    {
        ILogger logger = logs.CreateLogger("PhysioActors.Feed");
        KafkaTarget target = await KafkaTargets.InboundAsync(options, timestampsAreEventTimes: false, cancellationToken).ConfigureAwait(false);
        bool untilDone = parse.GetValue(_untilDone);
        if (parse.GetValue(_data) is { } data)
        {
            return RunFeed.Of(
                new ReplayOptions(Path.GetFullPath(data, host.Folder), target) { Speed = parse.GetValue(_speed)?.Factor, Patients = parse.GetValue(_ward.Patients), Loop = false }, host.Time, logger);
        }

        // A ward to look at never ends, and has its episodes in minutes and not in hours.
        bool show = !untilDone && !_ward.HasDuration(parse);
        SimulateOptions simulation = _ward.Read(parse, host.Folder, target, show ? SimulationSettings.Demonstration : null);
        double? standardSpeed = untilDone ? null : 1;
        return RunFeed.Of(
            simulation with { Duration = show ? s_endless : simulation.Duration, Speed = parse.GetValue(_speed) is { } speed ? speed.Factor : standardSpeed, Ward = "" }, !show, host.Time, logger);
    }

    /// <summary>Waits until everything that was fed is handled and published (or, without that wish, until cancelled; or until nothing has moved for too long), and sums up.</summary>
    private static async Task<RunSummary> FinishAsync(
        Task<FedData> feeding, FeedState fed, bool untilDone, WardWatch watch, NodeProcess node, long since, TimeProvider time, bool isSimulated, CancellationToken cancellationToken)
    {
        FedData? data = null;
        long movedAt = time.GetTimestamp();
        long moves = -1;
        try
        {
            if (!untilDone)
            {
                data = await feeding.ConfigureAwait(false);
                since = FirstSent(data, time);
                await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken).ConfigureAwait(false);
            }

            while (true)
            {
                await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
                if (data is null && feeding.IsCompleted)
                {
                    data = await feeding.ConfigureAwait(false);
                    since = FirstSent(data, time);
                }

                WardReading? reading = watch.Newest;
                if (reading is not null && reading.Moves != moves)
                    (moves, movedAt) = (reading.Moves, time.GetTimestamp());
                if (data is { Produced.Completed: true } && reading is not null && IsDone(reading, data))
                    return Sum(data, fed, reading, isCurrent: true, watch, node, time.GetElapsedTime(since, movedAt), isSimulated);
                if (!IsOwed(reading, data, fed, watch))
                    movedAt = time.GetTimestamp();
                if (time.GetElapsedTime(movedAt) <= s_stuck)
                    continue;
                RunSummary summary = await LastSumAsync(time.GetElapsedTime(since)).ConfigureAwait(false);
                return summary with { GivenUp = FormattableString.Invariant($"Nothing has moved for {s_stuck.TotalSeconds:0} s: {watch.Trouble ?? "the node handles nothing"}. What broker and node said stands in .physio/run.log.") };
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // It gives the broker a few seconds to acknowledge what was sent.
            await ((Task)feeding).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            data ??= feeding.IsCompletedSuccessfully ? feeding.Result : null;
        }

        return await LastSumAsync(time.GetElapsedTime(since)).ConfigureAwait(false);

        async Task<RunSummary> LastSumAsync(TimeSpan elapsed)
        {
            WardReading? last = await watch.ReadNowAsync(s_lastPatience).ConfigureAwait(false);
            return Sum(data, fed, last ?? watch.Newest, isCurrent: last is not null, watch, node, elapsed, isSimulated);
        }
    }

    /// <summary>From the first sent, not from when the recordings began to be read.</summary>
    private static long FirstSent(FedData data, TimeProvider time) => time.GetTimestamp() - (long)(data.Produced.Elapsed.TotalSeconds * time.TimestampFrequency);

    private static bool IsDone(WardReading reading, FedData data) =>
        reading.RecordsIn >= data.Produced.Acknowledged && reading.Status.OffsetsComplete && reading.Status.Unpublished == 0 && reading.AnomaliesPublished >= reading.Counters.AnomalyEvents;

    /// <summary>True while something should move: shards to be served, records to be handled, or all is sent and the end is not reached. A feed that reads or waits for its time owes nothing.</summary>
    private static bool IsOwed(WardReading? reading, FedData? data, FeedState fed, WardWatch watch) =>
        data is not null || watch.Trouble is not null || !AreServed(reading) || reading!.RecordsIn < fed.Acknowledged;

    private static RunSummary Sum(FedData? data, FeedState fed, WardReading? reading, bool isCurrent, WardWatch watch, NodeProcess node, TimeSpan elapsed, bool isSimulated)
    {
        RecordCounters counters = reading?.Counters ?? RecordCounters.Of(default);
        long records = reading?.RecordsByOffset ?? 0;
        return new()
        {
            RecordsIn = records,
            Folded = counters.Folded,
            Duplicates = counters.Duplicates,
            Late = counters.Late,
            DeadLetters = counters.DeadLetters,
            Patients = reading?.Status.Patients ?? 0,
            AnomaliesJournaled = counters.AnomalyEvents,
            AnomaliesPublished = reading?.AnomaliesPublished ?? 0,
            ObservationsPerSecond = elapsed > TimeSpan.Zero ? Math.Round(records / elapsed.TotalSeconds, 1) : 0,
            OffsetsComplete = reading is { Status.OffsetsComplete: true },
            ElapsedSeconds = Math.Round(elapsed.TotalSeconds, 3),
            Sent = data?.Produced.Acknowledged ?? fed.Acknowledged,
            Ticks = counters.Ticks,
            Commands = counters.Commands,
            AnomalyRepeats = watch.AnomalyRepeats,
            NodeRestarts = node.Restarts,
            Sources = data?.Sources ?? [],
            Simulated = isSimulated,
            SkippedValues = data?.SkippedValues ?? 0,
            MalformedRows = data?.MalformedRows ?? 0,
            MalformedFiles = data?.MalformedFiles ?? 0,
            StatusCurrent = isCurrent,
        };
    }

    private static void Tell(RunSummary summary, CommandHost host)
    {
        host.Error.WriteLine(FormattableString.Invariant($"{Counting.Of(summary.RecordsIn, "record")} of {Counting.Of(summary.Patients, "patient")} in {summary.ElapsedSeconds:0.0} s ({summary.ObservationsPerSecond:#,0}/s): {summary.Folded:#,0} folded, {summary.Duplicates:#,0} duplicates, {summary.Late:#,0} late, {summary.DeadLetters:#,0} dead letters."));
        host.Error.WriteLine(FormattableString.Invariant($"{summary.AnomaliesJournaled:#,0} anomaly events journaled, {summary.AnomaliesPublished:#,0} published; offsets {(summary.OffsetsComplete ? "complete" : "not complete")}."));
    }

    /// <summary>The newest progress of the feed.</summary>
    private sealed class FeedState : IProgress<IngestProgress>
    {
        private volatile IngestProgress? _newest;
        private IngestProgress? _first;

        /// <summary>How many records the broker has taken.</summary>
        public long Acknowledged => _newest?.Acknowledged ?? 0;

        public void Report(IngestProgress value)
        {
            Interlocked.CompareExchange(ref _first, value, null);
            _newest = value;
        }

        public WardSnapshot Fill(RunFeed feed, WardSnapshot ward)
        {
            if (_newest is not { } newest || _first is not { } first)
                return ward;
            // Simulated patients are there all the time; recordings are of different lengths, of which the progress tells nothing.
            double days = ward.IsSimulated ? ward.Patients * (newest.EventTime - first.EventTime).TotalDays : 0;
            return ward with { PatientDays = days, Progress = feed.HasEnd ? newest.Fraction : null, Trouble = ward.Trouble ?? newest.Waiting };
        }
    }
}
