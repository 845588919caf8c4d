namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>Which of two sources of one quantity counts, as an arterial line and a cuff.</summary>
public static class FreshSource
{
    /// <summary>The preferred source while it is fresh, else the other one while that is, else the newer of the two; null when there is none.</summary>
    /// <param name="preferred">The preferred source.</param>
    /// <param name="other">The other source.</param>
    /// <param name="nowMs">Event time now, milliseconds since 1970 UTC.</param>
    /// <param name="maximumAgeMs">The age up to which a value is fresh.</param>
    public static Timed<T>? Choose<T>(Timed<T>? preferred, Timed<T>? other, long nowMs, long maximumAgeMs)
    {
        if (preferred is not { } first)
            return other;
        if (other is not { } second || first.AgeAt(nowMs) <= maximumAgeMs)
            return first;
        return second.AgeAt(nowMs) <= maximumAgeMs || second.TimeMs > first.TimeMs ? second : first;
    }
}
