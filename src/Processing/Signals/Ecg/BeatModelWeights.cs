namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>The standard weights, as <c>physio ecg fit</c> printed them, rounded to three decimals.</summary>
internal static class BeatModelWeights
{
    /// <summary>In the order of the features that BeatDetector.Describe makes.</summary>
    public static ReadOnlySpan<double> Candidate =>
    [
        -1.636, -4.206, -2.711, -0.023, -11.506, -0.028, 5.166, -0.725,
        -0.412, 3.051, -1.206, 1.677, 1.291, -4.34, -2.298, 1.876,
        -5.892,
    ];

    /// <summary>In the order of the features that BeatDetector.DescribeForm and ScoreOf make.</summary>
    public static ReadOnlySpan<double> Form =>
    [
        -6.788, -1.44, 0.305, 1.296, 0.129, -0.17, 0.201, 1.524,
        -0.155, 3.346, 0.42, 1.516, 0.186, 0.239, 2.208, 2.081,
        -0.864, 0.203, 1.728, 0.088, 2.31, -2.751, -3.714, -0.453,
        2.077, 3.138, -2.387, 0.535, -0.978, 2.159, 0.358, 1.589,
    ];

    /// <summary>In the order of the features that BeatDetector.ScoreOf makes.</summary>
    public static ReadOnlySpan<double> Class =>
    [
        -0.802, 0.51, 0.414, 0.714, 0.926, 0.174, 0.172, -0.634,
    ];
}
