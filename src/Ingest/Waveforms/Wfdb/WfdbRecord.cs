using System.Buffers.Binary;

namespace PhysioActors.Ingest.Waveforms.Wfdb;

/// <summary>
/// A WFDB record of one segment with its samples in memory. Lengths, first samples and checksums are compared with the header when it is read:
/// a record that differs is refused, since none of its samples can be trusted.
/// </summary>
public sealed class WfdbRecord
{
    /// <summary>The sample of format 16 that stands for 'not valid'.</summary>
    public const short InvalidIn16 = short.MinValue;

    /// <summary>The sample of format 212 that stands for 'not valid'.</summary>
    public const short InvalidIn212 = -2048;

    private const long MaximumBytes = 1L << 30;

    private readonly short[][] _samples;

    private WfdbRecord(WfdbHeader header, short[][] samples)
    {
        Header = header;
        _samples = samples;
        Length = samples[0].Length;
    }

    /// <summary>What the header says.</summary>
    public WfdbHeader Header { get; }

    /// <summary>Samples of each signal.</summary>
    public int Length { get; }

    /// <summary>Reads a record: header and samples.</summary>
    /// <param name="path">The record's path with or without an ending.</param>
    /// <exception cref="WfdbException">A file is not there, is of another form, or its samples are not those the header promises.</exception>
    public static WfdbRecord Read(string path)
    {
        WfdbHeader header = WfdbHeader.Read(path);
        var samples = new short[header.Signals.Count][];
        for (int first = 0; first < samples.Length;)
        {
            int end = first + 1;
            while (end < samples.Length && header.Signals[end].File == header.Signals[first].File)
                end++;
            ReadGroup(header, first, end, samples);
            first = end;
        }

        if (Array.Find(samples, signal => signal.Length != samples[0].Length) is { } other)
            throw new WfdbException($"{header.Path}: its files hold {samples[0].Length} and {other.Length} samples of a signal; they must be equal.");
        Verify(header, samples);
        return new WfdbRecord(header, samples);
    }

    /// <summary>The samples of a signal as they are stored.</summary>
    public ReadOnlySpan<short> Raw(int signal) => _samples[signal];

    /// <summary>Whether a sample is the format's 'not valid'.</summary>
    public bool IsValid(int signal, int sample) => _samples[signal][sample] != InvalidOf(Header.Signals[signal].Format);

    /// <summary>A sample in the signal's unit; NaN where it is not valid.</summary>
    public float Value(int signal, int sample)
    {
        WfdbSignal of = Header.Signals[signal];
        short raw = _samples[signal][sample];
        return raw == InvalidOf(of.Format) ? float.NaN : (float)((raw - of.Baseline) / of.Gain);
    }

    /// <summary>Writes samples of a signal in its unit, NaN where one is not valid.</summary>
    /// <param name="signal">Number of the signal.</param>
    /// <param name="from">First sample.</param>
    /// <param name="values">Filled from its start, <paramref name="stride"/> apart.</param>
    /// <param name="count">How many.</param>
    /// <param name="stride">Distance of neighbours in <paramref name="values"/>, so that signals can be interleaved.</param>
    public void Values(int signal, int from, Span<float> values, int count, int stride = 1)
    {
        WfdbSignal of = Header.Signals[signal];
        short invalid = InvalidOf(of.Format);
        double unit = 1 / of.Gain;
        ReadOnlySpan<short> raw = _samples[signal].AsSpan(from, count);
        for (int i = 0, at = 0; i < raw.Length; i++, at += stride)
            values[at] = raw[i] == invalid ? float.NaN : (float)((raw[i] - of.Baseline) * unit);
    }

    private static short InvalidOf(int format) => format == 16 ? InvalidIn16 : InvalidIn212;

    private static void ReadGroup(WfdbHeader header, int first, int end, short[][] samples)
    {
        WfdbSignal of = header.Signals[first];
        int signals = end - first;
        for (int i = first + 1; i < end; i++)
        {
            if (header.Signals[i].Format != of.Format || header.Signals[i].ByteOffset != of.ByteOffset)
                throw new WfdbException($"{header.Path}: signals {first + 1} and {i + 1} lie in one file, {of.File}, in different formats.");
        }

        string path = Path.Combine(Path.GetDirectoryName(header.Path) ?? "", of.File);
        var info = new FileInfo(path);
        if (!info.Exists)
            throw new WfdbException($"{path}: the samples of {header.Path} are not there.");
        if (info.Length > MaximumBytes)
            throw new WfdbException($"{path}: {info.Length} bytes are too many for one record; {MaximumBytes} are read at most.");
        byte[] file = File.ReadAllBytes(path);
        if (file.Length < of.ByteOffset)
            throw new WfdbException($"{path}: it has {file.Length} bytes, and its samples begin behind {of.ByteOffset}.");
        ReadOnlySpan<byte> bytes = file.AsSpan(of.ByteOffset);
        int halves = of.Format == 16 ? 4 : 3; // Half bytes of a sample.
        long stored = (long)bytes.Length * 2 / halves;
        long length = header.Samples > 0 ? header.Samples : stored / signals;
        long wanted = ((length * signals * halves) + 1) / 2;
        if (bytes.Length < wanted || bytes.Length > wanted + 2)
            throw new WfdbException($"{path}: it has {bytes.Length} bytes of samples; {length} samples of {signals} signals in format {of.Format} are {wanted}.");
        for (int i = first; i < end; i++)
            samples[i] = new short[length];
        if (of.Format == 16)
            Unpack16(bytes, samples.AsSpan(first, signals), (int)length);
        else
            Unpack212(bytes, samples.AsSpan(first, signals), (int)length);
    }

    private static void Unpack16(ReadOnlySpan<byte> bytes, ReadOnlySpan<short[]> signals, int length)
    {
        for (int s = 0; s < signals.Length; s++)
        {
            short[] into = signals[s];
            int at = 2 * s;
            for (int i = 0; i < into.Length; i++, at += 2 * signals.Length)
                into[i] = BinaryPrimitives.ReadInt16LittleEndian(bytes[at..]);
        }
    }

    // Three bytes hold two samples of 12 bits: low byte of the first, high half bytes of the second and the first, low byte of the second.
    private static void Unpack212(ReadOnlySpan<byte> bytes, ReadOnlySpan<short[]> signals, int length)
    {
        if (signals.Length == 2)
        {
            short[] even = signals[0], odd = signals[1];
            for (int i = 0, at = 0; i < even.Length; i++, at += 3)
            {
                int middle = bytes[at + 1];
                even[i] = (short)((short)((middle << 12) | (bytes[at] << 4)) >> 4);
                odd[i] = (short)((short)(((middle & 0xF0) << 8) | (bytes[at + 2] << 4)) >> 4);
            }

            return;
        }

        long total = (long)length * signals.Length;
        for (long number = 0; number < total; number++)
        {
            int at = (int)(number / 2 * 3);
            int value = (number & 1) == 0
                ? (bytes[at + 1] << 12) | (bytes[at] << 4)
                : ((bytes[at + 1] & 0xF0) << 8) | (bytes[at + 2] << 4);
            signals[(int)(number % signals.Length)][number / signals.Length] = (short)((short)value >> 4);
        }
    }

    private static void Verify(WfdbHeader header, short[][] samples)
    {
        for (int i = 0; i < samples.Length; i++)
        {
            WfdbSignal signal = header.Signals[i];
            if (samples[i].Length == 0)
                throw new WfdbException($"{header.Path}: signal {i + 1} has no samples.");
            if (signal.InitialValue is { } initial && initial != samples[i][0])
                throw new WfdbException($"{header.Path}: signal {i + 1} begins with {samples[i][0]}, the header says {initial}. The files do not belong together or are damaged.");
            int sum = 0;
            foreach (short sample in samples[i])
                sum = unchecked(sum + sample);
            if (signal.Checksum is { } checksum && checksum != unchecked((short)sum))
                throw new WfdbException($"{header.Path}: the checksum of signal {i + 1} is {unchecked((short)sum)}, the header says {checksum}. The file of its samples is damaged.");
        }
    }
}
