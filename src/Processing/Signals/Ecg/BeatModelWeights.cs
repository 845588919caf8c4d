namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>The standard weights; <see cref="BeatModel"/> says where they come from. Three decimals.</summary>
internal static class BeatModelWeights
{
    /// <summary>In the order of the features that BeatDetector.Describe makes.</summary>
    public static ReadOnlySpan<double> Candidate =>
    [
        -1.571, -4.596, -2.697, -0.008, -11.564, 0.02, 5.018, -0.506,
        -0.387, 2.979, -1.116, 1.562, 1.512, -4.213, -2.227, 1.606,
        -5.886,
    ];

    /// <summary>In the order of the features that BeatDetector.DescribeForm and ScoreOf make.</summary>
    public static ReadOnlySpan<double> FormInTwoLeads =>
    [
        -6.709, -1.523, 0.295, 1.389, 0.199, -0.384, 0.239, 1.627,
        -0.443, 3.545, 0.437, 1.45, 0.217, 0.166, 2.316, 1.655,
        -0.348, 0.223, 1.414, 0.28, 2.294, -1.679, -4.214, -0.924,
        1.849, 3.537, -2.174, 0.682, -1.342, 2.078, 0.298, 1.273,
    ];

    /// <summary>In the order of the features that BeatDetector.ScoreOf makes.</summary>
    public static ReadOnlySpan<double> ClassInTwoLeads =>
    [
        -0.766, 0.52, 0.376, 0.73, 1.09, -0.038, -0.398, -0.604,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> FormInOneLead =>
    [
        -5.836, -0.77, 0.502, 1.993, -1.024, -0.217, -0.112, 1.028,
        -0.084, 2.23, 0.032, -0.757, 0.897, -0.392, 2.779, 2.047,
        -0.703, 0.098, 0.786, 1.221, 2.71, -2.834, -5.135, -1.931,
        2.334, 0.917, 0.353, 0.443, -1.543, 1.775, 0.221, 0.509,
    ];

    /// <summary>The same for one lead.</summary>
    public static ReadOnlySpan<double> ClassInOneLead =>
    [
        -0.62, 0.707, 0.022, 0.642, 1.312, -0.912, 0.27, -0.055,
    ];
}
