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
    public static ReadOnlySpan<double> FormInTwoLeads =>
    [
        -6.788, -1.44, 0.305, 1.296, 0.129, -0.17, 0.201, 1.524,
        -0.155, 3.346, 0.42, 1.516, 0.186, 0.239, 2.208, 2.081,
        -0.864, 0.203, 1.728, 0.088, 2.31, -2.751, -3.714, -0.453,
        2.077, 3.138, -2.387, 0.535, -0.978, 2.159, 0.358, 1.589,
    ];

    /// <summary>In the order of the features that BeatDetector.ScoreOf makes.</summary>
    public static ReadOnlySpan<double> ClassInTwoLeads =>
    [
        -0.802, 0.51, 0.414, 0.714, 0.926, 0.174, 0.172, -0.634,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> FormInOneLead =>
    [
        -5.975, -1.673, 0.596, 1.668, -0.922, -1.291, 0.056, 0.389,
        -0.31, 2.01, -0.171, -0.777, 0.888, -0.398, 2.958, 2.124,
        -0.75, 0.105, 0.464, 0.45, 2.649, -3.946, -3.947, -0.674,
        1.832, 4.078, 0.075, 1.591, -1.459, 1.927, 0.242, 0.897,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> ClassInOneLead =>
    [
        -0.452, 0.856, -0.068, 0.645, 1.544, -0.149, 0.089, -0.819,
    ];
}
