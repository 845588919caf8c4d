using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Turns options into what patient actors are configured with.</summary>
internal static class ActorSettings
{
    /// <summary>The configuration.</summary>
    public static ActorConfiguration From(PhysioOptions options) => new(
        [.. options.Rules.Limits.Where(rule => rule.Enabled).Select(From)],
        new Processing.Patients.ScoringOptions(RaiseCount: options.Scoring.PersistenceCount, RaiseWindow: options.Scoring.PersistenceOf, RaiseMs: options.Scoring.PersistenceSeconds * 1000),
        new SilenceOptions(options.Rules.NoData.AfterSeconds * 1000, options.Rules.NoData.AfterIntervals, options.Rules.NoData.Severity, options.Rules.NoData.Enabled));

    private static ClinicalRule From(RuleOptions rule) => ClinicalRules.Default.Single(standard => standard.Name == rule.Name) with
    {
        Limit = rule.Limit,
        Hysteresis = rule.Hysteresis,
        SevereMargin = rule.SevereMargin,
        OnsetMs = rule.OnsetSeconds * 1000,
        ClearMs = rule.ClearSeconds * 1000,
        UsualSeverity = rule.Severity,
    };
}
