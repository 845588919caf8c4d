namespace PhysioActors.Processing.Scoring;

/// <summary>How a forest is trained.</summary>
public sealed record IsolationForestOptions
{
    /// <summary>The model's name, the first part of its version.</summary>
    public string Name { get; init; } = "iforest";

    /// <summary>Names of the features, one per column; empty names them f0, f1, ...</summary>
    public IReadOnlyList<string> FeatureNames { get; init; } = [];

    /// <summary>Number of trees, 1 to 1,000.</summary>
    public int Trees { get; init; } = 100;

    /// <summary>Rows that each tree is grown from (psi), 2 to 4,096; all rows when there are fewer.</summary>
    public int SampleSize { get; init; } = 256;

    /// <summary>Where the random numbers start. The same rows, options and seed give the same forest.</summary>
    public ulong Seed { get; init; } = 1;

    /// <summary>The quantile of the training scores that no patient's threshold goes below, 0 to 1.</summary>
    public double FloorQuantile { get; init; } = 0.99;

    /// <summary>The quantile of the training scores that no patient's threshold goes above, from <see cref="FloorQuantile"/> to 1.</summary>
    public double CeilingQuantile { get; init; } = 0.999;
}
