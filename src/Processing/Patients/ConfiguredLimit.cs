using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Patients;

/// <summary>The limits of a signal that hold for a patient at a time, and why these.</summary>
/// <param name="Values">The limits, in the signal's unit.</param>
/// <param name="AreOrdered">True when they are the patient's own: a person ordered one of them, and thereby fixed them all.</param>
/// <param name="AgeClass">The patient's age class; unknown when an adult's is assumed.</param>
internal readonly record struct LimitsInForce(SignalLimits Values, bool AreOrdered, AgeClass AgeClass);

/// <summary>A limit as the cluster is configured with it. A patient's own limits, and those of children, go before it.</summary>
/// <param name="Rule">How a value is held against it.</param>
/// <param name="AdultLimit">The limit of adults and of patients of unknown age, in the signal's unit; null where they have none, so that it is judged only for those who have one of their own or by their age.</param>
/// <param name="Priority">The priority of a value beyond it by less than the rule's margin.</param>
/// <param name="OnsetMs">How long a value must be beyond it before its alarm begins, milliseconds.</param>
/// <param name="ClearMs">How long values must have recovered before the alarm ends, milliseconds.</param>
public sealed record ConfiguredLimit(LimitRule Rule, double? AdultLimit, AnomalySeverity Priority, int OnsetMs, int ClearMs)
{
    /// <summary>All limits, as they are when nothing is configured.</summary>
    public static IReadOnlyList<ConfiguredLimit> Default { get; } =
    [
        .. from rule in LimitRules.All
           let timing = AlarmSettings.Usual(AlarmConditions.Get(rule.Condition))
           select new ConfiguredLimit(rule, AdultLimitOf(rule), AlarmConditions.Get(rule.Condition).Priority, timing.OnsetMs, timing.ClearMs),
    ];

    /// <summary>The standard limit of adults; null where there is none.</summary>
    public static double? AdultLimitOf(LimitRule rule)
    {
        ArgumentNullException.ThrowIfNull(rule);
        SignalLimits adult = LimitTable.For(AgeClass.Adult, rule.Code).Values;
        return rule.Side switch
        {
            LimitSide.Low => adult.Low,
            LimitSide.High => adult.High,
            _ => adult.Desaturation,
        };
    }

    /// <summary>Holds a value against the limits of a patient.</summary>
    internal Assessment Assess(double value, in LimitsInForce limits)
    {
        Assessment assessment = Rule.Assess(value, limits.Values);
        if (assessment.Presence != Presence.Present)
            return assessment;
        LimitOrigin origin = OriginIn(limits);
        return assessment with
        {
            Priority = assessment.Priority == AnomalySeverity.High ? AnomalySeverity.High : Priority,
            // To hundredths: an open alarm tells when the limit that it names is no longer the one in force.
            Key = ((long)Math.Round(assessment.Limit * 100) << 8) | ((long)origin << 4) | (long)limits.AgeClass,
            Basis = new(origin, limits.AgeClass),
        };
    }

    /// <summary>Where this limit of a patient comes from. A configured one that is the standard's is no other than the standard's.</summary>
    internal LimitOrigin OriginIn(in LimitsInForce limits)
    {
        if (limits.AreOrdered)
            return LimitOrigin.Order;
        return limits.AgeClass is AgeClass.Unknown or AgeClass.Adult && AdultLimit != AdultLimitOf(Rule) ? LimitOrigin.Configuration : LimitOrigin.Default;
    }
}
