using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// A patient's waveforms: keeps each signal in its own stream, brings them to one time, and looks for beats, pulses and rhythms in steps of that time. A step is taken when every signal has come
/// so far, or when the others have waited for it for three seconds; so what is found depends neither on how samples were cut into chunks nor on the order of the signals.
/// </summary>
/// <remarks>Of ECG two leads of one device are looked at, of pulse one plethysmogram and one arterial pressure; what else comes is kept in the journal only. Not thread-safe.</remarks>
public sealed class WaveformMonitor
{
    /// <summary>Most signals of a patient; the chunks of a further one are left out.</summary>
    public const int MaximumStreams = 16;

    private const byte Version = 1;
    private const long StepUs = 100_000;
    private const long PatienceUs = 3_000_000;
    private const long LongestGapUs = WaveformStream.LongestGapSeconds * 1_000_000L;

    private readonly List<WaveformStream> _streams = [];
    private readonly List<FoundBeat> _found = [];
    private readonly List<FoundBeat> _classified = [];
    private readonly List<RhythmChange> _changes = [];
    private readonly List<EcgSecond> _seconds = [];
    private readonly PulseAnalysis?[] _pulses = new PulseAnalysis?[2];
    private EcgAnalysis? _ecg;
    private RhythmLimits _limits = RhythmLimits.Adult;
    private uint _awaited;
    private long _doneUs = long.MinValue;

    /// <summary>The signals, in the order in which they were first seen.</summary>
    public IReadOnlyList<WaveformStream> Streams => _streams;

    /// <summary>The beats found by the last fold, oldest first.</summary>
    public IReadOnlyList<FoundBeat> Found => _found;

    /// <summary>The beats whose class was decided by the last fold, oldest first.</summary>
    public IReadOnlyList<FoundBeat> Classified => _classified;

    /// <summary>What became of rhythm conditions in the last fold, oldest first.</summary>
    public IReadOnlyList<RhythmChange> Changes => _changes;

    /// <summary>What the ECG showed at the end of each whole second that the last fold came over, oldest first.</summary>
    public IReadOnlyList<EcgSecond> Seconds => _seconds;

    /// <summary>Event time up to which everything was looked at, milliseconds since 1970 UTC; <see cref="long.MinValue"/> before the first step.</summary>
    public long DoneMs => _doneUs == long.MinValue ? long.MinValue : _doneUs / 1000;

    /// <summary>Beats a minute from the ECG, as monitors average them; null when there is no rate.</summary>
    public double? HeartRate => _ecg?.Rhythm.HeartRate;

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

    /// <summary>How far a lead that is looked at can be trusted now.</summary>
    /// <param name="lead">The lead, 0 to one less than <see cref="Leads"/>.</param>
    public LeadQuality LeadQuality(int lead) => _ecg is null ? throw new ArgumentOutOfRangeException(nameof(lead)) : _ecg.Quality(lead);

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
        if (!IsAnalysed(place))
        {
            ChunkOutcome kept = stream.Append(chunk, device);
            stream.Release(stream.Next);
            return kept;
        }

        long startUs = chunk.TimeMs * 1000;
        if (_doneUs != long.MinValue && startUs - FrontUs() > LongestGapUs)
        {
            // Everything was silent: what is there is looked at as it is, and time goes on from here.
            StepTo(FrontUs());
            _doneUs = long.MinValue;
        }

        ChunkOutcome outcome = stream.Append(chunk, device);
        if (stream.EndUs > _doneUs)
            _awaited |= 1u << place;
        return outcome;
    }

    /// <summary>Begins a fold: what the last one found is forgotten.</summary>
    internal void BeginFold()
    {
        _found.Clear();
        _classified.Clear();
        _changes.Clear();
        _seconds.Clear();
    }

    /// <summary>Looks at all that is complete.</summary>
    internal void Advance()
    {
        long frontUs = FrontUs();
        if (_doneUs == long.MinValue)
            _doneUs = EarliestUs();
        while (_doneUs + StepUs <= frontUs && IsComplete(_doneUs + StepUs, frontUs))
            Step(_doneUs + StepUs);
    }

    private bool IsComplete(long toUs, long frontUs)
    {
        for (int i = 0; i < _streams.Count; i++)
        {
            if ((_awaited & (1u << i)) == 0 || _streams[i].EndUs >= toUs)
                continue;
            if (frontUs < toUs + PatienceUs)
                return false;
            // Not waited for again before it has caught up.
            _awaited &= ~(1u << i);
        }

        return true;
    }

    private void StepTo(long toUs)
    {
        while (_doneUs < toUs)
            Step(_doneUs + StepUs);
    }

    private void Step(long toUs)
    {
        Span<int> leads = stackalloc int[EcgAnalysis.MaximumLeads];
        leads = leads[..FindLeads(leads)];
        if (leads.Length > 0)
            StepEcg(leads, toUs);
        for (int i = 0; i < _streams.Count; i++)
        {
            if (PulseKindOf(_streams[i].Signal) is { } kind)
                StepPulse(_streams[i], kind, toUs);
        }

        _doneUs = toUs;
        if (toUs % 1_000_000 == 0 && _ecg is not null)
        {
            _ecg.Rhythm.Advance(toUs / 1000, _changes);
            _seconds.Add(_ecg.Second(toUs / 1000));
        }

        foreach (WaveformStream stream in _streams)
            stream.Release(stream.SampleAt(toUs - StepUs));
    }

    private void StepEcg(ReadOnlySpan<int> places, long toUs)
    {
        WaveformStream[] leads = new WaveformStream[places.Length];
        for (int i = 0; i < leads.Length; i++)
            leads[i] = _streams[places[i]];
        if (_ecg is null || !_ecg.IsOf(leads))
        {
            if (_ecg is not null)
                End(_ecg.Rhythm);
            _ecg = new(leads, _limits, _doneUs);
        }

        _ecg.Advance(leads, toUs, _found, _classified);
    }

    // What was seen in other leads is over with them; whether it goes on, the new ones will show.
    private void End(RhythmMonitor rhythm)
    {
        foreach (RhythmCondition condition in Enum.GetValues<RhythmCondition>())
        {
            if (rhythm.IsActive(condition))
                _changes.Add(new(condition, RhythmChangeKind.Ended, _doneUs / 1000, _doneUs / 1000, Veto.None, new(0, double.NaN, 0, double.NaN)));
        }
    }

    private void StepPulse(WaveformStream stream, PulseKind kind, long toUs)
    {
        ref PulseAnalysis? analysis = ref _pulses[(int)kind];
        if (analysis is null || !analysis.IsOf(stream))
            analysis = new(stream, kind, _doneUs);
        analysis.Advance(stream, toUs, _ecg?.Rhythm);
    }

    // The first ECG signal and the first other one that the same device shows at the same rate.
    private int FindLeads(Span<int> places)
    {
        int count = 0;
        for (int i = 0; i < _streams.Count && count < places.Length; i++)
        {
            WaveformStream stream = _streams[i];
            if (WaveformSignals.Get(stream.Signal).Kind == WaveformKind.Ecg && (count == 0 || (stream.Device == _streams[places[0]].Device && stream.RateMilliHz == _streams[places[0]].RateMilliHz)))
                places[count++] = i;
        }

        return count;
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

    private long FrontUs()
    {
        long front = long.MinValue;
        for (int i = 0; i < _streams.Count; i++)
        {
            if (_streams[i].Next > 0 && IsAnalysed(i))
                front = Math.Max(front, _streams[i].EndUs);
        }

        return front;
    }

    private long EarliestUs()
    {
        long earliest = long.MaxValue;
        for (int i = 0; i < _streams.Count; i++)
        {
            if (_streams[i].Next > 0 && IsAnalysed(i) && _streams[i].First < _streams[i].Next)
                earliest = Math.Min(earliest, _streams[i].TimeUs(_streams[i].First));
        }

        return earliest == long.MaxValue ? long.MinValue : earliest - (((earliest % StepUs) + StepUs) % StepUs);
    }

    /// <summary>About how many bytes of memory it takes.</summary>
    internal int ApproximateBytes
    {
        get
        {
            // Measured: detector and rhythm monitor of two leads, and a pulse detector.
            int bytes = 400 + (_ecg is null ? 0 : 60_000);
            foreach (PulseAnalysis? pulse in _pulses)
                bytes += pulse is null ? 0 : 12_000;
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
        if (version != Version)
            throw new InvalidDataException($"The snapshot's waveforms have version {version}; this program reads version {Version}.");
        var monitor = new WaveformMonitor { _doneUs = reader.Signed(), _awaited = (uint)reader.Unsigned(), _limits = RhythmLimits.Decode(ref reader) };
        int streams = reader.Count(MaximumStreams);
        for (int i = 0; i < streams; i++)
            monitor._streams.Add(WaveformStream.Decode(ref reader));
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
