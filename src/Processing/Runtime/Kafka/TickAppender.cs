using System.Globalization;
using System.Text;

using Confluent.Kafka;

using Microsoft.Extensions.Logging;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Appends ticks to the inbound topic. A tick that the broker does not take within seconds is dropped: the next one tells as much.</summary>
internal sealed class TickAppender : IDisposable
{
    private static readonly byte[] s_type = Encoding.UTF8.GetBytes(RecordHeaders.Tick);

    private readonly IProducer<Null, byte[]> _producer;
    private readonly string _topic;
    private readonly Action<DeliveryReport<Null, byte[]>> _delivered = Delivered;

    internal TickAppender(KafkaConnection connection, InboundLogOptions options, ILogger logger, TimeProvider time)
    {
        _topic = options.Topic;
        var trouble = new TroubleLog(logger, "ticks", time);
        Dictionary<string, string> properties = connection.Properties(
            options.ClientId + "-ticks",
            [("linger.ms", "0"), ("queue.buffering.max.messages", "10000"), ("message.timeout.ms", "3000"), ("socket.timeout.ms", "5000")],
            [("acks", "all"), ("dotnet.producer.delivery.report.fields", "none")]);
        _producer = new ProducerBuilder<Null, byte[]>(properties)
            .SetLogHandler((_, message) => trouble.Report(message)).SetErrorHandler((_, error) => trouble.Report(error)).Build();
    }

    internal void Append(int partition, long epoch)
    {
        string value = string.Create(CultureInfo.InvariantCulture, $$"""{"v":1,"partition":{{partition}},"epoch":{{epoch}}}""");
        var message = new Message<Null, byte[]> { Value = Encoding.UTF8.GetBytes(value), Headers = new() { { RecordHeaders.Type, s_type } } };
        try
        {
            _producer.Produce(new TopicPartition(_topic, partition), message, _delivered);
        }
        catch (KafkaException)
        {
            // The client's queue is full, or the partition is not known yet.
            KafkaMetrics.DroppedTicks.Add(1);
        }
    }

    public void Dispose() => _producer.Dispose();

    private static void Delivered(DeliveryReport<Null, byte[]> report)
    {
        if (report.Error.IsError)
            KafkaMetrics.DroppedTicks.Add(1);
    }
}
