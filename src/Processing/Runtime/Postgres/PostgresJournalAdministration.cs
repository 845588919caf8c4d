using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// What operators, and a node at its start, do with a journal beside writing it. May be used while nodes are at work.
/// Faults of the database that may pass come as <see cref="JournalUnavailableException"/>.
/// </summary>
public sealed class PostgresJournalAdministration : IAsyncDisposable
{
    private readonly PostgresSessions _sessions;
    private readonly string _schema;

    /// <param name="connectionString">The Npgsql connection string of the database.</param>
    /// <param name="schema">The cluster's schema: a letter a-z, then a-z, 0-9 and _, 40 characters at most.</param>
    /// <exception cref="ArgumentException">The schema's name is something else, or the connection string cannot be read.</exception>
    public PostgresJournalAdministration(string connectionString, string schema)
    {
        _schema = JournalSchema.Check(schema);
        _sessions = new PostgresSessions(connectionString, schema);
    }

    /// <summary>Makes the schema, or brings it up to date. Several nodes may do it at once.</summary>
    /// <exception cref="InvalidOperationException">The schema is newer than this program, or the server is older than PostgreSQL 14.</exception>
    public ValueTask MigrateAsync(CancellationToken cancellationToken) => RunAsync(
        "the schema could not be brought up to date", connection => JournalMigrations.ApplyAsync(connection, _schema, cancellationToken), cancellationToken);

    /// <summary>Which inbound log the journal belongs to; null when no incarnation has begun.</summary>
    public ValueTask<JournalLog?> ReadLogAsync(CancellationToken cancellationToken) => RunAsync("the log's row could not be read", async connection =>
    {
        await using NpgsqlCommand command = connection.CreateCommand();
        return await JournalLog.ReadAsync(command, cancellationToken);
    }, cancellationToken);

    /// <summary>
    /// Begins a new incarnation of the inbound log: the broker that the old offsets belong to is gone. All shards begin at offset 0 under raised epochs, so that no owner of before can commit;
    /// patients, journal, outbox and counters stay. With the incarnation that is in force nothing happens.
    /// </summary>
    /// <param name="incarnation">Names the new life of the log.</param>
    /// <param name="partitions">How many partitions it has; divides 4096. Another number than before begins a new generation, whose counters begin at 0.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>The log that is in force now.</returns>
    /// <exception cref="InvalidOperationException">The number of partitions changes while messages wait to be published, or within one incarnation.</exception>
    public ValueTask<JournalLog> BeginIncarnationAsync(string incarnation, int partitions, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(incarnation);
        JournalSchema.CheckPartitions(partitions);
        return RunAsync("the incarnation could not begin", connection => JournalIncarnations.BeginAsync(connection, _schema, incarnation, partitions, cancellationToken), cancellationToken);
    }

    /// <summary>The rows of all shards of the generation in force that were ever owned, with owner and published progress, by number.</summary>
    public ValueTask<IReadOnlyList<OwnedShard>> ReadAllShardsAsync(CancellationToken cancellationToken) => RunAsync("the shards could not be read", async connection =>
    {
        await using var command = new NpgsqlCommand(
            $"SELECT {ShardRows.Columns}, published, owner, taken_at FROM shards WHERE generation = (SELECT generation FROM log) ORDER BY shard", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        var rows = new List<OwnedShard>();
        while (await reader.ReadAsync(cancellationToken))
        {
            rows.Add(new(ShardRows.Read(reader), reader.GetInt64(ShardRows.ColumnCount), reader.GetString(ShardRows.ColumnCount + 1),
                reader.GetFieldValue<DateTimeOffset>(ShardRows.ColumnCount + 2)));
        }

        return (IReadOnlyList<OwnedShard>)rows;
    }, cancellationToken);

    /// <summary>
    /// Records that the inbound log lost records of a shard before they were handled, and moves the shard to the first record that is left. Guarded by epoch and offset.
    /// </summary>
    /// <param name="shard">The shard.</param>
    /// <param name="epoch">The caller's epoch.</param>
    /// <param name="wanted">The offset that was to be read: the shard's next offset.</param>
    /// <param name="first">The first offset that the log still has; greater than <paramref name="wanted"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    /// <returns>False when epoch or offset are not the shard's any more: nothing was changed.</returns>
    public ValueTask<bool> RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, wanted);
        return RunAsync("the loss could not be recorded", async connection =>
        {
            await using var command = new NpgsqlCommand("""
                WITH moved AS (
                    UPDATE shards SET next_offset = $4 FROM log
                    WHERE shards.generation = log.generation AND shard = $1 AND epoch = $2 AND next_offset = $3
                    RETURNING shards.generation, log.incarnation
                )
                INSERT INTO losses (generation, shard, epoch, wanted, first, incarnation) SELECT generation, $1, $2, $3, $4, incarnation FROM moved
                """, connection)
            {
                Parameters =
                {
                    new NpgsqlParameter<int> { TypedValue = shard }, new NpgsqlParameter<long> { TypedValue = epoch },
                    new NpgsqlParameter<long> { TypedValue = wanted }, new NpgsqlParameter<long> { TypedValue = first },
                },
            };
            return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
        }, cancellationToken);
    }

    /// <summary>The newest recorded losses, oldest of them first.</summary>
    /// <param name="limit">Most losses to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<IReadOnlyList<JournalLoss>> ReadLossesAsync(int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return RunAsync("the losses could not be read", async connection =>
        {
            await using var command = new NpgsqlCommand(
                "SELECT shard, epoch, wanted, first, incarnation, recorded_at FROM (SELECT * FROM losses ORDER BY loss DESC LIMIT $1) AS newest ORDER BY loss", connection)
            {
                Parameters = { new NpgsqlParameter<int> { TypedValue = limit } },
            };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var losses = new List<JournalLoss>();
            while (await reader.ReadAsync(cancellationToken))
                losses.Add(new(reader.GetInt32(0), reader.GetInt64(1), reader.GetInt64(2), reader.GetInt64(3), reader.GetString(4), reader.GetFieldValue<DateTimeOffset>(5)));
            return (IReadOnlyList<JournalLoss>)losses;
        }, cancellationToken);
    }

    /// <summary>How many records the inbound log no longer had when they were to be read, in all losses ever recorded.</summary>
    public ValueTask<long> CountLostAsync(CancellationToken cancellationToken) => RunAsync("the losses could not be counted", async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT coalesce(sum(first - wanted), 0)::bigint FROM losses", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }, cancellationToken);

    /// <summary>
    /// Drops parts of the journal whose day is more than <paramref name="retentionDays"/> ago, each only when every patient in it has a snapshot that holds all its entries of that day.
    /// Others are kept and named with the number of patients that hold them. Hours of waveform samples go as soon as they are over and every patient in them has such a snapshot.
    /// One caller at a time does so for a schema; while another is at it, nothing is done and nothing is named.
    /// </summary>
    /// <param name="retentionDays">At least 2: recovery looks a day further back than a snapshot's own.</param>
    /// <param name="cancellationToken">Ends the wait; parts dropped until then are gone.</param>
    public ValueTask<RetentionResult> DropOldPartsAsync(int retentionDays, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(retentionDays, JournalRetention.LeastDays);
        return RunAsync("old parts could not be dropped", connection => JournalRetention.ApplyAsync(connection, retentionDays, cancellationToken), cancellationToken);
    }

    /// <summary>The settings that durability depends on, as the server reports them for this session.</summary>
    public ValueTask<DurableSettings> ReadDurableSettingsAsync(CancellationToken cancellationToken) => RunAsync("the settings could not be read", async connection =>
    {
        await using var command = new NpgsqlCommand(
            "SELECT current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('wal_sync_method'), current_setting('server_version')", connection);
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new DurableSettings(reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetString(4));
    }, cancellationToken);

    /// <summary>What the journal has of one patient, with the newest entries only; null when it was never seen.</summary>
    /// <param name="patient">The canonical key.</param>
    /// <param name="newest">Most entries to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<JournaledPatient?> ReadPatientAsync(string patient, int newest, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(patient);
        ArgumentOutOfRangeException.ThrowIfNegative(newest);
        return RunAsync("the patient could not be read", connection => JournaledPatients.ReadAsync(connection, patient, newest, cancellationToken), cancellationToken);
    }

    /// <summary>How many patients were ever seen.</summary>
    public ValueTask<long> CountPatientsAsync(CancellationToken cancellationToken) => RunAsync("the patients could not be counted", async connection =>
    {
        await using var command = new NpgsqlCommand("SELECT count(*) FROM patients", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }, cancellationToken);

    /// <summary>The keys of patients ever seen, in ordinal order, a page at a time.</summary>
    /// <param name="after">The last key of the page before; empty for the first page.</param>
    /// <param name="limit">Most keys to return.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask<IReadOnlyList<string>> ReadPatientKeysAsync(string after, int limit, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        return RunAsync("the patients could not be listed", async connection =>
        {
            await using var command = new NpgsqlCommand("SELECT patient FROM patients WHERE patient > $1 ORDER BY patient LIMIT $2", connection)
            {
                Parameters = { new NpgsqlParameter<string> { TypedValue = after }, new NpgsqlParameter<int> { TypedValue = limit } },
            };
            await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
            var keys = new List<string>();
            while (await reader.ReadAsync(cancellationToken))
                keys.Add(reader.GetString(0));
            return (IReadOnlyList<string>)keys;
        }, cancellationToken);
    }

    /// <summary>Closes what is open.</summary>
    public ValueTask DisposeAsync() => _sessions.DisposeAsync();

    private async ValueTask RunAsync(string failure, Func<NpgsqlConnection, ValueTask> run, CancellationToken cancellationToken) =>
        await RunAsync(failure, async connection =>
        {
            await run(connection);
            return true;
        }, cancellationToken);

    private async ValueTask<T> RunAsync<T>(string failure, Func<NpgsqlConnection, ValueTask<T>> run, CancellationToken cancellationToken)
    {
        try
        {
            await using NpgsqlConnection connection = await _sessions.OpenAdministrationAsync(cancellationToken);
            return await run(connection);
        }
        catch (Exception error) when (PostgresErrors.MayPass(error))
        {
            throw PostgresErrors.Unavailable($"Schema '{_schema}': {failure}", error);
        }
    }
}
