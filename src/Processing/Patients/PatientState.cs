using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Processing.Signals;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>
/// The state of one patient: the fold of its events. <c>Apply</c> neither calls a model nor reads configuration, a clock or randomness; what came from those is in the events.
/// The same events give the same state bit for bit. Not thread-safe: its shard owns it.
/// </summary>
public sealed partial class PatientState
{
    /// <summary>Most devices remembered; a further one takes the place of the one silent longest.</summary>
    public const int MaximumDevices = 16;

    /// <summary>How late a reading may be against the newest of its device and code and still be folded, milliseconds.</summary>
    public const int ReorderToleranceMs = 10_000;

    private const int MaximumEnded = 8;

    /// <summary>One more than the highest rule number of logic 1.</summary>
    private const int RuleCount = 12;

    private readonly List<DeviceState> _devices = [];
    private readonly List<string> _ended = []; // The latest encounters that have ended, oldest first.
    private readonly SlidingWindows?[] _windows = new SlidingWindows?[SignalCodes.Count];
    private readonly LocalLevelFilter[]?[] _filters = new LocalLevelFilter[]?[SignalCodes.Count];
    private readonly List<OpenAnomaly> _open = [];
    private RuleState[]? _rules;
    private IntervalMedian _interval;
    private IntervalMedian _readInterval;
    private bool _hasOnlyWaveforms; // At least once: else both intervals are one.

    /// <summary>Where a rule stands.</summary>
    /// <param name="Phase">The phase.</param>
    /// <param name="SinceMs">Event time at which it began.</param>
    public readonly record struct RuleState(RulePhase Phase, long SinceMs);

    /// <summary>A patient of whom nothing is known.</summary>
    public PatientState(string patient) => Patient = patient;

    /// <summary>The canonical key, <c>namespace:id</c>.</summary>
    public string Patient { get; }

    /// <summary>The sequence number of the last entry folded; 0 before the first.</summary>
    public long Sequence { get; private set; }

    /// <summary>The logic version that folds; 0 before the first entry.</summary>
    public int Logic { get; private set; }

    /// <summary>The encounter; the empty text before one was named.</summary>
    public string Encounter { get; private set; } = "";

    /// <summary>The fingerprint of the configuration in force; the empty text before the first.</summary>
    public string Configuration { get; private set; } = "";

    /// <summary>The version of the model in force; the empty text for none.</summary>
    public string Model { get; private set; } = "";

    /// <summary>The patient's time: event time of the newest folded observation; <see cref="long.MinValue"/> before the first. It goes back when the devices whose clocks were faster are silent.</summary>
    public long NewestMs { get; private set; } = long.MinValue;

    /// <summary>Event time of the newest folded observation that had more than waveforms; <see cref="long.MinValue"/> before the first. Scores go by it, so that they don't depend on how waveforms were cut into messages.</summary>
    public long ReadMs { get; private set; } = long.MinValue;

    /// <summary>Log time of the patient's latest record, from which silence is reckoned; 0 before the first.</summary>
    public long LogMs { get; private set; }

    /// <summary>Log time of the latest record that brought something of the ECG that is looked at; 0 before the first.</summary>
    public long EcgLogMs { get; private set; }

    /// <summary>Event time of that record.</summary>
    public long EcgMs { get; private set; }

    /// <summary>Running median of the intervals between observations, milliseconds; 0 before the second.</summary>
    public int IntervalMs => _interval.MedianMs;

    /// <summary>The same of observations that had more than waveforms.</summary>
    public int ReadIntervalMs => _readInterval.MedianMs;

    /// <summary>The devices.</summary>
    public IReadOnlyList<DeviceState> Devices => _devices;

    /// <summary>The windows by code; null where nothing was accepted.</summary>
    public ReadOnlySpan<SlidingWindows?> Windows => _windows;

    /// <summary>The alarms.</summary>
    public PatientAlarms Alarms { get; private set; } = new(AlarmSettings.Default);

    /// <summary>What clinicians have ordered or told about the patient; null before the first.</summary>
    public ClinicalOrders? Orders { get; private set; }

    /// <summary>Body weight; null before the first weighing.</summary>
    public WeightState? Weight { get; private set; }

    /// <summary>How weighings were judged last; nothing before the first that logic 4 judged.</summary>
    public WeightVerdicts WeightVerdicts { get; private set; }

    /// <summary>The anomalies that logic 1 had open; none under later logic, whose <see cref="Alarms"/> stand in their place.</summary>
    public IReadOnlyList<OpenAnomaly> Open => _open;

    /// <summary>The waveforms and what was found in them; null before the first chunk.</summary>
    public WaveformMonitor? Waveforms { get; internal set; }

    /// <summary>The patient's own distribution of scores; null before the first.</summary>
    public RecentQuantile? Scores { get; private set; }

    /// <summary>Event time of the newest score; <see cref="long.MinValue"/> before the first.</summary>
    public long ScoredMs { get; private set; } = long.MinValue;

    /// <summary>The newest score.</summary>
    public float Score { get; private set; }

    /// <summary>The threshold it was held against.</summary>
    public float Threshold { get; private set; }

    /// <summary>Whether the last 64 scores exceeded their thresholds, the newest in the lowest bit.</summary>
    public ulong Exceedances { get; private set; }

    /// <summary>The filter of a code; an uninitialised one when there is none.</summary>
    public LocalLevelFilter Filter(SignalCode code) => _filters[(int)code] is { } filter ? filter[0] : default;

    /// <summary>Where a rule stands.</summary>
    public RuleState Rule(RuleId rule) => _rules is null ? default : _rules[(int)rule];

    /// <summary>The open anomaly of a kind and rule; null when none is open.</summary>
    public OpenAnomaly? Find(AnomalyKind kind, RuleId rule)
    {
        foreach (OpenAnomaly anomaly in _open)
        {
            if (anomaly.Kind == kind && anomaly.Rule == rule)
                return anomaly;
        }

        return null;
    }

    /// <summary>True for one of the latest encounters that have ended.</summary>
    internal bool HasEnded(ReadOnlySpan<byte> encounter)
    {
        foreach (string ended in _ended)
        {
            if (IsText(ended, encounter))
                return true;
        }

        return false;
    }

    /// <summary>The place of a device in the table, or -1.</summary>
    internal int IndexOf(ReadOnlySpan<byte> device)
    {
        for (int i = 0; i < _devices.Count; i++)
        {
            if (IsText(_devices[i].Name, device))
                return i;
        }

        return -1;
    }

    /// <summary>Compares a text with UTF-8 bytes without making a text of them.</summary>
    internal static bool IsText(string text, ReadOnlySpan<byte> utf8)
    {
        if (text.Length > utf8.Length)
            return false;
        Span<byte> bytes = stackalloc byte[512];
        return System.Text.Encoding.UTF8.TryGetBytes(text, bytes, out int written) && bytes[..written].SequenceEqual(utf8);
    }

    /// <summary>Begins an entry: what is applied until the next one belongs to it.</summary>
    internal void BeginEntry() => Sequence++;

    internal void Apply(in EncounterBegan began)
    {
        string before = Encounter;
        Encounter = began.Encounter;
        // Logic 1 began anew with the first name, too, and remembered none.
        if (Logic >= 2 && before.Length == 0)
            return;
        if (Logic >= 2)
        {
            _ended.Add(before);
            if (_ended.Count > MaximumEnded)
                _ended.RemoveAt(0);
        }

        Array.Clear(_windows);
        Array.Clear(_filters);
        _rules = null;
        Scores = null;
        Waveforms = null;
        (EcgLogMs, EcgMs) = (0, 0);
        ForgetSources();
        Orders = Orders?.OfPatient();
        Weight = null;
        WeightVerdicts = default;
        ScoredMs = long.MinValue;
        Score = 0;
        Threshold = 0;
        Exceedances = 0;
        foreach (DeviceState device in _devices)
            device.Held = null;
    }

    internal void Apply(in ConfigurationTookEffect configuration)
    {
        if (Logic == 0)
            Logic = LogicVersion.Current;
        Configuration = configuration.Configuration;
        Model = configuration.Model;
    }

    internal void Apply(in ObservationLate late)
    {
        DeviceState device = Remember(late.Facts);
        // Entries of logic 1 fold as they did.
        if (Logic > 2)
            device.NoteLate(late.Facts.TimeMs, late.Facts.LogMs);
        else if (Logic == 2)
            device.NoteLateOfLogic2(late.Facts.TimeMs, late.Facts.LogMs);
    }

    internal void Apply(in ObservationHeld held)
    {
        DeviceState device = Remember(held.Facts);
        device.Held = held.Facts;
    }

    internal void Apply(in HeldObservationReleased released) => _devices[released.Device].Held = null;

    internal void Apply(in ObservationFolded folded)
    {
        DeviceState device = BeginFold(folded.Facts);
        foreach (FoldedReading reading in folded.Facts.Readings)
            Fold(device, reading, folded.Facts);
        FoldWaveforms(folded.Facts);
    }

    internal void Apply(in RhythmLimitsSet set) => (Waveforms ??= new()).Limits = set.Limits;

    /// <summary>Puts the chunks of an observation behind what is there, notes how each fitted, and looks at what is complete.</summary>
    internal void FoldWaveforms(ObservationFacts facts)
    {
        if (facts.Waveforms.Count == 0)
            return;
        Waveforms ??= new();
        Waveforms.BeginFold();
        for (int i = 0; i < facts.Waveforms.Count; i++)
            facts.Waveforms[i] = facts.Waveforms[i] with { Outcome = Waveforms.Append(facts.Waveforms[i].Chunk, facts.Device) };
        Waveforms.Advance();
        if (Waveforms.HasBroughtEcg)
            (EcgLogMs, EcgMs, EcgShiftMs) = (facts.LogMs, facts.TimeMs, _devices[facts.Device].ShiftMs);
    }

    /// <summary>The part of <see cref="ObservationFolded"/> before its readings: the device, and time.</summary>
    internal DeviceState BeginFold(ObservationFacts facts)
    {
        DeviceState device = Remember(facts);
        if (Logic > 2)
            FollowClock(device, facts);
        else
            device.Advance(facts.TimeMs);
        if (NewestMs != long.MinValue && facts.TimeMs > NewestMs)
            _interval.Observe((int)Math.Min(facts.TimeMs - NewestMs, int.MaxValue));
        NewestMs = Math.Max(NewestMs, facts.TimeMs);
        if (facts.Waveforms.Count > 0 && facts.Readings.Count == 0)
        {
            _hasOnlyWaveforms = true;
            return device;
        }

        // In the patient's time, as the ages of values are.
        long readMs = facts.TimeMs + device.ShiftMs;
        if (ReadMs != long.MinValue && readMs > ReadMs)
            _readInterval.Observe((int)Math.Min(readMs - ReadMs, int.MaxValue));
        ReadMs = Math.Max(ReadMs, readMs);
        return device;
    }

    /// <summary>The interval that a code's filter is told: the declared one, else what was learnt before this reading.</summary>
    internal static int IntervalOf(DeviceState device, SignalCode code, int declaredMs) =>
        declaredMs > 0 ? declaredMs : device.TryFind(code, out DeviceState.DeviceStream stream) ? stream.Interval.MedianMs : 0;

    /// <summary>Folds one reading by its outcome.</summary>
    internal void Fold(DeviceState device, in FoldedReading folded, ObservationFacts facts)
    {
        Reading reading = folded.Reading;
        if (folded.Outcome == ReadingOutcome.OtherDevice)
            StandBy(device, reading);
        if (!folded.IsTold)
            return;
        int declaredMs = facts.IntervalMs;
        int before = IntervalOf(device, reading.Code, declaredMs);
        LocalLevelFilter[] filter = _filters[(int)reading.Code] ??= new LocalLevelFilter[1];
        double value = SignalCodes.ToValue(reading.Code, reading.Steps);
        bool tookOver = folded.Outcome == ReadingOutcome.TookOver;
        if (tookOver)
            _windows[(int)reading.Code] = null;
        filter[0].Apply(tookOver ? FilterOutcome.Initialised : (FilterOutcome)folded.Outcome, reading.TimeMs, value, FilterTable.For(reading.Code, reading.Source, reading.Quality), before);
        int interval = device.Observe(reading.Code, reading.TimeMs, out bool isRegular);
        if (declaredMs > 0)
            interval = declaredMs;
        if (folded.IsAccepted)
            (_windows[(int)reading.Code] ??= new()).Add(reading.TimeMs, reading.Steps, interval);
        // Weighings come when they come: their service has an order of its own.
        if (Logic > 2 && reading.Code != SignalCode.Weight)
            Tell(reading, facts, tookOver, interval, isRegular);
    }

    internal void Apply(in ScoreComputed computed)
    {
        // After a gap the last exceedances say nothing of now.
        if (ScoredMs != long.MinValue && NewestMs - ScoredMs > Math.Max(60_000L, 15L * IntervalMs))
            Exceedances = 0;
        ScoredMs = ReadMs;
        Score = computed.Score;
        Threshold = computed.Threshold;
        Exceedances = Exceedances << 1 | (computed.Exceeded ? 1UL : 0UL);
        if (computed.Learned)
            (Scores ??= new()).Add(computed.Score);
    }

    internal void Apply(in RulePhaseChanged changed) => (_rules ??= new RuleState[RuleCount])[(int)changed.Rule] = new(changed.Phase, changed.SinceMs);

    internal void Apply(in AnomalyRaised raised) => _open.Add(OpenAnomaly.From(raised, Sequence));

    internal void Apply(in AnomalyUpdated updated) => Require(updated.Kind, updated.Rule).Apply(updated);

    internal void Apply(in AnomalyCleared cleared) => _open.Remove(Require(cleared.Kind, cleared.Rule));

    internal void Apply(in AnomalyAcknowledged acknowledged) => Require(acknowledged.Kind, acknowledged.Rule).Acknowledge();

    internal void Apply(in OrderTaken taken) => (Orders ??= new()).Apply(taken);

    internal void Apply(in WeightJudged judged)
    {
        Weight = WeightService.Handle(Weight ?? WeightState.Empty, judged.Measurement, WeightConfiguration.Standard).State;
        if (Logic > 3)
            WeightVerdicts = WeightVerdicts.With(judged);
    }

    /// <summary>
    /// Changes nothing: the fold of the samples has found the beats. Only, these must be the same; unless another version of the logic wrote them, whose detector may have been another. Then what was told
    /// stands as it was journaled, and the patient is taken over with what this one has found.
    /// </summary>
    internal void Apply(in BeatsFound found)
    {
        if (Logic != LogicVersion.Current)
            return;
        if (Waveforms is not { } waveforms || !found.SaysTheSame(new(waveforms.Found, waveforms.Classified)))
            throw new InvalidDataException($"Entry {Sequence}: folding its samples finds other beats than when it was written; the logic that wrote it had another version.");
    }

    internal void Apply(in LogTimeCorrected corrected)
    {
        // The second correction to a time comes when nothing has come since the first.
        if (Logic > 3 && corrected.LogMs == LogMs)
            Alarms.CorrectLogTimes(corrected.LogMs);
        LogMs = corrected.LogMs;
        EcgLogMs = Math.Min(EcgLogMs, corrected.LogMs);
        if (Logic > 2)
            CorrectLogTimes(corrected.LogMs);
    }

    private OpenAnomaly Require(AnomalyKind kind, RuleId rule) =>
        Find(kind, rule) ?? throw new InvalidDataException($"Entry {Sequence} speaks of an anomaly of kind {kind}, rule {rule}, that is not open.");

    private DeviceState Remember(ObservationFacts facts)
    {
        if (Logic > 2 && LogMs != 0 && facts.LogMs - LogMs >= Math.Max(LostAfterMs, (long)LostIntervals * IntervalMs))
            (_pausedLogMs, _resumedLogMs) = (LogMs, facts.LogMs);
        LogMs = facts.LogMs;
        if (facts.DeviceName is not null)
        {
            var device = new DeviceState(facts.DeviceName);
            if (facts.Device == _devices.Count && facts.Device < MaximumDevices)
                _devices.Add(device);
            else
                _devices[facts.Device] = device;
            ForgetDevice(facts.Device);
        }

        DeviceState known = _devices[facts.Device];
        known.Mark(facts);
        return known;
    }

    /// <summary>About how many bytes of memory the state takes; the bound on actors in memory counts with it.</summary>
    public int ApproximateBytes
    {
        get
        {
            int bytes = 1350 + (_open.Count * 160) + (_rules is null ? 0 : 216) + (Scores is null ? 0 : 600);
            foreach (DeviceState device in _devices)
                bytes += device.ApproximateBytes;
            foreach (SlidingWindows? windows in _windows)
                bytes += windows is null ? 0 : 900 + (windows.SampleCount * 6);
            return bytes + (Waveforms?.ApproximateBytes ?? 0);
        }
    }
}
