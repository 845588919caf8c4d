using PhysioActors.Processing.Alarms;

namespace PhysioActors.Processing.Patients;

/// <summary>Alarms that began and that were kept back, and the time they are held against.</summary>
/// <param name="Limits">Alarms of limits that began.</param>
/// <param name="Scores">Alarms of scores that began.</param>
/// <param name="Rhythms">Alarms of rhythms that began.</param>
/// <param name="Technical">Technical alarms that began, silence among them.</param>
/// <param name="Models">Alarms of the model that began.</param>
/// <param name="ByDelay">Alarms that a delay kept back.</param>
/// <param name="ByHysteresis">Alarms that hysteresis kept back.</param>
/// <param name="ByCorroboration">Alarms that another signal spoke against.</param>
/// <param name="WatchedMs">Event time for which patients were watched, milliseconds: that between observations, without gaps of over <see cref="LongestGapMs"/>.</param>
public readonly record struct AlarmCounts(long Limits, long Scores, long Rhythms, long Technical, long Models, long ByDelay, long ByHysteresis, long ByCorroboration, long WatchedMs)
{
    /// <summary>A longer time between two observations is none in which the patient was watched.</summary>
    public const long LongestGapMs = 600_000;

    /// <summary>With what an event counts for.</summary>
    internal AlarmCounts With(in AlarmEvent decided) => (decided.Kind, decided.Suppressed) switch
    {
        (AlarmEventKind.Began, _) => AlarmConditions.Get(decided.Condition).Kind switch
        {
            ConditionKind.Limit => this with { Limits = Limits + 1 },
            ConditionKind.Score => this with { Scores = Scores + 1 },
            ConditionKind.Rhythm => this with { Rhythms = Rhythms + 1 },
            ConditionKind.Model => this with { Models = Models + 1 },
            _ => this with { Technical = Technical + 1 },
        },
        (AlarmEventKind.PhaseChanged, Suppression.Delay) => this with { ByDelay = ByDelay + 1 },
        (AlarmEventKind.PhaseChanged, Suppression.Hysteresis) => this with { ByHysteresis = ByHysteresis + 1 },
        (AlarmEventKind.PhaseChanged, Suppression.Corroboration) => this with { ByCorroboration = ByCorroboration + 1 },
        _ => this,
    };

    /// <summary>With the time between two observations.</summary>
    internal AlarmCounts Watched(long fromMs, long toMs) =>
        fromMs == long.MinValue || toMs - fromMs is <= 0 or > LongestGapMs ? this : this with { WatchedMs = WatchedMs + toMs - fromMs };

    /// <summary>The sums.</summary>
    public static AlarmCounts operator +(in AlarmCounts a, in AlarmCounts b) => new(
        a.Limits + b.Limits, a.Scores + b.Scores, a.Rhythms + b.Rhythms, a.Technical + b.Technical, a.Models + b.Models,
        a.ByDelay + b.ByDelay, a.ByHysteresis + b.ByHysteresis, a.ByCorroboration + b.ByCorroboration, a.WatchedMs + b.WatchedMs);
}
