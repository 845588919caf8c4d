using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

public class HeartRateMeterTests
{
    [Fact]
    public void Twelve_intervals_are_averaged_without_the_shortest_and_the_longest()
    {
        var meter = new HeartRateMeter();
        long now = 0;
        meter.Beat(now);
        foreach (int interval in (int[])[2000, 800, 810, 790, 805, 795, 800, 300, 1100, 800, 800, 800, 800])
            meter.Beat(now += interval);
        // The oldest, 2000, is the thirteenth; 300 and 1100 are the extremes of the twelve.
        Assert.Equal(60_000 / 800.0, meter.Rate(now)!.Value, 1e-9);
    }

    [Fact]
    public void Four_intervals_are_averaged_when_the_last_three_exceed_1200_ms()
    {
        var meter = new HeartRateMeter();
        long now = 0;
        meter.Beat(now);
        foreach (int interval in (int[])[600, 600, 600, 600, 600, 600, 1000, 1201, 1300, 1400])
            meter.Beat(now += interval);
        Assert.Equal(60_000 * 4 / 4901.0, meter.Rate(now)!.Value, 1e-9);
        meter.Beat(now += 1200);
        Assert.True(meter.Rate(now) > 60); // 1200 does not exceed 1200.
    }

    [Theory]
    [InlineData(80, 120)]
    [InlineData(80, 40)]
    public void A_change_of_rate_is_followed_within_11_s(int from, int to)
    {
        var meter = new HeartRateMeter();
        long now = 0;
        while (now < 60_000)
            meter.Beat(now += 60_000 / from);
        Assert.Equal(from, meter.Rate(now)!.Value, 0.1);
        long change = now;
        for (long second = change + 1000; second <= change + 11_000; second += 1000)
        {
            while (now + (60_000 / to) <= second)
                meter.Beat(now += 60_000 / to);
        }

        Assert.Equal(to, meter.Rate(change + 11_000)!.Value, 1.0);
    }

    [Fact]
    public void Without_a_beat_for_4_s_there_is_no_rate_and_never_0()
    {
        var meter = new HeartRateMeter();
        Assert.Null(meter.Rate(0));
        for (int i = 0; i < 20; i++)
            meter.Beat(i * 1000);
        Assert.Equal(60, meter.Rate(23_000)!.Value, 1e-9);
        Assert.Null(meter.Rate(23_001));
        meter.Beat(30_000);
        Assert.Null(meter.Rate(30_000));
        meter.Beat(30_500);
        Assert.Equal(120, meter.Rate(30_500)!.Value, 1e-9);
    }

    [Fact]
    public void A_break_makes_no_interval()
    {
        var meter = new HeartRateMeter();
        for (int i = 0; i <= 10; i++)
            meter.Beat(i * 800);
        meter.Break();
        meter.Beat(10_600);
        meter.Beat(11_400);
        Assert.Equal(75, meter.Rate(11_400)!.Value, 1e-9);
    }

    [Fact]
    public void A_beat_out_of_order_is_ignored()
    {
        var meter = new HeartRateMeter();
        meter.Beat(1000);
        meter.Beat(2000);
        meter.Beat(1500);
        meter.Beat(2000);
        meter.Beat(3000);
        Assert.Equal(60, meter.Rate(3000)!.Value, 1e-9);
    }

    [Fact]
    public void State_encoded_at_any_beat_goes_on_alike()
    {
        var straight = new HeartRateMeter();
        var cut = new HeartRateMeter();
        var random = new Random(4);
        long now = 0;
        for (int i = 0; i < 300; i++)
        {
            now += random.Next(300, 1800);
            straight.Beat(now);
            cut.Beat(now);
            if (random.Next(20) == 0)
            {
                straight.Break();
                cut.Break();
            }

            var writer = new PayloadWriter();
            cut.Encode(writer);
            Assert.InRange(writer.Length, 1, 46);
            var reader = new PayloadReader(writer.Written);
            cut = HeartRateMeter.Decode(ref reader);
            Assert.Equal(straight.Rate(now), cut.Rate(now));
        }
    }
}
