using Confluent.Kafka;
using Npgsql;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Reads a cluster's status, once or again and again; its connections are kept. Used by one caller at a time.</summary>
internal sealed class ClusterStatusReader : IAsyncDisposable
{
    private const int MostLosses = 20;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly PhysioOptions _options;
    private readonly KafkaDescription _kafka;
    private readonly PostgresJournalAdministration _journal;
    private readonly IConsumer<Ignore, Ignore> _consumer;

    private ClusterStatusReader(PhysioOptions options, KafkaDescription kafka)
    {
        _options = options;
        _kafka = kafka;
        _journal = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        // A group is demanded of every consumer; this one only asks for offsets.
        var settings = new Dictionary<string, string>(KafkaTargets.Settings(options)) { ["group.id"] = options.Cluster + ".reader", ["enable.auto.commit"] = "false" };
        _consumer = new ConsumerBuilder<Ignore, Ignore>(settings).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>Connects.</summary>
    /// <exception cref="KafkaClusterException">Kafka cannot be reached, or the inbound topic is missing.</exception>
    public static async Task<ClusterStatusReader> ConnectAsync(PhysioOptions options, CancellationToken cancellationToken) =>
        new(options, await new KafkaCluster(new KafkaConnection(options.Brokers, options.Kafka)).DescribeAsync(options.Topics.Observations, cancellationToken).ConfigureAwait(false));

    /// <summary>Reads the status.</summary>
    /// <exception cref="CommandFailedException">The database knows no such cluster.</exception>
    /// <exception cref="JournalUnavailableException">The database cannot be reached.</exception>
    /// <exception cref="KafkaException">Kafka cannot be reached.</exception>
    public async Task<ClusterStatus> ReadAsync(CancellationToken cancellationToken)
    {
        // The ends first: an offset in the journal that equals an end then covers all that lay in the log at that time.
        long[] ends = await Task.Run(Ends, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
        JournalLog? log;
        try
        {
            log = await _journal.ReadLogAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (PostgresException exception) when (exception.SqlState is PostgresErrorCodes.UndefinedTable or PostgresErrorCodes.InvalidSchemaName)
        {
            log = null;
        }

        if (log is null)
            throw new CommandFailedException($"The database knows no cluster {_options.Cluster} yet.", "Its first node makes it: 'physio up' or 'physio node'.");
        IReadOnlyList<OwnedShard> owned = await _journal.ReadAllShardsAsync(cancellationToken).ConfigureAwait(false);
        if (owned.Any(shard => shard.Row.Shard < ends.Length && shard.Row.NextOffset > ends[shard.Row.Shard]))
        {
            // Ticks come all the time, and some were handled since the ends were read. Only an end that is still behind what was handled is news.
            long[] later = await Task.Run(Ends, cancellationToken).WaitAsync(cancellationToken).ConfigureAwait(false);
            foreach (OwnedShard shard in owned.Where(shard => shard.Row.Shard < ends.Length && shard.Row.NextOffset > ends[shard.Row.Shard]))
                ends[shard.Row.Shard] = Math.Min(later[shard.Row.Shard], shard.Row.NextOffset);
        }

        return new()
        {
            Cluster = _options.Cluster,
            Brokers = _options.Brokers,
            IsDevelopmentBroker = _kafka.IsDevelopmentBroker,
            Postgres = PostgresAddress.Describe(_options.Postgres),
            Incarnation = log.Incarnation,
            Generation = log.Generation,
            Patients = await _journal.CountPatientsAsync(cancellationToken).ConfigureAwait(false),
            Counters = RecordCounters.Of(owned.Aggregate(default(ShardCounters), (sum, shard) => sum + shard.Row.Counters)),
            Lost = await _journal.CountLostAsync(cancellationToken).ConfigureAwait(false),
            Shards = [.. ends.Select((end, shard) => ShardStatus.Of(shard, end, owned.FirstOrDefault(row => row.Row.Shard == shard)))],
            Losses = await _journal.ReadLossesAsync(MostLosses, cancellationToken).ConfigureAwait(false),
        };
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.Run(_consumer.Dispose).ConfigureAwait(false);
        await _journal.DisposeAsync().ConfigureAwait(false);
    }

    private long[] Ends() =>
        [.. Enumerable.Range(0, _kafka.Partitions).Select(partition => _consumer.QueryWatermarkOffsets(new(_options.Topics.Observations, partition), s_patience).High.Value)];
}
