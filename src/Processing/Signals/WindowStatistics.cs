namespace PhysioActors.Processing.Signals;

/// <summary>What a window (t - W, t] holds, t being the newest event time of the code.</summary>
/// <param name="Count">Number of samples.</param>
/// <param name="Mean">Mean in the code's unit; NaN without a sample.</param>
/// <param name="StandardDeviation">Sample standard deviation (n - 1) in the code's unit; NaN with fewer than two samples.</param>
/// <param name="Minimum">Lowest value; NaN without a sample.</param>
/// <param name="Maximum">Highest value; NaN without a sample.</param>
/// <param name="SlopePerMinute">Least-squares slope in the code's unit per minute; NaN with fewer than two distinct times.</param>
/// <param name="MissingShare">The share of W, 0 to 1, that lies neither at a reading nor within 1.5 expected intervals after one.</param>
public readonly record struct WindowStatistics(
    int Count,
    double Mean,
    double StandardDeviation,
    double Minimum,
    double Maximum,
    double SlopePerMinute,
    double MissingShare);
