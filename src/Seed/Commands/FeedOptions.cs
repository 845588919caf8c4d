using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;

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

    /// <summary>A whole number in a range.</summary>
    public static Option<int?> Integer(string name, string description, int least, int most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => int.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most
            ? value
            : Refuse<int>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{result.Tokens[0].Value}'; it must be a whole number from {least} to {most}.")),
    };

    /// <summary>A whole number in a range that an int is too small for.</summary>
    public static Option<long?> Count(string name, string description, long least, long most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value) && value >= least && value <= most
            ? value
            : Refuse<long>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{result.Tokens[0].Value}'; it must be a whole number from {least} to {most}.")),
    };

    /// <summary>A number in a range.</summary>
    public static Option<double?> Number(string name, string description, double least, double most) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result => double.TryParse(result.Tokens[0].Value, NumberStyles.Float, CultureInfo.InvariantCulture, out double value) && value >= least && value <= most
            ? value
            : Refuse<double>(result, string.Create(CultureInfo.InvariantCulture, $"{name} is '{result.Tokens[0].Value}'; it must be a number from {least} to {most}.")),
    };

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

    private static T? Refuse<T>(ArgumentResult result, string why)
        where T : struct
    {
        result.AddError(why);
        return null;
    }
}

/// <summary>How fast event time passes.</summary>
/// <param name="Factor">As a multiple of real time; null for as fast as it goes.</param>
internal sealed record FeedSpeed(double? Factor);
