using System.Buffers.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Waveforms.Vital;

/// <summary>
/// A file of Vital Recorder (NAME.vital), format version 3, as "Vital File Format Specification" of VitalDB (vitaldb.net) describes it: one gzip file with a header and packets that describe devices and tracks
/// or hold a record of a track. What is not known to it is passed over, as the specification demands; what contradicts it is an error.
/// </summary>
/// <remarks>
/// Bounds: <see cref="MaximumBytes"/> unpacked; packets of 256 MiB; 4,096 descriptions of tracks; 10 million records and <see cref="MaximumSamples"/> samples that are kept.
/// Memory is 2 bytes for a sample of up to 16 bits, 4 for others, 16 to 24 for a record.
/// </remarks>
public sealed class VitalFile
{
    /// <summary>So many bytes are unpacked at most.</summary>
    public const long MaximumBytes = VitalBytes.MaximumBytes;

    /// <summary>So many samples are kept at most, of all tracks together.</summary>
    public const long MaximumSamples = 250_000_000;

    /// <summary>The version of the format that is read.</summary>
    public const uint Version = 3;

    private const int PacketOfTrack = 0, PacketOfRecord = 1, PacketOfCommand = 6, PacketOfDevice = 9;
    private const int CommandResetEvents = 6;
    private const int LeastInfoBytes = 10;
    private const uint MaximumPacketBytes = 256 * 1024 * 1024;
    private const int MaximumDescriptionBytes = 16 * 1024;
    private const int MaximumHeaderBytes = 4096;
    private const int MaximumDescriptions = 4096;
    private const int MaximumRecords = 10_000_000;
    private const double EndOfTime = 253_402_300_800; // The year 10000.

    private readonly VitalBytes _bytes;
    private readonly Func<VitalTrackInfo, bool> _isKept;
    private readonly byte[] _block = new byte[16 * 1024];
    private readonly Dictionary<uint, string> _devices = [];
    private readonly Dictionary<VitalTrackInfo, VitalTrack> _byInfo = [];
    private readonly Dictionary<ushort, VitalTrack> _byId = [];
    private readonly List<VitalTrack> _tracks = [];
    private int _descriptions;
    private long _records;
    private long _samples;

    private VitalFile(VitalBytes bytes, Func<VitalTrackInfo, bool> isKept)
    {
        _bytes = bytes;
        _isKept = isKept;
    }

    /// <summary>Minutes that UTC is ahead of the recorder's local time.</summary>
    public short MinutesToUtc { get; private set; }

    /// <summary>Whether each wave is one packet whose gaps are filled with the form's own value for 'none' (Vital Recorder's "packed" storage).</summary>
    public bool IsPacked { get; private set; }

    /// <summary>The tracks in the order in which they are described.</summary>
    public IReadOnlyList<VitalTrack> Tracks => _tracks;

    /// <summary>Records of tracks that the file does not describe; they are passed over.</summary>
    public long UnknownRecords { get; private set; }

    /// <summary>Reads a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="isKept">Of which tracks the values are wanted; null for all.</param>
    /// <exception cref="VitalException">It is not of this form, damaged, cut, or beyond a bound; the message names file and byte.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static VitalFile Read(string path, Func<VitalTrackInfo, bool>? isKept = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        using VitalBytes bytes = new(path);
        VitalFile file = new(bytes, isKept ?? (static _ => true));
        file.ReadHeader();
        while (!bytes.IsAtEnd())
            file.ReadPacket();
        return file;
    }

    private void ReadHeader()
    {
        Span<byte> begin = stackalloc byte[10];
        _bytes.Read(begin, "the beginning of the header");
        if (!begin[..4].SequenceEqual("VITA"u8))
            throw _bytes.Error(0, "it does not begin with 'VITA': it is no file of Vital Recorder");
        uint version = BinaryPrimitives.ReadUInt32LittleEndian(begin[4..]);
        if (version != Version)
            throw _bytes.Error(4, $"its format has version {version}; version {Version} is read");
        int length = BinaryPrimitives.ReadUInt16LittleEndian(begin[8..]);
        if (length > MaximumHeaderBytes)
            throw _bytes.Error(8, $"its header is said to have {length} bytes; at most {MaximumHeaderBytes} are taken");
        byte[] header = new byte[length];
        _bytes.Read(header, "the header");
        MinutesToUtc = length >= 2 ? BinaryPrimitives.ReadInt16LittleEndian(header) : (short)0;
        IsPacked = length >= 27 && header[26] == 1;
    }

    private void ReadPacket()
    {
        long at = _bytes.Position;
        Span<byte> begin = stackalloc byte[5];
        _bytes.Read(begin, "the beginning of a packet");
        uint length = BinaryPrimitives.ReadUInt32LittleEndian(begin[1..]);
        if (length > MaximumPacketBytes)
            throw _bytes.Error(at + 1, $"a packet of type {begin[0]} is said to have {length} bytes; at most {MaximumPacketBytes} are taken");
        switch (begin[0])
        {
            case PacketOfTrack:
                AddTrack(Description(at, length, "the description of a track"));
                break;
            case PacketOfDevice:
                AddDevice(Description(at, length, "the description of a device"));
                break;
            case PacketOfRecord:
                ReadRecord(at, length);
                break;
            case PacketOfCommand:
                ReadCommand(length);
                break;
            default:
                _bytes.Skip(length, $"a packet of type {begin[0]}");
                break;
        }
    }

    private VitalFields Description(long packet, uint length, string what)
    {
        if (length > MaximumDescriptionBytes)
            throw _bytes.Error(packet + 1, $"{what} is said to have {length} bytes; at most {MaximumDescriptionBytes} are taken");
        if (++_descriptions > MaximumDescriptions)
            throw _bytes.Error(packet, $"there are more than {MaximumDescriptions} descriptions of tracks and devices");
        long at = _bytes.Position;
        Span<byte> bytes = _block.AsSpan(0, (int)length);
        _bytes.Read(bytes, what);
        return new VitalFields(_bytes, at, bytes);
    }

    private void AddDevice(VitalFields fields)
    {
        uint id = fields.UInt32("the number of a device");
        string type = fields.Text("the type of a device");
        string name = fields.IsAtEnd ? "" : fields.Text("the name of a device");
        _devices[id] = name.Length > 0 ? name : type;
    }

    private void AddTrack(VitalFields fields)
    {
        ushort id = fields.UInt16("the number of a track");
        int kind = fields.Byte("the type of a track");
        int form = fields.Byte("the format of a track");
        string name = fields.Text("the name of a track");
        string unit = fields.IsAtEnd ? "" : fields.Text("the unit of a track");
        if (!fields.IsAtEnd)
            fields.Single("the least value shown");
        if (!fields.IsAtEnd)
            fields.Single("the greatest value shown");
        if (!fields.IsAtEnd)
            fields.UInt32("the colour of a track");
        float hertz = fields.IsAtEnd ? 0 : fields.Single("the sampling rate of a track");
        double gain = fields.IsAtEnd ? 0 : fields.Double("the gain of a track");
        double offset = fields.IsAtEnd ? 0 : fields.Double("the offset of a track");
        byte meaning = fields.IsAtEnd ? (byte)0 : fields.Byte("the monitor type of a track");
        uint device = fields.IsAtEnd ? 0 : fields.UInt32("the device of a track");

        VitalKind known = kind is (int)VitalKind.Wave or (int)VitalKind.Number or (int)VitalKind.Text ? (VitalKind)kind : VitalKind.Unknown;
        if (known is VitalKind.Wave or VitalKind.Number && form is not (>= (int)VitalForm.Single and <= (int)VitalForm.UInt32))
            known = VitalKind.Unknown;
        VitalTrackInfo info = new(
            _devices.GetValueOrDefault(device, ""), device, name, unit, known, known is VitalKind.Wave or VitalKind.Number ? (VitalForm)form : VitalForm.None, hertz, gain == 0 ? 1 : gain, offset, meaning);
        if (!_byInfo.TryGetValue(info, out VitalTrack? track))
        {
            track = new VitalTrack(info, _isKept(info));
            _byInfo.Add(info, track);
            _tracks.Add(track);
        }

        _byId[id] = track;
    }

    private void ReadCommand(uint length)
    {
        if (length == 0)
            return;
        Span<byte> command = stackalloc byte[1];
        _bytes.Read(command, "a command");
        _bytes.Skip(length - 1, "a command");
        if (command[0] != CommandResetEvents)
            return;
        foreach (VitalTrack track in _tracks)
        {
            if (track.Info is { Kind: VitalKind.Text, DeviceId: 0, Name: "EVENT" })
                track.Reset();
        }
    }

    private void ReadRecord(long packet, uint length)
    {
        Span<byte> begin = stackalloc byte[2 + LeastInfoBytes];
        if (length < begin.Length)
            throw _bytes.Error(packet + 1, $"a record has {length} bytes; it needs {begin.Length} for its length, time and track");
        _bytes.Read(begin, "the beginning of a record");
        int info = BinaryPrimitives.ReadUInt16LittleEndian(begin);
        double time = BinaryPrimitives.ReadDoubleLittleEndian(begin[2..]);
        ushort id = BinaryPrimitives.ReadUInt16LittleEndian(begin[10..]);
        if (info < LeastInfoBytes || info + 2 > length)
            throw _bytes.Error(packet + 5, $"the head of a record is said to have {info} bytes; it has at least {LeastInfoBytes} and lies in a packet of {length}");
        _bytes.Skip(info - LeastInfoBytes, "the head of a record");
        long left = length - 2 - info;
        if (!_byId.TryGetValue(id, out VitalTrack? track))
            UnknownRecords++;
        else if (time is not (>= 0 and < EndOfTime))
            track.RecordsWithoutTime++;
        else
            left -= ReadValues(track, time, left);
        _bytes.Skip(left, "a record");
    }

    /// <summary>Reads what a record holds; returns how many bytes that were.</summary>
    private long ReadValues(VitalTrack track, double time, long left)
    {
        track.Count(time);
        if (track.IsKept && track.Info.Kind is VitalKind.Wave or VitalKind.Number && ++_records > MaximumRecords)
            throw _bytes.Error(_bytes.Position, $"there are more than {MaximumRecords:N0} records");
        return track.Info.Kind switch
        {
            VitalKind.Number => ReadNumber(track, time, left),
            VitalKind.Wave => ReadWave(track, time, left),
            _ => 0,
        };
    }

    private int ReadNumber(VitalTrack track, double time, long left)
    {
        int size = SizeOf(track.Info.Form);
        if (left < size)
            throw _bytes.Error(_bytes.Position, $"a number of {track.Info.FullName} needs {size} bytes, {left} are left in its packet");
        if (!track.IsKept)
            return 0;
        Span<byte> bytes = _block.AsSpan(0, size);
        _bytes.Read(bytes, "a number");
        track.Add(new VitalNumber(time, Value(track.Info, bytes)));
        return size;
    }

    private long ReadWave(VitalTrack track, double time, long left)
    {
        int size = SizeOf(track.Info.Form);
        Span<byte> head = stackalloc byte[4];
        if (left < head.Length)
            throw _bytes.Error(_bytes.Position, $"the number of samples of {track.Info.FullName} needs {head.Length} bytes, {left} are left in its packet");
        long at = _bytes.Position;
        _bytes.Read(head, "the number of samples");
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(head);
        if (count * (long)size > left - head.Length)
            throw _bytes.Error(at, $"{track.Info.FullName} is said to have {count} samples of {size} bytes here, {left - head.Length} bytes are left in its packet");
        track.CountSamples(count);
        if (!track.IsKept)
            return head.Length;
        if ((_samples += count) > MaximumSamples)
            throw _bytes.Error(at, $"there are more than {MaximumSamples:N0} samples");
        track.Add(new VitalPacket(time, track.StepsKept, (int)count));
        for (long done = 0; done < count;)
        {
            int part = (int)Math.Min(count - done, _block.Length / size);
            Span<byte> bytes = _block.AsSpan(0, part * size);
            _bytes.Read(bytes, "samples");
            AddSamples(track, bytes, size);
            done += part;
        }

        return head.Length + (count * (long)size);
    }

    private void AddSamples(VitalTrack track, ReadOnlySpan<byte> bytes, int size)
    {
        for (int at = 0; at < bytes.Length; at += size)
        {
            if (track.IsInSteps)
                track.AddStep(Step(track.Info.Form, bytes[at..]));
            else
                track.AddValue((float)Value(track.Info, bytes.Slice(at, size)));
        }
    }

    // The greatest or least value of a form means 'none' in packed storage. Those of 16 bits do in any; an 8-bit converter, though, may well be at its end.
    private short Step(VitalForm form, ReadOnlySpan<byte> bytes)
    {
        switch (form)
        {
            case VitalForm.Int8:
                return IsPacked && bytes[0] == 0x80 ? WaveformSignals.Missing : (sbyte)bytes[0];
            case VitalForm.UInt8:
                return IsPacked && bytes[0] == byte.MaxValue ? WaveformSignals.Missing : bytes[0];
            case VitalForm.Int16:
                return BinaryPrimitives.ReadInt16LittleEndian(bytes);
            default:
                ushort step = BinaryPrimitives.ReadUInt16LittleEndian(bytes);
                return step == ushort.MaxValue ? WaveformSignals.Missing : (short)(step - short.MaxValue);
        }
    }

    private static double Value(VitalTrackInfo info, ReadOnlySpan<byte> bytes)
    {
        double stored = info.Form switch
        {
            VitalForm.Single => BinaryPrimitives.ReadSingleLittleEndian(bytes),
            VitalForm.Double => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
            VitalForm.Int8 => (sbyte)bytes[0] is var value && value == sbyte.MinValue ? double.NaN : value,
            VitalForm.UInt8 => bytes[0] is var value && value == byte.MaxValue ? double.NaN : value,
            VitalForm.Int16 => BinaryPrimitives.ReadInt16LittleEndian(bytes) is var value && value == short.MinValue ? double.NaN : value,
            VitalForm.UInt16 => BinaryPrimitives.ReadUInt16LittleEndian(bytes) is var value && value == ushort.MaxValue ? double.NaN : value,
            VitalForm.Int32 => BinaryPrimitives.ReadInt32LittleEndian(bytes) is var value && value == int.MinValue ? double.NaN : value,
            _ => BinaryPrimitives.ReadUInt32LittleEndian(bytes) is var value && value == uint.MaxValue ? double.NaN : value,
        };
        double inUnit = info.Offset + (stored * info.Gain);
        return double.IsFinite(inUnit) ? inUnit : double.NaN;
    }

    private static int SizeOf(VitalForm form) => form switch
    {
        VitalForm.Int8 or VitalForm.UInt8 => 1,
        VitalForm.Int16 or VitalForm.UInt16 => 2,
        VitalForm.Double => 8,
        _ => 4,
    };
}
