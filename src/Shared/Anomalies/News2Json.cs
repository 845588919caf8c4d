using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Anomalies;

/// <summary>The JSON form of what a score of NEWS2 is made of: the field <c>news2</c> of an anomaly.</summary>
public static class News2Json
{
    private static readonly string[] Parameters = ["respiratory-rate", "oxygen-saturation", "supplemental-oxygen", "systolic-pressure", "pulse", "consciousness", "temperature"];
    private static readonly string[] Standings = ["missing", "stale", "scored"];

    // With nothing before them, as the lists of words are that a reader of fields knows.
    private static readonly string[] ParameterWords = ["", .. Parameters];
    private static readonly string[] StandingWords = ["", .. Standings];

    /// <summary>The word of a parameter in messages.</summary>
    public static string Text(News2Parameter parameter) => Parameters[(int)parameter];

    /// <summary>The word of a standing in messages.</summary>
    public static string Text(News2Standing standing) => Standings[(int)standing];

    /// <summary>The word of whether a score is all that it can be: <c>exact</c>, or <c>at-least</c>.</summary>
    public static string BoundText(bool isLowerBound) => isLowerBound ? "at-least" : "exact";

    internal static void Write(Utf8JsonWriter json, News2Detail news2)
    {
        json.WriteStartObject("news2"u8);
        json.WriteString("bound"u8, BoundText(news2.IsLowerBound));
        WriteNames(json, "missing"u8, news2.Standing(News2Standing.Missing));
        WriteNames(json, "stale"u8, news2.Standing(News2Standing.Stale));
        json.WriteNumber("spo2Scale"u8, news2.SpO2Scale);
        json.WriteStartArray("parts"u8);
        foreach (News2DetailPart part in news2.Parts)
            Write(json, part);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    internal static News2Detail Parse(JsonFields fields)
    {
        var parts = new List<News2DetailPart>(News2Detail.ParameterCount);
        foreach (JsonElement element in fields.Items("parts"))
        {
            if (parts.Count == News2Detail.ParameterCount)
                throw new InvalidDataException($"NEWS2 has more than {News2Detail.ParameterCount} parts.");
            parts.Add(ParsePart(new JsonFields(element, "part of NEWS2")));
        }

        return new((int)fields.Whole("spo2Scale"), parts);
    }

    private static void Write(Utf8JsonWriter json, in News2DetailPart part)
    {
        json.WriteStartObject();
        json.WriteString("parameter"u8, Text(part.Parameter));
        json.WriteString("standing"u8, Text(part.Standing));
        if (part.Standing == News2Standing.Scored)
            json.WriteNumber("points"u8, part.Points);
        if (part.Code != SignalCode.None)
        {
            ref readonly SignalCodeInfo info = ref SignalCodes.Get(part.Code);
            json.WriteString("code"u8, info.Name);
            json.WriteString("unit"u8, info.Ucum);
        }

        if (part.Word is { } word)
            json.WriteString("word"u8, word);
        else if (part.Value is { } value)
            JsonForms.WriteFinite(json, "value"u8, value);
        if (part.TimeMs is { } time)
            json.WriteString("time"u8, JsonForms.Instant(time));
        json.WriteEndObject();
    }

    private static News2DetailPart ParsePart(JsonFields fields)
    {
        var parameter = (News2Parameter)(fields.Word("parameter", ParameterWords) - 1);
        SignalCode code = SignalCode.None;
        if (fields.TextOrNull("code") is { } name && !SignalCodes.TryFind(Encoding.UTF8.GetBytes(name), out code))
            throw new InvalidDataException($"The code '{name}' of a part of NEWS2 is unknown.");
        return new(
            parameter,
            (News2Standing)(fields.Word("standing", StandingWords) - 1),
            (int)(fields.Number("points") ?? 0),
            code,
            fields.TextOrNull("word") is { } word ? NumberOf(parameter, word) : fields.Number("value"),
            fields.TextOrNull("time") is { } time ? JsonForms.ParseInstant(time) : null);
    }

    private static double NumberOf(News2Parameter parameter, string word)
    {
        int number = 0;
        bool isKnown = parameter switch
        {
            News2Parameter.SupplementalOxygen => CommandWords.TryFindOxygen(Encoding.UTF8.GetBytes(word), out number),
            News2Parameter.Consciousness => CommandWords.TryFindLevel(Encoding.UTF8.GetBytes(word), out number),
            _ => false,
        };
        return isKnown ? number : throw new InvalidDataException($"The word '{word}' is none of the parameter {Text(parameter)}.");
    }

    private static void WriteNames(Utf8JsonWriter json, ReadOnlySpan<byte> name, IEnumerable<News2Parameter> parameters)
    {
        json.WriteStartArray(name);
        foreach (News2Parameter parameter in parameters)
            json.WriteStringValue(Text(parameter));
        json.WriteEndArray();
    }
}
