using System.IO.Compression;
using System.Text;
using PhysioActors.Ingest.Waveforms.Vital;

namespace PhysioActors.Ingest.Tests.Support;

/// <summary>Writes files of Vital Recorder byte by byte, right ones and wrong ones.</summary>
public sealed class VitalFileWriter
{
    private readonly MemoryStream _bytes = new();
    private readonly BinaryWriter _writer;

    public VitalFileWriter(uint version = 3, bool packed = false, string sign = "VITA")
    {
        _writer = new BinaryWriter(_bytes);
        _writer.Write(Encoding.ASCII.GetBytes(sign));
        _writer.Write(version);
        _writer.Write((ushort)(packed ? 27 : 10));
        _writer.Write((short)-120);
        _writer.Write(new byte[8]);
        if (packed)
        {
            _writer.Write(new byte[16]);
            _writer.Write((byte)1);
        }
    }

    /// <summary>The length so far.</summary>
    public long Length => _bytes.Length;

    public VitalFileWriter Device(uint id, string type, string name) => Packet(9, writer =>
    {
        writer.Write(id);
        Text(writer, type);
        Text(writer, name);
        Text(writer, "COM1");
    });

    public VitalFileWriter Track(ushort id, VitalKind kind, VitalForm form, string name, string unit = "", float hertz = 0, double gain = 1, double offset = 0, byte meaning = 0, uint device = 0) => Packet(0, writer =>
    {
        writer.Write(id);
        writer.Write((byte)kind);
        writer.Write((byte)form);
        Text(writer, name);
        Text(writer, unit);
        writer.Write(0f);
        writer.Write(100f);
        writer.Write(0xFFFFFFFF);
        writer.Write(hertz);
        writer.Write(gain);
        writer.Write(offset);
        writer.Write(meaning);
        writer.Write(device);
    });

    public VitalFileWriter Record(ushort track, double time, Action<BinaryWriter> values, int furtherInfo = 0) => Packet(1, writer =>
    {
        writer.Write((ushort)(10 + furtherInfo));
        writer.Write(time);
        writer.Write(track);
        writer.Write(new byte[furtherInfo]);
        values(writer);
    });

    public VitalFileWriter Number(ushort track, double time, float value) => Record(track, time, writer => writer.Write(value));

    /// <summary>Samples in 16 bits; those of unsigned tracks are given as they are stored.</summary>
    public VitalFileWriter Wave(ushort track, double time, params short[] samples) => Record(track, time, writer =>
    {
        writer.Write(samples.Length);
        foreach (short sample in samples)
            writer.Write(sample);
    });

    public VitalFileWriter Event(ushort track, double time, string text) => Record(track, time, writer =>
    {
        writer.Write(0);
        Text(writer, text);
    });

    public VitalFileWriter Packet(byte type, Action<BinaryWriter> content, uint? length = null)
    {
        using MemoryStream bytes = new();
        using BinaryWriter writer = new(bytes);
        content(writer);
        writer.Flush();
        _writer.Write(type);
        _writer.Write(length ?? (uint)bytes.Length);
        _writer.Write(bytes.ToArray());
        return this;
    }

    public byte[] Unpacked()
    {
        _writer.Flush();
        return _bytes.ToArray();
    }

    public byte[] Packed() => Pack(Unpacked());

    public string Save(ScratchFolder scratch, string name)
    {
        scratch.Folder(Path.GetDirectoryName(name)!);
        return scratch.WriteBytes(name, Packed());
    }

    public static byte[] Pack(ReadOnlySpan<byte> bytes)
    {
        using MemoryStream packed = new();
        using (GZipStream gzip = new(packed, CompressionLevel.Fastest, leaveOpen: true))
            gzip.Write(bytes);
        return packed.ToArray();
    }

    public static void Text(BinaryWriter writer, string text)
    {
        byte[] bytes = Encoding.UTF8.GetBytes(text);
        writer.Write(bytes.Length);
        writer.Write(bytes);
    }
}
