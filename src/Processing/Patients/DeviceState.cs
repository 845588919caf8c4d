using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <summary>What a patient actor knows of one device: what it has sent, and how regularly it measures each code.</summary>
public sealed class DeviceState
{
    // A reboot with a clock that was set back: late messages that go on by themselves for so long, and come no faster than they are made.
    private const int LateRunMs = 10_000;

    // A device that sends each few minutes is one behind the other, too; only until logic 2 it had to send each ten seconds.
    private const int LateGapMs = 300_000;

    private bool _isLate;
    private long _lateFromMs;
    private long _lateFromLogMs;
    private long _lateMs;
    private DeviceStream[] _streams = new DeviceStream[4];
    private int _streamCount;

    /// <summary>A code as one device measures it.</summary>
    internal struct DeviceStream
    {
        internal SignalCode Code;
        internal long NewestMs;
        internal IntervalMedian Interval;
    }

    /// <summary>A device seen for the first time.</summary>
    public DeviceState(string name) => Name = name;

    /// <summary>Its name; the empty text for messages that name none.</summary>
    public string Name { get; }

    /// <summary>Its session; the empty text when it names none.</summary>
    public string Session { get; private set; } = "";

    /// <summary>Event time of its newest observation; <see cref="long.MinValue"/> before the first.</summary>
    public long NewestMs { get; private set; } = long.MinValue;

    /// <summary>Kafka timestamp of its newest record: the device silent longest leaves a full table.</summary>
    public long NewestLogMs { get; private set; }

    /// <summary>The observation that waits for a second one to agree; null for none.</summary>
    public ObservationFacts? Held { get; set; }

    private SequenceWindow? Sequences { get; set; }

    private RecentContents? Contents { get; set; }

    /// <summary>Says whether a message was seen before.</summary>
    internal SequenceVerdict Judge(long sequence, ulong hash)
    {
        if (sequence >= 0)
            return Sequences?.Judge(sequence, hash) ?? SequenceVerdict.New;
        return Contents is not null && Contents.Contains(hash) ? SequenceVerdict.Duplicate : SequenceVerdict.New;
    }

    /// <summary>Remembers a message as seen.</summary>
    internal void Mark(ObservationFacts facts)
    {
        if (facts.NewSession is not null)
        {
            Session = facts.NewSession;
            Sequences?.Reset();
        }

        if (facts.Sequence < 0)
            (Contents ??= new()).Add(facts.ContentHash);
        else if ((Sequences ??= new()).Judge(facts.Sequence, facts.ContentHash) == SequenceVerdict.New)
            Sequences.Mark(facts.Sequence, facts.ContentHash);
        NewestLogMs = Math.Max(NewestLogMs, facts.LogMs);
    }

    /// <summary>Notes the time of a folded observation.</summary>
    internal void Advance(long timeMs)
    {
        NewestMs = Math.Max(NewestMs, timeMs);
        _isLate = false;
    }

    /// <summary>What is to be added to its times to have the patient's time: above 0 while its clock is known to be slow; below 0 when it was fast and is silent.</summary>
    internal long ShiftMs { get; set; }

    /// <summary>The shortest interval at which it tells one of its signals, milliseconds; 0 when none is known.</summary>
    internal int CadenceMs
    {
        get
        {
            int cadence = int.MaxValue;
            for (int i = 0; i < _streamCount; i++)
            {
                if (_streams[i].Interval.MedianMs > 0)
                    cadence = Math.Min(cadence, _streams[i].Interval.MedianMs);
            }

            return cadence == int.MaxValue ? 0 : cadence;
        }
    }

    /// <summary>Notes an observation that was too late, by logic 2 and before.</summary>
    internal void NoteLateOfLogic2(long timeMs, long logMs) => NoteLate(timeMs, logMs, LateRunMs);

    /// <summary>Notes an observation that was too late, or that lies behind the patient's time.</summary>
    internal void NoteLate(long timeMs, long logMs)
    {
        // Out of order among each other: the run goes on.
        if (_isLate && timeMs <= _lateMs && timeMs > _lateMs - PatientState.ReorderToleranceMs)
            return;
        NoteLate(timeMs, logMs, GapMs);
    }

    private long GapMs => Math.Max(LateGapMs, 3L * CadenceMs);

    private void NoteLate(long timeMs, long logMs, long gapMs)
    {
        if (!GoesOn(timeMs, gapMs))
            (_isLate, _lateFromMs, _lateFromLogMs) = (true, timeMs, logMs);
        _lateMs = timeMs;
    }

    /// <summary>Notes a folded observation that lies behind the patient's time.</summary>
    internal void AdvanceBehind(long timeMs, long logMs)
    {
        NewestMs = Math.Max(NewestMs, timeMs);
        NoteLate(timeMs, logMs);
    }

    /// <summary>Its clock was set back: from now on its time is this one, and what it told before lies before the first of the observations that showed it.</summary>
    internal void SetBack(long timeMs)
    {
        long step = _lateFromMs - 1 - NewestMs;
        for (int i = 0; i < _streamCount; i++)
            _streams[i].NewestMs += step;
        NewestMs = timeMs;
    }

    /// <summary>Takes back a log time that was ahead.</summary>
    internal void CorrectLogTime(long logMs) => (NewestLogMs, _lateFromLogMs) = (Math.Min(NewestLogMs, logMs), Math.Min(_lateFromLogMs, logMs));

    /// <summary>
    /// True when an observation that seems to be of an earlier session shows that the device began anew with its clock set back: those before it, all late or behind the patient's time, went on one behind the other for ten seconds and came
    /// no faster than they were made. What is sent again comes in a burst.
    /// </summary>
    internal bool WasSetBack(long timeMs, long logMs) => GoesOn(timeMs, GapMs) && timeMs - _lateFromMs > LateRunMs && logMs - _lateFromLogMs >= (timeMs - _lateFromMs) / 2;

    private bool GoesOn(long timeMs, long gapMs) => _isLate && timeMs > _lateMs && timeMs - _lateMs <= gapMs;

    /// <summary>Finds a code's stream; false when the device never measured it.</summary>
    internal bool TryFind(SignalCode code, out DeviceStream stream)
    {
        for (int i = 0; i < _streamCount; i++)
        {
            if (_streams[i].Code == code)
            {
                stream = _streams[i];
                return true;
            }
        }

        stream = default;
        return false;
    }

    /// <summary>Notes a reading's time and returns the running median of the intervals between them, 0 before the second.</summary>
    /// <param name="code">The code.</param>
    /// <param name="timeMs">The time.</param>
    /// <param name="isRegular">True once there are as many intervals as the median looks at: it is known how the signal comes.</param>
    internal int Observe(SignalCode code, long timeMs, out bool isRegular)
    {
        isRegular = false;
        int at = 0;
        while (at < _streamCount && _streams[at].Code != code)
            at++;
        if (at == _streamCount)
        {
            if (_streamCount == _streams.Length)
                Array.Resize(ref _streams, _streams.Length + 4);
            _streams[_streamCount++] = new() { Code = code, NewestMs = timeMs };
            return 0;
        }

        ref DeviceStream stream = ref _streams[at];
        if (timeMs > stream.NewestMs)
        {
            stream.Interval.Observe((int)Math.Min(timeMs - stream.NewestMs, int.MaxValue));
            stream.NewestMs = timeMs;
        }

        isRegular = stream.Interval.Count == IntervalMedian.Capacity;
        return stream.Interval.MedianMs;
    }

    /// <summary>About how many bytes it takes.</summary>
    internal int ApproximateBytes => 170 + (_streams.Length * 48) + (Sequences?.ApproximateBytes ?? 0) + (Contents is null ? 0 : 600) + (Held is null ? 0 : 600);

    internal void Encode(PayloadWriter writer)
    {
        writer.Text(Name);
        writer.Text(Session);
        writer.Signed(NewestMs);
        writer.Signed(NewestLogMs);
        writer.Byte((byte)((Sequences is null ? 0 : 1) | (Contents is null ? 0 : 2) | (Held is null ? 0 : 4) | (_isLate ? 8 : 0) | (ShiftMs != 0 ? 16 : 0)));
        Sequences?.Encode(writer);
        Contents?.Encode(writer);
        Held?.Encode(writer);
        if (_isLate)
        {
            writer.Signed(_lateFromMs);
            writer.Signed(_lateFromLogMs);
            writer.Signed(_lateMs);
        }

        if (ShiftMs != 0)
            writer.Signed(ShiftMs);
        writer.Unsigned((ulong)_streamCount);
        for (int i = 0; i < _streamCount; i++)
        {
            writer.Byte((byte)_streams[i].Code);
            writer.Signed(_streams[i].NewestMs);
            _streams[i].Interval.Encode(writer);
        }
    }

    internal static DeviceState Decode(ref PayloadReader reader)
    {
        var device = new DeviceState(reader.Text()) { Session = reader.Text(), NewestMs = reader.Signed(), NewestLogMs = reader.Signed() };
        byte flags = reader.Byte();
        if ((flags & 1) != 0)
            device.Sequences = SequenceWindow.Decode(ref reader);
        if ((flags & 2) != 0)
            device.Contents = RecentContents.Decode(ref reader);
        if ((flags & 4) != 0)
        {
            device.Held = new();
            device.Held.Decode(ref reader);
        }

        if ((flags & 8) != 0)
            (device._isLate, device._lateFromMs, device._lateFromLogMs, device._lateMs) = (true, reader.Signed(), reader.Signed(), reader.Signed());
        if ((flags & 16) != 0)
            device.ShiftMs = reader.Signed();
        device._streamCount = reader.Count(SignalCodes.Count);
        device._streams = new DeviceStream[Math.Max(4, device._streamCount)];
        for (int i = 0; i < device._streamCount; i++)
            device._streams[i] = new() { Code = (SignalCode)reader.Byte(), NewestMs = reader.Signed(), Interval = IntervalMedian.Decode(ref reader) };
        return device;
    }
}
