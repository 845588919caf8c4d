using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Runtime;

/// <summary>The options of a node's runtime.</summary>
public sealed record NodeOptions
{
    /// <summary>How many partitions the inbound topic has.</summary>
    public required int Partitions { get; init; }

    /// <summary>Most records in a batch; at most <see cref="RuntimeLimits.BatchRecords"/>.</summary>
    public int BatchRecords { get; init; } = RuntimeLimits.BatchRecords;

    /// <summary>How long a batch waits for more records, unless it is full.</summary>
    public TimeSpan BatchDelay { get; init; } = TimeSpan.FromMilliseconds(4);

    /// <summary>A patient's snapshot is stored every so many entries.</summary>
    public int SnapshotEvery { get; init; } = 1000;

    /// <summary>How long a patient without a message stays in memory.</summary>
    public TimeSpan IdleTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How much memory the states of one shard's patients may take; beyond it the idlest leave. Bytes.</summary>
    public long ActorBytes { get; init; } = 256L << 20;

    /// <summary>How often a shard's owner appends a tick.</summary>
    public TimeSpan TickInterval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Whether estimates are published.</summary>
    public bool Estimates { get; init; } = true;

    /// <summary>The keys that commands are authenticated with. Without any, every command is taken.</summary>
    public CommandKeys CommandKeys { get; init; } = CommandKeys.None;

    /// <summary>Whether a state that leaves memory is compared, bit for bit, with what the journal gives. For tests: it reads all of it.</summary>
    public bool ReplayCheck { get; init; }
}
