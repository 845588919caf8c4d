using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;

namespace PhysioActors.Shared.Commands;

/// <summary>Reads the protobuf form of a command (<c>physio.v1.Command</c>).</summary>
internal static class ProtobufCommand
{
    private static readonly string[] Names =
    [
        "", "v", "patient", "command", "anomalyId", "by", "reason", "time", "duration", "signal", "low", "high", "desaturation", "ageClass", "birthDate", "pregnant", "spo2Scale", "oxygen",
        "consciousness", "measuredAt", "weight",
    ];

    /// <summary>Reads all fields; what is wrong with single ones is noted.</summary>
    /// <returns>A refusal when the value is not protobuf.</returns>
    public static Refusal? Read(in InboundRecord record, CommandFields fields)
    {
        var reader = new ProtobufReader(record.Value.Span);
        while (reader.Next())
        {
            if (reader.Field >= Names.Length)
            {
                reader.Skip();
                continue;
            }

            string name = Names[reader.Field];
            switch (reader.Field)
            {
                case 1 or 3 or 7 or 8 or 13 or 15 or 16 or 17 or 18 or 19 when reader.IsVarint:
                    SetNumber(name, reader.Varint(), fields);
                    break;
                case 10 or 11 or 12 or 20 when reader.IsFixed64:
                    SetNumber(name, reader.Double(), fields);
                    break;
                case 2 or 4 or 5 or 6 or 9 or 14 when reader.IsBytes:
                    int length = reader.Bytes().Length;
                    if (length > 0)
                        fields.SetText(name, record.Value.Slice(reader.Position - length, length));
                    break;
                default:
                    fields.Note(RefusalReason.WrongType, name, $"Field {reader.Field} ({name}) has another wire type than physio.v1.Command says.");
                    reader.Skip();
                    break;
            }
        }

        return reader.IsBroken ? new(RefusalReason.Malformed, "", $"The value is not protobuf: it goes wrong or breaks off at byte {reader.Position}.") : null;
    }

    private static void SetNumber(string field, ulong number, CommandFields fields)
    {
        switch (field)
        {
            case "v":
                fields.IsUnknownVersion = number > CommandRules.NewestVersion;
                break;
            case "command":
                fields.SetKind(number);
                break;
            case "time":
                fields.TimeMs = (long)number;
                break;
            // 0 is what protobuf writes for nothing.
            case "duration":
                fields.DurationSeconds = number == 0 ? null : (long)Math.Min(number, int.MaxValue);
                break;
            case "ageClass":
                fields.SetAgeClass(number);
                break;
            case "pregnant":
                fields.Pregnant = number != 0;
                break;
            case "spo2Scale":
                fields.SpO2Scale = number == 0 ? null : (long)Math.Min(number, int.MaxValue);
                break;
            case "oxygen":
                fields.SetOxygen(number);
                break;
            case "consciousness":
                fields.SetConsciousness(number);
                break;
            default:
                fields.MeasuredAtMs = (long)number;
                break;
        }
    }

    private static void SetNumber(string field, double number, CommandFields fields)
    {
        if (!double.IsFinite(number))
        {
            fields.Note(RefusalReason.NotFinite, field, $"The {field} is no finite number.");
            return;
        }

        switch (field)
        {
            case "low":
                fields.Low = number;
                break;
            case "high":
                fields.High = number;
                break;
            case "desaturation":
                fields.Desaturation = number;
                break;
            default:
                fields.WeightKilograms = number;
                break;
        }
    }
}
