using System.Globalization;
using System.Security.Cryptography;
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
    // More than a letter may have: of each the first bytes are told, its size, and the hash of the whole.
    private static readonly int[] s_huge = [999_800, 1_000_001, 1_600_000];

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    [KillFact]
    public async Task Each_ends_as_a_dead_letter_with_its_bytes_and_its_reason_and_the_record_behind_it_is_folded()
    {
        await using KillCluster cluster = await KillCluster.StartAsync(TimeSpan.FromSeconds(6), output);
        Dictionary<(int Partition, long Offset), MalformedRecord> sent = Send(cluster);
        KillableNode node = cluster.StartNode("node");
        await cluster.HandledAsync(s_patience);

        var told = new HashSet<(int Partition, long Offset)>();
        int huge = 0;
        foreach (ConsumeResult<byte[], byte[]> letter in Outbox.ReadAll(cluster.Broker.Bootstrap, cluster.Topics.DeadLetters))
        {
            DeadLetterMetadata why = DeadLetterHeaders.Parse(letter.Message.Headers.Select(header => KeyValuePair.Create(header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
            if (why.OriginalBytes > 0)
            {
                // Without a key they lie in any partition, and come in any order.
                Assert.Contains((int)why.OriginalBytes, s_huge);
                byte[] whole = Huge((int)why.OriginalBytes);
                huge++;
                Assert.Equal((RefusalReason.TooLarge.Text(), whole.Length, 0), (why.Reason, why.OriginalBytes, why.OriginalKeyBytes));
                Assert.Equal(Convert.ToHexStringLower(SHA256.HashData(whole)), why.OriginalSha256);
                Assert.True(whole.AsSpan(0, 900_000).SequenceEqual(letter.Message.Value));
                continue;
            }

            MalformedRecord record = sent[(why.SourcePartition, why.SourceOffset)];
            Assert.True(told.Add((why.SourcePartition, why.SourceOffset)), $"'{record.Name}' was told twice.");
            Assert.True((record.Reason.Text(), record.Field) == (why.Reason, why.Field), $"'{record.Name}' was refused as {why.Reason} of '{why.Field}': {why.Detail}");
            Assert.NotEmpty(why.Detail);
            Assert.Equal(cluster.Topics.Observations, why.SourceTopic);
            Assert.Equal(MalformedRecords.TimestampMs, why.SourceTimestampMs);
            Assert.True(record.Value.AsSpan().SequenceEqual(letter.Message.Value), $"The dead letter of '{record.Name}' has other bytes than the record.");
            Assert.True((record.Key ?? []).AsSpan().SequenceEqual(letter.Message.Key ?? []), $"The dead letter of '{record.Name}' has another key than the record.");
        }

        Assert.Equal(s_huge.Length, huge);
        Assert.Empty(sent.Where(pair => !told.Contains(pair.Key)).Select(pair => pair.Value.Name));
        IReadOnlyList<OwnedShard> shards = await cluster.Journal.ReadAllShardsAsync(CancellationToken.None);
        Assert.Equal(sent.Count + s_huge.Length, shards.Sum(shard => shard.Row.Counters.DeadLetters));
        Assert.Equal(sent.Count + s_huge.Length, shards.Sum(shard => shard.Row.Counters.Folded));
        await node.LeaveAsync(s_patience);
        cluster.Tell($"{told.Count} kinds of malformed record ended as dead letters");
    }

    private static byte[] Huge(int bytes)
    {
        byte[] huge = new byte[bytes];
        new Random(bytes).NextBytes(huge);
        return huge;
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
            ["message.max.bytes"] = "4000000",
        }).SetLogHandler((_, _) => { }).Build();
        foreach (MalformedRecord record in MalformedRecords.All)
        {
            int partition = record.Partition(KillCluster.Partitions);
            sent.Add((partition, next[partition]), record);
            Put(partition, record.Key, record.Value, record.Type, record.ContentType);
            PutGood(partition);
        }

        int home = Partitioner.Partition(Encoding.UTF8.GetBytes(MalformedRecords.Patient), KillCluster.Partitions);
        foreach (int bytes in s_huge)
        {
            // In a partition of their own, as the development broker keeps little of one.
            Put((home + 1) % KillCluster.Partitions, null, Huge(bytes), null, null);
            PutGood((home + 1) % KillCluster.Partitions);
        }

        Assert.Equal(0, gateway.Flush(s_patience));
        return sent;

        void PutGood(int partition)
        {
            string time = DateTimeOffset.FromUnixTimeMilliseconds(MalformedRecords.TimestampMs - 3_600_000 + (1000 * next[partition])).ToString("O", CultureInfo.InvariantCulture);
            string good = $$"""{"v":1,"patient":"{{patients[partition]}}","device":"monitor","sequence":{{next[partition]}},"time":"{{time}}","readings":[{"code":"hr","value":72}]}""";
            Put(partition, Encoding.UTF8.GetBytes(patients[partition]), Encoding.UTF8.GetBytes(good), null, null);
        }

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
