using PhysioActors.Seed.Benchmark;

namespace PhysioActors.Seed.Tests.Benchmark;

public class DurableTimesTests
{
    [Fact]
    public void Records_are_found_in_the_commits_of_their_partition_by_counting()
    {
        // Patients 0 and 2 are in partition 0, patient 1 in partition 1: records 0, 2, 3, 5 and 1, 4.
        int[] places = [0, 1, 0];
        var times = new DurableTimes([new(0, 1, 10_000), new(1, 2, 20_000), new(0, 2, 30_000)], places, 2, 6);
        Assert.Equal([10_000L, 20_000, 30_000, 30_000, 20_000, 0], Enumerable.Range(0, 6).Select(n => times[n]));

        StretchReport stretch = times.Stretch([1000, 1000, 2000, 3000, 4000, 5000], 0, 6);
        Assert.Equal((6L, 3), (stretch.Observations, stretch.Commits));
        Assert.Equal(0.02, stretch.Seconds);
        // The first commit's record came before the clock began.
        Assert.Equal(200, stretch.ObservationsPerSecond);
        Assert.Equal((19, 28), (stretch.JournaledMilliseconds.P50, stretch.JournaledMilliseconds.Max));
    }
}
