using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>
/// What an actor decided about one message: the entry for the journal, built event by event while each is applied to the state, and the anomaly messages it calls for.
/// One instance serves a shard; it is valid until the next message.
/// </summary>
public sealed class Decision : IAlarmSink
{
    private readonly PayloadWriter _entry = new(1024);
    private readonly PayloadWriter _samples = new(1024);
    private readonly List<AnomalyMessage> _anomalies = [];
    private PatientState _state = new("");
    private string? _model;

    /// <summary>True when something was decided: the entry must be journaled.</summary>
    public bool HasEntry => _entry.Length > 0;

    /// <summary>The entry.</summary>
    public ReadOnlySpan<byte> Entry => _entry.Written;

    /// <summary>The waveform samples that the entry speaks of; empty for none.</summary>
    public ReadOnlySpan<byte> Samples => _samples.Written;

    /// <summary>The anomaly messages, in order.</summary>
    public IReadOnlyList<AnomalyMessage> Anomalies => _anomalies;

    /// <summary>What it adds to the counts of alarms.</summary>
    public AlarmCounts Counts { get; private set; }

    internal PatientState State => _state;

    internal int NextOrdinal => _anomalies.Count;

    internal void Begin(PatientState state, string? model)
    {
        _entry.Truncate();
        _samples.Truncate();
        _anomalies.Clear();
        Counts = default;
        _state = state;
        _model = model;
    }

    /// <summary>Counts the time between two observations.</summary>
    internal void Watched(long fromMs, long toMs) => Counts = Counts.Watched(fromMs, toMs);

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
    internal void EmitApplied(in ObservationFolded decided)
    {
        decided.Facts.Encode(Tag(EventTag.ObservationFolded));
        decided.Facts.EncodeSamples(_samples);
    }

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

    internal void Emit(in WeightJudged decided)
    {
        decided.Encode(Tag(EventTag.WeightJudged));
        _state.Apply(decided);
    }

    internal void Emit(in OrderTaken decided)
    {
        decided.Encode(Tag(EventTag.OrderTaken));
        _state.Apply(decided);
    }

    internal void Emit(in RhythmLimitsSet decided)
    {
        decided.Encode(Tag(EventTag.RhythmLimitsSet));
        _state.Apply(decided);
    }

    /// <summary>Writes what a fold that was applied has found.</summary>
    internal void EmitApplied(in BeatsFound decided) => decided.Encode(Tag(EventTag.BeatsFound));

    /// <summary>Writes what a fold that was applied has found.</summary>
    internal void EmitApplied(in RhythmChanged decided) => decided.Encode(Tag(EventTag.RhythmChanged));

    /// <inheritdoc/>
    AlarmOrigin IAlarmSink.NextOrigin => new(_entry.Length > 0 ? _state.Sequence : _state.Sequence + 1, _anomalies.Count);

    /// <inheritdoc/>
    void IAlarmSink.Take(in AlarmEvent decided, AlarmState? alarm, AlarmPauseState? pause)
    {
        decided.Encode(Tag(EventTag.Alarm));
        _state.Note(decided);
        Counts = Counts.With(decided);
        if (alarm is not null)
            _anomalies.Add(AlarmMessages.Of(_state, decided, alarm, _anomalies.Count, _model));
        else if (pause is not null)
            _anomalies.Add(AlarmMessages.Of(_state, decided, pause, _anomalies.Count));
    }

    internal void Emit(in ScoreComputed decided)
    {
        decided.Encode(Tag(EventTag.ScoreComputed));
        _state.Apply(decided);
    }

    /// <summary>Ends an anomaly that logic 1 had open.</summary>
    internal void Emit(in AnomalyCleared decided)
    {
        OpenAnomaly anomaly = _state.Find(decided.Kind, decided.Rule)!;
        decided.Encode(Tag(EventTag.AnomalyCleared));
        _state.Apply(decided);
        _anomalies.Add(new(
            EventId(_state.Sequence, _anomalies.Count), EventId(anomaly.RaisedSequence, anomaly.RaisedOrdinal), anomaly.Revision + 1, _state.Patient,
            _state.Encounter.Length == 0 ? null : _state.Encounter, decided.TimeMs, decided.DetectedMs, anomaly.Kind, anomaly.Severity, AnomalyState.Cleared,
            anomaly.Kind == AnomalyKind.Rule ? AlarmConditions.Get((ConditionId)anomaly.Rule).Name : null, null, null, anomaly.Contributors, anomaly.Kind == AnomalyKind.Model ? _model : null));
    }

    private PayloadWriter Tag(EventTag tag)
    {
        Open();
        _entry.Byte((byte)tag);
        return _entry;
    }

    private string EventId(long sequence, int ordinal) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{_state.Patient}/{sequence}/{ordinal}");
}
