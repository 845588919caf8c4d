using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Everything that one commit of a shard writes. Filled by the shard's runner, read by the journal, then cleared and used again:
/// two instances serve a shard, one being filled while the other is committed. Payloads lie one behind the other in a buffer that is kept.
/// </summary>
public sealed class ShardBatch
{
    private readonly PayloadWriter _payloads = new(64 << 10);
    private readonly List<EntryPlace> _entries = [];
    private readonly List<SnapshotRow> _snapshots = [];
    private readonly List<OutboxRow> _outbox = [];
    private readonly List<string> _activated = [];

    private readonly record struct EntryPlace(string Patient, int Slot, long Sequence, int Start, int Length, int SampleLength);

    /// <summary>An entry of the batch.</summary>
    /// <param name="Patient">The canonical key.</param>
    /// <param name="Slot">The patient's slot, 0 to 4095.</param>
    /// <param name="Sequence">Its sequence number.</param>
    /// <param name="Payload">The events; memory of the batch.</param>
    /// <param name="Samples">The waveform samples that the events speak of, kept until a later snapshot; empty for none; memory of the batch.</param>
    public readonly record struct Entry(string Patient, int Slot, long Sequence, ReadOnlyMemory<byte> Payload, ReadOnlyMemory<byte> Samples);

    /// <summary>A snapshot to be stored, or the news that a patient left memory.</summary>
    /// <param name="Patient">The canonical key.</param>
    /// <param name="Slot">The patient's slot.</param>
    /// <param name="Sequence">The sequence of the last entry in it.</param>
    /// <param name="State">The state in its canonical form, owned by this row.</param>
    /// <param name="Active">False when the patient is passivated with it.</param>
    /// <param name="DeadlineMs">The deadline in log time of a passivated patient; null for none.</param>
    public readonly record struct SnapshotRow(string Patient, int Slot, long Sequence, ReadOnlyMemory<byte> State, bool Active, long? DeadlineMs);

    /// <summary>The shard.</summary>
    public int Shard { get; set; }

    /// <summary>The epoch under which the batch was made; part of the guard.</summary>
    public long Epoch { get; set; }

    /// <summary>The offset of the first record in the batch; part of the guard.</summary>
    public long From { get; set; }

    /// <summary>The offset behind the last record in the batch.</summary>
    public long To { get; set; }

    /// <summary>Log time after the batch.</summary>
    public long LogTimeMs { get; set; }

    /// <summary>What became of the batch's records.</summary>
    public ShardCounters Counters { get; set; }

    /// <summary>The sequence of the newest outbox row after the batch.</summary>
    public long OutboxSequence { get; set; }

    /// <summary>How many entries there are.</summary>
    public int EntryCount => _entries.Count;

    /// <summary>Bytes of all payloads.</summary>
    public int PayloadBytes => _payloads.Length;

    /// <summary>Snapshots to store, at most one per patient.</summary>
    public IReadOnlyList<SnapshotRow> Snapshots => _snapshots;

    /// <summary>Outbox rows, by sequence.</summary>
    public IReadOnlyList<OutboxRow> Outbox => _outbox;

    /// <summary>Patients that were not active in the journal before this batch and are now: new ones, and passivated ones that came back. Each once, with an entry in this batch.</summary>
    public IReadOnlyList<string> Activated => _activated;

    /// <summary>Entry <paramref name="index"/>.</summary>
    public Entry this[int index]
    {
        get
        {
            EntryPlace place = _entries[index];
            ReadOnlyMemory<byte> written = _payloads.WrittenMemory;
            return new(place.Patient, place.Slot, place.Sequence, written.Slice(place.Start, place.Length), written.Slice(place.Start + place.Length, place.SampleLength));
        }
    }

    /// <summary>How many entries have samples.</summary>
    public int SampledCount { get; private set; }

    /// <summary>Adds an entry, copying its payload and its samples.</summary>
    public void Append(string patient, int slot, long sequence, ReadOnlySpan<byte> payload, ReadOnlySpan<byte> samples = default)
    {
        int start = _payloads.Length;
        _payloads.Raw(payload);
        _payloads.Raw(samples);
        _entries.Add(new(patient, slot, sequence, start, payload.Length, samples.Length));
        if (!samples.IsEmpty)
            SampledCount++;
    }

    /// <summary>Adds a snapshot.</summary>
    public void Append(in SnapshotRow snapshot) => _snapshots.Add(snapshot);

    /// <summary>Adds an outbox row.</summary>
    public void Append(in OutboxRow row) => _outbox.Add(row);

    /// <summary>Notes that a patient becomes active with this batch.</summary>
    public void Activate(string patient) => _activated.Add(patient);

    /// <summary>Empties the batch; its buffers are kept.</summary>
    public void Clear()
    {
        _payloads.Truncate();
        _entries.Clear();
        _snapshots.Clear();
        _outbox.Clear();
        _activated.Clear();
        SampledCount = 0;
        Counters = default;
        From = To = 0;
    }
}
