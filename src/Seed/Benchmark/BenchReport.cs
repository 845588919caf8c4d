using System.Text.Json.Serialization;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>What a benchmark measured.</summary>
internal sealed record BenchReport : MeasuredReport<VerificationReport>
{
    /// <inheritdoc/>
    public BenchReport(PhysioOptions options, BenchPlan plan, BenchLoadReport load, DurableSettings durability, VerificationReport verification, bool verified)
        : base(options, plan, load, durability, verification, verified)
    {
    }

    [JsonPropertyOrder(BeforeSetting)]
    public required long Observations { get; init; }

    /// <summary>Observations a second that were asked for; null for as many as possible.</summary>
    [JsonPropertyOrder(BeforeSetting)]
    public required double? Rate { get; init; }

    [JsonPropertyOrder(BeforeSetting)]
    public required double IntervalSeconds { get; init; }

    /// <summary>From the first to the last durable one.</summary>
    public required double ObservationsPerSecond { get; init; }

    public required double Seconds { get; init; }

    /// <summary>The observations sent before those that are measured: the programs are still being compiled, and the patients are new. Null when there were none.</summary>
    public required StretchReport? ColdStart { get; init; }

    public required long Commits { get; init; }

    public required CpuReport CpuMicrosecondsPerObservation { get; init; }

    /// <summary>From when an observation was due until it was durable.</summary>
    public required Percentiles JournaledMilliseconds { get; init; }

    /// <summary>From when an observation was due until a consumer had its estimate.</summary>
    public required Percentiles PublishedMilliseconds { get; init; }

    /// <summary>How many estimates that consumer saw.</summary>
    public required long EstimatesSeen { get; init; }

    /// <summary>In the node, managed.</summary>
    public required double BytesAllocatedPerObservation { get; init; }

    /// <summary>The live heap of a node that recovered all patients and served each once, less that of a node without patients: states and tables, without the buffers that load makes grow.</summary>
    public required double BytesPerPatient { get; init; }

    /// <summary>The live heap of the node that bore the load, its buffers included.</summary>
    public required long HeapBytesAfterLoad { get; init; }

    /// <summary>How full the longest window is: 1 when event time has passed it.</summary>
    public required double WindowsFull { get; init; }

    public required double JournalBytesPerObservation { get; init; }

    /// <summary>From the start of a new process, after the old one was killed, until all patients are in memory; the group waits for the killed one's session to end meanwhile.</summary>
    public required double RecoverySeconds { get; init; }

    public required RecoveryReport Recovery { get; init; }
}

/// <summary>Processor time for each observation, microseconds.</summary>
/// <param name="Node">The node.</param>
/// <param name="Broker">The development broker.</param>
/// <param name="Database">PostgreSQL with all its processes.</param>
/// <param name="Generator">Whoever makes the observations.</param>
/// <param name="Observer">The benchmark itself, which reads a part of the estimates.</param>
internal sealed record CpuReport(double Node, double Broker, double Database, double Generator, double Observer)
{
    /// <summary>Everything together.</summary>
    public double Total => Math.Round(Node + Broker + Database + Generator + Observer, 2);
}

/// <summary>How recovery went.</summary>
/// <param name="Patients">Patients rebuilt.</param>
/// <param name="UntilFirstShardSeconds">From the start of the process until it took the first shard over.</param>
/// <param name="RebuildSeconds">From there until the last patient was read from the journal.</param>
internal sealed record RecoveryReport(int Patients, double UntilFirstShardSeconds, double RebuildSeconds);

/// <summary>The journal against an offline fold of what was sent.</summary>
/// <param name="Entries">Entries compared, byte for byte.</param>
/// <param name="Snapshots">Snapshots compared, byte for byte.</param>
/// <param name="Difference">The first difference; null when there is none.</param>
/// <param name="FoldMicrosecondsPerObservation">What decoding and deciding cost offline, on one thread.</param>
internal sealed record VerificationReport(long Entries, long Snapshots, string? Difference, double FoldMicrosecondsPerObservation);
