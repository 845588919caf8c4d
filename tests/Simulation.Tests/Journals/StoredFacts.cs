using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>A commit that the store took.</summary>
/// <param name="Number">1, 2, 3, ... over all shards, in the order of the commits.</param>
/// <param name="Shard">Whose.</param>
/// <param name="Epoch">The epoch of the batch.</param>
/// <param name="From">The offset of the first record in it.</param>
/// <param name="To">The offset behind the last.</param>
/// <param name="Incarnation">The incarnation of the log that the offsets belong to.</param>
/// <param name="Entries">How many entries it wrote.</param>
/// <param name="Counters">What it counted.</param>
public sealed record StoredCommit(long Number, int Shard, long Epoch, long From, long To, string Incarnation, int Entries, ShardCounters Counters);

/// <summary>An entry with the commit that wrote it.</summary>
/// <param name="Sequence">The patient's sequence number.</param>
/// <param name="Slot">The slot it was written with.</param>
/// <param name="Payload">The events; a copy of its own.</param>
/// <param name="Samples">The samples; a copy of its own. Empty when the entry has none, and from when a snapshot made them needless.</param>
/// <param name="Commit">The commit.</param>
public sealed record StoredEntry(long Sequence, int Slot, byte[] Payload, byte[] Samples, StoredCommit Commit);

/// <summary>An outbox row with the commit that wrote it. It stays readable here after publishing has removed it from the outbox.</summary>
/// <param name="Row">The row, its bytes copied.</param>
/// <param name="Commit">The commit.</param>
public sealed record StoredOutboxRow(OutboxRow Row, StoredCommit Commit);

/// <summary>What the store has of a patient. Read it, do not change it.</summary>
public sealed class StoredPatient
{
    internal StoredPatient(string patient, int slot)
    {
        Patient = patient;
        Slot = slot;
    }

    public string Patient { get; }

    public int Slot { get; internal set; }

    public bool Active { get; internal set; }

    public long? DeadlineMs { get; internal set; }

    public long SnapshotSequence { get; internal set; }

    public byte[] Snapshot { get; internal set; } = [];

    /// <summary>So many entries have no samples any more.</summary>
    internal int SampledFrom { get; set; }

    /// <summary>All entries ever, by sequence.</summary>
    public IReadOnlyList<StoredEntry> Entries => EntryList;

    internal List<StoredEntry> EntryList { get; } = [];

    /// <summary>Where the first entry with at least this sequence number is, or would be.</summary>
    internal int IndexOf(long sequence)
    {
        int low = 0, high = EntryList.Count;
        if (high == 0 || EntryList[high - 1].Sequence < sequence)
            return high;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (EntryList[middle].Sequence < sequence)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }
}
