using System.Globalization;
using System.Text;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Terminal;

/// <summary>Says in a line what an anomaly is and why.</summary>
internal static class AnomalyText
{
    private const int MostContributors = 3;

    /// <summary>What it is: the condition's name, <c>model</c>, <c>no data</c>, or what is paused.</summary>
    public static string Title(AnomalyMessage anomaly) => anomaly.Kind switch
    {
        AnomalyKind.Model => "model",
        AnomalyKind.NoData => "no data",
        AnomalyKind.Pause => $"{anomaly.Rule} paused",
        _ => anomaly.Rule ?? AnomalyJson.Text(anomaly.Kind),
    };

    /// <summary>Why: values against limits, the score and what contributed to it, or the rates of a rhythm.</summary>
    public static string Reason(AnomalyMessage anomaly)
    {
        var text = new StringBuilder();
        switch (anomaly.Kind)
        {
            case AnomalyKind.Model when anomaly is { Score: { } score, Threshold: { } threshold }:
                text.Append(CultureInfo.InvariantCulture, $"score {score:0.00} (limit {threshold:0.00})");
                foreach (Contributor part in anomaly.Contributors.Take(MostContributors))
                    text.Append(CultureInfo.InvariantCulture, $", {Name(part.Code)} {part.Feature} {part.Value:0.##} ({part.Contribution:0%})");
                break;
            case AnomalyKind.Score when anomaly is { Score: { } points, News2: { } news2 }:
                text.Append(CultureInfo.InvariantCulture, $"{(news2.IsLowerBound ? "at least " : "")}{points:0}{Limit(anomaly)}");
                foreach (News2DetailPart part in news2.Parts.Where(part => part.Points > 0).OrderByDescending(part => part.Points))
                    text.Append(CultureInfo.InvariantCulture, $", {Value(part)} (+{part.Points})");
                AppendNames(text, "missing", news2.Standing(News2Standing.Missing));
                AppendNames(text, "too old", news2.Standing(News2Standing.Stale));
                break;
            case AnomalyKind.Score when anomaly.Score is { } points:
                text.Append(CultureInfo.InvariantCulture, $"{points:0.##}{Limit(anomaly)}");
                foreach (Contributor part in anomaly.Contributors.Take(MostContributors))
                    text.Append(CultureInfo.InvariantCulture, $", {Name(part.Code)} {part.Value:0.##} ({part.Contribution:+0.##;-0.##;+0})");
                break;
            case AnomalyKind.Rule when anomaly.Contributors.Count > 0:
                text.Append(Value(anomaly.Contributors[0])).Append(Limit(anomaly));
                break;
            case AnomalyKind.Rhythm:
                text.AppendJoin(", ", anomaly.Contributors.Where(part => double.IsFinite(part.Value)).Take(MostContributors).Select(Value)).Append(Limit(anomaly));
                break;
            case AnomalyKind.Pause when anomaly.UntilMs is { } until:
                text.Append(CultureInfo.InvariantCulture, $"until {Time(until)}");
                break;
            case AnomalyKind.NoData:
                text.Append("nothing comes from its devices");
                break;
        }

        return text.ToString();
    }

    /// <summary>What an event says beyond its state: what an update is about, that the alarm stays until somebody has seen it, why it does not sound, why it ended or latched if not because its condition went, and that an adult's age was assumed; empty for nothing.</summary>
    public static string Remark(AnomalyMessage anomaly)
    {
        var remarks = new List<string>(4);
        if (anomaly.Change != AnomalyChange.None)
            remarks.Add(AnomalyJson.Text(anomaly.Change));
        // That a condition has gone is what one expects.
        if (anomaly.Reason is not (AnomalyReason.None or AnomalyReason.Over))
            remarks.Add(AnomalyJson.Text(anomaly.Reason));
        if (anomaly.IsLatched && anomaly.Change != AnomalyChange.Latched)
            remarks.Add("latched");
        if (anomaly.Sound is not (AlarmSound.Unspecified or AlarmSound.On) && anomaly.State != AnomalyState.Acknowledged)
            remarks.Add(AnomalyJson.Text(anomaly.Sound));
        if (anomaly.IsAgeAssumed)
            remarks.Add("adult assumed");
        return string.Join(", ", remarks);
    }

    /// <summary>The name of a signal in messages.</summary>
    public static string Name(SignalCode code) => code == SignalCode.None ? "?" : SignalCodes.Get(code).Name;

    /// <summary>Event time, for people.</summary>
    public static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);

    /// <summary>Event time of day to the hundredth of a second, as one looks at beats.</summary>
    public static string TimeOfDay(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("HH:mm:ss.ff", CultureInfo.InvariantCulture);

    /// <summary>How long ago something was, for people: <c>3 s</c>, <c>57 min</c>, <c>5 h</c>, <c>4 d</c>.</summary>
    public static string Ago(double seconds) => seconds switch
    {
        < 60 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds):0} s"),
        < 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 60):0} min"),
        < 48 * 3600 => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 3600):0} h"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{Math.Floor(seconds / 86400):0} d"),
    };

    /// <summary>The limit, and where it comes from unless it is the usual one of adults; empty for none.</summary>
    private static string Limit(AnomalyMessage anomaly)
    {
        if (anomaly.Threshold is not { } limit)
            return "";
        string from = anomaly.LimitOrigin switch
        {
            LimitOrigin.Order => ", ordered",
            LimitOrigin.Configuration => ", configured",
            LimitOrigin.Default when anomaly.AgeClass is not (AgeClass.Adult or AgeClass.Unknown) => $", {CommandWords.Text(anomaly.AgeClass)}",
            _ => "",
        };
        return string.Create(CultureInfo.InvariantCulture, $" (limit {limit:0.##}{from})");
    }

    private static void AppendNames(StringBuilder text, string what, IEnumerable<News2Parameter> parameters)
    {
        string names = string.Join(", ", parameters.Select(parameter => News2Json.Text(parameter).Replace('-', ' ')));
        if (names.Length > 0)
            text.Append("; ").Append(what).Append(": ").Append(names);
    }

    private static string Value(News2DetailPart part) =>
        part.Word is { } word
            ? part.Parameter == News2Parameter.Consciousness ? $"consciousness {word}" : word
            : string.Create(CultureInfo.InvariantCulture, $"{Name(part.Code)} {part.Value:0.##}");

    private static string Value(Contributor part) => string.Create(
        CultureInfo.InvariantCulture, $"{Name(part.Code)} {part.Value:0.##}{(part.Code == SignalCode.None ? "" : " " + SignalCodes.Get(part.Code).Ucum)}");
}
