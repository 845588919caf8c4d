using Confluent.Kafka;

namespace PhysioActors.Ingest.Producing;

/// <summary>Reads how far a consumer group has got, without being a member of it: it never subscribes and never commits. Calls block; they belong on a thread of the pool.</summary>
internal sealed class GroupProgress : IDisposable
{
    private static readonly TimeSpan _timeout = TimeSpan.FromSeconds(5);

    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly TopicPartition[] _partitions;

    public GroupProgress(IReadOnlyDictionary<string, string> settings, string group, string topic, int partitions)
    {
        ConsumerConfig config = new(settings.ToDictionary()) { GroupId = group, EnableAutoCommit = false, EnableAutoOffsetStore = false };
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        _partitions = [.. Enumerable.Range(0, partitions).Select(p => new TopicPartition(topic, p))];
    }

    /// <summary>The committed offset of each partition; -1 where there is none.</summary>
    /// <exception cref="KafkaException">The group's coordinator did not answer.</exception>
    public long[] Committed()
    {
        long[] offsets = new long[_partitions.Length];
        foreach (TopicPartitionOffset committed in _consumer.Committed(_partitions, _timeout))
            offsets[committed.Partition] = committed.Offset.IsSpecial ? -1 : committed.Offset.Value;
        return offsets;
    }

    /// <summary>The first offset that a partition still has, and the one that its next record gets.</summary>
    /// <exception cref="KafkaException">The broker did not answer.</exception>
    public (long Low, long End) Bounds(int partition)
    {
        WatermarkOffsets bounds = _consumer.QueryWatermarkOffsets(_partitions[partition], _timeout);
        return (bounds.Low.Value, bounds.High.Value);
    }

    public void Dispose()
    {
        _consumer.Close();
        _consumer.Dispose();
    }
}
