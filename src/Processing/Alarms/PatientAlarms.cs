using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Alarms;

/// <summary>What became of a command to the alarms.</summary>
public enum AlarmCommandOutcome
{
    /// <summary>It was followed; there are events.</summary>
    Done,

    /// <summary>All was as asked for already; there is no event of it.</summary>
    Nothing,

    /// <summary>No such alarm is open.</summary>
    NotFound,

    /// <summary>The pause would have ended already.</summary>
    Expired,
}

/// <summary>
/// All alarms of a patient: the concepts of IEC 60601-1-8 as a deterministic machine. What is decided becomes events, each applied before the next is decided; <see cref="Apply"/> alone changes state, and
/// reads no configuration, so that journaled events lead to the same state bit for bit. No clock, no randomness, no I/O.
/// </summary>
/// <remarks>
/// <para>
/// Two times: delays of a condition run in event time, by the condition's own assessments, and in log time, by deadlines; whichever comes first ends them, and the event is dated exactly where the delay
/// ended. So an alarm begins once and exactly at onset plus delay, however often the machine is woken. What people do (acknowledgement, pauses) and what waits for people (escalation, reminders)
/// runs in log time.
/// </para>
/// <para>
/// Of deadlines that fall together, pauses end first, then conditions go by number, each with the change of its phase before escalation or reminder. A deadline comes before an assessment or command
/// of the same time.
/// </para>
/// <para>State: at most one <see cref="AlarmState"/> a condition, so under 100, in practice a handful; an open alarm of a limit has about 90 bytes, one of NEWS2 with all parameters about 300, one with 16 contributors about 500; a patient without alarms has 11 bytes.</para>
/// </remarks>
public sealed partial class PatientAlarms
{
    private AlarmSettings _settings;
    private readonly List<AlarmState> _conditions = [];
    private readonly AlarmPauseState?[] _pauses = new AlarmPauseState?[2];
    private readonly long[] _orderedMs = new long[2];
    private AlarmCounters _counters;

    /// <summary>Makes the alarms of a patient without any.</summary>
    /// <param name="settings">What decides; not part of the state.</param>
    public PatientAlarms(AlarmSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
    }

    /// <summary>True when there is nothing to remember: no condition, no pause, no count.</summary>
    public bool IsEmpty => _conditions.Count == 0 && !IsPaused && _counters == default && _orderedMs is [0, 0];

    /// <summary>From now on these settings decide. They are no part of the state.</summary>
    public PatientAlarms With(AlarmSettings settings)
    {
        ArgumentNullException.ThrowIfNull(settings);
        _settings = settings;
        return this;
    }

    /// <summary>Everything remembered, by condition; open alarms are those that say so.</summary>
    public IReadOnlyList<AlarmState> Conditions => _conditions;

    /// <summary>What was counted since the beginning of the journal.</summary>
    public ref readonly AlarmCounters Counters => ref _counters;

    /// <summary>True while a pause is in force.</summary>
    public bool IsPaused => _pauses[0] is not null || _pauses[1] is not null;

    /// <summary>The pause of a kind; null when there is none.</summary>
    public AlarmPauseState? Pause(PauseKind kind) => _pauses[(int)kind];

    /// <summary>The time, by the person's clock, of the last order that began or ended pauses of a kind; 0 before the first. An earlier order that comes later is outdated.</summary>
    public long OrderedMs(PauseKind kind) => _orderedMs[(int)kind];

    /// <summary>What is remembered of a condition; null when nothing is.</summary>
    public AlarmState? Find(ConditionId condition)
    {
        int place = PlaceOf(condition);
        return place < 0 ? null : _conditions[place];
    }

    /// <summary>The open alarm that began there; null when none did.</summary>
    public AlarmState? Find(AlarmOrigin origin)
    {
        foreach (AlarmState state in _conditions)
        {
            if (state.IsOpen && state.Origin == origin)
                return state;
        }

        return null;
    }

    /// <summary>The open alarms as a display lists them: physiological ones before technical ones, the most urgent first, the newest first among equals.</summary>
    public IReadOnlyList<AlarmState> List() =>
    [
        .. _conditions.Where(state => state.IsOpen)
            .OrderBy(state => AlarmConditions.Get(state.Condition).IsTechnical)
            .ThenByDescending(state => state.Rank)
            .ThenByDescending(state => state.BeganLogMs)
            .ThenBy(state => state.Condition),
    ];

    /// <summary>Whether an open alarm can be heard and seen.</summary>
    public AlarmSound SoundOf(AlarmState alarm)
    {
        ArgumentNullException.ThrowIfNull(alarm);
        if (Pause(PauseKind.Alarms) is not null)
            return AlarmSound.AlarmsPaused;
        if (alarm.IsAcknowledged)
            return AlarmSound.Acknowledged;
        return Pause(PauseKind.Audio) is not null ? AlarmSound.AudioPaused : AlarmSound.On;
    }

    /// <summary>The latest log time that is remembered of a condition; <see cref="long.MinValue"/> without any.</summary>
    internal long NewestLogMs
    {
        get
        {
            long newestMs = long.MinValue;
            for (int i = 0; i < _conditions.Count; i++)
                newestMs = Math.Max(newestMs, LatestLogMs(_conditions[i]));
            return newestMs;
        }
    }

    private static long LatestLogMs(AlarmState state) => Math.Max(state.SinceLogMs, Math.Max(state.BeganLogMs, state.SignalLogMs));

    /// <summary>Log times that were ahead of the log's are no later than this: what was waited for by them is waited for from here. Event times stay.</summary>
    internal void CorrectLogTimes(long logMs)
    {
        for (int i = 0; i < _conditions.Count; i++)
        {
            AlarmState state = _conditions[i];
            if (LatestLogMs(state) > logMs)
                _conditions[i] = state with { SinceLogMs = Math.Min(state.SinceLogMs, logMs), BeganLogMs = Math.Min(state.BeganLogMs, logMs), SignalLogMs = Math.Min(state.SignalLogMs, logMs) };
        }
    }

    /// <summary>The log time at which the patient must be woken if nothing comes before; null when nothing is awaited.</summary>
    public long? DeadlineMs() => TryNext(out Due next) ? next.LogMs : null;

    /// <summary>Follows a decision, now or on replay. Judges nothing and reads no configuration.</summary>
    /// <returns>The alarm after the event; of an end as it stood, with the revision of the end; null for pauses, resumptions, and what is not told.</returns>
    /// <exception cref="InvalidDataException">The event fits no state that this machine can be in: it is not of this patient's journal.</exception>
    public AlarmState? Apply(in AlarmEvent decided)
    {
        switch (decided.Kind)
        {
            case AlarmEventKind.Paused:
                int revision = _pauses[(int)decided.Pause] is { } before ? before.Revision + 1 : 0;
                _orderedMs[(int)decided.Pause] = Math.Min(decided.TimeMs, decided.LogMs);
                _pauses[(int)decided.Pause] = new(decided.Pause, decided.UntilMs, decided.Rank, decided.By ?? "", decided.Origin, revision);
                return null;
            case AlarmEventKind.Resumed:
                ApplyResumed(decided);
                return null;
            case AlarmEventKind.PhaseChanged:
                ApplyPhase(decided);
                return null;
            case AlarmEventKind.Began:
                return ApplyBegan(decided);
            default:
                return ApplyToOpen(decided);
        }
    }

    /// <summary>Writes the complete state.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(FormatVersion);
        writer.Signed(_counters.Physiological);
        writer.Signed(_counters.Technical);
        writer.Signed(_counters.SuppressedByDelay);
        writer.Signed(_counters.SuppressedByHysteresis);
        writer.Signed(_counters.SuppressedByCorroboration);
        foreach (long orderedMs in _orderedMs)
            writer.Signed(orderedMs);
        foreach (AlarmPauseState? pause in _pauses)
        {
            writer.Boolean(pause is not null);
            if (pause is null)
                continue;
            writer.Signed(pause.UntilMs);
            writer.Byte((byte)pause.Rank);
            writer.Text(pause.By);
            pause.Origin.Encode(writer);
            writer.Unsigned((ulong)pause.Revision);
        }

        writer.Unsigned((ulong)_conditions.Count);
        foreach (AlarmState state in _conditions)
            state.Encode(writer);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <param name="reader">Where to read.</param>
    /// <param name="settings">What decides from now on.</param>
    /// <exception cref="InvalidDataException">The bytes are no such state.</exception>
    public static PatientAlarms Decode(ref PayloadReader reader, AlarmSettings settings)
    {
        int version = reader.Byte();
        // Version 1 had no basis of limits and scores; nothing else differs.
        if (version is not (1 or FormatVersion))
            throw new InvalidDataException($"The state of alarms has version {version}; this program knows 1 to {FormatVersion}.");
        var alarms = new PatientAlarms(settings) { _counters = new(reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed(), reader.Signed()) };
        for (int kind = 0; kind < alarms._orderedMs.Length; kind++)
            alarms._orderedMs[kind] = reader.Signed();
        for (int kind = 0; kind < alarms._pauses.Length; kind++)
        {
            if (reader.Boolean())
                alarms._pauses[kind] = new((PauseKind)kind, reader.Signed(), reader.Byte(), AlarmEvent.DecodeText(ref reader), AlarmOrigin.Decode(ref reader), reader.Count(int.MaxValue));
        }

        int count = reader.Count(AlarmConditions.Count);
        for (int i = 0; i < count; i++)
        {
            AlarmState state = AlarmState.Decode(ref reader);
            if (i > 0 && state.Condition <= alarms._conditions[i - 1].Condition)
                throw new InvalidDataException("The conditions of alarms are not in order.");
            alarms._conditions.Add(state);
        }

        return alarms;
    }

    private const byte FormatVersion = 2;

    private int PlaceOf(ConditionId condition)
    {
        int low = 0;
        int high = _conditions.Count - 1;
        while (low <= high)
        {
            int middle = (low + high) >> 1;
            ConditionId found = _conditions[middle].Condition;
            if (found == condition)
                return middle;
            if (found < condition)
                low = middle + 1;
            else
                high = middle - 1;
        }

        return ~low;
    }

    private void ApplyResumed(in AlarmEvent decided)
    {
        _pauses[(int)decided.Pause] = null;
        if (decided.Resumed == ResumeCause.Ordered)
            _orderedMs[(int)decided.Pause] = Math.Min(decided.TimeMs, decided.LogMs);
        if (IsPaused)
            return;
        // What waits for people begins anew when they can see and hear again.
        for (int i = 0; i < _conditions.Count; i++)
        {
            if (_conditions[i].IsOpen)
                _conditions[i] = _conditions[i] with { SignalLogMs = decided.LogMs };
        }
    }

    private void ApplyPhase(in AlarmEvent decided)
    {
        _counters = decided.Suppressed switch
        {
            Suppression.Delay => _counters with { SuppressedByDelay = _counters.SuppressedByDelay + 1 },
            Suppression.Hysteresis => _counters with { SuppressedByHysteresis = _counters.SuppressedByHysteresis + 1 },
            Suppression.Corroboration => _counters with { SuppressedByCorroboration = _counters.SuppressedByCorroboration + 1 },
            _ => _counters,
        };
        int place = PlaceOf(decided.Condition);
        AlarmState? before = place < 0 ? null : _conditions[place];
        if (before is { IsOpen: true })
        {
            bool resumed = before.Phase == AlarmPhase.Suspended && decided.Phase is AlarmPhase.Active or AlarmPhase.Clearing;
            _conditions[place] = before with
            {
                Phase = decided.Phase,
                Presence = decided.Presence,
                SinceMs = decided.TimeMs,
                SinceLogMs = decided.LogMs,
                SignalLogMs = resumed ? decided.LogMs : before.SignalLogMs,
            };
            return;
        }

        if (decided.Phase == AlarmPhase.Quiet)
        {
            Quieten(place, decided);
            return;
        }

        // An onset that goes on with a higher priority keeps its beginning.
        bool goesOn = before is { Phase: AlarmPhase.Pending };
        Put(place, new()
        {
            Condition = decided.Condition,
            Phase = decided.Phase,
            Presence = decided.Presence,
            SinceMs = goesOn ? before!.SinceMs : decided.TimeMs,
            SinceLogMs = goesOn ? before!.SinceLogMs : decided.LogMs,
            Priority = decided.Priority,
            Value = decided.Value,
            Limit = decided.Limit,
            Key = decided.Key,
            Contributors = decided.Contributors ?? [],
            Basis = decided.Basis,
        });
    }

    /// <summary>A condition without alarm is remembered only while it is vetoed, so that the veto is counted once.</summary>
    private void Quieten(int place, in AlarmEvent decided)
    {
        if (decided.Presence == Presence.Vetoed)
            Put(place, new() { Condition = decided.Condition, Presence = Presence.Vetoed, SinceMs = decided.TimeMs, SinceLogMs = decided.LogMs });
        else if (place >= 0)
            _conditions.RemoveAt(place);
    }

    private void Put(int place, AlarmState state)
    {
        if (place >= 0)
            _conditions[place] = state;
        else
            _conditions.Insert(~place, state);
    }

    private AlarmState ApplyBegan(in AlarmEvent decided)
    {
        _counters = decided.IsTechnical ? _counters with { Technical = _counters.Technical + 1 } : _counters with { Physiological = _counters.Physiological + 1 };
        var state = new AlarmState
        {
            Condition = decided.Condition,
            Phase = AlarmPhase.Active,
            Presence = Presence.Present,
            SinceMs = decided.TimeMs,
            SinceLogMs = decided.LogMs,
            Origin = decided.Origin,
            BeganMs = decided.TimeMs,
            BeganLogMs = decided.LogMs,
            Priority = decided.Priority,
            SignalLogMs = decided.LogMs,
            ToldMs = decided.TimeMs,
            Value = decided.Value,
            Limit = decided.Limit,
            Key = decided.Key,
            Contributors = decided.Contributors ?? [],
            Basis = decided.Basis,
        };
        Put(PlaceOf(decided.Condition), state);
        return state;
    }

    private AlarmState ApplyToOpen(in AlarmEvent decided)
    {
        int place = PlaceOf(decided.Condition);
        if (place < 0 || !_conditions[place].IsOpen)
            throw new InvalidDataException($"An event ({decided.Kind}) of {decided.Condition} cannot be applied: no such alarm is open.");
        AlarmState before = _conditions[place];
        AlarmState after = before with { Revision = before.Revision + 1 };
        if (decided.HasEvidence)
        {
            after = after with
            {
                Value = decided.Value,
                Limit = decided.Limit,
                Key = decided.Key,
                Contributors = decided.Contributors ?? [],
                Basis = decided.Basis,
                Priority = decided.Priority,
                ToldMs = decided.TimeMs,
            };
        }

        switch (decided.Kind)
        {
            case AlarmEventKind.PriorityRose:
                after = after with { IsAcknowledged = false, Reminders = 0, SignalLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Escalated:
                after = after with { Priority = decided.Priority, IsEscalated = true, SignalLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Acknowledged:
                after = after with { IsAcknowledged = true, Reminders = 0, SignalLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Reminded:
                after = after with { IsAcknowledged = decided.IsAcknowledged, Reminders = decided.IsAcknowledged ? before.Reminders + 1 : 0, SignalLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Latched:
                after = after with { Phase = AlarmPhase.Latched, Presence = decided.Cause == EndCause.SignalLost ? Presence.Unknown : Presence.Absent, SinceMs = decided.TimeMs, SinceLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Returned:
                after = after with { Phase = AlarmPhase.Active, Presence = Presence.Present, SinceMs = decided.TimeMs, SinceLogMs = decided.LogMs, SignalLogMs = decided.LogMs };
                break;
            case AlarmEventKind.Ended:
                Quieten(place, decided);
                return after;
            default:
                break;
        }

        _conditions[place] = after;
        return after;
    }
}
