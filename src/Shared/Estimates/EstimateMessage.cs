using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Estimates;

/// <summary>Figures over a window (t - W, t] of event time, t being the newest event time of the code. NaN where there are too few samples.</summary>
/// <param name="Count">Number of samples.</param>
/// <param name="Mean">Mean, in the code's unit.</param>
/// <param name="StandardDeviation">Standard deviation (n - 1), in the code's unit.</param>
/// <param name="Minimum">Lowest value.</param>
/// <param name="Maximum">Highest value.</param>
/// <param name="SlopePerMinute">Least-squares slope, in the code's unit per minute.</param>
/// <param name="MissingShare">Share of the window without data, 0 to 1.</param>
public readonly record struct EstimateWindow(
    int Count, double Mean, double StandardDeviation, double Minimum, double Maximum, double SlopePerMinute, double MissingShare);

/// <summary>What filter and windows say of one signal.</summary>
/// <param name="Code">The signal.</param>
/// <param name="Level">The filtered value, in the code's unit; NaN when the filter has none.</param>
/// <param name="LevelDeviation">Its standard deviation, the root of the filter's variance; NaN with the level.</param>
/// <param name="Seconds30">Figures over 30 s.</param>
/// <param name="Minutes2">Figures over 2 min.</param>
/// <param name="Minutes10">Figures over 10 min.</param>
public sealed record SignalEstimate(
    SignalCode Code, double Level, double LevelDeviation, EstimateWindow Seconds30, EstimateWindow Minutes2, EstimateWindow Minutes10);

/// <summary>One message of the estimates topic.</summary>
/// <param name="Patient">The patient as <c>namespace:id</c>.</param>
/// <param name="Sequence">The patient's sequence number in the journal. Around a crash numbers may repeat or be left out.</param>
/// <param name="TimeMs">Event time, milliseconds since 1970 UTC.</param>
/// <param name="Signals">The signals, in the order of the message.</param>
public sealed record EstimateMessage(string Patient, long Sequence, long TimeMs, IReadOnlyList<SignalEstimate> Signals);
