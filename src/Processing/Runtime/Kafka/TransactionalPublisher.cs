using Confluent.Kafka;

using Microsoft.Extensions.Logging;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// Publishes a shard's outbox in Kafka transactions that carry the progress: the offset that the publisher group has on the shard's inbound partition is the sequence
/// of the last published row. Opening fences every earlier publisher of the shard, and ends its transaction.
/// </summary>
/// <remarks>
/// The journal is told as well, afterwards, so that it can drop the rows. It is never ahead of Kafka, and so stands in where Kafka forgot (brokers drop the offsets of a group
/// that committed nothing for a week).
/// </remarks>
internal sealed class TransactionalPublisher : IShardPublisher
{
    private readonly IProducer<byte[]?, byte[]> _producer;
    private readonly PublisherProgress _progress;
    private readonly IJournal _journal;
    private readonly OutputsOptions _options;
    private readonly ILogger _logger;
    private readonly int _shard;
    private readonly long _epoch;
    private bool _broken;

    private TransactionalPublisher(
        IProducer<byte[]?, byte[]> producer, PublisherProgress progress, IJournal journal, OutputsOptions options, ILogger logger, int shard, long epoch)
    {
        (_producer, _progress, _journal, _options, _logger, _shard, _epoch) = (producer, progress, journal, options, logger, shard, epoch);
    }

    /// <summary>Opens a publisher. When the task ends, no earlier one can commit any more, and none has a transaction open.</summary>
    /// <exception cref="OutputsUnavailableException">The broker is away.</exception>
    internal static async Task<TransactionalPublisher> OpenAsync(
        KafkaConnection connection, PublisherProgress progress, IJournal journal, OutputsOptions options, ILogger logger, TroubleLog trouble, int shard, long epoch, CancellationToken cancellationToken)
    {
        IProducer<byte[]?, byte[]> producer = new ProducerBuilder<byte[]?, byte[]>(ProducerProperties.Transactional(connection, options, shard))
            .SetLogHandler((_, message) => trouble.Report(message)).SetErrorHandler((_, error) => trouble.Report(error)).Build();
        try
        {
            await Task.Run(() => producer.InitTransactions(options.Patience), CancellationToken.None).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            return new(producer, progress, journal, options, logger, shard, epoch);
        }
        catch (KafkaException exception)
        {
            await Task.Run(producer.Dispose, CancellationToken.None).ConfigureAwait(false);
            throw Translate(exception, shard);
        }
        catch
        {
            await Task.Run(producer.Dispose, CancellationToken.None).ConfigureAwait(false);
            throw;
        }
    }

    public async ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken)
    {
        long kept = await _journal.ReadPublishedAsync(_shard, cancellationToken).ConfigureAwait(false);
        return Math.Max(kept, await _progress.ReadAsync(_shard, cancellationToken).ConfigureAwait(false));
    }

    public async ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(rows);
        if (rows.Count == 0)
            return;
        if (_broken)
            throw new OutputsUnavailableException("This publisher failed before; open another one and read the progress.");
        cancellationToken.ThrowIfCancellationRequested();
        _broken = true;

        // The client's transaction calls block.
        await Task.Run(() => Transact(rows, rows[^1].Sequence), CancellationToken.None).ConfigureAwait(false);
        FaultPoints.Reach(FaultPoint.BeforeProgress);
        await TrimAsync(rows[^1].Sequence, cancellationToken).ConfigureAwait(false);
        FaultPoints.Reach(FaultPoint.AfterProgress);
        KafkaMetrics.Published.Add(rows.Count);
        _broken = false;
    }

    public async ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        _broken = true;
        await Task.Run(() => Transact([], published), CancellationToken.None).ConfigureAwait(false);
        _broken = false;
    }

    /// <summary>Frees the client, and leaves an open transaction to the successor.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(_producer.Dispose).ConfigureAwait(false);

    private void Transact(IReadOnlyList<OutboxRow> rows, long published)
    {
        bool isOpen = false;
        try
        {
            FaultPoints.Reach(FaultPoint.BeforeProduce);
            _producer.BeginTransaction();
            isOpen = true;
            var topics = _options.Names;
            for (int i = 0; i < rows.Count; i++)
                _producer.Produce(OutboxMessages.TopicOf(rows[i].Kind, topics), OutboxMessages.Of(rows[i]));
            _producer.SendOffsetsToTransaction([_progress.Place(_shard, published)], _progress.Group, _options.Patience);

            // The commit would wait for the messages as well; here the fault point wants them sent.
            _producer.Flush(_options.Patience);
            FaultPoints.Reach(FaultPoint.AfterProduce);
            _producer.CommitTransaction(_options.Patience);
            FaultPoints.Reach(FaultPoint.AfterKafkaTransaction);
        }
        catch (KafkaException exception)
        {
            if (isOpen && !exception.Error.IsFatal)
                Abort();
            throw Translate(exception, _shard);
        }
    }

    // Should it fail, the successor ends the transaction when it opens.
    private void Abort()
    {
        try
        {
            _producer.AbortTransaction(_options.Patience);
        }
        catch (KafkaException)
        {
            // The first error is the one that is told.
        }
    }

    private async Task TrimAsync(long published, CancellationToken cancellationToken)
    {
        try
        {
            // Refused when the shard has a later owner: the rows are on their topics all the same, and that owner reads so from the group.
            _ = await _journal.SavePublishedAsync(_shard, _epoch, published, cancellationToken).ConfigureAwait(false);
        }
        catch (JournalUnavailableException exception)
        {
            KafkaLog.OutboxNotTrimmed(_logger, _shard, exception.Message);
        }
    }

    private static Exception Translate(KafkaException exception, int shard)
    {
        Error error = exception.Error;
        bool isFenced = error.IsFatal || error.Code is ErrorCode.Local_Fenced or ErrorCode.ProducerFenced or ErrorCode.InvalidProducerEpoch;
        return isFenced
            ? new PublisherFencedException($"Another publisher of shard {shard} was opened: {error.Code}: {error.Reason}", exception)
            : new OutputsUnavailableException($"The outbox of shard {shard} could not be published: {error.Code}: {error.Reason}", exception);
    }
}
