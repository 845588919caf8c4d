namespace PhysioActors.Ingest.Producing;

/// <summary>
/// Keeps count of what lies in each partition unprocessed: what was reserved for sending, and what was acknowledged but lies at or behind the processing group's committed offset.
/// Never lets either bound be exceeded. Safe for one sender and the client's thread that acknowledges.
/// </summary>
/// <remarks>Memory: one entry for each outstanding record, so at most partitions × <see cref="FlowControl.MaximumRecords"/>.</remarks>
public sealed class PartitionFlow
{
    private const long BacklogPiece = 1_000;

    private readonly FlowControl _bounds;
    private readonly State[] _partitions;
    private readonly Lock _gate = new();

    /// <summary>Starts with nothing outstanding.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound or the number of partitions is not positive.</exception>
    public PartitionFlow(int partitions, FlowControl bounds)
    {
        ArgumentNullException.ThrowIfNull(bounds);
        ArgumentOutOfRangeException.ThrowIfLessThan(partitions, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaximumBytes, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(bounds.MaximumRecords, 1);
        _bounds = bounds;
        _partitions = new State[partitions];
        for (int i = 0; i < partitions; i++)
            _partitions[i] = new State();
    }

    /// <summary>Reserves room for a record of <paramref name="bytes"/>; false when a bound would be exceeded.</summary>
    /// <exception cref="IngestException">The record alone is larger than the bound: it would wait for ever.</exception>
    public bool TryReserve(int partition, int bytes)
    {
        if (bytes > _bounds.MaximumBytes)
            throw new IngestException($"A record of {bytes} bytes is larger than the bound of {_bounds.MaximumBytes} unprocessed bytes a partition.");
        lock (_gate)
        {
            State state = _partitions[partition];
            if (state.Bytes + bytes > _bounds.MaximumBytes || state.Records + 1 > _bounds.MaximumRecords)
                return false;
            state.Bytes += bytes;
            state.Records++;
            return true;
        }
    }

    /// <summary>A record for which room was reserved lies at <paramref name="offset"/> now. Offsets of a partition rise.</summary>
    public void Acknowledge(int partition, long offset, int bytes)
    {
        lock (_gate)
        {
            State state = _partitions[partition];
            if (offset < state.Committed)
                state.Release(bytes, 1);
            else
                state.Stored.Enqueue(new Entry(offset, bytes, 1));
        }
    }

    /// <summary>A record for which room was reserved will not be sent.</summary>
    public void Withdraw(int partition, int bytes)
    {
        lock (_gate)
            _partitions[partition].Release(bytes, 1);
    }

    /// <summary>Counts records that others left unprocessed: <paramref name="records"/> of them up to <paramref name="endOffset"/>, of an estimated size. To be called before the first record is sent.</summary>
    public void AddBacklog(int partition, long endOffset, long records, int bytesEach)
    {
        if (records <= 0)
            return;
        lock (_gate)
        {
            State state = _partitions[partition];
            long bytes = records * bytesEach;
            state.Bytes += bytes;
            state.Records += records;

            // In pieces, so that room comes back while it is being processed, and not only at its end.
            for (long left = records; left > 0; left -= BacklogPiece)
            {
                long piece = Math.Min(left, BacklogPiece);
                state.Stored.Enqueue(new Entry(endOffset - 1 - (left - piece), piece * bytesEach, piece));
            }
        }
    }

    /// <summary>The processing group has processed everything before <paramref name="offset"/>. True when that made room.</summary>
    public bool Commit(int partition, long offset)
    {
        lock (_gate)
        {
            State state = _partitions[partition];
            if (offset <= state.Committed)
                return false;
            state.Committed = offset;
            bool any = false;
            while (state.Stored.TryPeek(out Entry oldest) && oldest.Offset < offset)
            {
                state.Stored.Dequeue();
                state.Release(oldest.Bytes, oldest.Records);
                any = true;
            }

            return any;
        }
    }

    /// <summary>What is outstanding in a partition.</summary>
    public (long Bytes, long Records) Outstanding(int partition)
    {
        lock (_gate)
            return (_partitions[partition].Bytes, _partitions[partition].Records);
    }

    private readonly record struct Entry(long Offset, long Bytes, long Records);

    private sealed class State
    {
        public long Bytes;
        public long Records;
        public long Committed = -1;
        public readonly Queue<Entry> Stored = new();

        public void Release(long bytes, long records)
        {
            Bytes -= bytes;
            Records -= records;
        }
    }
}
