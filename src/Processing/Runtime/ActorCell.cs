using PhysioActors.Processing.Patients;

namespace PhysioActors.Processing.Runtime;

/// <summary>A patient in memory, with what the shard must remember about it beside its state.</summary>
internal sealed class ActorCell
{
    /// <param name="patient">The canonical key.</param>
    /// <param name="key">The canonical key in UTF-8.</param>
    /// <param name="slot">The patient's slot.</param>
    /// <param name="state">The state; null when it could not be rebuilt.</param>
    /// <param name="fault">Why not.</param>
    /// <param name="snapshotSequence">The sequence in the latest snapshot; 0 without one.</param>
    internal ActorCell(string patient, byte[] key, int slot, PatientState? state, string? fault, long snapshotSequence = 0)
    {
        Patient = patient;
        Key = key;
        Slot = slot;
        State = state;
        Fault = fault;
        SnapshotSequence = snapshotSequence;
    }

    /// <summary>The canonical key.</summary>
    internal string Patient { get; }

    /// <summary>The canonical key in UTF-8.</summary>
    internal byte[] Key { get; }

    /// <summary>The patient's slot.</summary>
    internal int Slot { get; }

    /// <summary>The state; null when it could not be rebuilt.</summary>
    internal PatientState? State { get; set; }

    /// <summary>Why the state could not be rebuilt: every message of the patient is a dead letter that says so, and the shard goes on.</summary>
    internal string? Fault { get; set; }

    /// <summary>The sequence in the latest snapshot; the next is due a fixed number of entries later, or <see cref="RuntimeLimits.SnapshotSampleBytes"/> of samples.</summary>
    internal long SnapshotSequence { get; private set; }

    /// <summary>Bytes of waveform samples behind the latest snapshot.</summary>
    internal long SampleBytes { get; set; }

    /// <summary>True when the journal knows, or will know with the batch at hand, that the patient is in memory.</summary>
    internal bool IsActive { get; set; }

    /// <summary>The batch that carries the patient out of memory; 0 for none.</summary>
    internal long PassivatedBy { get; set; }

    /// <summary>The newest batch that touched it.</summary>
    internal long TouchedBy { get; set; }

    /// <summary>When it was last touched, by the monotonic clock.</summary>
    internal long TouchedAt { get; set; }

    /// <summary>The earliest time at which the deadline queue has it; <see cref="long.MaxValue"/> when it has not.</summary>
    internal long ScheduledMs { get; set; } = long.MaxValue;

    /// <summary>Event time of its newest estimate.</summary>
    internal long EstimatedMs { get; set; } = long.MinValue;

    /// <summary>Notes that a snapshot of the state as it is gets stored.</summary>
    internal void SnapshotTaken(long sequence) => (SnapshotSequence, SampleBytes) = (sequence, 0);
}
