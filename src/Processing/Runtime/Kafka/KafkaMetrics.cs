using System.Diagnostics.Metrics;

namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>What the Kafka side of a node counts. Names follow OpenTelemetry; no label holds a patient.</summary>
internal static class KafkaMetrics
{
    private static readonly Meter s_meter = new("PhysioActors");

    /// <summary>Records put into the shards' queues.</summary>
    internal static readonly Counter<long> Records = s_meter.CreateCounter<long>("physio.inbound.records", "{record}", "Records read from the inbound topic.");

    /// <summary>Records thrown away because their reading had been started again elsewhere.</summary>
    internal static readonly Counter<long> Stale = s_meter.CreateCounter<long>("physio.inbound.stale", "{record}", "Records of an earlier reading that were not delivered.");

    /// <summary>Offsets that hold no record: aborted transactions, markers, compaction.</summary>
    internal static readonly Counter<long> Holes = s_meter.CreateCounter<long>("physio.inbound.holes", "{offset}", "Offsets without a record that were passed over.");

    /// <summary>How often a full queue paused a partition.</summary>
    internal static readonly Counter<long> Pauses = s_meter.CreateCounter<long>("physio.inbound.pauses", "{pause}", "Times that a full queue paused a partition.");

    /// <summary>Errors that the Kafka clients reported.</summary>
    internal static readonly Counter<long> Troubles = s_meter.CreateCounter<long>("physio.kafka.errors", "{error}", "Errors reported by the Kafka clients.");

    /// <summary>Ticks that did not reach the log.</summary>
    internal static readonly Counter<long> DroppedTicks = s_meter.CreateCounter<long>("physio.ticks.dropped", "{tick}", "Ticks that the broker did not take in time.");

    /// <summary>Outbox rows that are on their topics.</summary>
    internal static readonly Counter<long> Published = s_meter.CreateCounter<long>("physio.outbox.published", "{message}", "Outbox rows published.");

    /// <summary>Estimates handed to the client.</summary>
    internal static readonly Counter<long> Estimates = s_meter.CreateCounter<long>("physio.estimates.sent", "{message}", "Estimates handed to the Kafka client.");

    /// <summary>Estimates that were dropped, because the client's queue was full or the broker did not take them.</summary>
    internal static readonly Counter<long> DroppedEstimates = s_meter.CreateCounter<long>("physio.estimates.dropped", "{message}", "Estimates dropped because the broker was slow or away.");
}
