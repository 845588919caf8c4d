using Npgsql;
using NpgsqlTypes;

namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>
/// Writes what a batch has beside entries (patients that became active, snapshots, outbox rows), all in one round trip, and none at all for a batch that has nothing of it.
/// One instance serves one session; its lists are kept.
/// </summary>
internal sealed class SideRows : IDisposable
{
    private const string Activate = """
        INSERT INTO patients (patient, slot, active)
        SELECT u.patient, u.slot, true FROM unnest($1::text[], $2::smallint[]) AS u(patient, slot)
        ON CONFLICT (patient) DO UPDATE SET active = true, deadline_ms = NULL
        """;

    private const string Store = """
        INSERT INTO patients (patient, slot, snapshot_sequence, snapshot, active, deadline_ms, snapshot_day)
        SELECT u.*, $7::date FROM unnest($1::text[], $2::smallint[], $3::bigint[], $4::bytea[], $5::boolean[], $6::bigint[]) AS u
        ON CONFLICT (patient) DO UPDATE SET snapshot_sequence = excluded.snapshot_sequence, snapshot = excluded.snapshot, snapshot_day = excluded.snapshot_day,
            active = excluded.active, deadline_ms = excluded.deadline_ms
        """;

    private const string Decide = """
        INSERT INTO outbox (generation, shard, sequence, kind, key, value, headers)
        SELECT $6, $7, u.* FROM unnest($1::bigint[], $2::smallint[], $3::bytea[], $4::bytea[], $5::bytea[]) AS u
        """;

    private readonly List<string> _activated = [];
    private readonly List<short> _activatedSlots = [];
    private readonly Dictionary<string, int> _slots = new(StringComparer.Ordinal);

    private readonly List<string> _patients = [];
    private readonly List<short> _slotsOf = [];
    private readonly List<long> _sequences = [];
    private readonly List<ReadOnlyMemory<byte>> _states = [];
    private readonly List<bool> _active = [];
    private readonly List<long?> _deadlines = [];
    private readonly NpgsqlParameter<DateOnly> _day = new() { NpgsqlDbType = NpgsqlDbType.Date };

    private readonly List<long> _outboxSequences = [];
    private readonly List<short> _kinds = [];
    private readonly List<ReadOnlyMemory<byte>> _keys = [];
    private readonly List<ReadOnlyMemory<byte>> _values = [];
    private readonly List<ReadOnlyMemory<byte>> _headers = [];

    private readonly NpgsqlBatch _batch;
    private readonly NpgsqlBatchCommand _activate;
    private readonly NpgsqlBatchCommand _store;
    private readonly NpgsqlBatchCommand _decide;

    public SideRows(NpgsqlConnection connection, int generation, int shard)
    {
        _batch = new NpgsqlBatch(connection);
        _activate = new(Activate) { Parameters = { Array(_activated, NpgsqlDbType.Text), Array(_activatedSlots, NpgsqlDbType.Smallint) } };
        _store = new(Store)
        {
            Parameters =
            {
                Array(_patients, NpgsqlDbType.Text), Array(_slotsOf, NpgsqlDbType.Smallint), Array(_sequences, NpgsqlDbType.Bigint),
                Array(_states, NpgsqlDbType.Bytea), Array(_active, NpgsqlDbType.Boolean), Array(_deadlines, NpgsqlDbType.Bigint), _day,
            },
        };
        _decide = new(Decide)
        {
            Parameters =
            {
                Array(_outboxSequences, NpgsqlDbType.Bigint), Array(_kinds, NpgsqlDbType.Smallint), Array(_keys, NpgsqlDbType.Bytea),
                Array(_values, NpgsqlDbType.Bytea), Array(_headers, NpgsqlDbType.Bytea),
                new NpgsqlParameter<int> { TypedValue = generation }, new NpgsqlParameter<int> { TypedValue = shard },
            },
        };
    }

    /// <summary>Writes the rows inside the open transaction.</summary>
    public async ValueTask WriteAsync(ShardBatch batch, DateOnly day, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        _batch.BatchCommands.Clear();
        if (batch.Activated.Count > 0)
            AddActivated(batch);
        // Behind the activations: a patient that came and left within the batch has left.
        if (batch.Snapshots.Count > 0)
            AddSnapshots(batch, day);
        if (batch.Outbox.Count > 0)
            AddOutbox(batch);
        if (_batch.BatchCommands.Count == 0)
            return;

        try
        {
            _batch.Transaction = transaction;
            await _batch.ExecuteNonQueryAsync(cancellationToken);
        }
        finally
        {
            Clear(); // keeps no snapshot or message alive beyond its commit
        }
    }

    public void Dispose() => _batch.Dispose();

    private void AddActivated(ShardBatch batch)
    {
        for (int i = 0; i < batch.EntryCount; i++)
            _slots[batch[i].Patient] = batch[i].Slot;
        foreach (string patient in batch.Activated)
        {
            _activated.Add(patient);
            _activatedSlots.Add((short)_slots[patient]);
        }

        _batch.BatchCommands.Add(_activate);
    }

    private void AddSnapshots(ShardBatch batch, DateOnly day)
    {
        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
        {
            _patients.Add(row.Patient);
            _slotsOf.Add((short)row.Slot);
            _sequences.Add(row.Sequence);
            _states.Add(row.State);
            _active.Add(row.Active);
            _deadlines.Add(row.DeadlineMs);
        }

        _day.TypedValue = day;
        _batch.BatchCommands.Add(_store);
    }

    private void AddOutbox(ShardBatch batch)
    {
        foreach (OutboxRow row in batch.Outbox)
        {
            _outboxSequences.Add(row.Sequence);
            _kinds.Add((short)row.Kind);
            _keys.Add(row.Key);
            _values.Add(row.Value);
            _headers.Add(row.Headers);
        }

        _batch.BatchCommands.Add(_decide);
    }

    private void Clear()
    {
        _slots.Clear();
        _activated.Clear();
        _activatedSlots.Clear();
        _patients.Clear();
        _slotsOf.Clear();
        _sequences.Clear();
        _states.Clear();
        _active.Clear();
        _deadlines.Clear();
        _outboxSequences.Clear();
        _kinds.Clear();
        _keys.Clear();
        _values.Clear();
        _headers.Clear();
    }

    private static NpgsqlParameter<List<T>> Array<T>(List<T> values, NpgsqlDbType type) => new() { TypedValue = values, NpgsqlDbType = NpgsqlDbType.Array | type };
}
