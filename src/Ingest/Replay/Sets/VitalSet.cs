using PhysioActors.Ingest.Waveforms.Vital;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Files of Vital Recorder (NAME.vital): monitor numerics and waveforms, as VitalDB has them; a patient each, named after the folder and the file.
/// </summary>
/// <remarks>
/// Tracks of unknown names and in other units, texts, and waves at rates that are not taken are left out and counted. Of several tracks with one meaning the best known is taken
/// (see <see cref="VitalNames"/>), of those alike the first; a second ECG goes out without a lead. Values are put in the order of their times. No interval is declared, since not every track has a value each second.
/// A file that is damaged is reported, and the next one read.
/// </remarks>
public sealed class VitalSet : IRecordingSet
{
    private const string Pattern = "*.vital";
    private const int StepMs = 1_000;

    // Longer than any file that a recorder writes: one record with a wrong time would make a replay of centuries.
    private static readonly TimeSpan _longest = TimeSpan.FromDays(366);

    /// <inheritdoc/>
    public string Name => "vital";

    /// <inheritdoc/>
    public string Form => "files of Vital Recorder (NAME.vital)";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => place.Files(Pattern).Any();

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        string set = SetFiles.IsId(place.Name) ? place.Name : Name;
        foreach (string file in place.Files(Pattern))
        {
            string name = Path.GetFileNameWithoutExtension(file);
            if (!SetFiles.IsId(name))
            {
                report.CountMalformedFile(file, "the file's name cannot be a patient's id (letters, digits, '-', '_', '.')");
                continue;
            }

            foreach (Recording recording in ReadGuarded(file, new RecordingIdentity($"{set}:{name}", $"{set}-{name}", StepMs), report))
                yield return recording;
        }
    }

    private static List<Recording> ReadGuarded(string file, RecordingIdentity identity, RecordingReport report)
    {
        try
        {
            return Read(file, identity, report);
        }
        catch (VitalException e)
        {
            report.CountMalformedFile(file, e.Message);
            return [];
        }
    }

    private static List<Recording> Read(string file, RecordingIdentity identity, RecordingReport report)
    {
        VitalFile vital = VitalFile.Read(file, IsKnown);
        foreach (VitalTrack track in vital.Tracks.Where(track => track.RecordsWithoutTime > 0))
            report.CountIrregularity($"{track.Info.FullName}: records without a time, left out", track.RecordsWithoutTime);
        if (vital.UnknownRecords > 0)
            report.CountIrregularity("records of tracks that the file does not describe, left out", vital.UnknownRecords);
        List<(VitalTrack Track, SignalCode Code)> numbers = VitalChoice.Numbers(vital.Tracks, report);
        List<(VitalTrack Track, WaveformSignal Signal)> waves = VitalChoice.Waves(vital.Tracks, report);
        if (numbers.Count + waves.Count == 0)
            throw new VitalException($"{file}: none of its tracks has values and a name and unit that are known.");

        double first = numbers.Select(number => number.Track).Concat(waves.Select(wave => wave.Track)).Min(track => track.FirstTime);
        double last = numbers.Select(number => number.Track).Concat(waves.Select(wave => wave.Track)).Max(track => track.LastTime);
        if (last - first > _longest.TotalSeconds)
            throw new VitalException(FormattableString.Invariant($"{file}: its records lie {(last - first) / 86_400:N0} days apart; a recording of at most {_longest.TotalDays:N0} days is taken. Is the time of some wrong?"));

        List<Recording> recordings = [];
        double zero = Math.Floor(first * 1_000) / 1_000;
        if (ReadNumbers(file, identity, numbers, zero, report) is { } values)
            recordings.Add(values);
        List<WaveformStretch> stretches = [.. waves.SelectMany(wave => VitalWaves.Stretch(wave.Track, wave.Signal, zero, report))];
        if (stretches.Count > 0)
            recordings.Add(new WaveformStretches(identity with { Device = $"{identity.Device}-waveforms" }, stretches));
        return recordings;
    }

    private static bool IsKnown(VitalTrackInfo info) => info.Kind switch
    {
        VitalKind.Number => VitalNames.FindNumber(info).Code != SignalCode.None,
        VitalKind.Wave => VitalNames.FindWave(info).Signal != WaveformSignal.None,
        _ => false,
    };

    private static NumericRecording? ReadNumbers(string file, RecordingIdentity identity, List<(VitalTrack Track, SignalCode Code)> tracks, double zero, RecordingReport report)
    {
        List<(long OffsetMs, int Track, double Value)> values = [];
        for (int i = 0; i < tracks.Count; i++)
        {
            long beforeMs = -1;
            int behind = 0;
            foreach (VitalNumber number in tracks[i].Track.Numbers)
            {
                long offsetMs = (long)Math.Round((number.Time - zero) * 1_000);
                behind += offsetMs < beforeMs ? 1 : 0;
                beforeMs = offsetMs;
                values.Add((offsetMs, i, number.Value));
            }

            if (behind > 0)
                report.CountIrregularity($"{tracks[i].Track.Info.FullName}: values out of order, put in order", behind);
        }

        // The sort is stable: of two values of a track at the same time the first stays the first.
        RecordingBuilder recording = new(identity, report);
        foreach (IGrouping<long, (long OffsetMs, int Track, double Value)> row in values.OrderBy(value => value.OffsetMs).ThenBy(value => value.Track).GroupBy(value => value.OffsetMs))
        {
            report.CountRow();
            recording.TryBegin(row.Key);
            int before = -1;
            foreach ((_, int track, double value) in row)
            {
                string name = tracks[track].Track.Info.Name;
                if (track == before)
                    report.CountIrregularity($"{name}: further values at the same time, left out", 1);
                else if (double.IsNaN(value))
                    report.CountMissing(name);
                else if (!VitalNames.TryConvert(tracks[track].Code, tracks[track].Track.Info.Unit, value, out double converted) || !recording.TryAdd(tracks[track].Code, converted, ReadingSource.Monitor))
                    report.CountNoValue(name);
                before = track;
            }

            recording.End();
        }

        return recording.Build();
    }
}
