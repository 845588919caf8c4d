using System.Text.Json;
using System.Text.Unicode;

using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>
/// Reads the JSON form of an observation from its UTF-8 bytes. Texts stay where they are in the message; only those with escapes are resolved, into memory of the observation.
/// </summary>
internal static class JsonObservation
{
    // Fields that this version does not know may be nested as deep as the size allows: the tokenizer keeps one bit a level and never recurses.
    private static readonly JsonReaderOptions Options = new() { MaxDepth = RecordPlace.MaximumBytes + 1 };

    private enum Field : byte
    {
        None,
        Version,
        Patient,
        Encounter,
        Device,
        Session,
        Sequence,
        Time,
        Interval,
        Readings,
        Waveforms,
    }

    /// <summary>Reads all fields; what is wrong with single ones is noted in the envelope.</summary>
    /// <returns>A refusal when the value is not a JSON object.</returns>
    public static Refusal? Read(in InboundRecord record, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        ReadOnlySpan<byte> value = record.Value.Span;
        if (!Utf8.IsValid(value))
            return RecordPlace.NotUtf8(value);
        try
        {
            var reader = new Utf8JsonReader(value, Options);
            reader.Read();
            if (reader.TokenType != JsonTokenType.StartObject)
                return new(RefusalReason.Malformed, "", $"The value must be a JSON object, not {JsonTokens.Name(reader.TokenType)}.");
            ReadObject(ref reader, record, into, word, ref envelope);

            // Anything but white space behind the object throws here.
            reader.Read();
            return null;
        }
        catch (JsonException exception)
        {
            return RecordPlace.NotJson(exception);
        }
    }

    private static void ReadObject(ref Utf8JsonReader reader, in InboundRecord record, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        uint seen = 0;
        while (JsonTokens.NextName(ref reader))
        {
            Field field = Find(JsonTokens.Name(ref reader, word));
            FieldValue value = JsonTokens.Enter(ref reader, (int)field, ref seen);
            if (value == FieldValue.There)
                ReadField(ref reader, field, record, into, word, ref envelope);
            else if (value == FieldValue.Again)
                envelope.Note(RefusalReason.Malformed, Name(field), $"The field {Name(field)} stands there twice; which one counts?");
        }
    }

    private static void ReadField(ref Utf8JsonReader reader, Field field, in InboundRecord record, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        switch (field)
        {
            case Field.Patient:
                ReadOnlyMemory<byte> patient = ReadId(ref reader, field, record, into.Scratch(3), ref envelope);
                envelope.Patient = patient.Span;
                if (!patient.IsEmpty && PatientKey.Check(patient.Span) is { } problem)
                    envelope.Note(RefusalReason.InvalidId, "patient", $"The patient {problem}.");
                break;
            case Field.Encounter:
                into.Encounter = ReadId(ref reader, field, record, into.Scratch(0), ref envelope);
                break;
            case Field.Device:
                into.Device = ReadId(ref reader, field, record, into.Scratch(1), ref envelope);
                break;
            case Field.Session:
                into.Session = ReadId(ref reader, field, record, into.Scratch(2), ref envelope);
                break;
            case Field.Sequence:
                into.Sequence = ReadSequence(ref reader, ref envelope);
                break;
            case Field.Interval:
                into.IntervalMs = ReadInterval(ref reader, ref envelope);
                break;
            case Field.Time:
                ReadTime(ref reader, into, word, ref envelope);
                break;
            case Field.Version:
                ReadVersion(ref reader, ref envelope);
                break;
            case Field.Waveforms:
                ReadWaveforms(ref reader, record, into, word, ref envelope);
                break;
            default:
                ReadReadings(ref reader, record, into, word, ref envelope);
                break;
        }
    }

    private static ReadOnlyMemory<byte> ReadId(ref Utf8JsonReader reader, Field field, in InboundRecord record, Memory<byte> scratch, ref ObservationEnvelope envelope)
    {
        if (reader.TokenType != JsonTokenType.String)
        {
            envelope.Note(RefusalReason.WrongType, Name(field), $"The {Name(field)} must be a string, not {JsonTokens.Name(reader.TokenType)}.");
            reader.Skip();
            return default;
        }

        if (JsonTokens.Text(ref reader, record.Value, scratch, out ReadOnlyMemory<byte> text) == JsonText.Outcome.HalfCharacter)
        {
            envelope.Note(RefusalReason.InvalidUtf8, Name(field), $"The {Name(field)} has an escape for half of a surrogate pair, which is no character.");
            return default;
        }

        if (IdText.Check(text.Span) is { } problem)
            envelope.Note(RefusalReason.InvalidId, Name(field), $"The {Name(field)} {problem}.");
        return text;
    }

    private static long ReadSequence(ref Utf8JsonReader reader, ref ObservationEnvelope envelope)
    {
        if (reader.TokenType == JsonTokenType.Number && InboundTime.TryParseNumber(reader.ValueSpan, out long sequence) && sequence >= 0)
            return sequence;
        envelope.Note(RefusalReason.WrongType, "sequence", $"The sequence must be a whole number from 0 to {long.MaxValue}.");
        reader.Skip();
        return -1;
    }

    private static int ReadInterval(ref Utf8JsonReader reader, ref ObservationEnvelope envelope)
    {
        if (reader.TokenType == JsonTokenType.Number && IntervalRule.TryConvert(JsonText.ParseNumber(reader.ValueSpan), out int milliseconds))
            return milliseconds;
        envelope.Note(RefusalReason.WrongType, "interval", IntervalRule.Text);
        reader.Skip();
        return 0;
    }

    private static void ReadTime(ref Utf8JsonReader reader, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        envelope.HasTime = true;
        if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number))
        {
            envelope.Note(RefusalReason.WrongType, "time", $"The time must be {InboundTime.Form}, not {JsonTokens.Name(reader.TokenType)}.");
            reader.Skip();
            return;
        }

        if (TryReadInstant(ref reader, word, out long time))
            into.TimeMs = time;
        else
            envelope.Note(RefusalReason.InvalidTime, "time", $"The time '{JsonText.Show(reader.ValueSpan)}' is not {InboundTime.Form}.");
    }

    private static bool TryReadInstant(ref Utf8JsonReader reader, byte[] word, out long time) =>
        reader.TokenType == JsonTokenType.String
            ? InboundTime.TryParseText(JsonTokens.Word(ref reader, word), out time)
            : InboundTime.TryParseNumber(reader.ValueSpan, out time);

    private static void ReadVersion(ref Utf8JsonReader reader, ref ObservationEnvelope envelope)
    {
        if (reader.TokenType == JsonTokenType.Number && InboundTime.TryParseNumber(reader.ValueSpan, out long version))
        {
            envelope.IsUnknownVersion = version is < 1 or > ObservationEnvelope.NewestVersion;
            return;
        }

        envelope.Note(RefusalReason.WrongType, "v", "The version v must be a whole number.");
        reader.Skip();
    }

    private static void ReadReadings(ref Utf8JsonReader reader, in InboundRecord record, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        envelope.HasReadings = true;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            envelope.Note(RefusalReason.WrongType, "readings", $"The readings must be an array, not {JsonTokens.Name(reader.TokenType)}.");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            ReadingFields fields = new() { TimeMs = ReadingFields.ObservationTime };
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                JsonReading.Read(ref reader, record, into.Scratch(4).Span, word, ref fields);
            }
            else
            {
                fields.Note(RefusalReason.WrongType, ReadingField.None);
                reader.Skip();
            }

            envelope.Add(fields, into);
        }
    }

    private static void ReadWaveforms(ref Utf8JsonReader reader, in InboundRecord record, DecodedObservation into, byte[] word, ref ObservationEnvelope envelope)
    {
        envelope.HasWaveforms = true;
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            envelope.Note(RefusalReason.WrongType, "waveforms", $"The waveforms must be an array, not {JsonTokens.Name(reader.TokenType)}.");
            reader.Skip();
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            WaveformFields fields = new() { TimeMs = WaveformFields.ObservationTime };
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                JsonWaveform.Read(ref reader, record, into, word, ref fields);
            }
            else
            {
                fields.Note(RefusalReason.WrongType, WaveformField.None);
                reader.Skip();
            }

            envelope.Add(ref fields, into);
        }
    }

    private static Field Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        1 when name[0] == 'v' => Field.Version,
        4 when name.SequenceEqual("time"u8) => Field.Time,
        6 when name.SequenceEqual("device"u8) => Field.Device,
        7 when name.SequenceEqual("patient"u8) => Field.Patient,
        7 when name.SequenceEqual("session"u8) => Field.Session,
        8 when name.SequenceEqual("readings"u8) => Field.Readings,
        8 when name.SequenceEqual("sequence"u8) => Field.Sequence,
        8 when name.SequenceEqual("interval"u8) => Field.Interval,
        9 when name.SequenceEqual("encounter"u8) => Field.Encounter,
        9 when name.SequenceEqual("waveforms"u8) => Field.Waveforms,
        _ => Field.None,
    };

    private static string Name(Field field) => field switch
    {
        Field.Version => "v",
        Field.Patient => "patient",
        Field.Encounter => "encounter",
        Field.Device => "device",
        Field.Session => "session",
        Field.Sequence => "sequence",
        Field.Time => "time",
        Field.Interval => "interval",
        Field.Waveforms => "waveforms",
        _ => "readings",
    };
}
