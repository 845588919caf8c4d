using PhysioActors.Processing.Patients;

namespace PhysioActors.Processing.Runtime;

/// <summary>A patient in memory, with what the shard must remember about it beside its state.</summary>
internal sealed class ActorCell
{
    internal ActorCell(string patient, byte[] key, int slot, PatientState? state, string? fault)
    {
        Patient = patient;
        Key = key;
        Slot = slot;
        State = state;
        Fault = fault;
        SnapshotSequence = state?.Sequence ?? 0;
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

    /// <summary>The sequence in the latest snapshot; the next is due a fixed number of entries later.</summary>
    internal long SnapshotSequence { get; set; }

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
}
