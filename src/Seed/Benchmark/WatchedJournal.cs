using PhysioActors.Processing.Runtime;

namespace PhysioActors.Seed.Benchmark;

/// <summary>A journal that tells a probe of takeovers, recoveries and commits, and is otherwise the journal it stands before.</summary>
internal sealed class WatchedJournal(IJournal journal, NodeProbe probe) : IJournal
{
    public async ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken)
    {
        ShardRow row = await journal.TakeOverAsync(shard, cancellationToken);
        probe.TakenOver();
        return row;
    }

    public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) => journal.ReadAsync(shard, cancellationToken);

    public async ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        CommitOutcome outcome = await journal.CommitAsync(batch, cancellationToken);
        if (outcome == CommitOutcome.Committed)
            probe.Committed(batch);
        return outcome;
    }

    public async ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken)
    {
        IReadOnlyList<PatientHistory> histories = await journal.RecoverAsync(shard, patients, cancellationToken);
        int known = 0;
        foreach (PatientHistory history in histories)
            known += history.Snapshot.IsEmpty && history.Entries.Count == 0 ? 0 : 1;
        if (known > 0)
            probe.Recovered(known);
        return histories;
    }

    public ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken) => journal.WatchedAsync(shard, cancellationToken);

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken) => journal.ReadOutboxAsync(shard, after, limit, cancellationToken);

    public ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken) => journal.RecordLossAsync(shard, epoch, wanted, first, cancellationToken);

    public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken) => journal.ReadPublishedAsync(shard, cancellationToken);

    public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken) => journal.SavePublishedAsync(shard, epoch, published, cancellationToken);
}
