namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>The rule for a declared interval: seconds in messages, whole milliseconds inside.</summary>
internal static class IntervalRule
{
    /// <summary>What is right, for messages to people.</summary>
    public const string Text = "The interval must be a number of seconds from 0.001 to 2147483.";

    /// <summary>Converts seconds; false when they are out of range or no number.</summary>
    public static bool TryConvert(double seconds, out int milliseconds)
    {
        bool isRight = seconds is >= 0.001 and <= 2_147_483;
        milliseconds = isRight ? (int)Math.Round(seconds * 1000, MidpointRounding.ToEven) : 0;
        return isRight;
    }
}
