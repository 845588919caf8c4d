using System.Globalization;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The properties of a node's producers, and why.</summary>
internal static class ProducerProperties
{
    // As Java clients place keys; librdkafka's own default differs. Messages without a key go anywhere.
    private const string Partitioner = "murmur2_random";

    // The client demands that it exceed the socket's timeout.
    private static readonly TimeSpan s_shortestTransaction = TimeSpan.FromSeconds(30);

    /// <summary>For outbox rows where progress is kept in the journal.</summary>
    internal static Dictionary<string, string> Acknowledged(KafkaConnection connection, OutputsOptions options) => connection.Properties(
        options.ClientId + "-outbox",
        [("linger.ms", "2"), ("compression.type", "lz4"), ("message.timeout.ms", Milliseconds(options.Patience)), ("socket.timeout.ms", "10000"), ("retry.backoff.ms", "50")],
        [("enable.idempotence", "true"), ("acks", "all"), ("partitioner", Partitioner), ("dotnet.producer.delivery.report.fields", "none")]);

    /// <summary>For the outbox rows of one shard, in transactions that carry the progress.</summary>
    internal static Dictionary<string, string> Transactional(KafkaConnection connection, OutputsOptions options, int shard) => connection.Properties(
        $"{options.ClientId}-outbox-{shard.ToString(CultureInfo.InvariantCulture)}",
        [
            ("linger.ms", "2"), ("compression.type", "lz4"), ("socket.timeout.ms", "10000"), ("retry.backoff.ms", "50"),

            // A publisher that died in a transaction holds read_committed consumers up for so long at most; usually its successor ends it at once.
            ("transaction.timeout.ms", Milliseconds(options.Patience * 2 < s_shortestTransaction ? s_shortestTransaction : options.Patience * 2)), ("message.timeout.ms", Milliseconds(options.Patience)),
        ],
        [("transactional.id", options.Names.TransactionalId(shard)), ("acks", "all"), ("partitioner", Partitioner), ("dotnet.producer.delivery.report.fields", "none")]);

    /// <summary>For estimates: many, small, and of no use when late.</summary>
    internal static Dictionary<string, string> Estimates(KafkaConnection connection, OutputsOptions options) => connection.Properties(
        options.ClientId + "-estimates",
        [
            ("linger.ms", Milliseconds(options.EstimateLinger)), ("compression.type", "none"), ("message.timeout.ms", "10000"), ("socket.timeout.ms", "10000"),
            ("queue.buffering.max.messages", options.EstimateQueue.ToString(CultureInfo.InvariantCulture)), ("queue.buffering.max.kbytes", "65536"),
        ],
        [("enable.idempotence", "true"), ("acks", "all"), ("partitioner", Partitioner), ("delivery.report.only.error", "true")]);

    private static string Milliseconds(TimeSpan time) => ((long)time.TotalMilliseconds).ToString(CultureInfo.InvariantCulture);
}
