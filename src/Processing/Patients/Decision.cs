using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>
/// What an actor decided about one message: the entry for the journal, built event by event while each is applied to the state, and the anomaly messages it calls for.
/// One instance serves a shard; it is valid until the next message.
/// </summary>
public sealed class Decision
{
    private readonly PayloadWriter _entry = new(1024);
    private readonly List<AnomalyMessage> _anomalies = [];
    private IReadOnlyDictionary<RuleId, ClinicalRule> _rules = new Dictionary<RuleId, ClinicalRule>();
    private PatientState _state = new("");
    private string? _model;

    /// <summary>True when something was decided: the entry must be journaled.</summary>
    public bool HasEntry => _entry.Length > 0;

    /// <summary>The entry.</summary>
    public ReadOnlySpan<byte> Entry => _entry.Written;

    /// <summary>The anomaly messages, in order.</summary>
    public IReadOnlyList<AnomalyMessage> Anomalies => _anomalies;

    internal PatientState State => _state;

    internal int NextOrdinal => _anomalies.Count;

    internal void Begin(PatientState state, IReadOnlyDictionary<RuleId, ClinicalRule> rules, string? model)
    {
        _entry.Truncate();
        _anomalies.Clear();
        _state = state;
        _rules = rules;
        _model = model;
    }

    internal void Emit(in EncounterBegan decided)
    {
        decided.Encode(Tag(EventTag.EncounterBegan));
        _state.Apply(decided);
    }

    internal void Emit(in ConfigurationTookEffect decided)
    {
        decided.Encode(Tag(EventTag.ConfigurationTookEffect));
        _state.Apply(decided);
    }

    internal void Emit(in Rebased decided)
    {
        decided.Encode(Tag(EventTag.Rebased));
        _state.Apply(decided);
    }

    internal void Emit(in LogTimeCorrected decided)
    {
        decided.Encode(Tag(EventTag.LogTimeCorrected));
        _state.Apply(decided);
    }

    internal void Emit(in ObservationLate decided)
    {
        decided.Facts.Encode(Tag(EventTag.ObservationLate));
        _state.Apply(decided);
    }

    internal void Emit(in ObservationHeld decided)
    {
        decided.Facts.Encode(Tag(EventTag.ObservationHeld));
        _state.Apply(decided);
    }

    internal void Emit(in HeldObservationReleased decided)
    {
        decided.Encode(Tag(EventTag.HeldObservationReleased));
        _state.Apply(decided);
    }

    /// <summary>Writes a fold whose readings were applied one by one as they were decided.</summary>
    internal void EmitApplied(in ObservationFolded decided) => decided.Facts.Encode(Tag(EventTag.ObservationFolded));

    /// <summary>Opens the entry before a fold is applied in parts.</summary>
    internal void Open()
    {
        if (_entry.Length > 0)
            return;
        _state.BeginEntry();
        _entry.Byte(LogicVersion.Format);
        _entry.Unsigned((ulong)(_state.Logic == 0 ? LogicVersion.Current : _state.Logic));
        _entry.Byte(LogicVersion.ClearKey);
    }

    internal void Emit(in ScoreComputed decided)
    {
        decided.Encode(Tag(EventTag.ScoreComputed));
        _state.Apply(decided);
    }

    internal void Emit(in RulePhaseChanged decided)
    {
        decided.Encode(Tag(EventTag.RulePhaseChanged));
        _state.Apply(decided);
    }

    internal void Emit(in AnomalyRaised decided)
    {
        decided.Encode(Tag(EventTag.AnomalyRaised));
        _state.Apply(decided);
        Tell(_state.Find(decided.Kind, decided.Rule)!, AnomalyState.Raised, decided.TimeMs, decided.DetectedMs, decided.Score, decided.Threshold);
    }

    internal void Emit(in AnomalyUpdated decided)
    {
        decided.Encode(Tag(EventTag.AnomalyUpdated));
        _state.Apply(decided);
        Tell(_state.Find(decided.Kind, decided.Rule)!, AnomalyState.Updated, decided.TimeMs, decided.DetectedMs, decided.Score, decided.Threshold);
    }

    internal void Emit(in AnomalyCleared decided)
    {
        OpenAnomaly anomaly = _state.Find(decided.Kind, decided.Rule)!;
        decided.Encode(Tag(EventTag.AnomalyCleared));
        _state.Apply(decided);
        Tell(anomaly, AnomalyState.Cleared, decided.TimeMs, decided.DetectedMs, 0, 0, anomaly.Revision + 1);
    }

    internal void Emit(in AnomalyAcknowledged decided)
    {
        decided.Encode(Tag(EventTag.AnomalyAcknowledged));
        _state.Apply(decided);
        Tell(_state.Find(decided.Kind, decided.Rule)!, AnomalyState.Acknowledged, decided.TimeMs, decided.DetectedMs, 0, 0);
    }

    private PayloadWriter Tag(EventTag tag)
    {
        Open();
        _entry.Byte((byte)tag);
        return _entry;
    }

    private void Tell(OpenAnomaly anomaly, AnomalyState told, long timeMs, long detectedMs, double score, double threshold, int? revision = null)
    {
        bool scored = anomaly.Kind == AnomalyKind.Model && told is AnomalyState.Raised or AnomalyState.Updated;
        bool ruled = anomaly.Kind == AnomalyKind.Rule;
        _rules.TryGetValue(anomaly.Rule, out ClinicalRule? rule);
        _anomalies.Add(new(
            EventId(_state.Sequence, _anomalies.Count),
            EventId(anomaly.RaisedSequence, anomaly.RaisedOrdinal),
            revision ?? anomaly.Revision,
            _state.Patient,
            _state.Encounter.Length == 0 ? null : _state.Encounter,
            timeMs,
            detectedMs,
            anomaly.Kind,
            anomaly.Severity,
            told,
            ruled ? rule?.Name ?? anomaly.Rule.ToString() : null,
            scored && anomaly.Kind == AnomalyKind.Model ? score : null,
            (scored && anomaly.Kind == AnomalyKind.Model) || (ruled && told is AnomalyState.Raised or AnomalyState.Updated) ? threshold : null,
            anomaly.Contributors,
            anomaly.Kind == AnomalyKind.Model ? _model : null));
    }

    private string EventId(long sequence, int ordinal) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_state.Patient}/{sequence}/{ordinal}");
}
