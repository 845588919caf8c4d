using Confluent.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// The offsets of the publisher group on the inbound topic, which say how far each shard's outbox was published. Nobody consumes with this group: its client never joins,
/// so the offsets are the transactions' alone. One client serves all shards.
/// </summary>
internal sealed class PublisherProgress : IDisposable
{
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(100);

    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly OutputsOptions _options;
    private readonly TimeProvider _time;

    internal PublisherProgress(KafkaConnection connection, OutputsOptions options, TroubleLog trouble, TimeProvider time)
    {
        (_options, _time) = (options, time);

        // read_committed makes the coordinator refuse to answer while a transaction holds offsets that are not decided.
        Dictionary<string, string> properties = connection.Properties(
            options.ClientId + "-progress",
            [("socket.timeout.ms", "10000")],
            [("group.id", options.Names.PublisherGroup), ("enable.auto.commit", "false"), ("isolation.level", "read_committed"), ("allow.auto.create.topics", "false")]);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(properties)
            .SetLogHandler((_, message) => trouble.Report(message)).SetErrorHandler((_, error) => trouble.Report(error)).Build();
        Group = _consumer.ConsumerGroupMetadata;
    }

    /// <summary>What a transaction needs to know of the group: its name, and no member.</summary>
    internal IConsumerGroupMetadata Group { get; }

    internal TopicPartitionOffset Place(int shard, long sequence) => new(_options.Names.Observations, shard, sequence);

    /// <summary>The sequence of the last published row, 0 for none.</summary>
    /// <exception cref="OutputsUnavailableException">The coordinator did not answer in time, or a transaction stays undecided.</exception>
    internal Task<long> ReadAsync(int shard, CancellationToken cancellationToken) => Task.Run(() => AskAsync(shard, cancellationToken), cancellationToken);

    public void Dispose() => _consumer.Dispose();

    private async Task<long> AskAsync(int shard, CancellationToken cancellationToken)
    {
        long begin = _time.GetTimestamp();
        while (true)
        {
            try
            {
                Offset offset = _consumer.Committed([new(_options.Names.Observations, shard)], _options.Patience)[0].Offset;
                return offset.IsSpecial ? 0 : offset.Value;
            }
            catch (KafkaException exception)
            {
                if (_time.GetElapsedTime(begin) > _options.Patience)
                    throw new OutputsUnavailableException($"How far shard {shard} was published could not be read: {exception.Error.Code}: {exception.Error.Reason}", exception);
            }

            await Task.Delay(s_askAgain, _time, cancellationToken).ConfigureAwait(false);
        }
    }
}
