using System.Globalization;
using System.Text;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Terminal;

/// <summary>Says in a line what an anomaly is and why.</summary>
internal static class AnomalyText
{
    private const int MostContributors = 3;

    /// <summary>What it is: the rule's name, <c>model</c>, or <c>no data</c>.</summary>
    public static string Title(AnomalyMessage anomaly) => anomaly.Kind switch
    {
        AnomalyKind.Rule => anomaly.Rule ?? "rule",
        AnomalyKind.NoData => "no data",
        _ => "model",
    };

    /// <summary>Why: values against limits, or the score and what contributed to it.</summary>
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
            case AnomalyKind.Rule when anomaly.Contributors.Count > 0:
                Contributor value = anomaly.Contributors[0];
                text.Append(CultureInfo.InvariantCulture, $"{Name(value.Code)} {value.Value:0.##}");
                if (value.Code != SignalCode.None)
                    text.Append(' ').Append(SignalCodes.Get(value.Code).Ucum);
                if (anomaly.Threshold is { } limit)
                    text.Append(CultureInfo.InvariantCulture, $" (limit {limit:0.##})");
                break;
            case AnomalyKind.NoData:
                text.Append("nothing comes from its devices");
                break;
        }

        return text.ToString();
    }

    /// <summary>The name of a signal in messages.</summary>
    public static string Name(SignalCode code) => code == SignalCode.None ? "?" : SignalCodes.Get(code).Name;

    /// <summary>Event time, for people.</summary>
    public static string Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds).ToString("yyyy-MM-dd HH:mm:ss", CultureInfo.InvariantCulture);
}
