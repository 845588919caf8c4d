using Confluent.Kafka;
using PhysioActors.Shared.Kafka;

namespace PhysioActors.Ingest.Tests.Support;

/// <summary>librdkafka's broker in memory. It lives as long as the client that made it, and other clients reach it over TCP. Topics have four partitions.</summary>
public sealed class MockBroker : IDisposable
{
    public const int Partitions = 4;

    private readonly IProducer<Null, Null> _owner;

    public MockBroker()
    {
        NativeKafka.Load();
        _owner = new ProducerBuilder<Null, Null>(new Dictionary<string, string> { ["test.mock.num.brokers"] = "1", ["bootstrap.servers"] = "replaced" }).SetLogHandler((_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(_owner.Handle).Build();
        BrokerMetadata broker = admin.GetMetadata(TimeSpan.FromSeconds(20)).Brokers.Single();
        Settings = new Dictionary<string, string> { ["bootstrap.servers"] = $"{broker.Host}:{broker.Port}" };
    }

    public IReadOnlyDictionary<string, string> Settings { get; }

    /// <summary>Reads <paramref name="count"/> records of a topic, partition by partition.</summary>
    public List<ConsumeResult<byte[], byte[]>> Read(string topic, long count)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer("reader");
        consumer.Assign(Enumerable.Range(0, Partitions).Select(p => new TopicPartitionOffset(topic, p, Offset.Beginning)));
        List<ConsumeResult<byte[], byte[]>> records = [];
        while (records.Count < count)
            records.Add(consumer.Consume(TimeSpan.FromSeconds(20)) ?? throw new TimeoutException($"{records.Count} of {count} records were read."));
        Assert.Null(consumer.Consume(TimeSpan.FromMilliseconds(100)));
        consumer.Close();
        return records;
    }

    /// <summary>A node's part: reads some records and commits behind them. Returns how many it read of each partition.</summary>
    public void Commit(string topic, string group, IEnumerable<(int Partition, long Offset)> offsets)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer(group);
        consumer.Commit(offsets.Select(o => new TopicPartitionOffset(topic, o.Partition, o.Offset)));
        consumer.Close();
    }

    public (long Low, long High) Bounds(string topic, int partition)
    {
        using IConsumer<byte[], byte[]> consumer = Consumer("bounds");
        WatermarkOffsets bounds = consumer.QueryWatermarkOffsets(new TopicPartition(topic, partition), TimeSpan.FromSeconds(20));
        return (bounds.Low.Value, bounds.High.Value);
    }

    public void Dispose() => _owner.Dispose();

    private IConsumer<byte[], byte[]> Consumer(string group) =>
        new ConsumerBuilder<byte[], byte[]>(new ConsumerConfig(Settings.ToDictionary()) { GroupId = group, EnableAutoCommit = false }).SetLogHandler((_, _) => { }).Build();
}
