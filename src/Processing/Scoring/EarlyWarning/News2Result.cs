using System.Globalization;
using System.Text;

using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Scoring.EarlyWarning;

/// <summary>What the score says of the whole.</summary>
public enum News2Status : byte
{
    /// <summary>All seven parameters have points.</summary>
    Complete = 0,

    /// <summary>Some are missing or stale: the score is at least <see cref="News2Result.Total"/>.</summary>
    AtLeast = 1,

    /// <summary>The patient is under 16 years.</summary>
    NotApplicableAge = 2,

    /// <summary>The patient is pregnant.</summary>
    NotApplicablePregnancy = 3,
}

/// <summary>Clinical risk and urgency, the chart's thresholds and triggers. The numbers order them.</summary>
public enum News2Risk : byte
{
    /// <summary>0 points: routine monitoring.</summary>
    None = 0,

    /// <summary>1 to 4 points in all: ward-based response.</summary>
    Low = 1,

    /// <summary>3 points in a single parameter: urgent ward-based response.</summary>
    LowMedium = 2,

    /// <summary>5 to 6 points: key threshold for urgent response.</summary>
    Medium = 3,

    /// <summary>7 points and more: urgent or emergency response.</summary>
    High = 4,
}

/// <summary>One parameter of a score.</summary>
/// <param name="Parameter">Which.</param>
/// <param name="Standing">Whether it has points.</param>
/// <param name="Points">0 to 3; 0 unless <see cref="News2Standing.Scored"/>, where it means nothing else.</param>
/// <param name="Value">The value on the chart's steps; of oxygen and consciousness the number of the status. NaN when there is none.</param>
/// <param name="AgeMs">How old the value is, milliseconds of event time; -1 when there is none.</param>
/// <param name="TimeMs">Event time of the value, milliseconds since 1970 UTC; -1 when there is none.</param>
public readonly record struct News2Part(News2Parameter Parameter, News2Standing Standing, int Points, double Value, long AgeMs, long TimeMs);

/// <summary>A score of NEWS2 with all that it rests on.</summary>
public sealed class News2Result
{
    internal News2Result(News2Status status, long timeMs, News2Part[] parts, bool isScale2, bool isAgeAssumed)
    {
        Status = status;
        TimeMs = timeMs;
        Parts = parts;
        IsScale2 = isScale2;
        IsAgeAssumed = isAgeAssumed;
        bool single = false;
        foreach (News2Part part in parts)
        {
            Total += part.Points;
            single |= part.Points == 3;
        }

        HasSingleTrigger = single;
        Risk = Total switch
        {
            >= 7 => News2Risk.High,
            >= 5 => News2Risk.Medium,
            _ when single => News2Risk.LowMedium,
            >= 1 => News2Risk.Low,
            _ => News2Risk.None,
        };
    }

    /// <summary>Whether the score is complete, a lower bound, or not applicable.</summary>
    public News2Status Status { get; }

    /// <summary>Event time for which it was computed, milliseconds since 1970 UTC.</summary>
    public long TimeMs { get; }

    /// <summary>True for the two statuses that have a score.</summary>
    public bool IsApplicable => Status is News2Status.Complete or News2Status.AtLeast;

    /// <summary>The sum of the points, 0 to 20; a lower bound when the status says so; 0 when the score is not applicable.</summary>
    public int Total { get; }

    /// <summary>True when one parameter alone has 3 points.</summary>
    public bool HasSingleTrigger { get; }

    /// <summary>The risk; of a lower bound the least that it can be.</summary>
    public News2Risk Risk { get; }

    /// <summary>All seven parameters in the order of the chart; none when the score is not applicable.</summary>
    public IReadOnlyList<News2Part> Parts { get; }

    /// <summary>True when oxygen saturation was scored on scale 2.</summary>
    public bool IsScale2 { get; }

    /// <summary>True when the age is not known and an adult's was assumed.</summary>
    public bool IsAgeAssumed { get; }

    /// <summary>The score as a sentence: <c>NEWS2 5</c>, or <c>NEWS2 at least 4, missing: temperature, consciousness (7 h old)</c>.</summary>
    public override string ToString()
    {
        if (Status == News2Status.NotApplicableAge)
            return "NEWS2 not applicable: under 16 years";
        if (Status == News2Status.NotApplicablePregnancy)
            return "NEWS2 not applicable: pregnancy";
        var text = new StringBuilder("NEWS2 ");
        if (Status == News2Status.AtLeast)
            text.Append("at least ");
        text.Append(CultureInfo.InvariantCulture, $"{Total}");
        string before = ", missing: ";
        foreach (News2Part part in Parts)
        {
            if (part.Standing == News2Standing.Scored)
                continue;
            text.Append(before).Append(Name(part.Parameter));
            if (part.Standing == News2Standing.Stale)
                text.Append(CultureInfo.InvariantCulture, $" ({Age(part.AgeMs)} old)");
            before = ", ";
        }

        if (IsScale2)
            text.Append(" (SpO2 scale 2)");
        if (IsAgeAssumed)
            text.Append(" (adult assumed)");
        return text.ToString();
    }

    /// <summary>The name of a parameter for people.</summary>
    public static string Name(News2Parameter parameter) => parameter switch
    {
        News2Parameter.RespiratoryRate => "respiration rate",
        News2Parameter.OxygenSaturation => "oxygen saturation",
        News2Parameter.SupplementalOxygen => "air or oxygen",
        News2Parameter.SystolicPressure => "systolic pressure",
        News2Parameter.Pulse => "pulse",
        News2Parameter.Consciousness => "consciousness",
        _ => "temperature",
    };

    private static string Age(long ms)
    {
        long minutes = ms / 60_000;
        return minutes < 120 ? string.Create(CultureInfo.InvariantCulture, $"{minutes} min") : string.Create(CultureInfo.InvariantCulture, $"{minutes / 60} h");
    }
}
