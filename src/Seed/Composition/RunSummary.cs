using System.Text.Json.Serialization;

namespace PhysioActors.Seed.Composition;

/// <summary>How a run ended; its JSON is a contract.</summary>
internal sealed record RunSummary
{
    /// <summary>Records handled: the sum of the next four. Ticks and commands are not counted in.</summary>
    public required long RecordsIn { get; init; }

    /// <summary>Accepted into patients' states.</summary>
    public required long Folded { get; init; }

    /// <summary>Seen before.</summary>
    public required long Duplicates { get; init; }

    /// <summary>Too late to be folded.</summary>
    public required long Late { get; init; }

    /// <summary>Refused, and published with the reason.</summary>
    public required long DeadLetters { get; init; }

    /// <summary>Patients in the journal.</summary>
    public required long Patients { get; init; }

    /// <summary>Anomaly events in the journal.</summary>
    public required long AnomaliesJournaled { get; init; }

    /// <summary>Anomaly events on their topic, counted by reading it; repeats not counted.</summary>
    public required long AnomaliesPublished { get; init; }

    /// <summary>Records handled a second, from the first sent to the last durable.</summary>
    public required double ObservationsPerSecond { get; init; }

    /// <summary>True when the offsets in the journal equalled the ends of all partitions.</summary>
    public required bool OffsetsComplete { get; init; }

    /// <summary>From the first sent to the last durable.</summary>
    public required double ElapsedSeconds { get; init; }

    /// <summary>Records sent.</summary>
    public required long Sent { get; init; }

    /// <summary>Marks of time among the records of the log.</summary>
    public required long Ticks { get; init; }

    /// <summary>Commands among the records of the log.</summary>
    public required long Commands { get; init; }

    /// <summary>Messages on the anomaly topic that repeated an event.</summary>
    public required long AnomalyRepeats { get; init; }

    /// <summary>How often the node had to be started again.</summary>
    public required int NodeRestarts { get; init; }

    /// <summary>What was sent: the sets of recordings, or the simulator.</summary>
    public required IReadOnlyList<string> Sources { get; init; }

    /// <summary>True when no real patient is behind the data.</summary>
    public required bool Simulated { get; init; }

    /// <summary>Values that were missing, or a set's code for 'no value', and were not sent.</summary>
    public required long SkippedValues { get; init; }

    /// <summary>Rows of recordings that could not be read.</summary>
    public required long MalformedRows { get; init; }

    /// <summary>Everything sent was handled and published, nothing was counted twice or not at all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Problems => [.. Judge()];

    private IEnumerable<string> Judge()
    {
        if (RecordsIn != Folded + Duplicates + Late + DeadLetters)
            yield return $"{RecordsIn} records do not add up.";
        if (RecordsIn != Sent)
            yield return $"{Sent} records were sent, {RecordsIn} were handled.";
        if (!OffsetsComplete)
            yield return "The offsets in the journal did not reach the ends of the partitions.";
        if (AnomaliesPublished != AnomaliesJournaled)
            yield return $"{AnomaliesJournaled} anomaly events were journaled, {AnomaliesPublished} are on their topic.";
    }
}
