using System.Globalization;
using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Ingest.Producing;

/// <summary>What was delivered to a partition.</summary>
/// <param name="Partition">The partition.</param>
/// <param name="Records">How many records.</param>
/// <param name="EndOffset">The offset behind the last of them.</param>
public readonly record struct DeliveredPartition(int Partition, long Records, long EndOffset);

/// <summary>
/// Produces observations to the inbound topic: idempotent, so that none repeats or changes places; retried without end, so that none is lost while the broker is away;
/// placed by <see cref="Partitioner"/>, since librdkafka's default places differently. Serves one sender at a time.
/// </summary>
public sealed class ObservationProducer : IObservationSink, IDisposable
{
    // What the broker stores for a record besides key and value: two headers and the record's own fields, rounded up.
    private const int RecordOverheadBytes = 160;

    // What a record that somebody else left is taken for. Numerics have 300 to 500 bytes, but a second of a monitor's waveforms has 1,000 to 8,000: too much is a wait, too little a loss.
    private const int ForeignRecordBytes = 8 * 1024;

    private static readonly TimeSpan _pause = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(1);

    private readonly KafkaTarget _target;
    private readonly TimeProvider _time;
    private readonly IProducer<byte[], byte[]> _producer;
    private readonly Action<DeliveryReport<byte[], byte[]>> _onDelivery;
    private readonly Headers _jsonHeaders = new() { { RecordHeaders.Type, "observation"u8.ToArray() }, { RecordHeaders.ContentType, "application/json"u8.ToArray() } };
    private readonly Headers _protobufHeaders = new() { { RecordHeaders.Type, "observation"u8.ToArray() }, { RecordHeaders.ContentType, "application/x-protobuf"u8.ToArray() } };
    private readonly ObservationWriter _writer = new();
    private long[] _delivered = [];
    private long[] _endOffsets = [];
    private PartitionFlow? _flow;
    private GroupProgress? _group;
    private long _acknowledged;
    private volatile string? _brokerTrouble;
    private volatile IngestException? _failure;
    private volatile bool _groupHasCommitted;

    private ObservationProducer(KafkaTarget target, TimeProvider time, ILogger logger)
    {
        _target = target;
        _time = time;
        _onDelivery = OnDelivery;
        ProducerConfig config = new(Settings(target)) { EnableIdempotence = true };
        _producer = new ProducerBuilder<byte[], byte[]>(config)
            .SetLogHandler((_, message) => logger.LogDebug("Kafka client: {Facility} {Message}", message.Facility, message.Message))
            .SetErrorHandler((_, error) => OnError(error, logger))
            .Build();
    }

    /// <summary>How many partitions the topic has.</summary>
    public int PartitionCount => _delivered.Length;

    /// <summary>How many observations were handed over for delivery.</summary>
    public long Sent { get; private set; }

    /// <inheritdoc/>
    public long Acknowledged => Interlocked.Read(ref _acknowledged);

    /// <summary>The partitions that got records, in their order.</summary>
    public IReadOnlyList<DeliveredPartition> Delivered =>
        [.. Enumerable.Range(0, PartitionCount).Where(p => Interlocked.Read(ref _delivered[p]) > 0).Select(p => new DeliveredPartition(p, Interlocked.Read(ref _delivered[p]), Interlocked.Read(ref _endOffsets[p])))];

    /// <summary>Connects to the broker, looks the topic up, and, with flow control, what lies in it unprocessed.</summary>
    /// <exception cref="IngestException">No broker answers, the topic does not exist, or a setting is wrong; the message says which.</exception>
    /// <exception cref="DllNotFoundException">The Kafka client library is not installed.</exception>
    public static async Task<ObservationProducer> ConnectAsync(
        KafkaTarget target, TimeProvider? time = null, ILogger? logger = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(target);
        if (!target.Settings.ContainsKey("bootstrap.servers") && !target.Settings.ContainsKey("test.mock.num.brokers"))
            throw new IngestException("No broker is named: the Kafka setting 'bootstrap.servers' is missing.");
        NativeKafka.Load();
        ObservationProducer producer;
        try
        {
            producer = new ObservationProducer(target, time ?? TimeProvider.System, logger ?? NullLogger.Instance);
        }
        catch (Exception e) when (e is InvalidOperationException or ArgumentException or KafkaException)
        {
            throw new IngestException($"A Kafka setting is not usable: {e.Message}", e);
        }

        try
        {
            await Task.Run(() => producer.LookUpTopic(cancellationToken), cancellationToken).ConfigureAwait(false);
            return producer;
        }
        catch
        {
            producer.Dispose();
            throw;
        }
    }

    /// <summary>Sends an observation whose caller does not show reasons for waiting; see the other form.</summary>
    /// <exception cref="IngestException">This or an earlier observation cannot be delivered, now or ever.</exception>
    public ValueTask SendAsync(ObservationDraft draft, CancellationToken cancellationToken) => SendAsync(draft, static _ => { }, cancellationToken);

    /// <inheritdoc/>
    public ValueTask SendAsync(ObservationDraft draft, Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(draft);
        ArgumentNullException.ThrowIfNull(waiting);
        ThrowIfFailed();
        byte[] key = Encoding.UTF8.GetBytes(draft.Patient);
        bool isProtobuf = draft.Waveforms.Count > 0 && !_target.WaveformsAsJson;
        byte[] value = (isProtobuf ? _writer.WriteProtobuf(draft) : _writer.WriteJson(draft)).ToArray();
        int partition = Partitioner.Partition(key, PartitionCount);
        long timestampMs = _target.TimestampsAreEventTimes ? draft.TimeMs : Math.Max(draft.TimeMs, _time.GetUtcNow().ToUnixTimeMilliseconds());
        Message<byte[], byte[]> message = new() { Key = key, Value = value, Headers = isProtobuf ? _protobufHeaders : _jsonHeaders, Timestamp = new Timestamp(timestampMs, TimestampType.CreateTime) };
        if ((_flow is null || _flow.TryReserve(partition, SizeOf(message))) && TryProduce(partition, message))
        {
            Sent++;
            return ValueTask.CompletedTask;
        }

        return SendSlowlyAsync(partition, message, waiting, cancellationToken);
    }

    /// <inheritdoc/>
    public async ValueTask FlushAsync(Action<string> waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(waiting);
        long since = _time.GetTimestamp();
        while (Acknowledged < Sent)
        {
            ThrowIfFailed();
            cancellationToken.ThrowIfCancellationRequested();
            await Task.Run(() => _producer.Flush(_pause), cancellationToken).ConfigureAwait(false);
            if (_time.GetElapsedTime(since) >= _patience)
                waiting(_brokerTrouble ?? "waiting for the broker's acknowledgements");
        }

        ThrowIfFailed();
    }

    /// <summary>Closes the connections. What is not acknowledged by then may be lost: call <see cref="FlushAsync"/> before.</summary>
    public void Dispose()
    {
        _producer.Dispose();
        _group?.Dispose();
    }

    private static Dictionary<string, string> Settings(KafkaTarget target)
    {
        Dictionary<string, string> settings = new(StringComparer.Ordinal)
        {
            ["client.id"] = "physio-ingest",
            ["linger.ms"] = "5",
            ["queue.buffering.max.messages"] = "100000",
            ["queue.buffering.max.kbytes"] = "65536",

            // 0: a record is retried until it is delivered, or the caller gives up as a whole.
            ["message.timeout.ms"] = "0",
        };
        foreach ((string name, string value) in target.Settings)
            settings[name] = value;
        return settings;
    }

    private static int SizeOf(Message<byte[], byte[]> message) => message.Key.Length + message.Value.Length + RecordOverheadBytes;

    private void LookUpTopic(CancellationToken cancellationToken)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(_producer.Handle).Build();
        long since = _time.GetTimestamp();
        string trouble = "no broker answered";
        do
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                Metadata metadata = admin.GetMetadata(_target.Topic, TimeSpan.FromSeconds(2));
                TopicMetadata? topic = metadata.Topics.Find(t => t.Topic == _target.Topic);
                if (topic is { Partitions.Count: > 0 } && !topic.Error.IsError)
                {
                    _delivered = new long[topic.Partitions.Count];
                    _endOffsets = new long[topic.Partitions.Count];
                    StartFlowControl();
                    return;
                }

                trouble = $"the topic '{_target.Topic}' is not there{(topic is { Error.IsError: true } ? $" ({topic.Error.Reason})" : "")}; create it, with a number of partitions that divides 4096";
            }
            catch (KafkaException e)
            {
                trouble = _brokerTrouble is { } known ? $"{e.Error.Reason} ({known})" : e.Error.Reason;
            }

            cancellationToken.WaitHandle.WaitOne(_pause);
        }
        while (_time.GetElapsedTime(since) < _target.ConnectTimeout);

        string where = _target.Settings.GetValueOrDefault("bootstrap.servers", "the mock broker");
        throw new IngestException(string.Create(CultureInfo.InvariantCulture, $"Nothing can be produced to {where}, tried for {_target.ConnectTimeout.TotalSeconds:0.#} s: {trouble}."));
    }

    private void StartFlowControl()
    {
        if (_target.FlowControl is not { } bounds)
            return;
        _flow = new PartitionFlow(PartitionCount, bounds);
        _group = new GroupProgress(_target.Settings, bounds.ProcessingGroup, _target.Topic, PartitionCount);
        long[] committed = _group.Committed();
        for (int p = 0; p < PartitionCount; p++)
        {
            (long low, long end) = _group.Bounds(p);
            _flow.Commit(p, committed[p]);
            _flow.AddBacklog(p, end, end - Math.Max(low, committed[p]), ForeignRecordBytes);
            _groupHasCommitted |= committed[p] >= 0;
        }
    }

    private bool TryProduce(int partition, Message<byte[], byte[]> message)
    {
        try
        {
            _producer.Produce(new TopicPartition(_target.Topic, partition), message, _onDelivery);
            return true;
        }
        catch (ProduceException<byte[], byte[]> e) when (e.Error.Code == ErrorCode.Local_QueueFull)
        {
            _flow?.Withdraw(partition, SizeOf(message));
            return false;
        }
        catch (KafkaException e)
        {
            _flow?.Withdraw(partition, SizeOf(message));
            throw Fail(partition, message, e.Error);
        }
    }

    private async ValueTask SendSlowlyAsync(int partition, Message<byte[], byte[]> message, Action<string> waiting, CancellationToken cancellationToken)
    {
        long since = _time.GetTimestamp();
        while (true)
        {
            ThrowIfFailed();
            cancellationToken.ThrowIfCancellationRequested();
            string reason;
            if (_flow is null || _flow.TryReserve(partition, SizeOf(message)))
            {
                if (TryProduce(partition, message))
                {
                    Sent++;
                    return;
                }

                reason = _brokerTrouble ?? "waiting for the broker";
            }
            else
            {
                (bool moved, reason) = await Task.Run(ReadProgress, cancellationToken).ConfigureAwait(false);
                if (moved)
                {
                    since = _time.GetTimestamp();
                    continue;
                }
            }

            if (_time.GetElapsedTime(since) >= _patience)
                waiting(reason);
            await Task.Delay(_pause, _time, cancellationToken).ConfigureAwait(false);
        }
    }

    private (bool Moved, string Reason) ReadProgress()
    {
        long[] committed;
        try
        {
            committed = _group!.Committed();
        }
        catch (KafkaException e)
        {
            return (false, _brokerTrouble ?? $"waiting for the broker: the progress of the processing group cannot be read ({e.Error.Reason})");
        }

        bool moved = false;
        for (int p = 0; p < committed.Length; p++)
        {
            moved |= _flow!.Commit(p, committed[p]);
            _groupHasCommitted |= committed[p] >= 0;
        }

        return (moved, _groupHasCommitted ? "waiting for a node: the processing does not go on" : "waiting for a node: none has processed anything yet");
    }

    private void OnDelivery(DeliveryReport<byte[], byte[]> report)
    {
        int partition = report.Partition.Value;
        if (report.Error.IsError || report.Status != PersistenceStatus.Persisted)
        {
            Fail(partition, report.Message, report.Error);
            return;
        }

        _brokerTrouble = null;
        _flow?.Acknowledge(partition, report.Offset.Value, SizeOf(report.Message));
        Interlocked.Increment(ref _delivered[partition]);
        Interlocked.Exchange(ref _endOffsets[partition], report.Offset.Value + 1);
        Interlocked.Increment(ref _acknowledged);
    }

    /// <summary>Remembers the first failure. The patient's key is shown as a hash only.</summary>
    private IngestException Fail(int partition, Message<byte[], byte[]> message, Error error)
    {
        string reason = error.IsError ? error.Reason : "the broker may or may not have stored it";
        IngestException failure = new(string.Create(
            CultureInfo.InvariantCulture,
            $"An observation could not be delivered to partition {partition} of '{_target.Topic}' (key hash {Partitioner.Murmur2(message.Key):x8}, {message.Value.Length} bytes, timestamp {message.Timestamp.UnixTimestampMs}): {reason}."));
        return Interlocked.CompareExchange(ref _failure, failure, null) ?? failure;
    }

    private void OnError(Error error, ILogger logger)
    {
        logger.LogDebug("Kafka client: {Code} {Reason}", error.Code, error.Reason);
        if (error.IsFatal)
            Interlocked.CompareExchange(ref _failure, new IngestException($"The Kafka producer cannot go on: {error.Reason}."), null);
        else
            _brokerTrouble = $"waiting for the broker: {error.Reason}";
    }

    private void ThrowIfFailed()
    {
        if (_failure is { } failure)
            throw new IngestException(failure.Message, failure);
    }
}
