using System.Text;

using Confluent.Kafka;

using PhysioActors.Cluster.Tests.Kafka;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;
using PhysioActors.Simulation.Tests.World;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>Compares what is left when all nodes have gone, in the journal and on the topics, with what one uninterrupted reader of the same records comes to.</summary>
internal static class Comparison
{
    /// <summary>Compares everything, byte for byte.</summary>
    internal static async Task CheckAsync(KillCluster cluster, WardFeed feed)
    {
        InboundRecord[][] log = ReadLog(cluster);
        int sent = log.Sum(partition => partition.Count(record => record.Type != RecordType.Tick));
        Assert.True(sent == feed.Sent, $"{feed.Sent} records were sent, the log has {sent}.");
        Assert.Empty(await cluster.Journal.ReadLossesAsync(10, CancellationToken.None));

        IReadOnlyList<OwnedShard> shards = await cluster.Journal.ReadAllShardsAsync(CancellationToken.None);
        Assert.Equal(Enumerable.Range(0, KillCluster.Partitions), shards.Select(shard => shard.Row.Shard));
        var references = new Reference[KillCluster.Partitions];
        foreach (OwnedShard shard in shards)
            references[shard.Row.Shard] = CheckRow(cluster, shard, log[shard.Row.Shard]);

        long snapshots = await CheckPatientsAsync(cluster, references);
        ShardCounters sum = references.Aggregate(default(ShardCounters), (all, reference) => all + reference.Counters);
        Assert.True(sum.Duplicates == feed.Repeats, $"{feed.Repeats} records were sent twice, {sum.Duplicates} were recognised.");
        // An alarm that somebody acknowledges may have ended meanwhile.
        int refused = references.Sum(reference => reference.RefusedCommands);
        Assert.True(sum.DeadLetters == feed.Malformed + refused, $"{feed.Malformed} records were no good and {refused} commands were refused, {sum.DeadLetters} dead letters.");
        Assert.True(sum.Commands == feed.Commands - refused && sum.Commands > refused, $"{feed.Commands} commands were sent, {sum.Commands} followed, {refused} refused.");
        int sampled = references.Sum(reference => reference.Samples.Values.Sum(entries => entries.Count(samples => samples.Length > 0)));
        Assert.True(sampled > 50, $"Only {sampled} entries have samples.");
        CheckAnomalies(cluster, references);
        CheckDeadLetters(cluster, log, sum.DeadLetters);
        cluster.Tell($"{sum}, {snapshots} patients with a snapshot, {sampled} entries with samples");

        // What was compared must have been worth comparing.
        Assert.All(references, reference => Assert.NotEmpty(reference.Entries));
        Assert.True(sum is { Late: > 0, Duplicates: > 0, DeadLetters: > 0, Ticks: > 0, AnomalyEvents: > 10 } && snapshots > 0, $"Too little happened: {sum}, {snapshots} snapshots.");
    }

    private static Reference CheckRow(KillCluster cluster, OwnedShard shard, InboundRecord[] log)
    {
        ShardRow row = shard.Row;
        Assert.True(row.NextOffset <= log.Length, $"Shard {row.Shard} handled up to {row.NextOffset}, the log ends at {log.Length}.");
        Assert.True(log.Skip((int)row.NextOffset).All(record => record.Type == RecordType.Tick), $"Shard {row.Shard} stands at {row.NextOffset}; behind it there is more than ticks.");
        Reference reference = Reference.Fold(log[..(int)row.NextOffset], row.Shard, KillCluster.Partitions, cluster.NewActor());
        Assert.True(row.Counters == reference.Counters, $"Shard {row.Shard} counted {row.Counters}, a single reader {reference.Counters}.");
        Assert.True(row.Counters.RecordsIn == row.NextOffset, $"Shard {row.Shard} handled {row.NextOffset} records, {row.Counters.RecordsIn} are accounted for.");
        long outbox = reference.Counters.AnomalyEvents + reference.Counters.DeadLetters;
        Assert.True(row.OutboxSequence == outbox, $"Shard {row.Shard} decided {row.OutboxSequence} messages, a single reader {outbox}.");
        Assert.True(shard.Published == outbox, $"Shard {row.Shard} published {shard.Published} of {outbox} messages.");
        return reference;
    }

    private static async Task<long> CheckPatientsAsync(KillCluster cluster, Reference[] references)
    {
        long snapshots = 0;
        IReadOnlyList<string> keys = await cluster.Journal.ReadPatientKeysAsync("", 1000, CancellationToken.None);
        Assert.Equal(references.SelectMany(reference => reference.Entries.Keys).Order(StringComparer.Ordinal), keys);
        foreach (Reference reference in references)
        {
            foreach ((string patient, List<byte[]> expected) in reference.Entries)
            {
                JournaledPatient journaled = (await cluster.Journal.ReadPatientAsync(patient, int.MaxValue, CancellationToken.None))!;
                Assert.True(journaled.Entries.Count == expected.Count, $"{patient} has {journaled.Entries.Count} entries in the journal, with a single reader {expected.Count}.");
                for (int i = 0; i < expected.Count; i++)
                {
                    JournalEntry entry = journaled.Entries[i].Entry;
                    Assert.True(entry.Sequence == i + 1, $"Entry {i + 1} of {patient} has sequence {entry.Sequence}.");
                    Assert.True(entry.Payload.Span.SequenceEqual(expected[i]), $"Entry {i + 1} of {patient} differs from a single reader's.");
                    Assert.True(entry.Samples.Span.SequenceEqual(reference.Samples[patient][i]), $"The samples of entry {i + 1} of {patient} differ from a single reader's.");
                }

                byte[] state = Reference.Encode(reference.States[patient]);
                Assert.True(state.AsSpan().SequenceEqual(Rebuild(journaled, fromSnapshot: true)), $"{patient}, rebuilt from snapshot {journaled.SnapshotSequence} and journal, differs from a single reader's state.");
                Assert.True(state.AsSpan().SequenceEqual(Rebuild(journaled, fromSnapshot: false)), $"{patient}, rebuilt from the whole journal, differs from a single reader's state.");
                snapshots += journaled.SnapshotSequence > 0 ? 1 : 0;
            }
        }

        return snapshots;
    }

    private static byte[] Rebuild(JournaledPatient patient, bool fromSnapshot)
    {
        PatientState state = fromSnapshot && !patient.Snapshot.IsEmpty ? PatientState.Decode(patient.Patient, patient.Snapshot.Span) : new(patient.Patient);
        foreach (JournaledEntry entry in patient.Entries.Skip((int)state.Sequence))
            state.Apply(entry.Entry.Sequence, entry.Entry.Payload.Span, entry.Entry.Samples.Span);
        return Reference.Encode(state);
    }

    /// <summary>The anomaly topic has every event; the first of each in the patient's order, and any further one is the same message again.</summary>
    private static void CheckAnomalies(KillCluster cluster, Reference[] references)
    {
        var told = new Dictionary<string, List<string>>();
        var seen = new Dictionary<string, byte[]>();
        int repeats = 0;
        foreach (ConsumeResult<byte[], byte[]> result in ReadTopic(cluster, cluster.Topics.Anomalies))
        {
            AnomalyMessage anomaly = AnomalyJson.Parse(result.Message.Value);
            Assert.Equal(anomaly.Patient, Encoding.UTF8.GetString(result.Message.Key));
            if (seen.TryGetValue(anomaly.EventId, out byte[]? before))
            {
                Assert.True(before.AsSpan().SequenceEqual(result.Message.Value), $"The event {anomaly.EventId} was published again with another content.");
                repeats++;
                continue;
            }

            seen.Add(anomaly.EventId, result.Message.Value);
            if (!told.TryGetValue(anomaly.Patient, out List<string>? ids))
                told.Add(anomaly.Patient, ids = []);
            ids.Add(anomaly.EventId);
        }

        var expected = references.SelectMany(reference => reference.AnomalyIds).GroupBy(id => id[..id.IndexOf('/', StringComparison.Ordinal)]).ToDictionary(patient => patient.Key, patient => patient.ToList());
        Assert.Equal(expected.Keys.Order(StringComparer.Ordinal), told.Keys.Order(StringComparer.Ordinal));
        foreach ((string patient, List<string> ids) in expected)
            Assert.Equal(ids, told[patient]);
        string kinds = string.Join(", ", seen.Values.Select(value => AnomalyJson.Parse(value).Kind).GroupBy(kind => kind).OrderBy(kind => kind.Key).Select(kind => $"{kind.Count()} {kind.Key}"));
        cluster.Tell($"{seen.Count} anomaly events are on the topic ({kinds}), {repeats} of them repeated");
    }

    /// <summary>Every refused record is on the dead-letter topic, with its own bytes.</summary>
    private static void CheckDeadLetters(KillCluster cluster, InboundRecord[][] log, long expected)
    {
        var places = new HashSet<(int Partition, long Offset)>();
        foreach (ConsumeResult<byte[], byte[]> result in ReadTopic(cluster, cluster.Topics.DeadLetters))
        {
            Shared.Protos.V1.DeadLetterMetadata letter = DeadLetterHeaders.Parse(result.Message.Headers.Select(header => KeyValuePair.Create(header.Key, Encoding.UTF8.GetString(header.GetValueBytes()))));
            places.Add((letter.SourcePartition, letter.SourceOffset));
            Assert.True(log[letter.SourcePartition][letter.SourceOffset].Value.Span.SequenceEqual(result.Message.Value), $"The dead letter of {letter.SourcePartition}@{letter.SourceOffset} has other bytes than the record.");
        }

        Assert.True(places.Count == expected, $"{expected} records were refused, {places.Count} are on the dead-letter topic.");
    }

    private static InboundRecord[][] ReadLog(KillCluster cluster)
    {
        var log = new List<InboundRecord>[KillCluster.Partitions];
        for (int i = 0; i < log.Length; i++)
            log[i] = [];
        foreach (ConsumeResult<byte[], byte[]> result in ReadTopic(cluster, cluster.Topics.Observations))
        {
            Headers? headers = result.Message.Headers;
            RecordType type = headers is not null && headers.TryGetLastBytes(RecordHeaders.Type, out byte[] typeBytes) ? RecordHeaders.ParseType(typeBytes) : RecordType.Observation;
            RecordContent content = headers is not null && headers.TryGetLastBytes(RecordHeaders.ContentType, out byte[] contentBytes) ? RecordHeaders.ParseContent(contentBytes) : RecordContent.Json;
            log[result.Partition].Add(new(result.Offset, result.Message.Timestamp.UnixTimestampMs, result.Message.Key, result.Message.Value, type, content));
        }

        return [.. log.Select(partition => partition.ToArray())];
    }

    /// <summary>Reads a topic to its end, and checks that the broker dropped nothing of it.</summary>
    private static List<ConsumeResult<byte[], byte[]>> ReadTopic(KillCluster cluster, string topic)
    {
        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(cluster.Broker.Bootstrap, topic);
        foreach (IGrouping<int, ConsumeResult<byte[], byte[]>> partition in results.GroupBy(result => result.Partition.Value))
            Assert.True(partition.Select((result, i) => result.Offset.Value == i).All(isNext => isNext), $"Partition {partition.Key} of {topic} is not whole: the broker dropped its beginning.");
        return results;
    }
}
