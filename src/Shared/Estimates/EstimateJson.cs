using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Estimates;

/// <summary>Reads the JSON form of estimates, for consumers.</summary>
public static class EstimateJson
{
    private const int Version = 1;

    /// <summary>Reads an estimate. Signals with a code that this version does not know are left out.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an estimate of a version that this reader knows; the message says what is wrong.</exception>
    public static EstimateMessage Parse(ReadOnlyMemory<byte> utf8)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(utf8);
            var fields = new JsonFields(document.RootElement, "estimate");
            fields.CheckVersion(Version);
            var signals = new List<SignalEstimate>();
            foreach (JsonProperty property in fields.Properties("signals"))
            {
                if (SignalCodes.TryFind(Encoding.UTF8.GetBytes(property.Name), out SignalCode code))
                    signals.Add(ParseSignal(code, new JsonFields(property.Value, property.Name)));
            }

            return new(fields.Text("patient"), fields.Whole("sequence"), JsonForms.ParseInstant(fields.Text("time")), signals);
        }
        catch (Exception exception) when (exception is JsonException or InvalidOperationException or FormatException)
        {
            throw new InvalidDataException("The estimate is not JSON, or has a text or number that cannot be read.", exception);
        }
    }

    private static SignalEstimate ParseSignal(SignalCode code, JsonFields fields) => new(
        code, Figure(fields, "level"), Figure(fields, "sd"), ParseWindow(fields.Object("30s")), ParseWindow(fields.Object("2m")), ParseWindow(fields.Object("10m")));

    private static EstimateWindow ParseWindow(JsonFields fields) => new(
        (int)fields.Whole("count"), Figure(fields, "mean"), Figure(fields, "sd"), Figure(fields, "min"), Figure(fields, "max"), Figure(fields, "slopePerMinute"), Figure(fields, "missingShare"));

    private static double Figure(JsonFields fields, string name) => fields.Number(name) ?? double.NaN;
}
