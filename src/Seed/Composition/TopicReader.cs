using Confluent.Kafka;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Where reading of a topic begins.</summary>
internal enum TopicStart
{
    /// <summary>At the first record that the topic still has.</summary>
    Beginning,

    /// <summary>Behind the last record.</summary>
    End,
}

/// <summary>
/// Reads all partitions of an output topic, as a consumer downstream would, but without joining a group: aborted messages are not shown. Used by one thread.
/// </summary>
internal sealed class TopicReader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(10);

    private readonly IConsumer<byte[], byte[]> _consumer;
    private readonly string _topic;

    /// <summary>Connects and looks the topic up.</summary>
    /// <exception cref="CommandFailedException">The topic is missing, or Kafka cannot be reached.</exception>
    public TopicReader(PhysioOptions options, string topic, TopicStart start)
    {
        NativeKafka.Load();
        _topic = topic;
        Dictionary<string, string> settings = KafkaTargets.Settings(options);
        // A group is demanded of every consumer; nothing is committed to it.
        settings["group.id"] = options.Cluster + ".reader";
        settings["enable.auto.commit"] = "false";
        settings["isolation.level"] = "read_committed";
        settings["auto.offset.reset"] = "earliest";
        settings["fetch.wait.max.ms"] = "100";
        settings["allow.auto.create.topics"] = "false";
        _consumer = new ConsumerBuilder<byte[], byte[]>(settings).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        try
        {
            using IAdminClient admin = new DependentAdminClientBuilder(_consumer.Handle).Build();
            int partitions = admin.GetMetadata(s_patience).Topics.Find(found => found.Topic == topic)?.Partitions.Count ?? 0;
            if (partitions == 0)
                throw new CommandFailedException($"Kafka at {options.Brokers} has no topic {topic}.", "A node of the cluster makes it; is --cluster right?");
            // Explicit offsets: what is published from now on is read even if nothing is there yet to be at the end of.
            _consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset(partition, start))).ToArray());
        }
        catch (KafkaException exception)
        {
            _consumer.Dispose();
            throw new CommandFailedException($"Kafka at {options.Brokers} cannot be reached: {exception.Error.Reason}", "Check that a broker listens there and that its advertised address can be reached from here, or name another with --brokers or PHYSIO_BROKERS.");
        }
        catch
        {
            _consumer.Dispose();
            throw;
        }
    }

    /// <summary>Takes the next record, waiting for it; null when none came in time.</summary>
    public ConsumeResult<byte[], byte[]>? Take(TimeSpan patience) => _consumer.Consume(patience);

    /// <summary>Takes the next record, waiting for it until cancelled.</summary>
    public ConsumeResult<byte[], byte[]> Take(CancellationToken cancellationToken) => _consumer.Consume(cancellationToken);

    /// <summary>Leaves.</summary>
    public void Dispose() => _consumer.Dispose();

    private Offset Offset(int partition, TopicStart start)
    {
        WatermarkOffsets offsets = _consumer.QueryWatermarkOffsets(new(_topic, partition), s_patience);
        return start == TopicStart.Beginning ? offsets.Low : offsets.High;
    }
}
