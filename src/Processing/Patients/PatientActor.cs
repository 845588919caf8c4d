using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>What became of a message.</summary>
public enum Disposition
{
    /// <summary>Accepted; there is an entry.</summary>
    Folded,

    /// <summary>Seen before; there is no entry.</summary>
    Duplicate,

    /// <summary>Too late; there is an entry that says so.</summary>
    Late,

    /// <summary>The same number was used for other content; there is no entry.</summary>
    Refused,
}

/// <summary>
/// The logic of a patient: takes a message, decides events, and applies each to the state before it decides the next. No I/O, no clock, no locks, no randomness:
/// equal states and messages give equal events. One instance serves all patients of a shard.
/// </summary>
public sealed class PatientActor
{
    private const int JumpMs = 30_000;
    private const int ScoreIntervalMs = 1000;
    private const int StaleMs = 600_000;
    private const int UnscoredMs = 60_000;
    private const int MaximumContributors = 3;
    private const double MinimumContribution = 0.1;

    private readonly ActorConfiguration _configuration;
    private readonly IsolationForest? _model;
    private readonly int _logicVersion;
    private readonly Dictionary<RuleId, ClinicalRule> _rules;
    private readonly ClinicalRule[][] _rulesByCode;
    private readonly ObservationFacts _facts = new();
    private readonly float[] _features = new float[FeatureVector.Count];
    private readonly double[] _contributions = new double[FeatureVector.Count];

    /// <summary>Makes an actor for a configuration and a model; without a model only rules and silence are judged.</summary>
    public PatientActor(ActorConfiguration configuration, IsolationForest? model)
        : this(configuration, model, LogicVersion.Current)
    {
    }

    internal PatientActor(ActorConfiguration configuration, IsolationForest? model, int logicVersion)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        _configuration = configuration;
        _model = model;
        _logicVersion = logicVersion;
        _rules = configuration.Rules.ToDictionary(rule => rule.Id);
        _rulesByCode = [.. Enumerable.Range(0, SignalCodes.Count).Select(code => configuration.Rules.Where(rule => (int)rule.Code == code).ToArray())];
    }

    /// <summary>False makes every message count as new: a simulation shows with it that it would notice.</summary>
    internal bool RemembersMessages { get; init; } = true;

    /// <summary>Called in the midst of a fold, when the state is half changed: a test throws here.</summary>
    internal Action<PatientState>? Interrupt { get; init; }

    /// <summary>What was decided about the last message.</summary>
    public Decision Decision { get; } = new();

    /// <summary>Handles an observation.</summary>
    /// <param name="state">The patient's state; changed.</param>
    /// <param name="observation">What was decoded.</param>
    /// <param name="logMs">The record's Kafka timestamp.</param>
    public Disposition Handle(PatientState state, DecodedObservation observation, long logMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(observation);
        Decision.Begin(state, _rules, _model?.Version);
        ObservationFacts facts = _facts;
        facts.Take(observation, logMs);

        int place = state.IndexOf(observation.Device.Span);
        DeviceState? device = place < 0 ? null : state.Devices[place];
        bool sameSession = device is null ? observation.Session.IsEmpty : PatientState.IsText(device.Session, observation.Session.Span);
        bool late = false;
        if (device is null)
        {
            facts.Device = PlaceForNewDevice(state);
            facts.DeviceName = Text(observation.Device);
            if (!sameSession)
                facts.NewSession = Text(observation.Session);
        }
        else
        {
            facts.Device = place;
            if (sameSession && RemembersMessages)
            {
                switch (device.Judge(facts.Sequence, facts.ContentHash))
                {
                    case SequenceVerdict.Duplicate:
                        return Disposition.Duplicate;
                    case SequenceVerdict.Reused:
                        return Disposition.Refused;
                    case SequenceVerdict.BelowWindow when facts.TimeMs > device.NewestMs:
                        facts.NewSession = Text(observation.Session);
                        break;
                    case SequenceVerdict.BelowWindow:
                        late = true;
                        break;
                    default:
                        break;
                }
            }
            else if (!sameSession && facts.TimeMs > device.NewestMs)
            {
                facts.NewSession = Text(observation.Session);
            }
            else if (!sameSession)
            {
                // An earlier session's message: its numbers are forgotten, so whether it is a repeat cannot be told.
                late = true;
                facts.Sequence = -1;
            }
        }

        TakeOver(state);
        bool sameEncounter = observation.Encounter.IsEmpty || PatientState.IsText(state.Encounter, observation.Encounter.Span);
        late |= !sameEncounter && facts.TimeMs <= state.NewestMs;
        if (late || AllLate(state, device))
        {
            Decision.Emit(new ObservationLate(facts));
            return Disposition.Late;
        }

        if (!sameEncounter)
            BeginEncounter(state, Text(observation.Encounter), logMs);
        if (device is not null && IsHeld(state, device, observation, logMs))
            return Disposition.Folded;
        Fold(state, facts);
        Judge(state, logMs);
        return Disposition.Folded;
    }

    /// <summary>Handles the passing of log time; woken by <see cref="DeadlineMs"/>.</summary>
    public void HandleTick(PatientState state, long logMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        Decision.Begin(state, _rules, _model?.Version);
        if (DeadlineMs(state, logMs) is not { } deadline)
            return;
        if (IsAhead(state, logMs))
        {
            TakeOver(state);
            Decision.Emit(new LogTimeCorrected(logMs));
            return;
        }

        if (deadline > logMs)
            return;
        TakeOver(state);
        Decision.Emit(new AnomalyRaised(
            Decision.NextOrdinal, AnomalyKind.NoData, RuleId.None, _configuration.Silence.Severity, state.NewestMs, logMs, 0, 0, []));
    }

    /// <summary>Handles an acknowledgement; false when no such anomaly is open.</summary>
    /// <param name="state">The patient's state; changed.</param>
    /// <param name="anomalyId">The anomaly.</param>
    /// <param name="by">Who acknowledges.</param>
    /// <param name="reason">Why; may be empty.</param>
    /// <param name="timeMs">When, by the command.</param>
    /// <param name="logMs">The record's Kafka timestamp.</param>
    public bool HandleAcknowledge(PatientState state, string anomalyId, string by, string reason, long timeMs, long logMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        Decision.Begin(state, _rules, _model?.Version);
        foreach (OpenAnomaly anomaly in state.Open)
        {
            if (string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{state.Patient}/{anomaly.RaisedSequence}/{anomaly.RaisedOrdinal}") != anomalyId)
                continue;
            if (anomaly.IsAcknowledged)
                return true;
            TakeOver(state);
            Decision.Emit(new AnomalyAcknowledged(Decision.NextOrdinal, anomaly.Kind, anomaly.Rule, timeMs, logMs, by, reason));
            return true;
        }

        return false;
    }

    /// <summary>
    /// The log time of a record: its Kafka timestamp, unless the gateway's clock is so slow that the record would lie in a silence that it ends; then the shard's log time.
    /// </summary>
    /// <param name="recordMs">The record's Kafka timestamp.</param>
    /// <param name="shardLogMs">The newest timestamp of a tick before it; 0 before the first.</param>
    public long LogTime(long recordMs, long shardLogMs) => recordMs < shardLogMs - ClockToleranceMs ? shardLogMs : recordMs;

    /// <summary>The log time at which the patient must be woken if nothing comes before; null when nothing is awaited.</summary>
    /// <param name="state">The patient's state.</param>
    /// <param name="shardLogMs">The shard's log time.</param>
    public long? DeadlineMs(PatientState state, long shardLogMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        if (!_configuration.Silence.IsTold || state.NewestMs == long.MinValue || state.Find(AnomalyKind.NoData, RuleId.None) is not null)
            return null;
        // A gateway's clock that is fast would put off the end of every silence: the next tick says what time it is.
        if (IsAhead(state, shardLogMs))
            return shardLogMs + 1;
        return state.LogMs + Math.Max(_configuration.Silence.MinimumMs, (long)_configuration.Silence.Intervals * state.IntervalMs);
    }

    private int ClockToleranceMs => _configuration.Silence.MinimumMs / 2;

    private bool IsAhead(PatientState state, long shardLogMs) => state.LogMs - ClockToleranceMs > shardLogMs;

    private void TakeOver(PatientState state)
    {
        if (state.Logic != 0 && state.Logic != _logicVersion)
            Decision.Emit(state.RebaseTo(_logicVersion));
        string model = _model?.Version ?? "";
        if (state.Configuration != _configuration.Fingerprint || state.Model != model)
            Decision.Emit(new ConfigurationTookEffect(_configuration.Fingerprint, model));
    }

    private static int PlaceForNewDevice(PatientState state)
    {
        if (state.Devices.Count < PatientState.MaximumDevices)
            return state.Devices.Count;
        int oldest = 0;
        for (int i = 1; i < state.Devices.Count; i++)
        {
            if (state.Devices[i].NewestLogMs < state.Devices[oldest].NewestLogMs)
                oldest = i;
        }

        return oldest;
    }

    private bool AllLate(PatientState state, DeviceState? device)
    {
        if (device is null)
            return false;
        bool any = false;
        for (int i = 0; i < _facts.Readings.Count; i++)
        {
            Reading reading = _facts.Readings[i].Reading;
            if (!reading.IsUsable)
                continue;
            if (!device.TryFind(reading.Code, out DeviceState.DeviceStream stream) || reading.TimeMs >= stream.NewestMs - PatientState.ReorderToleranceMs)
                return false;
            any = true;
        }

        return any;
    }

    private void BeginEncounter(PatientState state, string encounter, long logMs)
    {
        while (state.Open.Count > 0)
        {
            OpenAnomaly anomaly = state.Open[0];
            Clear(anomaly.Kind, anomaly.Rule, state.NewestMs, logMs);
        }

        Decision.Emit(new EncounterBegan(encounter));
    }

    /// <summary>Settles what the device's held observation waits for, and holds this one when it jumps itself.</summary>
    private bool IsHeld(PatientState state, DeviceState device, DecodedObservation observation, long logMs)
    {
        if (device.Held is { } held)
        {
            bool agrees = _facts.TimeMs >= held.TimeMs - JumpMs;
            Decision.Emit(new HeldObservationReleased(_facts.Device));
            if (agrees)
            {
                // Its device, session and number are known since it was held.
                held.DeviceName = null;
                held.NewSession = null;
                Fold(state, held);
                return false;
            }
        }

        if (device.NewestMs == long.MinValue || _facts.TimeMs <= device.NewestMs + JumpMs || _facts.TimeMs <= logMs + JumpMs)
            return false;
        var waiting = new ObservationFacts();
        waiting.Take(observation, logMs);
        waiting.Device = _facts.Device;
        waiting.NewSession = _facts.NewSession;
        Decision.Emit(new ObservationHeld(waiting));
        return true;
    }

    private void Fold(PatientState state, ObservationFacts facts)
    {
        Decision.Open();
        DeviceState device = state.BeginFold(facts);
        for (int i = 0; i < facts.Readings.Count; i++)
        {
            Reading reading = facts.Readings[i].Reading;
            var folded = new FoldedReading(reading, Decide(state, device, reading, facts.IntervalMs));
            facts.Readings[i] = folded;
            state.Fold(device, folded, facts.IntervalMs);
        }

        Interrupt?.Invoke(state);
        Decision.EmitApplied(new ObservationFolded(facts));
        for (int i = 0; i < facts.Readings.Count; i++)
        {
            FoldedReading folded = facts.Readings[i];
            // No past decision is revised: only a code's newest reading is judged.
            if (folded.IsAccepted && state.Windows[(int)folded.Reading.Code] is { } windows && windows.NewestMs == folded.Reading.TimeMs)
            {
                double value = SignalCodes.ToValue(folded.Reading.Code, folded.Reading.Steps);
                foreach (ClinicalRule rule in _rulesByCode[(int)folded.Reading.Code])
                {
                    if (folded.Outcome == ReadingOutcome.Reinitialised)
                        BeginAnew(state, rule, folded.Reading.TimeMs);
                    Judge(state, rule, value, folded.Reading.TimeMs, facts.LogMs);
                }
            }
        }
    }

    private static ReadingOutcome Decide(PatientState state, DeviceState device, in Reading reading, int declaredMs)
    {
        if (!reading.IsUsable)
            return ReadingOutcome.NotUsed;
        if (device.TryFind(reading.Code, out DeviceState.DeviceStream stream))
        {
            if (reading.TimeMs == stream.NewestMs)
                return ReadingOutcome.Repeated;
            if (reading.TimeMs < stream.NewestMs - PatientState.ReorderToleranceMs)
                return ReadingOutcome.Late;
        }

        double value = SignalCodes.ToValue(reading.Code, reading.Steps);
        return (ReadingOutcome)state.Filter(reading.Code).Decide(
            reading.TimeMs, value, Signals.FilterTable.For(reading.Code, reading.Source, reading.Quality), PatientState.IntervalOf(device, reading.Code, declaredMs));
    }

    /// <summary>After a gap what came before says nothing of the time between: a delay that was running begins anew.</summary>
    private void BeginAnew(PatientState state, ClinicalRule rule, long timeMs)
    {
        RulePhase phase = state.Rule(rule.Id).Phase;
        if (phase is RulePhase.Pending or RulePhase.Recovering)
            Decision.Emit(new RulePhaseChanged(rule.Id, phase, timeMs));
    }

    private void Judge(PatientState state, ClinicalRule rule, double value, long timeMs, long logMs)
    {
        PatientState.RuleState now = state.Rule(rule.Id);
        switch (now.Phase)
        {
            case RulePhase.Quiet when rule.IsBroken(value):
                Decision.Emit(new RulePhaseChanged(rule.Id, RulePhase.Pending, timeMs));
                break;
            case RulePhase.Pending when !rule.IsBroken(value):
                Decision.Emit(new RulePhaseChanged(rule.Id, RulePhase.Quiet, timeMs));
                break;
            case RulePhase.Pending when timeMs > now.SinceMs && timeMs - now.SinceMs >= rule.OnsetMs:
                Decision.Emit(new RulePhaseChanged(rule.Id, RulePhase.Active, timeMs));
                Decision.Emit(new AnomalyRaised(
                    Decision.NextOrdinal, AnomalyKind.Rule, rule.Id, rule.Severity(value), timeMs, logMs, 0, rule.Limit, Contribution(rule, value)));
                break;
            case RulePhase.Active when rule.IsRecovered(value):
                Decision.Emit(new RulePhaseChanged(rule.Id, RulePhase.Recovering, timeMs));
                break;
            case RulePhase.Active when rule.IsBroken(value):
                UpdateSeverity(state, rule, value, timeMs, logMs);
                break;
            case RulePhase.Recovering when !rule.IsRecovered(value):
                Decision.Emit(new RulePhaseChanged(rule.Id, RulePhase.Active, timeMs));
                break;
            case RulePhase.Recovering when timeMs > now.SinceMs && timeMs - now.SinceMs >= rule.ClearMs:
                Clear(AnomalyKind.Rule, rule.Id, timeMs, logMs);
                break;
            default:
                break;
        }
    }

    private void UpdateSeverity(PatientState state, ClinicalRule rule, double value, long timeMs, long logMs)
    {
        OpenAnomaly anomaly = state.Find(AnomalyKind.Rule, rule.Id)!;
        AnomalySeverity severity = rule.Severity(value);
        if (severity <= anomaly.Severity || timeMs - anomaly.ChangedMs < _configuration.Scoring.UpdateIntervalMs)
            return;
        Decision.Emit(new AnomalyUpdated(
            Decision.NextOrdinal, AnomalyKind.Rule, rule.Id, severity, timeMs, logMs, 0, rule.Limit, Contribution(rule, value)));
    }

    private static Contributor[] Contribution(ClinicalRule rule, double value) => [new(rule.Code, "value", value, rule.Excess(value))];

    /// <summary>What is judged once a message: silence that ended, rules whose signal went away, the score.</summary>
    private void Judge(PatientState state, long logMs)
    {
        if (state.Find(AnomalyKind.NoData, RuleId.None) is not null)
            Clear(AnomalyKind.NoData, RuleId.None, state.NewestMs, logMs);
        for (int i = state.Open.Count - 1; i >= 0; i--)
        {
            OpenAnomaly anomaly = state.Open[i];
            if (anomaly.Kind == AnomalyKind.Rule && IsStale(state, anomaly.Rule))
                Clear(AnomalyKind.Rule, anomaly.Rule, state.NewestMs, logMs);
        }

        if (_model is not null && (state.ScoredMs == long.MinValue || state.NewestMs - state.ScoredMs >= ScoreIntervalMs))
            Score(state, _model, logMs);
    }

    private bool IsStale(PatientState state, RuleId id)
    {
        // A rule that the configuration no longer has would stay open for ever.
        if (!_rules.TryGetValue(id, out ClinicalRule? rule))
            return true;
        int interval = 0;
        foreach (DeviceState device in state.Devices)
            interval = Math.Max(interval, PatientState.IntervalOf(device, rule.Code, 0));
        long newest = state.Windows[(int)rule.Code]?.NewestMs ?? long.MinValue;
        return state.NewestMs - newest > Math.Max(StaleMs, 10L * interval);
    }

    private void Score(PatientState state, IsolationForest model, long logMs)
    {
        OpenAnomaly? open = state.Find(AnomalyKind.Model, RuleId.None);
        if (FeatureVector.Extract(state.Windows, _features) < _configuration.Scoring.MinimumFeatures)
        {
            // Nothing can be scored any more: what was said of the last scores holds for a while only.
            if (open is not null && state.NewestMs - state.ScoredMs > UnscoredMs)
                Clear(AnomalyKind.Model, RuleId.None, state.NewestMs, logMs);
            return;
        }

        long scoredMs = state.ScoredMs;
        float score = (float)model.Score(_features);
        float threshold = (float)Threshold(state, model);
        bool exceeded = score > threshold - (open is null ? 0 : _configuration.Scoring.Hysteresis);
        Decision.Emit(new ScoreComputed(score, threshold, exceeded, Learned: state.Open.Count == 0));
        if (open is null)
        {
            if (HasPersisted(state))
            {
                Decision.Emit(new AnomalyRaised(
                    Decision.NextOrdinal, AnomalyKind.Model, RuleId.None, Severity(model, score), state.NewestMs, logMs, score, threshold, Contributors(state, model)));
            }

            return;
        }

        if (Exceeding(state, _configuration.Scoring.ClearWindow) <= _configuration.Scoring.ClearCount)
        {
            Clear(AnomalyKind.Model, RuleId.None, state.NewestMs, logMs);
        }
        else if (exceeded && state.NewestMs - open.ChangedMs >= _configuration.Scoring.UpdateIntervalMs)
        {
            var severity = (AnomalySeverity)Math.Max((int)open.Severity, (int)Severity(model, score));
            // Contributors cost many scores: they are looked at again once in an interval.
            if (severity == open.Severity && UpdatesSince(open, state.NewestMs) == UpdatesSince(open, scoredMs))
                return;
            Contributor[] contributors = Contributors(state, model);
            if (severity != open.Severity || !Tells(open, contributors))
                Decision.Emit(new AnomalyUpdated(Decision.NextOrdinal, AnomalyKind.Model, RuleId.None, severity, state.NewestMs, logMs, score, threshold, contributors));
        }
    }

    /// <summary>How many times the anomaly could have been updated by then.</summary>
    private long UpdatesSince(OpenAnomaly open, long timeMs) => (timeMs - open.ChangedMs) / _configuration.Scoring.UpdateIntervalMs;

    private double Threshold(PatientState state, IsolationForest model) =>
        state.Scores is { } scores && scores.Count >= _configuration.Scoring.LearnCount
            ? Math.Max(model.Floor, Math.Min(scores.Quantile(0.95), model.Ceiling))
            : model.Ceiling;

    private static AnomalySeverity Severity(IsolationForest model, float score) => score > model.Ceiling ? AnomalySeverity.Medium : AnomalySeverity.Low;

    /// <summary>True when scores have exceeded the threshold for long enough: a share of the latest ones, which are more the more often they come.</summary>
    private bool HasPersisted(PatientState state)
    {
        ScoringOptions scoring = _configuration.Scoring;
        int window = Math.Clamp(scoring.RaiseMs / Math.Max(ScoreIntervalMs, state.IntervalMs), scoring.RaiseWindow, 64);
        return Exceeding(state, window) * scoring.RaiseWindow >= scoring.RaiseCount * window;
    }

    private static int Exceeding(PatientState state, int window) =>
        System.Numerics.BitOperations.PopCount(window == 64 ? state.Exceedances : state.Exceedances & ((1UL << window) - 1));

    private Contributor[] Contributors(PatientState state, IsolationForest model)
    {
        model.Contributions(_features, _contributions);
        var chosen = new List<Contributor>(MaximumContributors);
        for (int pick = 0; pick < MaximumContributors; pick++)
        {
            int best = -1;
            for (int feature = 0; feature < _contributions.Length; feature++)
            {
                if (!float.IsNaN(_features[feature]) && _contributions[feature] > (best < 0 ? pick == 0 ? double.NegativeInfinity : MinimumContribution : _contributions[best]))
                    best = feature;
            }

            if (best < 0)
                break;
            chosen.Add(new(FeatureVector.CodeOf(best, state.Windows), FeatureVector.ShortNameOf(best), _features[best], Math.Max(0, _contributions[best])));
            _contributions[best] = double.NegativeInfinity;
        }

        return [.. chosen];
    }

    /// <summary>True when the signal that contributes most is among those told: the weaker ones change places all the time.</summary>
    private static bool Tells(OpenAnomaly open, Contributor[] contributors)
    {
        if (contributors.Length == 0)
            return true;
        foreach (Contributor told in open.Contributors)
        {
            if (told.Code == contributors[0].Code)
                return true;
        }

        return false;
    }

    private void Clear(AnomalyKind kind, RuleId rule, long timeMs, long logMs)
    {
        if (kind == AnomalyKind.Rule)
            Decision.Emit(new RulePhaseChanged(rule, RulePhase.Quiet, timeMs));
        Decision.Emit(new AnomalyCleared(Decision.NextOrdinal, kind, rule, timeMs, logMs));
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8.Span);
}
