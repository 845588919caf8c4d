using System.Text.Json;

using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>Reads the JSON form of one waveform.</summary>
internal static class JsonWaveform
{
    /// <summary>Reads the object that the reader has entered, to its end.</summary>
    /// <param name="reader">Stands on the object's start.</param>
    /// <param name="record">The record, for its Kafka timestamp.</param>
    /// <param name="into">Gives the memory for the samples.</param>
    /// <param name="word">Memory for words with escapes.</param>
    /// <param name="fields">What was found.</param>
    public static void Read(ref Utf8JsonReader reader, in InboundRecord record, DecodedObservation into, byte[] word, ref WaveformFields fields)
    {
        uint seen = 0;
        while (JsonTokens.NextName(ref reader))
        {
            WaveformField field = Find(JsonTokens.Name(ref reader, word));
            FieldValue value = JsonTokens.Enter(ref reader, (int)field, ref seen);
            if (value == FieldValue.There)
                ReadField(ref reader, field, record, into, word, ref fields);
            else if (value == FieldValue.Again)
                fields.Note(RefusalReason.Malformed, field);
        }
    }

    private static void ReadField(ref Utf8JsonReader reader, WaveformField field, in InboundRecord record, DecodedObservation into, byte[] word, ref WaveformFields fields)
    {
        bool isText = reader.TokenType == JsonTokenType.String;
        int start = (int)reader.TokenStartIndex + (isText ? 1 : 0);
        int length = reader.ValueSpan.Length;
        switch (reader.TokenType, field)
        {
            case (JsonTokenType.String, WaveformField.Signal):
                fields.SetSignal(JsonTokens.Word(ref reader, word), start, length);
                break;
            case (JsonTokenType.Number, WaveformField.Rate):
                fields.SetRate(JsonText.ParseNumber(reader.ValueSpan), start, length);
                break;
            case (JsonTokenType.Number, WaveformField.Gain):
                fields.SetGain(JsonText.ParseNumber(reader.ValueSpan), start, length);
                break;
            case (JsonTokenType.Number, WaveformField.Baseline):
                fields.SetBaseline(InboundTime.TryParseNumber(reader.ValueSpan, out long baseline) ? baseline : long.MaxValue, start, length);
                break;
            case (JsonTokenType.Number, WaveformField.Time):
                fields.SetTime(InboundTime.TryParseNumber(reader.ValueSpan, out long milliseconds) ? milliseconds : -1, record.TimestampMs, start, length);
                break;
            case (JsonTokenType.String, WaveformField.Time):
                fields.SetTime(InboundTime.TryParseText(JsonTokens.Word(ref reader, word), out long instant) ? instant : -1, record.TimestampMs, start, length);
                break;
            case (JsonTokenType.StartArray, WaveformField.Samples):
                ReadSamples(ref reader, into, ref fields);
                break;
            default:
                fields.See(field);
                fields.Note(RefusalReason.WrongType, field, start, Math.Max(length, 1));
                reader.Skip();
                break;
        }
    }

    private static void ReadSamples(ref Utf8JsonReader reader, DecodedObservation into, ref WaveformFields fields)
    {
        Memory<short> memory = into.Samples(WaveformBounds.MaximumSamples);
        Span<short> samples = memory.Span;
        int count = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            short sample = WaveformSignals.Missing;
            if (reader.TokenType != JsonTokenType.Null && !(reader.TokenType == JsonTokenType.Number && TryParseSample(reader.ValueSpan, out sample)))
            {
                fields.Note(RefusalReason.InvalidSamples, WaveformField.Samples, (int)reader.TokenStartIndex, Math.Max(reader.ValueSpan.Length, 1));
                reader.Skip();
            }

            if (count == samples.Length)
                fields.Note(RefusalReason.TooManySamples, WaveformField.Samples);
            else
                samples[count++] = sample;
        }

        fields.SetSamples(memory[..count]);
    }

    // The tokenizer has seen to it that this is a number; one with a point or an exponent fails at that character.
    private static bool TryParseSample(ReadOnlySpan<byte> text, out short sample)
    {
        int sign = text[0] == '-' ? 1 : 0;
        int value = 0;
        int at = sign;
        for (; at < text.Length && at < sign + 5; at++)
        {
            uint digit = (uint)text[at] - '0';
            if (digit > 9)
                break;
            value = (value * 10) + (int)digit;
        }

        value = sign == 0 ? value : -value;
        sample = (short)value;
        return at == text.Length && sample == value;
    }

    private static WaveformField Find(ReadOnlySpan<byte> name) => name.Length switch
    {
        4 when name.SequenceEqual("rate"u8) => WaveformField.Rate,
        4 when name.SequenceEqual("gain"u8) => WaveformField.Gain,
        4 when name.SequenceEqual("time"u8) => WaveformField.Time,
        6 when name.SequenceEqual("signal"u8) => WaveformField.Signal,
        7 when name.SequenceEqual("samples"u8) => WaveformField.Samples,
        8 when name.SequenceEqual("baseline"u8) => WaveformField.Baseline,
        _ => WaveformField.None,
    };
}
