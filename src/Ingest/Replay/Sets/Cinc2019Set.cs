using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// PhysioNet/CinC Challenge 2019: hourly vital signs of intensive-care stays, one <c>pNNNNNN.psv</c> a patient.
/// </summary>
/// <remarks>
/// The set does not tell whether a pressure came from a cuff or from an arterial line. It is sent as a cuff's: that claims less
/// (more measurement noise, no line that the patient may not have had). FiO2 is a fraction here, and sent as percent.
/// Laboratory values and labels are not sent. No interval is declared, since not every code is charted each hour.
/// </remarks>
public sealed class Cinc2019Set : IRecordingSet
{
    private const double MillisecondsPerHour = 3_600_000;

    private static readonly SignalColumn[] _columns =
    [
        new("HR", SignalCode.HeartRate),
        new("O2Sat", SignalCode.SpO2),
        new("Temp", SignalCode.CoreTemperature),
        new("SBP", SignalCode.CuffSystolic),
        new("MAP", SignalCode.CuffMean),
        new("DBP", SignalCode.CuffDiastolic),
        new("Resp", SignalCode.RespiratoryRate),
        new("EtCO2", SignalCode.EtCO2),
        new("FiO2", SignalCode.FiO2) { IsFraction = true },
    ];

    /// <inheritdoc/>
    public string Name => "cinc2019-sepsis";

    /// <inheritdoc/>
    public string Form => "pNNNNNN.psv, in the folder or in training_setA and training_setB below it";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => Files(place).Any();

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

            RecordingIdentity identity = new($"{Name}:{id}", $"{Name}-{id}", (int)MillisecondsPerHour);
            if (SetFiles.ReadGuarded(file, report, () => Read(file, identity, report)) is { } recording)
                yield return recording;
        }
    }

    private static IEnumerable<string> Files(RecordingPlace place) =>
        place.Files("*.psv").Concat(place.Folders("training_set*").SelectMany(below => new RecordingPlace(below).Files("*.psv")));

    private static NumericRecording? Read(string file, RecordingIdentity identity, RecordingReport report)
    {
        using NumericTable table = new(file, '|', "HR", "ICULOS");
        int hour = table.Column("ICULOS");
        int[] places = SignalColumns.Places(table, _columns);
        RecordingBuilder recording = new(identity, report);
        double? first = null;
        while (table.Next())
        {
            report.CountRow();
            if (table.RowProblem is { } problem)
            {
                report.CountMalformedRow(file, table.LineNumber, problem);
            }
            else if (table.Number(hour, out double hours) != CellKind.Number || !SignalColumns.TryMilliseconds(hours - (first ??= hours), MillisecondsPerHour, out long offsetMs))
            {
                report.CountMalformedRow(file, table.LineNumber, "ICULOS is not an hour of the stay");
            }
            else
            {
                SignalColumns.AddRow(table, _columns, places, offsetMs, recording, report);
            }
        }

        return recording.Build();
    }
}
