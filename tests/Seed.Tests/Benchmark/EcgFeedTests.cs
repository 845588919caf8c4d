using PhysioActors.Seed.Benchmark;
using PhysioActors.Seed.Benchmark.Waveforms;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Seed.Tests.Benchmark;

public class EcgFeedTests
{
    private const int Partitions = 4;
    private const long EpochMs = 1_767_225_600_000;

    [Theory]
    [InlineData(1000)]
    [InlineData(250)]
    [InlineData(333)]
    public void Chunks_follow_each_other_without_a_gap_and_together_are_the_track(int chunkMs)
    {
        const int patients = 40, steps = 12;
        var plan = new BenchPlan(patients, chunkMs, EpochMs, 3);
        EcgTracks tracks = new EcgPlan(plan, steps * chunkMs / 1000.0, null).Tracks();
        var feed = new EcgFeed(plan, tracks);
        foreach (int patient in (int[])[0, 33])
        {
            var sent = new List<short>();
            for (long step = 0; step < steps; step++)
            {
                WaveformChunk chunk = Decode(plan, feed, patient, step);
                Assert.Equal(EpochMs + (sent.Count * 1_000_000L / tracks.RateMilliHz), chunk.TimeMs);
                Assert.InRange(WaveformBounds.EndMs(chunk), plan.TimeMs(step + 1), plan.TimeMs(step + 1) + 4);
                sent.AddRange(chunk.Samples.Span);
            }

            short[] whole = new short[sent.Count];
            tracks.CopyTo(patient, 0, whole);
            Assert.Equal(whole, sent);
            Assert.True(whole.Max() - whole.Min() > tracks.Gain / 2);
        }
    }

    [Fact]
    public void Patients_who_share_a_track_are_apart_in_it_and_the_same_plan_gives_the_same_samples()
    {
        var plan = new BenchPlan(40, 1000, EpochMs, 3);
        EcgTracks tracks = new EcgPlan(plan, 10, null).Tracks(), again = new EcgPlan(plan, 10, null).Tracks();
        short[] first = new short[1000], shared = new short[1000], repeated = new short[1000];
        tracks.CopyTo(1, 500, first);
        tracks.CopyTo(33, 500, shared);
        again.CopyTo(1, 500, repeated);
        Assert.NotEqual(first, shared);
        Assert.Equal(first, repeated);
        // 0.37 s later in the same track.
        tracks.CopyTo(1, 500 + 92, repeated);
        Assert.Equal(shared, repeated);
    }

    private static WaveformChunk Decode(BenchPlan plan, EcgFeed feed, int patient, long step)
    {
        var record = new InboundRecord(0, plan.TimeMs(step + 1), feed.Keys[patient], feed.Write(patient, step).ToArray(), RecordType.Observation, RecordContent.Protobuf);
        var observation = new DecodedObservation();
        Assert.Null(new ObservationDecoder().Decode(record, plan.PartitionsOf(Partitions)[patient], Partitions, observation));
        Assert.Equal(step, observation.Sequence);
        return Assert.Single(observation.Waveforms);
    }
}
