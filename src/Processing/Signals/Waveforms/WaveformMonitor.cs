using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// A patient's waveforms: keeps each signal in its own stream, brings them to one time, and looks for beats, pulses and rhythms in steps of that time. A step is taken when every signal has come
/// so far, or when a chunk comes that begins three seconds later; so what is found depends neither on how samples were cut into chunks nor on the order of the signals.
/// </summary>
/// <remarks>
/// <para>Of ECG two leads of one device are looked at, of pulse one plethysmogram and one arterial pressure; what else comes is kept in the journal only. Not thread-safe.</para>
/// <para>Which leads is a matter of preference (<see cref="LeadPreference"/>) among those of the device that begin within five seconds; a lead that begins later becomes the second if there is none.
/// The second must have the sampling rate of the first.</para>
/// <para>Time is that of the device that shows the ECG: it goes on with what this device sends, and only this. Where there is no ECG, it is that of the device of the first pulse. A pulse of another device is
/// looked at, and waited for, while its chunks begin no more than three seconds ahead; the samples of a device whose clock is further off are not used, so they veto nothing, until they are near again.
/// Another ECG takes the place of the one that is looked at when it has gone on for ten seconds, by its own clock, without a chunk of the other between.</para>
/// <para>Steps, and seconds in which rhythms are decided, are counted from the first sample on: where in a second of the clock a recording begins makes no difference. A silence, a clock that was set back
/// and another device's ECG begin the count anew; leads of the same time that are exchanged do not. What versions before logic 4 began is counted on as they did, in seconds of the clock.</para>
/// <para>A signal that is new, or that was not waited for any longer, joins where the others are: only then does the order of the signals count. Whatever times chunks have, a fold takes no more than
/// <see cref="MaximumSteps"/> steps: a silence is passed over, not stepped through, and so is the way to a device whose clock shows another time.</para>
/// </remarks>
public sealed class WaveformMonitor
{
    /// <summary>Most signals of a patient; the chunks of a further one are left out.</summary>
    public const int MaximumStreams = 16;

    /// <summary>Most steps of a tenth of a second in one fold: 200 s, more than the chunks of a message hold when they follow each other.</summary>
    public const int MaximumSteps = 2000;

    private const byte Version = 4;
    private const byte BeforeSwapped = 3; // As logic 3 wrote it: no outcome 'swapped'.
    private const byte BeforeLate = 2; // As logic 2 wrote it: no outcome 'late', and the second lead was the first behind the leading one.
    private const long StepUs = 100_000;
    private const long PatienceUs = 3_000_000;
    private const long LongestGapUs = WaveformStream.LongestGapSeconds * 1_000_000L;

    // Leads that begin so much later than the first are chosen from together with it.
    private const long ChoiceUs = 5_000_000;

    // The first chunks of two signals may lie that far apart, and are still looked at from the first on.
    private const long LongestStartUs = LongestGapUs + ((long)WaveformSignals.MaximumSeconds * 1_000_000L);

    private readonly List<WaveformStream> _streams = [];
    private readonly List<FoundBeat> _found = [];
    private readonly List<FoundBeat> _classified = [];
    private readonly List<RhythmChange> _changes = [];
    private readonly List<EcgSecond> _seconds = [];
    private readonly PulseAnalysis?[] _pulses = new PulseAnalysis?[2];
    private readonly WaveformStream[] _leads = new WaveformStream[EcgAnalysis.MaximumLeads]; // For the length of a step.
    private EcgAnalysis? _ecg;
    private RhythmLimits _limits = RhythmLimits.Adult;
    private uint _awaited;
    private int _leading = -1; // The first lead that is looked at, by its stream.
    private int _second = -1; // The second one, while it has the first one's device and rate.
    private long _chosenUs = long.MinValue; // Start of the ECG whose leads were chosen; unknown for what older versions stored.
    private int _pace = -1; // The device whose time was followed last.
    private int _steps; // Of this fold.
    private long _doneUs = long.MinValue;
    private long _newestStartUs = long.MinValue; // Of the chunks of this fold.

    /// <summary>The signals, in the order in which they were first seen.</summary>
    public IReadOnlyList<WaveformStream> Streams => _streams;

    /// <summary>The beats found by the last fold, oldest first.</summary>
    public IReadOnlyList<FoundBeat> Found => _found;

    /// <summary>The beats whose class was decided by the last fold, oldest first.</summary>
    public IReadOnlyList<FoundBeat> Classified => _classified;

    /// <summary>What became of rhythm conditions in the last fold, oldest first.</summary>
    public IReadOnlyList<RhythmChange> Changes => _changes;

    /// <summary>What the ECG showed at the end of each second that the last fold came over, oldest first. Seconds are counted from where the ECG began.</summary>
    public IReadOnlyList<EcgSecond> Seconds => _seconds;

    /// <summary>True when the last fold brought something of the ECG that is looked at.</summary>
    internal bool HasBroughtEcg { get; private set; }

    /// <summary>Event time up to which everything was looked at, milliseconds since 1970 UTC; <see cref="long.MinValue"/> before the first step.</summary>
    public long DoneMs => _doneUs == long.MinValue ? long.MinValue : _doneUs / 1000;

    /// <summary>Beats a minute from the ECG, as monitors average them; null when there is no rate.</summary>
    public double? HeartRate => _ecg?.HeartRate;

    /// <summary>From where on a rhythm is alarmed on; those of adults until others are set. Changed ones count from the next second.</summary>
    public RhythmLimits Limits
    {
        get => _limits;
        internal set
        {
            _limits = value;
            if (_ecg is not null)
                _ecg.Rhythm.Limits = value;
        }
    }

    /// <summary>How many leads of the ECG are looked at.</summary>
    public int Leads => _ecg?.Leads ?? 0;

    /// <summary>Which signal a lead that is looked at is.</summary>
    /// <param name="lead">The lead, 0 to one less than <see cref="Leads"/>.</param>
    public WaveformSignal LeadSignal(int lead)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(lead);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(lead, Leads);
        Span<int> places = stackalloc int[EcgAnalysis.MaximumLeads];
        FindLeads(places);
        return _streams[places[lead]].Signal;
    }

    /// <summary>How far a lead that is looked at can be trusted now.</summary>
    /// <param name="lead">The lead, 0 to one less than <see cref="Leads"/>.</param>
    public LeadQuality LeadQuality(int lead) => _ecg is null ? throw new ArgumentOutOfRangeException(nameof(lead)) : _ecg.Quality(lead);

    /// <summary>Takes a rhythm for told, or not told, whatever was found: if it is there, or gone, that is told next.</summary>
    internal void Reconcile(RhythmCondition rhythm, bool isTold) => _ecg?.Rhythm.Reconcile(rhythm, isTold);

    /// <summary>The newest wave of a pulse signal; null when none was found.</summary>
    public PulseBeat? NewestPulse(PulseKind kind) => _pulses[(int)kind]?.Newest;

    /// <summary>Puts a chunk behind its stream. <see cref="Advance"/> looks at it.</summary>
    internal ChunkOutcome Append(in WaveformChunk chunk, int device)
    {
        int place = PlaceOf(chunk.Signal);
        if (place < 0)
        {
            if (_streams.Count == MaximumStreams)
                return ChunkOutcome.OtherDevice;
            place = _streams.Count;
            _streams.Add(new(chunk.Signal, device, chunk.RateMilliHz));
        }

        WaveformStream stream = _streams[place];
        long startUs = chunk.TimeMs * 1000;
        bool isEcg = WaveformSignals.Get(chunk.Signal).Kind == WaveformKind.Ecg;
        if (isEcg && stream.Next == 0)
            Consider(place, startUs);
        if (isEcg && !IsAnalysed(place) && stream.StandsBySinceUs != long.MinValue && startUs - stream.StandsBySinceUs > LongestGapUs)
            Lead(place, startUs);
        if (!IsAnalysed(place))
            return StandBy(stream, chunk, device);
        long frontUs = FrontUs();
        if (!isEcg && device != PaceDevice())
            return AppendForeign(place, chunk, device, frontUs);
        if (frontUs != long.MinValue && startUs - frontUs > LongestGapUs)
            PassSilence(frontUs);
        long endUs = stream.Next == 0 ? long.MinValue : stream.EndUs;
        ChunkOutcome outcome = stream.Append(chunk, device, _doneUs);
        if (outcome.IsLeftOut)
            return outcome;
        if (outcome == ChunkOutcome.Restarted && startUs < endUs - PatienceUs && (isEcg || _leading < 0))
            GoBack(stream);
        _newestStartUs = Math.Max(_newestStartUs, startUs);
        if (isEcg)
        {
            HasBroughtEcg = true;
            EndStandingBy();
        }

        if (IsInTime(stream))
            _awaited |= 1u << place;
        return outcome;
    }

    // A signal that comes in messages of its own may always be a little later than the others.
    private bool IsInTime(WaveformStream stream) => _doneUs == long.MinValue || stream.EndUs > _doneUs - PatienceUs;

    /// <summary>A pulse of another device than the one whose time is followed.</summary>
    private ChunkOutcome AppendForeign(int place, in WaveformChunk chunk, int device, long frontUs)
    {
        WaveformStream stream = _streams[place];
        bool isNear = frontUs == long.MinValue || (chunk.TimeMs * 1000) - frontUs <= PatienceUs;
        // Its clock must not take the stream from the device whose time is followed.
        if (!isNear && stream.Next > 0 && stream.Device != device)
            return ChunkOutcome.OtherDevice;
        ChunkOutcome outcome = stream.Append(chunk, device, _doneUs);
        if (!isNear)
            stream.Release(stream.Next);
        else if (IsInTime(stream) && !outcome.IsLeftOut)
            _awaited |= 1u << place;
        return outcome;
    }

    /// <summary>What is not looked at is kept in the journal only; of an ECG, since when it goes on without the one that is looked at.</summary>
    private ChunkOutcome StandBy(WaveformStream stream, in WaveformChunk chunk, int device)
    {
        ChunkOutcome outcome = stream.Append(chunk, device, _doneUs);
        stream.Release(stream.Next);
        long startUs = chunk.TimeMs * 1000;
        if (!outcome.IsLeftOut && (stream.StandsBySinceUs == long.MinValue || startUs < stream.StandsBySinceUs))
            stream.StandsBySinceUs = startUs;
        return outcome;
    }

    private void EndStandingBy()
    {
        foreach (WaveformStream stream in _streams)
            stream.StandsBySinceUs = long.MinValue;
    }

    /// <summary>A lead begins: is it to be looked at?</summary>
    private void Consider(int place, long startUs)
    {
        if (_leading < 0)
        {
            (_leading, _chosenUs) = (place, startUs);
            return;
        }

        if (_streams[place].Device != _streams[_leading].Device)
            return;
        if (_chosenUs != long.MinValue && Math.Abs(startUs - _chosenUs) <= ChoiceUs)
            Choose(standingBy: false);
        else if (_second < 0 && IsSameEcg(_streams[place], _streams[_leading]))
            _second = place;
    }

    /// <summary>Chooses the leads of the leading one's device by preference.</summary>
    /// <param name="standingBy">Only from those that go on without the ECG that was looked at.</param>
    private void Choose(bool standingBy)
    {
        int device = _streams[_leading].Device;
        (_leading, _second) = (Best(stream => stream.Device == device, -1), -1);
        _second = Best(stream => IsSameEcg(stream, _streams[_leading]), _leading);
        for (int i = 0; i < _streams.Count; i++)
        {
            if (!IsAnalysed(i))
                _awaited &= ~(1u << i);
        }

        int Best(Func<WaveformStream, bool> isWanted, int but)
        {
            int best = -1;
            for (int i = 0; i < _streams.Count; i++)
            {
                WaveformStream stream = _streams[i];
                if (i == but || WaveformSignals.Get(stream.Signal).Kind != WaveformKind.Ecg || (standingBy && stream.StandsBySinceUs == long.MinValue) || !isWanted(stream))
                    continue;
                if (best < 0 || LeadPreference.Of(stream.Signal) < LeadPreference.Of(_streams[best].Signal))
                    best = i;
            }

            return best;
        }
    }

    /// <summary>The ECG that was looked at has gone: another takes its place, with those of its leads that go on.</summary>
    private void Lead(int place, long startUs)
    {
        if (FrontUs() is var frontUs and not long.MinValue)
            PassSilence(frontUs);
        (_leading, _chosenUs) = (place, startUs);
        Choose(standingBy: true);
        EndStandingBy();
    }

    /// <summary>The clock of the ECG was set back: time begins anew at its time, and what the same device showed at the time before does not count until it follows.</summary>
    private void GoBack(WaveformStream leader)
    {
        foreach (WaveformStream stream in _streams)
        {
            if (stream != leader && stream.Next > 0 && stream.EndUs > leader.EndUs + PatienceUs)
                stream.IsOver = true;
        }

        Restart();
    }

    /// <summary>Begins a fold: what the last one found is forgotten.</summary>
    internal void BeginFold()
    {
        _found.Clear();
        _classified.Clear();
        _changes.Clear();
        _seconds.Clear();
        _newestStartUs = long.MinValue;
        _steps = 0;
        HasBroughtEcg = false;
    }

    /// <summary>Looks at all that is complete.</summary>
    internal void Advance()
    {
        long frontUs = FrontUs();
        if (frontUs == long.MinValue)
            return;
        int pace = PaceDevice();
        // Another device's time, or the same device's after its clock was set back: nothing lies between.
        if (_doneUs != long.MinValue && (_doneUs - frontUs > PatienceUs || (pace != _pace && frontUs - _doneUs > LongestGapUs)))
            Restart();
        _pace = pace;
        if (_doneUs != long.MinValue && frontUs - _doneUs > MaximumSteps * StepUs)
            PassSilence(frontUs);
        // Until the first step is taken, a signal that came later may still begin earlier.
        long fromUs = _doneUs == long.MinValue ? BeginningUs(frontUs) : _doneUs;
        long sureUs = SureUs();
        for (; fromUs + StepUs <= sureUs && _steps < MaximumSteps && IsComplete(fromUs + StepUs); fromUs += StepUs)
            Step(fromUs);
    }

    private bool IsComplete(long toUs)
    {
        for (int i = 0; i < _streams.Count; i++)
        {
            if ((_awaited & (1u << i)) == 0 || _streams[i].EndUs >= toUs)
                continue;
            // By where chunks begin: a long one is no sign that the others are late.
            if (_newestStartUs < toUs + PatienceUs)
                return false;
            // Not waited for again before it has caught up.
            _awaited &= ~(1u << i);
        }

        return true;
    }

    /// <summary>Everything was silent: what is there is looked at as it is, what was seen must be seen anew, and time goes on with the next chunk.</summary>
    private void PassSilence(long frontUs)
    {
        for (long fromUs = _doneUs == long.MinValue ? BeginningUs(frontUs) : _doneUs; fromUs < frontUs && _steps < MaximumSteps; fromUs += StepUs)
            Step(fromUs);
        foreach (WaveformStream stream in _streams)
            stream.Release(stream.Next);
        Restart();
    }

    /// <summary>What was seen must be seen anew; time begins anew with what waits, or with the next chunk.</summary>
    private void Restart()
    {
        if (_ecg is not null)
            End(_ecg.Rhythm);
        _ecg = null;
        Array.Clear(_pulses);
        _doneUs = long.MinValue;
    }

    private void Step(long fromUs)
    {
        long toUs = fromUs + StepUs;
        _steps++;
        Span<int> leads = stackalloc int[EcgAnalysis.MaximumLeads];
        leads = leads[..FindLeads(leads)];
        if (leads.Length > 0)
            StepEcg(leads, fromUs, toUs);
        for (int i = 0; i < _streams.Count; i++)
        {
            if (PulseKindOf(_streams[i].Signal) is { } kind)
                StepPulse(_streams[i], kind, fromUs, toUs);
        }

        _doneUs = toUs;
        if (_ecg is not null && toUs / 1000 >= _ecg.Rhythm.DecidedMs + RhythmMonitor.SecondMs)
        {
            _ecg.Rhythm.Advance(toUs / 1000, _changes);
            _seconds.Add(_ecg.Second(toUs / 1000));
        }

        foreach (WaveformStream stream in _streams)
            stream.Release(stream.SampleAt(fromUs));
    }

    private void StepEcg(ReadOnlySpan<int> places, long fromUs, long toUs)
    {
        Span<WaveformStream> leads = _leads.AsSpan(0, places.Length);
        for (int i = 0; i < leads.Length; i++)
            leads[i] = _streams[places[i]];
        if (_ecg is null || !_ecg.IsOf(leads))
        {
            if (_ecg is not null)
                End(_ecg.Rhythm);
            _ecg = new(leads, _limits, fromUs, _ecg);
        }

        _ecg.Advance(leads, toUs, _found, _classified);
    }

    // Whether what was seen in other leads goes on, the new ones will show.
    private void End(RhythmMonitor rhythm)
    {
        foreach (RhythmCondition condition in Enum.GetValues<RhythmCondition>())
        {
            if (rhythm.IsActive(condition))
                _changes.Add(new(condition, RhythmChangeKind.Unseen, _doneUs / 1000, _doneUs / 1000, Veto.None, new(0, double.NaN, 0, double.NaN)));
        }
    }

    private void StepPulse(WaveformStream stream, PulseKind kind, long fromUs, long toUs)
    {
        ref PulseAnalysis? analysis = ref _pulses[(int)kind];
        if (analysis is null || !analysis.IsOf(stream))
            analysis = new(stream, kind, fromUs);
        analysis.Advance(stream, toUs, _ecg?.Rhythm);
    }

    private int FindLeads(Span<int> places)
    {
        if (_leading < 0)
            return 0;
        places[0] = _leading;
        if (_second < 0 || !IsSameEcg(_streams[_second], _streams[_leading]))
            return 1;
        places[1] = _second;
        return 2;
    }

    /// <summary>What a signal is used for now.</summary>
    /// <param name="stream">Its place among <see cref="Streams"/>.</param>
    public WaveformUse UseOf(int stream)
    {
        WaveformStream of = _streams[stream];
        if (PulseKindOf(of.Signal) is not null)
            return WaveformUse.Pulse;
        if (WaveformSignals.Get(of.Signal).Kind != WaveformKind.Ecg)
            return WaveformUse.Kept;
        if (stream == _leading)
            return WaveformUse.FirstLead;
        if (of.Device != _streams[_leading].Device)
            return WaveformUse.OtherDevice;
        if (of.RateMilliHz != _streams[_leading].RateMilliHz)
            return WaveformUse.OtherRate;
        return stream == _second ? WaveformUse.SecondLead : WaveformUse.SpareLead;
    }

    private static bool IsSameEcg(WaveformStream stream, WaveformStream other) =>
        WaveformSignals.Get(stream.Signal).Kind == WaveformKind.Ecg && stream.Device == other.Device && stream.RateMilliHz == other.RateMilliHz;

    /// <summary>The device whose time is followed: that of the ECG, else that of the first pulse; -1 for none.</summary>
    private int PaceDevice()
    {
        if (_leading >= 0)
            return _streams[_leading].Device;
        foreach (WaveformStream stream in _streams)
        {
            if (PulseKindOf(stream.Signal) is not null)
                return stream.Device;
        }

        return -1;
    }

    private bool IsAnalysed(int place)
    {
        WaveformSignal signal = _streams[place].Signal;
        if (PulseKindOf(signal) is not null)
            return true;
        Span<int> leads = stackalloc int[EcgAnalysis.MaximumLeads];
        return leads[..FindLeads(leads)].Contains(place);
    }

    private static PulseKind? PulseKindOf(WaveformSignal signal) => WaveformSignals.Get(signal).Kind switch
    {
        WaveformKind.Pleth => PulseKind.Plethysmogram,
        WaveformKind.ArterialPressure => PulseKind.ArterialPressure,
        _ => null,
    };

    private int PlaceOf(WaveformSignal signal)
    {
        for (int i = 0; i < _streams.Count; i++)
        {
            if (_streams[i].Signal == signal)
                return i;
        }

        return -1;
    }

    // True for what time goes on with.
    private bool SetsPace(int place) => _streams[place] is { Next: > 0, IsOver: false } stream && stream.Device == PaceDevice() && IsAnalysed(place);

    private long FrontUs()
    {
        long front = long.MinValue;
        for (int i = 0; i < _streams.Count; i++)
        {
            if (SetsPace(i))
                front = Math.Max(front, _streams[i].EndUs);
        }

        return front;
    }

    // Where a chunk is missing from every signal, the next may be the one: two messages that come in the wrong order. What any signal shows is not waited with.
    private long SureUs()
    {
        long whole = long.MinValue, open = long.MaxValue;
        for (int i = 0; i < _streams.Count; i++)
        {
            if (!SetsPace(i))
                continue;
            if (_streams[i].OpenGapUs(_doneUs) is { } gapUs)
                open = Math.Min(open, gapUs);
            else
                whole = Math.Max(whole, _streams[i].EndUs);
        }

        return open == long.MaxValue ? whole : Math.Max(whole, open);
    }

    // A chunk may have any time: what lies far before the others is not looked at.
    private long BeginningUs(long frontUs)
    {
        if (frontUs == long.MinValue)
            return long.MinValue;
        long earliest = frontUs;
        for (int i = 0; i < _streams.Count; i++)
        {
            if (SetsPace(i) && _streams[i].First < _streams[i].Next)
                earliest = Math.Min(earliest, _streams[i].TimeUs(_streams[i].First));
        }

        return Math.Max(earliest, frontUs - LongestStartUs);
    }

    /// <summary>About how many bytes of memory it takes.</summary>
    internal int ApproximateBytes
    {
        get
        {
            int bytes = 600 + (_ecg?.ApproximateBytes ?? 0);
            foreach (PulseAnalysis? pulse in _pulses)
                bytes += pulse is null ? 0 : PulseAnalysis.ApproximateBytes;
            foreach (WaveformStream stream in _streams)
                bytes += stream.ApproximateBytes;
            return bytes;
        }
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte(Version);
        writer.Signed(_doneUs);
        writer.Unsigned(_awaited);
        writer.Signed(_leading);
        writer.Signed(_second);
        writer.Signed(_chosenUs);
        writer.Signed(_pace);
        _limits.Encode(writer);
        writer.Unsigned((ulong)_streams.Count);
        foreach (WaveformStream stream in _streams)
            stream.Encode(writer);
        writer.Boolean(_ecg is not null);
        _ecg?.Encode(writer);
        foreach (PulseAnalysis? pulse in _pulses)
        {
            writer.Boolean(pulse is not null);
            pulse?.Encode(writer);
        }
    }

    /// <exception cref="InvalidDataException">The bytes are not a patient's waveforms, or those of a later version.</exception>
    internal static WaveformMonitor Decode(ref PayloadReader reader)
    {
        byte version = reader.Byte();
        if (version is < BeforeLate or > Version)
            throw new InvalidDataException($"The snapshot's waveforms have version {version}; this program reads versions {BeforeLate} to {Version}.");
        bool knowsLate = version > BeforeLate;
        int outcomes = version switch { BeforeLate => ChunkOutcomes.CountBeforeLate, BeforeSwapped => ChunkOutcomes.CountBeforeSwapped, _ => ChunkOutcomes.Count };
        var monitor = new WaveformMonitor { _doneUs = reader.Signed(), _awaited = (uint)reader.Unsigned(), _leading = (int)reader.Signed() };
        if (knowsLate)
            (monitor._second, monitor._chosenUs) = ((int)reader.Signed(), reader.Signed());
        monitor._pace = (int)reader.Signed();
        monitor._limits = RhythmLimits.Decode(ref reader);
        int streams = reader.Count(MaximumStreams);
        for (int i = 0; i < streams; i++)
            monitor._streams.Add(WaveformStream.Decode(ref reader, outcomes));
        if (monitor._leading < -1 || monitor._leading >= streams || monitor._second < -1 || monitor._second >= streams || (monitor._leading < 0 && monitor._second >= 0))
            throw new InvalidDataException($"The snapshot's ECG is signals {monitor._leading} and {monitor._second} of {streams}.");
        for (int i = monitor._leading + 1; !knowsLate && monitor._leading >= 0 && monitor._second < 0 && i < streams; i++)
        {
            if (IsSameEcg(monitor._streams[i], monitor._streams[monitor._leading]))
                monitor._second = i;
        }

        if (reader.Boolean())
            monitor._ecg = EcgAnalysis.Decode(ref reader);
        for (int i = 0; i < monitor._pulses.Length; i++)
        {
            if (reader.Boolean())
                monitor._pulses[i] = PulseAnalysis.Decode(ref reader);
        }

        return monitor;
    }
}
