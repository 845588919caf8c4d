namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Which partitions this node holds, and the current reading of each. The poll thread adds and removes partitions, shards begin readings.</summary>
internal sealed class Holdings
{
    private readonly Lock _gate = new();
    private readonly Dictionary<int, PartitionQueue?> _queues = [];

    internal void Add(int partition)
    {
        lock (_gate)
            _queues[partition] = null;
    }

    internal bool Contains(int partition)
    {
        lock (_gate)
            return _queues.ContainsKey(partition);
    }

    /// <summary>Makes <paramref name="queue"/> the partition's reading and ends the former one; false when the partition is not held (any more).</summary>
    internal bool TryBegin(PartitionQueue queue)
    {
        PartitionQueue? former;
        lock (_gate)
        {
            if (!_queues.TryGetValue(queue.Partition, out former))
                return false;
            _queues[queue.Partition] = queue;
        }

        former?.End();
        return true;
    }

    internal void Remove(int partition)
    {
        PartitionQueue? former;
        lock (_gate)
            _queues.Remove(partition, out former);
        former?.End();
    }

    internal int[] ToArray()
    {
        lock (_gate)
            return [.. _queues.Keys];
    }
}
