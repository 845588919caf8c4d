using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

using Confluent.Kafka;

using Microsoft.Extensions.Logging;

using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>The inbound topic as one consumer of a Kafka consumer group reads it: partitions are shards, and the group's protocol places them.</summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "RunAsync makes and frees them.")]
public sealed class KafkaInboundLog : IInboundLog
{
    private static readonly TimeSpan s_confirmPatience = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan s_leavePatience = TimeSpan.FromSeconds(10);

    private readonly KafkaConnection _connection;
    private readonly InboundLogOptions _options;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly Holdings _holdings = new();
    private readonly ClosingGate _gate = new();
    private readonly ConcurrentDictionary<int, long> _done = new();
    private readonly ConcurrentDictionary<int, Task<bool>> _confirmations = new();
    private InboundPoll? _poll;
    private TickAppender? _ticks;
    private int _runs;

    /// <summary>Prepares a membership; nothing is connected before <see cref="RunAsync"/>.</summary>
    public KafkaInboundLog(KafkaConnection connection, InboundLogOptions options, ILogger<KafkaInboundLog> logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(connection);
        ArgumentNullException.ThrowIfNull(options);
        (_connection, _options, _logger, _time) = (connection, options, logger, time);
    }

    /// <inheritdoc/>
    /// <exception cref="KafkaException">The client met an error that it cannot recover from.</exception>
    public async Task RunAsync(IShardHost host, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(host);
        if (Interlocked.Increment(ref _runs) > 1)
            throw new InvalidOperationException("A membership runs once; make another one.");
        NativeKafka.Load();
        _ticks = new TickAppender(_connection, _options, _logger, _time);
        var poll = new InboundPoll(_connection, _options, host, _holdings, _gate, _logger, _time);
        _poll = poll;
        poll.Begin();
        try
        {
            await poll.Done.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await LeaveAsync(poll).ConfigureAwait(false);
        }
        finally
        {
            // The native client is freed only when nobody uses it any more; a call that hangs in it is not waited for without end.
            await Task.WhenAny(FreeAsync(poll, _ticks), Task.Delay(s_leavePatience, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public IShardQueue Start(int partition, long offset)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(offset);
        InboundPoll poll = _poll ?? throw new InvalidOperationException("The log is not running.");
        var queue = new PartitionQueue(partition, offset, poll.Resume, _options.QueueRecords, _options.QueueBytes);
        if (!_holdings.TryBegin(queue))
        {
            queue.End();
            return queue;
        }

        _done[partition] = offset;
        poll.Start(queue);
        return queue;
    }

    /// <inheritdoc/>
    public void AppendTick(int partition, long epoch)
    {
        if (!_gate.TryEnter())
            return;
        try
        {
            _ticks?.Append(partition, epoch);
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public void Acknowledge(int partition, long nextOffset)
    {
        _done[partition] = nextOffset;
        if (!_gate.TryEnter())
            return;
        try
        {
            // Kept by the client, which sends it ten times a second and before it gives the partition away.
            _poll?.Consumer.StoreOffset(new TopicPartitionOffset(_options.Topic, partition, nextOffset));
        }
        catch (KafkaException)
        {
            // Not assigned any more: the next owner tells the group.
        }
        finally
        {
            _gate.Leave();
        }
    }

    /// <inheritdoc/>
    public async ValueTask<bool> ConfirmAssignmentAsync(int partition, CancellationToken cancellationToken)
    {
        if (!_holdings.Contains(partition))
            return false;

        // A commit that the coordinator leaves unanswered goes on in the background; at most one for a partition.
        Task<bool> confirmation = _confirmations.GetOrAdd(partition, number => Task.Run(() => Confirm(number), CancellationToken.None));
        try
        {
            return await confirmation.WaitAsync(s_confirmPatience, _time, cancellationToken).ConfigureAwait(false) && _holdings.Contains(partition);
        }
        catch (TimeoutException)
        {
            return false;
        }
        finally
        {
            if (confirmation.IsCompleted)
                _confirmations.TryRemove(new(partition, confirmation));
        }
    }

    // The coordinator takes a commit only from a member of the current generation.
    private bool Confirm(int partition)
    {
        if (!_gate.TryEnter())
            return false;
        try
        {
            var place = new TopicPartition(_options.Topic, partition);
            IConsumer<Ignore, Ignore> consumer = _poll!.Consumer;
            consumer.Commit([new(place, Known(consumer, place))]);
            return consumer.Assignment.Contains(place);
        }
        catch (KafkaException)
        {
            return false;
        }
        finally
        {
            _gate.Leave();
        }
    }

    // What was acknowledged last, so that the commit moves nothing; for a partition not read here yet, what the group has.
    private long Known(IConsumer<Ignore, Ignore> consumer, TopicPartition place)
    {
        if (_done.TryGetValue(place.Partition, out long offset))
            return offset;
        Offset committed = consumer.Committed([place], s_confirmPatience)[0].Offset;
        return committed.IsSpecial ? 0 : committed.Value;
    }

    private async Task LeaveAsync(InboundPoll poll)
    {
        poll.Stop();
        try
        {
            await poll.Done.WaitAsync(_options.RevocationPatience + s_leavePatience, _time, CancellationToken.None).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            KafkaLog.SlowToLeave(_logger, (_options.RevocationPatience + s_leavePatience).TotalSeconds);
        }
    }

    private async Task FreeAsync(InboundPoll poll, TickAppender ticks)
    {
        await _gate.CloseAsync().ConfigureAwait(false);
        await Task.WhenAny(poll.Done).ConfigureAwait(false);
        await Task.Run(ticks.Dispose).ConfigureAwait(false);
        await Task.Run(poll.Dispose).ConfigureAwait(false);
    }
}
