using System.Globalization;

namespace PhysioActors.Ingest.Waveforms.Wfdb;

/// <summary>
/// The header of a WFDB record of one segment: signals of one sampling rate, in formats 16 and 212.
/// The form is that of "header(5)" in the WFDB Applications Guide (PhysioNet); what is there and not read here is refused, never guessed.
/// </summary>
public sealed class WfdbHeader
{
    /// <summary>So many signals are read at most.</summary>
    public const int MaximumSignals = 64;

    private const double RateWhenAbsent = 250;
    private const double GainWhenAbsent = 200;
    private const int MaximumHeaderBytes = 1024 * 1024;

    private WfdbHeader(string path, string record, double samplingHz, long samples, WfdbSignal[] signals)
    {
        Path = path;
        Record = record;
        SamplingHz = samplingHz;
        Samples = samples;
        Signals = signals;
    }

    /// <summary>Where the header lies.</summary>
    public string Path { get; }

    /// <summary>The record's name.</summary>
    public string Record { get; }

    /// <summary>Samples of a signal in a second.</summary>
    public double SamplingHz { get; }

    /// <summary>Samples of a signal; 0 when the header does not say.</summary>
    public long Samples { get; }

    /// <summary>The signals, in the order of the header.</summary>
    public IReadOnlyList<WfdbSignal> Signals { get; }

    /// <summary>Reads a header.</summary>
    /// <param name="path">The record's path with or without an ending: NAME, NAME.hea, NAME.dat, NAME.mat and NAME.atr mean the same.</param>
    /// <exception cref="WfdbException">There is none, or it is not of this form.</exception>
    public static WfdbHeader Read(string path)
    {
        string file = WithoutEnding(path) + ".hea";
        var info = new FileInfo(file);
        if (!info.Exists)
            throw new WfdbException($"{file}: there is no such header. Name a WFDB record by its path, with or without its ending.");
        if (info.Length > MaximumHeaderBytes)
            throw new WfdbException($"{file}: {info.Length} bytes are too long for a header.");
        return Parse(file, File.ReadAllLines(file));
    }

    /// <summary>The path of a record without the ending of one of its files.</summary>
    public static string WithoutEnding(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string ending = System.IO.Path.GetExtension(path);
        return ending is ".hea" or ".dat" or ".mat" or ".atr" ? path[..^ending.Length] : path;
    }

    private static WfdbHeader Parse(string path, string[] lines)
    {
        using IEnumerator<string[]> fieldsOf = lines.Select(line => line.Trim()).Where(line => line.Length > 0 && line[0] != '#')
            .Select(line => line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)).GetEnumerator();
        if (!fieldsOf.MoveNext())
            throw new WfdbException($"{path}: the header is empty.");
        string[] fields = fieldsOf.Current;
        if (fields[0].Contains('/', StringComparison.Ordinal))
            throw new WfdbException($"{path}: the record has several segments ({fields[0]}); only records of one segment are read. Name its segments one by one.");
        if (fields.Length < 2 || !TryInteger(fields[1], out long count) || count is < 1 or > MaximumSignals)
            throw new WfdbException($"{path}: the first line must say the record's name and how many signals it has, 1 to {MaximumSignals}.");
        double samplingHz = RateWhenAbsent;
        if (fields.Length > 2 && (!TryNumber(fields[2].Split('/', '(')[0], out samplingHz) || samplingHz is not (> 0 and <= 100_000)))
            throw new WfdbException($"{path}: the sampling rate '{fields[2]}' is no number of samples in a second above 0.");
        long samples = 0;
        if (fields.Length > 3 && (!TryInteger(fields[3], out samples) || samples < 0))
            throw new WfdbException($"{path}: the number of samples '{fields[3]}' is no whole number.");
        string record = fields[0];
        var signals = new WfdbSignal[count];
        for (int i = 0; i < signals.Length; i++)
        {
            if (!fieldsOf.MoveNext())
                throw new WfdbException($"{path}: {count} signals are announced, {i} described.");
            signals[i] = ParseSignal(path, i + 1, fieldsOf.Current);
        }

        return new WfdbHeader(path, record, samplingHz, samples, signals);
    }

    // FILE FORMAT[xFRAME][:SKEW][+OFFSET] [GAIN[(BASELINE)][/UNITS] [RESOLUTION [ZERO [INITIAL [CHECKSUM [BLOCK [DESCRIPTION]]]]]]]
    private static WfdbSignal ParseSignal(string path, int number, string[] fields)
    {
        if (fields.Length < 2)
            throw new WfdbException($"{path}: the line of signal {number} must say at least the file and the format.");
        if (System.IO.Path.GetFileName(fields[0]) != fields[0] || fields[0] is "-" or "~")
            throw new WfdbException($"{path}: the samples of signal {number} must lie in a file beside the header, not in '{fields[0]}'.");
        string format = fields[1];
        int offset = 0;
        int plus = format.IndexOf('+', StringComparison.Ordinal);
        if (plus >= 0)
        {
            if (!TryInteger(format[(plus + 1)..], out long bytes) || bytes is < 0 or > MaximumHeaderBytes)
                throw new WfdbException($"{path}: the byte offset in the format '{format}' of signal {number} is no whole number up to {MaximumHeaderBytes}.");
            offset = (int)bytes;
            format = format[..plus];
        }

        if (format is not ("16" or "212"))
            throw new WfdbException($"{path}: signal {number} is stored in format '{fields[1]}'; formats 16 and 212 are read, without skew and with one sample a frame.");
        (double gain, int? baseline, string units) = fields.Length > 2 ? ParseGain(path, number, fields[2]) : (GainWhenAbsent, null, "mV");
        int zero = (int)(Integer(path, number, fields, 4, "ADC zero") ?? 0);
        long? initial = Integer(path, number, fields, 5, "initial value");
        long? checksum = Integer(path, number, fields, 6, "checksum");
        return new WfdbSignal(fields[0], format == "16" ? 16 : 212, offset, gain, baseline ?? zero, units, (int?)initial,
            checksum is { } sum ? unchecked((short)sum) : null, fields.Length > 8 ? string.Join(' ', fields[8..]) : "");
    }

    private static (double Gain, int? Baseline, string Units) ParseGain(string path, int number, string field)
    {
        int slash = field.IndexOf('/', StringComparison.Ordinal);
        string units = slash >= 0 ? field[(slash + 1)..] : "mV";
        string text = slash >= 0 ? field[..slash] : field;
        int? baseline = null;
        int open = text.IndexOf('(', StringComparison.Ordinal);
        if (open >= 0)
        {
            if (!text.EndsWith(')') || !TryInteger(text[(open + 1)..^1], out long value) || value is < int.MinValue or > int.MaxValue)
                throw new WfdbException($"{path}: the baseline in '{field}' of signal {number} is no whole number.");
            baseline = (int)value;
            text = text[..open];
        }

        if (!TryNumber(text, out double gain) || !double.IsFinite(gain) || gain < 0)
            throw new WfdbException($"{path}: the gain in '{field}' of signal {number} is no number of steps in a unit.");
        return (gain == 0 ? GainWhenAbsent : gain, baseline, units);
    }

    private static long? Integer(string path, int number, string[] fields, int index, string what)
    {
        if (fields.Length <= index)
            return null;
        if (TryInteger(fields[index], out long value) && value is >= int.MinValue and <= int.MaxValue)
            return value;
        throw new WfdbException($"{path}: the {what} '{fields[index]}' of signal {number} is no whole number.");
    }

    private static bool TryInteger(string text, out long value) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value);

    private static bool TryNumber(string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
}
