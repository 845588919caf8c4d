using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>What every inbound record must fulfil, whatever it says: its size, its headers, its key and its partition.</summary>
internal static class RecordPlace
{
    /// <summary>Most bytes of a value.</summary>
    public const int MaximumBytes = 256 * 1024;

    /// <summary>Checks what can be checked before the value is read; null when all is well.</summary>
    public static Refusal? CheckOutside(in InboundRecord record)
    {
        if (record.Value.Length > MaximumBytes)
            return new(RefusalReason.TooLarge, "", $"The value has {record.Value.Length} bytes; at most {MaximumBytes} are taken. Send fewer readings in one message.");
        if (record.Type == RecordType.Unknown)
            return new(RefusalReason.Unsupported, "headers.type", $"The header type is none that this version knows: {RecordHeaders.Observation}, {RecordHeaders.Command} or {RecordHeaders.Tick}.");
        if (record.Content == RecordContent.Unknown)
            return new(RefusalReason.Unsupported, "headers.content-type", $"The header content-type is none that this version knows: {RecordHeaders.Json} (in UTF-8) or {RecordHeaders.Protobuf}.");
        return record.Value.IsEmpty ? new(RefusalReason.Malformed, "", "The record has no value.") : null;
    }

    /// <summary>Checks the record's key against the patient that its value names (a checked patient field), and its partition against the key.</summary>
    public static Refusal? CheckKey(in InboundRecord record, ReadOnlySpan<byte> patient, int partition, int partitionCount)
    {
        ReadOnlySpan<byte> key = record.Key.Span;
        if (!PatientKey.IsCanonical(key, patient))
        {
            string expected = PatientKey.Canonical(patient);
            return new(RefusalReason.WrongKey, "key", key.IsEmpty
                ? $"The record has no key; it must be its patient, '{expected}'."
                : $"The record's key is '{JsonText.Show(key)}'; it must be its patient, '{expected}'.");
        }

        int right = Partitioner.Partition(key, partitionCount);
        return right == partition
            ? null
            : new(RefusalReason.WrongPartition, "key",
                $"The record lies in partition {partition}, but its key belongs to partition {right} of {partitionCount} by murmur2, the default of Java clients; librdkafka clients must set partitioner=murmur2_random.");
    }

    /// <summary>Says where bytes that are not UTF-8 begin.</summary>
    public static Refusal NotUtf8(ReadOnlySpan<byte> value)
    {
        int at = 0;
        while (System.Text.Rune.DecodeFromUtf8(value[at..], out _, out int used) == System.Buffers.OperationStatus.Done)
            at += used;
        return new(RefusalReason.InvalidUtf8, "", $"The value is not UTF-8: byte {at} (0x{value[at]:x2}) begins no character.");
    }

    /// <summary>Says where JSON goes wrong.</summary>
    public static Refusal NotJson(System.Text.Json.JsonException exception) =>
        new(RefusalReason.Malformed, "", $"The value is not one JSON value: it goes wrong or breaks off at line {(exception.LineNumber ?? 0) + 1}, byte {(exception.BytePositionInLine ?? 0) + 1}.");
}
