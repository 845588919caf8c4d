using System.Text.Json;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>What stands behind the name of a field.</summary>
internal enum FieldValue
{
    /// <summary>Nothing to read: null, or the value of a field that this version does not know. It was passed over.</summary>
    None,

    /// <summary>A value, on which the reader stands.</summary>
    There,

    /// <summary>A value of a field that was there before. It was passed over.</summary>
    Again,
}

/// <summary>Steps from field to field, and texts of the tokenizer's present token.</summary>
internal static class JsonTokens
{
    /// <summary>Goes on to the next name in an object; false at its end.</summary>
    public static bool NextName(ref Utf8JsonReader reader) => reader.Read() && reader.TokenType == JsonTokenType.PropertyName;

    /// <summary>Goes from a name to its value.</summary>
    /// <param name="reader">Stands on the name.</param>
    /// <param name="field">The number of the field, below 32; 0 for one that this version does not know.</param>
    /// <param name="seen">Which fields of the object were there before.</param>
    public static FieldValue Enter(ref Utf8JsonReader reader, int field, ref uint seen)
    {
        reader.Read();
        uint bit = 1u << field;
        bool isAgain = (seen & bit) != 0;
        if (field == 0 || isAgain)
        {
            reader.Skip();
            return isAgain ? FieldValue.Again : FieldValue.None;
        }

        seen |= bit;
        return reader.TokenType == JsonTokenType.Null ? FieldValue.None : FieldValue.There;
    }

    /// <summary>The name of the property that the reader stands on. One with escapes that cannot be resolved in <paramref name="scratch"/> is none that anybody knows: the empty text.</summary>
    public static ReadOnlySpan<byte> Name(scoped ref Utf8JsonReader reader, byte[] scratch) => Word(ref reader, scratch);

    /// <summary>A short text: of a word, a code, a unit. One with escapes that cannot be resolved in <paramref name="scratch"/> is the empty text.</summary>
    public static ReadOnlySpan<byte> Word(scoped ref Utf8JsonReader reader, Span<byte> scratch)
    {
        if (!reader.ValueIsEscaped)
            return reader.ValueSpan;
        return JsonText.Unescape(reader.ValueSpan, scratch, out int written) == JsonText.Outcome.Done ? scratch[..written] : default;
    }

    /// <summary>The text of a string as memory: of the message, or of <paramref name="scratch"/> when it has escapes. A text that is too long for it fills it wholly.</summary>
    public static JsonText.Outcome Text(ref Utf8JsonReader reader, ReadOnlyMemory<byte> message, Memory<byte> scratch, out ReadOnlyMemory<byte> text)
    {
        if (!reader.ValueIsEscaped)
        {
            text = message.Slice((int)reader.TokenStartIndex + 1, reader.ValueSpan.Length);
            return JsonText.Outcome.Done;
        }

        JsonText.Outcome outcome = JsonText.Unescape(reader.ValueSpan, scratch.Span, out int written);
        text = outcome == JsonText.Outcome.TooLong ? scratch : scratch[..written];
        return outcome;
    }

    /// <summary>What a token is, for messages to people.</summary>
    public static string Name(JsonTokenType token) => token switch
    {
        JsonTokenType.StartObject => "an object",
        JsonTokenType.StartArray => "an array",
        JsonTokenType.String => "a string",
        JsonTokenType.Number => "a number",
        JsonTokenType.True or JsonTokenType.False => "true or false",
        JsonTokenType.Null => "null",
        _ => "something else",
    };
}
