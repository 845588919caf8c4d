using System.Text.Unicode;

using PhysioActors.Shared.Patients;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Reads the protobuf form of one reading (<c>physio.v1.Reading</c>).</summary>
internal static class ProtobufReading
{
    /// <summary>Reads the fields of a reading.</summary>
    /// <param name="bytes">The reading.</param>
    /// <param name="start">Where it begins in the message.</param>
    /// <param name="record">The record, for its Kafka timestamp.</param>
    /// <param name="fields">What was found.</param>
    /// <returns>False when the bytes are not protobuf.</returns>
    public static bool Read(ReadOnlySpan<byte> bytes, int start, in InboundRecord record, ref ReadingFields fields)
    {
        var reader = new ProtobufReader(bytes);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 or 3 or 7 when reader.IsBytes:
                    int field = reader.Field;
                    ReadOnlySpan<byte> text = reader.Bytes();
                    ReadText(text, field, start + reader.Position - text.Length, ref fields);
                    break;
                case 2 when reader.IsFixed64:
                    fields.Value = reader.Double();
                    fields.ValueState = double.IsFinite(fields.Value) ? ValueState.Number : ValueState.NotFinite;
                    break;
                case 4 when reader.IsVarint:
                    fields.TimeMs = (long)reader.Varint();
                    if (!InboundTime.IsValid(fields.TimeMs, record.TimestampMs))
                        fields.Note(RefusalReason.InvalidTime, ReadingField.Time);
                    break;
                case 5 when reader.IsVarint:
                    ulong quality = reader.Varint();
                    fields.HasQuality = true;
                    fields.Quality = (ReadingQuality)quality;
                    if (quality > (ulong)ReadingQuality.Test)
                        fields.Note(RefusalReason.WrongType, ReadingField.Quality);
                    break;
                case 6 when reader.IsVarint:
                    ulong source = reader.Varint();
                    fields.Source = (ReadingSource)source;
                    if (source > (ulong)ReadingSource.CareTeam)
                        fields.Note(RefusalReason.WrongType, ReadingField.Source);
                    break;
                case >= 1 and <= 7:
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

    private static void ReadText(ReadOnlySpan<byte> text, int field, int start, ref ReadingFields fields)
    {
        if (text.IsEmpty)
            return;
        if (!Utf8.IsValid(text))
        {
            fields.Note(RefusalReason.InvalidUtf8, Name(field));
            return;
        }

        switch (field)
        {
            case 1:
                fields.HasCode = true;
                if (!SignalCodes.TryFind(text, out fields.Code))
                    fields.Note(RefusalReason.UnknownCode, ReadingField.Code, start, text.Length);
                break;
            case 3:
                fields.Unit = text;
                fields.UnitStart = start;
                break;
            default:
                if (IdText.Check(text) is null)
                    fields.SetAbsent(text);
                else
                    fields.Note(RefusalReason.InvalidId, ReadingField.Absent);
                break;
        }
    }

    private static ReadingField Name(int field) => field switch
    {
        1 => ReadingField.Code,
        2 => ReadingField.Value,
        3 => ReadingField.Unit,
        4 => ReadingField.Time,
        5 => ReadingField.Quality,
        6 => ReadingField.Source,
        _ => ReadingField.Absent,
    };
}
