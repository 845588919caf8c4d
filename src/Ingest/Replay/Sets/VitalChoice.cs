using PhysioActors.Ingest.Waveforms;
using PhysioActors.Ingest.Waveforms.Vital;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>Which tracks of a file of Vital Recorder are sent, and as what. The others are counted by name, with the reason; tracks without a record are not spoken of.</summary>
internal static class VitalChoice
{
    /// <summary>The tracks of numbers that are sent: one for each code.</summary>
    public static List<(VitalTrack Track, SignalCode Code)> Numbers(IReadOnlyList<VitalTrack> tracks, RecordingReport report)
    {
        List<(VitalTrack Track, SignalCode Code)> chosen = [];
        HashSet<SignalCode> taken = [];
        foreach (VitalTrack track in tracks.Where(track => track.Info.Kind is VitalKind.Number && track.Records > 0).OrderBy(track => VitalNames.FindNumber(track.Info).Rank))
        {
            SignalCode code = VitalNames.FindNumber(track.Info).Code;
            string? problem = code == SignalCode.None ? "unknown name"
                : !VitalNames.TryConvert(code, track.Info.Unit, 0, out _) ? UnitProblem(track.Info)
                : !taken.Add(code) ? "there twice"
                : null;
            if (problem is null)
                chosen.Add((track, code));
            else
                report.CountUnusedSignal($"{track.Info.FullName} ({problem})", track.Records);
        }

        return chosen;
    }

    /// <summary>The waves that are sent: one for each signal, and none that a chunk cannot hold.</summary>
    public static List<(VitalTrack Track, WaveformSignal Signal)> Waves(IReadOnlyList<VitalTrack> tracks, RecordingReport report)
    {
        List<(VitalTrack Track, WaveformSignal Signal)> chosen = [];
        HashSet<WaveformSignal> taken = [];
        foreach (VitalTrack track in tracks.Where(track => track.Info.Kind is VitalKind.Wave && track.Samples > 0).OrderBy(track => VitalNames.FindWave(track.Info).Rank))
        {
            WaveformSignal signal = VitalNames.FindWave(track.Info).Signal;
            string? problem = Problem(track, signal);
            if (problem is null && taken.Count == DecodedObservation.MaximumWaveforms)
                problem = $"more than {DecodedObservation.MaximumWaveforms} signals";
            if (problem is null && !taken.Add(signal) && !(WaveformSignals.Get(signal).Kind == WaveformKind.Ecg && taken.Add(signal = WaveformSignal.Ecg)))
                problem = "there twice";
            if (problem is null)
                chosen.Add((track, signal));
            else
                report.CountUnusedSignal($"{track.Info.FullName} ({problem})", track.Samples);
        }

        foreach (VitalTrack track in tracks.Where(track => track.Info.Kind is VitalKind.Text or VitalKind.Unknown && track.Records > 0))
            report.CountUnusedSignal($"{track.Info.FullName} ({(track.Info.Kind is VitalKind.Text ? "text" : "unknown type")})", track.Records);
        return chosen;
    }

    private static string? Problem(VitalTrack track, WaveformSignal signal)
    {
        VitalTrackInfo info = track.Info;
        if (signal == WaveformSignal.None)
            return "unknown name";
        double units = WaveformNames.UnitsIn(signal, info.Unit.Trim());
        if (units == 0)
            return UnitProblem(info);
        if (!WaveformBounds.TryRate(info.Hertz, out _))
            return FormattableString.Invariant($"rate {info.Hertz} Hz");
        return track.IsInSteps && !VitalWaves.TryScale(track, units, out _, out _) ? "gain or baseline out of bounds" : null;
    }

    private static string UnitProblem(VitalTrackInfo info) => info.Unit.Trim().Length == 0 ? "no unit" : $"unit {info.Unit.Trim()}";
}
