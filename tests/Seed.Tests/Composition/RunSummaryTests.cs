using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class RunSummaryTests
{
    private static readonly RunSummary s_good = new()
    {
        RecordsIn = 10,
        Folded = 6,
        Duplicates = 2,
        Late = 1,
        DeadLetters = 1,
        Patients = 1,
        AnomaliesJournaled = 3,
        AnomaliesPublished = 3,
        ObservationsPerSecond = 1,
        OffsetsComplete = true,
        ElapsedSeconds = 10,
        Sent = 10,
        Ticks = 5,
        Commands = 0,
        AnomalyRepeats = 0,
        NodeRestarts = 0,
        Sources = [],
        Simulated = false,
        SkippedValues = 0,
        MalformedRows = 7,
        MalformedFiles = 0,
        StatusCurrent = true,
    };

    [Fact]
    public void A_run_in_which_all_agrees_has_no_problems() => Assert.Empty(s_good.Problems);

    [Fact]
    public void What_does_not_agree_is_told()
    {
        Assert.Contains("The offsets say that 10 records were handled, but 9 were counted", Assert.Single((s_good with { Folded = 5 }).Problems), StringComparison.Ordinal);
        Assert.Contains("11 records were sent, 10 were handled", Assert.Single((s_good with { Sent = 11 }).Problems), StringComparison.Ordinal);
        Assert.Contains("3 anomaly events were journaled, 2 are on their topic", Assert.Single((s_good with { AnomaliesPublished = 2 }).Problems), StringComparison.Ordinal);
        Assert.Contains("1 file of recordings could not be read", Assert.Single((s_good with { MalformedFiles = 1 }).Problems), StringComparison.Ordinal);
        Assert.Contains("could not be asked", Assert.Single((s_good with { StatusCurrent = false }).Problems), StringComparison.Ordinal);
        Assert.Equal("stuck", Assert.Single((s_good with { GivenUp = "stuck" }).Problems));
    }

    [Fact]
    public void Records_are_counted_by_offset_without_asking_what_became_of_them()
    {
        ClusterStatus before = Status(lost: 3, (100, new(60, 0, 0, 0, 37, 0, 0))), after = Status(lost: 5, (150, new(60, 0, 0, 0, 50, 1, 9)));
        Assert.Equal(150 - 100 - 13 - 1 - 2, after.RecordsByOffset(before));
        Assert.Equal(60, after.RecordsIn);
    }

    private static ClusterStatus Status(long lost, params (long NextOffset, ShardCounters Counters)[] shards) => new()
    {
        Cluster = "physio",
        Brokers = "",
        IsDevelopmentBroker = true,
        Postgres = "",
        Incarnation = "one",
        Generation = 1,
        Patients = 0,
        Counters = RecordCounters.Of(shards.Aggregate(default(ShardCounters), (sum, shard) => sum + shard.Counters)),
        Lost = lost,
        Shards = [.. shards.Select((shard, number) => ShardStatus.Of(number, shard.NextOffset, new OwnedShard(new ShardRow(number, 1, shard.NextOffset, 0, 0, shard.Counters), 0, "node", default)))],
        Losses = [],
    };
}
