using System.Buffers.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Numerics of the MIMIC II waveform database: WFDB records in format 16, one sample a minute, 7 to 10 signals.
/// The patient is the part of the record's name before the first '-'.
/// </summary>
/// <remarks>
/// -32768 is WFDB's 'invalid'. A 0 stands for 'no value' in heart rate, pulse, SpO2 and pressures; in RESP it does so only where the heart rate has none either
/// (the monitor is off), because a breathing rate of 0 can be real. A record with a wrong size or checksum is refused: its samples cannot be trusted.
/// No interval is declared, since cuff pressures come only now and then.
/// </remarks>
public sealed class Mimic2NumericsSet : IRecordingSet
{
    private const short Invalid = short.MinValue;
    private const int MaximumBytes = 256 * 1024 * 1024;

    // Waveforms have names in common with numerics (RESP); they are sampled faster.
    private const double MaximumHertz = 1;

    private static readonly Dictionary<string, (SignalCode Code, bool ZeroIsNoValue)> _signals = new(StringComparer.OrdinalIgnoreCase)
    {
        ["HR"] = (SignalCode.HeartRate, true),
        ["PULSE"] = (SignalCode.PulseRate, true),
        ["RESP"] = (SignalCode.RespiratoryRate, false),
        ["SpO2"] = (SignalCode.SpO2, true),
        ["ABPSys"] = (SignalCode.ArterialSystolic, true),
        ["ABPDias"] = (SignalCode.ArterialDiastolic, true),
        ["ABPMean"] = (SignalCode.ArterialMean, true),
        ["NBPSys"] = (SignalCode.CuffSystolic, true),
        ["NBPDias"] = (SignalCode.CuffDiastolic, true),
        ["NBPMean"] = (SignalCode.CuffMean, true),
    };

    /// <inheritdoc/>
    public string Name => "mimic2-numerics";

    /// <inheritdoc/>
    public string Form => "WFDB headers (NAMEn.hea) of records in format 16 with signals as HR, SpO2 or ABPMean";

    /// <inheritdoc/>
    public bool Matches(RecordingPlace place) => place.Files("*.hea").Any(IsNumerics);

    /// <inheritdoc/>
    public IEnumerable<Recording> Open(RecordingPlace place, RecordingReport report)
    {
        List<(string Path, WfdbNumericsHeader Header)> records = [];
        foreach (string path in place.Files("*.hea"))
        {
            if (SetFiles.ReadGuarded(path, report, () => WfdbNumericsHeader.Read(path)) is { } header)
                records.Add((path, header));
        }

        Dictionary<string, int> parts = new(StringComparer.Ordinal);
        foreach ((string path, WfdbNumericsHeader header) in records.OrderBy(r => r.Header.Start ?? DateTime.MinValue).ThenBy(r => r.Header.Record, StringComparer.Ordinal))
        {
            string patient = header.Record.Split('-')[0];
            if (!SetFiles.IsId(patient))
            {
                report.CountMalformedFile(path, "the record's name cannot be a patient's id (letters, digits, '_', '.')");
                continue;
            }

            int part = parts.GetValueOrDefault(patient);
            parts[patient] = part + 1;
            if (SetFiles.ReadGuarded(path, report, () => ReadSamples(path, header, patient, part, report)) is { } recording)
                yield return recording;
        }
    }

    private static bool IsNumerics(string path)
    {
        try
        {
            WfdbNumericsHeader header = WfdbNumericsHeader.Read(path);
            return header.Hertz <= MaximumHertz && header.Signals.Any(s => _signals.ContainsKey(s.Description));
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    private NumericRecording? ReadSamples(string path, WfdbNumericsHeader header, string patient, int part, RecordingReport report)
    {
        string file = Path.Combine(Path.GetDirectoryName(path)!, header.DataFile);
        if (!File.Exists(file))
            throw new InvalidDataException($"its samples, {header.DataFile}, are not there");
        long length = new FileInfo(file).Length;
        int signals = header.Signals.Count;
        long rows = length / (2 * signals);
        if (length > MaximumBytes || length % (2 * signals) != 0 || (header.Samples > 0 && rows != header.Samples))
            throw new InvalidDataException($"{header.DataFile} has {length} bytes, which is not {(header.Samples > 0 ? header.Samples : "a whole number of")} rows of {signals} samples");
        byte[] bytes = File.ReadAllBytes(file);
        Verify(header, bytes);

        if (header.Hertz > MaximumHertz)
            throw new InvalidDataException(FormattableString.Invariant($"its rate of {header.Hertz} Hz is not that of numerics; waveforms are replayed from a folder, or as a record, of their own"));
        double stepMs = 1_000 / header.Hertz;
        RecordingIdentity identity = new($"{Name}:{patient}", $"{Name}-{patient}", (int)Math.Round(stepMs)) { Part = part };
        RecordingBuilder recording = new(identity, report);
        int heartRate = IndexOf(header, SignalCode.HeartRate);
        for (int row = 0; row < rows; row++)
        {
            report.CountRow();
            if (!recording.TryBegin((long)Math.Round(row * stepMs)))
                throw new InvalidDataException("it has more than one sample in a millisecond");
            bool isOff = heartRate >= 0 && Sample(bytes, signals, row, heartRate) is 0 or Invalid;
            for (int signal = 0; signal < signals; signal++)
                Add(header.Signals[signal], Sample(bytes, signals, row, signal), isOff, recording, report);
            recording.End();
        }

        return recording.Build();
    }

    private static void Add(in WfdbNumericsSignal signal, short sample, bool isOff, RecordingBuilder recording, RecordingReport report)
    {
        if (!_signals.TryGetValue(signal.Description, out (SignalCode Code, bool ZeroIsNoValue) known))
            return;
        if (sample == Invalid)
            report.CountMissing(signal.Description);
        else if (sample == 0 && (known.ZeroIsNoValue || isOff))
            report.CountNoValue(signal.Description);
        else if (!recording.TryAdd(known.Code, (sample - signal.Baseline) / signal.Gain, ReadingSource.Monitor))
            throw new InvalidDataException($"its gain makes a value of {signal.Description} too large for any vital sign");
    }

    private static void Verify(WfdbNumericsHeader header, byte[] bytes)
    {
        int signals = header.Signals.Count;
        for (int signal = 0; signal < signals; signal++)
        {
            short sum = 0;
            for (int row = 0; row < bytes.Length / (2 * signals); row++)
                sum = unchecked((short)(sum + Sample(bytes, signals, row, signal)));
            if (header.Signals[signal].Checksum is { } expected && expected != sum)
                throw new InvalidDataException($"the samples of signal {signal + 1} ({header.Signals[signal].Description}) do not have the header's checksum {expected}, but {sum}");
        }
    }

    private static int IndexOf(WfdbNumericsHeader header, SignalCode code)
    {
        for (int i = 0; i < header.Signals.Count; i++)
        {
            if (_signals.TryGetValue(header.Signals[i].Description, out (SignalCode Code, bool) known) && known.Code == code)
                return i;
        }

        return -1;
    }

    private static short Sample(byte[] bytes, int signals, int row, int signal) => BinaryPrimitives.ReadInt16LittleEndian(bytes.AsSpan(((row * signals) + signal) * 2));
}
