using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>PhysioNet/CinC Challenge 2009: mean arterial pressure of intensive-care patients, one row a minute, one file a patient. <c>INDEX.csv</c> is no recording.</summary>
public sealed class Cinc2009Set : IRecordingSet
{
    private const string Header = "minute,abp_mean_mmhg";

    private static readonly SignalColumn[] _columns = [new("abp_mean_mmhg", SignalCode.ArterialMean) { Source = ReadingSource.Monitor }];

    /// <inheritdoc/>
    public string Name => "cinc2009-abp";

    /// <inheritdoc/>
    public string Form => $"GROUP_NN.csv with the header '{Header}'";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => Files(place).Any(f => SetFiles.FirstLine(f, line => line.Trim().Equals(Header, StringComparison.OrdinalIgnoreCase)));

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (string file in Files(place))
        {
            string id = Path.GetFileNameWithoutExtension(file);
            if (!SetFiles.IsId(id))
            {
                report.CountMalformedFile(file, "the file's name cannot be a patient's id (letters, digits, '-', '_', '.')");
                continue;
            }

            RecordingIdentity identity = new($"{Name}:{id}", $"{Name}-{id}", 60_000) { DeclaresInterval = true };
            if (SetFiles.ReadGuarded(file, report, () => Read(file, identity, report)) is { } recording)
                yield return recording;
        }
    }

    private static IEnumerable<string> Files(RecordingPlace place) =>
        place.Files("*.csv").Where(f => !Path.GetFileName(f).Equals("INDEX.csv", StringComparison.OrdinalIgnoreCase));

    private static NumericRecording? Read(string file, RecordingIdentity identity, RecordingReport report)
    {
        using NumericTable table = new(file, ',', "minute", "abp_mean_mmhg");
        int minute = table.Column("minute");
        int[] places = SignalColumns.Places(table, _columns);
        RecordingBuilder recording = new(identity, report);
        while (table.Next())
        {
            report.CountRow();
            if (table.RowProblem is { } problem)
                report.CountMalformedRow(file, table.LineNumber, problem);
            else if (table.Number(minute, out double minutes) != CellKind.Number || !SignalColumns.TryMilliseconds(minutes, 60_000, out long offsetMs))
                report.CountMalformedRow(file, table.LineNumber, "the minute is not a number");
            else
                SignalColumns.AddRow(table, _columns, places, offsetMs, recording, report);
        }

        return recording.Build();
    }
}
