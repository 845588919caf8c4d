using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Options;

/// <summary>A clinical rule: one signal against one limit. Which signal and on which side is the rule's own and not configured.</summary>
public sealed record RuleOptions
{
    /// <summary>Its name, which anomalies carry: <c>hr-high</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The one signal that it judges.</summary>
    public required SignalCode Code { get; init; }

    /// <summary>The limit of adults and of patients of unknown age, in the code's unit. The limit itself does not break the rule. Children's, and a patient's own, go before it.</summary>
    public required double Limit { get; init; }

    /// <summary>How far on the good side of the limit a value must be to count as recovered, in the code's unit.</summary>
    public required double Hysteresis { get; init; }

    /// <summary>How far beyond the limit a value is of high severity, in the code's unit.</summary>
    public required double SevereMargin { get; init; }

    /// <summary>How urgent a value beyond the limit by less than <see cref="SevereMargin"/> is.</summary>
    public AnomalySeverity Severity { get; init; } = AnomalySeverity.Medium;

    /// <summary>How long it must be broken before an anomaly is raised, in seconds of event time; two readings at least.</summary>
    public int OnsetSeconds { get; init; } = 10;

    /// <summary>How long it must be recovered before the anomaly clears, in seconds of event time.</summary>
    public int ClearSeconds { get; init; } = 10;

    /// <summary>False when it is switched off.</summary>
    public bool Enabled { get; init; } = true;
}

/// <summary>When 'no data' is raised: nothing from a patient's devices for long, judged in log time.</summary>
public sealed record NoDataOptions
{
    /// <summary>The shortest silence that counts, in seconds.</summary>
    public int AfterSeconds { get; init; } = 60;

    /// <summary>A silence must also be so many times the patient's own interval between observations, so that a weight a day is not 'no data' each minute.</summary>
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
        Rule("hr-high", SignalCode.HeartRate, 120, 5, 20),
        Rule("hr-low", SignalCode.HeartRate, 50, 3, 10),
        Rule("spo2-low", SignalCode.SpO2, 90, 1, 5),
        Rule("rr-low", SignalCode.RespiratoryRate, 8, 1, 3),
        Rule("rr-high", SignalCode.RespiratoryRate, 30, 2, 10),
        Rule("abp-sys-low", SignalCode.ArterialSystolic, 90, 3, 15),
        Rule("nbp-sys-low", SignalCode.CuffSystolic, 90, 3, 15),
        Rule("abp-mean-low", SignalCode.ArterialMean, 60, 2, 10),
        Rule("nbp-mean-low", SignalCode.CuffMean, 60, 2, 10),
        Rule("temp-core-low", SignalCode.CoreTemperature, 36, 0.2, 2),
        Rule("temp-core-high", SignalCode.CoreTemperature, 39, 0.2, 1.5),
        Rule("spo2-desaturation", SignalCode.SpO2, 80, 1, 0) with { Severity = AnomalySeverity.High },
        Rule("pr-high", SignalCode.PulseRate, 120, 5, 20),
        Rule("pr-low", SignalCode.PulseRate, 50, 3, 10),
        Rule("abp-sys-high", SignalCode.ArterialSystolic, 160, 3, 30),
        Rule("nbp-sys-high", SignalCode.CuffSystolic, 160, 3, 30),
        Rule("abp-mean-high", SignalCode.ArterialMean, 110, 2, 20),
        Rule("nbp-mean-high", SignalCode.CuffMean, 110, 2, 20),
        Rule("abp-dia-low", SignalCode.ArterialDiastolic, 50, 2, 15),
        Rule("abp-dia-high", SignalCode.ArterialDiastolic, 90, 2, 20),
        Rule("nbp-dia-low", SignalCode.CuffDiastolic, 50, 2, 15),
        Rule("nbp-dia-high", SignalCode.CuffDiastolic, 90, 2, 20),
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
            Hysteresis = reader.Number(key + nameof(RuleOptions.Hysteresis), standard.Hysteresis, 0, (signal.Maximum - signal.Minimum) / 2),
            SevereMargin = reader.Number(key + nameof(RuleOptions.SevereMargin), standard.SevereMargin, 0, signal.Maximum - signal.Minimum),
            Severity = reader.Choice(key + nameof(RuleOptions.Severity), standard.Severity),
            OnsetSeconds = reader.Integer(key + nameof(RuleOptions.OnsetSeconds), standard.OnsetSeconds, 0, 3600),
            ClearSeconds = reader.Integer(key + nameof(RuleOptions.ClearSeconds), standard.ClearSeconds, 0, 3600),
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

    private static RuleOptions Rule(string name, SignalCode code, double limit, double hysteresis, double severeMargin) => new()
    {
        Name = name,
        Code = code,
        Limit = limit,
        Hysteresis = hysteresis,
        SevereMargin = severeMargin,
    };
}
