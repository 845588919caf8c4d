using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;

namespace PhysioActors.Seed.Composition;

/// <summary>A cluster as its journal and its log tell it.</summary>
internal sealed record ClusterStatus
{
    /// <summary>The cluster's name.</summary>
    public required string Cluster { get; init; }

    /// <summary>Kafka bootstrap servers.</summary>
    public required string Brokers { get; init; }

    /// <summary>True for the development broker.</summary>
    public required bool IsDevelopmentBroker { get; init; }

    /// <summary>The database, without secrets.</summary>
    public required string Postgres { get; init; }

    /// <summary>The incarnation of the inbound log.</summary>
    public required string Incarnation { get; init; }

    /// <summary>The numbering of the shards in force.</summary>
    public required int Generation { get; init; }

    /// <summary>Patients ever seen.</summary>
    public required long Patients { get; init; }

    /// <summary>What became of all records.</summary>
    public required RecordCounters Counters { get; init; }

    /// <summary>Each partition of the inbound topic.</summary>
    public required IReadOnlyList<ShardStatus> Shards { get; init; }

    /// <summary>The newest records of losses.</summary>
    public required IReadOnlyList<JournalLoss> Losses { get; init; }

    /// <summary>Records that the log no longer had when they were to be read.</summary>
    public required long Lost { get; init; }

    /// <summary>What gateways sent and what was handled of it: the sum of folded, duplicates, late and dead letters. Ticks and commands are no part of it.</summary>
    public long RecordsIn => Counters.Folded + Counters.Duplicates + Counters.Late + Counters.DeadLetters;

    /// <summary>Records in the log that are not handled.</summary>
    public long Lag => Shards.Sum(shard => shard.Lag);

    /// <summary>Messages decided and not yet published.</summary>
    public long Unpublished => Shards.Sum(shard => shard.Unpublished);

    /// <summary>True when the journal's offsets are the ends of the partitions.</summary>
    public bool OffsetsComplete => Shards.All(shard => shard.NextOffset == shard.EndOffset);

    /// <summary>
    /// How many of the gateways' records the shards have gone through since an earlier status of the same log, as their offsets say: none of the four counters is asked. Equal to the rise of
    /// <see cref="RecordsIn"/> unless something was counted twice or not at all.
    /// </summary>
    public long RecordsByOffset(ClusterStatus since) =>
        Shards.Sum(shard => shard.NextOffset) - since.Shards.Sum(shard => shard.NextOffset)
        - (Counters.Ticks - since.Counters.Ticks) - (Counters.Commands - since.Counters.Commands) - (Lost - since.Lost);
}

/// <summary>What became of records. Each is counted once; anomaly events are no records.</summary>
internal sealed record RecordCounters(long Folded, long Duplicates, long Late, long DeadLetters, long Ticks, long Commands, long AnomalyEvents)
{
    /// <summary>From the journal's.</summary>
    public static RecordCounters Of(ShardCounters counters) =>
        new(counters.Folded, counters.Duplicates, counters.Late, counters.DeadLetters, counters.Ticks, counters.Commands, counters.AnomalyEvents);

    /// <summary>What was added since an earlier reading.</summary>
    public RecordCounters Since(RecordCounters earlier) => new(
        Folded - earlier.Folded, Duplicates - earlier.Duplicates, Late - earlier.Late, DeadLetters - earlier.DeadLetters, Ticks - earlier.Ticks, Commands - earlier.Commands, AnomalyEvents - earlier.AnomalyEvents);
}

/// <summary>A shard as journal and log tell it.</summary>
/// <param name="Shard">Its number: its partition of the inbound topic.</param>
/// <param name="Epoch">Its epoch; 0 when it was never owned.</param>
/// <param name="Owner">The node that took it over last; null when none did.</param>
/// <param name="TakenAt">When.</param>
/// <param name="NextOffset">The first offset that is not handled.</param>
/// <param name="EndOffset">The offset behind the partition's last record when the reading began, or <paramref name="NextOffset"/> where the shard has meanwhile handled more. Less than that only when the log has lost its end.</param>
/// <param name="Unpublished">Messages decided and not yet published, as far as the journal was told.</param>
/// <param name="LogTime">Log time; null before the first tick.</param>
/// <param name="Counters">What became of its records.</param>
internal sealed record ShardStatus(int Shard, long Epoch, string? Owner, DateTimeOffset? TakenAt, long NextOffset, long EndOffset, long Unpublished, DateTimeOffset? LogTime, RecordCounters Counters)
{
    /// <summary>Records that are not handled.</summary>
    public long Lag => Math.Max(0, EndOffset - NextOffset);

    /// <summary>Puts both sides together.</summary>
    public static ShardStatus Of(int shard, long end, OwnedShard? owned) => owned is null
        ? new(shard, 0, null, null, 0, end, 0, null, RecordCounters.Of(default))
        : new(shard, owned.Row.Epoch, owned.Owner, owned.TakenAt, owned.Row.NextOffset, end, owned.Row.OutboxSequence - owned.Published,
            owned.Row.LogTimeMs > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(owned.Row.LogTimeMs) : null, RecordCounters.Of(owned.Row.Counters));
}
