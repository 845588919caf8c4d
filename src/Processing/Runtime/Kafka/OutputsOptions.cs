using PhysioActors.Shared.Kafka;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Where and how a node publishes.</summary>
public sealed record OutputsOptions
{
    /// <summary>The cluster's names.</summary>
    public required TopicNames Names { get; init; }

    /// <summary>True when the broker is the development broker, whose transactions keep no offsets and fence nobody: then progress is kept in the journal.</summary>
    public bool IsDevelopmentBroker { get; init; }

    /// <summary>The node's name in the broker's lists.</summary>
    public string ClientId { get; init; } = "physio-node";

    /// <summary>How long the broker may take for a step of publishing before it counts as away.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long estimates are collected into one message set.</summary>
    public TimeSpan EstimateLinger { get; init; } = TimeSpan.FromMilliseconds(25);

    /// <summary>Most estimates that wait for the broker; further ones are dropped and counted.</summary>
    public int EstimateQueue { get; init; } = 100_000;
}
