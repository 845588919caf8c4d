using System.Text.Json;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Benchmark;
using PhysioActors.Seed.Benchmark.Waveforms;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Benchmark;

/// <summary>The JSON of the benchmarks, which scripts read.</summary>
public sealed class BenchReportTests
{
    private static readonly Percentiles s_times = new(1.5, 2.5, 3.5);
    private static readonly DurableSettings s_durability = new("on", "on", "on", "fdatasync", "17.0");
    private static readonly BenchPlan s_plan = new(10, 1000, 0, 7);
    private static readonly BenchLoadReport s_load = new(1000, 12.3456, 2.5, 64);

    [Fact]
    public void The_report_of_observations_keeps_its_names_and_their_order()
    {
        var report = new BenchReport(Options(), s_plan, s_load, s_durability, new(1, 2, null, 3), verified: true)
        {
            Observations = 1000,
            Rate = null,
            IntervalSeconds = 1,
            ObservationsPerSecond = 2,
            Seconds = 3,
            ColdStart = null,
            Commits = 4,
            CpuMicrosecondsPerObservation = new(1, 2, 3, 4, 5),
            JournaledMilliseconds = s_times,
            PublishedMilliseconds = s_times,
            EstimatesSeen = 5,
            BytesAllocatedPerObservation = 6,
            BytesPerPatient = 7,
            HeapBytesAfterLoad = 8,
            WindowsFull = 1,
            JournalBytesPerObservation = 9,
            RecoverySeconds = 10,
            Recovery = new(10, 1, 2),
        };
        JsonElement json = Json(report);
        Assert.Equal(
            "patients observations rate intervalSeconds partitions seed estimates machine observationsPerSecond seconds coldStart commits cpuMicrosecondsPerObservation journaledMilliseconds publishedMilliseconds "
            + "estimatesSeen bytesAllocatedPerObservation bytesPerPatient heapBytesAfterLoad windowsFull journalBytesPerObservation recoverySeconds recovery durability generator verified verification",
            Names(json));
        CheckWhatIsTheSame(json);
        var text = new StringWriter();
        BenchText.Print(report, text);
        Assert.Contains("journaled after ms: p50 1.5, p99 2.5, max 3.5", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("fsync on, synchronous_commit on, full_page_writes on, PostgreSQL 17.0", text.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_of_waveforms_keeps_its_names_and_their_order()
    {
        var report = new EcgBenchReport(Options(), s_plan, s_load, s_durability, new EcgVerification(), verified: true)
        {
            Record = null,
            SamplesPerSecond = 250,
            ChunkSeconds = 1,
            Speed = 1,
            SignalSeconds = 2,
            LoadAverage = new(0.1, 0.2),
            ChunksPerSecond = 3,
            PatientsAtRealTime = 4,
            Seconds = 5,
            Commits = 6,
            KeptPace = true,
            LastTenthJournaledMilliseconds = s_times,
            CpuSecondsPerSecond = new(1, 2, 3, 4),
            CpuMicrosecondsPerPatientSecond = new(1, 2, 3, 4),
            ChunkJournaledMilliseconds = s_times,
            BeatJournaledMilliseconds = s_times,
            PeakJournaledMilliseconds = s_times,
            ColdStart = null,
            BytesAllocatedPerPatientSecond = 7,
            BytesPerPatient = 8,
            ReckonedBytesPerPatient = 9,
            HeapBytesAfterLoad = 10,
            JournalBytesPerPatientHour = new(1, 2, 3, 4, 5, 6),
            Snapshots = new(1, 2),
            Recovery = new(1, 2, 10),
        };
        JsonElement json = Json(report);
        Assert.Equal(
            "patients record samplesPerSecond chunkSeconds speed signalSeconds partitions seed estimates machine loadAverage chunksPerSecond patientsAtRealTime seconds commits keptPace lastTenthJournaledMilliseconds "
            + "cpuSecondsPerSecond cpuMicrosecondsPerPatientSecond chunkJournaledMilliseconds beatJournaledMilliseconds peakJournaledMilliseconds coldStart bytesAllocatedPerPatientSecond bytesPerPatient "
            + "reckonedBytesPerPatient heapBytesAfterLoad journalBytesPerPatientHour snapshots recovery durability generator verified verification",
            Names(json));
        CheckWhatIsTheSame(json);
        var text = new StringWriter();
        EcgBenchText.Print(report, text);
        Assert.Contains("R peak to beat journaled, ms: p50 1.5, p99 2.5, max 3.5", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("pace kept: the last tenth journaled after ms: p50 1.5, p99 2.5" + Environment.NewLine, text.ToString(), StringComparison.Ordinal);
        Assert.Contains("fsync on, synchronous_commit on, full_page_writes on, PostgreSQL 17.0", text.ToString(), StringComparison.Ordinal);
    }

    private static PhysioOptions Options() => PhysioOptions.Read([new("Partitions", "4", "test")], out _);

    private static JsonElement Json<T>(T report) => JsonSerializer.SerializeToElement(report, JsonSerializerOptions.Web);

    private static string Names(JsonElement json) => string.Join(' ', json.EnumerateObject().Select(property => property.Name));

    private static void CheckWhatIsTheSame(JsonElement json)
    {
        Assert.Equal((10, 4, 7, true), (json.GetProperty("patients").GetInt32(), json.GetProperty("partitions").GetInt32(), json.GetProperty("seed").GetInt32(), json.GetProperty("verified").GetBoolean()));
        Assert.Equal("""{"seconds":12.346,"windowRecords":64}""", json.GetProperty("generator").GetRawText());
        Assert.Equal("""{"p50":1.5,"p99":2.5,"max":3.5}""", JsonSerializer.Serialize(s_times, JsonSerializerOptions.Web));
        Assert.True(json.GetProperty("machine").GetProperty("processors").GetInt32() > 0);
    }
}
