namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Runtime</c>: how a node runs its shards.</summary>
public sealed record RuntimeOptions
{
    /// <summary>Most records in one batch, that is in one database transaction of a shard.</summary>
    public int BatchRecords { get; init; } = 4096;

    /// <summary>How long a batch may wait for more records before it is committed, in milliseconds.</summary>
    public int BatchDelayMs { get; init; } = 4;

    /// <summary>A patient's snapshot is written after so many journal entries.</summary>
    public int SnapshotEvery { get; init; } = 1000;

    /// <summary>A patient of whom nothing was heard for so long leaves memory, in minutes of log time.</summary>
    public int IdleMinutes { get; init; } = 15;

    /// <summary>Most memory for patients' states, in MiB, in equal parts for all shards; beyond a shard's part its longest idle patients leave memory.</summary>
    public int ActorMemoryMiB { get; init; } = 1024;

    /// <summary>A node that the group has not heard for so long loses its shards, in milliseconds. Brokers allow 6,000 and more unless told otherwise.</summary>
    public int SessionTimeoutMs { get; init; } = 6000;

    /// <summary>How often a shard's owner appends a tick, in milliseconds: the resolution of deadlines.</summary>
    public int TickIntervalMs { get; init; } = 1000;

    internal static RuntimeOptions Read(OptionsReader reader)
    {
        var standard = new RuntimeOptions();
        return new()
        {
            BatchRecords = reader.Integer("Runtime:BatchRecords", standard.BatchRecords, 1, 4096),
            BatchDelayMs = reader.Integer("Runtime:BatchDelayMs", standard.BatchDelayMs, 0, 1000),
            SnapshotEvery = reader.Integer("Runtime:SnapshotEvery", standard.SnapshotEvery, 1, 1_000_000),
            IdleMinutes = reader.Integer("Runtime:IdleMinutes", standard.IdleMinutes, 1, 10_080),
            ActorMemoryMiB = reader.Integer("Runtime:ActorMemoryMiB", standard.ActorMemoryMiB, 16, 1_048_576),
            SessionTimeoutMs = reader.Integer("Runtime:SessionTimeoutMs", standard.SessionTimeoutMs, 1000, 300_000),
            TickIntervalMs = reader.Integer("Runtime:TickIntervalMs", standard.TickIntervalMs, 100, 60_000),
        };
    }
}
