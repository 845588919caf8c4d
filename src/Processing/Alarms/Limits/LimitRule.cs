using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms.Limits;

/// <summary>Which limit.</summary>
public enum LimitSide
{
    /// <summary>The low limit.</summary>
    Low,

    /// <summary>The high limit.</summary>
    High,

    /// <summary>The limit of desaturation.</summary>
    Desaturation,
}

/// <summary>How a value is held against a limit. The limit itself is the patient's and not part of it.</summary>
/// <param name="Condition">The condition that it is about.</param>
/// <param name="Code">The signal it watches: this one and no other.</param>
/// <param name="Side">Which of the signal's limits.</param>
/// <param name="Hysteresis">How far inside the limit a value must be to count as recovered, in the signal's unit.</param>
/// <param name="SevereMargin">How far beyond the limit a value is of high priority, in the signal's unit.</param>
public sealed record LimitRule(ConditionId Condition, SignalCode Code, LimitSide Side, double Hysteresis, double SevereMargin)
{
    /// <summary>Holds a value against the limit.</summary>
    /// <param name="value">The value, in the signal's unit; finite.</param>
    /// <param name="limits">The patient's limits of the signal. Without this one the condition is absent.</param>
    public Assessment Assess(double value, in SignalLimits limits)
    {
        double? limit = Side switch
        {
            LimitSide.Low => limits.Low,
            LimitSide.High => limits.High,
            _ => limits.Desaturation,
        };
        if (limit is not { } bound)
            return Assessment.Of(Condition, Presence.Absent);
        double excess = Side == LimitSide.High ? value - bound : bound - value;
        Presence presence = excess > 0 ? Presence.Present : excess > -Hysteresis ? Presence.Near : Presence.Absent;
        AnomalySeverity usual = AlarmConditions.Get(Condition).Priority;
        return new(Condition, presence, excess >= SevereMargin ? AnomalySeverity.High : usual, value, bound, 0, null);
    }
}

/// <summary>The rules of all limits, with hysteresis and margins as the clinical rules have had them.</summary>
public static class LimitRules
{
    private static readonly LimitRule[] Rules = Build();
    private static readonly LimitRule[][] ByCode = [.. Enumerable.Range(0, SignalCodes.Count).Select(code => Rules.Where(rule => (int)rule.Code == code).ToArray())];

    /// <summary>All rules, in the order of their conditions' first versions.</summary>
    public static IReadOnlyList<LimitRule> All => Rules;

    /// <summary>The rules of a signal, by condition; none for a signal without limits.</summary>
    public static IReadOnlyList<LimitRule> Of(SignalCode code) => ByCode[(int)code];

    private static LimitRule[] Build() =>
        [
            new(ConditionId.HeartRateHigh, SignalCode.HeartRate, LimitSide.High, 5, 20),
            new(ConditionId.HeartRateLow, SignalCode.HeartRate, LimitSide.Low, 3, 10),
            new(ConditionId.SpO2Low, SignalCode.SpO2, LimitSide.Low, 1, 5),
            new(ConditionId.RespiratoryRateLow, SignalCode.RespiratoryRate, LimitSide.Low, 1, 3),
            new(ConditionId.RespiratoryRateHigh, SignalCode.RespiratoryRate, LimitSide.High, 2, 10),
            new(ConditionId.ArterialSystolicLow, SignalCode.ArterialSystolic, LimitSide.Low, 3, 15),
            new(ConditionId.CuffSystolicLow, SignalCode.CuffSystolic, LimitSide.Low, 3, 15),
            new(ConditionId.ArterialMeanLow, SignalCode.ArterialMean, LimitSide.Low, 2, 10),
            new(ConditionId.CuffMeanLow, SignalCode.CuffMean, LimitSide.Low, 2, 10),
            new(ConditionId.CoreTemperatureLow, SignalCode.CoreTemperature, LimitSide.Low, 0.2, 2),
            new(ConditionId.CoreTemperatureHigh, SignalCode.CoreTemperature, LimitSide.High, 0.2, 1.5),
            new(ConditionId.Desaturation, SignalCode.SpO2, LimitSide.Desaturation, 1, 0),
            new(ConditionId.SpO2High, SignalCode.SpO2, LimitSide.High, 1, 5),
            new(ConditionId.PulseRateHigh, SignalCode.PulseRate, LimitSide.High, 5, 20),
            new(ConditionId.PulseRateLow, SignalCode.PulseRate, LimitSide.Low, 3, 10),
            new(ConditionId.ArterialSystolicHigh, SignalCode.ArterialSystolic, LimitSide.High, 3, 30),
            new(ConditionId.CuffSystolicHigh, SignalCode.CuffSystolic, LimitSide.High, 3, 30),
            new(ConditionId.ArterialMeanHigh, SignalCode.ArterialMean, LimitSide.High, 2, 20),
            new(ConditionId.CuffMeanHigh, SignalCode.CuffMean, LimitSide.High, 2, 20),
            new(ConditionId.ArterialDiastolicLow, SignalCode.ArterialDiastolic, LimitSide.Low, 2, 15),
            new(ConditionId.ArterialDiastolicHigh, SignalCode.ArterialDiastolic, LimitSide.High, 2, 20),
            new(ConditionId.CuffDiastolicLow, SignalCode.CuffDiastolic, LimitSide.Low, 2, 15),
            new(ConditionId.CuffDiastolicHigh, SignalCode.CuffDiastolic, LimitSide.High, 2, 20),
        ];

}
