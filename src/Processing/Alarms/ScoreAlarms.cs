using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms;

/// <summary>How scores stand as conditions of alarms.</summary>
public static class ScoreAlarms
{
    /// <summary>A shock index from here on is an alarm: the heart rate exceeds the systolic pressure (Allgoewer and Burri 1967).</summary>
    public const double ShockIndexLimit = 1.0;

    /// <summary>A shock index below this is over: the upper end of what was found without shock (Rady and others 1994).</summary>
    public const double ShockIndexRecovered = 0.9;

    private const string Feature = "news2";

    /// <summary>
    /// NEWS2 at a trigger: 3 points in a single parameter low, 5 and 6 points medium, 7 and more high priority. A lower bound below the triggers says nothing: what is missing may have points, so the condition is
    /// unknown and not absent. Where the score is not applicable it is absent.
    /// </summary>
    /// <param name="result">The score.</param>
    /// <param name="systolic">Which signal the systolic pressure was: line or cuff.</param>
    /// <param name="pulse">Which signal the pulse was: heart rate or pulse rate.</param>
    /// <returns>The assessment; its key is the score. Contributors are the signals with points; those of oxygen and consciousness are in the score alone, as no device measures them.</returns>
    public static Assessment News2(News2Result result, SignalCode systolic, SignalCode pulse)
    {
        ArgumentNullException.ThrowIfNull(result);
        if (result.Risk < News2Risk.LowMedium)
            return Assessment.Of(ConditionId.News2, result.Status == News2Status.AtLeast ? Presence.Unknown : Presence.Absent);
        AnomalySeverity priority = result.Risk switch
        {
            News2Risk.High => AnomalySeverity.High,
            News2Risk.Medium => AnomalySeverity.Medium,
            _ => AnomalySeverity.Low,
        };
        var contributors = new List<Contributor>(5);
        foreach (News2Part part in result.Parts)
        {
            SignalCode code = part.Parameter switch
            {
                News2Parameter.RespiratoryRate => SignalCode.RespiratoryRate,
                News2Parameter.OxygenSaturation => SignalCode.SpO2,
                News2Parameter.SystolicPressure => systolic,
                News2Parameter.Pulse => pulse,
                News2Parameter.Temperature => SignalCode.CoreTemperature,
                _ => SignalCode.None,
            };
            if (code != SignalCode.None && part.Points > 0)
                contributors.Add(new(code, Feature, part.Value, part.Points));
        }

        // The worst first; of equal ones as the chart has them.
        contributors = [.. contributors.OrderByDescending(contributor => contributor.Contribution)];
        return new(ConditionId.News2, Presence.Present, priority, result.Total, result.Risk switch { News2Risk.High => 7, News2Risk.Medium => 5, _ => 3 }, result.Total, contributors);
    }

    /// <summary>The shock index against its limit; unknown when it cannot be computed.</summary>
    /// <param name="index">The shock index.</param>
    /// <param name="heartRate">The heart rate that it was computed from.</param>
    /// <param name="systolicCode">Which signal the systolic pressure was: line or cuff.</param>
    /// <param name="systolic">The systolic pressure that it was computed from.</param>
    public static Assessment ShockIndex(DerivedFigure? index, double heartRate, SignalCode systolicCode, double systolic)
    {
        if (index is not { } figure)
            return Assessment.Of(ConditionId.ShockIndex, Presence.Unknown);
        Presence presence = figure.Value >= ShockIndexLimit ? Presence.Present : figure.Value >= ShockIndexRecovered ? Presence.Near : Presence.Absent;
        return new(
            ConditionId.ShockIndex, presence, AnomalySeverity.Medium, figure.Value, ShockIndexLimit, 0,
            presence == Presence.Present ? [new(SignalCode.HeartRate, "shock-index", heartRate, figure.Value), new(systolicCode, "shock-index", systolic, figure.Value)] : null);
    }
}
