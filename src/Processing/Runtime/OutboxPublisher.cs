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

    /// <summary>Publishes until cancelled. Faults of broker and journal that may pass are waited out.</summary>
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
        {
            // An earlier publisher ended between the two: what is on the topics leaves the outbox.
            await journal.SavePublishedAsync(shard, epoch, progress, cancellationToken);
            published = progress;
        }

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

    private void Advance(long published)
    {
        Volatile.Write(ref _published, published);
        _progressed.Set();
    }
}
