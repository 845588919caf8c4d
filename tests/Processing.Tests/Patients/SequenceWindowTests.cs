using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Patients;

public sealed class SequenceWindowTests
{
    [Theory]
    [InlineData(1, 3)]
    [InlineData(2, 40)]
    [InlineData(3, 700)]
    [InlineData(4, 3000)]
    public void It_judges_as_a_table_of_the_last_1024_numbers_does(int seed, int reach)
    {
        var window = new SequenceWindow();
        var seen = new Dictionary<long, ushort>();
        long highest = -1;
        uint state = (uint)seed;
        for (int i = 0; i < 20_000; i++)
        {
            long sequence = Math.Max(0, highest + 2 - Next(reach) + (Next(50) == 0 ? Next(5000) : 0));
            ulong hash = (ulong)Next(3);
            SequenceVerdict expected = highest < 0 || sequence > highest ? SequenceVerdict.New
                : sequence <= highest - SequenceWindow.Span ? SequenceVerdict.BelowWindow
                : !seen.TryGetValue(sequence, out ushort known) ? SequenceVerdict.New
                : known == hash ? SequenceVerdict.Duplicate : SequenceVerdict.Reused;
            Assert.Equal(expected, window.Judge(sequence, hash));
            if (expected == SequenceVerdict.New)
            {
                window.Mark(sequence, hash);
                seen[sequence] = (ushort)hash;
                highest = Math.Max(highest, sequence);
            }

            if (i % 500 == 0)
                window = RoundTrip(window);
        }

        Assert.InRange(window.ApproximateBytes, 0, 2400);

        int Next(int bound)
        {
            state = (state * 1664525) + 1013904223;
            return (int)((state >> 8) % (uint)bound);
        }
    }

    private static SequenceWindow RoundTrip(SequenceWindow window)
    {
        var writer = new PayloadWriter();
        window.Encode(writer);
        var reader = new PayloadReader(writer.Written);
        SequenceWindow decoded = SequenceWindow.Decode(ref reader);
        var again = new PayloadWriter();
        decoded.Encode(again);
        Assert.Equal(writer.Written.ToArray(), again.Written.ToArray());
        return decoded;
    }
}
