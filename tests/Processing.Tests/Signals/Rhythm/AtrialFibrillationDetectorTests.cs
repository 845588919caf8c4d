using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

public class AtrialFibrillationDetectorTests
{
    [Fact]
    public void Intervals_without_order_are_fibrillation_and_sinus_rhythm_ends_it()
    {
        var detector = new AtrialFibrillationDetector();
        var random = new Random(1);
        for (int i = 0; i < AtrialFibrillationDetector.FewestIntervals - 1; i++)
            Assert.False(detector.Add(random.Next(450, 1050)));
        Assert.False(detector.CanSay);
        for (int i = 0; i < 60; i++)
            detector.Add(random.Next(450, 1050));
        Assert.True(detector.CanSay);
        Assert.True(detector.IsFibrillating);
        for (int i = 0; i < AtrialFibrillationDetector.Intervals; i++)
            detector.Add(800 + random.Next(-20, 20));
        Assert.False(detector.IsFibrillating);
    }

    [Theory]
    [InlineData("sinus", 800, 805, 795, 790, 810)]
    [InlineData("bigeminy", 500, 1100)]
    [InlineData("trigeminy", 800, 500, 1100)]
    [InlineData("quadrigeminy", 800, 800, 480, 1120)]
    [InlineData("sinus arrhythmia", 700, 740, 790, 840, 880, 900, 880, 840, 790, 740)]
    public void A_rhythm_that_returns_is_not_fibrillation(string rhythm, params int[] pattern)
    {
        var detector = new AtrialFibrillationDetector();
        var random = new Random(2);
        for (int i = 0; i < 400; i++)
            Assert.False(detector.Add(pattern[i % pattern.Length] + random.Next(-8, 9)), $"{rhythm}, interval {i}: {detector.Irregularity}");
    }

    [Fact]
    public void Now_and_then_a_premature_beat_is_not_fibrillation()
    {
        var detector = new AtrialFibrillationDetector();
        var random = new Random(3);
        for (int i = 0; i < 600; i++)
        {
            if (random.Next(12) == 0)
            {
                int early = random.Next(400, 600);
                detector.Add(early);
                detector.Add(1700 - early);
            }

            Assert.False(detector.Add(850 + random.Next(-25, 26)));
        }
    }

    [Fact]
    public void Intervals_that_no_heart_makes_are_passed_over()
    {
        var detector = new AtrialFibrillationDetector();
        for (int i = 0; i < 200; i++)
            detector.Add(i % 2 == 0 ? 150 : 4001);
        Assert.False(detector.CanSay);
    }

    [Fact]
    public void State_encoded_at_any_interval_goes_on_alike()
    {
        var straight = new AtrialFibrillationDetector();
        var cut = new AtrialFibrillationDetector();
        var random = new Random(5);
        int changes = 0;
        bool was = false;
        for (int i = 0; i < 1500; i++)
        {
            int interval = i / 250 % 2 == 0 ? 800 + random.Next(-30, 30) : random.Next(400, 1200);
            straight.Add(interval);
            cut.Add(interval);
            Assert.Equal(straight.IsFibrillating, cut.IsFibrillating);
            Assert.Equal(straight.Irregularity, cut.Irregularity);
            changes += was != straight.IsFibrillating ? 1 : 0;
            was = straight.IsFibrillating;
            if (random.Next(10) != 0)
                continue;
            var writer = new PayloadWriter();
            cut.Encode(writer);
            Assert.InRange(writer.Length, 3, 200);
            var reader = new PayloadReader(writer.Written);
            cut = AtrialFibrillationDetector.Decode(ref reader);
        }

        Assert.True(changes >= 5);
    }

    [Fact]
    public void The_measure_is_that_of_all_pairs_after_every_interval()
    {
        var detector = new AtrialFibrillationDetector();
        var random = new Random(6);
        var intervals = new List<int>();
        for (int i = 0; i < 600; i++)
        {
            int interval = i / 100 % 2 == 0 ? 800 + random.Next(-60, 60) : random.Next(180, 1200);
            detector.Add(interval);
            if (interval >= 200)
                intervals.Add(interval);
            if (intervals.Count > AtrialFibrillationDetector.Intervals)
                intervals.RemoveAt(0);
            Assert.Equal(OfAllPairs(intervals), detector.Irregularity);
        }
    }

    private static double OfAllPairs(List<int> intervals)
    {
        if (intervals.Count < AtrialFibrillationDetector.FewestIntervals)
            return 0;
        int alike = 0, followed = 0;
        for (int i = 0; i < intervals.Count - 1; i++)
        {
            for (int j = i + 1; j < intervals.Count - 1; j++)
            {
                bool agree = Math.Abs(intervals[i] - intervals[j]) < 30;
                alike += agree ? 1 : 0;
                followed += agree && Math.Abs(intervals[i + 1] - intervals[j + 1]) < 30 ? 1 : 0;
            }
        }

        return 60.0 * Math.Max(1, alike) / (Math.Max(1, followed) * ((double)intervals.Sum() / intervals.Count));
    }
}
