using System.Text.Json.Serialization;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark.Waveforms;

/// <summary>What a benchmark of waveforms measured. A patient-second is a second of one patient's lead.</summary>
internal sealed record EcgBenchReport : MeasuredReport<EcgVerification>
{
    /// <inheritdoc/>
    public EcgBenchReport(PhysioOptions options, BenchPlan plan, BenchLoadReport load, DurableSettings durability, EcgVerification verification, bool verified)
        : base(options, plan, load, durability, verification, verified)
    {
    }

    /// <summary>The WFDB record that was sent; null for simulated patients.</summary>
    [JsonPropertyOrder(BeforeSetting)]
    public required string? Record { get; init; }

    [JsonPropertyOrder(BeforeSetting)]
    public required double SamplesPerSecond { get; init; }

    [JsonPropertyOrder(BeforeSetting)]
    public required double ChunkSeconds { get; init; }

    /// <summary>Event time as a multiple of real time; null for as fast as possible.</summary>
    [JsonPropertyOrder(BeforeSetting)]
    public required double? Speed { get; init; }

    /// <summary>How much of each patient was sent and measured.</summary>
    [JsonPropertyOrder(BeforeSetting)]
    public required double SignalSeconds { get; init; }

    /// <summary>Processes that waited for a processor in the minute before and at the end of the measured stretch, this benchmark's own among them (/proc/loadavg).</summary>
    public required LoadReport LoadAverage { get; init; }

    public required double ChunksPerSecond { get; init; }

    /// <summary>Patients that could send at the pace of real time at this rate of chunks.</summary>
    public required double PatientsAtRealTime { get; init; }

    public required double Seconds { get; init; }

    public required long Commits { get; init; }

    /// <summary>True when the node kept the pace: of the last tenth of the chunks 99 % were durable within a second. Null for as fast as possible, where the generator waits for the node.</summary>
    public required bool? KeptPace { get; init; }

    public required Percentiles LastTenthJournaledMilliseconds { get; init; }

    public required EcgCpuReport CpuSecondsPerSecond { get; init; }

    public required EcgCpuReport CpuMicrosecondsPerPatientSecond { get; init; }

    /// <summary>From when a chunk was due, which is when its last sample is taken, until it was durable.</summary>
    public required Percentiles ChunkJournaledMilliseconds { get; init; }

    /// <summary>From when the chunk was due whose fold found the beat until the entry with the beat was durable; each beat counts once.</summary>
    public required Percentiles BeatJournaledMilliseconds { get; init; }

    /// <summary>From the R peak until the entry with the beat was durable: the rest of the chunk, what the detector waits, perhaps a further chunk, and the journal. Null where event time is not real time.</summary>
    public required Percentiles? PeakJournaledMilliseconds { get; init; }

    /// <summary>The chunks sent before those that are measured.</summary>
    public required StretchReport? ColdStart { get; init; }

    public required double BytesAllocatedPerPatientSecond { get; init; }

    /// <summary>The live heap of a node that recovered all patients and served each once, less that of a node without patients.</summary>
    public required double BytesPerPatient { get; init; }

    /// <summary>What the engine reckons a patient takes, by which it bounds its memory.</summary>
    public required double ReckonedBytesPerPatient { get; init; }

    public required long HeapBytesAfterLoad { get; init; }

    public required EcgJournalReport JournalBytesPerPatientHour { get; init; }

    public required EcgSnapshotReport Snapshots { get; init; }

    public required EcgRecoveryReport Recovery { get; init; }
}

/// <summary>The system's load.</summary>
internal sealed record LoadReport(double Before, double After);

/// <summary>Processor time.</summary>
/// <param name="Node">The node.</param>
/// <param name="Broker">The development broker.</param>
/// <param name="Database">PostgreSQL with all its processes.</param>
/// <param name="Generator">Whoever makes the chunks.</param>
internal sealed record EcgCpuReport(double Node, double Broker, double Database, double Generator)
{
    /// <summary>Without the generator, which is not there where real monitors send.</summary>
    public double Engine => Math.Round(Node + Broker + Database, 3);
}

/// <summary>What a patient's lead adds to the database in an hour.</summary>
/// <param name="Entries">Entries, which stay; content only.</param>
/// <param name="Samples">Samples, dropped some hours later; content only.</param>
/// <param name="Snapshots">Snapshots, each in place of the one before; content only.</param>
/// <param name="EntryTable">Entries with rows and index as they lie on disk.</param>
/// <param name="SampleTable">Samples with rows and index as they lie on disk.</param>
/// <param name="WriteAheadLog">The database's log of all of it, recycled.</param>
internal sealed record EcgJournalReport(double Entries, double Samples, double Snapshots, double EntryTable, double SampleTable, double WriteAheadLog);

/// <summary>Snapshots taken during the measured stretch.</summary>
internal sealed record EcgSnapshotReport(long Count, double MeanBytes);

/// <summary>How recovery went.</summary>
/// <param name="UntilFirstShardSeconds">From the start of the process until it took the first shard over; the group waits for the killed one's session to end meanwhile.</param>
/// <param name="UntilAllServedSeconds">From there until a further chunk of every patient was durable: reading, and folding again what came after the snapshots.</param>
/// <param name="Patients">Patients rebuilt.</param>
internal sealed record EcgRecoveryReport(double UntilFirstShardSeconds, double UntilAllServedSeconds, int Patients);

/// <summary>The journal against an offline fold of what was sent, and against a detector that saw the samples alone.</summary>
internal sealed record EcgVerification
{
    /// <summary>Entries compared, byte for byte, with their samples.</summary>
    public long Entries { get; init; }

    /// <summary>Snapshots compared, byte for byte.</summary>
    public long Snapshots { get; init; }

    /// <summary>Beats that are the same.</summary>
    public long Beats { get; init; }

    public long EntryBytes { get; init; }

    public long SampleBytes { get; init; }

    /// <summary>All patients' states at the end, encoded.</summary>
    public long StateBytes { get; init; }

    /// <summary>What the engine reckons all patients take in memory.</summary>
    public long ApproximateBytes { get; init; }

    /// <summary>What decoding and deciding cost offline, on one thread.</summary>
    public double FoldMicrosecondsPerPatientSecond { get; init; }

    /// <summary>What the detector alone cost, on one thread.</summary>
    public double DetectMicrosecondsPerPatientSecond { get; init; }

    public double SnapshotEncodeMicroseconds { get; init; }

    public double SnapshotDecodeMicroseconds { get; init; }

    /// <summary>The first difference; null when there is none.</summary>
    public string? Difference { get; init; }
}
