using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// BIDMC PPG and Respiration Dataset (Pimentel et al. 2016): monitor numerics of intensive-care patients, one row a second.
/// The waveforms of <c>bidmc_NN_Signals.csv</c>, where there are some, run beside them. <c>bidmc_NN_Fix.txt</c> beside a recording names the patient, of whom there can be several recordings.
/// </summary>
public sealed class BidmcSet : IRecordingSet
{
    private const string NumericsEnding = "_Numerics.csv";
    private const string SignalsEnding = "_Signals.csv";
    private const string PatientLine = "MIMIC II matched wdb ID:";
    private const string SegmentLine = "MIMIC II data segment:";

    private static readonly SignalColumn[] _columns =
    [
        new("HR", SignalCode.HeartRate) { Source = ReadingSource.Monitor },
        new("PULSE", SignalCode.PulseRate) { Source = ReadingSource.Monitor },
        new("RESP", SignalCode.RespiratoryRate) { Source = ReadingSource.Monitor },
        new("SpO2", SignalCode.SpO2) { Source = ReadingSource.Monitor },
    ];

    /// <inheritdoc/>
    public string Name => "bidmc";

    /// <inheritdoc/>
    public string Form => "bidmc_NN_Numerics.csv";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => Names(place).Any();

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        List<(string Name, string Patient, string Segment)> found = [];
        foreach (string name in Names(place))
        {
            (string patient, string segment) = DescribeOrigin(place.Folder, name, report);
            found.Add((name, patient, segment));
        }

        Dictionary<string, int> parts = new(StringComparer.Ordinal);
        foreach ((string name, string patient, _) in found.OrderBy(f => f.Patient, StringComparer.Ordinal).ThenBy(f => f.Segment, StringComparer.Ordinal).ThenBy(f => f.Name, StringComparer.Ordinal))
        {
            int part = parts.GetValueOrDefault(patient);
            parts[patient] = part + 1;
            RecordingIdentity identity = new($"{Name}:{patient}", $"{Name}-{patient}", 1_000) { Part = part, DeclaresInterval = true };
            if (Locate(place.Folder, name + NumericsEnding) is { } file && SetFiles.ReadGuarded(file, report, () => Read(file, identity, report)) is { } recording)
                yield return recording;
            RecordingIdentity waveforms = new(identity.Patient, $"{identity.Device}-waveforms", identity.StepMs) { Part = part };
            if (Locate(place.Folder, name + SignalsEnding) is { } signals && SetFiles.ReadGuarded(signals, report, () => BidmcSignals.Read(signals, waveforms, report)) is { } waveform)
                yield return waveform;
        }
    }

    /// <summary>The recordings; each of its two files stands for the whole of one.</summary>
    private static IEnumerable<string> Names(RecordingPlace place) => place.Files("*.csv*")
        .Select(file => Path.GetFileName(file) is var name && name.EndsWith(".gz", StringComparison.Ordinal) ? name[..^".gz".Length] : name)
        .Where(name => name.EndsWith(NumericsEnding, StringComparison.Ordinal) || name.EndsWith(SignalsEnding, StringComparison.Ordinal))
        .Select(name => name[..name.LastIndexOf('_')]).Distinct(StringComparer.Ordinal);

    private static string? Locate(string folder, string name)
    {
        string file = Path.Combine(folder, name);
        return File.Exists(file) ? file : File.Exists(file + ".gz") ? file + ".gz" : null;
    }

    private static NumericRecording? Read(string file, RecordingIdentity identity, RecordingReport report)
    {
        using NumericTable table = new(file, ',', "Time [s]", "HR");
        int time = table.Column("Time [s]");
        int[] places = SignalColumns.Places(table, _columns);
        RecordingBuilder recording = new(identity, report);
        while (table.Next())
        {
            report.CountRow();
            if (table.RowProblem is { } problem)
                report.CountMalformedRow(file, table.LineNumber, problem);
            else if (table.Number(time, out double seconds) != CellKind.Number || !SignalColumns.TryMilliseconds(seconds, 1_000, out long offsetMs))
                report.CountMalformedRow(file, table.LineNumber, "the time is not a number of seconds");
            else
                SignalColumns.AddRow(table, _columns, places, offsetMs, recording, report);
        }

        return recording.Build();
    }

    /// <summary>The patient and the place in time of a recording; without the file that tells, each recording is a patient of its own.</summary>
    private static (string Patient, string Segment) DescribeOrigin(string folder, string name, RecordingReport report)
    {
        string description = Path.Combine(folder, name + "_Fix.txt");
        (string? patient, string segment) = (null, "");
        if (!File.Exists(description))
            return (name, segment);
        using LineReader lines = new(File.OpenRead(description));
        while (lines.Next())
        {
            ReadOnlySpan<char> line = lines.Line;
            if (line.StartsWith(PatientLine, StringComparison.OrdinalIgnoreCase))
                patient = line[PatientLine.Length..].Trim().ToString();
            else if (line.StartsWith(SegmentLine, StringComparison.OrdinalIgnoreCase))
                segment = line[SegmentLine.Length..].Trim().ToString();
        }

        if (patient is not null && SetFiles.IsId(patient))
            return (patient, segment);
        report.CountMalformedFile(description, $"no usable '{PatientLine}' in it; the recording is taken as a patient of its own");
        return (name, segment);
    }
}
