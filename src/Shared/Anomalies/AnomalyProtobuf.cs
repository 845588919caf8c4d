using System.Text;

using Google.Protobuf;

using PhysioActors.Shared.Commands;
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
            Reason = (Protos.V1.AnomalyReason)message.Reason,
            Latched = message.IsLatched,
            Sound = (Protos.V1.AlarmSound)message.Sound,
            LimitOrigin = (Protos.V1.LimitOrigin)message.LimitOrigin,
            AgeClass = (Protos.V1.AgeClass)message.AgeClass,
            AgeAssumed = message.IsAgeAssumed,
        };
        if (message.Encounter is not null)
            form.Encounter = message.Encounter;
        if (message.Rule is not null)
            form.Rule = message.Rule;
        if (message.Score is { } score)
            form.Score = AnomalyFigures.OfScore(score);
        if (message.Threshold is { } threshold)
            form.Threshold = AnomalyFigures.OfScore(threshold);
        if (message.UntilMs is { } until)
            form.UntilMs = until;
        if (message.ModelVersion is not null)
            form.ModelVersion = message.ModelVersion;
        if (message.News2 is { } news2)
            form.News2 = Form(news2);
        foreach (Contributor contributor in message.Contributors)
        {
            form.Contributing.Add(new Protos.V1.Contributor
            {
                Code = SignalCodes.Get(contributor.Code).Name,
                Feature = contributor.Feature,
                Value = AnomalyFigures.OfSignal(contributor.Value),
                Contribution = AnomalyFigures.OfSignal(contributor.Contribution),
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
            Reason = (AnomalyReason)form.Reason,
            IsLatched = form.Latched,
            Sound = (AlarmSound)form.Sound,
            LimitOrigin = (LimitOrigin)form.LimitOrigin,
            AgeClass = (AgeClass)form.AgeClass,
            IsAgeAssumed = form.AgeAssumed,
            News2 = form.News2 is { } news2 ? new(news2.Spo2Scale, [.. news2.Parts.Select(Parse)]) : null,
            UntilMs = form.HasUntilMs ? form.UntilMs : null,
        };
    }

    private static Contributor Parse(Protos.V1.Contributor form) =>
        SignalCodes.TryFind(Encoding.UTF8.GetBytes(form.Code), out SignalCode code)
            ? new(code, form.Feature, form.Value, form.Contribution)
            : throw new InvalidDataException($"The code '{form.Code}' of a contributing signal is unknown.");

    private static Protos.V1.News2 Form(News2Detail news2)
    {
        var form = new Protos.V1.News2 { AtLeast = news2.IsLowerBound, Spo2Scale = news2.SpO2Scale };
        foreach (News2DetailPart part in news2.Parts)
        {
            // An enum of protobuf begins with what is not told.
            var told = new Protos.V1.News2Part { Parameter = (Protos.V1.News2Parameter)(part.Parameter + 1), Standing = (Protos.V1.News2Standing)(part.Standing + 1) };
            if (part.Standing == News2Standing.Scored)
                told.Points = part.Points;
            if (part.TimeMs is { } time)
                told.TimeMs = time;
            if (part.Code != SignalCode.None)
                told.Code = SignalCodes.Get(part.Code).Name;
            switch (part.Parameter)
            {
                case News2Parameter.SupplementalOxygen:
                    told.Oxygen = (Protos.V1.OxygenStatus)(int)(part.Value ?? 0);
                    break;
                case News2Parameter.Consciousness:
                    told.Consciousness = (Protos.V1.Consciousness)(int)(part.Value ?? 0);
                    break;
                default:
                    if (part.Value is { } value)
                        told.Value = value;
                    break;
            }

            form.Parts.Add(told);
        }

        return form;
    }

    private static News2DetailPart Parse(Protos.V1.News2Part form)
    {
        if (form.Parameter is < Protos.V1.News2Parameter.RespiratoryRate or > Protos.V1.News2Parameter.Temperature || form.Standing is < Protos.V1.News2Standing.Missing or > Protos.V1.News2Standing.Scored)
            throw new InvalidDataException($"A part of NEWS2 has the parameter {(int)form.Parameter} and the standing {(int)form.Standing}; this reader does not know both.");
        SignalCode code = SignalCode.None;
        if (form.Code.Length > 0 && !SignalCodes.TryFind(Encoding.UTF8.GetBytes(form.Code), out code))
            throw new InvalidDataException($"The code '{form.Code}' of a part of NEWS2 is unknown.");
        var parameter = (News2Parameter)(form.Parameter - 1);
        double? value = parameter switch
        {
            News2Parameter.SupplementalOxygen => form.Oxygen == Protos.V1.OxygenStatus.Unspecified ? null : (int)form.Oxygen,
            News2Parameter.Consciousness => form.Consciousness == Protos.V1.Consciousness.Unspecified ? null : (int)form.Consciousness,
            _ => form.HasValue ? form.Value : null,
        };
        return new(parameter, (News2Standing)(form.Standing - 1), form.Points, code, value, form.HasTimeMs ? form.TimeMs : null);
    }
}
