using System.Diagnostics.Metrics;
using PhysioActors.Processing.Patients;

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

    private static readonly Counter<long> s_alarms = s_meter.CreateCounter<long>("physio.shard.alarms", "{alarm}", "Alarms that began, by kind. Over physio.shard.watched_time they are the alarms per patient-day.");
    private static readonly Counter<long> s_suppressed = s_meter.CreateCounter<long>("physio.shard.alarms.suppressed", "{alarm}", "Alarms that were kept back, by what kept them back.");
    private static readonly Counter<double> s_watched = s_meter.CreateCounter<double>("physio.shard.watched_time", "s", "Event time for which patients were watched, summed over patients; gaps of over ten minutes are left out.");

    internal static void Committed(int shard, PreparedBatch prepared)
    {
        ShardBatch batch = prepared.Rows;
        AlarmCounts alarms = prepared.Alarms;
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
        Began(alarms.Limits, "rule");
        Began(alarms.Scores, "score");
        Began(alarms.Rhythms, "rhythm");
        Began(alarms.Technical, "technical");
        Began(alarms.Models, "model");
        Suppressed(alarms.ByDelay, "delay");
        Suppressed(alarms.ByHysteresis, "hysteresis");
        Suppressed(alarms.ByCorroboration, "corroboration");
        if (alarms.WatchedMs > 0)
            s_watched.Add(alarms.WatchedMs / 1000.0, label);

        void Add(long count, string outcome)
        {
            if (count > 0)
                s_records.Add(count, label, new("physio.record.outcome", outcome));
        }

        void Began(long count, string kind)
        {
            if (count > 0)
                s_alarms.Add(count, label, new("physio.alarm.kind", kind));
        }

        void Suppressed(long count, string by)
        {
            if (count > 0)
                s_suppressed.Add(count, label, new("physio.alarm.suppressed_by", by));
        }
    }
}
