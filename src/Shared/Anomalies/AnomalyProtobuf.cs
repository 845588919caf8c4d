using System.Text;

using Google.Protobuf;

using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Anomalies;

/// <summary>The protobuf form of anomaly events (<c>physio.v1.Anomaly</c>): the same content as the JSON form.</summary>
public static class AnomalyProtobuf
{
    private const int Version = 1;

    /// <summary>Writes an event.</summary>
    public static byte[] Write(AnomalyMessage message)
    {
        ArgumentNullException.ThrowIfNull(message);
        var form = new Protos.V1.Anomaly
        {
            V = Version,
            EventId = message.EventId,
            AnomalyId = message.AnomalyId,
            Revision = message.Revision,
            Patient = message.Patient,
            TimeMs = message.EventTimeMs,
            DetectedAtMs = message.DetectedAtMs,
            Kind = (Protos.V1.AnomalyKind)message.Kind,
            Severity = (Protos.V1.Severity)message.Severity,
            State = (Protos.V1.AnomalyState)message.State,
            Change = (Protos.V1.AnomalyChange)message.Change,
            Latched = message.IsLatched,
            Sound = (Protos.V1.AlarmSound)message.Sound,
        };
        if (message.Encounter is not null)
            form.Encounter = message.Encounter;
        if (message.Rule is not null)
            form.Rule = message.Rule;
        if (message.Score is { } score)
            form.Score = score;
        if (message.Threshold is { } threshold)
            form.Threshold = threshold;
        if (message.UntilMs is { } until)
            form.UntilMs = until;
        if (message.ModelVersion is not null)
            form.ModelVersion = message.ModelVersion;
        foreach (Contributor contributor in message.Contributors)
        {
            form.Contributing.Add(new Protos.V1.Contributor
            {
                Code = SignalCodes.Get(contributor.Code).Name,
                Feature = contributor.Feature,
                Value = contributor.Value,
                Contribution = contributor.Contribution,
            });
        }

        return form.ToByteArray();
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an anomaly event of a version that this reader knows; the message says what is wrong.</exception>
    public static AnomalyMessage Parse(ReadOnlySpan<byte> bytes)
    {
        Protos.V1.Anomaly form;
        try
        {
            form = Protos.V1.Anomaly.Parser.ParseFrom(bytes);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new InvalidDataException("The anomaly event is not protobuf.", exception);
        }

        if (form.V > Version)
            throw new InvalidDataException($"The anomaly event has version {form.V}; this reader knows 1 to {Version}.");
        if (form.EventId.Length == 0)
            throw new InvalidDataException("The anomaly event has no event id.");
        return new(
            form.EventId,
            form.AnomalyId,
            form.Revision,
            form.Patient,
            form.HasEncounter ? form.Encounter : null,
            form.TimeMs,
            form.DetectedAtMs,
            (AnomalyKind)form.Kind,
            (AnomalySeverity)form.Severity,
            (AnomalyState)form.State,
            form.HasRule ? form.Rule : null,
            form.HasScore ? form.Score : null,
            form.HasThreshold ? form.Threshold : null,
            [.. form.Contributing.Select(Parse)],
            form.HasModelVersion ? form.ModelVersion : null)
        {
            Change = (AnomalyChange)form.Change,
            IsLatched = form.Latched,
            Sound = (AlarmSound)form.Sound,
            UntilMs = form.HasUntilMs ? form.UntilMs : null,
        };
    }

    private static Contributor Parse(Protos.V1.Contributor form) =>
        SignalCodes.TryFind(Encoding.UTF8.GetBytes(form.Code), out SignalCode code)
            ? new(code, form.Feature, form.Value, form.Contribution)
            : throw new InvalidDataException($"The code '{form.Code}' of a contributing signal is unknown.");
}
