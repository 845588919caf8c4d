using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Observations;
using PhysioActors.Simulation.Tests.Journals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>What must hold after a run, whatever happened in it. Each check names the invariant of the architecture that it guards.</summary>
internal static class Invariants
{
    internal static string? Check(SimulationRun run, RunOptions options)
    {
        for (int partition = 0; partition < run.Broker.Partitions; partition++)
        {
            if (CheckShard(run, partition) is { } wrong)
                return $"shard {partition}: {wrong}";
        }

        return CheckCommits(run) ?? CheckRepeats(run);
    }

    private static string? CheckShard(SimulationRun run, int partition)
    {
        ShardRow row = run.Store.Read(partition);
        InboundRecord[] handled = [.. run.Broker.Log(partition).Take((int)row.NextOffset)];
        Reference reference = Reference.Fold(handled, partition, run.Broker.Partitions, new PatientActor(SimulationRun.Configuration, SimulationRun.Model));

        if (row.Counters != reference.Counters)
            return $"I3: the shard counted {row.Counters}, a single reader {reference.Counters}.";
        if (row.Counters.RecordsIn != handled.Length)
            return $"I3: {handled.Length} records were handled, {row.Counters.RecordsIn} are accounted for.";

        StoredPatient[] patients = [.. run.Store.Patients.Where(patient => patient.Slot % run.Broker.Partitions == partition && patient.Entries.Count > 0)];
        if (patients.Length != reference.Entries.Count)
            return $"I1: the journal has {patients.Length} patients, a single reader {reference.Entries.Count}.";
        foreach (StoredPatient patient in patients)
        {
            if (!reference.Entries.TryGetValue(patient.Patient, out List<byte[]>? expected))
                return $"I1: {patient.Patient} is in the journal, but not with a single reader.";
            if (patient.Entries.Count != expected.Count)
                return $"I1: {patient.Patient} has {patient.Entries.Count} entries, with a single reader {expected.Count}. {FirstDifference(patient.Entries, expected)}";
            for (int i = 0; i < expected.Count; i++)
            {
                StoredEntry entry = patient.Entries[i];
                if (entry.Sequence != i + 1)
                    return $"I1: entry {i + 1} of {patient.Patient} has sequence {entry.Sequence}.";
                if (!entry.Payload.AsSpan().SequenceEqual(expected[i]))
                    return $"I1, I5: entry {i + 1} of {patient.Patient} differs from a single reader's.";
                if (entry.Sequence > patient.SnapshotSequence && !entry.Samples.AsSpan().SequenceEqual(reference.Samples[patient.Patient][i]))
                    return $"I4: entry {i + 1} of {patient.Patient}, behind the snapshot at {patient.SnapshotSequence}, has {entry.Samples.Length} bytes of samples, with a single reader {reference.Samples[patient.Patient][i].Length} or others.";
            }

            byte[] state = Reference.Encode(reference.States[patient.Patient]);
            PatientState rebuilt = patient.Snapshot.Length == 0 ? new(patient.Patient) : PatientState.Decode(patient.Patient, patient.Snapshot);
            try
            {
                foreach (StoredEntry entry in patient.Entries.Skip((int)rebuilt.Sequence))
                    rebuilt.Apply(entry.Sequence, entry.Payload, entry.Samples);
            }
            catch (InvalidDataException damage)
            {
                return $"I4: {patient.Patient} cannot be rebuilt from snapshot {patient.SnapshotSequence} and journal: {damage.Message}";
            }

            if (!Reference.Encode(rebuilt).AsSpan().SequenceEqual(state))
                return $"I4: {patient.Patient}, rebuilt from snapshot {patient.SnapshotSequence} and journal, differs from a single reader's state.";
        }

        return CheckOutputs(run, partition, reference);
    }

    private static string FirstDifference(IReadOnlyList<StoredEntry> entries, List<byte[]> expected)
    {
        int same = 0;
        while (same < entries.Count && same < expected.Count && entries[same].Payload.AsSpan().SequenceEqual(expected[same]))
            same++;
        return $"Entry {same + 1} is {(same < entries.Count ? Events(entries[same].Payload) : "missing")}, with a single reader {(same < expected.Count ? Events(expected[same]) : "missing")}.";

        static string Events(byte[] entry) => string.Join(", ", EntryReader.Read(entry).Select(decided => decided.ToString()));
    }

    private static string? CheckOutputs(SimulationRun run, int partition, Reference reference)
    {
        IReadOnlyList<StoredOutboxRow> decided = run.Store.OutboxHistory(partition);
        for (int i = 0; i < decided.Count; i++)
        {
            if (decided[i].Row.Sequence != i + 1)
                return $"I8: outbox row {i + 1} has sequence {decided[i].Row.Sequence}.";
        }

        long anomalies = decided.Count(stored => stored.Row.Kind == OutboxKind.Anomaly);
        if (anomalies != reference.AnomalyIds.Count)
            return $"I8: {anomalies} anomaly events were decided, by a single reader {reference.AnomalyIds.Count}.";

        OutboxRow[] told = [.. run.Broker.Published.Where(published => published.Shard == partition).Select(published => published.Row)];
        long next = 1;
        foreach (OutboxRow row in told)
        {
            if (row.Sequence > next)
                return $"I8: row {row.Sequence} was published before row {next}.";
            if (row.Sequence < next && run.Transactional)
                return $"I8: row {row.Sequence} was published twice for readers of committed messages.";
            if (!row.Value.Span.SequenceEqual(decided[(int)row.Sequence - 1].Row.Value.Span))
                return $"I8: row {row.Sequence} was published with another content than was decided.";
            next = Math.Max(next, row.Sequence + 1);
        }

        // First occurrences came without a gap; what is missing at the end must not be marked as published.
        if (run.Store.ReadPublished(partition) >= next)
            return $"I8: rows up to {run.Store.ReadPublished(partition)} are marked as published, but only those before {next} are on the topic.";
        return null;
    }

    private static string? CheckCommits(SimulationRun run)
    {
        foreach (IGrouping<int, StoredCommit> shard in run.Store.Commits.GroupBy(commit => commit.Shard))
        {
            long offset = 0, epoch = 0;
            foreach (StoredCommit commit in shard)
            {
                if (commit.From != offset)
                    return $"I2: shard {shard.Key} committed from {commit.From}, after {offset}.";
                if (commit.Epoch < epoch)
                    return $"I2: shard {shard.Key} took a commit of epoch {commit.Epoch} after one of {epoch}.";
                offset = commit.To;
                epoch = commit.Epoch;
            }
        }

        return null;
    }

    /// <summary>What the workload repeated must have been counted as repeats, by a count that no decoder or actor made.</summary>
    private static string? CheckRepeats(SimulationRun run)
    {
        long duplicates = run.Store.Shards.Sum(row => row.Counters.Duplicates);
        bool complete = run.Store.Shards.Sum(row => row.Counters.RecordsIn - row.Counters.Ticks) == run.Workload.Sent;
        return complete && duplicates < run.Workload.SureRepeats
            ? $"I1: {run.Workload.SureRepeats} records were sent again, {duplicates} were recognised."
            : null;
    }
}
