using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Patients;

/// <summary>How scores become an anomaly.</summary>
/// <param name="RaiseCount">An anomaly is raised when this many ...</param>
/// <param name="RaiseWindow">... of this many latest scores exceed the threshold. A patient is scored at most once in a second of event time.</param>
/// <param name="RaiseMs">Where observations come so often that those scores span less than this, milliseconds of event time, the same share of the scores of that time must exceed, of at most 64.</param>
/// <param name="ClearWindow">It is cleared when of this many latest scores ...</param>
/// <param name="ClearCount">... at most this many exceed; shorter dips merge into one episode.</param>
/// <param name="Hysteresis">How far below the threshold a score still counts as exceeding while an anomaly is open.</param>
/// <param name="LearnCount">From this many own scores on, the patient's own 95th percentile decides; before, the model's ceiling.</param>
/// <param name="MinimumFeatures">With fewer features present nothing is scored.</param>
/// <param name="UpdateIntervalMs">An open anomaly is updated at most once in this time, milliseconds of event time.</param>
public sealed record ScoringOptions(
    int RaiseCount = 10, int RaiseWindow = 15, int RaiseMs = 60_000, int ClearWindow = 30, int ClearCount = 1, double Hysteresis = 0.01, int LearnCount = 300, int MinimumFeatures = 3, int UpdateIntervalMs = 10_000);

/// <summary>When silence is told.</summary>
/// <param name="MinimumMs">Never before this much silence, milliseconds of log time.</param>
/// <param name="Intervals">Never before this many of the patient's own intervals between observations.</param>
/// <param name="Severity">How urgent silence is.</param>
/// <param name="IsTold">False to tell nothing.</param>
public sealed record SilenceOptions(int MinimumMs = 60_000, int Intervals = 5, AnomalySeverity Severity = AnomalySeverity.Medium, bool IsTold = true);

/// <summary>All configuration that decides what a patient actor does. Decisions are journaled, so a change changes nothing in the past.</summary>
public sealed class ActorConfiguration
{
    /// <summary>The defaults.</summary>
    public static ActorConfiguration Default { get; } = new(ClinicalRules.Default, new(), new());

    /// <summary>Gathers a configuration.</summary>
    public ActorConfiguration(IReadOnlyList<ClinicalRule> rules, ScoringOptions scoring, SilenceOptions silence)
    {
        ArgumentNullException.ThrowIfNull(rules);
        ArgumentNullException.ThrowIfNull(scoring);
        ArgumentNullException.ThrowIfNull(silence);
        if (rules.Select(rule => rule.Id).Distinct().Count() != rules.Count)
            throw new ArgumentException("A rule stands twice in the configuration.", nameof(rules));
        if (scoring.RaiseWindow is < 1 or > 64 || scoring.ClearWindow is < 1 or > 64 || scoring.RaiseCount < 1 || scoring.RaiseCount > scoring.RaiseWindow || scoring.ClearCount < 0 || scoring.ClearCount >= scoring.ClearWindow)
            throw new ArgumentException("Windows of scores have 1 to 64 places, and counts fit into them.", nameof(scoring));
        if (scoring.RaiseMs < 0)
            throw new ArgumentException("A time is not negative.", nameof(scoring));
        Rules = rules;
        Scoring = scoring;
        Silence = silence;
        Fingerprint = FingerprintOf(rules, scoring, silence);
    }

    /// <summary>The clinical rules, each at most once.</summary>
    public IReadOnlyList<ClinicalRule> Rules { get; }

    /// <summary>How scores become an anomaly.</summary>
    public ScoringOptions Scoring { get; }

    /// <summary>When silence is told.</summary>
    public SilenceOptions Silence { get; }

    /// <summary>16 hex digits that change with anything in the configuration; journaled when it takes effect.</summary>
    public string Fingerprint { get; }

    private static string FingerprintOf(IReadOnlyList<ClinicalRule> rules, ScoringOptions scoring, SilenceOptions silence)
    {
        var text = new StringBuilder();
        foreach (ClinicalRule rule in rules.OrderBy(rule => rule.Id))
            text.AppendLine(CultureInfo.InvariantCulture, $"{rule}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{scoring}").AppendLine(CultureInfo.InvariantCulture, $"{silence}");
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
