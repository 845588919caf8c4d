using PhysioActors.Processing.Patients.Events;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Alarms;

/// <summary>What is remembered of one condition of one patient. Never changed: an event makes a new one.</summary>
public sealed record AlarmState
{
    /// <summary>The condition.</summary>
    public ConditionId Condition { get; init; }

    /// <summary>Where it stands.</summary>
    public AlarmPhase Phase { get; init; }

    /// <summary>How the condition was last found to stand, as far as that matters: near and vetoed are remembered.</summary>
    public Presence Presence { get; init; }

    /// <summary>Event time since which the phase lasts; of an alarm that is open since its last change of phase.</summary>
    public long SinceMs { get; init; }

    /// <summary>Log time since which the phase lasts.</summary>
    public long SinceLogMs { get; init; }

    /// <summary>True when an alarm is open.</summary>
    public bool IsOpen => Phase >= AlarmPhase.Active;

    /// <summary>Where the alarm began.</summary>
    public AlarmOrigin Origin { get; init; }

    /// <summary>Event time at which the alarm began.</summary>
    public long BeganMs { get; init; }

    /// <summary>Log time at which the alarm began.</summary>
    public long BeganLogMs { get; init; }

    /// <summary>The priority: the worst since the alarm began, and raised by escalation.</summary>
    public AnomalySeverity Priority { get; init; }

    /// <summary>True when the alarm was escalated.</summary>
    public bool IsEscalated { get; init; }

    /// <summary>True when a person has acknowledged it, and it has not become more urgent since.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>Log time from which escalation and reminders are reckoned.</summary>
    public long SignalLogMs { get; init; }

    /// <summary>How many reminders came since the acknowledgement.</summary>
    public int Reminders { get; init; }

    /// <summary>Event time at which what the alarm rests on was last told.</summary>
    public long ToldMs { get; init; }

    /// <summary>How many events of the alarm were told after its first.</summary>
    public int Revision { get; init; }

    /// <summary>The deciding value last told.</summary>
    public double Value { get; init; }

    /// <summary>The limit last told.</summary>
    public double Limit { get; init; }

    /// <summary>The key of the evidence last told.</summary>
    public long Key { get; init; }

    /// <summary>The contributors last told.</summary>
    public IReadOnlyList<Contributor> Contributors { get; init; } = [];

    /// <summary>What limit and score last told rest on.</summary>
    public AlarmBasis Basis { get; init; }

    /// <summary>What the priority is worth against a pause: the priority's number, and one more for a lethal condition.</summary>
    public int Rank => AlarmRank.Of(Condition, Priority);

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Condition);
        writer.Byte((byte)Phase);
        writer.Byte((byte)Presence);
        writer.Signed(SinceMs);
        writer.Signed(SinceLogMs);
        if (Phase == AlarmPhase.Quiet)
            return;
        Basis.EncodePriority(writer, Priority);
        writer.Double(Value);
        writer.Double(Limit);
        writer.Signed(Key);
        ContributorCodec.Encode(writer, Contributors);
        Basis.Encode(writer);
        if (!IsOpen)
            return;
        Origin.Encode(writer);
        writer.Signed(BeganMs);
        writer.Signed(BeganLogMs);
        writer.Byte((byte)((IsEscalated ? 1 : 0) | (IsAcknowledged ? 2 : 0)));
        writer.Signed(SignalLogMs);
        writer.Unsigned((ulong)Reminders);
        writer.Signed(ToldMs);
        writer.Unsigned((ulong)Revision);
    }

    internal static AlarmState Decode(ref PayloadReader reader)
    {
        var state = new AlarmState
        {
            Condition = AlarmEvent.DecodeCondition(ref reader),
            Phase = (AlarmPhase)reader.Byte(),
            Presence = (Presence)reader.Byte(),
            SinceMs = reader.Signed(),
            SinceLogMs = reader.Signed(),
        };
        if (state.Phase > AlarmPhase.Latched || state.Presence > Presence.Unmeasured)
            throw new InvalidDataException($"The state of {state.Condition} has a phase or presence that this program does not know.");
        if (state.Phase == AlarmPhase.Quiet)
            return state;
        state = state with
        {
            Priority = AlarmBasis.DecodePriority(ref reader, out bool hasBasis),
            Value = reader.Double(),
            Limit = reader.Double(),
            Key = reader.Signed(),
            Contributors = ContributorCodec.Decode(ref reader),
            Basis = hasBasis ? AlarmBasis.Decode(ref reader) : default,
        };
        if (!state.IsOpen)
            return state;
        state = state with { Origin = AlarmOrigin.Decode(ref reader), BeganMs = reader.Signed(), BeganLogMs = reader.Signed() };
        int flags = reader.Byte();
        if (flags > 3)
            throw new InvalidDataException($"The state of {state.Condition} has flags that this program does not know.");
        return state with
        {
            IsEscalated = (flags & 1) != 0,
            IsAcknowledged = (flags & 2) != 0,
            SignalLogMs = reader.Signed(),
            Reminders = reader.Count(int.MaxValue),
            ToldMs = reader.Signed(),
            Revision = reader.Count(int.MaxValue),
        };
    }
}

/// <summary>How alarms compare where one breaks the pause of others.</summary>
internal static class AlarmRank
{
    /// <summary>A pause that was asked for while nothing was open, as before a suction: it holds for low and medium priority.</summary>
    internal const int OfNothing = (int)AnomalySeverity.Medium;

    /// <summary>Of an alarm that begins, or comes back: a lethal one breaks every pause, as nobody who asked for it has seen this one.</summary>
    internal static int OfNew(ConditionId condition, AnomalySeverity priority) => AlarmConditions.Get(condition).IsLethal ? int.MaxValue : Of(condition, priority);

    internal static int Of(ConditionId condition, AnomalySeverity priority) => (int)priority + (AlarmConditions.Get(condition).IsLethal ? 1 : 0);
}

/// <summary>A pause that is in force.</summary>
/// <param name="Kind">What is paused.</param>
/// <param name="UntilMs">Log time at which it ends by itself, milliseconds since 1970 UTC.</param>
/// <param name="Rank">The rank above which an alarm breaks it.</param>
/// <param name="By">Who asked for it.</param>
/// <param name="Origin">Where it began: its id in messages.</param>
/// <param name="Revision">How often it was prolonged or shortened since.</param>
public sealed record AlarmPauseState(PauseKind Kind, long UntilMs, int Rank, string By, AlarmOrigin Origin, int Revision);

/// <summary>How many alarms a patient had, and how many were kept back.</summary>
/// <param name="Physiological">Alarms that began, technical ones aside.</param>
/// <param name="Technical">Technical alarms that began.</param>
/// <param name="SuppressedByDelay">Alarms that a delay kept back.</param>
/// <param name="SuppressedByHysteresis">Alarms that hysteresis kept back.</param>
/// <param name="SuppressedByCorroboration">Alarms that another signal spoke against.</param>
public readonly record struct AlarmCounters(long Physiological, long Technical, long SuppressedByDelay, long SuppressedByHysteresis, long SuppressedByCorroboration);
