using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>The columns of a shard's row as <see cref="ShardRow"/> has them.</summary>
internal static class ShardRows
{
    /// <summary>What to select, or return, for <see cref="Read"/>.</summary>
    public const string Columns = "shard, epoch, next_offset, outbox_sequence, log_time_ms, folded, duplicates, late, dead_letters, ticks, commands, anomaly_events";

    /// <summary>How many columns those are.</summary>
    public const int ColumnCount = 12;

    /// <summary>Reads the current row of <paramref name="reader"/>.</summary>
    public static ShardRow Read(NpgsqlDataReader reader) => new(
        reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetInt64(4),
        new(reader.GetInt64(5), reader.GetInt64(6), reader.GetInt64(7), reader.GetInt64(8), reader.GetInt64(9), reader.GetInt64(10), reader.GetInt64(11)));
}
