using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

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
    private readonly ConfiguredLimit[][] _limits;
    private readonly RhythmLimits _adultRhythm;
    private readonly SignalLimits[] _adult = new SignalLimits[SignalCodes.Count];

    /// <summary>The defaults.</summary>
    public static ActorConfiguration Default { get; } = new(ConfiguredLimit.Default, new(), new());

    /// <summary>Gathers a configuration.</summary>
    /// <param name="limits">The limits that are judged; a condition that is missing is never told.</param>
    /// <param name="scoring">How scores become an anomaly.</param>
    /// <param name="silence">When silence is told.</param>
    public ActorConfiguration(IReadOnlyList<ConfiguredLimit> limits, ScoringOptions scoring, SilenceOptions silence)
    {
        ArgumentNullException.ThrowIfNull(limits);
        ArgumentNullException.ThrowIfNull(scoring);
        ArgumentNullException.ThrowIfNull(silence);
        if (limits.Select(limit => limit.Rule.Condition).Distinct().Count() != limits.Count)
            throw new ArgumentException("A limit stands twice in the configuration.", nameof(limits));
        if (scoring.RaiseWindow is < 1 or > 64 || scoring.ClearWindow is < 1 or > 64 || scoring.RaiseCount < 1 || scoring.RaiseCount > scoring.RaiseWindow || scoring.ClearCount < 0 || scoring.ClearCount >= scoring.ClearWindow)
            throw new ArgumentException("Windows of scores have 1 to 64 places, and counts fit into them.", nameof(scoring));
        if (scoring.RaiseMs < 0)
            throw new ArgumentException("A time is not negative.", nameof(scoring));
        Limits = limits;
        Scoring = scoring;
        Silence = silence;
        _limits = [.. Enumerable.Range(0, SignalCodes.Count).Select(code => limits.Where(limit => (int)limit.Rule.Code == code).ToArray())];
        foreach (ConfiguredLimit limit in limits)
        {
            ref SignalLimits adult = ref _adult[(int)limit.Rule.Code];
            adult = limit.Rule.Side switch
            {
                LimitSide.Low => adult with { Low = limit.AdultLimit },
                LimitSide.High => adult with { High = limit.AdultLimit },
                _ => adult with { Desaturation = limit.AdultLimit },
            };
        }

        _adultRhythm = Around(_adult[(int)SignalCode.HeartRate], AgeClass.Adult);
        Alarms = new(limits.ToDictionary(
            limit => limit.Rule.Condition,
            limit => AlarmSettings.Usual(AlarmConditions.Get(limit.Rule.Condition)) with { OnsetMs = limit.OnsetMs, ClearMs = limit.ClearMs }));
        Fingerprint = FingerprintOf(limits, scoring, silence, Alarms);
    }

    /// <summary>The limits that are judged, each at most once.</summary>
    public IReadOnlyList<ConfiguredLimit> Limits { get; }

    /// <summary>How scores become an anomaly.</summary>
    public ScoringOptions Scoring { get; }

    /// <summary>When silence is told.</summary>
    public SilenceOptions Silence { get; }

    /// <summary>How alarms behave.</summary>
    public AlarmSettings Alarms { get; }

    /// <summary>16 hex digits that change with anything in the configuration; journaled when it takes effect.</summary>
    public string Fingerprint { get; }

    /// <summary>The limits of a signal that are judged.</summary>
    internal ReadOnlySpan<ConfiguredLimit> LimitsOf(SignalCode code) => _limits[(int)code];

    /// <summary>What a patient's values of a signal are held against: the patient's own limits, else those of the age class; those of adults where the age is not known.</summary>
    internal LimitsInForce LimitsOf(ClinicalOrders? orders, SignalCode code, long timeMs)
    {
        if (orders is null)
            return new(_adult[(int)code], false, AgeClass.Unknown);
        AgeClass age = orders.AgeClassAt(timeMs);
        if (orders.OwnLimitsOf(code) is { } own)
            return new(own, true, age);
        return new(age is AgeClass.Unknown or AgeClass.Adult ? _adult[(int)code] : LimitTable.For(age, code).Values, false, age);
    }

    /// <summary>From where on a patient's rhythm is alarmed on: around the limits of the heart rate.</summary>
    internal RhythmLimits RhythmLimitsOf(ClinicalOrders? orders, long timeMs)
    {
        if (orders is null)
            return _adultRhythm;
        LimitsInForce limits = LimitsOf(orders, SignalCode.HeartRate, timeMs);
        return Around(limits.Values, limits.AgeClass);
    }

    /// <summary>What an extreme rate rests on: the origin of the patient's limit of the heart rate on that side, from which it is reckoned; the standard's where that limit is none.</summary>
    internal AlarmBasis BasisOfExtreme(LimitSide side, ClinicalOrders? orders, long timeMs)
    {
        LimitsInForce limits = LimitsOf(orders, SignalCode.HeartRate, timeMs);
        if ((side == LimitSide.Low ? limits.Values.Low : limits.Values.High) is null)
            return new(LimitOrigin.Default, limits.AgeClass);
        foreach (ConfiguredLimit limit in _limits[(int)SignalCode.HeartRate])
        {
            if (limit.Rule.Side == side)
                return new(limit.OriginIn(limits), limits.AgeClass);
        }

        return new(limits.AreOrdered ? LimitOrigin.Order : LimitOrigin.Default, limits.AgeClass);
    }

    private static RhythmLimits Around(in SignalLimits heartRate, AgeClass age)
    {
        SignalLimits standard = LimitTable.For(age, SignalCode.HeartRate).Values;
        // A limit that is not judged has no alarm; the rhythms that it would lead to still have theirs.
        int low = (int)Math.Clamp(heartRate.Low ?? standard.Low!.Value, RhythmLimits.LowestRate, RhythmLimits.HighestRate - 1);
        int high = (int)Math.Clamp(heartRate.High ?? standard.High!.Value, low + 1, RhythmLimits.HighestRate);
        return RhythmLimits.Around(low, high, isChild: age is AgeClass.Neonate or AgeClass.Infant or AgeClass.Toddler or AgeClass.Preschool or AgeClass.School);
    }

    private static string FingerprintOf(IReadOnlyList<ConfiguredLimit> limits, ScoringOptions scoring, SilenceOptions silence, AlarmSettings alarms)
    {
        var text = new StringBuilder();
        foreach (ConfiguredLimit limit in limits.OrderBy(limit => limit.Rule.Condition))
            text.AppendLine(CultureInfo.InvariantCulture, $"{limit}");
        text.AppendLine(CultureInfo.InvariantCulture, $"{scoring}").AppendLine(CultureInfo.InvariantCulture, $"{silence}").Append(alarms.Text);
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text.ToString())).AsSpan(0, 8));
    }
}
