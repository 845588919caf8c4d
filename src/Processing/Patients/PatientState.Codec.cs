using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Processing.Signals;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

public sealed partial class PatientState
{
    /// <summary>Writes the canonical form: equal states give equal bytes.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(LogicVersion.Format);
        writer.Unsigned((ulong)Logic);
        writer.Byte(LogicVersion.ClearKey);
        writer.Signed(Sequence);
        EncodeContent(writer);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not a snapshot, or one of a later version.</exception>
    public static PatientState Decode(string patient, ReadOnlySpan<byte> snapshot)
    {
        var reader = new PayloadReader(snapshot);
        byte format = reader.Byte();
        if (format != LogicVersion.Format)
            throw new InvalidDataException($"The snapshot has format {format}; this program reads format {LogicVersion.Format}.");
        var state = new PatientState(patient) { Logic = reader.Count(int.MaxValue) };
        byte key = reader.Byte();
        if (key != LogicVersion.ClearKey)
            throw new InvalidDataException($"The snapshot is encrypted with key {key}; this program has no keys.");
        state.Sequence = reader.Signed();
        state.DecodeContent(ref reader);
        if (!reader.AtEnd)
            throw new InvalidDataException($"The snapshot has bytes behind its end at {reader.Position}.");
        return state;
    }

    /// <summary>Folds one journal entry.</summary>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="entry">Its events.</param>
    /// <param name="samples">The waveform samples that they speak of; empty when they speak of none.</param>
    /// <exception cref="InvalidDataException">The entry is not the next one, is damaged, was written by a later version, or its samples are not there.</exception>
    public void Apply(long sequence, ReadOnlySpan<byte> entry, ReadOnlySpan<byte> samples)
    {
        if (sequence != Sequence + 1)
            throw new InvalidDataException($"Entry {sequence} does not follow {Sequence}.");
        var reader = new PayloadReader(entry);
        byte format = reader.Byte();
        if (format != LogicVersion.Format)
            throw new InvalidDataException($"Entry {sequence} has format {format}; this program reads format {LogicVersion.Format}.");
        int logic = reader.Count(int.MaxValue);
        byte key = reader.Byte();
        if (key != LogicVersion.ClearKey)
            throw new InvalidDataException($"Entry {sequence} is encrypted with key {key}; this program has no keys.");
        BeginEntry();
        if (Logic == 0)
            Logic = logic;
        var sampleReader = new PayloadReader(samples);
        while (!reader.AtEnd)
            ApplyNext(ref reader, ref sampleReader);
        if (!sampleReader.AtEnd)
            throw new InvalidDataException($"Entry {sequence} has samples that none of its events speaks of.");
    }

    /// <summary>A copy of this state under new logic, and the event that says so.</summary>
    internal Rebased RebaseTo(int logicVersion)
    {
        var writer = new PayloadWriter(4096);
        // The rules of logic 1 are conditions of alarms now; what it had open was cleared before.
        _rules = null;
        // What these detectors found in the samples of the old logic was not told, and what was told they may not have found.
        if (Waveforms is not null)
        {
            foreach (RhythmCondition rhythm in Enum.GetValues<RhythmCondition>())
                Waveforms.Reconcile(rhythm, Alarms.Find(AlarmConditions.Rhythm(rhythm)) is { Phase: AlarmPhase.Active or AlarmPhase.Pending });
        }

        EncodeContent(writer);
        return new(logicVersion, writer.Written.ToArray());
    }

    internal void Apply(in Rebased rebased)
    {
        var reader = new PayloadReader(rebased.State.Span);
        _devices.Clear();
        _ended.Clear();
        Array.Clear(_windows);
        Array.Clear(_filters);
        _open.Clear();
        _rules = null;
        Scores = null;
        Waveforms = null;
        (EcgLogMs, EcgMs) = (0, 0);
        ForgetSources();
        Alarms = new(AlarmSettings.Default);
        Orders = null;
        Weight = null;
        WeightVerdicts = default;
        DecodeContent(ref reader);
        Logic = rebased.LogicVersion;
    }

    private void ApplyNext(ref PayloadReader reader, ref PayloadReader samples)
    {
        var tag = (EventTag)reader.Byte();
        switch (tag)
        {
            case EventTag.ObservationFolded: Apply(new ObservationFolded(Facts(ref reader, ref samples))); break;
            case EventTag.ObservationLate: Apply(new ObservationLate(Facts(ref reader))); break;
            case EventTag.ObservationHeld: Apply(new ObservationHeld(Facts(ref reader))); break;
            case EventTag.HeldObservationReleased: Apply(HeldObservationReleased.Decode(ref reader)); break;
            case EventTag.EncounterBegan: Apply(EncounterBegan.Decode(ref reader)); break;
            case EventTag.ConfigurationTookEffect: Apply(ConfigurationTookEffect.Decode(ref reader)); break;
            case EventTag.ScoreComputed: Apply(ScoreComputed.Decode(ref reader)); break;
            case EventTag.RulePhaseChanged: Apply(RulePhaseChanged.Decode(ref reader)); break;
            case EventTag.AnomalyRaised: Apply(AnomalyRaised.Decode(ref reader)); break;
            case EventTag.AnomalyUpdated: Apply(AnomalyUpdated.Decode(ref reader)); break;
            case EventTag.AnomalyCleared: Apply(AnomalyCleared.Decode(ref reader)); break;
            case EventTag.AnomalyAcknowledged: Apply(AnomalyAcknowledged.Decode(ref reader)); break;
            case EventTag.Rebased: Apply(Rebased.Decode(ref reader)); break;
            case EventTag.LogTimeCorrected: Apply(LogTimeCorrected.Decode(ref reader)); break;
            case EventTag.BeatsFound: Apply(BeatsFound.Decode(ref reader)); break;
            case EventTag.RhythmChanged: RhythmChanged.Decode(ref reader); break;
            case EventTag.WeightJudged: Apply(WeightJudged.Decode(ref reader)); break;
            case EventTag.Alarm: Apply(AlarmEvent.Decode(ref reader)); break;
            case EventTag.OrderTaken: Apply(OrderTaken.Decode(ref reader)); break;
            case EventTag.RhythmLimitsSet: Apply(RhythmLimitsSet.Decode(ref reader)); break;
            default: throw new InvalidDataException($"Entry {Sequence} holds an event with tag {(byte)tag}, which this program does not know.");
        }
    }

    private void Apply(in AlarmEvent decided)
    {
        Alarms.Apply(decided);
        Note(decided);
    }

    private static ObservationFacts Facts(ref PayloadReader reader)
    {
        var facts = new ObservationFacts();
        facts.Decode(ref reader);
        return facts;
    }

    private static ObservationFacts Facts(ref PayloadReader reader, ref PayloadReader samples)
    {
        ObservationFacts facts = Facts(ref reader);
        facts.DecodeSamples(ref samples);
        return facts;
    }

    private void EncodeContent(PayloadWriter writer)
    {
        writer.Text(Encounter);
        writer.Text(Configuration);
        writer.Text(Model);
        writer.Signed(NewestMs);
        writer.Signed(LogMs);
        _interval.Encode(writer);
        writer.Unsigned((ulong)_devices.Count);
        foreach (DeviceState device in _devices)
            device.Encode(writer);
        for (int code = 1; code < SignalCodes.Count; code++)
        {
            if (_filters[code] is not { } filter)
                continue;
            writer.Byte((byte)code);
            filter[0].Encode(writer);
            writer.Boolean(_windows[code] is not null);
            _windows[code]?.Encode(writer);
        }

        writer.Byte(0);
        writer.Signed(ScoredMs);
        writer.Single(Score);
        writer.Single(Threshold);
        writer.UInt64(Exceedances);
        writer.Boolean(Scores is not null);
        Scores?.Encode(writer);
        EncodeRules(writer);
        writer.Unsigned((ulong)_open.Count);
        foreach (OpenAnomaly anomaly in _open)
            anomaly.Encode(writer);
        if (Waveforms is not null)
        {
            writer.Byte((byte)Section.Waveforms);
            Waveforms.Encode(writer);
        }

        if (EcgLogMs != 0)
        {
            writer.Byte((byte)Section.Ecg);
            writer.Signed(EcgLogMs);
            writer.Signed(EcgMs);
        }

        if (_hasOnlyWaveforms)
        {
            writer.Byte((byte)Section.Readings);
            writer.Signed(ReadMs);
            _readInterval.Encode(writer);
        }

        if (_ended.Count > 0)
        {
            writer.Byte((byte)Section.Ended);
            writer.Unsigned((ulong)_ended.Count);
            foreach (string ended in _ended)
                writer.Text(ended);
        }

        if (!Alarms.IsEmpty)
        {
            writer.Byte((byte)Section.Alarms);
            Alarms.Encode(writer);
        }

        if (Orders is not null)
        {
            writer.Byte((byte)Section.Orders);
            Orders.Encode(writer);
        }

        if (Weight is not null)
        {
            writer.Byte((byte)Section.Weight);
            Weight.Encode(writer);
        }

        if (HasSources)
        {
            writer.Byte((byte)Section.Sources);
            EncodeSources(writer);
        }

        if (WeightVerdicts != default)
        {
            writer.Byte((byte)Section.WeightVerdicts);
            WeightVerdicts.Encode(writer);
        }
    }

    private void EncodeRules(PayloadWriter writer)
    {
        for (int rule = 1; _rules is not null && rule < _rules.Length; rule++)
        {
            if (_rules[rule] == default)
                continue;
            writer.Byte((byte)rule);
            writer.Byte((byte)_rules[rule].Phase);
            writer.Signed(_rules[rule].SinceMs);
        }

        writer.Byte(0);
    }

    private void DecodeContent(ref PayloadReader reader)
    {
        Encounter = reader.Text();
        Configuration = reader.Text();
        Model = reader.Text();
        NewestMs = reader.Signed();
        LogMs = reader.Signed();
        _interval = IntervalMedian.Decode(ref reader);
        (ReadMs, _readInterval, _hasOnlyWaveforms) = (NewestMs, _interval, false);
        int devices = reader.Count(MaximumDevices);
        for (int i = 0; i < devices; i++)
            _devices.Add(DeviceState.Decode(ref reader));
        for (int code = reader.Byte(); code != 0; code = reader.Byte())
        {
            if (code >= SignalCodes.Count)
                throw new InvalidDataException($"The snapshot has a filter of code {code}, which this program does not know.");
            _filters[code] = [LocalLevelFilter.Decode(ref reader)];
            if (reader.Boolean())
                _windows[code] = SlidingWindows.Decode(ref reader);
        }

        ScoredMs = reader.Signed();
        Score = reader.Single();
        Threshold = reader.Single();
        Exceedances = reader.UInt64();
        if (reader.Boolean())
            Scores = RecentQuantile.Decode(ref reader);
        for (int rule = reader.Byte(); rule != 0; rule = reader.Byte())
        {
            if (rule >= RuleCount)
                throw new InvalidDataException($"The snapshot has rule {rule}, which this program does not know.");
            (_rules ??= new RuleState[RuleCount])[rule] = new((RulePhase)reader.Byte(), reader.Signed());
        }

        int open = reader.Count(RuleCount + 4);
        for (int i = 0; i < open; i++)
            _open.Add(OpenAnomaly.Decode(ref reader));
        while (!reader.AtEnd)
        {
            var section = (Section)reader.Byte();
            switch (section)
            {
                case Section.Waveforms: Waveforms = WaveformMonitor.Decode(ref reader); break;
                case Section.Ecg: (EcgLogMs, EcgMs) = (reader.Signed(), reader.Signed()); break;
                case Section.Readings:
                    ReadMs = reader.Signed();
                    _readInterval = IntervalMedian.Decode(ref reader);
                    _hasOnlyWaveforms = true;
                    break;
                case Section.Ended:
                    for (int left = reader.Count(MaximumEnded); left > 0; left--)
                        _ended.Add(reader.Text());
                    break;
                case Section.Alarms: Alarms = PatientAlarms.Decode(ref reader, AlarmSettings.Default); break;
                case Section.Orders: Orders = ClinicalOrders.Decode(ref reader); break;
                case Section.Weight: Weight = WeightState.Decode(ref reader); break;
                case Section.Sources: DecodeSources(ref reader); break;
                case Section.WeightVerdicts: WeightVerdicts = WeightVerdicts.Decode(ref reader); break;
                default: throw new InvalidDataException($"The snapshot has a section {(byte)section}, which this program does not know.");
            }
        }
    }

    /// <summary>What a state has only when there was something for it, at its end and always in one order. The numbers are the format: never change or reuse one.</summary>
    private enum Section : byte
    {
        Waveforms = 1,
        Alarms = 2,
        Orders = 3,
        Weight = 4,
        Readings = 5,
        Ecg = 6,
        Ended = 7,
        Sources = 8,
        WeightVerdicts = 9,
    }
}
