using Npgsql;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>The guarded update of a shard's row, the first statement of every commit. One instance serves one session and is filled anew for each batch.</summary>
internal sealed class ShardGuard : IDisposable
{
    private const string Statement = """
        UPDATE shards
        SET next_offset = $1, outbox_sequence = $2, log_time_ms = $3, folded = folded + $4, duplicates = duplicates + $5, late = late + $6,
            dead_letters = dead_letters + $7, ticks = ticks + $8, commands = commands + $9, anomaly_events = anomaly_events + $10
        WHERE generation = $11 AND shard = $12 AND epoch = $13 AND next_offset = $14
        RETURNING 
        """;

    private const int Longs = 10;

    private readonly NpgsqlCommand _command;
    private readonly NpgsqlParameter<long>[] _values = new NpgsqlParameter<long>[Longs];
    private readonly NpgsqlParameter<long> _epoch = new();
    private readonly NpgsqlParameter<long> _from = new();

    /// <param name="connection">The session that commits.</param>
    /// <param name="clock">How the commit's day and hour are asked for.</param>
    /// <param name="generation">The numbering of the shards.</param>
    /// <param name="shard">The shard.</param>
    public ShardGuard(NpgsqlConnection connection, CommitClock clock, int generation, int shard)
    {
        _command = new NpgsqlCommand($"{Statement}{clock.Day}, {clock.Hour}", connection);
        for (int i = 0; i < Longs; i++)
            _command.Parameters.Add(_values[i] = new NpgsqlParameter<long>());
        _command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = generation });
        _command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = shard });
        _command.Parameters.Add(_epoch);
        _command.Parameters.Add(_from);
    }

    /// <summary>Moves the shard's row. The day and the hour of the commit by the database's clock, or null when epoch or offset are not the batch's.</summary>
    public async ValueTask<(DateOnly Day, int Hour)?> MoveAsync(ShardBatch batch, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        ShardCounters counters = batch.Counters;
        _values[0].TypedValue = batch.To;
        _values[1].TypedValue = batch.OutboxSequence;
        _values[2].TypedValue = batch.LogTimeMs;
        _values[3].TypedValue = counters.Folded;
        _values[4].TypedValue = counters.Duplicates;
        _values[5].TypedValue = counters.Late;
        _values[6].TypedValue = counters.DeadLetters;
        _values[7].TypedValue = counters.Ticks;
        _values[8].TypedValue = counters.Commands;
        _values[9].TypedValue = counters.AnomalyEvents;
        _epoch.TypedValue = batch.Epoch;
        _from.TypedValue = batch.From;
        _command.Transaction = transaction;
        await using NpgsqlDataReader reader = await _command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken))
            return null;
        (DateOnly, int) at = (reader.GetFieldValue<DateOnly>(0), reader.GetInt32(1));
        // (generation, shard) is the primary key, so a second row cannot be; if it were, two writers would share a shard.
        if (await reader.ReadAsync(cancellationToken))
            throw new InvalidOperationException($"Shard {batch.Shard} has more than one row in the journal.");
        return at;
    }

    public void Dispose() => _command.Dispose();
}
