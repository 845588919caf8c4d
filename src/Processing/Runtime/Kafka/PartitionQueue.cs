using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;

using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>
/// The records of one reading of one partition between the poll thread, which alone adds, and the shard, which alone takes. The bounds are those of
/// <see cref="RuntimeLimits"/>; the record that reaches one is still taken in, then the poll thread stops until half is gone.
/// </summary>
[SuppressMessage("Reliability", "CA1001:Types that own disposable fields should be disposable", Justification = "A semaphore whose wait handle nobody asked for holds nothing.")]
internal sealed class PartitionQueue : IShardQueue
{
    private const int CountShift = 32;
    private const long BytesMask = (1L << CountShift) - 1;

    private readonly ConcurrentQueue<InboundRecord> _records = new();
    // A stray permit is one look too many, no more.
    private readonly SemaphoreSlim _signal = new(0);
    private readonly Action<PartitionQueue> _half;
    private readonly int _recordLimit;
    private readonly int _byteLimit;

    // Records in the upper half, bytes in the lower: one atomic addition counts both.
    private long _load;
    private int _waiting;
    private int _full;
    private volatile Exception? _fault;
    private volatile bool _ended;

    /// <param name="partition">The partition.</param>
    /// <param name="offset">Where the reading begins.</param>
    /// <param name="half">Called on the taking thread when a queue that was full is half empty.</param>
    /// <param name="recordLimit">Most records.</param>
    /// <param name="byteLimit">Most bytes of keys and values.</param>
    internal PartitionQueue(int partition, long offset, Action<PartitionQueue> half, int recordLimit = RuntimeLimits.QueueRecords, int byteLimit = RuntimeLimits.QueueBytes)
    {
        Partition = partition;
        Offset = offset;
        _half = half;
        _recordLimit = recordLimit;
        _byteLimit = byteLimit;
    }

    internal int Partition { get; }

    internal long Offset { get; }

    internal bool HasEnded => _ended;

    /// <summary>True until half of a full queue was taken.</summary>
    internal bool IsFull => Volatile.Read(ref _full) == 1;

    /// <summary>Adds a record. True when the queue is full now: <c>half</c> will be called once half of it is taken.</summary>
    internal bool Add(in InboundRecord record)
    {
        if (_ended)
            return false;
        _records.Enqueue(record);
        long load = Interlocked.Add(ref _load, Weight(record));
        Wake();
        if (!AtLimit(load))
            return false;

        // The shard may have taken the half between the addition and the mark: then nobody else would notice.
        Interlocked.Exchange(ref _full, 1);
        return !IsHalf(Interlocked.Read(ref _load)) || Interlocked.Exchange(ref _full, 0) == 0;
    }

    /// <summary>Ends the reading: nothing more is given out.</summary>
    internal void End()
    {
        _ended = true;
        Wake();
    }

    /// <summary>Ends the reading with the exception that waiting then throws, once what was queued before is taken.</summary>
    internal void Fail(Exception fault)
    {
        _fault = fault;
        Wake();
    }

    /// <inheritdoc/>
    public bool TryTake(out InboundRecord record)
    {
        if (_ended || !_records.TryDequeue(out record))
        {
            record = default;
            return false;
        }

        long load = Interlocked.Add(ref _load, -Weight(record));
        if (Volatile.Read(ref _full) == 1 && IsHalf(load) && Interlocked.Exchange(ref _full, 0) == 1)
            _half(this);
        return true;
    }

    /// <inheritdoc/>
    public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        // The mark is set before looking, and the adder looks at the mark after adding: one of the two sees the other.
        Interlocked.Exchange(ref _waiting, 1);
        if (!HasNews())
            await _signal.WaitAsync(timeout, cancellationToken).ConfigureAwait(false);
        if (Interlocked.Exchange(ref _waiting, 0) == 0)
            _ = _signal.Wait(0, CancellationToken.None);
        if (_ended)
            return false;
        if (_fault is { } fault && _records.IsEmpty)
            throw fault;
        return true;
    }

    private bool HasNews() => _ended || _fault is not null || !_records.IsEmpty;

    private void Wake()
    {
        Interlocked.MemoryBarrier();
        if (Volatile.Read(ref _waiting) == 1 && Interlocked.Exchange(ref _waiting, 0) == 1)
            _signal.Release();
    }

    private bool AtLimit(long load) => load >> CountShift >= _recordLimit || (load & BytesMask) >= _byteLimit;

    private bool IsHalf(long load) => load >> CountShift <= _recordLimit / 2 && (load & BytesMask) <= _byteLimit / 2;

    private static long Weight(in InboundRecord record) => (1L << CountShift) + record.Key.Length + record.Value.Length;
}
