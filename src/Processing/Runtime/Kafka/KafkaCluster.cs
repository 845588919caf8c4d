using Confluent.Kafka;
using Confluent.Kafka.Admin;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Questions to a Kafka cluster as a whole, asked at start and by operators' commands. Each makes a short-lived client.</summary>
/// <param name="connection">How to reach it.</param>
public sealed class KafkaCluster(KafkaConnection connection)
{
    /// <summary>A topic whose name begins so tells that the broker is the development broker; the rest of the name is the log's incarnation.</summary>
    public const string MarkerPrefix = "physio-development-broker-";

    /// <summary>How long the cluster may take to answer.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Learns what the cluster is and how many partitions the inbound topic has.</summary>
    /// <exception cref="KafkaClusterException">It cannot be reached, or the topic is missing; the message says what to do.</exception>
    public Task<KafkaDescription> DescribeAsync(string inboundTopic, CancellationToken cancellationToken = default) =>
        Task.Run(() => Describe(inboundTopic), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The offset behind the last record of each partition of a topic.</summary>
    /// <exception cref="KafkaClusterException">The cluster cannot be reached, or the topic is missing.</exception>
    public Task<long[]> EndOffsetsAsync(string topic, CancellationToken cancellationToken = default) =>
        Task.Run(() => Offsets(topic).Select(bounds => bounds.High).ToArray(), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>The first offset that each partition of a topic still has, and the one behind its last record.</summary>
    /// <exception cref="KafkaClusterException">The cluster cannot be reached, or the topic is missing.</exception>
    public Task<(long Low, long High)[]> BoundsAsync(string topic, CancellationToken cancellationToken = default) =>
        Task.Run(() => Offsets(topic), cancellationToken).WaitAsync(cancellationToken);

    /// <summary>Makes the topics that are missing on a real broker. Those that exist are left as they are.</summary>
    /// <param name="topics">Name and number of partitions of each.</param>
    /// <param name="replication">Copies of each partition; -1 for the broker's default.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KafkaClusterException">The cluster cannot be reached, or refused; the development broker gets its topics when it starts.</exception>
    public async Task EnsureTopicsAsync(IReadOnlyList<(string Topic, int Partitions)> topics, short replication = -1, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(topics);
        using IAdminClient admin = Admin();
        Metadata metadata = await Task.Run(() => Ask(admin), cancellationToken).WaitAsync(cancellationToken);
        List<(string Topic, int Partitions)> missing = [.. topics.Where(topic => Find(metadata, topic.Topic) is null)];
        if (missing.Count == 0)
            return;
        if (Marker(metadata) is not null)
        {
            throw new KafkaClusterException(
                $"The development broker at {connection.Bootstrap} lacks the topics {string.Join(", ", missing.Select(topic => topic.Topic))} and cannot gain any: start it again with the wished cluster name.");
        }

        try
        {
            await admin.CreateTopicsAsync(
                missing.Select(topic => new TopicSpecification { Name = topic.Topic, NumPartitions = topic.Partitions, ReplicationFactor = replication }),
                new CreateTopicsOptions { RequestTimeout = Patience, OperationTimeout = Patience }).WaitAsync(cancellationToken);
        }
        catch (CreateTopicsException exception)
        {
            // Another node may have been faster.
            CreateTopicReport[] refused = [.. exception.Results.Where(result => result.Error.IsError && result.Error.Code != ErrorCode.TopicAlreadyExists)];
            if (refused.Length > 0)
                throw new KafkaClusterException($"Kafka at {connection.Bootstrap} did not make the topics: {string.Join("; ", refused.Select(result => $"{result.Topic}: {result.Error.Reason}"))}", exception);
        }
        catch (KafkaException exception)
        {
            throw Unreachable(exception);
        }
    }

    private KafkaDescription Describe(string inboundTopic)
    {
        Metadata metadata;
        using (IAdminClient admin = Admin())
            metadata = Ask(admin);
        int partitions = Required(metadata, inboundTopic);
        if (Marker(metadata) is { } incarnation)
            return new(true, incarnation, partitions);

        using NativeClient client = NativeClient.Create(Properties());
        string id = client.ClusterId(Patience) ?? throw Unreachable(null);
        return new(false, id, partitions);
    }

    private (long Low, long High)[] Offsets(string topic)
    {
        int partitions;
        using (IAdminClient admin = Admin())
            partitions = Required(Ask(admin), topic);

        // A group is demanded of every consumer; this one never joins it.
        Dictionary<string, string> properties = connection.Properties("physio-offsets", [], [("group.id", "physio-offsets"), ("enable.auto.commit", "false")]);
        using IConsumer<Ignore, Ignore> consumer = new ConsumerBuilder<Ignore, Ignore>(properties).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        var bounds = new (long Low, long High)[partitions];
        try
        {
            for (int partition = 0; partition < partitions; partition++)
            {
                WatermarkOffsets offsets = consumer.QueryWatermarkOffsets(new(topic, partition), Patience);
                bounds[partition] = (offsets.Low, offsets.High);
            }
        }
        catch (KafkaException exception)
        {
            throw Unreachable(exception);
        }

        return bounds;
    }

    private Dictionary<string, string> Properties() => connection.Properties("physio-admin", [], [("allow.auto.create.topics", "false")]);

    private IAdminClient Admin()
    {
        NativeKafka.Load();
        return new AdminClientBuilder(Properties()).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    // All topics are asked for: naming one would make a broker create it where that is allowed.
    private Metadata Ask(IAdminClient admin)
    {
        try
        {
            return admin.GetMetadata(Patience);
        }
        catch (KafkaException exception)
        {
            throw Unreachable(exception);
        }
    }

    private int Required(Metadata metadata, string topic) => Find(metadata, topic)?.Partitions.Count ?? throw new KafkaClusterException(
        $"Kafka at {connection.Bootstrap} has no topic {topic}. Create it, for example: kafka-topics.sh --bootstrap-server {connection.Bootstrap} --create --topic {topic} --partitions 8 "
        + "(the number of partitions must divide 4096), or start with another cluster name.");

    private static TopicMetadata? Find(Metadata metadata, string topic) => metadata.Topics.Find(one => one.Topic == topic && one.Partitions.Count > 0);

    private static string? Marker(Metadata metadata) =>
        metadata.Topics.Find(static topic => topic.Topic.StartsWith(MarkerPrefix, StringComparison.Ordinal))?.Topic[MarkerPrefix.Length..];

    private KafkaClusterException Unreachable(KafkaException? exception) => new(
        $"Kafka at {connection.Bootstrap} cannot be reached{(exception is null ? "" : $": {exception.Error.Reason}")}. "
        + "Check that a broker listens there and that its advertised address can be reached from here, or name another with --brokers or PHYSIO_BROKERS.", exception);
}
