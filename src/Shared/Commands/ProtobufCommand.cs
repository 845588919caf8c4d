using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Commands;

/// <summary>Reads the protobuf form of a command (<c>physio.v1.Command</c>).</summary>
internal static class ProtobufCommand
{
    /// <summary>Reads all fields; what is wrong with single ones is noted.</summary>
    /// <returns>A refusal when the value is not protobuf.</returns>
    public static Refusal? Read(in InboundRecord record, CommandFields fields)
    {
        var reader = new ProtobufReader(record.Value.Span);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.IsVarint:
                    fields.IsUnknownVersion = reader.Varint() > CommandRules.NewestVersion;
                    break;
                case 3 when reader.IsVarint:
                    SetKind(reader.Varint(), fields);
                    break;
                case 7 when reader.IsVarint:
                    fields.TimeMs = (long)reader.Varint();
                    break;
                case 2 or 4 or 5 or 6 when reader.IsBytes:
                    string name = Name(reader.Field);
                    int length = reader.Bytes().Length;
                    if (length > 0)
                        fields.SetText(name, record.Value.Slice(reader.Position - length, length));
                    break;
                case >= 1 and <= 7:
                    fields.Note(RefusalReason.WrongType, Name(reader.Field), $"Field {reader.Field} ({Name(reader.Field)}) has another wire type than physio.v1.Command says.");
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.IsBroken ? new(RefusalReason.Malformed, "", $"The value is not protobuf: it goes wrong or breaks off at byte {reader.Position}.") : null;
    }

    private static void SetKind(ulong number, CommandFields fields)
    {
        if (number == (ulong)CommandKind.Acknowledge)
            fields.Kind = CommandKind.Acknowledge;
        else if (number != 0)
            fields.Note(RefusalReason.Unsupported, "command", $"The command {number} is none that this version knows; it knows {(int)CommandKind.Acknowledge}, acknowledge.");
    }

    private static string Name(int field) => field switch
    {
        1 => "v",
        2 => "patient",
        3 => "command",
        4 => "anomalyId",
        5 => "by",
        6 => "reason",
        _ => "time",
    };
}
