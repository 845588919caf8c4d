namespace PhysioActors.Ingest.Producing;

/// <summary>Where observations go.</summary>
/// <param name="Settings">
/// Settings of the Kafka client under librdkafka's names; <c>bootstrap.servers</c> at least, TLS and SASL as needed. Idempotence is always on, whatever they say.
/// </param>
/// <param name="Topic">The inbound topic.</param>
public sealed record KafkaTarget(IReadOnlyDictionary<string, string> Settings, string Topic)
{
    /// <summary>How far producing may be ahead of processing; null for no bound, where the broker keeps all records until their retention ends.</summary>
    public FlowControl? FlowControl { get; init; }

    /// <summary>How long to look for the broker and the topic before that is an error.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>
    /// Whether a record's timestamp is its observation's time, and not the time of sending when that is later. Two runs over the same recordings then make the same records.
    /// </summary>
    public bool TimestampsAreEventTimes { get; init; }

    /// <summary>Whether observations with waveforms are sent as JSON, for people to read, and not as protobuf, which has a third of the size. Those without are always sent as JSON.</summary>
    public bool WaveformsAsJson { get; init; }
}

/// <summary>
/// Bounds what lies in a partition unprocessed. The development broker keeps 5 MiB or 100,000 records of a partition and drops the oldest beyond that, seen or not;
/// the bound leaves room for ticks, for a second producer, and for records whose size is only estimated.
/// </summary>
/// <param name="ProcessingGroup">The consumer group whose committed offsets tell what was processed. Its offsets are only read.</param>
public sealed record FlowControl(string ProcessingGroup)
{
    /// <summary>Most unprocessed bytes of a partition.</summary>
    public long MaximumBytes { get; init; } = 2 * 1024 * 1024;

    /// <summary>Most unprocessed records of a partition.</summary>
    public int MaximumRecords { get; init; } = 20_000;
}
