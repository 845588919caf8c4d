using System.Text;
using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>Batches and texts for tests, short to write.</summary>
internal static class TestBatch
{
    public const int Partitions = 4;

    public static ShardBatch For(ShardRow row, int records, long? outboxSequence = null) => new()
    {
        Shard = row.Shard,
        Epoch = row.Epoch,
        From = row.NextOffset,
        To = row.NextOffset + records,
        LogTimeMs = row.LogTimeMs + 1000,
        OutboxSequence = outboxSequence ?? row.OutboxSequence,
        Counters = new(Folded: records, 0, 0, 0, 0, 0, 0),
    };

    /// <summary>A slot of the shard, another for each patient.</summary>
    public static int SlotOf(int shard, string patient) => shard + (Partitions * (patient.Length % 1000));

    public static ShardBatch Entry(this ShardBatch batch, string patient, long sequence, string? payload = null)
    {
        batch.Append(patient, SlotOf(batch.Shard, patient), sequence, Bytes(payload ?? $"{patient} {sequence}").Span);
        return batch;
    }

    public static ShardBatch Sampled(this ShardBatch batch, string patient, long sequence, string samples)
    {
        batch.Append(patient, SlotOf(batch.Shard, patient), sequence, Bytes($"{patient} {sequence}").Span, Bytes(samples).Span);
        return batch;
    }

    public static ShardBatch Active(this ShardBatch batch, string patient)
    {
        batch.Activate(patient);
        return batch;
    }

    public static ShardBatch Snapshot(this ShardBatch batch, string patient, long sequence, string state, bool active = true, long? deadlineMs = null)
    {
        batch.Append(new ShardBatch.SnapshotRow(patient, SlotOf(batch.Shard, patient), sequence, Bytes(state), active, deadlineMs));
        return batch;
    }

    public static ShardBatch Message(this ShardBatch batch, long sequence, OutboxKind kind = OutboxKind.Anomaly)
    {
        batch.Append(new OutboxRow(sequence, kind, Bytes($"key {sequence}"), Bytes($"value {sequence}"), Bytes($"headers {sequence}")));
        return batch;
    }

    public static ReadOnlyMemory<byte> Bytes(string text) => Encoding.UTF8.GetBytes(text);

    public static string Text(ReadOnlyMemory<byte> bytes) => Encoding.UTF8.GetString(bytes.Span);

    /// <summary>A history as one line.</summary>
    public static string Text(PatientHistory history) =>
        $"{history.Patient}: {history.SnapshotSequence}={Text(history.Snapshot)} [{string.Join(", ", history.Entries.Select(entry => $"{entry.Sequence}={Text(entry.Payload)}{(entry.Samples.IsEmpty ? "" : $"~{Text(entry.Samples)}")}"))}]";

    /// <summary>An outbox row as one line.</summary>
    public static string Text(OutboxRow row) => $"{row.Sequence} {row.Kind} {Text(row.Key)} {Text(row.Value)} {Text(row.Headers)}";
}
