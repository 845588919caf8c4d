using System.Globalization;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>Begins incarnations of the inbound log.</summary>
internal static class JournalIncarnations
{
    // The table's lock lets one begin at a time, also the very first, when there is no row to lock; takeovers, which lock the row in share mode, wait for it.
    private const string Lock = "LOCK TABLE log IN SHARE ROW EXCLUSIVE MODE; SELECT only_row FROM log FOR UPDATE";

    // The prefix ends with a slash, so that no other schema or generation is meant.
    private const string EndOwners = """
        SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity
        WHERE starts_with(application_name, $1) AND datname = current_database() AND pid <> pg_backend_pid()
        """;

    private const string CountWaiting = "SELECT count(*) FROM outbox WHERE generation = $1";

    private const string Put = """
        INSERT INTO log (incarnation, partitions, generation) VALUES ($1, $2, $3)
        ON CONFLICT (only_row) DO UPDATE SET incarnation = excluded.incarnation, partitions = excluded.partitions, generation = excluded.generation
        """;

    // Of all generations: an owner of before must not commit in an old one either.
    private const string Restart = "UPDATE shards SET epoch = epoch + 1, next_offset = 0";

    /// <summary>See <see cref="PostgresJournalAdministration.BeginIncarnationAsync"/>.</summary>
    public static async ValueTask<JournalLog> BeginAsync(NpgsqlConnection connection, string schema, string incarnation, int partitions, CancellationToken cancellationToken)
    {
        await JournalMigrations.CheckAsync(connection, schema, cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await using NpgsqlCommand command = connection.CreateCommand();
        command.CommandText = Lock;
        await command.ExecuteNonQueryAsync(cancellationToken);
        JournalLog? current = await JournalLog.ReadAsync(command, cancellationToken);
        if (current is not null && current.Incarnation == incarnation)
        {
            return current.Partitions == partitions ? current : throw new InvalidOperationException(
                $"Incarnation '{incarnation}' of the inbound log has {current.Partitions} partitions in schema '{schema}', now {partitions} are said: the partitions of a log cannot change within an incarnation.");
        }

        var next = new JournalLog(incarnation, partitions, current switch
        {
            null => 1,
            _ when current.Partitions == partitions => current.Generation,
            _ => current.Generation + 1,
        });
        if (current is not null)
        {
            if (next.Generation != current.Generation)
                await RequireEmptyOutboxAsync(connection, current, partitions, cancellationToken);
            string owners = string.Create(CultureInfo.InvariantCulture, $"physio/{schema}/{current.Generation}/");
            await RunAsync(connection, EndOwners, cancellationToken, new NpgsqlParameter<string> { TypedValue = owners });
            await RunAsync(connection, Restart, cancellationToken);
        }

        await RunAsync(connection, Put, cancellationToken,
            new NpgsqlParameter<string> { TypedValue = next.Incarnation }, new NpgsqlParameter<int> { TypedValue = next.Partitions }, new NpgsqlParameter<int> { TypedValue = next.Generation });
        await transaction.CommitAsync(cancellationToken);
        return next;
    }

    private static async ValueTask RequireEmptyOutboxAsync(NpgsqlConnection connection, JournalLog current, int partitions, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(CountWaiting, connection) { Parameters = { new NpgsqlParameter<int> { TypedValue = current.Generation } } };
        long waiting = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        if (waiting > 0)
        {
            throw new InvalidOperationException(
                $"{waiting} messages of the present {current.Partitions} shards are not published yet, and with {partitions} partitions no shard would publish them: let the nodes publish them first.");
        }
    }

    private static async ValueTask RunAsync(NpgsqlConnection connection, string statement, CancellationToken cancellationToken, params NpgsqlParameter[] parameters)
    {
#pragma warning disable CA2100 // The statements are the constants above.
        await using var command = new NpgsqlCommand(statement, connection);
#pragma warning restore CA2100
        command.Parameters.AddRange(parameters);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
