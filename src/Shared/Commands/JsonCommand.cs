using System.Text.Json;
using System.Text.Unicode;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Commands;

/// <summary>Reads the JSON form of a command.</summary>
internal static class JsonCommand
{
    // By number, from 1.
    private static readonly string[] Names =
    [
        "", "v", "patient", "command", "anomalyId", "by", "reason", "time", "duration", "signal", "low", "high", "desaturation", "ageClass", "birthDate", "pregnant", "spo2Scale", "oxygen",
        "consciousness", "measuredAt", "weight",
    ];

    /// <summary>Reads all fields; what is wrong with single ones is noted.</summary>
    /// <returns>A refusal when the value is not a JSON object.</returns>
    public static Refusal? Read(in InboundRecord record, CommandFields fields)
    {
        ReadOnlySpan<byte> value = record.Value.Span;
        if (!Utf8.IsValid(value))
            return RecordPlace.NotUtf8(value);
        try
        {
            var reader = new Utf8JsonReader(value, new JsonReaderOptions { MaxDepth = RecordPlace.MaximumBytes + 1 });
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return new(RefusalReason.Malformed, "", $"The value must be a JSON object, not {JsonTokens.Name(reader.TokenType)}.");
            ReadObject(ref reader, record, fields);
            reader.Read();
            return null;
        }
        catch (JsonException exception)
        {
            return RecordPlace.NotJson(exception);
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, in InboundRecord record, CommandFields fields)
    {
        byte[] scratch = new byte[CommandRules.LongestName];
        uint seen = 0;
        while (JsonTokens.NextName(ref reader))
        {
            int field = Find(JsonTokens.Name(ref reader, scratch));
            FieldValue value = JsonTokens.Enter(ref reader, field, ref seen);
            if (value == FieldValue.There)
                ReadField(ref reader, Names[field], record, fields);
            else if (value == FieldValue.Again)
                fields.Note(RefusalReason.Malformed, Names[field], $"The field {Names[field]} stands there twice; which one counts?");
        }
    }

    private static void ReadField(ref Utf8JsonReader reader, string field, in InboundRecord record, CommandFields fields)
    {
        switch (field)
        {
            case "v":
                ReadVersion(ref reader, fields);
                break;
            case "time":
                fields.TimeMs = ReadTime(ref reader, field, fields);
                break;
            case "measuredAt":
                fields.MeasuredAtMs = ReadTime(ref reader, field, fields);
                break;
            case "duration":
                fields.DurationSeconds = ReadWhole(ref reader, field, fields);
                break;
            case "spo2Scale":
                fields.SpO2Scale = ReadWhole(ref reader, field, fields);
                break;
            case "low":
                fields.Low = ReadNumber(ref reader, field, fields);
                break;
            case "high":
                fields.High = ReadNumber(ref reader, field, fields);
                break;
            case "desaturation":
                fields.Desaturation = ReadNumber(ref reader, field, fields);
                break;
            case "weight":
                fields.WeightKilograms = ReadNumber(ref reader, field, fields);
                break;
            case "pregnant":
                fields.Pregnant = ReadBoolean(ref reader, field, fields);
                break;
            default:
                ReadText(ref reader, field, record, fields);
                break;
        }
    }

    private static void ReadVersion(ref Utf8JsonReader reader, CommandFields fields)
    {
        if (reader.TokenType == JsonTokenType.Number && InboundTime.TryParseNumber(reader.ValueSpan, out long version))
        {
            fields.IsUnknownVersion = version is < 1 or > CommandRules.NewestVersion;
            return;
        }

        fields.Note(RefusalReason.WrongType, "v", "The version v must be a whole number.");
        reader.Skip();
    }

    private static long? ReadTime(ref Utf8JsonReader reader, string field, CommandFields fields)
    {
        long time = 0;
        bool isRead = reader.TokenType switch
        {
            JsonTokenType.String => InboundTime.TryParseText(JsonTokens.Word(ref reader, new byte[CommandRules.LongestName]), out time),
            JsonTokenType.Number => InboundTime.TryParseNumber(reader.ValueSpan, out time),
            _ => false,
        };
        if (isRead)
            return time;
        fields.Note(reader.TokenType is JsonTokenType.String or JsonTokenType.Number ? RefusalReason.InvalidTime : RefusalReason.WrongType, field, $"The {field} must be {InboundTime.Form}.");
        reader.Skip();
        return null;
    }

    private static long? ReadWhole(ref Utf8JsonReader reader, string field, CommandFields fields)
    {
        if (reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long whole))
            return whole;
        fields.Note(RefusalReason.WrongType, field, $"The {field} must be a whole number.");
        reader.Skip();
        return null;
    }

    private static double? ReadNumber(ref Utf8JsonReader reader, string field, CommandFields fields)
    {
        if (reader.TokenType == JsonTokenType.Number)
        {
            if (reader.TryGetDouble(out double number) && double.IsFinite(number))
                return number;
            fields.Note(RefusalReason.NotFinite, field, $"The {field} is no finite number.");
            return null;
        }

        fields.Note(RefusalReason.WrongType, field, $"The {field} must be a number, not {JsonTokens.Name(reader.TokenType)}.");
        reader.Skip();
        return null;
    }

    private static bool? ReadBoolean(ref Utf8JsonReader reader, string field, CommandFields fields)
    {
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
            return reader.TokenType == JsonTokenType.True;
        fields.Note(RefusalReason.WrongType, field, $"The {field} must be true or false, not {JsonTokens.Name(reader.TokenType)}.");
        reader.Skip();
        return null;
    }

    private static void ReadText(ref Utf8JsonReader reader, string field, in InboundRecord record, CommandFields fields)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            fields.Note(RefusalReason.WrongType, field, $"The {field} must be a string, not {JsonTokens.Name(reader.TokenType)}.");
            reader.Skip();
            return;
        }

        // One byte more than allowed, so that a text that is too long is seen to be.
        var scratch = new byte[CommandFields.Longest(field) + 1];
        if (JsonTokens.Text(ref reader, record.Value, scratch, out ReadOnlyMemory<byte> text) == JsonText.Outcome.HalfCharacter)
            fields.Note(RefusalReason.InvalidUtf8, field, $"The {field} has an escape for half of a surrogate pair, which is no character.");
        else
            fields.SetText(field, text);
    }

    private static int Find(ReadOnlySpan<byte> name)
    {
        for (int i = 1; i < Names.Length; i++)
        {
            if (System.Text.Ascii.Equals(name, Names[i]))
                return i;
        }

        return 0;
    }
}
