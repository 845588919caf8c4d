using System.Text;

using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Kafka;

/// <summary>The headers of inbound records: their names, and what their values mean. Values are told apart without regard to case.</summary>
public static class RecordHeaders
{
    /// <summary>Says what the record is; an observation when it is missing.</summary>
    public const string Type = "type";

    /// <summary>Says what form the value has; JSON when it is missing.</summary>
    public const string ContentType = "content-type";

    /// <summary>The message authentication code of a command; see <see cref="Commands.CommandMac"/>.</summary>
    public const string Mac = "mac";

    /// <summary>The <see cref="Type"/> of an observation.</summary>
    public const string Observation = "observation";

    /// <summary>The <see cref="Type"/> of a command.</summary>
    public const string Command = "command";

    /// <summary>The <see cref="Type"/> of a tick.</summary>
    public const string Tick = "tick";

    /// <summary>The <see cref="ContentType"/> of JSON.</summary>
    public const string Json = "application/json";

    /// <summary>The <see cref="ContentType"/> of protobuf.</summary>
    public const string Protobuf = "application/x-protobuf";

    /// <summary>What a value of the header <see cref="Type"/> says. A missing header is <see cref="RecordType.Observation"/>: do not call this for it.</summary>
    public static RecordType ParseType(ReadOnlySpan<byte> value)
    {
        if (Ascii.EqualsIgnoreCase(value, "observation"u8))
            return RecordType.Observation;
        if (Ascii.EqualsIgnoreCase(value, "tick"u8))
            return RecordType.Tick;
        return Ascii.EqualsIgnoreCase(value, "command"u8) ? RecordType.Command : RecordType.Unknown;
    }

    /// <summary>What a value of the header <see cref="ContentType"/> says. Parameters are left aside, but a charset other than UTF-8 is unknown.</summary>
    public static RecordContent ParseContent(ReadOnlySpan<byte> value)
    {
        int end = value.IndexOf((byte)';');
        ReadOnlySpan<byte> media = Trim(end < 0 ? value : value[..end]);
        if (Ascii.EqualsIgnoreCase(media, "application/json"u8))
            return end >= 0 && NamesOtherCharset(value[(end + 1)..]) ? RecordContent.Unknown : RecordContent.Json;
        return Ascii.EqualsIgnoreCase(media, "application/x-protobuf"u8) || Ascii.EqualsIgnoreCase(media, "application/protobuf"u8)
            ? RecordContent.Protobuf
            : RecordContent.Unknown;
    }

    private static bool NamesOtherCharset(ReadOnlySpan<byte> parameters)
    {
        foreach (Range range in parameters.Split((byte)';'))
        {
            ReadOnlySpan<byte> parameter = Trim(parameters[range]);
            if (parameter.Length < 8 || !Ascii.EqualsIgnoreCase(parameter[..8], "charset="u8))
                continue;
            ReadOnlySpan<byte> charset = parameter[8..].Trim((byte)'"');
            if (!Ascii.EqualsIgnoreCase(charset, "utf-8"u8) && !Ascii.EqualsIgnoreCase(charset, "us-ascii"u8))
                return true;
        }

        return false;
    }

    private static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> value) => value.Trim(" \t"u8);
}
