using System.Globalization;
using System.Text;

using Confluent.Kafka;

using PhysioActors.Cluster.Tests.Kafka;
using PhysioActors.Cluster.Tests.Kill;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;
using PhysioActors.Shared.Tests.Observations;

using Xunit.Abstractions;

using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Cluster.Tests.Refusals;

/// <summary>Every kind of malformed record, sent to a node that runs: none of it is lost, and none of it keeps its shard from going on.</summary>
[Collection(KillTestsCollection.Name)]
public sealed class MalformedRecordsTests(ITestOutputHelper output)
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [KillFact]
    public async Task Each_ends_as_a_dead_letter_with_its_bytes_and_its_reason_and_the_record_behind_it_is_folded()
    {
        await using KillCluster cluster = await KillCluster.StartAsync(TimeSpan.FromSeconds(6), output);
        Dictionary<(int Partition, long Offset), MalformedRecord> sent = Send(cluster);
        KillableNode node = cluster.StartNode("node");
        await cluster.HandledAsync(s_patience);

        var told = new HashSet<(int Partition, long Offset)>();
        foreach (ConsumeResult<byte[], byte[]> letter in Outbox.ReadAll(cluster.Broker.Bootstrap, cluster.Topics.DeadLetters))
        {
            DeadLetterMetadata why = DeadLetterHeaders.Parse(letter.Message.Headers.Select(header => KeyValuePair.Create(header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
            MalformedRecord record = sent[(why.SourcePartition, why.SourceOffset)];
            Assert.True(told.Add((why.SourcePartition, why.SourceOffset)), $"'{record.Name}' was told twice.");
            Assert.True((record.Reason.Text(), record.Field) == (why.Reason, why.Field), $"'{record.Name}' was refused as {why.Reason} of '{why.Field}': {why.Detail}");
            Assert.NotEmpty(why.Detail);
            Assert.Equal(cluster.Topics.Observations, why.SourceTopic);
            Assert.Equal(MalformedRecords.TimestampMs, why.SourceTimestampMs);
            Assert.True(record.Value.AsSpan().SequenceEqual(letter.Message.Value), $"The dead letter of '{record.Name}' has other bytes than the record.");
            Assert.True((record.Key ?? []).AsSpan().SequenceEqual(letter.Message.Key ?? []), $"The dead letter of '{record.Name}' has another key than the record.");
        }

        Assert.Empty(sent.Where(pair => !told.Contains(pair.Key)).Select(pair => pair.Value.Name));
        IReadOnlyList<OwnedShard> shards = await cluster.Journal.ReadAllShardsAsync(CancellationToken.None);
        Assert.Equal(sent.Count, shards.Sum(shard => shard.Row.Counters.DeadLetters));
        Assert.Equal(sent.Count, shards.Sum(shard => shard.Row.Counters.Folded));
        await node.LeaveAsync(s_patience);
        cluster.Tell($"{told.Count} kinds of malformed record ended as dead letters");
    }

    // Behind each malformed record lies a good one in the same partition.
    private static Dictionary<(int Partition, long Offset), MalformedRecord> Send(KillCluster cluster)
    {
        string[] patients = [.. Enumerable.Range(0, KillCluster.Partitions).Select(partition =>
            Enumerable.Range(0, 1000).Select(number => $"ward:{number}").First(name => Partitioner.Partition(Encoding.UTF8.GetBytes(name), KillCluster.Partitions) == partition))];
        long[] next = new long[KillCluster.Partitions];
        var sent = new Dictionary<(int Partition, long Offset), MalformedRecord>();
        using IProducer<byte[]?, byte[]> gateway = new ProducerBuilder<byte[]?, byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = cluster.Broker.Bootstrap,
            ["enable.idempotence"] = "true",
        }).SetLogHandler((_, _) => { }).Build();
        foreach (MalformedRecord record in MalformedRecords.All)
        {
            int partition = record.Partition(KillCluster.Partitions);
            sent.Add((partition, next[partition]), record);
            Put(partition, record.Key, record.Value, record.Type, record.ContentType);

            string time = DateTimeOffset.FromUnixTimeMilliseconds(MalformedRecords.TimestampMs - 3_600_000 + (1000 * next[partition])).ToString("O", CultureInfo.InvariantCulture);
            string good = $$"""{"v":1,"patient":"{{patients[partition]}}","device":"monitor","sequence":{{next[partition]}},"time":"{{time}}","readings":[{"code":"hr","value":72}]}""";
            Put(partition, Encoding.UTF8.GetBytes(patients[partition]), Encoding.UTF8.GetBytes(good), null, null);
        }

        Assert.Equal(0, gateway.Flush(s_patience));
        return sent;

        void Put(int partition, byte[]? key, byte[] value, string? type, string? contentType)
        {
            var headers = new Headers();
            if (type is not null)
                headers.Add(RecordHeaders.Type, Encoding.UTF8.GetBytes(type));
            if (contentType is not null)
                headers.Add(RecordHeaders.ContentType, Encoding.UTF8.GetBytes(contentType));
            gateway.Produce(
                new TopicPartition(cluster.Topics.Observations, partition),
                new Message<byte[]?, byte[]> { Key = key, Value = value, Headers = headers, Timestamp = new Timestamp(MalformedRecords.TimestampMs, TimestampType.CreateTime) });
            next[partition]++;
        }
    }
}
