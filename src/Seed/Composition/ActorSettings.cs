using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Turns options into what patient actors are configured with.</summary>
internal static class ActorSettings
{
    /// <summary>The configuration.</summary>
    public static ActorConfiguration From(PhysioOptions options) => new(
        [.. options.Rules.Limits.Where(rule => rule.Enabled).Select(From), .. ConfiguredLimit.Default.Where(limit => limit.AdultLimit is null)],
        new Processing.Patients.ScoringOptions(RaiseCount: options.Scoring.PersistenceCount, RaiseWindow: options.Scoring.PersistenceOf, RaiseMs: options.Scoring.PersistenceSeconds * 1000),
        new SilenceOptions(options.Rules.NoData.AfterSeconds * 1000, options.Rules.NoData.AfterIntervals, options.Rules.NoData.Severity, options.Rules.NoData.Enabled));

    private static ConfiguredLimit From(RuleOptions rule)
    {
        ConfiguredLimit standard = ConfiguredLimit.Default.Single(limit => AlarmConditions.Get(limit.Rule.Condition).Name == rule.Name);
        return new(
            standard.Rule with { Hysteresis = rule.Hysteresis, SevereMargin = rule.SevereMargin },
            rule.Limit, rule.Severity, rule.OnsetSeconds * 1000, rule.ClearSeconds * 1000);
    }
}
