using PhysioActors.Ingest.Waveforms;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// WFDB records of waveforms, as the MIT-BIH Arrhythmia Database and the PhysioNet/CinC Challenge 2015 have them: a patient each, named after the folder and the record.
/// </summary>
/// <remarks>
/// Signals of unknown names, in other units, or at rates that are not taken are left out and counted. Of two signals that mean the same the second is sent as ECG without a lead when it is one,
/// and is left out else. A record that is damaged is reported, and the next one read.
/// </remarks>
public sealed class WfdbWaveformSet : IRecordingSet
{
    private const string Pattern = "*.hea";
    private const int StepMs = 1_000;

    /// <inheritdoc/>
    public string Name => "wfdb";

    /// <inheritdoc/>
    public string Form => "WFDB records of waveforms (NAME.hea with NAME.dat or NAME.mat in format 16 or 212) with signals as MLII, V1, PLETH or ABP";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => place.Files(Pattern).Any(IsWaveforms);

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        string set = SetFiles.IsId(place.Name) ? place.Name : Name;
        foreach (string path in place.Files(Pattern))
        {
            string name = Path.GetFileNameWithoutExtension(path);
            if (!SetFiles.IsId(name))
                report.CountMalformedFile(path, "the record's name cannot be a patient's id (letters, digits, '-', '_', '.')");
            else if (ReadGuarded(path, new RecordingIdentity($"{set}:{name}", $"{set}-{name}", StepMs), report) is { } recording)
                yield return recording;
        }
    }

    private static bool IsWaveforms(string path)
    {
        try
        {
            WfdbHeader header = WfdbHeader.Read(path);
            return WaveformBounds.TryRate(header.SamplingHz, out _) && header.Signals.Any(signal => WaveformNames.Find(signal.Description) != WaveformSignal.None);
        }
        catch (WfdbException)
        {
            return false;
        }
    }

    private static WaveformRecording? ReadGuarded(string path, RecordingIdentity identity, RecordingReport report)
    {
        try
        {
            WfdbHeader header = WfdbHeader.Read(path);
            if (!WaveformBounds.TryRate(header.SamplingHz, out int rate))
                throw new WfdbException(FormattableString.Invariant($"{path}: its rate is {header.SamplingHz} Hz; {WaveformSignals.MinimumHz} to {WaveformSignals.MaximumHz} Hz are taken."));
            List<(int Number, WaveformChannel Channel)> wanted = Choose(header, report);
            if (wanted.Count == 0)
                throw new WfdbException($"{path}: none of its signals is a waveform that is known, in a unit that is taken.");
            return new WaveformRecording(identity, rate, ReadSamples(path, wanted, report));
        }
        catch (WfdbException e)
        {
            report.CountMalformedFile(path, e.Message);
            return null;
        }
    }

    /// <summary>Which signals are sent, as what. Their samples are not read yet.</summary>
    private static List<(int Number, WaveformChannel Channel)> Choose(WfdbHeader header, RecordingReport report)
    {
        List<(int, WaveformChannel)> chosen = [];
        HashSet<WaveformSignal> taken = [];
        for (int i = 0; i < header.Signals.Count; i++)
        {
            WfdbSignal of = header.Signals[i];
            WaveformSignal signal = WaveformNames.Find(of.Description);
            string? problem = null;
            float gain = 0;
            if (signal == WaveformSignal.None)
                problem = "unknown name";
            else if (WaveformNames.UnitsIn(signal, of.Units) is var units && units == 0)
                problem = $"unit {of.Units}";
            else if (!WaveformBounds.TryGain(of.Gain / units, out gain) || Math.Abs((long)of.Baseline) > WaveformBounds.MaximumBaseline)
                problem = "gain or baseline out of bounds";
            else if (taken.Count == DecodedObservation.MaximumWaveforms)
                problem = $"more than {DecodedObservation.MaximumWaveforms} signals";
            else if (!taken.Add(signal) && !(WaveformSignals.Get(signal).Kind == WaveformKind.Ecg && taken.Add(signal = WaveformSignal.Ecg)))
                problem = "there twice";
            if (problem is null)
                chosen.Add((i, new WaveformChannel(signal, gain, of.Baseline, default)));
            else
                report.CountUnusedSignal($"{of.Description} ({problem})", header.Samples);
        }

        return chosen;
    }

    private static List<WaveformChannel> ReadSamples(string path, List<(int Number, WaveformChannel Channel)> wanted, RecordingReport report)
    {
        WfdbRecord record = WfdbRecord.Read(path);
        report.CountSamples((long)record.Length * wanted.Count, 0);
        List<WaveformChannel> channels = [];
        foreach ((int number, WaveformChannel channel) in wanted)
        {
            short[] samples = record.Raw(number).ToArray();
            int missing = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                if (record.IsValid(number, i))
                    continue;
                samples[i] = WaveformSignals.Missing;
                missing++;
            }

            report.CountSamples(0, missing);
            channels.Add(channel with { Samples = samples });
        }

        return channels;
    }
}
