using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Json;

/// <summary>How messages are written as JSON: no white space, no escapes that JSON does not ask for (the bytes go to a topic, not into a page).</summary>
internal static class JsonForms
{
    /// <summary>Settings of the writer.</summary>
    public static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>An instant in ISO 8601 with milliseconds, UTC.</summary>
    public static string Instant(long milliseconds) =>
        DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Reads what <see cref="Instant"/> writes.</summary>
    /// <exception cref="InvalidDataException">It is no instant.</exception>
    public static long ParseInstant(string? text) =>
        InboundTime.TryParseText(System.Text.Encoding.UTF8.GetBytes(text ?? ""), out long milliseconds)
            ? milliseconds
            : throw new InvalidDataException($"'{text}' is not {InboundTime.Form}.");

    /// <summary>Writes a number; <c>null</c> when it is none.</summary>
    public static void WriteFinite(Utf8JsonWriter json, ReadOnlySpan<byte> name, double value)
    {
        if (double.IsFinite(value))
            json.WriteNumber(name, value);
        else
            json.WriteNull(name);
    }
}
