using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Puts a processing node together from options and runs it.</summary>
internal static class NodeHost
{
    /// <summary>The environment variable that turns the replay check on: every state that leaves memory is compared with what the journal gives.</summary>
    public const string ReplayCheckVariable = "PHYSIO_REPLAY_CHECK";

    /// <summary>How often parts of the journal beyond retention are looked for.</summary>
    private static readonly TimeSpan s_retentionInterval = TimeSpan.FromHours(1);

    /// <summary>Runs a node until cancelled.</summary>
    /// <param name="options">The options, Kafka and PostgreSQL named.</param>
    /// <param name="cluster">The prepared cluster.</param>
    /// <param name="replayCheck">Whether to check states that leave memory against the journal.</param>
    /// <param name="logs">The loggers.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends it: shards finish what is being committed and are given back.</param>
    public static async Task RunAsync(PhysioOptions options, PreparedCluster cluster, bool replayCheck, ILoggerFactory logs, TimeProvider time, CancellationToken cancellationToken)
    {
        string name = $"{Environment.MachineName}/{Environment.ProcessId}";
        var connection = new KafkaConnection(options.Brokers, options.Kafka);
        await using PostgresJournal journal = await PostgresJournal.OpenAsync(
            new(options.Postgres, options.Topics.Schema, cluster.Kafka.Incarnation, cluster.Kafka.Partitions, name), cancellationToken).ConfigureAwait(false);
        await using var outputs = new KafkaOutputs(
            connection,
            new OutputsOptions { Names = options.Topics, IsDevelopmentBroker = cluster.Kafka.IsDevelopmentBroker },
            journal, logs.CreateLogger<KafkaOutputs>(), time);
        var inbound = new KafkaInboundLog(
            connection,
            new InboundLogOptions
            {
                Topic = options.Topics.Observations,
                Group = options.Topics.ProcessingGroup,
                IsDevelopmentBroker = cluster.Kafka.IsDevelopmentBroker,
                SessionTimeout = TimeSpan.FromMilliseconds(options.Runtime.SessionTimeoutMs),
            },
            logs.CreateLogger<KafkaInboundLog>(), time);
        var node = new ProcessingNode(
            options.Topics.Observations, Settings(options, cluster.Kafka.Partitions, replayCheck), ActorSettings.Configuration(options), ActorSettings.Model(options),
            inbound, journal, outputs, time, logs.CreateLogger("PhysioActors.Runtime"));
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task retention = KeepRetentionAsync(options, logs.CreateLogger("PhysioActors.Retention"), time, ending.Token);
        try
        {
            await node.RunAsync(cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            await ending.CancelAsync().ConfigureAwait(false);
            await retention.ConfigureAwait(false);
        }
    }

    private static NodeOptions Settings(PhysioOptions options, int partitions, bool replayCheck) => new()
    {
        Partitions = partitions,
        BatchRecords = options.Runtime.BatchRecords,
        BatchDelay = TimeSpan.FromMilliseconds(options.Runtime.BatchDelayMs),
        SnapshotEvery = options.Runtime.SnapshotEvery,
        IdleTime = TimeSpan.FromMinutes(options.Runtime.IdleMinutes),
        ActorBytes = ((long)options.Runtime.ActorMemoryMiB << 20) / Math.Max(1, partitions),
        TickInterval = TimeSpan.FromMilliseconds(options.Runtime.TickIntervalMs),
        Estimates = options.Estimates.Enabled,
        ReplayCheck = replayCheck,
    };

    private static async Task KeepRetentionAsync(PhysioOptions options, ILogger log, TimeProvider time, CancellationToken cancellationToken)
    {
        await using var administration = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(s_retentionInterval, time, cancellationToken).ConfigureAwait(false);
                RetentionResult result = await administration.DropOldPartsAsync(options.Retention.Days, cancellationToken).ConfigureAwait(false);
                log.LogInformation("Retention of {Days} days: {Result}", options.Retention.Days, result);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (JournalUnavailableException exception)
            {
                // The next hour will do as well.
                log.LogWarning("Retention could not be kept: {Reason}", exception.Message);
            }
        }
    }
}
