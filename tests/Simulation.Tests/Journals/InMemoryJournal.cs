using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>A node's view of an <see cref="InMemoryStore"/>. Every task is complete when it is returned; errors come with the task, as they do from PostgreSQL.</summary>
public sealed class InMemoryJournal(InMemoryStore store, string incarnation) : IJournal
{
    public ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken) =>
        Complete(() => store.TakeOver(shard, incarnation), cancellationToken);

    public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) =>
        Complete(() => store.Read(shard), cancellationToken);

    public ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken) =>
        Complete(() => store.Commit(batch), cancellationToken);

    public ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken) =>
        Complete(() => store.Recover(shard, patients), cancellationToken);

    public ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken) =>
        Complete(() => store.Watched(shard), cancellationToken);

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken) =>
        Complete(() => store.ReadOutbox(shard, after, limit), cancellationToken);

    public async ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken)
    {
        await ValueTask.CompletedTask;
        store.RecordLoss(shard, epoch, wanted, first);
    }

    public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken) =>
        Complete(() => store.ReadPublished(shard), cancellationToken);

    public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken) =>
        Complete(() => store.SavePublished(shard, epoch, published), cancellationToken);

    private static ValueTask<T> Complete<T>(Func<T> call, CancellationToken cancellationToken)
    {
        if (cancellationToken.IsCancellationRequested)
            return ValueTask.FromCanceled<T>(cancellationToken);
        try
        {
            return new(call());
        }
        catch (Exception error)
        {
            return ValueTask.FromException<T>(error);
        }
    }
}
