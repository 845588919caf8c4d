using Npgsql;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>How much the journal's database holds and has written.</summary>
/// <param name="EntryBytes">The parts of the table of entries, with their indexes.</param>
/// <param name="SampleBytes">The parts of the table of samples, with their indexes.</param>
/// <param name="LogBytes">Where the write-ahead log stands: all that was ever written to it.</param>
internal readonly record struct JournalSizes(long EntryBytes, long SampleBytes, long LogBytes)
{
    private const string Query = """
        SELECT
            (SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint FROM pg_inherits WHERE inhparent = to_regclass($1)),
            (SELECT coalesce(sum(pg_total_relation_size(inhrelid)), 0)::bigint FROM pg_inherits WHERE inhparent = to_regclass($2)),
            pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0')::bigint
        """;

    /// <summary>The difference.</summary>
    public static JournalSizes operator -(JournalSizes a, JournalSizes b) => new(a.EntryBytes - b.EntryBytes, a.SampleBytes - b.SampleBytes, a.LogBytes - b.LogBytes);

    /// <summary>Reads them.</summary>
    public static async Task<JournalSizes> ReadAsync(string postgres, string schema, CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(postgres);
        await using NpgsqlCommand command = source.CreateCommand(Query);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema + ".journal" });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = schema + ".chunks" });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken).ConfigureAwait(false);
        await reader.ReadAsync(cancellationToken).ConfigureAwait(false);
        return new(reader.GetInt64(0), reader.GetInt64(1), reader.GetInt64(2));
    }
}
