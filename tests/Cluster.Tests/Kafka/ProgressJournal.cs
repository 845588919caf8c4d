using PhysioActors.Processing.Runtime;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>Of a journal only what publishers use: the progress of each shard, guarded by an epoch.</summary>
internal sealed class ProgressJournal : IJournal
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, long> _published = [];

    public long Epoch { get; set; } = 1;

    public bool IsAway { get; set; }

    public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken)
    {
        lock (_gate)
            return new(_published.GetValueOrDefault(shard));
    }

    public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            if (IsAway)
                throw new JournalUnavailableException("away");
            if (epoch != Epoch)
                return new(false);
            _published[shard] = Math.Max(published, _published.GetValueOrDefault(shard));
            return new(true);
        }
    }

    public ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken) => throw new NotSupportedException();

    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken) => throw new NotSupportedException();
}
