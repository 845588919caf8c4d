using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Options;

/// <summary>On which side of its limit a value breaks a rule.</summary>
public enum RuleSide : byte
{
    /// <summary>Values above the limit break the rule.</summary>
    Above,

    /// <summary>Values below the limit break the rule.</summary>
    Below,
}

/// <summary>A clinical rule: one signal against one limit.</summary>
public sealed record RuleOptions
{
    /// <summary>Its name, which anomalies carry: the code's and the side, as <c>hr-high</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The one signal that it judges.</summary>
    public required SignalCode Code { get; init; }

    /// <summary>The side on which it is broken.</summary>
    public required RuleSide Side { get; init; }

    /// <summary>The limit, in the code's unit. The limit itself does not break the rule.</summary>
    public required double Limit { get; init; }

    /// <summary>How long it must be broken without a break before an anomaly is raised, in seconds of event time.</summary>
    public required int OnsetSeconds { get; init; }

    /// <summary>How far on the good side of the limit a value must be before the anomaly clears, in the code's unit.</summary>
    public required double Hysteresis { get; init; }

    /// <summary>How urgent its anomalies are.</summary>
    public required AnomalySeverity Severity { get; init; }

    /// <summary>False when it is switched off.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>When 'no data' is raised: nothing usable from a patient's devices for long, judged in log time.</summary>
public sealed record NoDataOptions
{
    /// <summary>The shortest silence that counts, in seconds.</summary>
    public int AfterSeconds { get; init; } = 60;

    /// <summary>A silence must also be so many times the patient's usual interval between readings, so that a weight a day is not 'no data' each minute.</summary>
    public int AfterIntervals { get; init; } = 5;

    /// <summary>How urgent it is.</summary>
    public AnomalySeverity Severity { get; init; } = AnomalySeverity.Medium;

    /// <summary>False when it is switched off.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>The section <c>Rules</c>: <c>Rules:hr-high:Limit</c> and so on.</summary>
public sealed record RulesOptions
{
    private static readonly RuleOptions[] s_standard =
    [
        Rule("hr-high", SignalCode.HeartRate, RuleSide.Above, 140, 10, 5, AnomalySeverity.Medium),
        Rule("hr-low", SignalCode.HeartRate, RuleSide.Below, 40, 10, 3, AnomalySeverity.High),
        Rule("spo2-low", SignalCode.SpO2, RuleSide.Below, 90, 15, 2, AnomalySeverity.High),
        Rule("rr-high", SignalCode.RespiratoryRate, RuleSide.Above, 30, 15, 2, AnomalySeverity.Medium),
        Rule("rr-low", SignalCode.RespiratoryRate, RuleSide.Below, 8, 15, 1, AnomalySeverity.High),
        Rule("abp-sys-low", SignalCode.ArterialSystolic, RuleSide.Below, 90, 15, 5, AnomalySeverity.High),
        Rule("abp-mean-low", SignalCode.ArterialMean, RuleSide.Below, 60, 15, 3, AnomalySeverity.High),
        Rule("nbp-sys-low", SignalCode.CuffSystolic, RuleSide.Below, 90, 60, 5, AnomalySeverity.High),
        Rule("nbp-mean-low", SignalCode.CuffMean, RuleSide.Below, 60, 60, 3, AnomalySeverity.High),
        Rule("temp-core-high", SignalCode.CoreTemperature, RuleSide.Above, 39, 60, 0.3, AnomalySeverity.Medium),
        Rule("temp-core-low", SignalCode.CoreTemperature, RuleSide.Below, 35, 60, 0.3, AnomalySeverity.Medium),
    ];

    /// <summary>The rules when nothing is configured.</summary>
    public static RulesOptions Default { get; } = new() { Limits = s_standard };

    /// <summary>The rules with a limit, always in the same order.</summary>
    public IReadOnlyList<RuleOptions> Limits { get; init; } = s_standard;

    /// <summary>The rule about silence: <c>Rules:no-data:AfterSeconds</c>.</summary>
    public NoDataOptions NoData { get; init; } = new();

    internal static RulesOptions Read(OptionsReader reader) => new()
    {
        Limits = [.. s_standard.Select(rule => ReadRule(reader, rule))],
        NoData = ReadNoData(reader),
    };

    private static RuleOptions ReadRule(OptionsReader reader, RuleOptions standard)
    {
        string key = $"Rules:{standard.Name}:";
        SignalCodeInfo signal = SignalCodes.Get(standard.Code);
        return standard with
        {
            Limit = reader.Number(key + nameof(RuleOptions.Limit), standard.Limit, signal.Minimum, signal.Maximum),
            OnsetSeconds = reader.Integer(key + nameof(RuleOptions.OnsetSeconds), standard.OnsetSeconds, 0, 3600),
            Hysteresis = reader.Number(key + nameof(RuleOptions.Hysteresis), standard.Hysteresis, 0, (signal.Maximum - signal.Minimum) / 2),
            Severity = reader.Choice(key + nameof(RuleOptions.Severity), standard.Severity),
            Enabled = reader.Boolean(key + nameof(RuleOptions.Enabled), standard.Enabled),
        };
    }

    private static NoDataOptions ReadNoData(OptionsReader reader)
    {
        var standard = new NoDataOptions();
        return new()
        {
            AfterSeconds = reader.Integer("Rules:no-data:AfterSeconds", standard.AfterSeconds, 5, 86_400),
            AfterIntervals = reader.Integer("Rules:no-data:AfterIntervals", standard.AfterIntervals, 1, 100),
            Severity = reader.Choice("Rules:no-data:Severity", standard.Severity),
            Enabled = reader.Boolean("Rules:no-data:Enabled", standard.Enabled),
        };
    }

    private static RuleOptions Rule(string name, SignalCode code, RuleSide side, double limit, int onsetSeconds, double hysteresis, AnomalySeverity severity) => new()
    {
        Name = name,
        Code = code,
        Side = side,
        Limit = limit,
        OnsetSeconds = onsetSeconds,
        Hysteresis = hysteresis,
        Severity = severity,
    };
}
