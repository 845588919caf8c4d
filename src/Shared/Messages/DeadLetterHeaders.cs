using System.Globalization;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;

namespace PhysioActors.Shared.Messages;

/// <summary>
/// The headers of a dead letter: why the record was refused, and where it came from. Its key and value are the record's own, byte for byte, up to a size that any broker takes.
/// </summary>
public static class DeadLetterHeaders
{
    /// <summary>The text of the <see cref="RefusalReason"/>, as <c>wrong-key</c>.</summary>
    public const string Reason = "reason";

    /// <summary>The path of the field; empty for the record as a whole.</summary>
    public const string Field = "field";

    /// <summary>A sentence for people.</summary>
    public const string Detail = "detail";

    /// <summary>The topic that the record was read from.</summary>
    public const string SourceTopic = "source-topic";

    /// <summary>Its partition.</summary>
    public const string SourcePartition = "source-partition";

    /// <summary>Its offset.</summary>
    public const string SourceOffset = "source-offset";

    /// <summary>Its Kafka timestamp, milliseconds since 1970 UTC.</summary>
    public const string SourceTimestamp = "source-timestamp";

    /// <summary>What its header <c>type</c> said: the value for known ones, <c>unknown</c> for others.</summary>
    public const string OriginalType = "original-type";

    /// <summary>What its header <c>content-type</c> said: the value for known ones, <c>unknown</c> for others.</summary>
    public const string OriginalContentType = "original-content-type";

    /// <summary>Only where the letter has not all of the record: how many bytes its value had.</summary>
    public const string OriginalBytes = "original-bytes";

    /// <summary>Only where the letter has not all of the record: how many bytes its key had.</summary>
    public const string OriginalKeyBytes = "original-key-bytes";

    /// <summary>Only where the letter has not all of the record: SHA-256 of its value, 64 hex digits.</summary>
    public const string OriginalSha256 = "original-sha256";

    private const string Unknown = "unknown";

    /// <summary>Builds the headers of a refused record, always all of them and in the same order.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Build(Refusal refusal, in InboundRecord record, string topic, int partition)
    {
        ArgumentNullException.ThrowIfNull(refusal);
        return
        [
            new(Reason, refusal.Reason.Text()),
            new(Field, refusal.Field),
            new(Detail, refusal.Detail),
            new(SourceTopic, topic),
            new(SourcePartition, partition.ToString(CultureInfo.InvariantCulture)),
            new(SourceOffset, record.Offset.ToString(CultureInfo.InvariantCulture)),
            new(SourceTimestamp, record.TimestampMs.ToString(CultureInfo.InvariantCulture)),
            new(OriginalType, record.Type switch
            {
                RecordType.Observation => Kafka.RecordHeaders.Observation,
                RecordType.Command => Kafka.RecordHeaders.Command,
                RecordType.Tick => Kafka.RecordHeaders.Tick,
                _ => Unknown,
            }),
            new(OriginalContentType, record.Content switch
            {
                RecordContent.Json => Kafka.RecordHeaders.Json,
                RecordContent.Protobuf => Kafka.RecordHeaders.Protobuf,
                _ => Unknown,
            }),
        ];
    }

    /// <summary>Builds the further headers of a letter that has not all of its record.</summary>
    /// <param name="record">The record.</param>
    /// <param name="hash">SHA-256 of its value, 64 hex digits.</param>
    public static IReadOnlyList<KeyValuePair<string, string>> BuildCut(in InboundRecord record, string hash) =>
    [
        new(OriginalBytes, record.Value.Length.ToString(CultureInfo.InvariantCulture)),
        new(OriginalKeyBytes, record.Key.Length.ToString(CultureInfo.InvariantCulture)),
        new(OriginalSha256, hash),
    ];

    /// <summary>Reads the headers of a dead letter, in any order; unknown ones are passed over.</summary>
    /// <exception cref="InvalidDataException">The reason is missing, or a number cannot be read.</exception>
    public static DeadLetterMetadata Parse(IEnumerable<KeyValuePair<string, string>> headers)
    {
        ArgumentNullException.ThrowIfNull(headers);
        var metadata = new DeadLetterMetadata();
        foreach ((string name, string value) in headers)
            Set(metadata, name, value);
        return metadata.Reason.Length > 0 ? metadata : throw new InvalidDataException($"The dead letter has no header {Reason}.");
    }

    private static void Set(DeadLetterMetadata metadata, string name, string value)
    {
        switch (name)
        {
            case Reason:
                metadata.Reason = value;
                break;
            case Field:
                metadata.Field = value;
                break;
            case Detail:
                metadata.Detail = value;
                break;
            case SourceTopic:
                metadata.SourceTopic = value;
                break;
            case SourcePartition:
                metadata.SourcePartition = checked((int)Number(name, value));
                break;
            case SourceOffset:
                metadata.SourceOffset = Number(name, value);
                break;
            case SourceTimestamp:
                metadata.SourceTimestampMs = Number(name, value);
                break;
            case OriginalType:
                metadata.OriginalType = value;
                break;
            case OriginalContentType:
                metadata.OriginalContentType = value;
                break;
            case OriginalBytes:
                metadata.OriginalBytes = Number(name, value);
                break;
            case OriginalKeyBytes:
                metadata.OriginalKeyBytes = Number(name, value);
                break;
            case OriginalSha256:
                metadata.OriginalSha256 = value;
                break;
        }
    }

    private static long Number(string name, string value) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number)
            ? number
            : throw new InvalidDataException($"The header {name} of the dead letter must be a whole number, not '{value}'.");
}
