using System.Globalization;
using System.Reflection;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>The schema's versions: SQL files inside this assembly, each applied once, in order.</summary>
internal static class JournalMigrations
{
    private const string Folder = ".Migrations.";

    // lz4 for columns, and ending a session with a time to wait for it.
    private const int OldestServer = 14;

    /// <summary>The version of the schema that this program reads and writes.</summary>
    public static int Newest => All()[^1].Version;

    /// <summary>Brings the schema up to date. Of several nodes that start at once one does it, the others wait.</summary>
    /// <exception cref="InvalidOperationException">The schema is newer than this program, or the server too old.</exception>
    public static async ValueTask ApplyAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        if (connection.PostgreSqlVersion.Major < OldestServer)
            throw new InvalidOperationException($"The database server is PostgreSQL {connection.PostgreSqlVersion}; the journal needs {OldestServer} or later.");
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        await RunAsync(connection, $"""
            SET LOCAL lock_timeout = 0;
            SELECT pg_advisory_xact_lock(hashtextextended('{schema}.schema_version', 0));
            SET LOCAL client_min_messages = warning;
            CREATE SCHEMA IF NOT EXISTS {schema};
            SET LOCAL search_path TO {schema};
            CREATE TABLE IF NOT EXISTS schema_version (version integer PRIMARY KEY, name text NOT NULL, applied_at timestamptz NOT NULL DEFAULT now());
            COMMENT ON TABLE schema_version IS 'The migrations that were applied.'
            """, cancellationToken);
        int current = await CurrentAsync(connection, cancellationToken);
        RefuseNewer(current, schema);
        foreach ((int version, string name, string resource) in All())
        {
            if (version <= current)
                continue;
            await RunAsync(connection, await TextAsync(resource, cancellationToken), cancellationToken);
            await using var note = new NpgsqlCommand("INSERT INTO schema_version (version, name) VALUES ($1, $2)", connection)
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = version }, new NpgsqlParameter<string> { TypedValue = name } },
            };
            await note.ExecuteNonQueryAsync(cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
    }

    /// <summary>Checks that the schema is this program's.</summary>
    /// <exception cref="InvalidOperationException">It is missing, older or newer.</exception>
    public static async ValueTask CheckAsync(NpgsqlConnection connection, string schema, CancellationToken cancellationToken)
    {
        int current;
        try
        {
            current = await CurrentAsync(connection, cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            throw new InvalidOperationException($"The database has no journal in schema '{schema}': migrate it first.", error);
        }

        RefuseNewer(current, schema);
        if (current < Newest)
            throw new InvalidOperationException($"Schema '{schema}' is at version {current}, this program needs {Newest}: migrate it first.");
    }

    private static void RefuseNewer(int current, string schema)
    {
        if (current > Newest)
            throw new InvalidOperationException($"Schema '{schema}' is at version {current}, this program knows {Newest} at most: use the newer program that made it.");
    }

    private static async ValueTask<int> CurrentAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(max(version), 0) FROM schema_version", connection);
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async ValueTask RunAsync(NpgsqlConnection connection, string text, CancellationToken cancellationToken)
    {
#pragma warning disable CA2100 // The text is this assembly's own; the schema's name was checked to hold only a-z, 0-9 and _.
        await using var command = new NpgsqlCommand(text, connection);
#pragma warning restore CA2100
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static (int Version, string Name, string Resource)[] All()
    {
        (int, string, string)[] found =
        [
            .. Assembly.GetExecutingAssembly().GetManifestResourceNames()
                .Where(resource => resource.Contains(Folder, StringComparison.Ordinal) && resource.EndsWith(".sql", StringComparison.Ordinal))
                .Select(resource => (Name: resource[(resource.IndexOf(Folder, StringComparison.Ordinal) + Folder.Length)..^4], Resource: resource))
                .Select(file => (int.Parse(file.Name.AsSpan(0, 3), CultureInfo.InvariantCulture), file.Name, file.Resource))
                .OrderBy(file => file.Item1),
        ];
        return found;
    }

    private static async ValueTask<string> TextAsync(string resource, CancellationToken cancellationToken)
    {
        await using Stream stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var reader = new StreamReader(stream);
        return await reader.ReadToEndAsync(cancellationToken);
    }
}
