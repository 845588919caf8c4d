namespace PhysioActors.Processing.Scoring;

public sealed partial class IsolationForest
{
    /// <summary>Grows a forest.</summary>
    /// <param name="rowsRowMajor">The training rows one behind the other; NaN where a feature is absent, which then counts as the median of its column.</param>
    /// <param name="features">Values per row.</param>
    /// <param name="options">Size, seed and quantiles.</param>
    /// <exception cref="ArgumentException">There are fewer than two rows, the values do not make whole rows, one is infinite, a column has no value at all, or an option is out of range.</exception>
    public static IsolationForest Train(ReadOnlySpan<float> rowsRowMajor, int features, IsolationForestOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Check(rowsRowMajor, features, options);
        int rows = rowsRowMajor.Length / features;
        float[] values = rowsRowMajor.ToArray();
        float[] medians = FillWithMedians(values, features, options);
        int sampleSize = Math.Min(options.SampleSize, rows);

        var random = new Xoshiro256(options.Seed);
        var grower = new TreeGrower(values, features, HeightLimit(sampleSize), random);
        int[] order = new int[rows];
        for (int i = 0; i < rows; i++)
            order[i] = i;
        int[] roots = new int[options.Trees];
        for (int tree = 0; tree < options.Trees; tree++)
        {
            // The first places of a shuffle are a sample without replacement, whatever order the shuffle starts from.
            for (int i = 0; i < sampleSize; i++)
            {
                int other = i + random.Below(rows - i);
                (order[i], order[other]) = (order[other], order[i]);
            }

            roots[tree] = grower.Grow(order.AsSpan(0, sampleSize));
        }

        string[] names = options.FeatureNames.Count == 0 ? NumberedNames(features) : [.. options.FeatureNames];
        var forest = new IsolationForest(options.Name, names, medians, sampleSize, grower.Nodes(), roots, grower.LeafSizes());
        double[] scores = new double[rows];
        for (int row = 0; row < rows; row++)
            scores[row] = forest.ScoreFilled(values.AsSpan(row * features, features));
        Array.Sort(scores);
        forest.Floor = Rounded(QuantileOf(scores, options.FloorQuantile));
        forest.Ceiling = Rounded(QuantileOf(scores, options.CeilingQuantile));
        forest.Version = VersionOf(forest.Name, forest.Content());
        return forest;
    }

    /// <summary>ceil(log2 psi), below which a tree does not grow (the paper's section 4: an average tree height).</summary>
    public static int HeightLimit(int sampleSize) => 32 - System.Numerics.BitOperations.LeadingZeroCount((uint)(Math.Max(2, sampleSize) - 1));

    private static void Check(ReadOnlySpan<float> rows, int features, IsolationForestOptions options)
    {
        if (features is < 1 or > MaximumFeatures)
            throw new ArgumentException($"A model has 1 to {MaximumFeatures} features, not {features}.", nameof(features));
        if (rows.Length % features != 0)
            throw new ArgumentException($"{rows.Length} values do not make rows of {features}.", nameof(rows));
        if (rows.Length / features < 2)
            throw new ArgumentException($"Training needs two rows at least, {rows.Length / features} given.", nameof(rows));
        for (int i = 0; i < rows.Length; i++)
        {
            if (float.IsInfinity(rows[i]))
                throw new ArgumentException($"Row {i / features}, feature {i % features} is infinite; give NaN where a feature is absent.", nameof(rows));
        }

        if (options.Trees is < 1 or > MaximumTrees)
            throw new ArgumentException($"A forest has 1 to {MaximumTrees} trees, not {options.Trees}.", nameof(options));
        if (options.SampleSize is < 2 or > MaximumSampleSize)
            throw new ArgumentException($"A tree is grown from 2 to {MaximumSampleSize} rows, not {options.SampleSize}.", nameof(options));
        if (!(options.FloorQuantile >= 0 && options.FloorQuantile <= options.CeilingQuantile && options.CeilingQuantile <= 1))
            throw new ArgumentException($"The quantiles of floor {options.FloorQuantile} and ceiling {options.CeilingQuantile} must rise from 0 to 1.", nameof(options));
        if (options.FeatureNames.Count != 0 && options.FeatureNames.Count != features)
            throw new ArgumentException($"{options.FeatureNames.Count} names for {features} features.", nameof(options));
        if (string.IsNullOrWhiteSpace(options.Name) || options.Name.Length > MaximumNameLength)
            throw new ArgumentException($"The model needs a name of at most {MaximumNameLength} characters.", nameof(options));
    }

    private static float[] FillWithMedians(float[] values, int features, IsolationForestOptions options)
    {
        float[] medians = new float[features];
        float[] column = new float[values.Length / features];
        for (int feature = 0; feature < features; feature++)
        {
            int present = 0;
            for (int at = feature; at < values.Length; at += features)
            {
                if (!float.IsNaN(values[at]))
                    column[present++] = values[at];
            }

            if (present == 0)
                throw new ArgumentException($"Feature {(options.FeatureNames.Count == 0 ? feature : options.FeatureNames[feature])} is absent in every row; leave it out or add rows that have it.", nameof(values));
            Array.Sort(column, 0, present);
            medians[feature] = (present & 1) == 1 ? column[present / 2] : (float)(((double)column[(present / 2) - 1] + column[present / 2]) / 2);
            for (int at = feature; at < values.Length; at += features)
            {
                if (float.IsNaN(values[at]))
                    values[at] = medians[feature];
            }
        }

        return medians;
    }

    private static string[] NumberedNames(int features)
    {
        string[] names = new string[features];
        for (int i = 0; i < features; i++)
            names[i] = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"f{i}");
        return names;
    }

    /// <summary>Machines differ in the last bits of a logarithm or a power; with six digits the same training gives the same file, and so the same version, on all of them.</summary>
    private static double Rounded(double score) => Math.Round(score, 6);

    /// <summary>The quantile of sorted values, linear between the two nearest.</summary>
    private static double QuantileOf(double[] sorted, double q)
    {
        double place = q * (sorted.Length - 1);
        int below = (int)place;
        int above = Math.Min(below + 1, sorted.Length - 1);
        return sorted[below] + ((place - below) * (sorted[above] - sorted[below]));
    }
}
