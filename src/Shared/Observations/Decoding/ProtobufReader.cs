using System.Buffers.Binary;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>
/// Reads protobuf's wire format field by field, as views of the message. What is wrong sets <see cref="IsBroken"/> and ends the reading; nothing throws.
/// </summary>
internal ref struct ProtobufReader
{
    private readonly ReadOnlySpan<byte> _bytes;
    private int _at;
    private uint _tag;

    public ProtobufReader(ReadOnlySpan<byte> bytes) => _bytes = bytes;

    /// <summary>True when the bytes are not protobuf.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>Where reading has got.</summary>
    public readonly int Position => _at;

    /// <summary>The number of the present field.</summary>
    public readonly int Field => (int)(_tag >> 3);

    /// <summary>True when the present field is an integer.</summary>
    public readonly bool IsVarint => (_tag & 7) == 0;

    /// <summary>True when the present field has 8 bytes, as a double has.</summary>
    public readonly bool IsFixed64 => (_tag & 7) == 1;

    /// <summary>True when the present field is a text, bytes or a message.</summary>
    public readonly bool IsBytes => (_tag & 7) == 2;

    /// <summary>Goes to the next field; false at the end or when the bytes are broken.</summary>
    public bool Next()
    {
        if (IsBroken || _at == _bytes.Length)
            return false;
        ulong tag = Varint();
        _tag = (uint)tag;
        if (tag > uint.MaxValue || Field == 0)
            IsBroken = true;
        return !IsBroken;
    }

    /// <summary>Reads the present field as an integer.</summary>
    public ulong Varint()
    {
        ulong value = 0;
        for (int shift = 0; shift < 70; shift += 7)
        {
            if (_at == _bytes.Length)
                break;
            byte next = _bytes[_at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80)
                return value;
        }

        IsBroken = true;
        return 0;
    }

    /// <summary>Reads the present field as a double.</summary>
    public double Double()
    {
        ReadOnlySpan<byte> bytes = Take(8);
        return IsBroken ? 0 : BinaryPrimitives.ReadDoubleLittleEndian(bytes);
    }

    /// <summary>Reads the present field as bytes; <see cref="Position"/> is behind them then.</summary>
    public ReadOnlySpan<byte> Bytes()
    {
        ulong length = Varint();
        return Take(length > int.MaxValue ? int.MaxValue : (int)length);
    }

    /// <summary>Passes over the present field, groups (of the older syntax) with all that is in them.</summary>
    public void Skip()
    {
        int depth = 0;
        do
        {
            switch (_tag & 7)
            {
                case 0:
                    Varint();
                    break;
                case 1:
                    Take(8);
                    break;
                case 2:
                    Bytes();
                    break;
                case 3:
                    depth++;
                    break;
                case 4 when depth > 0:
                    depth--;
                    break;
                case 5:
                    Take(4);
                    break;
                default:
                    IsBroken = true;
                    break;
            }

            if (depth > 0 && !Next())
                IsBroken = true;
        }
        while (depth > 0 && !IsBroken);
    }

    private ReadOnlySpan<byte> Take(int count)
    {
        if (IsBroken || _bytes.Length - _at < count)
        {
            IsBroken = true;
            return default;
        }

        _at += count;
        return _bytes.Slice(_at - count, count);
    }
}
