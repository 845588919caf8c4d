using System.Text.Json.Serialization;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>What every benchmark reports: how it was set up, on what machine, with what durability, and whether the journal holds what was sent.</summary>
/// <typeparam name="TVerification">What was compared.</typeparam>
internal abstract record MeasuredReport<TVerification>
{
    // The JSON begins with what was sent, then says how the benchmark was set up, then what was measured; what holds at the end stands at the end.
    private const int First = -3;
    private const int OfSetting = -1;
    private const int AtEnd = 1;

    /// <summary>The place of what further describes what was sent.</summary>
    protected const int BeforeSetting = -2;

    /// <summary>Fills in what is the same in all.</summary>
    /// <param name="options">The options of the node.</param>
    /// <param name="plan">What was sent.</param>
    /// <param name="load">How the generator did.</param>
    /// <param name="durability">The database's settings.</param>
    /// <param name="verification">What was compared.</param>
    /// <param name="verified">Whether all is as it must be.</param>
    protected MeasuredReport(PhysioOptions options, BenchPlan plan, BenchLoadReport load, DurableSettings durability, TVerification verification, bool verified)
    {
        (Patients, Partitions, Seed, Estimates) = (plan.Patients, options.Partitions, plan.Seed, options.Estimates.Enabled);
        (Machine, Durability, Generator) = (BenchStage.Machine(), durability, new(Math.Round(load.Seconds, 3), load.Window));
        (Verified, Verification) = (verified, verification);
    }

    [JsonPropertyOrder(First)]
    public int Patients { get; }

    [JsonPropertyOrder(OfSetting)]
    public int Partitions { get; }

    [JsonPropertyOrder(OfSetting)]
    public ulong Seed { get; }

    [JsonPropertyOrder(OfSetting)]
    public bool Estimates { get; }

    [JsonPropertyOrder(OfSetting)]
    public MachineReport Machine { get; }

    [JsonPropertyOrder(AtEnd)]
    public DurableSettings Durability { get; }

    [JsonPropertyOrder(AtEnd)]
    public GeneratorReport Generator { get; }

    [JsonPropertyOrder(AtEnd)]
    public bool Verified { get; }

    [JsonPropertyOrder(AtEnd)]
    public TVerification Verification { get; }

    /// <summary>The durability, for people.</summary>
    [JsonIgnore]
    public string DurabilityText => $"fsync {Durability.Fsync}, synchronous_commit {Durability.SynchronousCommit}, full_page_writes {Durability.FullPageWrites}, PostgreSQL {Durability.ServerVersion}";
}

/// <summary>Observations that were sent one after the other.</summary>
/// <param name="Observations">How many.</param>
/// <param name="ObservationsPerSecond">From the first to the last durable one.</param>
/// <param name="Seconds">How long that took.</param>
/// <param name="Commits">Transactions that they were in.</param>
/// <param name="JournaledMilliseconds">From when an observation was due until it was durable.</param>
internal sealed record StretchReport(long Observations, double ObservationsPerSecond, double Seconds, int Commits, Percentiles JournaledMilliseconds);

/// <summary>The machine.</summary>
internal sealed record MachineReport(string Processor, int Processors, long MemoryMiB, string System, string Runtime);

/// <summary>How the generator kept its schedule.</summary>
internal sealed record GeneratorReport(double Seconds, int WindowRecords);
