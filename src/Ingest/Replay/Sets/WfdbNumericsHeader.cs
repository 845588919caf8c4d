using System.Globalization;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>A signal of a WFDB record.</summary>
/// <param name="Description">Its name.</param>
/// <param name="Gain">Steps of the file in one unit.</param>
/// <param name="Baseline">The step that stands for 0 units.</param>
/// <param name="Checksum">The 16-bit sum of its samples; null when the header has none.</param>
internal readonly record struct WfdbNumericsSignal(string Description, double Gain, int Baseline, short? Checksum);

/// <summary>
/// The header of a WFDB record whose signals lie interleaved, 16 bits each, in one file.
/// The form is that of "header(5)" in the WFDB Applications Guide (PhysioNet).
/// </summary>
internal sealed class WfdbNumericsHeader
{
    private const double GainWhenZero = 200;

    private WfdbNumericsHeader(string record, double hertz, long samples, DateTime? start, string file, WfdbNumericsSignal[] signals)
    {
        Record = record;
        Hertz = hertz;
        Samples = samples;
        Start = start;
        DataFile = file;
        Signals = signals;
    }

    /// <summary>The record's name.</summary>
    public string Record { get; }

    /// <summary>Samples of a signal in a second.</summary>
    public double Hertz { get; }

    /// <summary>Samples of a signal; 0 when the header does not say.</summary>
    public long Samples { get; }

    /// <summary>When it was recorded, on the (shifted) clock of the database; null when the header does not say.</summary>
    public DateTime? Start { get; }

    /// <summary>The file beside the header that holds the samples.</summary>
    public string DataFile { get; }

    /// <summary>The signals, in the order of the file.</summary>
    public IReadOnlyList<WfdbNumericsSignal> Signals { get; }

    /// <summary>Reads a header.</summary>
    /// <exception cref="InvalidDataException">It is no header, or of a record that is not of this form; the message says what, for the report.</exception>
    public static WfdbNumericsHeader Read(string path)
    {
        using LineReader lines = new(File.OpenRead(path));
        string[] record = NextFields(lines) ?? throw new InvalidDataException("the header is empty");
        if (record.Length < 3 || record[0].Contains('/', StringComparison.Ordinal) || !int.TryParse(record[1], NumberStyles.None, CultureInfo.InvariantCulture, out int count) || count is < 1 or > 64)
            throw new InvalidDataException("its first line does not say name, number of signals (1 to 64, one segment) and frequency");
        if (!double.TryParse(record[2].Split('/', '(')[0], NumberStyles.Float, CultureInfo.InvariantCulture, out double hertz) || hertz is not (> 0 and <= 10_000))
            throw new InvalidDataException("the frequency is not a positive number");
        long samples = record.Length > 3 && long.TryParse(record[3], NumberStyles.None, CultureInfo.InvariantCulture, out long stated) ? stated : 0;
        WfdbNumericsSignal[] signals = new WfdbNumericsSignal[count];
        string? file = null;
        for (int i = 0; i < count; i++)
        {
            string[] fields = NextFields(lines) ?? throw new InvalidDataException($"{count} signals are announced, {i} described");
            if (fields.Length < 3 || fields[1] != "16")
                throw new InvalidDataException($"signal {i + 1} is not stored in format 16");
            if (file is not null && file != fields[0])
                throw new InvalidDataException("the signals lie in several files; numerics lie in one");
            file = fields[0];
            signals[i] = ReadSignal(fields, i);
        }

        if (Path.GetFileName(file!) != file)
            throw new InvalidDataException("the samples lie in another folder");
        return new WfdbNumericsHeader(record[0], hertz, samples, ReadStart(record), file, signals);
    }

    private static WfdbNumericsSignal ReadSignal(string[] fields, int index)
    {
        // GAIN[(BASELINE)][/UNITS]; without a baseline the ADC's zero is meant.
        string gainField = fields[2].Split('/')[0];
        int open = gainField.IndexOf('(', StringComparison.Ordinal);
        string gainText = open < 0 ? gainField : gainField[..open];
        if (!double.TryParse(gainText, NumberStyles.Float, CultureInfo.InvariantCulture, out double gain) || !double.IsFinite(gain) || gain < 0)
            throw new InvalidDataException($"the gain of signal {index + 1} is not a number");
        int baseline = 0;
        if (open >= 0)
        {
            if (!int.TryParse(gainField[(open + 1)..].TrimEnd(')'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out baseline))
                throw new InvalidDataException($"the baseline of signal {index + 1} is not a number");
        }
        else if (fields.Length > 4)
        {
            _ = int.TryParse(fields[4], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out baseline);
        }

        short? checksum = fields.Length > 6 && int.TryParse(fields[6], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int sum) ? unchecked((short)sum) : null;
        return new WfdbNumericsSignal(fields.Length > 8 ? string.Join(' ', fields[8..]) : "", gain == 0 ? GainWhenZero : gain, baseline, checksum);
    }

    private static DateTime? ReadStart(string[] record)
    {
        if (record.Length < 6)
            return null;
        string[] formats = ["d/M/yyyy H:m:s.fff", "d/M/yyyy H:m:s", "d/M/yyyy m:s.fff", "d/M/yyyy m:s"];
        return DateTime.TryParseExact($"{record[5]} {record[4]}", formats, CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTime start) ? start : null;
    }

    private static string[]? NextFields(LineReader lines)
    {
        while (lines.Next())
        {
            string line = lines.Line.Trim().ToString();
            if (line.Length > 0 && line[0] != '#')
                return line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
        }

        return null;
    }
}
