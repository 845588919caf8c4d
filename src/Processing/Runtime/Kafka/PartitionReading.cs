namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>What the poll thread knows of a partition that is assigned to this node. Used by that thread alone.</summary>
internal sealed class PartitionReading(int partition)
{
    internal enum Stage
    {
        /// <summary>Assigned, nobody reads; paused.</summary>
        Idle,

        /// <summary>The client is to be set to <see cref="Next"/>; tried until it takes it.</summary>
        Starting,

        /// <summary>Records go to the queue.</summary>
        Reading,

        /// <summary>The queue is full; paused.</summary>
        Full,

        /// <summary>The client says that it cannot read on; whether records are lost is being found out.</summary>
        Checking,

        /// <summary>Records are lost; the shard was told, or will be.</summary>
        Failed,
    }

    internal int Partition { get; } = partition;

    internal Stage State { get; set; }

    internal PartitionQueue? Queue { get; set; }

    /// <summary>The offset of the next record that may be delivered.</summary>
    internal long Next { get; set; }

    /// <summary>True once a first record of the reading was believed: from then on the client goes on from record to record.</summary>
    internal bool IsPlaced { get; set; }

    /// <summary>The offset of a first record that was not the one wanted; -1 for none.</summary>
    internal long Doubted { get; set; } = -1;

    /// <summary>The client gave this partition up (offset out of range) and seeking alone does not revive it: it must be assigned again.</summary>
    internal bool MustReassign { get; set; }

    /// <summary>Taken out of the client's assignment, not yet put back.</summary>
    internal bool IsDetached { get; set; }

    /// <summary>When to try again, by the clock of <see cref="Environment.TickCount64"/>.</summary>
    internal long RetryAt { get; set; }
}
