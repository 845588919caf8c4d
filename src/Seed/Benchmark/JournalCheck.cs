using System.Diagnostics;
using System.Globalization;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Makes all records again, folds them on one thread without any runtime, and compares what the actor decides with what stands in the journal, byte for byte.</summary>
internal static class JournalCheck
{
    /// <summary>Compares every entry and the snapshot of every patient.</summary>
    /// <param name="options">The options of the node that was measured.</param>
    /// <param name="folder">The folder that the model's path is relative to.</param>
    /// <param name="plan">The plan.</param>
    /// <param name="due">When each record was due, microseconds; as many as were sent.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<(VerificationReport Report, long PayloadBytes)> RunAsync(PhysioOptions options, string folder, BenchPlan plan, long[] due, CancellationToken cancellationToken)
    {
        var actor = new PatientActor(ActorSettings.From(options), ModelFile.Load(options.Scoring.Model, folder));
        var ward = new BenchWard(plan);
        int[] places = plan.PartitionsOf(options.Partitions);
        var decoder = new ObservationDecoder();
        var observation = new DecodedObservation();
        var snapshot = new PayloadWriter(16 << 10);
        long entries = 0, snapshots = 0, bytes = 0;
        TimeSpan folding = TimeSpan.Zero;
        string? difference = null;
        await using var journal = new PostgresJournalAdministration(options.Postgres, options.Topics.Schema);
        long known = await journal.CountPatientsAsync(cancellationToken).ConfigureAwait(false);
        if (known != Math.Min(plan.Patients, due.Length))
            difference = $"The journal knows {known} patients, {Math.Min(plan.Patients, due.Length)} were sent.";
        for (int patient = 0; patient < plan.Patients && difference is null; patient++)
        {
            string key = BenchPlan.Key(patient);
            JournaledPatient? journaled = await journal.ReadPatientAsync(key, int.MaxValue, cancellationToken).ConfigureAwait(false);
            difference = Compare(patient, key, journaled?.Entries ?? [], journaled?.SnapshotSequence ?? 0, journaled?.Snapshot ?? default);
        }

        return (new(entries, snapshots, difference, Math.Round(folding.TotalMicroseconds / Math.Max(1, due.Length), 2)), bytes);

        string? Compare(int patient, string key, IReadOnlyList<JournaledEntry> found, long snapshotSequence, ReadOnlyMemory<byte> state)
        {
            var folded = new PatientState(key);
            int at = 0;
            for (long n = patient; n < due.Length; n += plan.Patients)
            {
                long step = n / plan.Patients;
                var record = new InboundRecord(n, due[n] / 1000, ward.Keys[patient], ward.Write(patient, step).ToArray(), RecordType.Observation, RecordContent.Json);
                long began = Stopwatch.GetTimestamp();
                if (decoder.Decode(record, places[patient], options.Partitions, observation) is { } refusal)
                    return Text($"Patient {key}, step {step}: the record is refused: {refusal.Field} {refusal.Detail}");
                _ = actor.Handle(folded, observation, record.TimestampMs);
                folding += Stopwatch.GetElapsedTime(began);
                if (!actor.Decision.HasEntry)
                    continue;
                if (at == found.Count)
                    return Text($"Patient {key}, step {step}: entry {folded.Sequence} is missing in the journal.");
                JournaledEntry entry = found[at++];
                if (entry.Entry.Sequence != folded.Sequence || !entry.Entry.Payload.Span.SequenceEqual(actor.Decision.Entry))
                    return Text($"Patient {key}, step {step}: entry {folded.Sequence} differs from entry {entry.Entry.Sequence} of the journal.");
                entries++;
                bytes += entry.Entry.Payload.Length;
                if (folded.Sequence != snapshotSequence)
                    continue;
                snapshot.Truncate();
                folded.Encode(snapshot);
                snapshots++;
                if (!snapshot.Written.SequenceEqual(state.Span))
                    return Text($"Patient {key}: the snapshot at entry {snapshotSequence} differs.");
            }

            return at == found.Count ? null : Text($"Patient {key}: the journal has {found.Count - at} entries more than were sent.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
