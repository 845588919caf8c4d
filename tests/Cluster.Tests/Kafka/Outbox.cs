using System.Globalization;
using System.Text;

using Confluent.Kafka;

using PhysioActors.Processing.Runtime;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>Makes outbox rows, and reads topics as a downstream consumer does.</summary>
internal static class Outbox
{
    public static OutboxRow Anomaly(long sequence, string key = "default:1") => new(sequence, OutboxKind.Anomaly, Encoding.UTF8.GetBytes(key), Text(sequence), default);

    public static OutboxRow DeadLetter(long sequence, string key, params KeyValuePair<string, string>[] headers) =>
        new(sequence, OutboxKind.DeadLetter, Encoding.UTF8.GetBytes(key), Text(sequence), OutboxHeaders.Encode(headers));

    public static OutboxRow[] Anomalies(int first, int count) => [.. Enumerable.Range(first, count).Select(sequence => Anomaly(sequence, $"default:{sequence % 7}"))];

    public static string Value(ConsumeResult<byte[], byte[]> result) => Encoding.UTF8.GetString(result.Message.Value);

    /// <summary>Reads everything that a topic has now, partition after partition, from the given offsets or the beginning.</summary>
    public static List<ConsumeResult<byte[], byte[]>> ReadAll(string bootstrap, string topic, IsolationLevel isolation = IsolationLevel.ReadCommitted)
    {
        using IConsumer<byte[], byte[]> consumer = new ConsumerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = bootstrap,
            ["group.id"] = "reader-" + Guid.NewGuid().ToString("N"),
            ["enable.auto.commit"] = "false",
            ["enable.partition.eof"] = "true",
            ["auto.offset.reset"] = "earliest",
            ["isolation.level"] = isolation == IsolationLevel.ReadCommitted ? "read_committed" : "read_uncommitted",
        }).SetLogHandler((_, _) => { }).Build();
        using IAdminClient admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        int partitions = admin.GetMetadata(Ward.Patience).Topics.Single(one => one.Topic == topic).Partitions.Count;
        consumer.Assign(Enumerable.Range(0, partitions).Select(partition => new TopicPartitionOffset(topic, partition, Offset.Beginning)));
        var results = new List<ConsumeResult<byte[], byte[]>>();
        using var limit = new CancellationTokenSource(Ward.Patience);
        for (int open = partitions; open > 0;)
        {
            ConsumeResult<byte[], byte[]> result = consumer.Consume(limit.Token);
            if (result.IsPartitionEOF)
                open--;
            else
                results.Add(result);
        }

        return results;
    }

    private static byte[] Text(long sequence) => Encoding.UTF8.GetBytes(sequence.ToString(CultureInfo.InvariantCulture));
}
