using System.Text;

using Confluent.Kafka;

using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Seed.Broker;
using PhysioActors.Shared.Kafka;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>A development broker with a cluster's topics, and a gateway that produces to it.</summary>
internal sealed class Ward : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(40);

    private readonly IProducer<byte[], byte[]> _gateway;

    public Ward(int partitions)
    {
        Names = new TopicNames("ward");
        NativeKafka.Load();
        Broker = DevelopmentBroker.Start([(Names.Observations, partitions), (Names.Anomalies, 2), (Names.DeadLetters, 1), (Names.Estimates, 2)]);
        Connection = new KafkaConnection(Broker.Bootstrap);
        _gateway = new ProducerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = Broker.Bootstrap,
            ["linger.ms"] = "5",
            ["batch.num.messages"] = "1000",
            ["enable.idempotence"] = "true",
            ["queue.buffering.max.messages"] = "1000000",
        }).SetLogHandler((_, _) => { }).Build();
    }

    public TopicNames Names { get; }

    public DevelopmentBroker Broker { get; }

    public KafkaConnection Connection { get; }

    /// <summary>Produces records whose values are their numbers, so that a record's value tells its offset in a partition that only this wrote.</summary>
    public void Produce(int partition, int first, int count, int valueBytes = 8)
    {
        for (int i = first; i < first + count; i++)
            Produce(partition, Value(i, valueBytes));
        Flush();
    }

    public void Produce(int partition, byte[] value, Headers? headers = null, byte[]? key = null)
    {
        _gateway.Produce(new TopicPartition(Names.Observations, partition), new Message<byte[], byte[]> { Key = key!, Value = value, Headers = headers });
    }

    public void Flush() => Assert.Equal(0, _gateway.Flush(Patience));

    public static byte[] Value(int number, int bytes = 8) => Encoding.ASCII.GetBytes(number.ToString("D8", System.Globalization.CultureInfo.InvariantCulture).PadRight(bytes, 'x'));

    public static int NumberOf(ReadOnlyMemory<byte> value) => int.Parse(value.Span[..8], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The development broker lets a change of the group take a second less than the session timeout.</summary>
    public InboundLogOptions Options => new() { Topic = Names.Observations, Group = Names.ProcessingGroup, IsDevelopmentBroker = true, SessionTimeout = TimeSpan.FromSeconds(4) };

    public void Dispose()
    {
        _gateway.Dispose();
        Broker.Dispose();
    }
}
