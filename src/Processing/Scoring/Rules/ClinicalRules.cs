using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Scoring.Rules;

/// <summary>The rules with their default limits.</summary>
public static class ClinicalRules
{
    private const int Delay = 10_000;

    /// <summary>
    /// Limits for adults: heart rate over 140 or under 40 /min, SpO2 under 90 %, respiratory rate under 8 or over 30 /min, systolic pressure under 90 and mean under 60 mmHg
    /// (line and cuff apart), core temperature under 35 or over 39 degrees Celsius. Each with 10 s of onset and clearing delay.
    /// </summary>
    public static IReadOnlyList<ClinicalRule> Default { get; } =
    [
        new(RuleId.HeartRateHigh, "hr-high", SignalCode.HeartRate, true, 140, 5, 20, Delay, Delay),
        new(RuleId.HeartRateLow, "hr-low", SignalCode.HeartRate, false, 40, 3, 10, Delay, Delay),
        new(RuleId.SpO2Low, "spo2-low", SignalCode.SpO2, false, 90, 1, 5, Delay, Delay),
        new(RuleId.RespiratoryRateLow, "rr-low", SignalCode.RespiratoryRate, false, 8, 1, 3, Delay, Delay),
        new(RuleId.RespiratoryRateHigh, "rr-high", SignalCode.RespiratoryRate, true, 30, 2, 10, Delay, Delay),
        new(RuleId.ArterialSystolicLow, "abp-sys-low", SignalCode.ArterialSystolic, false, 90, 3, 15, Delay, Delay),
        new(RuleId.CuffSystolicLow, "nbp-sys-low", SignalCode.CuffSystolic, false, 90, 3, 15, Delay, Delay),
        new(RuleId.ArterialMeanLow, "abp-mean-low", SignalCode.ArterialMean, false, 60, 2, 10, Delay, Delay),
        new(RuleId.CuffMeanLow, "nbp-mean-low", SignalCode.CuffMean, false, 60, 2, 10, Delay, Delay),
        new(RuleId.CoreTemperatureLow, "temp-core-low", SignalCode.CoreTemperature, false, 35, 0.2, 2, Delay, Delay),
        new(RuleId.CoreTemperatureHigh, "temp-core-high", SignalCode.CoreTemperature, true, 39, 0.2, 1.5, Delay, Delay),
    ];

    /// <summary>One more than the highest rule number: the length of an array indexed by rule.</summary>
    public const int Count = 12;
}
