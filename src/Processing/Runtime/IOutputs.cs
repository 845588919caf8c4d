namespace PhysioActors.Processing.Runtime;

/// <summary>Where a node publishes: anomaly, dead-letter and estimate topics.</summary>
public interface IOutputs
{
    /// <summary>
    /// Opens the publisher of a shard for an epoch. With a broker that has transactions this fences every earlier publisher of the shard before it returns;
    /// otherwise progress is kept in the journal.
    /// </summary>
    ValueTask<IShardPublisher> OpenAsync(int shard, long epoch, CancellationToken cancellationToken);

    /// <summary>Publishes an estimate, derived data: no wait, may be dropped (and counted) when the broker is slow or away. The value is copied.</summary>
    void PublishEstimate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs);
}

/// <summary>Publishes the outbox of one shard, in order. Used by one caller at a time.</summary>
public interface IShardPublisher : IAsyncDisposable
{
    /// <summary>How far publishing has got: the sequence of the last published outbox row, 0 for none.</summary>
    ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken);

    /// <summary>Publishes rows in order and records the progress with them. When the task ends they are on their topics.</summary>
    /// <exception cref="PublisherFencedException">A later publisher of the shard exists; nothing of these rows is visible to read_committed.</exception>
    /// <exception cref="OutputsUnavailableException">The broker is away, or the fate is unknown; open a new publisher and read the progress again.</exception>
    ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken);

    /// <summary>Takes the recorded progress back to a row, for a journal that was restored from a backup and no longer has the rows behind it. Nothing happens where the journal itself keeps the progress.</summary>
    /// <exception cref="PublisherFencedException">A later publisher of the shard exists; the progress is as it was.</exception>
    /// <exception cref="OutputsUnavailableException">The broker is away, or the fate is unknown; open a new publisher and read the progress again.</exception>
    ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken);
}

/// <summary>Another publisher of the same shard was opened after this one.</summary>
public sealed class PublisherFencedException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The broker did not take the messages, or it is unknown whether it did. It may pass.</summary>
public sealed class OutputsUnavailableException(string message, Exception? inner = null) : Exception(message, inner);
