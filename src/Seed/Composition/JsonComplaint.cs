using System.Globalization;
using System.Text.Json;

namespace PhysioActors.Seed.Composition;

/// <summary>What is wrong with a JSON text, as a person reads it: lines and columns counted from 1, and no word of the program's own types.</summary>
internal static class JsonComplaint
{
    /// <summary>Tells it, as <c>line 2, column 18: ',' is an invalid start of a property name.</c></summary>
    /// <param name="exception">What the reader of the text said.</param>
    public static string Of(JsonException exception)
    {
        string text = exception.Message;
        foreach (string marker in (string[])[" Path: ", " LineNumber: "])
        {
            int at = text.IndexOf(marker, StringComparison.Ordinal);
            if (at >= 0)
                text = text[..at];
        }

        // The reader speaks to programmers here, of its own settings and of its own types.
        if (text.Contains("any JSON tokens", StringComparison.Ordinal))
            return "it is empty.";
        else if (text.Contains("could not be converted", StringComparison.Ordinal) || text.Contains("deserialization for type", StringComparison.Ordinal))
            text = "it does not hold what belongs there.";
        text = text.Replace(" Change the reader options.", "", StringComparison.Ordinal).Replace(" which is not supported in this mode", "", StringComparison.Ordinal);
        return exception.LineNumber is { } line ? $"{Place(line, exception.BytePositionInLine ?? 0)}: {text}" : text;
    }

    /// <summary>A place for people.</summary>
    /// <param name="line">Counted from 0.</param>
    /// <param name="column">Counted from 0.</param>
    public static string Place(long line, long column) => string.Create(CultureInfo.InvariantCulture, $"line {line + 1}, column {column + 1}");
}
