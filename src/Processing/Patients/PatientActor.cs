using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
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
public sealed partial class PatientActor
{
    private const int JumpMs = 30_000;
    private const int SeldomMs = 15_000;

    private readonly ActorConfiguration _configuration;
    private readonly IsolationForest? _model;
    private readonly int _logicVersion;
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
    }

    /// <summary>False makes every message count as new: a simulation shows with it that it would notice.</summary>
    internal bool RemembersMessages { get; init; } = true;

    /// <summary>False takes what nobody tells any more for what it was: a simulation shows with it that it would notice.</summary>
    internal bool DoubtsSilence { get; init; } = true;

    /// <summary>Called in the midst of a fold or tick, when the state is half changed: a test throws here.</summary>
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
        Decision.Begin(state, _model?.Version);
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
                    case SequenceVerdict.BelowWindow when facts.TimeMs > device.NewestMs || device.WasSetBack(facts.TimeMs, logMs):
                        facts.NewSession = Text(observation.Session);
                        break;
                    case SequenceVerdict.BelowWindow:
                        late = true;
                        break;
                    default:
                        break;
                }
            }
            else if (!sameSession && (facts.TimeMs > device.NewestMs || device.WasSetBack(facts.TimeMs, logMs)))
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
        // A stay that has ended does not begin again: a device that still names it is late, and ends nothing of the present one.
        late |= !sameEncounter && ((facts.TimeMs <= state.NewestMs && !IsOfSlowClock(state, device, logMs)) || state.HasEnded(observation.Encounter.Span));
        if (late || AllLate(state, device, logMs))
        {
            Decision.Emit(new ObservationLate(facts));
            return Disposition.Late;
        }

        if (!sameEncounter)
            BeginEncounter(state, Text(observation.Encounter), logMs);
        if (device is not null && IsHeld(state, device, observation, logMs))
            return Disposition.Folded;
        (long newestMs, long readMs) = (state.NewestMs, state.ReadMs);
        Fold(state, facts);
        Decision.Watched(newestMs, state.NewestMs);
        Judge(state, facts, readMs, logMs);
        return Disposition.Folded;
    }

    /// <summary>True for a device that goes on behind the patient's time since its own clock was set back, or while no faster clock sends any more.</summary>
    private bool IsOfSlowClock(PatientState state, DeviceState? device, long logMs) =>
        device is not null && device.WasSetBack(_facts.TimeMs, logMs) && (_facts.TimeMs < device.NewestMs || !state.IsLed(device, _facts.TimeMs));

    /// <summary>Handles the passing of log time; woken by <see cref="DeadlineMs"/>.</summary>
    public void HandleTick(PatientState state, long logMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        Decision.Begin(state, _model?.Version);
        if (DeadlineMs(state, logMs) is not { } deadline)
            return;
        if (IsAhead(state, logMs))
        {
            TakeOver(state);
            Decision.Emit(new LogTimeCorrected(logMs));
        }
        else if (deadline > logMs)
        {
            return;
        }

        TakeOver(state);
        while (Next(state, logMs) is var due && due.LogMs <= logMs)
            Follow(state, due);
        Interrupt?.Invoke(state);
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
        return Next(state, shardLogMs) is { Kind: not DueKind.Nothing } next ? next.LogMs : null;
    }

    /// <summary>The log time from which silence is told; null when it is told already, or nothing has come yet.</summary>
    private long? SilenceMs(PatientState state)
    {
        if (!_configuration.Silence.IsTold || state.NewestMs == long.MinValue || state.Alarms.Find(ConditionId.NoData) is not null)
            return null;
        return state.LogMs + SilentAfterMs(state);
    }

    /// <summary>How long nothing must come to be silence, milliseconds.</summary>
    private long SilentAfterMs(PatientState state) => Math.Max(_configuration.Silence.MinimumMs, (long)_configuration.Silence.Intervals * state.IntervalMs);

    private int ClockToleranceMs => _configuration.Silence.MinimumMs / 2;

    private bool IsAhead(PatientState state, long shardLogMs) => state.LogMs - ClockToleranceMs > shardLogMs;

    private PatientAlarms Alarms(PatientState state) => state.Alarms.With(_configuration.Alarms);

    private void TakeOver(PatientState state)
    {
        if (state.Logic != 0 && state.Logic != _logicVersion)
        {
            // What logic 1 had open ends with it; if it lasts, it begins anew as an alarm.
            while (state.Open.Count > 0)
                Decision.Emit(new AnomalyCleared(Decision.NextOrdinal, state.Open[0].Kind, state.Open[0].Rule, state.NewestMs, state.LogMs));
            Decision.Emit(state.RebaseTo(_logicVersion));
        }

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

    private bool AllLate(PatientState state, DeviceState? device, long logMs)
    {
        if (device is null || device.WasSetBack(_facts.TimeMs, logMs))
            return false;
        bool any = false;
        for (int i = 0; i < _facts.Readings.Count; i++)
        {
            Reading reading = _facts.Readings[i].Reading;
            if (!reading.IsUsable)
                continue;
            // Weighings come when they come: their service has an order of its own.
            if (reading.Code == SignalCode.Weight)
                return false;
            if (!device.TryFind(reading.Code, out DeviceState.DeviceStream stream) || reading.TimeMs >= stream.NewestMs - PatientState.ReorderToleranceMs)
                return false;
            any = true;
        }

        return any && _facts.Waveforms.Count == 0;
    }

    private void BeginEncounter(PatientState state, string encounter, long logMs)
    {
        // The first encounter that is named is the one that was under way: nothing ends with its name.
        if (state.Encounter.Length > 0)
            Alarms(state).Discharge(state.NewestMs, logMs, Decision);
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
        // A waveform whose time is doubted is not kept: it would be a jump of its stream.
        waiting.Waveforms.Clear();
        Decision.Emit(new ObservationHeld(waiting));
        return true;
    }

    private void Fold(PatientState state, ObservationFacts facts)
    {
        Decision.Open();
        JudgeLost(state, facts.LogMs);
        SetRhythmLimits(state, facts);
        long beforeMs = state.NewestMs;
        DeviceState device = state.BeginFold(facts);
        for (int i = 0; i < facts.Readings.Count; i++)
        {
            Reading reading = facts.Readings[i].Reading;
            var folded = new FoldedReading(reading, Decide(state, device, reading, facts));
            facts.Readings[i] = folded;
            state.Fold(device, folded, facts);
        }

        state.FoldWaveforms(facts);
        Interrupt?.Invoke(state);
        Decision.EmitApplied(new ObservationFolded(facts));
        if (state.NewestMs < beforeMs)
            Alarms(state).Doubt(new TimeWentBack(SignalCode.None, facts.TimeMs), facts.LogMs, Decision);
        TellWaveforms(state, facts);
        foreach (FoldedReading folded in facts.Readings)
            Judge(state, device, folded, facts.LogMs);
    }

    private static ReadingOutcome Decide(PatientState state, DeviceState device, in Reading reading, ObservationFacts facts)
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

        if (state.OutcomeByDevice(facts, device, reading) is { } byDevice)
            return byDevice;
        double value = SignalCodes.ToValue(reading.Code, reading.Steps);
        var outcome = (ReadingOutcome)state.Filter(reading.Code).Decide(
            reading.TimeMs, value, Signals.FilterTable.For(reading.Code, reading.Source, reading.Quality), PatientState.IntervalOf(device, reading.Code, facts.IntervalMs));

        // Of a stream one artefact is left out until others agree, for seconds. What is measured now and then would wait for minutes or hours, and a patient who got worse with it.
        return outcome == ReadingOutcome.Rejected && reading.Code != SignalCode.Weight && reading.TimeMs - state.Source(reading.Code).NewestMs >= SeldomMs ? ReadingOutcome.Reinitialised : outcome;
    }

    private static string Text(ReadOnlyMemory<byte> utf8) => System.Text.Encoding.UTF8.GetString(utf8.Span);
}
