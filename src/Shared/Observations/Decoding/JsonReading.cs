using System.Text.Json;

using PhysioActors.Shared.Patients;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Reads the JSON form of one reading.</summary>
internal static class JsonReading
{
    /// <summary>Reads the object that the reader has entered, to its end.</summary>
    /// <param name="reader">Stands on the object's start.</param>
    /// <param name="record">The record, for its Kafka timestamp.</param>
    /// <param name="unitScratch">Memory for a unit with escapes, until the reading is judged.</param>
    /// <param name="word">Memory for other words with escapes.</param>
    /// <param name="fields">What was found.</param>
    public static void Read(ref Utf8JsonReader reader, in InboundRecord record, Span<byte> unitScratch, byte[] word, ref ReadingFields fields)
    {
        uint seen = 0;
        while (JsonTokens.NextName(ref reader))
        {
            ReadingField field = Find(JsonTokens.Name(ref reader, word));
            FieldValue value = JsonTokens.Enter(ref reader, (int)field, ref seen);
            if (value == FieldValue.There)
                ReadField(ref reader, field, record, unitScratch, word, ref fields);
            else if (value == FieldValue.Again)
                fields.Note(RefusalReason.Malformed, field);
        }
    }

    private static void ReadField(ref Utf8JsonReader reader, ReadingField field, in InboundRecord record, Span<byte> unitScratch, byte[] word, ref ReadingFields fields)
    {
        switch (reader.TokenType)
        {
            case JsonTokenType.String:
                ReadText(ref reader, field, record, unitScratch, word, ref fields);
                break;
            case JsonTokenType.Number when field is ReadingField.Value or ReadingField.Time:
                ReadNumber(ref reader, field, record, ref fields);
                break;
            default:
                fields.Note(RefusalReason.WrongType, field, (int)reader.TokenStartIndex, reader.TokenType == JsonTokenType.Number ? reader.ValueSpan.Length : 1);
                reader.Skip();
                break;
        }
    }

    private static void ReadNumber(ref Utf8JsonReader reader, ReadingField field, in InboundRecord record, ref ReadingFields fields)
    {
        int start = (int)reader.TokenStartIndex;
        if (field == ReadingField.Value)
        {
            fields.Value = JsonText.ParseNumber(reader.ValueSpan);
            fields.ValueState = double.IsFinite(fields.Value) ? ValueState.Number : ValueState.NotFinite;
            fields.ValueStart = start;
            fields.ValueLength = reader.ValueSpan.Length;
            return;
        }

        if (InboundTime.TryParseNumber(reader.ValueSpan, out long time) && InboundTime.IsValid(time, record.TimestampMs))
            fields.TimeMs = time;
        else
            fields.Note(RefusalReason.InvalidTime, ReadingField.Time, start, reader.ValueSpan.Length);
    }

    private static void ReadText(ref Utf8JsonReader reader, ReadingField field, in InboundRecord record, Span<byte> unitScratch, byte[] word, ref ReadingFields fields)
    {
        int start = (int)reader.TokenStartIndex + 1;
        int length = reader.ValueSpan.Length;
        switch (field)
        {
            case ReadingField.Code:
                fields.HasCode = true;
                if (!SignalCodes.TryFind(JsonTokens.Word(ref reader, word), out fields.Code))
                    fields.Note(RefusalReason.UnknownCode, field, start, length);
                break;
            case ReadingField.Value:
                // A word for no number tells of a sensor's or a library's trouble, any other text of a wrong gateway.
                fields.ValueState = ValueState.NotFinite;
                (fields.Value, fields.ValueStart, fields.ValueLength) = (double.NaN, start, length);
                if (!JsonText.IsNotFiniteWord(JsonTokens.Word(ref reader, word)))
                    fields.Note(RefusalReason.WrongType, field, start, length);
                break;
            case ReadingField.Unit:
                fields.Unit = JsonTokens.Word(ref reader, unitScratch);
                fields.UnitStart = start;
                if (fields.Unit.IsEmpty)
                    fields.Note(RefusalReason.UnknownUnit, field, start, length);
                break;
            case ReadingField.Time:
                if (InboundTime.TryParseText(JsonTokens.Word(ref reader, word), out long time) && InboundTime.IsValid(time, record.TimestampMs))
                    fields.TimeMs = time;
                else
                    fields.Note(RefusalReason.InvalidTime, field, start, length);
                break;
            case ReadingField.Quality:
                fields.HasQuality = true;
                if (!ReadingWords.TryFindQuality(JsonTokens.Word(ref reader, word), out fields.Quality))
                    fields.Note(RefusalReason.WrongType, field, start, length);
                break;
            case ReadingField.Source:
                if (!ReadingWords.TryFindSource(JsonTokens.Word(ref reader, word), out fields.Source))
                    fields.Note(RefusalReason.WrongType, field, start, length);
                break;
            default:
                ReadAbsent(ref reader, word, ref fields);
                break;
        }
    }

    private static void ReadAbsent(ref Utf8JsonReader reader, byte[] word, ref ReadingFields fields)
    {
        JsonText.Outcome outcome = JsonText.Outcome.Done;
        ReadOnlySpan<byte> reason = reader.ValueSpan;
        if (reader.ValueIsEscaped)
        {
            outcome = JsonText.Unescape(reader.ValueSpan, word, out int written);
            reason = word.AsSpan(0, written);
        }

        if (outcome == JsonText.Outcome.HalfCharacter)
            fields.Note(RefusalReason.InvalidUtf8, ReadingField.Absent);
        else if (outcome == JsonText.Outcome.TooLong || IdText.Check(reason) is not null)
            fields.Note(RefusalReason.InvalidId, ReadingField.Absent);
        else
            fields.SetAbsent(reason);
    }

    private static ReadingField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("code"u8) => ReadingField.Code,
        4 when name.SequenceEqual("unit"u8) => ReadingField.Unit,
        4 when name.SequenceEqual("time"u8) => ReadingField.Time,
        5 when name.SequenceEqual("value"u8) => ReadingField.Value,
        6 when name.SequenceEqual("source"u8) => ReadingField.Source,
        6 when name.SequenceEqual("absent"u8) => ReadingField.Absent,
        7 when name.SequenceEqual("quality"u8) => ReadingField.Quality,
        _ => ReadingField.None,
    };
}
