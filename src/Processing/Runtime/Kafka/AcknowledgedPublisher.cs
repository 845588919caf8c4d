using Confluent.Kafka;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// Publishes a shard's outbox to a broker without working transactions: an idempotent producer, and the progress in the journal, under the shard's epoch, once all is
/// acknowledged. A crash between the two publishes rows again; their event ids are the same.
/// </summary>
/// <remarks>The producer is shared by all shards of the node. A late publisher of a lost shard repeats rows in order from one that was published, so first occurrences stay in order.</remarks>
internal sealed class AcknowledgedPublisher(IProducer<byte[]?, byte[]> producer, IJournal journal, TopicNames names, int shard, long epoch, TroubleLog trouble) : IShardPublisher
{
    private bool _broken;

    public ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken) => journal.ReadPublishedAsync(shard, cancellationToken);

    public async ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            return;
        if (_broken)
            throw new OutputsUnavailableException("This publisher failed before; open another one and read the progress.");
        _broken = true;
        FaultPoints.Reach(FaultPoint.BeforeProduce);
        await ProduceAsync(rows).ConfigureAwait(false);
        FaultPoints.Reach(FaultPoint.AfterProduce);
        FaultPoints.Reach(FaultPoint.BeforeProgress);
        if (!await journal.SavePublishedAsync(shard, epoch, rows[^1].Sequence, cancellationToken).ConfigureAwait(false))
            throw new PublisherFencedException($"Shard {shard} has a later owner than epoch {epoch}.");
        FaultPoints.Reach(FaultPoint.AfterProgress);
        KafkaMetrics.Published.Add(rows.Count);
        _broken = false;
    }

    public ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken) => default;

    public ValueTask DisposeAsync() => default;

    // Waits for every message, also when one failed: nothing of this call may come behind what a later publisher sends.
    private async Task ProduceAsync(IReadOnlyList<OutboxRow> rows)
    {
        var deliveries = new Deliveries(rows.Count);
        for (int i = 0; i < rows.Count; i++)
        {
            try
            {
                producer.Produce(OutboxMessages.TopicOf(rows[i].Kind, names), OutboxMessages.Of(rows[i]), deliveries.Report);
            }
            catch (KafkaException exception)
            {
                deliveries.Fail(exception.Error, rows.Count - i);
                break;
            }
        }

        if (await deliveries.Task.ConfigureAwait(false) is not { } error)
            return;
        trouble.Report(error);
        throw new OutputsUnavailableException($"The broker did not take the outbox of shard {shard}: {error.Reason}");
    }

    /// <summary>Counts delivery reports; its task ends with the first error, or null.</summary>
    private sealed class Deliveries(int count)
    {
        private readonly TaskCompletionSource<Error?> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private Error? _error;
        private int _open = count;

        internal Task<Error?> Task => _done.Task;

        internal void Report(DeliveryReport<byte[]?, byte[]> report)
        {
            if (report.Error.IsError)
                Interlocked.CompareExchange(ref _error, report.Error, null);
            Close(1);
        }

        internal void Fail(Error error, int unsent)
        {
            Interlocked.CompareExchange(ref _error, error, null);
            Close(unsent);
        }

        private void Close(int number)
        {
            if (Interlocked.Add(ref _open, -number) == 0)
                _done.TrySetResult(Volatile.Read(ref _error));
        }
    }
}
