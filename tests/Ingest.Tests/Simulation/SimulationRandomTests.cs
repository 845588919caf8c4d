using PhysioActors.Ingest.Simulation;

namespace PhysioActors.Ingest.Tests.Simulation;

public sealed class SimulationRandomTests
{
    private const int Draws = 200_000;

    [Fact]
    public void The_first_numbers_of_a_seed_never_change()
    {
        SimulationRandom random = new(1, 2);
        Assert.Equal([FirstBits, SecondBits], [random.Bits(), random.Bits()]);
    }

    [Fact]
    public void Streams_of_one_seed_and_seeds_of_one_stream_differ()
    {
        HashSet<ulong> first = [];
        for (ulong seed = 0; seed < 100; seed++)
        {
            for (ulong stream = 0; stream < 100; stream++)
                first.Add(new SimulationRandom(seed, stream).Bits());
        }

        Assert.Equal(10_000, first.Count);
    }

    [Fact]
    public void Bell_has_mean_zero_and_deviation_one()
    {
        SimulationRandom random = new(3, 0);
        double[] drawn = new double[Draws];
        for (int i = 0; i < Draws; i++)
            drawn[i] = random.Bell();
        Assert.InRange(drawn.Average(), -0.01, 0.01);
        Assert.InRange(Math.Sqrt(drawn.Average(d => d * d)), 0.99, 1.01);
        Assert.InRange(drawn.Count(d => Math.Abs(d) > 2) / (double)Draws, 0.035, 0.055);
        Assert.InRange(drawn.Max(Math.Abs), 2.8, 3.5);
    }

    [Fact]
    public void Waiting_times_are_exponential()
    {
        SimulationRandom random = new(4, 0);
        double[] drawn = new double[Draws];
        for (int i = 0; i < Draws; i++)
            drawn[i] = random.Waiting(10);
        Assert.InRange(drawn.Average(), 9.9, 10.1);
        Assert.InRange(drawn.Count(d => d > 10) / (double)Draws, Math.Exp(-1) - 0.005, Math.Exp(-1) + 0.005);
        Assert.InRange(drawn.Count(d => d > 30) / (double)Draws, Math.Exp(-3) - 0.003, Math.Exp(-3) + 0.003);
    }

    // Of SplitMix64-seeded xoshiro256**, computed apart from this program with the published definitions: a change here changes every simulated ward.
    private const ulong FirstBits = 0x8F3DC7CFDB662DA5;
    private const ulong SecondBits = 0xC0749AEE91307F22;
}
