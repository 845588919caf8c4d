using System.Text.Json.Serialization;
using PhysioActors.Seed.Terminal;

namespace PhysioActors.Seed.Composition;

/// <summary>How a run ended; its JSON is a contract.</summary>
internal sealed record RunSummary
{
    /// <summary>Records that the shards went through, as their offsets say, without ticks, commands and recorded losses. When all is well, the sum of the next four, which are counted one by one.</summary>
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

    /// <summary>Anomaly events on their topic, counted by reading it, before those in the journal were asked for; repeats not counted.</summary>
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

    /// <summary>Files of recordings that could not be read.</summary>
    public required long MalformedFiles { get; init; }

    /// <summary>False when the database could not be asked at the end: its figures are then the last that it gave.</summary>
    public required bool StatusCurrent { get; init; }

    /// <summary>Why the run was given up; null when it was not.</summary>
    [JsonIgnore]
    public string? GivenUp { get; init; }

    /// <summary>What is missing or does not agree, one sentence each; none when everything sent was handled and published, and nothing was counted twice or not at all.</summary>
    [JsonIgnore]
    public IReadOnlyList<string> Problems => [.. Judge()];

    private IEnumerable<string> Judge()
    {
        if (GivenUp is not null)
            yield return GivenUp;
        if (!StatusCurrent)
            yield return "The database could not be asked at the end; the figures are the last that it gave.";
        if (RecordsIn != Folded + Duplicates + Late + DeadLetters)
            yield return $"The offsets say that {RecordsIn} records were handled, but {Folded + Duplicates + Late + DeadLetters} were counted as folded, duplicate, late or dead letter.";
        if (RecordsIn != Sent)
            yield return $"{Sent} records were sent, {RecordsIn} were handled.";
        if (!OffsetsComplete)
            yield return "The offsets in the journal did not reach the ends of the partitions.";
        if (AnomaliesPublished != AnomaliesJournaled)
            yield return $"{AnomaliesJournaled} anomaly events were journaled, {AnomaliesPublished} are on their topic.";
        if (MalformedFiles > 0)
            yield return $"{Counting.Of(MalformedFiles, "file")} of recordings could not be read.";
    }
}
