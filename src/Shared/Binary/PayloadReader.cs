using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace PhysioActors.Shared.Binary;

/// <summary>Reads what <see cref="PayloadWriter"/> wrote. Every read that would pass the end, or finds a form the writer never makes, throws <see cref="InvalidDataException"/>.</summary>
public ref struct PayloadReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;

    /// <summary>Reads from the start of <paramref name="bytes"/>.</summary>
    public PayloadReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>How far reading has got, in bytes.</summary>
    public readonly int Position => _at;

    /// <summary>True when nothing is left.</summary>
    public readonly bool AtEnd => _at == _bytes.Length;

    /// <summary>Reads one byte.</summary>
    public byte Byte()
    {
        if (_at >= _bytes.Length)
            ThrowEnd(1);
        return _bytes[_at++];
    }

    /// <summary>Reads 0 or 1; any other byte is an error.</summary>
    public bool Boolean() => Byte() switch
    {
        0 => false,
        1 => true,
        byte other => throw new InvalidDataException($"Byte {_at - 1}: {other} is neither true nor false."),
    };

    /// <summary>Reads an unsigned variable-length integer.</summary>
    public ulong Unsigned()
    {
        ulong value = 0;
        for (int shift = 0; shift < 64; shift += 7)
        {
            byte next = Byte();
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        throw new InvalidDataException($"Byte {_at}: the integer has more than 64 bits.");
    }

    /// <summary>Reads a signed variable-length integer.</summary>
    public long Signed()
    {
        ulong value = Unsigned();
        return (long)(value >> 1) ^ -(long)(value & 1);
    }

    /// <summary>Reads a length or count and checks that it is at most <paramref name="bound"/>.</summary>
    public int Count(int bound)
    {
        ulong value = Unsigned();
        if (value > (ulong)bound)
            throw new InvalidDataException($"Byte {_at}: a count of {value} exceeds the bound {bound}.");
        return (int)value;
    }

    /// <summary>Reads a double bit for bit.</summary>
    public double Double() => BinaryPrimitives.ReadDoubleLittleEndian(Raw(8));

    /// <summary>Reads a single bit for bit.</summary>
    public float Single() => BinaryPrimitives.ReadSingleLittleEndian(Raw(4));

    /// <summary>Reads 4 bytes, little-endian.</summary>
    public uint UInt32() => BinaryPrimitives.ReadUInt32LittleEndian(Raw(4));

    /// <summary>Reads 8 bytes, little-endian.</summary>
    public ulong UInt64() => BinaryPrimitives.ReadUInt64LittleEndian(Raw(8));

    /// <summary>Reads bytes with their length before them, as a view of the source.</summary>
    public ReadOnlySpan<byte> Bytes() => Raw(Count(_bytes.Length));

    /// <summary>Reads a text in UTF-8 with its length before it.</summary>
    public string Text() => System.Text.Encoding.UTF8.GetString(Bytes());

    /// <summary>Reads <paramref name="count"/> bytes as a view of the source.</summary>
    public ReadOnlySpan<byte> Raw(int count)
    {
        if (_bytes.Length - _at < count)
            ThrowEnd(count);
        ReadOnlySpan<byte> view = _bytes.Slice(_at, count);
        _at += count;
        return view;
    }

    [DoesNotReturn]
    private readonly void ThrowEnd(int count) =>
        throw new InvalidDataException($"Byte {_at}: {count} more bytes expected, {_bytes.Length - _at} left.");
}
