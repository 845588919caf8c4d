using System.Text;

using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Tests.Observations;

/// <summary>A record that must end as a dead letter.</summary>
/// <param name="Name">What is wrong with it, in words.</param>
/// <param name="Key">Its key; null for none.</param>
/// <param name="Value">Its value.</param>
/// <param name="Type">Its header <c>type</c>; null for none.</param>
/// <param name="ContentType">Its header <c>content-type</c>; null for none.</param>
/// <param name="Reason">The reason that the dead letter must name.</param>
/// <param name="Field">The field that it must name.</param>
/// <param name="ReadingReason">Why the first reading is bad, when that is what makes the record bad.</param>
/// <param name="IsMisplaced">True when the record must be sent to another partition than its key's.</param>
public sealed record MalformedRecord(
    string Name,
    byte[]? Key,
    byte[] Value,
    string? Type,
    string? ContentType,
    RefusalReason Reason,
    string Field,
    RefusalReason ReadingReason = RefusalReason.None,
    bool IsMisplaced = false)
{
    /// <summary>The record as the log would give it.</summary>
    public InboundRecord Inbound() => new(
        0,
        MalformedRecords.TimestampMs,
        Key,
        Value,
        Type is null ? RecordType.Observation : RecordHeaders.ParseType(Encoding.UTF8.GetBytes(Type)),
        ContentType is null ? RecordContent.Json : RecordHeaders.ParseContent(Encoding.UTF8.GetBytes(ContentType)));

    /// <summary>The partition that it lies in, of <paramref name="count"/> (at least 2).</summary>
    public int Partition(int count) => (Partitioner.Partition(Key, count) + (IsMisplaced ? 1 : 0)) % count;

    /// <summary>Judges the record as a shard does.</summary>
    public Refusal? Decode(int partitionCount)
    {
        InboundRecord record = Inbound();
        int partition = Partition(partitionCount);
        return record.Type switch
        {
            RecordType.Command => CommandDecoder.Decode(record, partition, partitionCount, out _),
            RecordType.Tick => TickMessage.Decode(record, partition, out _),
            _ => new ObservationDecoder().Decode(record, partition, partitionCount, new DecodedObservation()),
        };
    }

    public override string ToString() => Name;
}
