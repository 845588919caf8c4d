using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Which inbound log the offsets in a journal belong to.</summary>
/// <param name="Incarnation">Names one life of the log.</param>
/// <param name="Partitions">How many partitions it has; divides 4096.</param>
/// <param name="Generation">The numbering of the shards in force.</param>
public sealed record JournalLog(string Incarnation, int Partitions, int Generation)
{
    /// <summary>Reads the log's row; null when no incarnation has begun.</summary>
    internal static async ValueTask<JournalLog?> ReadAsync(NpgsqlCommand command, CancellationToken cancellationToken)
    {
        command.CommandText = "SELECT incarnation, partitions, generation FROM log";
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? new(reader.GetString(0), reader.GetInt32(1), reader.GetInt32(2)) : null;
    }

    /// <exception cref="ArgumentException">The slot is another shard's.</exception>
    internal void CheckSlot(int shard, int slot)
    {
        if ((uint)slot >= JournalSchema.Slots || slot % Partitions != shard)
            throw new ArgumentException($"Slot {slot} does not belong to shard {shard} of {Partitions}.");
    }

    /// <exception cref="ArgumentOutOfRangeException">There is no such shard.</exception>
    internal void CheckShard(int shard)
    {
        if ((uint)shard >= (uint)Partitions)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"There are {Partitions} shards.");
    }

    internal LogIncarnationException IsNot(string incarnation, int generation, string schema) =>
        new($"The journal in schema '{schema}' belongs to incarnation '{incarnation}' of the inbound log, generation {generation}; this node reads '{Incarnation}', generation {Generation}. " +
            "Offsets of one mean nothing in the other: begin the new incarnation explicitly, or connect to the right broker or database.");

    internal static InvalidOperationException Missing(string schema) =>
        new($"The journal in schema '{schema}' knows no inbound log yet: begin its first incarnation.");
}
