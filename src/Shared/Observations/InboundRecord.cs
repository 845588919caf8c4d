namespace PhysioActors.Shared.Observations;

/// <summary>What the header <c>type</c> of an inbound record says.</summary>
public enum RecordType : byte
{
    /// <summary>A device's message; also assumed when the header is missing.</summary>
    Observation,

    /// <summary>A person's or a service's order to a patient actor.</summary>
    Command,

    /// <summary>The shard owner's once-a-second mark that time has passed.</summary>
    Tick,

    /// <summary>A header that this version does not know.</summary>
    Unknown,
}

/// <summary>What the header <c>content-type</c> of an inbound record says.</summary>
public enum RecordContent : byte
{
    /// <summary><c>application/json</c>; also assumed when the header is missing.</summary>
    Json,

    /// <summary><c>application/x-protobuf</c> or <c>application/protobuf</c>.</summary>
    Protobuf,

    /// <summary>A content type that this version does not know.</summary>
    Unknown,
}

/// <summary>One record of the inbound log as it was read: nothing is decoded yet.</summary>
/// <param name="Offset">Its offset in its partition.</param>
/// <param name="TimestampMs">Its Kafka timestamp, milliseconds since 1970 UTC.</param>
/// <param name="Key">Its key; empty when it has none.</param>
/// <param name="Value">Its value; empty when it has none.</param>
/// <param name="Type">Its kind.</param>
/// <param name="Content">The form of its value.</param>
public readonly record struct InboundRecord(
    long Offset, long TimestampMs, ReadOnlyMemory<byte> Key, ReadOnlyMemory<byte> Value, RecordType Type, RecordContent Content)
{
    /// <summary>
    /// Of a command the value of its header <c>mac</c>, which <see cref="Commands.CommandMac"/> checks; empty when it has none, and for records of other types. A reader of the log need not keep more than
    /// <see cref="Commands.CommandMac.LongestHeader"/> and one byte of it: what is longer is no code.
    /// </summary>
    public ReadOnlyMemory<byte> Mac { get; init; }
}
