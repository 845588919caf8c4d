using System.Text;
using Confluent.Kafka;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Options;
using PhysioActors.Shared.Protos.V1;
using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Seed.Commands;

/// <summary>Where a command lies.</summary>
/// <param name="Topic">The inbound topic.</param>
/// <param name="Partition">The partition of its key.</param>
/// <param name="Offset">Its offset there.</param>
internal sealed record CommandPlace(string Topic, int Partition, long Offset);

/// <summary>Why a node refused a command, as its dead letter says.</summary>
/// <param name="Reason">The reason of the contract's table, as <c>unauthenticated</c>.</param>
/// <param name="Field">The path of the field.</param>
/// <param name="Detail">A sentence for people.</param>
internal sealed record CommandRefusal(string Reason, string Field, string Detail);

/// <summary>What became of a command.</summary>
/// <param name="State">One of the constants.</param>
/// <param name="Refusal">Why it was refused; null when it was not.</param>
internal sealed record CommandOutcome(string State, CommandRefusal? Refusal = null)
{
    /// <summary>A node handled it, and no dead letter of it came.</summary>
    public const string Handled = "handled";

    /// <summary>Its dead letter came.</summary>
    public const string Refused = "refused";

    /// <summary>No node handled it in time.</summary>
    public const string Unknown = "unknown";

    /// <summary>Nobody asked what became of it.</summary>
    public static CommandOutcome NotAsked { get; } = new("not-asked");
}

/// <summary>Sends commands to the inbound topic, and looks what becomes of them: whether the processing group has passed them, and whether the dead letters have them.</summary>
internal sealed class CommandSender : IDisposable
{
    // A dead letter is published from the outbox of the commit that told the group of the progress: usually within milliseconds, and after a second at most when its shard is busy.
    private static readonly TimeSpan s_letterPatience = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_turn = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_answerPatience = TimeSpan.FromSeconds(5);

    private readonly string _topic;
    private readonly int _partitions;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly TopicReader? _letters;
    private readonly IConsumer<Ignore, Ignore>? _progress;

    private CommandSender(PhysioOptions options, int partitions, bool follows)
    {
        NativeKafka.Load();
        _topic = options.Topics.Observations;
        _partitions = partitions;
        // From now on, so that a letter of a command that is sent later cannot be missed.
        _letters = follows ? new TopicReader(options, options.Topics.DeadLetters, TopicStart.End) : null;
        if (follows)
        {
            // Asks for the group's progress alone: it never joins the group, and commits nothing.
            ConsumerConfig group = new(KafkaTargets.Settings(options)) { GroupId = options.Topics.ProcessingGroup, EnableAutoCommit = false, EnableAutoOffsetStore = false };
            _progress = new ConsumerBuilder<Ignore, Ignore>(group).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        }

        Dictionary<string, string> settings = KafkaTargets.Settings(options);
        settings.TryAdd("message.timeout.ms", "15000");
        _producer = new ProducerBuilder<byte[], byte[]>(new ProducerConfig(settings) { EnableIdempotence = true, Acks = Acks.All }).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
    }

    /// <summary>Connects.</summary>
    /// <param name="options">The options, Kafka named.</param>
    /// <param name="follows">Whether <see cref="FollowAsync"/> will be asked; else the dead letters and the group's progress need not be readable.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <exception cref="KafkaClusterException">Kafka cannot be reached, or has no inbound topic.</exception>
    /// <exception cref="CommandFailedException">The topic of dead letters is missing.</exception>
    public static async Task<CommandSender> ConnectAsync(PhysioOptions options, bool follows, CancellationToken cancellationToken)
    {
        KafkaDescription kafka = await new KafkaCluster(new KafkaConnection(options.Brokers, options.Kafka)).DescribeAsync(options.Topics.Observations, cancellationToken).ConfigureAwait(false);
        return await Task.Run(() => new CommandSender(options, kafka.Partitions, follows), cancellationToken).ConfigureAwait(false);
    }

    /// <summary>Sends a command and waits until Kafka has stored it.</summary>
    /// <exception cref="CommandFailedException">It was not stored, or may not have been.</exception>
    public async Task<CommandPlace> SendAsync(CommandDraft draft, CancellationToken cancellationToken)
    {
        var headers = new Headers();
        foreach ((string name, string value) in draft.Headers)
            headers.Add(name, Encoding.ASCII.GetBytes(value));
        var message = new Message<byte[], byte[]> { Key = draft.Key, Value = draft.Value, Headers = headers, Timestamp = new Timestamp(draft.TimestampMs, TimestampType.CreateTime) };
        try
        {
            DeliveryResult<byte[], byte[]> delivered = await _producer.ProduceAsync(new TopicPartition(_topic, Partitioner.Partition(draft.Key, _partitions)), message, cancellationToken).ConfigureAwait(false);
            return new(_topic, delivered.Partition.Value, delivered.Offset.Value);
        }
        catch (ProduceException<byte[], byte[]> exception)
        {
            throw new CommandFailedException(
                $"Kafka did not take the command: {exception.Error.Reason}.",
                exception.DeliveryResult.Status == PersistenceStatus.NotPersisted ? "It was not sent." : "It may have been stored all the same. To send it again with the same --time does no harm.");
        }
    }

    /// <summary>Waits until a node has handled a command, or has refused it.</summary>
    /// <param name="place">Where it lies.</param>
    /// <param name="patience">How long to wait.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public Task<CommandOutcome> FollowAsync(CommandPlace place, TimeSpan patience, CancellationToken cancellationToken) => Task.Run(() => Follow(place, patience, cancellationToken), cancellationToken);

    /// <summary>Leaves.</summary>
    public void Dispose()
    {
        _letters?.Dispose();
        _progress?.Dispose();
        _producer.Dispose();
    }

    private CommandOutcome Follow(CommandPlace place, TimeSpan patience, CancellationToken cancellationToken)
    {
        long since = System.Diagnostics.Stopwatch.GetTimestamp();
        long? handledAt = null;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (_letters!.Take(s_turn) is { } letter)
            {
                if (RefusalOf(letter, place) is { } refusal)
                    return new(CommandOutcome.Refused, refusal);
                continue;
            }

            if (handledAt is { } at && System.Diagnostics.Stopwatch.GetElapsedTime(at) >= s_letterPatience)
                return new(CommandOutcome.Handled);
            if (handledAt is null && HasPassed(place))
                handledAt = System.Diagnostics.Stopwatch.GetTimestamp();
            else if (handledAt is null && System.Diagnostics.Stopwatch.GetElapsedTime(since) >= patience)
                return new(CommandOutcome.Unknown);
        }
    }

    private bool HasPassed(CommandPlace place)
    {
        try
        {
            return _progress!.Committed([new(place.Topic, place.Partition)], s_answerPatience) is [{ Offset: { IsSpecial: false } next }] && next.Value > place.Offset;
        }
        catch (KafkaException)
        {
            // Not answered now; the next turn asks again, until patience ends.
            return false;
        }
    }

    private static CommandRefusal? RefusalOf(ConsumeResult<byte[], byte[]> letter, CommandPlace place)
    {
        DeadLetterMetadata said;
        try
        {
            said = DeadLetterHeaders.Parse((letter.Message.Headers ?? []).Select(header => KeyValuePair.Create(header.Key, Encoding.UTF8.GetString(header.GetValueBytes() ?? []))));
        }
        catch (InvalidDataException)
        {
            // Somebody else's record.
            return null;
        }

        return said.SourceTopic == place.Topic && said.SourcePartition == place.Partition && said.SourceOffset == place.Offset ? new(said.Reason, said.Field, said.Detail) : null;
    }
}
