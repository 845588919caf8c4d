using PhysioActors.Ingest.Replay.Sets;

namespace PhysioActors.Ingest.Replay;

/// <summary>All recordings of one patient, in the order in which they were read.</summary>
/// <param name="Patient">The patient as <c>namespace:id</c>.</param>
/// <param name="Recordings">The recordings, at least one.</param>
public sealed record PatientRecordings(string Patient, IReadOnlyList<Recording> Recordings);

/// <summary>The recordings of a source, read and put together by patient.</summary>
public sealed class RecordingLibrary
{
    private RecordingLibrary(List<PatientRecordings> patients, List<RecordingReport> reports)
    {
        Patients = patients;
        Reports = reports;
    }

    /// <summary>The patients: one of each set in turn, so that the first few show every set.</summary>
    public IReadOnlyList<PatientRecordings> Patients { get; }

    /// <summary>What was found in each set.</summary>
    public IReadOnlyList<RecordingReport> Reports { get; }

    /// <summary>Reads all recordings of a source.</summary>
    /// <param name="source">The source.</param>
    /// <param name="waveforms">False for the numerics alone.</param>
    /// <param name="cancellationToken">Ends the reading.</param>
    /// <exception cref="RecordingSourceException">
    /// No recording has a value, or there are more than <see cref="RecordingReport.MaximumReadings"/> or <see cref="RecordingReport.MaximumSamples"/> in all.
    /// </exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public static RecordingLibrary Read(RecordingSource source, bool waveforms = true, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(source);
        List<RecordingReport> reports = [];
        List<List<PatientRecordings>> bySet = [];
        foreach (RecordingFolder folder in source.Folders)
        {
            if (!waveforms && folder.Set is WfdbWaveformSet)
                continue;
            RecordingReport report = new(folder.Place.Name);
            reports.Add(report);
            bySet.Add(ReadSet(folder, report, waveforms, cancellationToken));
            long readings = reports.Sum(r => r.Readings);
            if (readings > RecordingReport.MaximumReadings)
                throw new RecordingSourceException($"The {source.Text} have more than {RecordingReport.MaximumReadings:N0} values. Replay fewer recordings at a time.");
            if (reports.Sum(r => r.Samples) > RecordingReport.MaximumSamples)
                throw new RecordingSourceException($"The {source.Text} have more than {RecordingReport.MaximumSamples:N0} samples of waveforms. Replay fewer recordings at a time.");
        }

        List<PatientRecordings> patients = InTurn(bySet, reports);
        if (patients.Count == 0)
        {
            string problem = reports.SelectMany(r => r.Problems).Select(p => $" First problem: {p}.").FirstOrDefault("");
            throw new RecordingSourceException($"No recording in the {source.Text} has a value to send.{problem}");
        }

        return new RecordingLibrary(patients, reports);
    }

    private static List<PatientRecordings> ReadSet(RecordingFolder folder, RecordingReport report, bool waveforms, CancellationToken cancellationToken)
    {
        List<string> order = [];
        Dictionary<string, List<Recording>> byPatient = new(StringComparer.Ordinal);
        foreach (Recording recording in folder.Set.Open(folder.Place, report))
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (!waveforms && recording.IsOfWaveforms)
                continue;
            if (!byPatient.TryGetValue(recording.Identity.Patient, out List<Recording>? recordings))
            {
                byPatient.Add(recording.Identity.Patient, recordings = []);
                order.Add(recording.Identity.Patient);
            }

            recordings.Add(recording);
        }

        return order.ConvertAll(patient => new PatientRecordings(patient, byPatient[patient]));
    }

    /// <summary>One patient of each set in turn. A patient whom two folders have (a set that is there twice) is taken from the first, and counted at the other.</summary>
    private static List<PatientRecordings> InTurn(List<List<PatientRecordings>> bySet, List<RecordingReport> reports)
    {
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int set = 0; set < bySet.Count; set++)
            reports[set].RepeatedPatients = bySet[set].RemoveAll(patient => !seen.Add(patient.Patient));
        List<PatientRecordings> patients = [];
        int longest = bySet.Count == 0 ? 0 : bySet.Max(s => s.Count);
        for (int i = 0; i < longest; i++)
        {
            foreach (List<PatientRecordings> set in bySet)
            {
                if (i < set.Count)
                    patients.Add(set[i]);
            }
        }

        return patients;
    }
}
