using PhysioActors.Ingest.Producing;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Where those who feed a cluster produce to.</summary>
internal static class KafkaTargets
{
    /// <summary>The client's settings: what is configured, and the address.</summary>
    public static Dictionary<string, string> Settings(PhysioOptions options) => new(options.Kafka) { ["bootstrap.servers"] = options.Brokers };

    /// <summary>The inbound topic. On the development broker, which drops what does not fit whether it was read or not, producing waits for processing.</summary>
    public static async Task<KafkaTarget> InboundAsync(PhysioOptions options, bool timestampsAreEventTimes, CancellationToken cancellationToken)
    {
        KafkaDescription kafka = await new KafkaCluster(new KafkaConnection(options.Brokers, options.Kafka)).DescribeAsync(options.Topics.Observations, cancellationToken).ConfigureAwait(false);
        return new KafkaTarget(Settings(options), options.Topics.Observations)
        {
            FlowControl = kafka.IsDevelopmentBroker ? new FlowControl(options.Topics.ProcessingGroup) : null,
            TimestampsAreEventTimes = timestampsAreEventTimes,
        };
    }
}
