using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
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
    private const string ShockIndexFeature = "shock-index";

    // In place of the points, of which there can be 20.
    private const long BelowTriggers = 31;

    // Parts of the key, above the points and each other.
    private const long UnscoredBit = 1 << 8;
    private const long AgeAssumedBit = 1 << 16;
    private const long Scale2Bit = 1 << 17;

    /// <summary>
    /// NEWS2 at a trigger: 3 points in a single parameter low, 5 and 6 points medium, 7 and more high priority. A lower bound below the triggers says that the condition is gone when all that had points at the trigger is known still;
    /// else it is unknown and not absent, with the score as far as it is known: what is missing now may have its points yet. Where the score is not applicable it is absent.
    /// </summary>
    /// <param name="result">The score.</param>
    /// <param name="systolic">Which signal the systolic pressure was: line or cuff.</param>
    /// <param name="pulse">Which signal the pulse was: heart rate or pulse rate.</param>
    /// <param name="triggered">What an open alarm has told of a trigger; null for none.</param>
    /// <returns>
    /// The assessment. Its key is the score (below the triggers: that it is below) with the set of parameters that have no points, the scale and whether the age is assumed, so that an open alarm tells when one of them
    /// changes. Contributors are the signals with points; all seven parameters are in its basis.
    /// </returns>
    public static Assessment News2(News2Result result, SignalCode systolic, SignalCode pulse, News2Detail? triggered = null)
    {
        ArgumentNullException.ThrowIfNull(result);
        bool isTriggered = result.Risk >= News2Risk.LowMedium;
        if (!isTriggered && (result.Status != News2Status.AtLeast || (triggered is not null && IsOver(triggered, result))))
            return Assessment.Of(ConditionId.News2, Presence.Absent) with { Ends = Inapplicable(result.Status) };
        (AnomalySeverity priority, double trigger) = result.Risk switch
        {
            News2Risk.High => (AnomalySeverity.High, 7),
            News2Risk.Medium => (AnomalySeverity.Medium, 5),
            News2Risk.LowMedium => (AnomalySeverity.Low, 3.0),
            _ => (AnomalySeverity.Low, double.NaN),
        };
        var contributors = new List<Contributor>(News2Detail.ParameterCount);
        var parts = new News2DetailPart[result.Parts.Count];
        // Below the triggers a change of points alone is no news.
        long key = (isTriggered ? result.Total : BelowTriggers) + (result.IsAgeAssumed ? AgeAssumedBit : 0) + (result.IsScale2 ? Scale2Bit : 0);
        for (int i = 0; i < parts.Length; i++)
        {
            News2Part part = result.Parts[i];
            SignalCode code = part.Parameter switch
            {
                News2Parameter.RespiratoryRate => SignalCode.RespiratoryRate,
                News2Parameter.OxygenSaturation => SignalCode.SpO2,
                News2Parameter.SystolicPressure => systolic,
                News2Parameter.Pulse => pulse,
                News2Parameter.Temperature => SignalCode.CoreTemperature,
                _ => SignalCode.None,
            };
            bool hasValue = double.IsFinite(part.Value);
            parts[i] = new(part.Parameter, part.Standing, part.Points, hasValue ? code : SignalCode.None, hasValue ? part.Value : null, hasValue ? part.TimeMs : null);
            if (code != SignalCode.None && part.Points > 0)
                contributors.Add(new(code, Feature, part.Value, part.Points));
            if (part.Standing != News2Standing.Scored)
                key += UnscoredBit << (int)part.Parameter;
        }

        // The worst first; of equal ones as the chart has them.
        contributors = [.. contributors.OrderByDescending(contributor => contributor.Contribution)];
        return new(ConditionId.News2, isTriggered ? Presence.Present : Presence.Unknown, priority, result.Total, trigger, key, contributors)
        {
            Basis = new(LimitOrigin.None, result.IsAgeAssumed ? AgeClass.Unknown : AgeClass.Adult, new(result.IsScale2 ? 2 : 1, parts)),
        };
    }

    /// <summary>True when every parameter that had points at the trigger is known.</summary>
    private static bool IsOver(News2Detail triggered, News2Result result)
    {
        foreach (News2DetailPart part in triggered.Parts)
        {
            if (part.Points > 0 && result.Parts[(int)part.Parameter].Standing != News2Standing.Scored)
                return false;
        }

        return true;
    }

    /// <summary>Why a score does not apply to a patient; default when it does.</summary>
    private static EndCause Inapplicable(News2Status status) => status switch
    {
        News2Status.NotApplicableAge => EndCause.TooYoung,
        News2Status.NotApplicablePregnancy => EndCause.Pregnancy,
        _ => default,
    };

    /// <summary>The shock index against its limit; unknown when it cannot be computed.</summary>
    /// <param name="index">The shock index.</param>
    /// <param name="rateCode">Which signal the rate was: heart rate or pulse rate.</param>
    /// <param name="rate">The rate that it was computed from.</param>
    /// <param name="systolicCode">Which signal the systolic pressure was: line or cuff.</param>
    /// <param name="systolic">The systolic pressure that it was computed from.</param>
    public static Assessment ShockIndex(DerivedFigure? index, SignalCode rateCode, double rate, SignalCode systolicCode, double systolic)
    {
        if (index is not { } figure)
            return Assessment.Of(ConditionId.ShockIndex, Presence.Unknown);
        Presence presence = figure.Value >= ShockIndexLimit ? Presence.Present : figure.Value >= ShockIndexRecovered ? Presence.Near : Presence.Absent;
        return new(
            ConditionId.ShockIndex, presence, AnomalySeverity.Medium, figure.Value, ShockIndexLimit, 0,
            presence == Presence.Present ? [new(rateCode, ShockIndexFeature, rate, figure.Value), new(systolicCode, ShockIndexFeature, systolic, figure.Value)] : null);
    }
}
