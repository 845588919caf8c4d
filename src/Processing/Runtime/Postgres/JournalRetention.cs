using System.Globalization;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Drops parts of the journal and of the chunks that nothing needs any more.</summary>
internal static class JournalRetention
{
    /// <summary>The least retention: recovery looks a day further back than a snapshot's own day, and commits may still go to the day that just ended.</summary>
    public const int LeastDays = 2;

    private const string OldParts = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'journal'::regclass AND c.relname < 'journal_' || to_char((now() AT TIME ZONE 'UTC')::date - $1, 'YYYYMMDD')
        ORDER BY c.relname
        """;

    // An hour more than the one that just ended: a commit that began in it may still be on its way.
    private const string OldChunkParts = """
        SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
        WHERE i.inhparent = 'chunks'::regclass AND substr(c.relname, 8)::integer < floor(extract(epoch FROM now()) / 3600)::integer - 1
        ORDER BY substr(c.relname, 8)::integer
        """;

    // Of the session; one that is lost gives it back.
    private const string TryLock = "SELECT pg_try_advisory_lock(hashtextextended(current_schema() || '.journal retention', 0))";

    private const string Unlock = "SELECT pg_advisory_unlock(hashtextextended(current_schema() || '.journal retention', 0))";

    /// <summary>See <see cref="PostgresJournalAdministration.DropOldPartsAsync"/>.</summary>
    public static async ValueTask<RetentionResult> ApplyAsync(NpgsqlConnection connection, int retentionDays, CancellationToken cancellationToken)
    {
        if (!await TryLockAsync(connection, cancellationToken))
            return new([], [], 0);
        RetentionResult result = await DropAsync(connection, retentionDays, cancellationToken);
        await RunAsync(connection, Unlock, cancellationToken);
        return result;
    }

    private static async ValueTask<RetentionResult> DropAsync(NpgsqlConnection connection, int retentionDays, CancellationToken cancellationToken)
    {
        // The counting reads whole parts once; here that is what is wanted.
        await RunAsync(connection, "SET enable_seqscan = on", cancellationToken);
        var dropped = new List<DateOnly>();
        var kept = new List<KeptPart>();
        foreach (string part in await OldPartsAsync(connection, OldParts, retentionDays, cancellationToken))
        {
            DateOnly day = DateOnly.ParseExact(part[^8..], "yyyyMMdd", CultureInfo.InvariantCulture);
            if (await HoldingAsync(connection, part, cancellationToken) is not { } holding)
                continue; // It went meanwhile, dropped by hand or by a program before the lock.
            if (holding == 0 && await TryDropAsync(connection, part, cancellationToken))
                dropped.Add(day);
            else
                kept.Add(new(day, holding));
        }

        int chunks = 0;
        foreach (string part in await OldPartsAsync(connection, OldChunkParts, null, cancellationToken))
        {
            if (await HoldingAsync(connection, part, cancellationToken) == 0 && await TryDropAsync(connection, part, cancellationToken))
                chunks++;
        }

        return new(dropped, kept, chunks);
    }

    private static async ValueTask<bool> TryLockAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(TryLock, connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async ValueTask<List<string>> OldPartsAsync(NpgsqlConnection connection, string query, int? retentionDays, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // One of two constants.
        await using var command = new NpgsqlCommand(query, connection);
#pragma warning restore CA2100
        if (retentionDays is { } days)
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = days });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var parts = new List<string>();
        while (await reader.ReadAsync(cancellationToken))
            parts.Add(reader.GetString(0));
        return parts;
    }

    // Snapshots only move forward and nothing is added to a part of a day that is over, so that what was counted once stays true.
    private static async ValueTask<long?> HoldingAsync(NpgsqlConnection connection, string part, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The part's name comes from the catalogue, made by ensure_part or ensure_chunk_part of digits.
        await using var command = new NpgsqlCommand($"""
            SELECT count(*) FROM (SELECT patient, max(sequence) AS newest FROM {part} GROUP BY patient) e
            LEFT JOIN patients p ON p.patient = e.patient WHERE p.snapshot_sequence IS NULL OR p.snapshot_sequence < e.newest
            """, connection) { CommandTimeout = 0 };
#pragma warning restore CA2100
        try
        {
            return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            return null;
        }
    }

    // Needs the whole table to itself for a moment; where it cannot have that within lock_timeout, the part stays until the next time.
    private static async ValueTask<bool> TryDropAsync(NpgsqlConnection connection, string part, CancellationToken cancellationToken)
    {
        try
        {
            await RunAsync(connection, $"DROP TABLE IF EXISTS {part}", cancellationToken);
            return true;
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.LockNotAvailable or PostgresErrorCodes.DeadlockDetected)
        {
            return false;
        }
    }

    private static async ValueTask RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // Constants, and a part's name as above.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
