using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// Takes one shard over and commits for it, over a session of its own, so that a new owner can find and end exactly that session. Used by one caller at a time.
/// Whatever goes wrong, the session is thrown away; the next call opens another.
/// </summary>
internal sealed partial class ShardWriter(PostgresSessions sessions, JournalParts parts, JournalLog log, int shard, string owner, string schema, CommitClock clock) : IAsyncDisposable
{
    // Bounds the whole call: single commands have their own, shorter, limits, but data of a COPY is sent without one.
    private static readonly TimeSpan s_callLimit = TimeSpan.FromSeconds(60);

    // First end the session of the old owner, which may sit between guard and COMMIT, and wait until it is gone (5 s at most); each statement has its own snapshot, so the second sees what the old one still committed.
    // The row of the log is locked in share mode, so that no new incarnation begins meanwhile.
    private const string TakeOver = """
        INSERT INTO shards AS s (generation, shard, epoch, owner, taken_at)
        SELECT $1, $2, 1, $3, now() FROM log WHERE incarnation = $4 AND generation = $1 FOR SHARE
        ON CONFLICT (generation, shard) DO UPDATE SET epoch = s.epoch + 1, owner = excluded.owner, taken_at = excluded.taken_at
        RETURNING 
        """;

    private readonly EntryCopy _copy = new();
    private NpgsqlConnection? _connection;
    private ShardGuard? _guard;
    private SideRows? _side;
    private DateOnly _lastDay;
    private int _lastSampleHour;

    /// <summary>See <see cref="IJournal.TakeOverAsync"/>.</summary>
    public async ValueTask<ShardRow> TakeOverAsync(CancellationToken cancellationToken)
    {
        using var limit = new CallLimit(s_callLimit, cancellationToken);
        try
        {
            NpgsqlConnection connection = await OpenedAsync(limit.Token);
            await using var batch = new NpgsqlBatch(connection)
            {
                BatchCommands =
                {
                    new(EndSessions) { Parameters = { new NpgsqlParameter<string> { TypedValue = JournalSchema.CommitSession(schema, log.Generation, shard) } } },
                    new(TakeOver + ShardRows.Columns)
                    {
                        Parameters =
                        {
                            new NpgsqlParameter<int> { TypedValue = log.Generation }, new NpgsqlParameter<int> { TypedValue = shard },
                            new NpgsqlParameter<string> { TypedValue = owner }, new NpgsqlParameter<string> { TypedValue = log.Incarnation },
                        },
                    },
                    new("SELECT incarnation, generation FROM log"),
                },
            };
            await using NpgsqlDataReader reader = await batch.ExecuteReaderAsync(limit.Token);
            await reader.NextResultAsync(limit.Token);
            ShardRow? row = await reader.ReadAsync(limit.Token) ? ShardRows.Read(reader) : null;
            await reader.NextResultAsync(limit.Token);
            if (row is not null)
                return row;
            throw await reader.ReadAsync(limit.Token) ? log.IsNot(reader.GetString(0), reader.GetInt32(1), schema) : JournalLog.Missing(schema);
        }
        catch (Exception error)
        {
            await DiscardAsync();
            if (limit.Explains(error) || PostgresErrors.MayPass(error))
                throw PostgresErrors.Unavailable($"Shard {shard} could not be taken over", error);
            throw;
        }
    }

    /// <summary>See <see cref="IJournal.CommitAsync"/>.</summary>
    public async ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken)
    {
        Check(batch);
        using var limit = new CallLimit(s_callLimit, cancellationToken);
        try
        {
            NpgsqlConnection connection = await OpenedAsync(limit.Token);
            if (_lastDay != default)
                await parts.EnsureAsync(_lastDay, limit.Token);
            if (_lastSampleHour != 0)
                await parts.EnsureAsync(_lastSampleHour, limit.Token);
            return await CommitAsync(connection, batch, limit.Token);
        }
        catch (Exception error)
        {
            await DiscardAsync();
            parts.Forget();
            if (limit.Explains(error) || PostgresErrors.MayPass(error))
                throw PostgresErrors.Unavailable($"Shard {shard}, offsets {batch.From} to {batch.To}: the fate of the commit is unknown", error);
            if (error is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation } violation)
                throw Repeated(batch, violation);
            throw;
        }
    }

    public ValueTask DisposeAsync() => DiscardAsync();

    /// <summary>Ends the sessions with the application name $1 that are not this one, and waits for each until it is gone.</summary>
    internal const string EndSessions = """
        SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity
        WHERE application_name = $1 AND datname = current_database() AND pid <> pg_backend_pid()
        """;

    private async ValueTask<CommitOutcome> CommitAsync(NpgsqlConnection connection, ShardBatch batch, CancellationToken cancellationToken)
    {
        // BEGIN takes no round trip of its own: it goes out in front of the guard.
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        FaultPoints.Reach(FaultPoint.BeforeGuard);
        if (await _guard!.MoveAsync(batch, transaction, cancellationToken) is not { } at)
        {
            await transaction.RollbackAsync(cancellationToken);
            return CommitOutcome.Refused;
        }

        FaultPoints.Reach(FaultPoint.AfterGuard);
        _lastDay = at.Day;
        if (batch.EntryCount > 0)
        {
            string statement = await parts.CopyStatementAsync(at.Day, cancellationToken);
            await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(statement, cancellationToken);
            await _copy.WriteEntriesAsync(batch, at.Day, stream, cancellationToken);
        }

        if (batch.SampledCount > 0)
        {
            _lastSampleHour = at.Hour;
            string statement = await parts.CopyStatementAsync(at.Hour, cancellationToken);
            await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(statement, cancellationToken);
            await _copy.WriteSamplesAsync(batch, at.Hour, stream, cancellationToken);
        }

        await _side!.WriteAsync(batch, at.Day, transaction, cancellationToken);
        FaultPoints.Reach(FaultPoint.BeforeCommit);
        await transaction.CommitAsync(cancellationToken);
        FaultPoints.Reach(FaultPoint.AfterCommit);
        return CommitOutcome.Committed;
    }

    private ValueTask<NpgsqlConnection> OpenedAsync(CancellationToken cancellationToken)
    {
        return _connection is { FullState: System.Data.ConnectionState.Open } open ? new(open) : OpenAsync();

        async ValueTask<NpgsqlConnection> OpenAsync()
        {
            await DiscardAsync();
            NpgsqlConnection connection = await sessions.OpenCommitAsync(log.Generation, shard, cancellationToken);
            _guard = new ShardGuard(connection, clock, log.Generation, shard);
            _side = new SideRows(connection, log.Generation, shard);
            return _connection = connection;
        }
    }

    private async ValueTask DiscardAsync()
    {
        NpgsqlConnection? connection = _connection;
        _guard?.Dispose();
        _side?.Dispose();
        (_connection, _guard, _side) = (null, null, null);
        if (connection is null)
            return;
        try
        {
            await connection.DisposeAsync();
        }
        catch (Exception error) when (PostgresErrors.MayPass(error) || error is InvalidOperationException or OperationCanceledException)
        {
            // It is thrown away because it is broken; that closing it fails too says nothing new.
        }
    }

    private void Check(ShardBatch batch)
    {
        for (int i = 0; i < batch.EntryCount; i++)
            log.CheckSlot(shard, batch[i].Slot);
        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
            log.CheckSlot(shard, row.Slot);
        if (batch.Activated.Count == 0)
            return;
        var entries = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < batch.EntryCount; i++)
            entries.Add(batch[i].Patient);
        foreach (string activated in batch.Activated)
        {
            if (!entries.Contains(activated))
                throw new ArgumentException($"Shard {shard}: a patient becomes active without an entry in the batch.", nameof(batch));
        }
    }

    private InvalidOperationException Repeated(ShardBatch batch, PostgresException violation)
    {
        // The server names the line of the COPY; its text of the row is not asked for, because it holds the patient's key.
        string what = violation.TableName == "outbox" ? "an outbox row" : "an entry";
        if (violation.Where is { } where && LinePattern().Match(where) is { Success: true } match
            && int.TryParse(match.ValueSpan[5..], NumberStyles.None, CultureInfo.InvariantCulture, out int line) && line > 0 && line <= batch.EntryCount)
        {
            ShardBatch.Entry entry = batch[line - 1];
            string hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(entry.Patient)).AsSpan(0, 6));
            what = $"entry {entry.Sequence} of the patient with key hash {hash}";
        }

        return new($"Shard {shard}, epoch {batch.Epoch}, offsets {batch.From} to {batch.To}: {what} is in the journal already ({violation.ConstraintName}). Nothing was written.", violation);
    }

    [GeneratedRegex("line [0-9]+")]
    private static partial Regex LinePattern();
}
