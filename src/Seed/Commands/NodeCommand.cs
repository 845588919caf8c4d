using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Processing.Scoring;
using PhysioActors.Seed.Benchmark;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio node</c>: a node, which shares the shards with the others of its cluster.</summary>
internal sealed class NodeCommand : PhysioCommand
{
    private static readonly TimeSpan s_retention = TimeSpan.FromHours(1);

    private readonly Option<string?> _name = new("--name") { Description = "The node's name in lists. Standard: host and process.", HelpName = "NAME" };
    private readonly Option<bool> _beginLog = new("--begin-log") { Description = "Begin with a new inbound log, although the journal belongs to another one. What was not handled of that one is given up." };
    private readonly Option<bool> _replayCheck = new("--replay-check") { Description = "Compare states that leave memory with what the journal gives, bit for bit. Reads all of the journal: for tests. Also switched on by PHYSIO_REPLAY_CHECK=1." };
    private readonly Option<bool> _attached = new("--attached") { Description = "End when standard input ends, that is, with the process that started this one.", Hidden = true };

    private readonly Option<string?> _probe = new("--probe") { Description = "Tell a benchmark what happens, on a socket of this path.", HelpName = "SOCKET", Hidden = true };

    public NodeCommand(GlobalOptions global, CommandHost host)
        : base("node", "Runs a node until Ctrl-C: it takes its share of the shards, and those of nodes that fail. Makes topics and schema where they are missing.",
        [
            ("node", "one more node for the cluster that runs in this folder"),
            ("node --brokers kafka:9092 --postgres postgresql://physio@db/physio --log-format json", "a node of a real cluster"),
        ])
    {
        foreach (Option option in (Option[])[_name, _beginLog, _replayCheck, _attached, _probe])
            Add(option);
        SetAction(async (parse, cancellationToken) =>
        {
            LoadedOptions loaded = global.Load(parse, host);
            PhysioOptions options = loaded.Connected(host.Folder);
            using ILoggerFactory logs = Logs.Create(options.Logging);
            using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            if (parse.GetValue(_attached))
            {
                // Whoever started it also ends it: a Ctrl-C in the terminal is not meant for it.
                ProcessSession.Leave();
                _ = AttachedInput.EndWithAsync(ending);
            }

            using NodeProbe? probe = parse.GetValue(_probe) is { } socket ? new(socket) : null;
            bool replayCheck = parse.GetValue(_replayCheck) || host.Environment["PHYSIO_REPLAY_CHECK"] is "1";
            string name = parse.GetValue(_name) ?? string.Create(CultureInfo.InvariantCulture, $"{Environment.MachineName}-{Environment.ProcessId}");
            IsolationForest model = ModelFile.Load(options.Scoring.Model, host.Folder);
            CommandKeys keys = CommandKeyFile.Load(options.Commands, host.Folder, warning => logs.CreateLogger("PhysioActors.Node").LogWarning("{Warning}", warning));
            try
            {
                PreparedCluster cluster = await PreparedCluster.PrepareAsync(options, parse.GetValue(_beginLog), ending.Token).ConfigureAwait(false);
                await RunAsync(options, cluster, name, model, keys, replayCheck, probe, logs, host.Time, ending.Token).ConfigureAwait(false);
                return ExitCodes.Ok;
            }
            catch (OperationCanceledException) when (ending.IsCancellationRequested)
            {
                // Before it served: by a signal, or by the end of the process that it is attached to.
                return ExitCodes.Interrupted;
            }
        });
    }

    private static async Task RunAsync(
        PhysioOptions options, PreparedCluster cluster, string name, IsolationForest model, CommandKeys keys, bool replayCheck, NodeProbe? probe, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        TopicNames topics = options.Topics;
        bool isDevelopment = cluster.Kafka.IsDevelopmentBroker;
        var connection = new KafkaConnection(options.Brokers, options.Kafka);
        ILogger log = logs.CreateLogger("PhysioActors.Node");

        ActorConfiguration actors = ActorSettings.From(options);
        Task<long> warming = Task.Run(() => Warmup.RunAsync(actors, model, cancellationToken), CancellationToken.None);
        await using PostgresJournal journal = await PostgresJournal.OpenAsync(
            new PostgresJournalOptions(options.Postgres, topics.Schema, cluster.Log.Incarnation, cluster.Log.Partitions, name), cancellationToken).ConfigureAwait(false);
        await using var outputs = new KafkaOutputs(
            connection, new OutputsOptions { Names = topics, IsDevelopmentBroker = isDevelopment, ClientId = name }, journal, logs.CreateLogger<KafkaOutputs>(), time);
        var inbound = new KafkaInboundLog(
            connection,
            new InboundLogOptions
            {
                Topic = topics.Observations,
                Group = topics.ProcessingGroup,
                ClientId = name,
                IsDevelopmentBroker = isDevelopment,
                SessionTimeout = TimeSpan.FromMilliseconds(options.Runtime.SessionTimeoutMs),
            },
            logs.CreateLogger<KafkaInboundLog>(), time);
        var node = new ProcessingNode(topics.Observations, RuntimeSettings(options.Runtime, options.Estimates, keys, cluster.Log.Partitions, replayCheck), actors, model, inbound, probe?.Watch(journal) ?? journal, outputs, time, log);
        log.LogInformation("Node {Node} serves cluster {Cluster} with {Partitions} shards at {Brokers}, model {Model}.", name, options.Cluster, cluster.Log.Partitions, options.Brokers, model.Version);
        if (keys.Count > 0)
            log.LogInformation("Commands are authenticated. Known keys: {Keys}.", string.Join(", ", keys.Ids));
        else
            log.LogWarning("Commands are taken without authentication: whoever can write to {Topic} can give them. Keys are named with Commands:Keys or Commands:KeyFile.", topics.Observations);

        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task retention = KeepRetentionAsync(options, log, time, ending.Token);
        try
        {
            await node.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await retention.ConfigureAwait(false);
            await warming.ConfigureAwait(false);
        }

        log.LogInformation("Node {Node} has left.", name);
    }

    private static NodeOptions RuntimeSettings(RuntimeOptions runtime, EstimatesOptions estimates, CommandKeys keys, int partitions, bool replayCheck) => new()
    {
        Partitions = partitions,
        BatchRecords = runtime.BatchRecords,
        BatchDelay = TimeSpan.FromMilliseconds(runtime.BatchDelayMs),
        SnapshotEvery = runtime.SnapshotEvery,
        IdleTime = TimeSpan.FromMinutes(runtime.IdleMinutes),
        ActorBytes = ((long)runtime.ActorMemoryMiB << 20) / partitions,
        TickInterval = TimeSpan.FromMilliseconds(runtime.TickIntervalMs),
        Estimates = estimates.Enabled,
        CommandKeys = keys,
        ReplayCheck = replayCheck,
    };

    // Every node looks now and then; a lock in the database lets one drop at a time, and to find nothing costs little.
    private static async Task KeepRetentionAsync(PhysioOptions options, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var journal = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        using var timer = new PeriodicTimer(s_retention, time);
        try
        {
            do
            {
                try
                {
                    RetentionResult result = await journal.DropOldPartsAsync(options.Retention.Days, cancellationToken).ConfigureAwait(false);
                    foreach (DateOnly day in result.Dropped)
                        log.LogInformation("The journal's part of {Day} was dropped: older than {Days} days, and every patient in it has a later snapshot.", day, options.Retention.Days);
                    if (result.ChunkParts > 0)
                        log.LogInformation("{Hours} hours of waveform samples were dropped: every patient in them has a later snapshot.", result.ChunkParts);
                    foreach (KeptPart part in result.Kept)
                        log.LogInformation("The journal's part of {Day} is kept although it is old: {Patients} patients in it have no later snapshot yet.", part.Day, part.Patients);
                }
                catch (JournalUnavailableException exception)
                {
                    log.LogWarning("Old parts of the journal were not looked for: {Reason}", exception.Message);
                }
                catch (Exception exception) when (exception is not OperationCanceledException)
                {
                    // Patients are served all the same, and the next look may succeed; but the journal grows until one does.
                    log.LogError(exception, "Old parts of the journal could not be dropped; the next look is in {Pause} h.", s_retention.TotalHours);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken).ConfigureAwait(false));
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }
}
