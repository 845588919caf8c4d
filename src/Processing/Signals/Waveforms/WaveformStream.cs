using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>
/// One signal of a patient as a line of samples without end: chunks are put one behind the other by their times, gaps become samples without a value, what came before is left out.
/// Samples wait here until they are taken; how they were cut into chunks is not to be seen afterwards.
/// </summary>
/// <remarks>
/// Times are whole microseconds from an anchor, so that the time of a sample is the same whichever chunk brought it. Bound: <see cref="MaximumWaiting"/> samples, 4 bytes each.
/// </remarks>
public sealed class WaveformStream
{
    /// <summary>A gap longer than this begins the waveform anew, seconds.</summary>
    public const int LongestGapSeconds = 10;

    /// <summary>More than so many seconds of samples that go on by themselves, far behind the others, show that the clock was set back: one chunk that comes again, however long, never does.</summary>
    public const int SetBackSeconds = (int)WaveformSignals.MaximumSeconds;

    // The longest gap and the longest chunk.
    private const int AwaySeconds = LongestGapSeconds + (int)WaveformSignals.MaximumSeconds;

    /// <summary>Most samples that wait: the longest chunk behind the longest gap at the highest rate.</summary>
    public const int MaximumWaiting = 1000 * (LongestGapSeconds + (int)WaveformSignals.MaximumSeconds) + 1000;

    // Start times are told in milliseconds, and the samples lie between them.
    private const long JitterUs = 5_000;

    // A clock that is wrong by a tenth of a permille is noticed every minute, by little more than the jitter.
    private const long DriftUs = 15_000;

    // More than so much missing between chunks that are left out, and they are no run of their own: repeats that come by chance.
    private const long LongestLossUs = 1_000_000;

    // Two chunks that come in the wrong order hold up time for no longer than signals wait for each other; the first of them is about as long as the second.
    private const long LongestSwapUs = 3_000_000;

    // So many of the newest gaps are remembered, so that what comes too late is told from what comes again.
    private const int RememberedGaps = 16;

    // Gateways change the gain now and then; by so much, and what was learnt of the size of beats no longer holds.
    private const float OtherGain = 8;

    private float[] _waiting = [];
    private int _start;
    private int _count;
    private long _anchorUs;
    private long _anchor;
    private long _next;

    // Chunks in a row that were left out, one behind the other by their own times: whose, at which rate, from when on, how many samples, and how many with those that were lost between; 0 for none.
    private int _runDevice;
    private int _runRate;
    private long _runUs;
    private long _run;
    private long _runPlace;

    private readonly List<(long FromUs, long ToUs)> _gaps = [];
    private long _beganUs = long.MinValue; // Start of all that was ever there by this clock; unknown for what older versions stored.
    private float _gain;
    private CoarseTimes _coarse;

    // The newest gap, while the chunk behind it is the newest, too, and the one that belongs there may still come: its first sample, and how many; 0 for none.
    private long _openFrom;
    private int _open;

    /// <summary>A signal of which nothing has come yet.</summary>
    /// <param name="signal">The signal.</param>
    /// <param name="device">The device that shows it, by its place in the patient's table.</param>
    /// <param name="rateMilliHz">Samples in a thousand seconds.</param>
    internal WaveformStream(WaveformSignal signal, int device, int rateMilliHz) => (Signal, Device, RateMilliHz) = (signal, device, rateMilliHz);

    /// <summary>The signal.</summary>
    public WaveformSignal Signal { get; }

    /// <summary>The device that shows it, by its place in the patient's table.</summary>
    public int Device { get; private set; }

    /// <summary>Samples in a thousand seconds.</summary>
    public int RateMilliHz { get; private set; }

    /// <summary>Gaps, overlaps and so on, by <see cref="ChunkOutcome"/>; chunks that only continued it are not counted.</summary>
    public IReadOnlyList<long> Outcomes => _outcomes;

    /// <summary>True when the device's times were found to be cut off to whole seconds: the number of its samples says when they were taken.</summary>
    public bool HasCoarseTimes { get; private set; }

    /// <summary>How far the device's clock has drifted since the waveform began, microseconds; above zero when it runs slow.</summary>
    public long DriftedUs { get; private set; }

    /// <summary>Start of the first of its chunks since the ECG that is looked at, another, was last heard of, microseconds; <see cref="long.MinValue"/> when it is looked at itself.</summary>
    internal long StandsBySinceUs { get; set; } = long.MinValue;

    /// <summary>True while its last samples lie in a time that its device has left: they say nothing of how late it is. Ends with the next chunk that is not left out.</summary>
    internal bool IsOver { get; set; }

    /// <summary>True when beats of a size that a monitor must count were seen in it, by the same device and with about the same gain: whether they are missing or never were makes a difference.</summary>
    internal bool HasShownBeats { get; set; }

    /// <summary>Times the waveform began: what was learnt from its samples holds within one of them.</summary>
    internal long Beginnings { get; private set; }

    /// <summary>Number of the first sample that waits.</summary>
    internal long First => _next - _count;

    /// <summary>Number of the sample behind the last.</summary>
    internal long Next => _next;

    /// <summary>When the sample behind the last is due, microseconds since 1970 UTC.</summary>
    internal long EndUs => TimeUs(_next);

    private readonly long[] _outcomes = new long[ChunkOutcomes.Count];

    /// <summary>Where the gap begins that its next chunk may fill, microseconds since 1970 UTC; null for none.</summary>
    /// <param name="doneUs">Up to when samples were looked at: what is missing there, is.</param>
    internal long? OpenGapUs(long doneUs) => _open > 0 && _gaps[^1].FromUs >= doneUs ? _gaps[^1].FromUs : null;

    /// <summary>The time of a sample, microseconds since 1970 UTC.</summary>
    internal long TimeUs(long sample) => _anchorUs + Scale(sample - _anchor, 1_000_000_000, RateMilliHz);

    /// <summary>The number of the first sample at or after a time.</summary>
    internal long SampleAt(long timeUs)
    {
        long sample = _anchor + Scale(timeUs - _anchorUs, RateMilliHz, 1_000_000_000);
        while (TimeUs(sample) < timeUs)
            sample++;
        while (TimeUs(sample - 1) >= timeUs)
            sample--;
        return sample;
    }

    /// <summary>Puts a chunk behind what is there.</summary>
    /// <param name="chunk">The chunk.</param>
    /// <param name="device">Its device, by its place in the patient's table.</param>
    /// <param name="doneUs">Up to when samples were looked at; before all of them as long as none was.</param>
    internal ChunkOutcome Append(in WaveformChunk chunk, int device, long doneUs = long.MinValue)
    {
        ChunkOutcome outcome = Place(chunk, device, doneUs);
        // How many chunks continue it is a matter of how it was cut, which leaves no trace.
        if (outcome != ChunkOutcome.Continued)
            _outcomes[(int)outcome]++;
        if (outcome.IsLeftOut)
            return outcome;
        if (outcome != ChunkOutcome.Gap)
            _open = 0;
        _run = 0;
        _gain = chunk.Gain;
        IsOver = false;
        return outcome;
    }

    /// <summary>Takes the sample with this number; NaN for one without a value, and for one that is no longer or not yet there.</summary>
    internal float this[long sample]
    {
        get
        {
            long place = sample - First;
            return (ulong)place < (ulong)_count ? _waiting[_start + (int)place] : float.NaN;
        }
    }

    /// <summary>Forgets the samples before this number.</summary>
    internal void Release(long before)
    {
        int taken = (int)Math.Clamp(before - First, 0, _count);
        _start += taken;
        _count -= taken;
        if (_count == 0)
            _start = 0;
    }

    private ChunkOutcome Place(in WaveformChunk chunk, int device, long doneUs)
    {
        long startUs = chunk.TimeMs * 1000;
        if (_next == 0)
            return Begin(chunk, device, startUs, ChunkOutcome.Began);
        long aheadUs = startUs - EndUs;
        if (device != Device)
        {
            // Whoever shows it goes on until it has been silent for as long as a waveform may pause.
            return aheadUs > LongestGapSeconds * 1_000_000L ? Begin(chunk, device, startUs, ChunkOutcome.Restarted) : LeaveOut(chunk, device, startUs, ChunkOutcome.OtherDevice);
        }

        if (chunk.RateMilliHz != RateMilliHz || IsOfOtherGain(chunk.Gain))
            return aheadUs >= -DriftUs ? Begin(chunk, device, startUs, ChunkOutcome.Restarted) : LeaveOut(chunk, device, startUs, LostOrRepeated(chunk, startUs));
        if (aheadUs > LongestGapSeconds * 1_000_000L)
            return Begin(chunk, device, startUs, ChunkOutcome.Restarted);
        HasCoarseTimes &= startUs % CoarseTimes.UnitUs == 0;
        // Within its second any time will do.
        if (HasCoarseTimes)
            aheadUs = Math.Max(aheadUs, Math.Min(0, aheadUs + CoarseTimes.UnitUs));
        else if (Math.Abs(aheadUs) > DriftUs && _coarse.Take(startUs, aheadUs, Scale(chunk.Samples.Length, 1_000_000_000, RateMilliHz), 2 * DriftUs) is { } afterUs)
            return GoByCount(chunk, startUs + afterUs);
        if (aheadUs > DriftUs)
        {
            long lengthUs = Scale(chunk.Samples.Length, 1_000_000_000, RateMilliHz);
            _openFrom = _next;
            Leave(startUs);
            _open = !HasCoarseTimes && aheadUs >= lengthUs / 2 && aheadUs <= lengthUs + DriftUs && aheadUs + lengthUs <= LongestSwapUs ? (int)(_next - _openFrom) : 0;
            Add(chunk, 0);
            return ChunkOutcome.Gap;
        }

        if (aheadUs < -DriftUs)
        {
            if (Fill(chunk, startUs, doneUs))
                return ChunkOutcome.Swapped;
            // Its times are taken over only when nothing is left out: the samples that are there keep theirs.
            long known = Scale(-aheadUs + (500_000_000 / RateMilliHz), RateMilliHz, 1_000_000_000);
            if (known >= chunk.Samples.Length)
                return LeaveOut(chunk, device, startUs, LostOrRepeated(chunk, startUs));
            Add(chunk, (int)known);
            return ChunkOutcome.Overlap;
        }

        bool drifts = Math.Abs(aheadUs) > JitterUs;
        if (drifts)
        {
            DriftedUs += aheadUs;
            Anchor(EndUs + aheadUs);
        }

        Add(chunk, 0);
        return drifts ? ChunkOutcome.Drift : ChunkOutcome.Continued;
    }

    private bool IsOfOtherGain(float gain) => _gain > 0 && (gain >= OtherGain * _gain || _gain >= OtherGain * gain);

    /// <summary>From here on the number of samples counts: once more a gap, up to where they lie by it.</summary>
    private ChunkOutcome GoByCount(in WaveformChunk chunk, long startUs)
    {
        HasCoarseTimes = true;
        _coarse = default;
        if (startUs - EndUs > JitterUs)
            Leave(startUs);
        Add(chunk, 0);
        return ChunkOutcome.Drift;
    }

    /// <summary>Puts a chunk where nothing but it is missing, directly before the newest one; unless that was looked at already.</summary>
    private bool Fill(in WaveformChunk chunk, long startUs, long doneUs)
    {
        long endUs = startUs + Scale(chunk.Samples.Length, 1_000_000_000, RateMilliHz);
        if (OpenGapUs(doneUs) is not { } gapUs || _openFrom < First || Math.Abs(startUs - gapUs) > DriftUs || Math.Abs(endUs - _gaps[^1].ToUs) > DriftUs)
            return false;
        _gaps.RemoveAt(_gaps.Count - 1);
        int place = _start + (int)(_openFrom - First), count = Math.Min(_open, chunk.Samples.Length);
        ReadOnlySpan<short> samples = chunk.Samples.Span;
        for (int i = 0; i < count; i++)
            _waiting[place + i] = ValueOf(samples[i], chunk);
        return true;
    }

    /// <summary>Leaves a gap up to a time.</summary>
    private void Leave(long startUs)
    {
        long gap = SampleAt(startUs - (500_000_000 / RateMilliHz)) - _next;
        Remember(EndUs, startUs);
        for (long i = 0; i < gap; i++)
            Add(float.NaN);
        // Of what lies where it would without the gap, the time says no more: it is told in milliseconds.
        if (Math.Abs(EndUs - startUs) >= 1000)
            Anchor(startUs);
    }

    private void Remember(long fromUs, long toUs)
    {
        if (_gaps.Count == RememberedGaps)
            _gaps.RemoveAt(0);
        _gaps.Add((fromUs, toUs));
    }

    /// <summary>What lies before the beginning, or where there is a gap, never came before.</summary>
    private ChunkOutcome LostOrRepeated(in WaveformChunk chunk, long startUs)
    {
        long lengthUs = Scale(chunk.Samples.Length, 1_000_000_000, chunk.RateMilliHz), leastUs = Math.Min(JitterUs, lengthUs / 2);
        if (_beganUs != long.MinValue && startUs < _beganUs - JitterUs)
            return ChunkOutcome.Late;
        foreach ((long fromUs, long toUs) in _gaps)
        {
            if (Math.Min(startUs + lengthUs, toUs) - Math.Max(startUs, fromUs) > leastUs)
                return ChunkOutcome.Late;
        }

        return ChunkOutcome.Repeated;
    }

    /// <summary>
    /// Chunks that are left out but go on by themselves show that the device's clock was set back: after <see cref="SetBackSeconds"/> of their samples, to the sample, the waveform begins anew with them.
    /// A clock that lies less than the longest gap and chunk behind catches up by itself, and is waited for. A device in whose place another shows the signal waits longer.
    /// </summary>
    private ChunkOutcome LeaveOut(in WaveformChunk chunk, int device, long startUs, ChunkOutcome outcome)
    {
        long aheadUs = _run == 0 ? 0 : startUs - RunUs(_runPlace);
        if (_run == 0 || device != _runDevice || chunk.RateMilliHz != _runRate || aheadUs is < -DriftUs or > LongestLossUs)
            (_runDevice, _runRate, _runUs, _run, _runPlace) = (device, chunk.RateMilliHz, startUs, 0, 0);
        else if (aheadUs > DriftUs)
            _runPlace = Scale(startUs - _runUs + (500_000_000 / _runRate), _runRate, 1_000_000_000);
        (long before, long place) = (_run, _runPlace);
        _run += chunk.Samples.Length;
        _runPlace += chunk.Samples.Length;
        bool isOwn = device == Device;
        long needed = (isOwn ? SetBackSeconds : AwaySeconds) * (long)_runRate / 1000;
        if (_run <= needed || (isOwn && _runUs > EndUs - (AwaySeconds * 1_000_000L)))
            return outcome;
        int from = (int)Math.Max(0, needed - before);
        return Begin(chunk, device, RunUs(place + from), ChunkOutcome.Restarted, from);
    }

    private long RunUs(long sample) => _runUs + Scale(sample, 1_000_000_000, _runRate);

    private ChunkOutcome Begin(in WaveformChunk chunk, int device, long startUs, ChunkOutcome outcome, int from = 0)
    {
        if (_next == 0 || startUs < EndUs - DriftUs)
        {
            _gaps.Clear();
            _beganUs = startUs;
        }
        else if (startUs > EndUs + DriftUs)
        {
            Remember(EndUs, startUs);
        }

        HasShownBeats &= device == Device && !IsOfOtherGain(chunk.Gain);
        HasCoarseTimes = false;
        _coarse = default;
        Device = device;
        RateMilliHz = chunk.RateMilliHz;
        DriftedUs = 0;
        Beginnings++;
        _start = _count = 0;
        // Numbers go on, so that none means two samples.
        _next++;
        Anchor(startUs);
        Add(chunk, from);
        return outcome;
    }

    private void Anchor(long startUs) => (_anchorUs, _anchor) = (startUs, _next);

    private void Add(in WaveformChunk chunk, int from)
    {
        ReadOnlySpan<short> samples = chunk.Samples.Span;
        for (int i = from; i < samples.Length; i++)
            Add(ValueOf(samples[i], chunk));
    }

    private static float ValueOf(short sample, in WaveformChunk chunk) => sample == WaveformSignals.Missing ? float.NaN : (sample - chunk.Baseline) / chunk.Gain;

    private void Add(float value)
    {
        // The oldest goes where the bound is reached; it was waited for long enough.
        if (_count == MaximumWaiting)
            (_start, _count) = (_start + 1, _count - 1);
        if (_start + _count == _waiting.Length)
            MakeRoom();
        _waiting[_start + _count++] = value;
        _next++;
    }

    private void MakeRoom()
    {
        float[] room = _start >= _waiting.Length / 2 && _start > 0 ? _waiting : new float[Math.Min(Math.Max(256, 2 * _waiting.Length), 2 * MaximumWaiting)];
        _waiting.AsSpan(_start, _count).CopyTo(room);
        (_waiting, _start) = (room, 0);
    }

    // Exact, and rounded down, also where the product needs more than 64 bits.
    private static long Scale(long value, long numerator, long denominator)
    {
        (Int128 quotient, Int128 remainder) = Int128.DivRem((Int128)value * numerator, denominator);
        return (long)(remainder < 0 ? quotient - 1 : quotient);
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Signal);
        writer.Byte((byte)Device);
        writer.Unsigned((ulong)RateMilliHz);
        foreach (long outcome in _outcomes)
            writer.Unsigned((ulong)outcome);
        writer.Signed(DriftedUs);
        writer.Unsigned((ulong)Beginnings);
        writer.Signed(_anchorUs);
        writer.Signed(_anchor);
        writer.Signed(_next);
        writer.Byte((byte)((IsOver ? 1 : 0) | (_run > 0 ? 2 : 0) | (StandsBySinceUs != long.MinValue ? 4 : 0) | (HasShownBeats ? 8 : 0) | (HasCoarseTimes ? 16 : 0) | (_coarse.IsSuspected ? 32 : 0) | (_open > 0 ? 64 : 0)));
        if (StandsBySinceUs != long.MinValue)
            writer.Signed(StandsBySinceUs);
        if (_run > 0)
        {
            writer.Byte((byte)_runDevice);
            writer.Unsigned((ulong)_runRate);
            writer.Signed(_runUs);
            writer.Unsigned((ulong)_run);
            writer.Unsigned((ulong)_runPlace);
        }

        if (_coarse.IsSuspected)
            _coarse.Encode(writer);
        if (_open > 0)
        {
            writer.Signed(_openFrom);
            writer.Unsigned((ulong)_open);
        }

        writer.Single(_gain);
        writer.Signed(_beganUs);
        writer.Unsigned((ulong)_gaps.Count);
        foreach ((long fromUs, long toUs) in _gaps)
        {
            writer.Signed(fromUs);
            writer.Signed(toUs - fromUs);
        }

        writer.Unsigned((ulong)_count);
        for (int i = 0; i < _count; i++)
            writer.Single(_waiting[_start + i]);
    }

    /// <param name="reader">Stands behind the stream afterwards.</param>
    /// <param name="outcomes">How many outcomes the version counted that wrote the bytes.</param>
    /// <exception cref="InvalidDataException">The bytes are not a stream.</exception>
    internal static WaveformStream Decode(ref PayloadReader reader, int outcomes = ChunkOutcomes.Count)
    {
        var signal = (WaveformSignal)reader.Byte();
        if (signal is WaveformSignal.None || (int)signal >= WaveformSignals.Count)
            throw new InvalidDataException($"The snapshot has waveform signal {(int)signal}, which this program does not know.");
        int device = reader.Byte();
        int rate = reader.Count((int)(WaveformSignals.MaximumHz * 1000));
        if (rate < WaveformSignals.MinimumHz * 1000)
            throw new InvalidDataException($"The snapshot has a waveform of {rate} mHz.");
        var stream = new WaveformStream(signal, device, rate);
        for (int i = 0; i < outcomes; i++)
            stream._outcomes[i] = (long)reader.Unsigned();
        stream.DriftedUs = reader.Signed();
        stream.Beginnings = (long)reader.Unsigned();
        stream._anchorUs = reader.Signed();
        stream._anchor = reader.Signed();
        stream._next = reader.Signed();
        byte flags = reader.Byte();
        stream.IsOver = (flags & 1) != 0;
        stream.HasShownBeats = (flags & 8) != 0;
        stream.HasCoarseTimes = (flags & 16) != 0;
        if ((flags & 4) != 0)
            stream.StandsBySinceUs = reader.Signed();
        if ((flags & 2) != 0)
        {
            stream._runDevice = reader.Byte();
            stream._runRate = Math.Max(1, reader.Count((int)(WaveformSignals.MaximumHz * 1000)));
            stream._runUs = reader.Signed();
            stream._run = (long)reader.Unsigned();
            stream._runPlace = (long)reader.Unsigned();
        }

        if ((flags & 32) != 0)
            stream._coarse = CoarseTimes.Decode(ref reader);
        if ((flags & 64) != 0)
        {
            stream._openFrom = reader.Signed();
            stream._open = reader.Count(MaximumWaiting);
        }

        // Before there was an outcome 'late', no gaps were remembered.
        if (outcomes > ChunkOutcomes.CountBeforeLate)
        {
            stream._gain = reader.Single();
            stream._beganUs = reader.Signed();
            for (int left = reader.Count(RememberedGaps); left > 0; left--)
            {
                long fromUs = reader.Signed();
                stream._gaps.Add((fromUs, fromUs + reader.Signed()));
            }
        }

        stream._count = reader.Count(MaximumWaiting);
        stream._waiting = new float[stream._count];
        for (int i = 0; i < stream._count; i++)
            stream._waiting[i] = reader.Single();
        if (stream._open > 0 && (stream._gaps.Count == 0 || stream._openFrom > stream._next - stream._open))
            throw new InvalidDataException($"The snapshot has a gap of {stream._open} samples that may be filled, and none that is remembered there.");
        return stream;
    }

    /// <summary>About how many bytes of memory it takes.</summary>
    internal int ApproximateBytes => 336 + (16 * _gaps.Capacity) + (sizeof(float) * _waiting.Length);
}
