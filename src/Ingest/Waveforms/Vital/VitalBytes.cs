using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PhysioActors.Ingest.Waveforms.Vital;

/// <summary>
/// The unpacked bytes of a file, forward only. No length in the file is trusted: nothing is allocated for one, and unpacking ends at <see cref="MaximumBytes"/>,
/// so that a small file which unpacks to very many bytes costs time in proportion to that bound, and no memory.
/// </summary>
internal sealed class VitalBytes : IDisposable
{
    /// <summary>So many bytes are unpacked at most: days of a dozen waveforms.</summary>
    public const long MaximumBytes = 1L << 30;

    private const int BufferBytes = 64 * 1024;

    private readonly string _path;
    private readonly FileStream _file;
    private readonly GZipStream _unpacked;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _at;
    private int _end;
    private long _before;

    /// <exception cref="VitalException">It is no gzip file.</exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    public VitalBytes(string path)
    {
        _path = path;
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, BufferBytes, FileOptions.SequentialScan);
        Span<byte> begin = stackalloc byte[2];
        if (_file.ReadAtLeast(begin, 2, throwOnEndOfStream: false) < 2 || begin is not [0x1F, 0x8B])
        {
            _file.Dispose();
            throw new VitalException($"{path}: byte 0: it does not begin as a gzip file (1F 8B), which every file of Vital Recorder is.");
        }

        _file.Position = 0;
        _unpacked = new GZipStream(_file, CompressionMode.Decompress);
    }

    /// <summary>How many bytes of the unpacked file lie before the next one.</summary>
    public long Position => _before + _at;

    /// <summary>Whether the unpacked file is at its end. There the size that gzip keeps in the last four bytes is compared: a file that was cut behind a packet shows it only there.</summary>
    /// <exception cref="VitalException">The file is cut or damaged.</exception>
    public bool IsAtEnd()
    {
        if (_at < _end || Fill())
            return false;
        Span<byte> size = stackalloc byte[4];
        _file.Position = _file.Length - size.Length;
        _file.ReadExactly(size);
        if (BinaryPrimitives.ReadUInt32LittleEndian(size) != (uint)Position)
            throw Error(Position, "the gzip file ends here without its own length at its end: it is cut, or something stands behind it");
        return true;
    }

    /// <summary>Reads exactly as many bytes as <paramref name="into"/> has.</summary>
    /// <param name="into">Where to.</param>
    /// <param name="what">What is read, for the message.</param>
    /// <exception cref="VitalException">The file ends before, or is damaged.</exception>
    public void Read(Span<byte> into, string what)
    {
        long start = Position;
        for (int done = 0; done < into.Length;)
        {
            if (_at == _end && !Fill())
                throw Error(start, $"the file ends at byte {Position} in {what} of {into.Length} bytes: it is cut");
            int count = Math.Min(into.Length - done, _end - _at);
            _buffer.AsSpan(_at, count).CopyTo(into[done..]);
            _at += count;
            done += count;
        }
    }

    /// <summary>Passes over <paramref name="count"/> bytes.</summary>
    /// <exception cref="VitalException">The file ends before, or is damaged.</exception>
    public void Skip(long count, string what)
    {
        long start = Position;
        for (long left = count; left > 0;)
        {
            if (_at == _end && !Fill())
                throw Error(start, $"the file ends at byte {Position} in {what} with {count} bytes more to come: it is cut");
            int passed = (int)Math.Min(left, _end - _at);
            _at += passed;
            left -= passed;
        }
    }

    /// <summary>An error at a byte of the unpacked file.</summary>
    public VitalException Error(long position, string problem) => new($"{_path}: byte {position} of the unpacked file: {problem}.");

    public void Dispose()
    {
        _unpacked.Dispose();
        _file.Dispose();
    }

    private bool Fill()
    {
        _before += _end;
        (_at, _end) = (0, 0);
        if (_before >= MaximumBytes)
            throw Error(MaximumBytes, $"it unpacks to more than {MaximumBytes:N0} bytes, which are read at most");
        try
        {
            _end = _unpacked.Read(_buffer);
        }
        catch (InvalidDataException e)
        {
            throw Error(_before, $"the gzip file is damaged or cut ({e.Message.TrimEnd('.')})");
        }

        return _end > 0;
    }
}

/// <summary>The fields of one packet, one behind the other. Fields at the end may be absent, as the format allows.</summary>
internal ref struct VitalFields(VitalBytes of, long position, ReadOnlySpan<byte> bytes)
{
    private const int MaximumText = 1024;

    private readonly ReadOnlySpan<byte> _bytes = bytes;
    private int _at;

    /// <summary>Whether there is no further field.</summary>
    public readonly bool IsAtEnd => _at >= _bytes.Length;

    public byte Byte(string what) => Take(1, what)[0];

    public ushort UInt16(string what) => BinaryPrimitives.ReadUInt16LittleEndian(Take(2, what));

    public uint UInt32(string what) => BinaryPrimitives.ReadUInt32LittleEndian(Take(4, what));

    public float Single(string what) => BinaryPrimitives.ReadSingleLittleEndian(Take(4, what));

    public double Double(string what) => BinaryPrimitives.ReadDoubleLittleEndian(Take(8, what));

    /// <summary>A text: its length in four bytes, then UTF-8.</summary>
    public string Text(string what)
    {
        long at = position + _at;
        uint length = UInt32(what);
        if (length > MaximumText)
            throw of.Error(at, $"{what} is said to have {length} bytes; at most {MaximumText} are taken");
        return Encoding.UTF8.GetString(Take((int)length, what)).TrimEnd('\0');
    }

    private ReadOnlySpan<byte> Take(int count, string what)
    {
        if (_bytes.Length - _at < count)
            throw of.Error(position + _at, $"{what} does not fit into its packet of {_bytes.Length} bytes");
        _at += count;
        return _bytes.Slice(_at - count, count);
    }
}
