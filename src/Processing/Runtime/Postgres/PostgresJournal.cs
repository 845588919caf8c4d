using System.Collections.Concurrent;
using Npgsql;
using NpgsqlTypes;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>The journal on PostgreSQL 14 or later. Needs a schema brought up to date by <see cref="PostgresJournalAdministration.MigrateAsync"/> and an incarnation of the log that has begun.</summary>
public sealed class PostgresJournal : IJournal, IAsyncDisposable
{
    // A commit whose session was lost may still end on the server: the row is locked in share mode, so that this waits for it (3 s at most) and reads what became of it.
    private const string ReadShard = "SELECT " + ShardRows.Columns + " FROM shards WHERE generation = $1 AND shard = $2 FOR SHARE";

    private const string ReadWatched = """
        SELECT patient, active, deadline_ms FROM patients
        WHERE slot = ANY ($1) AND (active OR deadline_ms IS NOT NULL) ORDER BY patient
        """;

    private const string ReadRows = """
        SELECT s.published, o.sequence, o.kind, o.key, o.value, o.headers
        FROM shards s JOIN outbox o ON o.generation = s.generation AND o.shard = s.shard
        WHERE s.generation = $1 AND s.shard = $2 AND o.sequence > $3 ORDER BY o.sequence LIMIT $4
        """;

    // One statement, so that a node stopped in the midst of it holds no lock.
    private const string Publish = """
        WITH moved AS (
            UPDATE shards SET published = greatest(published, $4) WHERE generation = $1 AND shard = $2 AND epoch = $3 RETURNING published
        ), removed AS (
            DELETE FROM outbox USING moved WHERE outbox.generation = $1 AND outbox.shard = $2 AND outbox.sequence <= moved.published
        )
        SELECT published FROM moved
        """;

    private const string Lose = """
        WITH moved AS (
            UPDATE shards SET next_offset = $5 WHERE generation = $1 AND shard = $2 AND epoch = $3 AND next_offset = $4 RETURNING generation
        )
        INSERT INTO losses (generation, shard, epoch, wanted, first, incarnation) SELECT generation, $2, $3, $4, $5, $6 FROM moved
        """;

    private readonly PostgresJournalOptions _options;
    private readonly PostgresSessions _sessions;
    private readonly JournalParts _parts;
    private readonly PatientReader _patients;
    private readonly ConcurrentDictionary<int, ShardWriter> _writers = new();
    private readonly Func<int, ShardWriter> _newWriter;

    private PostgresJournal(PostgresJournalOptions options, PostgresSessions sessions, JournalParts parts, JournalLog log, CommitClock clock)
    {
        _options = options;
        _sessions = sessions;
        _parts = parts;
        _patients = new PatientReader(sessions.Readers);
        Log = log;
        _newWriter = shard => new ShardWriter(_sessions, _parts, Log, shard, _options.Owner, _options.Schema, clock);
    }

    /// <summary>The inbound log that this node reads, as the journal knows it.</summary>
    public JournalLog Log { get; }

    /// <summary>Connects, checks that schema and log are what this program expects, and makes the parts of today and tomorrow.</summary>
    /// <exception cref="JournalUnavailableException">The database cannot be reached now.</exception>
    /// <exception cref="LogIncarnationException">The journal belongs to another incarnation of the inbound log.</exception>
    /// <exception cref="InvalidOperationException">The schema is missing, older or newer than this program's, knows no log yet, or the log has another number of partitions.</exception>
    public static ValueTask<PostgresJournal> OpenAsync(PostgresJournalOptions options, CancellationToken cancellationToken) => OpenAsync(options, CommitClock.Database, cancellationToken);

    /// <summary>As the public one, with another clock, so that a test can let days pass.</summary>
    internal static async ValueTask<PostgresJournal> OpenAsync(PostgresJournalOptions options, CommitClock clock, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(options);
        JournalSchema.Check(options.Schema);
        JournalSchema.CheckPartitions(options.Partitions);
        var sessions = new PostgresSessions(options.ConnectionString, options.Schema);
        try
        {
            JournalLog log = await CheckedLogAsync(sessions, options, cancellationToken);
            var parts = new JournalParts(sessions, options.Schema);
            await using NpgsqlCommand today = sessions.Readers.CreateCommand("SELECT " + clock.Day);
            await parts.EnsureAsync((DateOnly)(await today.ExecuteScalarAsync(cancellationToken))!, cancellationToken);
            return new PostgresJournal(options, sessions, parts, log, clock);
        }
        catch (Exception error)
        {
            await sessions.DisposeAsync();
            if (PostgresErrors.MayPass(error))
                throw PostgresErrors.Unavailable("The journal could not be opened", error);
            throw;
        }
    }

    /// <inheritdoc/>
    public ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken)
    {
        Log.CheckShard(shard);
        FaultPoints.Reach(FaultPoint.BeforeTakeOver);
        return _writers.GetOrAdd(shard, _newWriter).TakeOverAsync(cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(batch);
        Log.CheckShard(batch.Shard);
        return _writers.GetOrAdd(batch.Shard, _newWriter).CommitAsync(batch, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken) => OnShardAsync(shard, "the row could not be read", ReadShard, static async (command, shard, token) =>
    {
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
        return await reader.ReadAsync(token) ? ShardRows.Read(reader) : new ShardRow(shard, 0, 0, 0, 0, default);
    }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken)
    {
        Log.CheckShard(shard);
        ArgumentNullException.ThrowIfNull(patients);
        if (patients.Count > RuntimeLimits.RecoveryBatch)
            throw new ArgumentException($"{patients.Count} patients were asked for at once; the most is {RuntimeLimits.RecoveryBatch}.", nameof(patients));
        if (patients.Count == 0)
            return [];
        try
        {
            return await _patients.RecoverAsync(patients, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.MayPass(error))
        {
            throw PostgresErrors.Unavailable($"Shard {shard}: {patients.Count} patients could not be recovered", error);
        }
    }

    /// <inheritdoc/>
    public async ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken)
    {
        Log.CheckShard(shard);
        var slots = new short[JournalSchema.Slots / Log.Partitions];
        for (int i = 0; i < slots.Length; i++)
            slots[i] = (short)(shard + (i * Log.Partitions));
        try
        {
            await using NpgsqlCommand command = _sessions.Readers.CreateCommand(ReadWatched);
            command.Parameters.Add(new NpgsqlParameter<short[]> { TypedValue = slots });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var watched = new List<WatchedPatient>();
            while (await reader.ReadAsync(cancellationToken))
                watched.Add(new(reader.GetString(0), reader.GetBoolean(1), reader.IsDBNull(2) ? 0 : reader.GetInt64(2)));
            return watched;
        }
        catch (Exception error) when (PostgresErrors.MayPass(error))
        {
            throw PostgresErrors.Unavailable($"Shard {shard}: the watched patients could not be read", error);
        }
    }

    /// <inheritdoc/>
    public ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return OnShardAsync(shard, "the outbox could not be read", ReadRows, async (command, shard, token) =>
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = after });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = limit });
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(token);
            var rows = new List<OutboxRow>();
            while (await reader.ReadAsync(token))
            {
                long expected = rows.Count > 0 ? rows[^1].Sequence + 1 : Math.Max(after, reader.GetInt64(0)) + 1;
                long sequence = reader.GetInt64(1);
                if (sequence != expected)
                    throw new InvalidDataException($"The outbox of shard {shard} has a gap: row {expected} expected, {sequence} found.");
                rows.Add(new(sequence, (OutboxKind)reader.GetInt16(2), reader.GetFieldValue<byte[]>(3), reader.GetFieldValue<byte[]>(4), reader.GetFieldValue<byte[]>(5)));
            }

            return (IReadOnlyList<OutboxRow>)rows;
        }, cancellationToken);
    }

    /// <inheritdoc/>
    public ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken) =>
        OnShardAsync(shard, "the progress of publishing could not be read", "SELECT published FROM shards WHERE generation = $1 AND shard = $2",
            static async (command, _, token) => await command.ExecuteScalarAsync(token) is long published ? published : 0L, cancellationToken);

    /// <inheritdoc/>
    public ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken) =>
        OnShardAsync(shard, "the progress of publishing could not be kept", Publish, async (command, shard, token) =>
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = published });
            try
            {
                return await command.ExecuteScalarAsync(token) is not null;
            }
            catch (PostgresException error) when (error.SqlState == PostgresErrorCodes.CheckViolation)
            {
                throw new InvalidOperationException($"Shard {shard}: outbox row {published} is said to be published, but there was none with that number yet.", error);
            }
        }, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, wanted);
        await OnShardAsync(shard, "the loss could not be recorded", Lose, async (command, _, token) =>
        {
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = epoch });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = wanted });
            command.Parameters.Add(new NpgsqlParameter<long> { TypedValue = first });
            command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Log.Incarnation });
            return await command.ExecuteNonQueryAsync(token);
        }, cancellationToken);
    }

    /// <summary>Closes all sessions. What is being committed may still become durable.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (ShardWriter writer in _writers.Values)
            await writer.DisposeAsync();
        await _sessions.DisposeAsync();
    }

    private async ValueTask<T> OnShardAsync<T>(
        int shard, string failure, string statement, Func<NpgsqlCommand, int, CancellationToken, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        Log.CheckShard(shard);
        try
        {
            await using NpgsqlCommand command = _sessions.Readers.CreateCommand(statement);
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Log.Generation, NpgsqlDbType = NpgsqlDbType.Integer });
            command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = shard, NpgsqlDbType = NpgsqlDbType.Integer });
            return await run(command, shard, cancellationToken);
        }
        catch (Exception error) when (PostgresErrors.MayPass(error))
        {
            throw PostgresErrors.Unavailable($"Shard {shard}: {failure}", error);
        }
    }

    private static async ValueTask<JournalLog> CheckedLogAsync(PostgresSessions sessions, PostgresJournalOptions options, CancellationToken cancellationToken)
    {
        await using (NpgsqlConnection connection = await sessions.Readers.OpenConnectionAsync(cancellationToken))
            await JournalMigrations.CheckAsync(connection, options.Schema, cancellationToken);
        await using NpgsqlCommand command = sessions.Readers.CreateCommand();
        JournalLog log = await JournalLog.ReadAsync(command, cancellationToken) ?? throw JournalLog.Missing(options.Schema);
        if (log.Incarnation != options.Incarnation)
            throw (log with { Incarnation = options.Incarnation }).IsNot(log.Incarnation, log.Generation, options.Schema);
        return log.Partitions == options.Partitions ? log : throw new InvalidOperationException(
            $"The journal in schema '{options.Schema}' belongs to a log of {log.Partitions} partitions, the inbound topic has {options.Partitions}: patients would be looked for in the wrong shards.");
    }
}
