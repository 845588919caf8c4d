using System.Text;
using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime;

/// <summary>The patients of a shard that are in memory. Rebuilds them from the journal in bulk and compares, when asked to, what leaves with what the journal gives.</summary>
internal sealed class ActorTable(int shard, IJournal journal, ILogger log)
{
    private readonly Dictionary<string, ActorCell> _cells = new(PatientKeyComparer.Instance);
    private readonly PayloadWriter _scratch = new(16 << 10);
    private readonly PayloadWriter _other = new(16 << 10);

    internal IReadOnlyCollection<ActorCell> Cells => _cells.Values;

    internal int Count => _cells.Count;

    internal ActorCell? Find(ReadOnlySpan<byte> key) =>
        _cells.GetAlternateLookup<ReadOnlySpan<byte>>().TryGetValue(key, out ActorCell? cell) ? cell : null;

    internal ActorCell? Find(string patient) => _cells.GetValueOrDefault(patient);

    internal void Remove(ActorCell cell) => _cells.Remove(cell.Patient);

    internal void Clear() => _cells.Clear();

    /// <summary>Brings patients into memory; those already there are left alone.</summary>
    internal async ValueTask RecoverAsync(IReadOnlyCollection<string> patients, CancellationToken cancellationToken)
    {
        string[] missing = [.. patients.Where(patient => !_cells.ContainsKey(patient)).Distinct()];
        foreach (string[] chunk in missing.Chunk(RuntimeLimits.RecoveryBatch))
        {
            foreach (PatientHistory history in await journal.RecoverAsync(shard, chunk, cancellationToken))
                _cells[history.Patient] = Rebuild(history);
        }
    }

    /// <summary>Rebuilds one patient whose state in memory is not to be trusted, and folds what is not committed yet.</summary>
    internal async ValueTask RebuildAsync(ActorCell cell, ShardBatch uncommitted, CancellationToken cancellationToken)
    {
        PatientHistory history = (await journal.RecoverAsync(shard, [cell.Patient], cancellationToken))[0];
        ActorCell rebuilt = Rebuild(history);
        cell.State = rebuilt.State;
        cell.Fault = rebuilt.Fault;
        if (cell.State is not { } state)
            return;
        for (int i = 0; i < uncommitted.EntryCount; i++)
        {
            ShardBatch.Entry entry = uncommitted[i];
            if (entry.Patient != cell.Patient)
                continue;
            // Another owner has written on: nothing of this batch will be committed.
            if (entry.Sequence != state.Sequence + 1)
                throw new GoBackException("another owner has written on");
            state.Apply(entry.Sequence, entry.Payload.Span, entry.Samples.Span);
        }
    }

    /// <summary>True when the state in memory equals, bit for bit, what the journal gives.</summary>
    internal async ValueTask<bool> ReplayCheckAsync(ActorCell cell, CancellationToken cancellationToken)
    {
        if (cell.State is not { } state)
            return true;
        PatientHistory history = (await journal.RecoverAsync(shard, [cell.Patient], cancellationToken))[0];
        PatientState? rebuilt = Rebuild(history).State;
        if (rebuilt is not null && Encode(state, _scratch).SequenceEqual(Encode(rebuilt, _other)))
            return true;
        // Another owner has written on meanwhile.
        if (rebuilt?.Sequence > state.Sequence)
            throw new GoBackException("another owner has written on");
        RuntimeLog.ReplayDiffers(log, shard, PatientHash(cell.Patient), state.Sequence);
        return false;
    }

    internal byte[] Snapshot(PatientState state) => Encode(state, _scratch).ToArray();

    internal static int PatientHash(string patient) => Partitioner.Murmur2(Encoding.UTF8.GetBytes(patient));

    private static ReadOnlySpan<byte> Encode(PatientState state, PayloadWriter writer)
    {
        writer.Truncate();
        state.Encode(writer);
        return writer.Written;
    }

    private ActorCell Rebuild(PatientHistory history)
    {
        byte[] key = Encoding.UTF8.GetBytes(history.Patient);
        int slot = Partitioner.Slot(key);
        try
        {
            PatientState state = history.Snapshot.IsEmpty ? new(history.Patient) : PatientState.Decode(history.Patient, history.Snapshot.Span);
            long snapshot = state.Sequence, samples = 0;
            foreach (JournalEntry entry in history.Entries)
            {
                state.Apply(entry.Sequence, entry.Payload.Span, entry.Samples.Span);
                samples += entry.Samples.Length;
            }

            return new(history.Patient, key, slot, state, null, snapshot) { SampleBytes = samples };
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The journal is what it is: this patient cannot be served, the others can.
            RuntimeLog.RebuildFailed(log, shard, PatientHash(history.Patient), exception.Message);
            return new(history.Patient, key, slot, null, exception.Message);
        }
    }
}
