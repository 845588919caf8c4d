using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals;

public sealed class IntervalMedianTests
{
    [Fact]
    public void It_is_the_lower_middle_of_the_last_nine_after_any_snapshot()
    {
        var random = new Random(3);
        IntervalMedian median = default;
        var seen = new List<int>();
        Assert.Equal(0, median.MedianMs);
        for (int i = 0; i < 2000; i++)
        {
            int delta = random.Next(4) == 0 ? random.Next(-5, 3_600_000) : 1000 + random.Next(3);
            median.Observe(delta);
            if (delta > 0)
                seen.Add(delta);
            int[] last = [.. seen.TakeLast(IntervalMedian.Capacity).Order()];
            Assert.Equal(last.Length == 0 ? 0 : last[(last.Length - 1) / 2], median.MedianMs);

            byte[] bytes = Encoded(median);
            var reader = new PayloadReader(bytes);
            median = IntervalMedian.Decode(ref reader);
            Assert.True(reader.AtEnd);
            Assert.Equal(bytes, Encoded(median));
        }
    }

    [Fact]
    public void A_gap_does_not_change_what_is_expected()
    {
        IntervalMedian median = default;
        for (int i = 0; i < 9; i++)
            median.Observe(1000);
        median.Observe(86_400_000);
        Assert.Equal(1000, median.MedianMs);
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        Assert.Throws<InvalidDataException>(() => Decode([10]));
        Assert.Throws<InvalidDataException>(() => Decode([2, 5]));
        Assert.Throws<InvalidDataException>(() => Decode([1, 0]));
    }

    private static IntervalMedian Decode(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return IntervalMedian.Decode(ref reader);
    }

    private static byte[] Encoded(in IntervalMedian median)
    {
        var writer = new PayloadWriter();
        median.Encode(writer);
        return writer.Written.ToArray();
    }
}
