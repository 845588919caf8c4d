using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Scoring.Rules;

/// <summary>
/// A limit on one signal. Beyond it for the onset delay, judged on at least two readings, an anomaly is raised; back inside by the hysteresis for the clearing delay, it is cleared.
/// All values are in the signal's unit, delays in milliseconds of event time.
/// </summary>
/// <param name="Id">Which rule.</param>
/// <param name="Name">Its name in messages, as <c>hr-high</c>.</param>
/// <param name="Code">The signal it watches: this one and no other.</param>
/// <param name="IsHigh">True when values above the limit break it, false when values below do.</param>
/// <param name="Limit">The limit; a value equal to it is within.</param>
/// <param name="Hysteresis">How far inside the limit a value must be to count as recovered.</param>
/// <param name="SevereMargin">How far beyond the limit a value is of high severity.</param>
/// <param name="OnsetMs">Onset delay.</param>
/// <param name="ClearMs">Clearing delay.</param>
public sealed record ClinicalRule(
    RuleId Id, string Name, SignalCode Code, bool IsHigh, double Limit, double Hysteresis, double SevereMargin, int OnsetMs, int ClearMs)
{
    /// <summary>The severity of a value beyond the limit by less than the margin.</summary>
    public AnomalySeverity UsualSeverity { get; init; } = AnomalySeverity.Medium;

    /// <summary>How far a value is beyond the limit; zero or negative within.</summary>
    public double Excess(double value) => IsHigh ? value - Limit : Limit - value;

    /// <summary>True when a value breaks the rule.</summary>
    public bool IsBroken(double value) => Excess(value) > 0;

    /// <summary>True when a value is inside the limit by the hysteresis.</summary>
    public bool IsRecovered(double value) => Excess(value) <= -Hysteresis;

    /// <summary>The severity of a value beyond the limit.</summary>
    public AnomalySeverity Severity(double value) => Excess(value) >= SevereMargin ? AnomalySeverity.High : UsualSeverity;
}
