using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Numerics of the MIMIC-III waveform database with a pulmonary-artery catheter: <c>pap_numerics.csv.gz</c>, one row a minute, several records of a subject.
/// </summary>
/// <remarks>0 means 'no value' in every column. A systolic of 0 says that the transducer is off, so the mean beside it, if any, is no patient's pressure and counts as 'no value' too.</remarks>
public sealed class Mimic3PapSet : IRecordingSet
{
    private const string Pattern = "pap_numerics.csv*";

    private static readonly SignalColumn[] _columns =
    [
        new("hr_bpm", SignalCode.HeartRate) { ZeroIsNoValue = true, Source = ReadingSource.Monitor },
        new("pap_sys_mmhg", SignalCode.PulmonarySystolic) { ZeroIsNoValue = true, Source = ReadingSource.Monitor },
        new("pap_dia_mmhg", SignalCode.PulmonaryDiastolic) { ZeroIsNoValue = true, GoverningColumn = "pap_sys_mmhg", Source = ReadingSource.Monitor },
        new("pap_mean_mmhg", SignalCode.PulmonaryMean) { ZeroIsNoValue = true, GoverningColumn = "pap_sys_mmhg", Source = ReadingSource.Monitor },
    ];

    /// <inheritdoc/>
    public string Name => "mimic3-pap-numerics";

    /// <inheritdoc/>
    public string Form => "pap_numerics.csv.gz";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => place.Files(Pattern).Any();

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (string file in place.Files(Pattern))
        {
            IReadOnlyList<Recording> records = SetFiles.ReadGuarded(file, report, () => Read(file, report)) ?? [];
            foreach (Recording record in records)
                yield return record;
        }
    }

    private List<Recording> Read(string file, RecordingReport report)
    {
        using NumericTable table = new(file, ',', "subject", "record", "time_s", "hr_bpm");
        (int subject, int record, int time) = (table.Column("subject"), table.Column("record"), table.Column("time_s"));
        int[] places = SignalColumns.Places(table, _columns);
        Dictionary<string, int> parts = new(StringComparer.Ordinal);
        GroupedRecordings records = new();
        while (table.Next())
        {
            report.CountRow();
            if (table.RowProblem is { } problem)
            {
                report.CountMalformedRow(file, table.LineNumber, problem);
                continue;
            }

            if (!SetFiles.IsId(table.Text(subject)) || !SetFiles.IsId(table.Text(record)))
            {
                report.CountMalformedRow(file, table.LineNumber, "subject or record cannot be an id (letters, digits, '-', '_', '.')");
                continue;
            }

            if (table.Number(time, out double seconds) != CellKind.Number || !SignalColumns.TryMilliseconds(seconds, 1_000, out long offsetMs))
            {
                report.CountMalformedRow(file, table.LineNumber, "time_s is not a number of seconds");
                continue;
            }

            string patient = table.Text(subject).ToString();
            RecordingBuilder recording = records.Find(table.Text(record), _ => new RecordingBuilder(Identify(patient, parts), report));
            SignalColumns.AddRow(table, _columns, places, offsetMs, recording, report);
        }

        return records.Build();
    }

    /// <summary>Records of a subject follow each other as they do in the table, which is in the order of their start.</summary>
    private RecordingIdentity Identify(string patient, Dictionary<string, int> parts)
    {
        int part = parts.GetValueOrDefault(patient);
        parts[patient] = part + 1;
        return new RecordingIdentity($"{Name}:{patient}", $"{Name}-{patient}", 60_000) { Part = part, DeclaresInterval = true };
    }
}
