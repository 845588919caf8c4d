using System.Text.Json;

using Google.Protobuf;

using PhysioActors.Shared.Json;

namespace PhysioActors.Shared.Commands;

/// <summary>Writes commands for the inbound topic; the record needs the header <c>type: command</c> and the patient as its key.</summary>
public static class CommandWriter
{
    /// <summary>Writes a command as JSON.</summary>
    public static byte[] WriteJson(CommandMessage command)
    {
        ArgumentNullException.ThrowIfNull(command);
        using var stream = new MemoryStream(256);
        using (var json = new Utf8JsonWriter(stream, JsonForms.Plain))
        {
            json.WriteStartObject();
            json.WriteNumber("v"u8, CommandRules.NewestVersion);
            json.WriteString("patient"u8, command.Patient);
            json.WriteString("command"u8, CommandRules.Acknowledge);
            json.WriteString("anomalyId"u8, command.AnomalyId);
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
        return new Protos.V1.Command
        {
            V = CommandRules.NewestVersion,
            Patient = command.Patient,
            Command_ = (Protos.V1.CommandKind)command.Kind,
            AnomalyId = command.AnomalyId,
            By = command.By,
            Reason = command.Reason ?? "",
            TimeMs = command.TimeMs,
        }.ToByteArray();
    }
}
