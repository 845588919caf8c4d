using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Scoring;

public sealed class RecentQuantileTests
{
    [Theory]
    [InlineData(0.5)]
    [InlineData(0.95)]
    [InlineData(0.999)]
    [InlineData(0.0)]
    [InlineData(1.0)]
    public void A_quantile_is_off_by_at_most_a_bin_from_that_of_the_sorted_scores(double q)
    {
        foreach (int seed in Enumerable.Range(0, 50))
        {
            var random = new Random(seed);
            var quantile = new RecentQuantile();
            double[] scores = [.. Enumerable.Range(0, 50 + random.Next(7000)).Select(_ => Score(random, 0.4))];
            foreach (double score in scores)
                quantile.Add(score);
            Array.Sort(scores);
            // Any value between the two ranks nearest to q is a q-quantile.
            double place = q * scores.Length;
            double low = scores[Math.Clamp((int)Math.Ceiling(place) - 1, 0, scores.Length - 1)];
            double high = scores[Math.Clamp((int)Math.Floor(place), 0, scores.Length - 1)];
            Assert.InRange(quantile.Quantile(q), low - RecentQuantile.Resolution, high + RecentQuantile.Resolution);
        }
    }

    [Fact]
    public void Older_scores_are_forgotten()
    {
        var random = new Random(1);
        var quantile = new RecentQuantile();
        for (int i = 0; i < 20_000; i++)
            quantile.Add(Score(random, 0.6));
        double before = quantile.Quantile(0.5);
        for (int i = 0; i < 4 * RecentQuantile.HalvedAt; i++)
            quantile.Add(Score(random, 0.4));
        Assert.InRange(before - quantile.Quantile(0.5), 0.19, 0.21);
        Assert.Equal(20_000 + (4 * RecentQuantile.HalvedAt), quantile.Count);
    }

    [Fact]
    public void Halving_moves_no_quantile_by_more_than_a_bin()
    {
        var random = new Random(2);
        var quantile = new RecentQuantile();
        for (int i = 0; i < RecentQuantile.HalvedAt - 1; i++)
            quantile.Add(Score(random, 0.45));
        double[] shares = [0.01, 0.25, 0.5, 0.75, 0.95];
        double[] before = [.. shares.Select(quantile.Quantile)];
        quantile.Add(0.45);
        for (int i = 0; i < shares.Length; i++)
            Assert.InRange(quantile.Quantile(shares[i]) - before[i], -RecentQuantile.Resolution, RecentQuantile.Resolution);
    }

    [Fact]
    public void A_snapshot_anywhere_gives_the_same_bytes_and_the_same_quantiles()
    {
        var random = new Random(3);
        var original = new RecentQuantile();
        var restored = new RecentQuantile();
        for (int i = 0; i < 30_000; i++)
        {
            double score = random.Next(50) == 0 ? random.NextDouble() : Score(random, 0.5);
            original.Add(score);
            restored.Add(score);
            if (i % 97 != 0)
                continue;
            byte[] bytes = Encoded(restored);
            Assert.Equal(Encoded(original), bytes);
            restored = Decoded(bytes);
            Assert.Equal(bytes, Encoded(restored));
            Assert.Equal(original.Quantile(0.95), restored.Quantile(0.95));
            Assert.Equal(original.Count, restored.Count);
        }
    }

    [Fact]
    public void Scores_beyond_the_bins_count_at_their_ends()
    {
        var quantile = new RecentQuantile();
        Assert.True(double.IsNaN(quantile.Quantile(0.95)));
        quantile.Add(0);
        quantile.Add(1);
        Assert.Equal(RecentQuantile.Lowest, quantile.Quantile(0), 1e-12);
        Assert.Equal(RecentQuantile.Lowest + (RecentQuantile.Bins * RecentQuantile.Resolution), quantile.Quantile(1), 1e-12);
    }

    [Fact]
    public void What_is_no_score_is_refused()
    {
        var quantile = new RecentQuantile();
        foreach (double score in new[] { double.NaN, -0.1, 1.1, double.PositiveInfinity })
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => quantile.Add(score));
            Assert.Throws<ArgumentOutOfRangeException>(() => quantile.Quantile(score));
        }

        Assert.Equal(0, quantile.Count);
    }

    [Fact]
    public void Damaged_bytes_are_refused()
    {
        var quantile = new RecentQuantile();
        for (int i = 0; i < 500; i++)
            quantile.Add(0.3 + (i * 0.001));
        byte[] bytes = Encoded(quantile);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decoded(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => Decoded([1, 1, 0, 2])); // More in the bins than were added.
        Assert.Throws<InvalidDataException>(() => Decoded([5, 1, 0, 0])); // An empty bin.
        Assert.Throws<InvalidDataException>(() => Decoded([5, 2, 0xFF, 1, 1, 0, 1])); // A bin that does not exist.
    }

    private static double Score(Random random, double middle) =>
        middle + ((random.NextDouble() + random.NextDouble() + random.NextDouble() - 1.5) * 0.1);

    private static byte[] Encoded(RecentQuantile quantile)
    {
        var writer = new PayloadWriter();
        quantile.Encode(writer);
        return writer.Written.ToArray();
    }

    private static RecentQuantile Decoded(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return RecentQuantile.Decode(ref reader);
    }
}
