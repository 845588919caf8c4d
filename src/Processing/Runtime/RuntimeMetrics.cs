using System.Diagnostics.Metrics;

namespace PhysioActors.Processing.Runtime;

/// <summary>The runtime's metrics, with OpenTelemetry names and units. Patients never stand in labels.</summary>
internal static class RuntimeMetrics
{
    /// <summary>The meter's name.</summary>
    internal const string MeterName = "PhysioActors.Processing";

    private static readonly Meter s_meter = new(MeterName);
    private static readonly Counter<long> s_records = s_meter.CreateCounter<long>("physio.shard.records", "{record}", "Inbound records handled, by outcome.");
    private static readonly Counter<long> s_anomalies = s_meter.CreateCounter<long>("physio.shard.anomaly_events", "{event}", "Anomaly events journaled.");
    private static readonly Counter<long> s_commits = s_meter.CreateCounter<long>("physio.shard.commits", "{commit}", "Batches committed.");
    private static readonly Histogram<long> s_entries = s_meter.CreateHistogram<long>("physio.shard.commit.entries", "{entry}", "Journal entries in a commit.");

    internal static void Committed(int shard, ShardBatch batch)
    {
        var label = new KeyValuePair<string, object?>("physio.shard", shard);
        ShardCounters counters = batch.Counters;
        s_commits.Add(1, label);
        s_entries.Record(batch.EntryCount, label);
        s_anomalies.Add(counters.AnomalyEvents, label);
        Add(counters.Folded, "folded");
        Add(counters.Duplicates, "duplicate");
        Add(counters.Late, "late");
        Add(counters.DeadLetters, "dead_letter");
        Add(counters.Ticks, "tick");
        Add(counters.Commands, "command");

        void Add(long count, string outcome)
        {
            if (count > 0)
                s_records.Add(count, label, new("physio.record.outcome", outcome));
        }
    }
}
