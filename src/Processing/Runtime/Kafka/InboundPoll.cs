using System.Collections.Concurrent;
using System.Runtime.InteropServices;
using System.Text;

using Confluent.Kafka;

using Microsoft.Extensions.Logging;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// The thread that polls a node's consumer: it alone delivers records, seeks, pauses and resumes, and it runs the changes of assignment.
/// Other threads hand it orders. Nothing of a shard ever runs on it.
/// </summary>
internal sealed class InboundPoll : IDisposable
{
    private const int PollMs = 10;
    private const int RetryMs = 10;
    private const int FatalError = -150;
    private const int CountEvery = 1024;
    private const int UsualHole = 64;

    // A pause throws away what the client has fetched ahead, so a full queue is first given this long to drain by itself.
    private const int PatienceMs = 25;

    private static readonly TimeSpan s_askPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_askAgain = TimeSpan.FromMilliseconds(500);

    private readonly InboundLogOptions _options;
    private readonly ILogger _logger;
    private readonly IShardHost _host;
    private readonly Holdings _holdings;
    private readonly ClosingGate _gate;
    private readonly TroubleLog _trouble;
    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly nint _client;
    private nint _topic;
    private readonly RecordSlab _slab = new();
    private readonly ConcurrentQueue<Order> _orders = new();
    private readonly ManualResetEventSlim _ordered = new();
    private readonly Dictionary<int, PartitionReading> _readings = [];
    private readonly TaskCompletionSource _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile bool _stopping;
    private Exception? _fatal;
    private bool _rebalanced;
    private bool _wasAssigned;
    private int _starting;
    private long _uncounted;

    private enum Wish
    {
        Start,
        Restart,
        Resume,
    }

    private readonly record struct Order(Wish Wish, PartitionQueue Queue);

    internal InboundPoll(KafkaConnection connection, InboundLogOptions options, IShardHost host, Holdings holdings, ClosingGate gate, ILogger logger, TimeProvider time)
    {
        (_options, _host, _holdings, _gate, _logger) = (options, host, holdings, gate, logger);
        _trouble = new(logger, "inbound", time);
        _consumer = new ConsumerBuilder<Ignore, Ignore>(ConsumerProperties.Of(connection, options))
            .SetPartitionsAssignedHandler((_, partitions) => OnAssigned(partitions))
            .SetPartitionsRevokedHandler((_, partitions) => OnRevoked(partitions))
            .SetPartitionsLostHandler((_, partitions) => OnLost(partitions))
            .SetLogHandler((_, message) => _trouble.Report(message))
            .SetErrorHandler((_, error) => OnError(error))
            .Build();
        _client = NativeClient.PointerOf(_consumer);
    }

    internal IConsumer<Ignore, Ignore> Consumer => _consumer;

    /// <summary>Ends when the group was left; with the error when the client can go on no more.</summary>
    internal Task Done => _done.Task;

    internal void Begin() => new Thread(Run) { IsBackground = true, Name = "kafka-poll" }.Start();

    internal void Stop()
    {
        _stopping = true;
        _ordered.Set();
    }

    internal void Start(PartitionQueue queue) => Enqueue(new(Wish.Start, queue));

    internal void Resume(PartitionQueue queue) => Enqueue(new(Wish.Resume, queue));

    /// <summary>Frees the native client. Only when <see cref="Done"/> has ended and nobody is inside the gate.</summary>
    public void Dispose()
    {
        _ordered.Dispose();
        // Before the client, in whose memory it is.
        if (_topic != 0)
            Librdkafka.DestroyTopic(_topic);

        // librdkafka before 2.3 ends the process when a member is freed that joined its group and was never assigned anything. It has left the group already; what stays is one client, with its threads, of a membership that ended before it began.
        if (_wasAssigned)
            _consumer.Dispose();
        else
            NativeClient.Abandon(_consumer);
    }

    private void Enqueue(Order order)
    {
        _orders.Enqueue(order);
        _ordered.Set();
    }

    private void Run()
    {
        try
        {
            // A client that knows the topic knows its partitions when they are assigned, so that they can be paused before.
            _topic = Librdkafka.NewTopic(_client, _options.Topic, 0);
            _consumer.Subscribe(_options.Topic);
            while (!_stopping && _fatal is null)
                Turn();
            Count();
        }
        catch (Exception exception)
        {
            _fatal ??= exception;
        }

        // Leaves the group and frees nothing: the managed Close would free the client under the threads that are inside the gate.
        int error = Librdkafka.CloseConsumer(_client);
        if (error != Librdkafka.NoError)
            _trouble.Report(new Error((ErrorCode)error));

        foreach (int partition in _holdings.ToArray())
            _holdings.Remove(partition);
        if (_fatal is null)
            _done.TrySetResult();
        else
            _done.TrySetException(_fatal);
    }

    private unsafe void Turn()
    {
        if (!_orders.IsEmpty)
            ServeOrders();
        if (_starting > 0)
            TryStarts();
        KafkaMessage* message = Librdkafka.ConsumerPoll(_client, PollMs);
        if (message != null)
        {
            if (message->Error == Librdkafka.NoError)
                Deliver(message);
            else
                OnFault(message);
            Librdkafka.DestroyMessage(message);
        }
        else
        {
            Count();
        }

        if (_rebalanced)
            AfterRebalance();
    }

    private void ServeOrders()
    {
        _ordered.Reset();
        while (_orders.TryDequeue(out Order order))
        {
            PartitionQueue queue = order.Queue;
            if (!_readings.TryGetValue(queue.Partition, out PartitionReading? reading))
            {
                queue.End();
                continue;
            }

            if (order.Wish == Wish.Start)
            {
                reading.Queue = queue;
                reading.Next = queue.Offset;
                reading.State = PartitionReading.Stage.Starting;
            }
            else if (reading.Queue == queue && reading.State == (order.Wish == Wish.Resume ? PartitionReading.Stage.Full : PartitionReading.Stage.Checking))
            {
                reading.State = PartitionReading.Stage.Starting;
            }
        }

        CountStarts();
    }

    private void CountStarts()
    {
        _starting = 0;
        foreach (PartitionReading reading in _readings.Values)
        {
            if (reading.State == PartitionReading.Stage.Starting)
                _starting++;
        }
    }

    private void TryStarts()
    {
        long now = Environment.TickCount64;
        foreach (PartitionReading reading in _readings.Values)
        {
            if (reading.State == PartitionReading.Stage.Starting && reading.RetryAt <= now)
                TryStart(reading, now);
        }

        CountStarts();
    }

    // Always by a seek, also after a pause: where the client would go on by itself then need not be known.
    private void TryStart(PartitionReading reading, long now)
    {
        var place = new TopicPartition(_options.Topic, reading.Partition);
        var target = new TopicPartitionOffset(place, reading.Next);
        try
        {
            if (reading.MustReassign)
            {
                if (!reading.IsDetached)
                    _consumer.IncrementalUnassign([place]);
                reading.IsDetached = true;
                _consumer.IncrementalAssign([target]);
                reading.IsDetached = reading.MustReassign = false;
            }
            else
            {
                _consumer.Seek(target);
            }

            _consumer.Resume([place]);
            reading.State = PartitionReading.Stage.Reading;
        }
        catch (KafkaException)
        {
            // The client has not begun to fetch the partition yet ("erroneous state"), or is just stopping it.
            reading.RetryAt = now + RetryMs;
        }
    }

    private unsafe void Deliver(KafkaMessage* message)
    {
        // Whatever was fetched before the seek took effect arrives while the partition is not in this stage.
        if (!_readings.TryGetValue(message->Partition, out PartitionReading? reading) || reading.State != PartitionReading.Stage.Reading || message->Offset < reading.Next)
        {
            KafkaMetrics.Stale.Add(1);
            return;
        }

        if (message->Offset > reading.Next && !IsHole(reading, message->Offset))
            return;
        reading.Next = message->Offset + 1;
        InboundRecord record = Copy(message);
        bool isFull = reading.Queue!.Add(record);
        if (++_uncounted == CountEvery)
            Count();
        if (isFull && !DrainsSoon(reading.Queue))
            Pause(reading);
    }

    private unsafe InboundRecord Copy(KafkaMessage* message)
    {
        int kind;
        long timestamp = Librdkafka.Timestamp(message, &kind);
        var type = RecordType.Observation;
        var content = RecordContent.Json;
        ReadOnlySpan<byte> mac = default;
        nint headers;
        if (Librdkafka.Headers(message, &headers) == Librdkafka.NoError)
            ReadHeaders(headers, ref type, ref content, ref mac);
        var record = new InboundRecord(
            message->Offset, timestamp, _slab.Copy(new(message->Key, (int)message->KeyLength)), _slab.Copy(new(message->Payload, (int)message->Length)), type, content);
        // One byte more than any code has, so that one that is too long is still seen to be.
        return type == RecordType.Command ? record with { Mac = _slab.Copy(mac[..Math.Min(mac.Length, CommandMac.LongestHeader + 1)]) } : record;
    }

    // Of a header that is there twice the last counts, as with Kafka's own clients. The code is memory of the message.
    private static unsafe void ReadHeaders(nint headers, ref RecordType type, ref RecordContent content, ref ReadOnlySpan<byte> mac)
    {
        byte* name, value;
        nuint size;
        for (nuint index = 0; Librdkafka.Header(headers, index, &name, &value, &size) == Librdkafka.NoError; index++)
        {
            ReadOnlySpan<byte> text = MemoryMarshal.CreateReadOnlySpanFromNullTerminated(name);
            if (text.SequenceEqual("type"u8))
                type = RecordHeaders.ParseType(new(value, (int)size));
            else if (text.SequenceEqual("content-type"u8))
                content = RecordHeaders.ParseContent(new(value, (int)size));
            else if (text.SequenceEqual("mac"u8))
                mac = new(value, (int)size);
        }
    }

    // The client does not jump by itself (auto.offset.reset=error), so a gap is a hole in the log: markers, aborted transactions, compaction. A large one, and any on the
    // development broker, whose log has none, is believed only when a second reading from the same place shows it again.
    private bool IsHole(PartitionReading reading, long offset)
    {
        WatermarkOffsets known = _consumer.GetWatermarkOffsets(new(_options.Topic, reading.Partition));
        if (!known.Low.IsSpecial && known.Low.Value > reading.Next)
        {
            reading.State = PartitionReading.Stage.Failed;
            TryPause([new(_options.Topic, reading.Partition)]);
            KafkaLog.OffsetLost(_logger, reading.Partition, reading.Next, known.Low);
            reading.Queue!.Fail(new OffsetLostException(reading.Partition, reading.Next, known.Low));
            return false;
        }

        if (offset - reading.Next > (_options.IsDevelopmentBroker ? 0 : UsualHole) && reading.DoubtedGap != (reading.Next, offset))
        {
            KafkaLog.GapDoubted(_logger, reading.Partition, reading.Next, offset);
            reading.DoubtedGap = (reading.Next, offset);
            reading.State = PartitionReading.Stage.Starting;
            _starting++;
            return false;
        }

        KafkaMetrics.Holes.Add(offset - reading.Next);
        return true;
    }

    private bool DrainsSoon(PartitionQueue queue)
    {
        long end = Environment.TickCount64 + PatienceMs;
        while (queue.IsFull && !_stopping)
        {
            long left = end - Environment.TickCount64;
            if (left <= 0)
                return false;
            _ordered.Wait((int)left);
            _ordered.Reset();
            if (_orders.TryPeek(out Order order) && order.Wish != Wish.Resume)
                return !queue.IsFull;
        }

        return true;
    }

    private void Pause(PartitionReading reading)
    {
        reading.State = PartitionReading.Stage.Full;
        TryPause([new(_options.Topic, reading.Partition)]);
        KafkaMetrics.Pauses.Add(1);

        // The order to resume may have been given, and dropped, before the stage was set.
        if (!reading.Queue!.IsFull)
            Resume(reading.Queue);
    }

    private void TryPause(List<TopicPartition> partitions)
    {
        try
        {
            _consumer.Pause(partitions);
        }
        catch (KafkaException)
        {
            // Not known to the client yet: what it delivers meanwhile is thrown away, and reading begins with a seek in any case.
        }
    }

    private unsafe void OnFault(KafkaMessage* message)
    {
        string reason = Encoding.UTF8.GetString(message->Payload, (int)message->Length);
        if (message->Error == FatalError)
            _fatal ??= new KafkaException(new Error(ErrorCode.Local_Fatal, reason));
        if (message->Error != Librdkafka.AutoOffsetReset)
        {
            _trouble.Report(reason);
            return;
        }

        if (!_readings.TryGetValue(message->Partition, out PartitionReading? reading))
            return;
        reading.MustReassign = true;
        if (reading.State is not (PartitionReading.Stage.Reading or PartitionReading.Stage.Full))
            return;
        reading.State = PartitionReading.Stage.Checking;
        PartitionQueue queue = reading.Queue!;
        long wanted = reading.Next;
        if (_gate.TryEnter())
            _ = Task.Run(() => CheckAsync(queue, wanted));
    }

    // Beside the poll thread, since it takes round trips. The error may have been that of an earlier reading: then this one goes on where it was.
    private async Task CheckAsync(PartitionQueue queue, long wanted)
    {
        try
        {
            while (!_stopping && !queue.HasEnded)
            {
                if (Bounds(queue.Partition) is not { } bounds)
                {
                    await Task.Delay(s_askAgain).ConfigureAwait(false);
                    continue;
                }

                if (bounds.Low > wanted)
                {
                    KafkaLog.OffsetLost(_logger, queue.Partition, wanted, bounds.Low);
                    queue.Fail(new OffsetLostException(queue.Partition, wanted, bounds.Low));
                }
                else if (bounds.High < wanted)
                {
                    KafkaLog.LogCut(_logger, queue.Partition, wanted, bounds.High);
                    queue.Fail(new InvalidDataException(
                        $"Partition {queue.Partition} ends at offset {bounds.High}, but {wanted} is to be read: the log was cut, or is not the one that the journal belongs to."));
                }
                else
                {
                    Enqueue(new(Wish.Restart, queue));
                }

                return;
            }
        }
        finally
        {
            _gate.Leave();
        }
    }

    private WatermarkOffsets? Bounds(int partition)
    {
        try
        {
            return _consumer.QueryWatermarkOffsets(new(_options.Topic, partition), s_askPatience);
        }
        catch (KafkaException exception)
        {
            _trouble.Report(exception.Error);
            return null;
        }
    }

    private List<TopicPartitionOffset> OnAssigned(List<TopicPartition> partitions)
    {
        _rebalanced = _wasAssigned = true;
        int[] numbers = Numbers(partitions);
        foreach (int partition in numbers)
        {
            _readings[partition] = new(partition);
            _holdings.Add(partition);
        }

        if (numbers.Length > 0)
        {
            KafkaLog.Assigned(_logger, string.Join(", ", numbers));
            Tell(() => _host.Assigned(numbers));
        }

        // Reading begins where the journal says, by a seek; until then the partition is paused, and where it stands is of no account. Yet it must be a number:
        // librdkafka 2.0 that was told to begin at the end repeats that question behind a seek, and then jumps to the end without a word.
        TryPause(partitions);
        return partitions.ConvertAll(static partition => new TopicPartitionOffset(partition, 0));
    }

    private void OnRevoked(List<TopicPartitionOffset> partitions)
    {
        _rebalanced = true;
        int[] numbers = Numbers(partitions.ConvertAll(static place => place.TopicPartition));
        if (numbers.Length == 0)
            return;
        KafkaLog.Revoked(_logger, string.Join(", ", numbers));
        Tell(() =>
        {
            if (!_host.RevokedAsync(numbers).Wait(_options.RevocationPatience))
                KafkaLog.SlowToStop(_logger, string.Join(", ", numbers), _options.RevocationPatience.TotalSeconds);
        });
        Forget(numbers);
    }

    private void OnLost(List<TopicPartitionOffset> partitions)
    {
        _rebalanced = true;
        Lose(Numbers(partitions.ConvertAll(static place => place.TopicPartition)));
    }

    private void Lose(int[] numbers)
    {
        if (numbers.Length == 0)
            return;
        KafkaLog.Lost(_logger, string.Join(", ", numbers));
        Tell(() => _host.Lost(numbers));
        Forget(numbers);
    }

    private void Forget(int[] numbers)
    {
        foreach (int partition in numbers)
        {
            _readings.Remove(partition);
            _holdings.Remove(partition);
        }
    }

    // An exception must not reach the native caller, nor end the polling: the epochs keep the journal right whatever the host did.
    private void Tell(Action news)
    {
        try
        {
            news();
        }
        catch (Exception exception)
        {
            KafkaLog.HostFailed(_logger, exception);
        }
    }

    private void AfterRebalance()
    {
        _rebalanced = false;
        CountStarts();
        List<TopicPartition> idle = [.. _readings.Values.Where(static reading => reading.State == PartitionReading.Stage.Idle).Select(reading => new TopicPartition(_options.Topic, reading.Partition))];
        if (idle.Count > 0)
            TryPause(idle);

        // The managed client swallows a failure to take up an assignment. Unserved partitions would stay so until the next change; joining anew makes one.
        if (_consumer.Assignment.Count == _readings.Count)
            return;
        KafkaLog.JoiningAnew(_logger);
        Lose([.. _readings.Keys]);
        _consumer.Unsubscribe();
        _consumer.Subscribe(_options.Topic);
    }

    private void OnError(Error error)
    {
        if (error.IsFatal)
            _fatal ??= new KafkaException(error);
        _trouble.Report(error);
    }

    private void Count()
    {
        if (_uncounted > 0)
            KafkaMetrics.Records.Add(_uncounted);
        _uncounted = 0;
    }

    private static int[] Numbers(List<TopicPartition> partitions)
    {
        int[] numbers = [.. partitions.Select(static place => place.Partition.Value)];
        Array.Sort(numbers);
        return numbers;
    }
}
