using System.Globalization;
using System.Text.Json;

using Google.Protobuf;

using PhysioActors.Shared.Json;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Commands;

/// <summary>Writes commands for the inbound topic; the record needs the header <c>type: command</c> and the patient as its key, and <c>mac</c> where the cluster has a key (<see cref="CommandMac"/>).</summary>
public static class CommandWriter
{
    /// <summary>Writes a command as JSON. Fields without a value are left out.</summary>
    public static byte[] WriteJson(CommandMessage command)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream, JsonForms.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, CommandRules.NewestVersion);
            json.WriteString("patient"u8, command.Patient);
            json.WriteString("command"u8, CommandWords.Text(command.Kind));
            WriteText(json, "anomalyId", command.AnomalyId);
            WriteContent(json, command);
            json.WriteString("by"u8, command.By);
            if (command.Reason is not null)
                json.WriteString("reason"u8, command.Reason);
            json.WriteString("time"u8, JsonForms.Instant(command.TimeMs));
            json.WriteEndObject();
        }

        return stream.ToArray();
    }

    /// <summary>Writes a command as protobuf (<c>physio.v1.Command</c>).</summary>
    public static byte[] WriteProtobuf(CommandMessage command)
    {
        ArgumentNullException.ThrowIfNull(command);
        var form = new Protos.V1.Command
        {
            V = CommandRules.NewestVersion,
            Patient = command.Patient,
            Command_ = (Protos.V1.CommandKind)command.Kind,
            AnomalyId = command.AnomalyId,
            By = command.By,
            Reason = command.Reason ?? "",
            TimeMs = command.TimeMs,
            DurationS = (uint)command.DurationSeconds,
            Signal = command.Signal == SignalCode.None ? "" : SignalCodes.Get(command.Signal).Name,
            AgeClass = (Protos.V1.AgeClass)command.AgeClass,
            BirthDate = command.BirthDate is { } day ? Text(day) : "",
            Spo2Scale = (uint)command.SpO2Scale,
            Oxygen = (Protos.V1.OxygenStatus)command.Oxygen,
            Consciousness = (Protos.V1.Consciousness)command.Consciousness,
        };
        if (command.Low is { } low)
            form.Low = low;
        if (command.High is { } high)
            form.High = high;
        if (command.Desaturation is { } desaturation)
            form.Desaturation = desaturation;
        if (command.Pregnant is { } pregnant)
            form.Pregnant = pregnant;
        if (command.MeasuredAtMs is { } measuredAt)
            form.MeasuredAtMs = measuredAt;
        if (command.WeightKilograms is { } kilograms)
            form.WeightKg = kilograms;
        return form.ToByteArray();
    }

    private static void WriteContent(Utf8JsonWriter json, CommandMessage command)
    {
        if (command.DurationSeconds != 0)
            json.WriteNumber("duration"u8, command.DurationSeconds);
        if (command.Signal != SignalCode.None)
            json.WriteString("signal"u8, SignalCodes.Get(command.Signal).Name);
        WriteNumber(json, "low", command.Low);
        WriteNumber(json, "high", command.High);
        WriteNumber(json, "desaturation", command.Desaturation);
        WriteText(json, "ageClass", CommandWords.Text(command.AgeClass));
        if (command.BirthDate is { } day)
            json.WriteString("birthDate"u8, Text(day));
        if (command.Pregnant is { } pregnant)
            json.WriteBoolean("pregnant"u8, pregnant);
        if (command.SpO2Scale != 0)
            json.WriteNumber("spo2Scale"u8, command.SpO2Scale);
        WriteText(json, "oxygen", CommandWords.Text(command.Oxygen));
        WriteText(json, "consciousness", CommandWords.Text(command.Consciousness));
        if (command.MeasuredAtMs is { } measuredAt)
            json.WriteString("measuredAt"u8, JsonForms.Instant(measuredAt));
        WriteNumber(json, "weight", command.WeightKilograms);
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        if (text.Length > 0)
            json.WriteString(name, text);
    }

    private static void WriteNumber(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
            json.WriteNumber(name, number);
    }

    private static string Text(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
}
