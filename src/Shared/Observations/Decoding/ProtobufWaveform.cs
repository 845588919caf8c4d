using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text.Unicode;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Reads the protobuf form of one waveform (<c>physio.v1.Waveform</c>).</summary>
internal static class ProtobufWaveform
{
    /// <summary>Reads the fields of a waveform.</summary>
    /// <param name="bytes">The waveform.</param>
    /// <param name="start">Where it begins in the message.</param>
    /// <param name="record">The record, for its Kafka timestamp.</param>
    /// <param name="into">Gives the memory for the samples.</param>
    /// <param name="fields">What was found.</param>
    /// <returns>False when the bytes are not protobuf.</returns>
    public static bool Read(ReadOnlySpan<byte> bytes, int start, in InboundRecord record, DecodedObservation into, ref WaveformFields fields)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.IsBytes:
                    ReadOnlySpan<byte> name = reader.Bytes();
                    ReadSignal(name, start + reader.Position - name.Length, ref fields);
                    break;
                case 2 when reader.IsFixed64:
                    fields.SetRate(reader.Double());
                    break;
                case 3 when reader.IsFixed64:
                    fields.SetGain(reader.Double());
                    break;
                case 4 when reader.IsVarint:
                    ulong zigzag = reader.Varint();
                    fields.SetBaseline((long)(zigzag >> 1) ^ -(long)(zigzag & 1));
                    break;
                case 5 when reader.IsVarint:
                    fields.SetTime((long)reader.Varint(), record.TimestampMs);
                    break;
                case 6 when reader.IsBytes:
                    ReadSamples(reader.Bytes(), into, ref fields);
                    break;
                case >= 1 and <= 6:
                    fields.See(Name(reader.Field));
                    fields.Note(RefusalReason.WrongType, Name(reader.Field));
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return !reader.IsBroken;
    }

    private static void ReadSignal(ReadOnlySpan<byte> name, int start, ref WaveformFields fields)
    {
        if (name.IsEmpty)
            return;
        if (Utf8.IsValid(name))
        {
            fields.SetSignal(name, start, name.Length);
            return;
        }

        fields.See(WaveformField.Signal);
        fields.Note(RefusalReason.InvalidUtf8, WaveformField.Signal);
    }

    private static void ReadSamples(ReadOnlySpan<byte> bytes, DecodedObservation into, ref WaveformFields fields)
    {
        int count = bytes.Length / 2;
        if ((bytes.Length & 1) != 0)
            fields.Note(RefusalReason.InvalidSamples, WaveformField.Samples);
        if (count > WaveformBounds.MaximumSamples)
        {
            fields.Note(RefusalReason.TooManySamples, WaveformField.Samples);
            count = 0;
        }

        Memory<short> samples = into.Samples(count);
        ReadOnlySpan<short> stored = MemoryMarshal.Cast<byte, short>(bytes[..(2 * count)]);
        if (BitConverter.IsLittleEndian)
            stored.CopyTo(samples.Span);
        else
            BinaryPrimitives.ReverseEndianness(stored, samples.Span);
        fields.SetSamples(samples);
    }

    private static WaveformField Name(int field) => field switch
    {
        1 => WaveformField.Signal,
        2 => WaveformField.Rate,
        3 => WaveformField.Gain,
        4 => WaveformField.Baseline,
        5 => WaveformField.Time,
        _ => WaveformField.Samples,
    };
}
