using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>
/// What PostgreSQL is to the real journal, in memory: one thread, no time, no I/O, every call complete when it returns. Nodes share it through <see cref="InMemoryJournal"/> facades.
/// Nothing is aliased: what goes in and what comes out are copies.
/// </summary>
public sealed class InMemoryStore
{
    private const int Slots = 4096;

    private readonly JournalDefect _defects;
    private readonly SortedDictionary<int, Shard> _shards = [];
    private readonly SortedDictionary<string, StoredPatient> _patients = new(StringComparer.Ordinal);
    private readonly List<StoredCommit> _commits = [];

    /// <summary>Makes an empty store for an incarnation of the inbound log.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The number of partitions does not divide 4096.</exception>
    public InMemoryStore(string incarnation, int partitions, JournalDefect defects = JournalDefect.None)
    {
        if (partitions <= 0 || Slots % partitions != 0)
            throw new ArgumentOutOfRangeException(nameof(partitions), partitions, "The number of partitions must divide 4096.");
        Incarnation = incarnation;
        Partitions = partitions;
        _defects = defects;
    }

    private sealed class Shard(int number)
    {
        public ShardRow Row { get; set; } = new(number, 0, 0, 0, 0, default);

        public long Published { get; set; }

        public List<StoredOutboxRow> Outbox { get; } = [];
    }

    /// <summary>The incarnation of the inbound log that the offsets belong to.</summary>
    public string Incarnation { get; private set; }

    /// <summary>How many shards there are.</summary>
    public int Partitions { get; }

    /// <summary>With <see cref="JournalDefect.OffsetOutsideTransaction"/>: called between the two steps; false is a crash there.</summary>
    public Func<ShardBatch, bool>? BetweenEntriesAndOffset { get; set; }

    /// <summary>All commits, in their order.</summary>
    public IReadOnlyList<StoredCommit> Commits => _commits;

    /// <summary>All patients by key (ordinal).</summary>
    public IEnumerable<StoredPatient> Patients => _patients.Values;

    /// <summary>The rows of all shards that were ever owned, by number.</summary>
    public IEnumerable<ShardRow> Shards => _shards.Values.Select(shard => shard.Row);

    /// <summary>A patient; null when never seen.</summary>
    public StoredPatient? Patient(string patient) => _patients.GetValueOrDefault(patient);

    /// <summary>All outbox rows that a shard ever had, by sequence, published and removed ones too.</summary>
    public IReadOnlyList<StoredOutboxRow> OutboxHistory(int shard) => _shards.TryGetValue(shard, out Shard? found) ? found.Outbox : [];

    /// <summary>Begins a new incarnation of the inbound log: all epochs rise, all shards begin at offset 0; the rest stays.</summary>
    public void BeginIncarnation(string incarnation)
    {
        Incarnation = incarnation;
        foreach (Shard shard in _shards.Values)
            shard.Row = shard.Row with { Epoch = shard.Row.Epoch + 1, NextOffset = 0 };
    }

    /// <summary>See <see cref="IJournal.TakeOverAsync"/>.</summary>
    public ShardRow TakeOver(int shard, string incarnation)
    {
        CheckShard(shard);
        if (incarnation != Incarnation)
            throw new LogIncarnationException($"The journal belongs to incarnation '{Incarnation}' of the inbound log, this node reads '{incarnation}'.");
        if (!_shards.TryGetValue(shard, out Shard? owned))
            _shards.Add(shard, owned = new Shard(shard));
        return owned.Row = owned.Row with { Epoch = owned.Row.Epoch + 1 };
    }

    /// <summary>See <see cref="IJournal.ReadAsync"/>.</summary>
    public ShardRow Read(int shard)
    {
        CheckShard(shard);
        return _shards.TryGetValue(shard, out Shard? found) ? found.Row : new(shard, 0, 0, 0, 0, default);
    }

    /// <summary>See <see cref="IJournal.CommitAsync"/>.</summary>
    public CommitOutcome Commit(ShardBatch batch)
    {
        CheckShard(batch.Shard);
        CheckBatch(batch);
        if (!_shards.TryGetValue(batch.Shard, out Shard? shard)
            || (!_defects.HasFlag(JournalDefect.IgnoreEpoch) && shard.Row.Epoch != batch.Epoch)
            || (!_defects.HasFlag(JournalDefect.IgnoreNextOffset) && shard.Row.NextOffset != batch.From))
            return CommitOutcome.Refused;

        CheckUnique(batch, shard);
        var commit = new StoredCommit(_commits.Count + 1, batch.Shard, batch.Epoch, batch.From, batch.To, Incarnation, batch.EntryCount, batch.Counters);
        WritePatients(batch, commit);
        if (_defects.HasFlag(JournalDefect.OffsetOutsideTransaction) && BetweenEntriesAndOffset is { } between && !between(batch))
            throw new JournalUnavailableException($"Shard {batch.Shard}: the node crashed between the entries and the offset.");

        foreach (OutboxRow row in batch.Outbox)
            shard.Outbox.Add(new(row with { Key = row.Key.ToArray(), Value = row.Value.ToArray(), Headers = row.Headers.ToArray() }, commit));
        shard.Row = shard.Row with
        {
            NextOffset = batch.To,
            OutboxSequence = batch.OutboxSequence,
            LogTimeMs = batch.LogTimeMs,
            Counters = shard.Row.Counters + batch.Counters,
        };
        _commits.Add(commit);
        return CommitOutcome.Committed;
    }

    /// <summary>See <see cref="IJournal.RecoverAsync"/>.</summary>
    public IReadOnlyList<PatientHistory> Recover(int shard, IReadOnlyList<string> patients)
    {
        CheckShard(shard);
        if (patients.Count > RuntimeLimits.RecoveryBatch)
            throw new ArgumentException($"{patients.Count} patients were asked for at once; the most is {RuntimeLimits.RecoveryBatch}.", nameof(patients));
        var histories = new PatientHistory[patients.Count];
        for (int i = 0; i < histories.Length; i++)
            histories[i] = Recover(patients[i]);
        return histories;
    }

    /// <summary>See <see cref="IJournal.WatchedAsync"/>.</summary>
    public IReadOnlyList<WatchedPatient> Watched(int shard)
    {
        CheckShard(shard);
        return [.. _patients.Values
            .Where(patient => patient.Slot % Partitions == shard && (patient.Active || patient.DeadlineMs is not null))
            .Select(patient => new WatchedPatient(patient.Patient, patient.Active, patient.DeadlineMs ?? 0))];
    }

    /// <summary>See <see cref="IJournal.ReadOutboxAsync"/>.</summary>
    public IReadOnlyList<OutboxRow> ReadOutbox(int shard, long after, int limit)
    {
        CheckShard(shard);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(limit);
        if (!_shards.TryGetValue(shard, out Shard? found))
            return [];
        var rows = new List<OutboxRow>();
        long expected = Math.Max(after, found.Published) + 1;
        foreach (StoredOutboxRow stored in found.Outbox)
        {
            OutboxRow row = stored.Row;
            if (row.Sequence < expected || rows.Count == limit)
                continue;
            if (row.Sequence != expected)
                throw new InvalidDataException($"The outbox of shard {shard} has a gap: row {expected} expected, {row.Sequence} found.");
            rows.Add(row with { Key = row.Key.ToArray(), Value = row.Value.ToArray(), Headers = row.Headers.ToArray() });
            expected++;
        }

        return rows;
    }

    /// <summary>All losses recorded: shard, first offset lost, first offset left.</summary>
    public List<(int Shard, long Wanted, long First)> Losses { get; } = [];

    /// <summary>See <see cref="IJournal.RecordLossAsync"/>.</summary>
    public void RecordLoss(int shard, long epoch, long wanted, long first)
    {
        CheckShard(shard);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(first, wanted);
        if (!_shards.TryGetValue(shard, out Shard? found) || found.Row.Epoch != epoch || found.Row.NextOffset != wanted)
            return;
        found.Row = found.Row with { NextOffset = first };
        Losses.Add((shard, wanted, first));
    }

    /// <summary>See <see cref="IJournal.ReadPublishedAsync"/>.</summary>
    public long ReadPublished(int shard)
    {
        CheckShard(shard);
        return _shards.TryGetValue(shard, out Shard? found) ? found.Published : 0;
    }

    /// <summary>See <see cref="IJournal.SavePublishedAsync"/>.</summary>
    public bool SavePublished(int shard, long epoch, long published)
    {
        CheckShard(shard);
        if (!_shards.TryGetValue(shard, out Shard? found) || (found.Row.Epoch != epoch && !_defects.HasFlag(JournalDefect.IgnoreEpoch)))
            return false;
        if (published > found.Row.OutboxSequence)
            throw new InvalidOperationException($"Shard {shard}: outbox row {published} is said to be published, the newest is {found.Row.OutboxSequence}.");
        found.Published = Math.Max(found.Published, published);
        return true;
    }

    private PatientHistory Recover(string patient)
    {
        if (!_patients.TryGetValue(patient, out StoredPatient? stored))
            return new(patient, 0, ReadOnlyMemory<byte>.Empty, []);
        int first = stored.IndexOf(stored.SnapshotSequence + 1);
        var entries = new JournalEntry[stored.EntryList.Count - first];
        for (int i = 0; i < entries.Length; i++)
        {
            StoredEntry entry = stored.EntryList[first + i];
            entries[i] = new(entry.Sequence, entry.Payload.ToArray(), entry.Samples.ToArray());
        }

        return new(patient, stored.SnapshotSequence, stored.Snapshot.ToArray(), entries);
    }

    private void WritePatients(ShardBatch batch, StoredCommit commit)
    {
        for (int i = 0; i < batch.EntryCount; i++)
        {
            ShardBatch.Entry entry = batch[i];
            StoredPatient patient = Seen(entry.Patient, entry.Slot);
            patient.EntryList.Insert(patient.IndexOf(entry.Sequence), new(entry.Sequence, entry.Slot, entry.Payload.ToArray(), entry.Samples.ToArray(), commit));
        }

        foreach (string activated in batch.Activated)
        {
            StoredPatient patient = _patients[activated];
            patient.Active = true;
            patient.DeadlineMs = null;
        }

        // Behind the activations: a patient that came and left within the batch has left.
        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
        {
            StoredPatient patient = Seen(row.Patient, row.Slot);
            patient.SnapshotSequence = row.Sequence;
            patient.Snapshot = row.State.ToArray();
            patient.Active = row.Active;
            patient.DeadlineMs = row.DeadlineMs;
        }

        if (_defects.HasFlag(JournalDefect.DropSamplesEarly) && batch.Snapshots.Count > 0)
        {
            foreach (StoredPatient patient in _patients.Values.Where(patient => patient.Slot % Partitions == batch.Shard))
                DropSamples(patient, patient.EntryList.Count);
        }

        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
            DropSamples(_patients[row.Patient], _patients[row.Patient].IndexOf(row.Sequence + 1));
    }

    /// <summary>Samples that a snapshot made needless go as early as they may.</summary>
    private static void DropSamples(StoredPatient patient, int end)
    {
        for (int i = patient.SampledFrom; i < end; i++)
            patient.EntryList[i] = patient.EntryList[i] with { Samples = [] };
        patient.SampledFrom = Math.Max(patient.SampledFrom, end);
    }

    private StoredPatient Seen(string patient, int slot)
    {
        if (!_patients.TryGetValue(patient, out StoredPatient? stored))
            _patients.Add(patient, stored = new StoredPatient(patient, slot));
        return stored;
    }

    private void CheckUnique(ShardBatch batch, Shard shard)
    {
        var own = new HashSet<(string, long)>();
        for (int i = 0; i < batch.EntryCount; i++)
        {
            ShardBatch.Entry entry = batch[i];
            bool stored = _patients.TryGetValue(entry.Patient, out StoredPatient? patient)
                && patient.IndexOf(entry.Sequence) is int at && at < patient.EntryList.Count && patient.EntryList[at].Sequence == entry.Sequence;
            if (stored || !own.Add((entry.Patient, entry.Sequence)))
                throw new InvalidOperationException($"Shard {batch.Shard}: entry {entry.Sequence} of patient '{entry.Patient}' is in the journal already.");
        }

        long newest = shard.Outbox.Count == 0 ? 0 : shard.Outbox[^1].Row.Sequence;
        foreach (OutboxRow row in batch.Outbox)
        {
            if (row.Sequence <= newest)
                throw new InvalidOperationException($"Shard {batch.Shard}: outbox row {row.Sequence} is in the journal already.");
            newest = row.Sequence;
        }
    }

    private void CheckBatch(ShardBatch batch)
    {
        for (int i = 0; i < batch.EntryCount; i++)
            CheckSlot(batch.Shard, batch[i].Slot);
        foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
            CheckSlot(batch.Shard, row.Slot);
        if (batch.Activated.Count == 0)
            return;
        var entries = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < batch.EntryCount; i++)
            entries.Add(batch[i].Patient);
        if (batch.Activated.Any(activated => !entries.Contains(activated)))
            throw new ArgumentException($"Shard {batch.Shard}: a patient becomes active without an entry in the batch.", nameof(batch));
    }

    private void CheckSlot(int shard, int slot)
    {
        if ((uint)slot >= Slots || slot % Partitions != shard)
            throw new ArgumentException($"Slot {slot} does not belong to shard {shard} of {Partitions}.");
    }

    private void CheckShard(int shard)
    {
        if ((uint)shard >= (uint)Partitions)
            throw new ArgumentOutOfRangeException(nameof(shard), shard, $"There are {Partitions} shards.");
    }
}
