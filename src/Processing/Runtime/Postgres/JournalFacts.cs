namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>A shard's row with what operators ask for beside it.</summary>
/// <param name="Row">The row.</param>
/// <param name="Published">All outbox rows up to this sequence are on their topics, as far as the journal was told.</param>
/// <param name="Owner">The node that took it over last.</param>
/// <param name="TakenAt">When, by the database's clock.</param>
public sealed record OwnedShard(ShardRow Row, long Published, string Owner, DateTimeOffset TakenAt);

/// <summary>A recorded loss: the inbound log no longer had offsets <paramref name="Wanted"/> to <paramref name="First"/> - 1.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Epoch">The epoch that recorded it.</param>
/// <param name="Wanted">The first offset that was lost.</param>
/// <param name="First">The first offset that was still there.</param>
/// <param name="Incarnation">The incarnation of the log.</param>
/// <param name="RecordedAt">When, by the database's clock.</param>
public sealed record JournalLoss(int Shard, long Epoch, long Wanted, long First, string Incarnation, DateTimeOffset RecordedAt);

/// <summary>The server's settings on which durability depends, in its own words.</summary>
/// <param name="Fsync">Setting <c>fsync</c>.</param>
/// <param name="SynchronousCommit">Setting <c>synchronous_commit</c> of a journal's session.</param>
/// <param name="FullPageWrites">Setting <c>full_page_writes</c>.</param>
/// <param name="WalSyncMethod">Setting <c>wal_sync_method</c>.</param>
/// <param name="ServerVersion">The server's version.</param>
public sealed record DurableSettings(string Fsync, string SynchronousCommit, string FullPageWrites, string WalSyncMethod, string ServerVersion);

/// <summary>What became of old parts.</summary>
/// <param name="Dropped">The days whose parts are gone.</param>
/// <param name="Kept">Old parts that had to stay.</param>
/// <param name="ChunkParts">How many hours of waveform samples are gone.</param>
public sealed record RetentionResult(IReadOnlyList<DateOnly> Dropped, IReadOnlyList<KeptPart> Kept, int ChunkParts);

/// <summary>An old part that had to stay.</summary>
/// <param name="Day">Its day.</param>
/// <param name="Patients">How many patients have entries in it that no snapshot holds; 0 when it only was in use and can go next time.</param>
public sealed record KeptPart(DateOnly Day, long Patients);

/// <summary>What the journal has of a patient.</summary>
/// <param name="Patient">The canonical key.</param>
/// <param name="Slot">Its slot.</param>
/// <param name="Active">True when it was in memory at the last commit that told.</param>
/// <param name="DeadlineMs">The deadline in log time of a passivated patient; null for none.</param>
/// <param name="SnapshotSequence">The last entry in the snapshot; 0 without one.</param>
/// <param name="SnapshotDay">The day on which it was stored; null without one.</param>
/// <param name="Snapshot">The snapshot; empty without one.</param>
/// <param name="Entries">The newest entries, by sequence.</param>
public sealed record JournaledPatient(
    string Patient, int Slot, bool Active, long? DeadlineMs, long SnapshotSequence, DateOnly? SnapshotDay, ReadOnlyMemory<byte> Snapshot, IReadOnlyList<JournaledEntry> Entries);

/// <summary>An entry with the day of its commit.</summary>
/// <param name="Day">The day (UTC, database's clock).</param>
/// <param name="Entry">The entry.</param>
public sealed record JournaledEntry(DateOnly Day, JournalEntry Entry);
