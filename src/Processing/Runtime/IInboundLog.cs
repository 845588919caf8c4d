using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// A node's membership in the group that shares the partitions of the inbound topic, and the way records come in. On Kafka one consumer;
/// in the simulation a model of one. Assignment changes arrive through <see cref="IShardHost"/>.
/// </summary>
public interface IInboundLog
{
    /// <summary>Joins the group and serves until <paramref name="cancellationToken"/> ends it; then leaves the group after <see cref="IShardHost.RevokedAsync"/> of all that is held.</summary>
    Task RunAsync(IShardHost host, CancellationToken cancellationToken);

    /// <summary>
    /// Begins, or begins again, to read a partition that is assigned to this node: what was queued before is forgotten and the next record read is the first at or after <paramref name="offset"/>.
    /// Until the first call for an assignment nothing is read from it.
    /// </summary>
    /// <returns>The queue of this reading. It ends (<see cref="IShardQueue.WaitAsync"/> gives false) when the partition is revoked, lost or started again.</returns>
    IShardQueue Start(int partition, long offset);

    /// <summary>Appends a tick to a partition. May be dropped when the broker is away: the next one tells as much.</summary>
    void AppendTick(int partition, long epoch);

    /// <summary>Tells the group, for lag tools only, that everything before <paramref name="nextOffset"/> is done.</summary>
    void Acknowledge(int partition, long nextOffset);

    /// <summary>
    /// Asks the group's coordinator whether this node is still a member and holds the partition, which takes a round trip that a lost member fails.
    /// False also when the coordinator cannot be reached.
    /// </summary>
    ValueTask<bool> ConfirmAssignmentAsync(int partition, CancellationToken cancellationToken);
}

/// <summary>What a node does when its assignment changes. Called by the log, one call at a time.</summary>
public interface IShardHost
{
    /// <summary>The partitions are assigned to this node now. Returns at once; the shards take over by themselves.</summary>
    void Assigned(IReadOnlyList<int> partitions);

    /// <summary>The partitions will go to other nodes when the returned task ends: the shards finish what is being committed and stop. Bounded by a few seconds.</summary>
    Task RevokedAsync(IReadOnlyList<int> partitions);

    /// <summary>The partitions were already given to others (this node was silent too long): the shards stop at once.</summary>
    void Lost(IReadOnlyList<int> partitions);
}

/// <summary>The records of one partition on their way to its shard, in order, bounded by <see cref="RuntimeLimits.QueueRecords"/> and <see cref="RuntimeLimits.QueueBytes"/>.</summary>
public interface IShardQueue
{
    /// <summary>Takes the next record; false when none waits. The record's memory stays valid (it is not reused).</summary>
    bool TryTake(out InboundRecord record);

    /// <summary>Waits until a record waits or something is to be told. False when this reading has ended; true otherwise, also when <paramref name="timeout"/> passed.</summary>
    /// <exception cref="OffsetLostException">The log no longer has the offset that reading was to start from.</exception>
    ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken);
}

/// <summary>The log no longer has records that were not handled: a loss that must be recorded, never jumped over.</summary>
public sealed class OffsetLostException(int partition, long wanted, long first)
    : Exception($"Partition {partition}: offset {wanted} is gone, the log begins at {first}: {first - wanted} records were lost unhandled.")
{
    /// <summary>The partition.</summary>
    public int Partition { get; } = partition;

    /// <summary>The offset that was to be read.</summary>
    public long Wanted { get; } = wanted;

    /// <summary>The first offset that the log still has.</summary>
    public long First { get; } = first;
}
