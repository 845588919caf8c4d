using Microsoft.Extensions.Logging;

namespace PhysioActors.Processing.Runtime;

/// <summary>Carries a shard's outbox to the topics, in order, for as long as the shard is served under one epoch.</summary>
internal sealed class OutboxPublisher(int shard, long epoch, IJournal journal, IOutputs outputs, TimeProvider time, ILogger log)
{
    /// <summary>With more unpublished rows than this the shard handles no further batch.</summary>
    internal const long MaximumBacklog = 50_000;

    private readonly Signal _committed = new();
    private readonly Signal _progressed = new();
    private long _published;

    /// <summary>The sequence of the last row known to be published.</summary>
    internal long Published => Volatile.Read(ref _published);

    /// <summary>Tells that outbox rows were committed.</summary>
    internal void RowsCommitted() => _committed.Set();

    /// <summary>Waits until publishing has moved on.</summary>
    internal Task ProgressAsync(CancellationToken cancellationToken) => _progressed.WaitAsync(cancellationToken);

    /// <summary>Publishes until cancelled. Never throws: whatever fails is logged and tried again, later and later, while the rows wait in the journal.</summary>
    internal async Task RunAsync(CancellationToken cancellationToken)
    {
        var backoff = new Backoff(time, TimeSpan.FromSeconds(5), shard + (int)epoch);
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                IShardPublisher publisher = await outputs.OpenAsync(shard, epoch, cancellationToken);
                await using (publisher)
                    await PublishAsync(publisher, backoff, cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception is PublisherFencedException or OutputsUnavailableException or JournalUnavailableException)
            {
                // Fenced or away: the rows are safe in the journal. If the shard is no longer ours, its runner ends this loop.
                RuntimeLog.PublishingInterrupted(log, shard, exception.Message);
            }
            catch (Exception exception)
            {
                // Nobody foresaw it, and it may be for good. Handling goes on until the backlog is full; nothing is skipped, so that order and completeness hold when it passes.
                RuntimeLog.PublishingFailed(log, shard, exception);
            }

            try
            {
                await backoff.WaitAsync(cancellationToken);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task PublishAsync(IShardPublisher publisher, Backoff backoff, CancellationToken cancellationToken)
    {
        // The broker's own record of progress is the truth; the journal's never runs ahead of it, and outlives its retention.
        long progress = await publisher.ReadProgressAsync(cancellationToken);
        long published = await journal.ReadPublishedAsync(shard, cancellationToken);
        if (progress > published)
            published = await ReconcileAsync(publisher, progress, published, cancellationToken);

        Advance(published);
        while (true)
        {
            IReadOnlyList<OutboxRow> rows = await journal.ReadOutboxAsync(shard, published, RuntimeLimits.PublishBatch, cancellationToken);
            if (rows.Count == 0)
            {
                await _committed.WaitAsync(cancellationToken);
                continue;
            }

            await publisher.PublishAsync(rows, cancellationToken);
            published = rows[^1].Sequence;
            Advance(published);
            backoff.Reset();
        }
    }

    /// <summary>The broker's progress is ahead of the journal's; gives from where to go on.</summary>
    private async Task<long> ReconcileAsync(IShardPublisher publisher, long progress, long published, CancellationToken cancellationToken)
    {
        // Read behind the progress: whatever was published by then had been committed before, so that the row knows of it.
        ShardRow row = await journal.ReadAsync(shard, cancellationToken);
        if (row.Epoch != epoch)
            throw new PublisherFencedException($"Shard {shard} has a later owner than epoch {epoch}.");
        if (progress <= row.OutboxSequence)
        {
            // An earlier publisher ended between the two: what is on the topics leaves the outbox.
            await journal.SavePublishedAsync(shard, epoch, progress, cancellationToken);
            return progress;
        }

        // The journal once had rows that it no longer has: it was restored from a backup. What is decided again takes the numbers of those rows, and would be held for published:
        // the broker's progress goes back to the journal's before that. What comes twice then has the same event ids.
        RuntimeLog.ProgressAheadOfOutbox(log, shard, progress, row.OutboxSequence, published);
        await publisher.ResetProgressAsync(published, cancellationToken);
        return published;
    }

    private void Advance(long published)
    {
        Volatile.Write(ref _published, published);
        _progressed.Set();
    }
}
