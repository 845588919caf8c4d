namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>What a node's membership in the group needs to know.</summary>
public sealed record InboundLogOptions
{
    /// <summary>The inbound topic.</summary>
    public required string Topic { get; init; }

    /// <summary>The consumer group that shares its partitions.</summary>
    public required string Group { get; init; }

    /// <summary>The node's name in the broker's lists.</summary>
    public string ClientId { get; init; } = "physio-node";

    /// <summary>True when the broker is the development broker, whose fetches wait their whole time when there is nothing.</summary>
    public bool IsDevelopmentBroker { get; init; }

    /// <summary>A node that the group did not hear for so long loses its partitions.</summary>
    public TimeSpan SessionTimeout { get; init; } = TimeSpan.FromSeconds(6);

    /// <summary>How long shards may take to stop when their partitions go elsewhere; less than the session timeout.</summary>
    public TimeSpan RevocationPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Most records that wait for a shard.</summary>
    internal int QueueRecords { get; init; } = RuntimeLimits.QueueRecords;

    /// <summary>Most bytes that wait for a shard.</summary>
    internal int QueueBytes { get; init; } = RuntimeLimits.QueueBytes;
}
