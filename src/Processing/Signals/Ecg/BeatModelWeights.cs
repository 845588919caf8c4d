namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>The standard weights; <see cref="BeatModel"/> says where they come from. Three decimals.</summary>
internal static class BeatModelWeights
{
    /// <summary>In the order of the features that BeatDetector.Describe makes.</summary>
    public static ReadOnlySpan<double> Candidate =>
    [
        -1.573, -4.524, -2.667, 0.026, -11.614, 0.008, 5.054, -0.415,
        -0.391, 2.998, -1.182, 1.466, 1.553, -4.208, -2.244, 1.591,
        -5.862,
    ];

    /// <summary>In the order of the features that BeatDetector.DescribeForm and ScoreOf make.</summary>
    public static ReadOnlySpan<double> FormInTwoLeads =>
    [
        -5.993, -0.091, 0.385, 0.205, -0.039, -0.214, 0.062, 0.493,
        0.26, 0.669, -0.519, 0.458, 0.224, 0.746, 0.028, 0.75,
        0.14, -0.75, 0.005, 1.323, 1.791, -0.716, 0.242, 0.372,
        0.157, 0.139, 0.023, -0.571, 2.376, 0.777, 0.503, 3.135,
        -1.711, -0.354, 0.956, 0.175, -0, 0.364, 0.071, 2.248,
        0.684, 0.206, 0.467, 0.464, 0.437, -0.128, 0.172, 1.181,
        0.072, 0.282, -0.258, 0.972,
    ];

    /// <summary>In the order of the features that BeatDetector.ScoreOf makes.</summary>
    public static ReadOnlySpan<double> ClassInTwoLeads =>
    [
        -0.603, 0.505, 0.551, 0.28, 0.829, -0.965, -1.374, -0.93,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> FormInOneLead =>
    [
        -5.549, -0.423, 0.455, 0.153, -0.437, -1.174, -0.155, -0.237,
        0.699, 0.953, -0.499, 0.821, 0.064, 1.64, 0.322, 1.261,
        -0.944, -1.799, -0.397, 0.804, -0.754, 0.28, -0.02, -0.37,
        0.127, -0.112, -0.807, 0.247, 1.191, 1.297, -0.908, 2.489,
        -1.624, -1.281, 0.522, 0.282, -0.043, 0.436, 0.372, 2.831,
        -0.235, 0.662, 1.013, 0.819, 0.808, -0.312, -0.039, 1.491,
        -0.44, 0.461, 0.281, 1.016,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> ClassInOneLead =>
    [
        -0.4, 0.882, 0.166, 0.291, 0.899, -1.808, -0.622, -1.023,
    ];
}
