using Confluent.Kafka;

using Microsoft.Extensions.Logging;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The anomaly, dead-letter and estimate topics of a cluster. Serves all shards of a node.</summary>
public sealed class KafkaOutputs : IOutputs, IAsyncDisposable
{
    private readonly KafkaConnection _connection;
    private readonly OutputsOptions _options;
    private readonly IJournal _journal;
    private readonly ILogger _logger;
    private readonly TroubleLog _trouble;
    private readonly EstimateProducer _estimates;

    // One of the two, as the broker is.
    private readonly IProducer<byte[]?, byte[]>? _acknowledged;
    private readonly PublisherProgress? _progress;

    /// <summary>Makes the clients that all shards share. Nothing waits for the broker here.</summary>
    /// <param name="connection">How to reach the cluster.</param>
    /// <param name="options">Where and how to publish.</param>
    /// <param name="journal">Keeps the progress where the broker cannot, and drops published rows.</param>
    /// <param name="logger">Takes the log.</param>
    /// <param name="time">The clock.</param>
    public KafkaOutputs(KafkaConnection connection, OutputsOptions options, IJournal journal, ILogger<KafkaOutputs> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        NativeKafka.Load();
        (_connection, _options, _journal, _logger) = (connection, options, journal, logger);
        _trouble = new(logger, "outputs", time);
        _estimates = new(connection, options);
        if (options.IsDevelopmentBroker)
        {
            _acknowledged = new ProducerBuilder<byte[]?, byte[]>(ProducerProperties.Acknowledged(connection, options))
                .SetLogHandler((_, message) => _trouble.Report(message)).SetErrorHandler((_, error) => _trouble.Report(error)).Build();
        }
        else
        {
            _progress = new(connection, options, _trouble, time);
        }
    }

    /// <inheritdoc/>
    /// <exception cref="OutputsUnavailableException">The broker is away.</exception>
    /// <exception cref="PublisherFencedException">A later publisher of the shard was opened meanwhile.</exception>
    public async ValueTask<IShardPublisher> OpenAsync(int shard, long epoch, CancellationToken cancellationToken)
    {
        if (_acknowledged is { } producer)
            return new AcknowledgedPublisher(producer, _journal, _options.Names, shard, epoch, _trouble);
        return await TransactionalPublisher.OpenAsync(_connection, _progress!, _journal, _options, _logger, _trouble, shard, epoch, cancellationToken).ConfigureAwait(false);
    }

    /// <inheritdoc/>
    public void PublishEstimate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs) => _estimates.Send(key, value, timestampMs);

    /// <summary>Frees the clients; publishers must be disposed before.</summary>
    public async ValueTask DisposeAsync() => await Task.Run(() =>
    {
        _estimates.Dispose();
        _acknowledged?.Dispose();
        _progress?.Dispose();
    }).ConfigureAwait(false);
}
