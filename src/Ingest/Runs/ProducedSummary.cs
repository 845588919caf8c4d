using PhysioActors.Ingest.Producing;

namespace PhysioActors.Ingest.Runs;

/// <summary>What a run has produced.</summary>
/// <param name="RunId">The run's name, which is the session of its devices.</param>
/// <param name="Completed">False when it was cancelled before its end.</param>
/// <param name="Patients">How many patients took part.</param>
/// <param name="Sent">Observations handed over for delivery.</param>
/// <param name="Acknowledged">Observations that the broker has acknowledged: equal to <paramref name="Sent"/> in a completed run.</param>
/// <param name="FirstEventTime">Event time of the first observation; null when there was none.</param>
/// <param name="LastEventTime">Event time of the last observation; null when there was none.</param>
/// <param name="Elapsed">How long it took.</param>
/// <param name="Partitions">The partitions that got records, with their ends.</param>
public sealed record ProducedSummary(
    string RunId,
    bool Completed,
    int Patients,
    long Sent,
    long Acknowledged,
    DateTimeOffset? FirstEventTime,
    DateTimeOffset? LastEventTime,
    TimeSpan Elapsed,
    IReadOnlyList<DeliveredPartition> Partitions);
