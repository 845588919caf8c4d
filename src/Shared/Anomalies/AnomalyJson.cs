using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Anomalies;

/// <summary>The JSON form of anomaly events. Fields without a value are left out; unknown ones are ignored when read.</summary>
public static class AnomalyJson
{
    private const int Version = 1;
    private static readonly string[] Kinds = ["", "model", "rule", "no-data", "score", "rhythm", "technical", "pause"];
    private static readonly string[] Severities = ["", "low", "medium", "high"];
    private static readonly string[] Changes = ["", "evidence", "severity", "escalated", "reminder", "latched", "returned", "end"];
    private static readonly string[] Sounds = ["", "on", "acknowledged", "audio-paused", "alarms-paused"];
    private static readonly string[] Reasons = ["", "over", "unknown", "acknowledged", "discharged", "under-16", "pregnancy", "expired", "resumed", "broken"];
    private static readonly string[] Origins = ["", "default", "configuration", "order"];
    private static readonly string[] AgeClasses = [.. Enum.GetValues<AgeClass>().Select(CommandWords.Text)];
    private static readonly string[] States = ["", "raised", "updated", "cleared", "acknowledged"];

    /// <summary>The word of a kind in messages.</summary>
    public static string Text(AnomalyKind kind) => Kinds[(int)kind];

    /// <summary>The word of a severity in messages.</summary>
    public static string Text(AnomalySeverity severity) => Severities[(int)severity];

    /// <summary>The word of how an alarm sounds in messages; empty when that is not told.</summary>
    public static string Text(AlarmSound sound) => Sounds[(int)sound];

    /// <summary>The word of where a limit comes from in messages; empty when that is not told.</summary>
    public static string Text(LimitOrigin origin) => Origins[(int)origin];

    /// <summary>The word of a change in messages; empty for none.</summary>
    public static string Text(AnomalyChange change) => Changes[(int)change];

    /// <summary>The word of a reason in messages; empty for none.</summary>
    public static string Text(AnomalyReason reason) => Reasons[(int)reason];

    /// <summary>The word of a state in messages.</summary>
    public static string Text(AnomalyState state) => States[(int)state];

    /// <summary>Writes an event. The same event always gives the same bytes.</summary>
    public static byte[] Write(AnomalyMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        using var stream = new MemoryStream(512);
        using (var json = new Utf8JsonWriter(stream, JsonForms.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, Version);
            json.WriteString("eventId"u8, message.EventId);
            json.WriteString("anomalyId"u8, message.AnomalyId);
            json.WriteNumber("revision"u8, message.Revision);
            json.WriteString("patient"u8, message.Patient);
            if (message.Encounter is not null)
                json.WriteString("encounter"u8, message.Encounter);
            json.WriteString("eventTime"u8, JsonForms.Instant(message.EventTimeMs));
            json.WriteString("detectedAt"u8, JsonForms.Instant(message.DetectedAtMs));
            json.WriteString("kind"u8, Text(message.Kind));
            json.WriteString("severity"u8, Text(message.Severity));
            json.WriteString("state"u8, Text(message.State));
            if (message.Rule is not null)
                json.WriteString("rule"u8, message.Rule);
            if (message.Score is { } score)
                JsonForms.WriteFinite(json, "score"u8, AnomalyFigures.OfScore(score));
            if (message.Threshold is { } threshold)
                JsonForms.WriteFinite(json, "threshold"u8, AnomalyFigures.OfScore(threshold));
            if (message.LimitOrigin != LimitOrigin.None)
                json.WriteString("limitOrigin"u8, Text(message.LimitOrigin));
            if (message.AgeClass != AgeClass.Unknown)
                json.WriteString("ageClass"u8, CommandWords.Text(message.AgeClass));
            if (message.IsAgeAssumed)
                json.WriteBoolean("ageAssumed"u8, true);
            WriteContributors(json, message.Contributors);
            if (message.News2 is { } news2)
                News2Json.Write(json, news2);
            if (message.ModelVersion is not null)
                json.WriteString("modelVersion"u8, message.ModelVersion);
            if (message.Change != AnomalyChange.None)
                json.WriteString("change"u8, Changes[(int)message.Change]);
            if (message.Reason != AnomalyReason.None)
                json.WriteString("reason"u8, Text(message.Reason));
            if (message.IsLatched)
                json.WriteBoolean("latched"u8, true);
            if (message.Sound != AlarmSound.Unspecified)
                json.WriteString("sound"u8, Sounds[(int)message.Sound]);
            if (message.UntilMs is { } until)
                json.WriteString("until"u8, JsonForms.Instant(until));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an anomaly event of a version that this reader knows; the message says what is wrong.</exception>
    public static AnomalyMessage Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            return Parse(new JsonFields(document.RootElement, "anomaly event"));
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The anomaly event is not JSON, or has a text or number that cannot be read.", exception);
        }
    }

    private static AnomalyMessage Parse(JsonFields fields)
    {
        fields.CheckVersion(Version);
        var contributors = new List<Contributor>();
        foreach (JsonElement element in fields.Items("contributing"))
        {
            var contributor = new JsonFields(element, "contributing signal");
            string code = contributor.Text("code");
            if (!SignalCodes.TryFind(Encoding.UTF8.GetBytes(code), out SignalCode found))
                throw new InvalidDataException($"The code '{code}' of a contributing signal is unknown.");
            contributors.Add(new(found, contributor.Text("feature"), contributor.Number("value") ?? double.NaN, contributor.Number("contribution") ?? double.NaN));
        }

        return new(
            fields.Text("eventId"),
            fields.Text("anomalyId"),
            (int)fields.Whole("revision"),
            fields.Text("patient"),
            fields.TextOrNull("encounter"),
            JsonForms.ParseInstant(fields.Text("eventTime")),
            JsonForms.ParseInstant(fields.Text("detectedAt")),
            (AnomalyKind)fields.Word("kind", Kinds),
            (AnomalySeverity)fields.Word("severity", Severities),
            (AnomalyState)fields.Word("state", States),
            fields.TextOrNull("rule"),
            fields.Number("score"),
            fields.Number("threshold"),
            contributors,
            fields.TextOrNull("modelVersion"))
        {
            Change = (AnomalyChange)fields.WordOrNone("change", Changes),
            Reason = (AnomalyReason)fields.WordOrNone("reason", Reasons),
            IsLatched = fields.Flag("latched"),
            Sound = (AlarmSound)fields.WordOrNone("sound", Sounds),
            LimitOrigin = (LimitOrigin)fields.WordOrNone("limitOrigin", Origins),
            AgeClass = (AgeClass)fields.WordOrNone("ageClass", AgeClasses),
            IsAgeAssumed = fields.Flag("ageAssumed"),
            News2 = fields.ObjectOrNull("news2") is { } news2 ? News2Json.Parse(news2) : null,
            UntilMs = fields.TextOrNull("until") is { } until ? JsonForms.ParseInstant(until) : null,
        };
    }

    private static void WriteContributors(Utf8JsonWriter json, IReadOnlyList<Contributor> contributors)
    {
        json.WriteStartArray("contributing"u8);
        foreach (Contributor contributor in contributors)
        {
            ref readonly SignalCodeInfo info = ref SignalCodes.Get(contributor.Code);
            json.WriteStartObject();
            json.WriteString("code"u8, info.Name);
            json.WriteString("display"u8, info.Display);
            json.WriteString("loinc"u8, info.Loinc);
            json.WriteString("unit"u8, info.Ucum);
            json.WriteString("feature"u8, contributor.Feature);
            JsonForms.WriteFinite(json, "value"u8, AnomalyFigures.OfSignal(contributor.Value));
            JsonForms.WriteFinite(json, "contribution"u8, AnomalyFigures.OfSignal(contributor.Contribution));
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
