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

    /// <summary>Notes an observation that was too late.</summary>
    internal void NoteLate(long timeMs, long logMs)
    {
        if (!GoesOn(timeMs))
            (_isLate, _lateFromMs, _lateFromLogMs) = (true, timeMs, logMs);
        _lateMs = timeMs;
    }

    /// <summary>
    /// True when an observation that seems to be of an earlier session shows that the device began anew with its clock set back: those before it, all late, went on one behind the other for ten seconds and came
    /// no faster than they were made. What is sent again comes in a burst.
    /// </summary>
    internal bool WasSetBack(long timeMs, long logMs) => GoesOn(timeMs) && timeMs - _lateFromMs > LateRunMs && logMs - _lateFromLogMs >= (timeMs - _lateFromMs) / 2;

    private bool GoesOn(long timeMs) => _isLate && timeMs > _lateMs && timeMs - _lateMs <= LateRunMs;

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
    internal int Observe(SignalCode code, long timeMs)
    {
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

        return stream.Interval.MedianMs;
    }

    /// <summary>About how many bytes it takes.</summary>
    internal int ApproximateBytes => 160 + (_streams.Length * 48) + (Sequences?.ApproximateBytes ?? 0) + (Contents is null ? 0 : 600) + (Held is null ? 0 : 600);

    internal void Encode(PayloadWriter writer)
    {
        writer.Text(Name);
        writer.Text(Session);
        writer.Signed(NewestMs);
        writer.Signed(NewestLogMs);
        writer.Byte((byte)((Sequences is null ? 0 : 1) | (Contents is null ? 0 : 2) | (Held is null ? 0 : 4) | (_isLate ? 8 : 0)));
        Sequences?.Encode(writer);
        Contents?.Encode(writer);
        Held?.Encode(writer);
        if (_isLate)
        {
            writer.Signed(_lateFromMs);
            writer.Signed(_lateFromLogMs);
            writer.Signed(_lateMs);
        }

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
        device._streamCount = reader.Count(SignalCodes.Count);
        device._streams = new DeviceStream[Math.Max(4, device._streamCount)];
        for (int i = 0; i < device._streamCount; i++)
            device._streams[i] = new() { Code = (SignalCode)reader.Byte(), NewestMs = reader.Signed(), Interval = IntervalMedian.Decode(ref reader) };
        return device;
    }
}
