using PhysioActors.Processing.Runtime;
using PhysioActors.Simulation.Tests.Journals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>A node's way to the shared in-memory store, with delay and faults.</summary>
internal sealed class SimulatedJournal(InMemoryStore store, string incarnation, FaultyCalls calls) : IJournal
{
    public ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken) =>
        Call(() => store.TakeOver(shard, incarnation), () => store.TakeOver(shard, incarnation));

    public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) => Call(() => store.Read(shard));

    public ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        ShardBatch sent = Copy(batch);
        return Call(() => store.Commit(batch), () => CommitLate(sent));
    }

    public ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken) =>
        Call(() => store.Recover(shard, patients));

    public ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken) => Call(() => store.Watched(shard));

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken) =>
        Call(() => store.ReadOutbox(shard, after, limit));

    public async ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken) =>
        await Call(() =>
        {
            store.RecordLoss(shard, epoch, wanted, first);
            return true;
        });

    public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken) => Call(() => store.ReadPublished(shard));

    public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken) =>
        Call(() => store.SavePublished(shard, epoch, published), () => store.SavePublished(shard, epoch, published));

    private ValueTask<T> Call<T>(Func<T> carryOut, Action? later = null) => calls.CallAsync(carryOut, static why => new JournalUnavailableException(why), later);

    private void CommitLate(ShardBatch batch)
    {
        try
        {
            store.Commit(batch);
        }
        catch (Exception exception) when (exception is JournalUnavailableException or InvalidOperationException)
        {
            // Nobody waits for the answer; the database rolled back.
        }
    }

    private static ShardBatch Copy(ShardBatch batch)
    {
        var copy = new ShardBatch
        {
            Shard = batch.Shard,
            Epoch = batch.Epoch,
            From = batch.From,
            To = batch.To,
            LogTimeMs = batch.LogTimeMs,
            Counters = batch.Counters,
            OutboxSequence = batch.OutboxSequence,
        };
        for (int i = 0; i < batch.EntryCount; i++)
            copy.Append(batch[i].Patient, batch[i].Slot, batch[i].Sequence, batch[i].Payload.Span, batch[i].Samples.Span);
        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
            copy.Append(row);
        foreach (OutboxRow row in batch.Outbox)
            copy.Append(row);
        foreach (string patient in batch.Activated)
            copy.Activate(patient);
        return copy;
    }
}
