using System.Security.Cryptography;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Tests.Signals;

namespace PhysioActors.Processing.Tests.Scoring;

public sealed class IsolationForestTests
{
    [Fact]
    public void The_same_forest_scores_as_scikit_learn_does()
    {
        IsolationForest forest = LoadReference();
        int compared = 0;
        foreach (double[] row in ReferenceValues.Rows("forest-points.csv"))
        {
            float[] point = [.. row.SkipLast(1).Select(v => (float)v)];
            double score = forest.Score(point);
            Assert.True(Math.Abs(score - row[^1]) < 1e-9, $"point {compared}: scikit-learn {row[^1]:R}, here {score:R}");
            compared++;
        }

        Assert.True(compared >= 500);
        Assert.Equal((100, 256), (forest.TreeCount, forest.SampleSize));
    }

    [Theory]
    [InlineData("blobs")]
    [InlineData("ring")]
    [InlineData("vitals")]
    public void Forests_grown_here_tell_anomalies_apart_as_well_as_scikit_learns(string set)
    {
        string[] expected = File.ReadLines(ReferenceValues.PathOf("auc.csv")).Select(line => line.Split(',')).Single(cells => cells[0] == set);
        List<double[]> rows = ReferenceValues.Rows($"auc-{set}.csv");
        int features = rows[0].Length - 1;
        float[] values = [.. rows.SelectMany(row => row.SkipLast(1)).Select(v => (float)v)];
        double[] areas = [.. Enumerable.Range(0, 20).Select(seed =>
        {
            IsolationForest forest = IsolationForest.Train(values, features, new() { Seed = (ulong)seed });
            return Area([.. rows.Select((row, i) => (forest.Score(values.AsSpan(i * features, features)), row[^1] > 0))]);
        })];
        double mean = areas.Average();
        Assert.True(Math.Abs(mean - ReferenceValues.Number(expected[1])) < 0.01, $"{set}: scikit-learn {expected[1]}, here {mean}");
        Assert.True(areas.Distinct().Count() > 1, "Every seed grew the same forest.");
    }

    [Fact]
    public void The_average_path_length_is_0_for_one_point_and_1_for_two()
    {
        Assert.Equal(0, IsolationForest.AveragePathLength(0));
        Assert.Equal(0, IsolationForest.AveragePathLength(1));
        Assert.Equal(1, IsolationForest.AveragePathLength(2));
        Assert.Equal(10.244770920119917, IsolationForest.AveragePathLength(256), 1e-12);
    }

    [Theory]
    [InlineData(2, 1)]
    [InlineData(255, 8)]
    [InlineData(256, 8)]
    [InlineData(257, 9)]
    public void The_height_limit_is_the_logarithm_rounded_up(int rows, int limit) => Assert.Equal(limit, IsolationForest.HeightLimit(rows));

    [Fact]
    public void The_same_rows_options_and_seed_give_the_same_version_and_another_seed_another()
    {
        float[] rows = Normals(500, 5);
        IsolationForest first = IsolationForest.Train(rows, 5, new() { Seed = 42 });
        Assert.Equal(first.Version, IsolationForest.Train(rows, 5, new() { Seed = 42 }).Version);
        Assert.NotEqual(first.Version, IsolationForest.Train(rows, 5, new() { Seed = 43 }).Version);
        Assert.StartsWith("iforest-", first.Version, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_is_the_same_for_all_time()
    {
        // If this changes, every trained model can no longer be trained again: say so in the release.
        float[] rows = new float[600];
        for (int i = 0; i < rows.Length; i++)
            rows[i] = i * 7919 % 1009;
        Assert.Equal("fixed-20608185524c", IsolationForest.Train(rows, 3, new() { Name = "fixed", Trees = 10, SampleSize = 64 }).Version);
    }

    [Fact]
    public void A_saved_model_is_read_back_whole()
    {
        float[] rows = Normals(700, 4);
        IsolationForest forest = IsolationForest.Train(rows, 4, new() { Name = "ward", FeatureNames = ["a", "b", "c", "d"] });
        byte[] file = Saved(forest);
        IsolationForest read = IsolationForest.Load(new MemoryStream(file));
        Assert.Equal(forest.Version, read.Version);
        Assert.Equal(forest.Name, read.Name);
        Assert.Equal(forest.FeatureNames, read.FeatureNames);
        Assert.Equal(forest.Medians.ToArray(), read.Medians.ToArray());
        Assert.Equal((forest.Floor, forest.Ceiling, forest.TreeCount, forest.SampleSize), (read.Floor, read.Ceiling, read.TreeCount, read.SampleSize));
        for (int i = 0; i < 700; i++)
            Assert.Equal(forest.Score(rows.AsSpan(i * 4, 4)), read.Score(rows.AsSpan(i * 4, 4)));
        Assert.Equal(file, Saved(read));
    }

    [Fact]
    public void A_damaged_or_foreign_file_is_refused_with_what_to_do()
    {
        byte[] file = Saved(IsolationForest.Train(Normals(100, 2), 2, new() { Trees = 3, SampleSize = 16 }));
        Assert.Contains("not a model file", Refusal([]), StringComparison.Ordinal);
        Assert.Contains("not a model file", Refusal("<html>an error page of some proxy, long enough to hold a checksum</html>"u8.ToArray()), StringComparison.Ordinal);
        byte[] newer = [.. file];
        newer[7] = (byte)'2';
        Assert.Contains("format '2'", Refusal(newer), StringComparison.Ordinal);
        for (int i = 8; i < file.Length; i++)
        {
            byte[] damaged = [.. file];
            damaged[i] ^= 0x10;
            Assert.Contains("damaged", Refusal(damaged), StringComparison.Ordinal);
        }

        Assert.Contains("damaged", Refusal(file[..^1]), StringComparison.Ordinal);
    }

    [Fact]
    public void Content_that_is_no_forest_is_refused_even_when_its_checksum_is_right()
    {
        byte[] file = Saved(IsolationForest.Train(Normals(100, 2), 2, new() { Trees = 3, SampleSize = 16 }));
        var random = new Random(1);
        int refused = 0;
        for (int i = 0; i < 3000; i++)
        {
            byte[] content = file[..^32];
            content[random.Next(8, content.Length)] = (byte)random.Next(256);
            byte[] forged = [.. content, .. SHA256.HashData(content)];
            try
            {
                // Whatever is taken must be safe to score with.
                double score = IsolationForest.Load(new MemoryStream(forged)).Score([0.5f, -0.5f]);
                Assert.InRange(score, 0, 1);
            }
            catch (InvalidDataException exception)
            {
                Assert.Contains("no forest", exception.Message, StringComparison.Ordinal);
                refused++;
            }
            catch (ArgumentException)
            {
                refused++; // The number of features was changed: the point does not fit.
            }
        }

        Assert.InRange(refused, 300, 2900);
    }

    [Fact]
    public void Absent_features_count_as_the_training_median()
    {
        float[] rows = Normals(400, 3);
        for (int i = 0; i < 100; i++)
            rows[i * 3] = float.NaN;
        IsolationForest forest = IsolationForest.Train(rows, 3, new());
        float[] present = [.. Enumerable.Range(100, 300).Select(i => rows[i * 3]).Order()];
        Assert.Equal((float)(((double)present[149] + present[150]) / 2), forest.Medians[0]);
        Assert.Equal(forest.Score([forest.Medians[0], 1, 2]), forest.Score([float.NaN, 1, 2]));
    }

    [Fact]
    public void What_stands_out_is_named_by_its_share()
    {
        IsolationForest forest = IsolationForest.Train(Normals(2000, 6), 6, new());
        double[] shares = new double[6];
        forest.Contributions([0, 0, 8, 0, float.NaN, 0], shares);
        Assert.Equal(2, Array.IndexOf(shares, shares.Max()));
        Assert.True(shares[2] > 0.8, $"{shares[2]}");
        Assert.Equal(0, shares[4]);
        Assert.All(shares, share => Assert.InRange(share, 0, 1));
        forest.Contributions(forest.Medians, shares);
        Assert.All(shares, share => Assert.Equal(0, share));
    }

    [Fact]
    public void Floor_and_ceiling_are_quantiles_of_the_training_scores()
    {
        float[] rows = Normals(1001, 3);
        IsolationForest forest = IsolationForest.Train(rows, 3, new());
        double[] scores = [.. Enumerable.Range(0, 1001).Select(i => forest.Score(rows.AsSpan(i * 3, 3))).Order()];
        Assert.Equal(scores[990], forest.Floor, 1e-6);
        Assert.Equal(scores[999], forest.Ceiling, 1e-6);
    }

    [Fact]
    public void Rows_that_are_all_equal_still_make_a_forest()
    {
        IsolationForest forest = IsolationForest.Train(new float[300 * 2], 2, new());
        Assert.Equal(forest.Score([0, 0]), forest.Score([5, 5]));
        Assert.Equal(0.5, forest.Score([0, 0]), 1e-12); // One leaf: the average path length itself.
    }

    [Fact]
    public void Training_input_that_cannot_be_used_is_refused_with_what_is_wrong()
    {
        float[] rows = Normals(10, 2);
        Assert.Contains("rows of 3", Error(rows, 3, new()), StringComparison.Ordinal);
        Assert.Contains("two rows", Error(rows[..2], 2, new()), StringComparison.Ordinal);
        Assert.Contains("features", Error(rows, 0, new()), StringComparison.Ordinal);
        Assert.Contains("trees", Error(rows, 2, new() { Trees = 0 }), StringComparison.Ordinal);
        Assert.Contains("rows", Error(rows, 2, new() { SampleSize = 1 }), StringComparison.Ordinal);
        Assert.Contains("quantiles", Error(rows, 2, new() { FloorQuantile = 0.9, CeilingQuantile = 0.5 }), StringComparison.Ordinal);
        Assert.Contains("names", Error(rows, 2, new() { FeatureNames = ["one"] }), StringComparison.Ordinal);
        Assert.Contains("name", Error(rows, 2, new() { Name = " " }), StringComparison.Ordinal);
        float[] infinite = [.. rows];
        infinite[5] = float.PositiveInfinity;
        Assert.Contains("Row 2, feature 1", Error(infinite, 2, new()), StringComparison.Ordinal);
        float[] empty = [.. rows];
        for (int i = 1; i < empty.Length; i += 2)
            empty[i] = float.NaN;
        Assert.Contains("Feature b", Error(empty, 2, new() { FeatureNames = ["a", "b"] }), StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => LoadReference().Score([1, 2]));
    }

    [Fact]
    public void Scoring_allocates_nothing()
    {
        IsolationForest forest = LoadReference();
        float[] point = new float[8];
        double sum = forest.Score(point);
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            sum += forest.Score(point);
        Assert.Equal(before, GC.GetAllocatedBytesForCurrentThread());
        Assert.True(sum > 0);
    }

    private static IsolationForest LoadReference()
    {
        using FileStream stream = File.OpenRead(ReferenceValues.PathOf("forest.model"));
        return IsolationForest.Load(stream);
    }

    private static byte[] Saved(IsolationForest forest)
    {
        using var stream = new MemoryStream();
        forest.Save(stream);
        return stream.ToArray();
    }

    private static string Refusal(byte[] file) => Assert.Throws<InvalidDataException>(() => IsolationForest.Load(new MemoryStream(file))).Message;

    private static string Error(float[] rows, int features, IsolationForestOptions options) =>
        Assert.Throws<ArgumentException>(() => IsolationForest.Train(rows, features, options)).Message;

    private static float[] Normals(int rows, int features)
    {
        var random = new Random(rows + features);
        float[] values = new float[rows * features];
        for (int i = 0; i < values.Length; i++)
            values[i] = (float)(Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble()));
        return values;
    }

    /// <summary>The area under the ROC curve: how often an anomaly scores above a normal point, ties counting half.</summary>
    private static double Area((double Score, bool Anomaly)[] points)
    {
        double[] anomalies = [.. points.Where(p => p.Anomaly).Select(p => p.Score)];
        double[] normal = [.. points.Where(p => !p.Anomaly).Select(p => p.Score)];
        double wins = anomalies.Sum(a => normal.Sum(n => a > n ? 1.0 : a == n ? 0.5 : 0));
        return wins / ((double)anomalies.Length * normal.Length);
    }
}
