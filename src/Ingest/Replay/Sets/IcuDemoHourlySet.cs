using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Hourly vital signs of the eICU and MIMIC-III demos: <c>NAME_demo_vitals.csv.gz</c> with all stays of a database, and <c>NAME_demo_static.csv.gz</c> with their weights.
/// </summary>
/// <remarks>
/// Pressures of cuff and line were put together when the tables were made, so they are sent as a cuff's, which claims less. A pressure of 0 is one that was not measured.
/// A rate of 0 is sent: it can be real. A stay's weight goes with its first row.
/// Glucose, lactate and urine have no code and are not sent. No interval is declared, since not every code is charted each hour.
/// </remarks>
public sealed class IcuDemoHourlySet : IRecordingSet
{
    private const string Pattern = "*_vitals.csv*";
    private const double MillisecondsPerHour = 3_600_000;

    private static readonly SignalColumn[] _columns =
    [
        new("hr", SignalCode.HeartRate),
        new("o2sat", SignalCode.SpO2),
        new("resp", SignalCode.RespiratoryRate),
        new("temp", SignalCode.CoreTemperature),
        new("sbp", SignalCode.CuffSystolic) { ZeroIsNoValue = true },
        new("dbp", SignalCode.CuffDiastolic) { ZeroIsNoValue = true },
        new("map", SignalCode.CuffMean) { ZeroIsNoValue = true },
        new("fio2", SignalCode.FiO2),
    ];

    /// <inheritdoc/>
    public string Name => "icu-demo-hourly";

    /// <inheritdoc/>
    public string Form => "NAME_vitals.csv.gz with the columns stay_id and hour";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) =>
        place.Files(Pattern).Any(f => SetFiles.FirstLine(f, line => line.StartsWith("stay_id,hour,", StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (string file in place.Files(Pattern))
        {
            IReadOnlyList<Recording> stays = SetFiles.ReadGuarded(file, report, () => Read(file, ReadWeights(file, report), report)) ?? [];
            foreach (Recording stay in stays)
                yield return stay;
        }
    }

    private List<Recording> Read(string file, Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> weights, RecordingReport report)
    {
        string origin = Origin(file);
        using NumericTable table = new(file, ',', "stay_id", "hour");
        (int stay, int hour) = (table.Column("stay_id"), table.Column("hour"));
        int[] places = SignalColumns.Places(table, _columns);
        GroupedRecordings stays = new();
        while (table.Next())
        {
            report.CountRow();
            if (table.RowProblem is { } problem)
            {
                report.CountMalformedRow(file, table.LineNumber, problem);
                continue;
            }

            if (!SetFiles.IsId(table.Text(stay)))
            {
                report.CountMalformedRow(file, table.LineNumber, "stay_id cannot be a patient's id (letters, digits, '-', '_', '.')");
                continue;
            }

            if (table.Number(hour, out double hours) != CellKind.Number || !SignalColumns.TryMilliseconds(hours, MillisecondsPerHour, out long offsetMs))
            {
                report.CountMalformedRow(file, table.LineNumber, "the hour is not a number");
                continue;
            }

            RecordingBuilder recording = stays.Find(table.Text(stay), id => new RecordingBuilder(Identify(origin, id), report));
            double? weightKg = recording.IsEmpty && weights.TryGetValue(table.Text(stay), out double known) ? known : null;
            SignalColumns.AddRow(table, _columns, places, offsetMs, recording, report, weightKg);
        }

        return stays.Build();
    }

    private RecordingIdentity Identify(string origin, string stay) => new($"{Name}:{origin}-{stay}", $"{Name}-{origin}-{stay}", (int)MillisecondsPerHour);

    /// <summary>The weights in kg by stay, from the table beside <paramref name="vitals"/>; none when there is no such table.</summary>
    private static Dictionary<string, double>.AlternateLookup<ReadOnlySpan<char>> ReadWeights(string vitals, RecordingReport report)
    {
        Dictionary<string, double> weights = new(StringComparer.Ordinal);
        string file = Path.Combine(Path.GetDirectoryName(vitals)!, Path.GetFileName(vitals).Replace("_vitals.csv", "_static.csv", StringComparison.OrdinalIgnoreCase));
        if (File.Exists(file))
            SetFiles.ReadGuarded(file, report, () => AddWeights(file, weights, report));
        return weights.GetAlternateLookup<ReadOnlySpan<char>>();
    }

    private static Dictionary<string, double> AddWeights(string file, Dictionary<string, double> weights, RecordingReport report)
    {
        using NumericTable table = new(file, ',', "stay_id", "weight_kg");
        (int stay, int weight) = (table.Column("stay_id"), table.Column("weight_kg"));
        while (table.Next())
        {
            if (table.RowProblem is { } problem)
                report.CountMalformedRow(file, table.LineNumber, problem);
            else if (table.Number(weight, out double kilograms) == CellKind.Malformed)
                report.CountMalformedRow(file, table.LineNumber, "weight_kg is not a number");
            else if (!table.Text(weight).IsEmpty)
                weights[table.Text(stay).ToString()] = kilograms;
        }

        return weights;
    }

    /// <summary>The database that a table came from, as the beginning of its name tells: <c>eicu</c> for <c>eicu_demo_vitals.csv.gz</c>.</summary>
    private static string Origin(string file)
    {
        string name = Path.GetFileName(file);
        string origin = name[..name.IndexOf("_vitals", StringComparison.OrdinalIgnoreCase)];
        origin = origin.EndsWith("_demo", StringComparison.OrdinalIgnoreCase) ? origin[..^"_demo".Length] : origin;
        return SetFiles.IsId(origin) ? origin : "stay";
    }
}
