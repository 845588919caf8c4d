using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Stress-Predict (Iqbal et al. 2022): volunteers with an Empatica E4 on the wrist; a folder each, with <c>HR.csv</c> (1 Hz) and <c>TEMP.csv.gz</c> (4 Hz).
/// Each file has the start (Unix time) in its first line, the rate in its second, then a value a line.
/// </summary>
/// <remarks>
/// The E4 derives its rate from the optical pulse, so it is sent as pulse rate. Its two streams go out under device names of their own, because each has its own interval;
/// they keep their distance in time.
/// </remarks>
public sealed class StressPredictSet : IRecordingSet
{
    private readonly record struct Stream(string File, string Suffix, SignalCode Code);

    private sealed record Opened(Stream Of, string File, double StartS, double Hertz);

    private static readonly Stream[] _streams = [new("HR.csv", "pulse", SignalCode.PulseRate), new("TEMP.csv", "skin", SignalCode.SkinTemperature)];

    /// <inheritdoc/>
    public string Name => "stress-predict";

    /// <inheritdoc/>
    public string Form => "a folder for each volunteer with HR.csv and TEMP.csv.gz";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => Volunteers(place).Any();

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        foreach (RecordingPlace volunteer in Volunteers(place))
        {
            string id = volunteer.Name;
            List<Opened> opened = [];
            foreach (Stream stream in _streams)
            {
                if (Locate(volunteer, stream.File) is { } file && SetFiles.ReadGuarded(file, report, () => ReadStart(stream, file)) is { } start)
                    opened.Add(start);
            }

            if (opened.Count == 0)
                continue;
            double first = opened.Min(o => o.StartS);
            foreach (Opened stream in opened)
            {
                RecordingIdentity identity = new($"{Name}:{id}", $"{Name}-{id}-{stream.Of.Suffix}", (int)Math.Round(1_000 / stream.Hertz))
                {
                    LeadMs = (long)Math.Round((stream.StartS - first) * 1_000),
                    DeclaresInterval = true,
                };
                if (SetFiles.ReadGuarded(stream.File, report, () => ReadValues(stream, identity, report)) is { } recording)
                    yield return recording;
            }
        }
    }

    /// <summary>The folders of volunteers: those below, or the folder itself.</summary>
    private static IEnumerable<RecordingPlace> Volunteers(RecordingPlace place) =>
        IsVolunteer(place) ? [place] : place.Folders().Select(folder => new RecordingPlace(folder)).Where(IsVolunteer);

    private static bool IsVolunteer(RecordingPlace place) =>
        SetFiles.IsId(place.Name) && _streams.Any(stream => Locate(place, stream.File) is { } file && SetFiles.FirstLine(file, IsStart));

    private static bool IsStart(string line) => NumericTable.Parse(line.Trim(), out double start) == CellKind.Number && start is > 0 and < 4e9;

    private static string? Locate(RecordingPlace place, string name) =>
        place.Files(name + "*").FirstOrDefault(file => Path.GetFileName(file) is var found && (found == name || found == name + ".gz"));

    private static Opened ReadStart(Stream stream, string file)
    {
        using LineReader lines = new(NumericTable.OpenMaybeCompressed(file));
        if (!lines.Next() || !IsStart(lines.Line.ToString()))
            throw new InvalidDataException("its first line is not a Unix time in seconds");
        NumericTable.Parse(lines.Line.Trim(), out double start);
        if (!lines.Next() || NumericTable.Parse(lines.Line.Trim(), out double hertz) != CellKind.Number || hertz is not (>= 0.001 and <= 100))
            throw new InvalidDataException("its second line is not a rate of 0.001 to 100 Hz");
        return new Opened(stream, file, start, hertz);
    }

    private static NumericRecording? ReadValues(Opened stream, RecordingIdentity identity, RecordingReport report)
    {
        using LineReader lines = new(NumericTable.OpenMaybeCompressed(stream.File));
        lines.Next();
        lines.Next();
        RecordingBuilder recording = new(identity, report);
        for (long row = 0; lines.Next(); row++)
        {
            // A bad line takes its place in time all the same: the time is the number of the line.
            ReadOnlySpan<char> text = lines.Line.Trim();
            report.CountRow();
            recording.TryBegin((long)Math.Round(row * 1_000 / stream.Hertz));
            CellKind kind = lines.IsTooLong ? CellKind.Malformed : NumericTable.Parse(text, out double value) is var parsed && parsed == CellKind.Number && !recording.TryAdd(stream.Of.Code, value, ReadingSource.Wearable) ? CellKind.Malformed : parsed;
            if (kind == CellKind.Missing)
                report.CountMissing(stream.Of.File);
            if (kind == CellKind.Malformed)
                report.CountMalformedRow(stream.File, lines.Number, "the value is not a number");
            else
                recording.End();
        }

        return recording.Build();
    }
}
