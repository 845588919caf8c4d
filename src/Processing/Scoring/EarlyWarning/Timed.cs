namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>A value and when it was so.</summary>
/// <typeparam name="T">What kind of value.</typeparam>
/// <param name="Value">The value.</param>
/// <param name="TimeMs">Event time of the observation, milliseconds since 1970 UTC.</param>
public readonly record struct Timed<T>(T Value, long TimeMs)
{
    /// <summary>How old the value is at <paramref name="nowMs"/>; 0 when it is newer.</summary>
    public long AgeAt(long nowMs) => Math.Max(0, nowMs - TimeMs);
}
