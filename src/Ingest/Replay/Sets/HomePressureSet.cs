using System.Globalization;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Home blood pressure of a telemonitoring programme (Nikolaeva et al. 2021, doi 10.1016/j.procs.2021.10.012): a table with a row for the measurements of a patient on a day, <c>diary_param.tsv.gz</c>.
/// </summary>
/// <remarks>
/// The means of a row are sent, as values of a cuff that somebody used now and then, at the time of its last measurement; least and greatest are not. A patient begins with the first row. No interval is declared.
/// </remarks>
public sealed class HomePressureSet : IRecordingSet
{
    private const string Pattern = "*.tsv*";
    private const string Patient = "patient_id", End = "MeasurementDateEnd", Systolic = "SystolicPressureMean";
    private const int DayMs = 86_400_000;

    private static readonly SignalColumn[] _columns =
    [
        new(Systolic, SignalCode.CuffSystolic) { ZeroIsNoValue = true, Source = ReadingSource.SpotCheck },
        new("DiastolicPressureMean", SignalCode.CuffDiastolic) { ZeroIsNoValue = true, Source = ReadingSource.SpotCheck },
        new("PulseMean", SignalCode.PulseRate) { ZeroIsNoValue = true, Source = ReadingSource.SpotCheck },
    ];

    /// <inheritdoc/>
    public string Name => "home-bp-diary";

    /// <inheritdoc/>
    public string Form => $"a table (.tsv, .tsv.gz) with the columns {Patient}, {End} and {Systolic}";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => place.Files(Pattern).Any(file => SetFiles.FirstLine(file, IsHeader));

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (string file in place.Files(Pattern).Where(file => SetFiles.FirstLine(file, IsHeader)))
        {
            IReadOnlyList<Recording> patients = SetFiles.ReadGuarded(file, report, () => Read(file, report)) ?? [];
            foreach (Recording patient in patients)
                yield return patient;
        }
    }

    private static bool IsHeader(string line) =>
        line.Split('\t', StringSplitOptions.TrimEntries) is var names && names.Contains(Patient) && names.Contains(End) && names.Contains(Systolic);

    private List<Recording> Read(string file, RecordingReport report)
    {
        using NumericTable table = new(file, '\t', Patient, End, Systolic);
        (int patient, int end) = (table.Column(Patient), table.Column(End));
        int[] places = SignalColumns.Places(table, _columns);
        GroupedRecordings patients = new();
        Dictionary<string, long> firstMs = new(StringComparer.Ordinal);
        while (table.Next())
        {
            report.CountRow();
            string id = table.RowProblem is null ? table.Text(patient).ToString() : "";
            if (table.RowProblem is { } problem)
            {
                report.CountMalformedRow(file, table.LineNumber, problem);
            }
            else if (!SetFiles.IsId(id))
            {
                report.CountMalformedRow(file, table.LineNumber, $"{Patient} cannot be a patient's id (letters, digits, '-', '_', '.')");
            }
            else if (!DateTimeOffset.TryParse(table.Text(end), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) || time < DateTimeOffset.UnixEpoch)
            {
                report.CountMalformedRow(file, table.LineNumber, $"{End} is not a time since 1970");
            }
            else
            {
                long timeMs = time.ToUnixTimeMilliseconds();
                firstMs.TryAdd(id, timeMs);
                RecordingBuilder recording = patients.Find(id, _ => new RecordingBuilder(new RecordingIdentity($"{Name}:{id}", $"{Name}-{id}-cuff", DayMs), report));
                SignalColumns.AddRow(table, _columns, places, timeMs - firstMs[id], recording, report);
            }
        }

        return patients.Build();
    }
}
