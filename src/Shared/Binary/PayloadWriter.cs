using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace PhysioActors.Shared.Binary;

/// <summary>
/// Writes the canonical binary form of events and snapshots into one growing buffer that is owned by the writer and reused.
/// The same values always give the same bytes: variable-length integers are minimal, doubles are written bit for bit, little-endian.
/// </summary>
/// <remarks>Not thread-safe. What <see cref="Written"/> returns is valid until the next write or <see cref="Truncate"/>.</remarks>
public sealed class PayloadWriter
{
    private byte[] _buffer;
    private int _length;

    /// <summary>Makes a writer whose buffer starts at <paramref name="capacity"/> bytes and doubles when it is full.</summary>
    public PayloadWriter(int capacity = 256) => _buffer = new byte[Math.Max(16, capacity)];

    /// <summary>How many bytes were written.</summary>
    public int Length => _length;

    /// <summary>All that was written.</summary>
    public ReadOnlySpan<byte> Written => _buffer.AsSpan(0, _length);

    /// <summary>All that was written, as memory over the writer's own buffer.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.AsMemory(0, _length);

    /// <summary>Forgets everything behind <paramref name="length"/>.</summary>
    public void Truncate(int length = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(length, _length);
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        _length = length;
    }

    /// <summary>Writes one byte.</summary>
    public void Byte(byte value)
    {
        if (_length == _buffer.Length)
            Grow(1);
        _buffer[_length++] = value;
    }

    /// <summary>Writes true as 1 and false as 0.</summary>
    public void Boolean(bool value) => Byte(value ? (byte)1 : (byte)0);

    /// <summary>Writes an unsigned integer in 7-bit groups, least significant first (LEB128).</summary>
    public void Unsigned(ulong value)
    {
        Reserve(10);
        ref byte at = ref Unsafe.Add(ref System.Runtime.InteropServices.MemoryMarshal.GetArrayDataReference(_buffer), _length);
        int written = 0;
        while (value >= 0x80)
        {
            Unsafe.Add(ref at, written++) = (byte)(value | 0x80);
            value >>= 7;
        }

        Unsafe.Add(ref at, written++) = (byte)value;
        _length += written;
    }

    /// <summary>Writes a signed integer, zigzag-coded so that small magnitudes are short.</summary>
    public void Signed(long value) => Unsigned((ulong)((value << 1) ^ (value >> 63)));

    /// <summary>Writes the 8 bytes of a double.</summary>
    public void Double(double value)
    {
        Reserve(8);
        BinaryPrimitives.WriteDoubleLittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>Writes the 4 bytes of a single.</summary>
    public void Single(float value)
    {
        Reserve(4);
        BinaryPrimitives.WriteSingleLittleEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    /// <summary>Writes 4 bytes, little-endian.</summary>
    public void UInt32(uint value)
    {
        Reserve(4);
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.AsSpan(_length), value);
        _length += 4;
    }

    /// <summary>Writes 8 bytes, little-endian.</summary>
    public void UInt64(ulong value)
    {
        Reserve(8);
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.AsSpan(_length), value);
        _length += 8;
    }

    /// <summary>Writes bytes with their length before them.</summary>
    public void Bytes(ReadOnlySpan<byte> value)
    {
        Unsigned((ulong)value.Length);
        Raw(value);
    }

    /// <summary>Writes bytes as they are.</summary>
    public void Raw(ReadOnlySpan<byte> value)
    {
        Reserve(value.Length);
        value.CopyTo(_buffer.AsSpan(_length));
        _length += value.Length;
    }

    /// <summary>Writes a text as UTF-8 with its length in bytes before it; null becomes the empty text.</summary>
    public void Text(string? value)
    {
        if (string.IsNullOrEmpty(value))
        {
            Byte(0);
            return;
        }

        int bytes = System.Text.Encoding.UTF8.GetByteCount(value);
        Unsigned((ulong)bytes);
        Reserve(bytes);
        System.Text.Encoding.UTF8.GetBytes(value, _buffer.AsSpan(_length));
        _length += bytes;
    }

    private void Reserve(int bytes)
    {
        if (_buffer.Length - _length < bytes)
            Grow(bytes);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private void Grow(int bytes) =>
        Array.Resize(ref _buffer, (int)Math.Min((uint)Array.MaxLength, BitOperations.RoundUpToPowerOf2((uint)(_length + bytes))));
}
