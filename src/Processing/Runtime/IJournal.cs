namespace PhysioActors.Processing.Runtime;

/// <summary>
/// The durable side of the shards: the append-only table of entries, the snapshots, the shard rows with their epochs, and the outbox.
/// Implemented on PostgreSQL and in memory; one conformance suite holds for both.
/// </summary>
/// <remarks>
/// Every method may be called from several shards at once, for one shard only by its runner (one call at a time; <see cref="RecoverAsync"/> may run beside <see cref="CommitAsync"/>)
/// and by its publisher. Faults of the store that may pass are thrown as <see cref="JournalUnavailableException"/>; anything else is a bug or a broken store and stops the shard.
/// </remarks>
public interface IJournal
{
    /// <summary>
    /// Takes a shard over: raises its epoch and says from where to go on. Ends the old owner's open transaction first (its backend is terminated), so that a stopped owner cannot hold the row.
    /// The row is made with epoch 1 and offset 0 when the shard was never owned in this incarnation of the log.
    /// Idempotence is not needed: a lost answer costs one epoch.
    /// </summary>
    /// <exception cref="LogIncarnationException">The journal belongs to another incarnation of the inbound log.</exception>
    ValueTask<ShardRow> TakeOverAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Reads a shard's row without raising its epoch: after a failed or unknown commit, to learn whether the shard is still ours and from where to go on.</summary>
    ValueTask<ShardRow> ReadAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Commits a batch in one transaction: the guard (epoch and next offset equal to the batch's, exactly one row), the entries with their samples, the snapshots, the outbox rows and the counters.
    /// The batch and its buffers belong to the journal until the task ends.
    /// </summary>
    /// <returns><see cref="CommitOutcome.Committed"/>, or <see cref="CommitOutcome.Refused"/> when the guard touched no row: nothing was written.</returns>
    /// <exception cref="JournalUnavailableException">It is unknown whether the batch was committed, or it surely was not.</exception>
    ValueTask<CommitOutcome> CommitAsync(ShardBatch batch, CancellationToken cancellationToken);

    /// <summary>Reads what is needed to rebuild patients: the latest snapshot of each and all later entries in order. Patients never seen come back with neither.</summary>
    /// <param name="shard">The shard whose patients they are.</param>
    /// <param name="patients">Canonical keys, each once; at most <see cref="RuntimeLimits.RecoveryBatch"/>.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    ValueTask<IReadOnlyList<PatientHistory>> RecoverAsync(int shard, IReadOnlyList<string> patients, CancellationToken cancellationToken);

    /// <summary>The patients of a shard that the owner must watch: those active when last committed (their deadline is in their state), and passivated ones with a deadline.</summary>
    ValueTask<IReadOnlyList<WatchedPatient>> WatchedAsync(int shard, CancellationToken cancellationToken);

    /// <summary>Outbox rows behind <paramref name="after"/>, in order, without a gap, at most <paramref name="limit"/>.</summary>
    ValueTask<IReadOnlyList<OutboxRow>> ReadOutboxAsync(int shard, long after, int limit, CancellationToken cancellationToken);

    /// <summary>
    /// Records that the log no longer has the records from <paramref name="wanted"/> to before <paramref name="first"/>, and moves the shard behind them. Guarded by the epoch and by the next offset;
    /// when either differs nothing happens.
    /// </summary>
    ValueTask RecordLossAsync(int shard, long epoch, long wanted, long first, CancellationToken cancellationToken);

    /// <summary>How far publishing has got according to the journal (used where the broker cannot keep it): the sequence of the last published row, 0 for none.</summary>
    ValueTask<long> ReadPublishedAsync(int shard, CancellationToken cancellationToken);

    /// <summary>
    /// Records that all outbox rows up to <paramref name="published"/> are on their topics, and removes them. Never goes back. Guarded by the epoch: with an older one nothing happens and false is returned.
    /// </summary>
    ValueTask<bool> SavePublishedAsync(int shard, long epoch, long published, CancellationToken cancellationToken);
}

/// <summary>Says what became of a commit.</summary>
public enum CommitOutcome
{
    /// <summary>The batch is durable.</summary>
    Committed,

    /// <summary>The guard matched no row: another epoch, or another next offset. Nothing was written.</summary>
    Refused,
}

/// <summary>The journal cannot be reached, or the fate of the last call is unknown. It may pass.</summary>
public sealed class JournalUnavailableException(string message, Exception? inner = null) : Exception(message, inner);

/// <summary>The journal was written for another incarnation of the inbound log than the one at hand; its offsets mean nothing there.</summary>
public sealed class LogIncarnationException(string message) : Exception(message);

/// <summary>A shard's row.</summary>
/// <param name="Shard">The shard's number: its partition of the inbound topic.</param>
/// <param name="Epoch">Raised by every takeover; 0 when never owned.</param>
/// <param name="NextOffset">The offset of the first record that is not yet handled.</param>
/// <param name="OutboxSequence">The sequence of the newest outbox row; 0 when there was none.</param>
/// <param name="LogTimeMs">Log time: the newest timestamp of a tick handled; 0 before the first.</param>
/// <param name="Counters">What became of all records so far.</param>
public sealed record ShardRow(int Shard, long Epoch, long NextOffset, long OutboxSequence, long LogTimeMs, ShardCounters Counters);

/// <summary>What became of inbound records. Each record is counted once, in the commit that handled it; <see cref="RecordsIn"/> is the sum of the rest but anomalies.</summary>
/// <param name="Folded">Accepted into a patient's state.</param>
/// <param name="Duplicates">Seen before, same content.</param>
/// <param name="Late">Too late to be folded; journaled as late.</param>
/// <param name="DeadLetters">Refused; published to the dead-letter topic.</param>
/// <param name="Ticks">Marks of time.</param>
/// <param name="Commands">Orders to patient actors.</param>
/// <param name="AnomalyEvents">Anomaly events journaled (not records).</param>
public readonly record struct ShardCounters(long Folded, long Duplicates, long Late, long DeadLetters, long Ticks, long Commands, long AnomalyEvents)
{
    /// <summary>All records handled.</summary>
    public long RecordsIn => Folded + Duplicates + Late + DeadLetters + Ticks + Commands;

    /// <summary>The sums, field by field.</summary>
    public static ShardCounters operator +(ShardCounters a, ShardCounters b) => new(
        a.Folded + b.Folded, a.Duplicates + b.Duplicates, a.Late + b.Late, a.DeadLetters + b.DeadLetters, a.Ticks + b.Ticks, a.Commands + b.Commands, a.AnomalyEvents + b.AnomalyEvents);

    /// <summary>The sums, field by field.</summary>
    public static ShardCounters Add(ShardCounters left, ShardCounters right) => left + right;
}

/// <summary>What a patient's state is rebuilt from.</summary>
/// <param name="Patient">The canonical key.</param>
/// <param name="SnapshotSequence">The sequence number of the last entry in the snapshot; 0 without one.</param>
/// <param name="Snapshot">The snapshot; empty when there is none.</param>
/// <param name="Entries">All entries behind the snapshot, by sequence. A gap is damage of that patient alone: it is handed out as it is, and folding the entries finds it.</param>
public sealed record PatientHistory(string Patient, long SnapshotSequence, ReadOnlyMemory<byte> Snapshot, IReadOnlyList<JournalEntry> Entries);

/// <summary>One row of the journal: everything that one message made a patient actor decide.</summary>
/// <param name="Sequence">1, 2, 3, ... per patient.</param>
/// <param name="Payload">The events, in the binary form of the patient actor.</param>
/// <param name="Samples">The waveform samples that the events speak of; empty for none, and for an entry that a snapshot has made needless.</param>
public readonly record struct JournalEntry(long Sequence, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Samples);

/// <summary>A patient with something to wait for.</summary>
/// <param name="Patient">The canonical key.</param>
/// <param name="Active">True when it was in memory at the last commit: its state must be recovered to learn its deadline.</param>
/// <param name="DeadlineMs">The deadline in log time of a passivated patient.</param>
public readonly record struct WatchedPatient(string Patient, bool Active, long DeadlineMs);

/// <summary>Which topic an outbox row goes to.</summary>
public enum OutboxKind : byte
{
    /// <summary>The anomaly topic.</summary>
    Anomaly = 1,

    /// <summary>The dead-letter topic.</summary>
    DeadLetter = 2,
}

/// <summary>A message that was decided and must be published.</summary>
/// <param name="Sequence">1, 2, 3, ... per shard, without a gap.</param>
/// <param name="Kind">Where it goes.</param>
/// <param name="Key">The message key; empty when the refused record had none.</param>
/// <param name="Value">The message value.</param>
/// <param name="Headers">The message headers in <see cref="OutboxHeaders"/> form; empty when it has none.</param>
public readonly record struct OutboxRow(long Sequence, OutboxKind Kind, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, ReadOnlyMemory<byte> Headers);
