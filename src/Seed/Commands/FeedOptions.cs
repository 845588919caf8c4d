using System.CommandLine;
using System.Globalization;
using System.Numerics;

namespace PhysioActors.Seed.Commands;

/// <summary>Options that commands which send observations have in common.</summary>
internal static class FeedOptions
{
    private const double FastestSpeed = 1_000_000;

    /// <summary><c>--speed N|max</c>.</summary>
    /// <param name="standard">What holds when it is not given, for people.</param>
    public static Option<FeedSpeed?> Speed(string standard) => new("--speed")
    {
        Description = $"Event time as a multiple of real time, or 'max' for as fast as it goes. Standard: {standard}.",
        HelpName = "N|max",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (text == "max")
                return new FeedSpeed(null);
            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out double speed) && speed is > 0 and <= FastestSpeed)
                return new FeedSpeed(speed);
            result.AddError($"--speed is '{text}'; it must be a positive number up to {FastestSpeed:#,0}, or 'max'.");
            return null;
        },
    };

    /// <summary>A whole number in a range; its type is that of the bounds.</summary>
    public static Option<T?> Integer<T>(string name, string description, T least, T most)
        where T : struct, IBinaryInteger<T> => InRange(name, description, least, most, NumberStyles.AllowLeadingSign, "whole number");

    /// <summary>A number in a range.</summary>
    public static Option<double?> Number(string name, string description, double least, double most) => InRange(name, description, least, most, NumberStyles.Float, "number");

    /// <summary><c>--start TIME</c>.</summary>
    public static Option<DateTimeOffset?> Start(string standard) => new("--start")
    {
        Description = $"When it begins in event time, ISO 8601, UTC unless it says otherwise. Standard: {standard}.",
        HelpName = "TIME",
        CustomParser = static result =>
        {
            string text = result.Tokens[0].Value;
            if (DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time) && time >= DateTimeOffset.UnixEpoch)
                return time;
            result.AddError($"--start is '{text}'; it must be a time since 1970, as 2026-01-31T08:00:00Z.");
            return null;
        },
    };

    private static Option<T?> InRange<T>(string name, string description, T least, T most, NumberStyles style, string what)
        where T : struct, INumber<T> => new(name)
        {
            Description = description,
            HelpName = "N",
            CustomParser = result =>
            {
                string text = result.Tokens[0].Value;
                if (T.TryParse(text, style, CultureInfo.InvariantCulture, out T value) && value >= least && value <= most)
                    return value;
                result.AddError(string.Create(CultureInfo.InvariantCulture, $"{name} is '{text}'; it must be a {what} from {least} to {most}."));
                return null;
            },
        };
}

/// <summary>How fast event time passes.</summary>
/// <param name="Factor">As a multiple of real time; null for as fast as it goes.</param>
internal sealed record FeedSpeed(double? Factor);
