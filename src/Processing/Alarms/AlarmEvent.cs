using PhysioActors.Processing.Patients.Events;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Alarms;

/// <summary>What happened to a patient's alarms. The numbers are written to the journal: never reuse one.</summary>
public enum AlarmEventKind : byte
{
    /// <summary>A condition went from one phase to another, without its alarm beginning or ending. Not told.</summary>
    PhaseChanged = 1,

    /// <summary>An alarm began.</summary>
    Began = 2,

    /// <summary>An open alarm's priority rose, by its condition.</summary>
    PriorityRose = 3,

    /// <summary>An open alarm's priority rose, because nobody acknowledged it.</summary>
    Escalated = 4,

    /// <summary>What an open alarm rests on changed.</summary>
    Updated = 5,

    /// <summary>A person acknowledged an alarm.</summary>
    Acknowledged = 6,

    /// <summary>An acknowledged alarm was told again, because its condition lasts.</summary>
    Reminded = 7,

    /// <summary>The condition went; the alarm stays until it is acknowledged.</summary>
    Latched = 8,

    /// <summary>The condition of a latched alarm came back.</summary>
    Returned = 9,

    /// <summary>An alarm ended.</summary>
    Ended = 10,

    /// <summary>A pause began: of sound, or of alarms altogether.</summary>
    Paused = 11,

    /// <summary>A pause ended.</summary>
    Resumed = 12,
}

/// <summary>Where a condition stands. The numbers are written to the journal.</summary>
public enum AlarmPhase : byte
{
    /// <summary>Nothing.</summary>
    Quiet = 0,

    /// <summary>The condition is there, the onset delay is not over.</summary>
    Pending = 1,

    /// <summary>The alarm is open, the condition is there.</summary>
    Active = 2,

    /// <summary>The alarm is open, the condition is gone, the clearing delay is not over.</summary>
    Clearing = 3,

    /// <summary>The alarm is open, whether the condition is there cannot be told.</summary>
    Suspended = 4,

    /// <summary>The alarm is open, the condition is gone, nobody has acknowledged it.</summary>
    Latched = 5,
}

/// <summary>What kept an alarm from beginning. The numbers are written to the journal.</summary>
public enum Suppression : byte
{
    /// <summary>Nothing was kept back.</summary>
    None = 0,

    /// <summary>The condition went before the onset delay was over, or came back before the clearing delay was.</summary>
    Delay = 1,

    /// <summary>The value came back beyond its limit without having recovered by the hysteresis.</summary>
    Hysteresis = 2,

    /// <summary>Another signal spoke against it.</summary>
    Corroboration = 3,
}

/// <summary>Why an alarm ended. The numbers are written to the journal.</summary>
public enum EndCause : byte
{
    /// <summary>Its condition went.</summary>
    Cleared = 1,

    /// <summary>Its condition could not be told for too long; a technical alarm says why.</summary>
    SignalLost = 2,

    /// <summary>It was latched, and a person acknowledged it.</summary>
    Acknowledged = 3,

    /// <summary>The patient's encounter ended.</summary>
    Discharged = 4,

    /// <summary>It does not apply to the patient, who is under 16 years.</summary>
    TooYoung = 5,

    /// <summary>It does not apply to the patient, who is pregnant.</summary>
    Pregnancy = 6,
}

/// <summary>What is paused. The numbers are written to the journal.</summary>
public enum PauseKind : byte
{
    /// <summary>Sound alone.</summary>
    Audio = 0,

    /// <summary>Sound and sight.</summary>
    Alarms = 1,
}

/// <summary>Why a pause ended. The numbers are written to the journal.</summary>
public enum ResumeCause : byte
{
    /// <summary>Its time was over.</summary>
    Expired = 1,

    /// <summary>A person asked for it.</summary>
    Ordered = 2,

    /// <summary>An alarm of a higher rank than those that were paused.</summary>
    Broken = 3,

    /// <summary>The patient's encounter ended.</summary>
    Discharged = 4,
}

/// <summary>
/// A fact about a patient's alarms. Which fields a kind has, stands with each; others are default. It holds all that was decided with configuration, so that it can be applied without.
/// </summary>
public readonly record struct AlarmEvent
{
    private const int MaximumTextBytes = 4096;

    /// <summary>Set in the byte of the kind when the cause of a latching follows. What was written before there was one lacks it, as what has just gone does.</summary>
    private const int CauseFollows = 0x80;

    /// <summary>What happened.</summary>
    public AlarmEventKind Kind { get; init; }

    /// <summary>The condition; of pauses <see cref="ConditionId.None"/>.</summary>
    public ConditionId Condition { get; init; }

    /// <summary>Event time at which it happened, exact where a delay ended: milliseconds since 1970 UTC.</summary>
    public long TimeMs { get; init; }

    /// <summary>Log time at which it happened, exact where a deadline passed: milliseconds since 1970 UTC. Not later than the record that brought it to light.</summary>
    public long LogMs { get; init; }

    /// <summary>The phase from now on; of changes of phase.</summary>
    public AlarmPhase Phase { get; init; }

    /// <summary>How the condition stands; of changes of phase and ends.</summary>
    public Presence Presence { get; init; }

    /// <summary>What was kept back by this; of changes of phase.</summary>
    public Suppression Suppressed { get; init; }

    /// <summary>The priority from now on; of what has evidence, and of escalations.</summary>
    public AnomalySeverity Priority { get; init; }

    /// <summary>True for a technical condition; of beginnings.</summary>
    public bool IsTechnical { get; init; }

    /// <summary>Where the alarm or pause began; of beginnings and of pauses.</summary>
    public AlarmOrigin Origin { get; init; }

    /// <summary>The deciding value; of what has evidence.</summary>
    public double Value { get; init; }

    /// <summary>The limit in force; of what has evidence.</summary>
    public double Limit { get; init; }

    /// <summary>The key of the evidence; of what has evidence.</summary>
    public long Key { get; init; }

    /// <summary>What contributes; of what has evidence. Never null there.</summary>
    public IReadOnlyList<Contributor>? Contributors { get; init; }

    /// <summary>What limit and score rest on; of what has evidence.</summary>
    public AlarmBasis Basis { get; init; }

    /// <summary>Whether the acknowledgement stands after it; of reminders.</summary>
    public bool IsAcknowledged { get; init; }

    /// <summary>Why the alarm ended; of ends, and of what latched for another reason than that its condition went.</summary>
    public EndCause Cause { get; init; }

    /// <summary>What is paused; of pauses and resumptions.</summary>
    public PauseKind Pause { get; init; }

    /// <summary>Log time at which the pause ends by itself; of pauses.</summary>
    public long UntilMs { get; init; }

    /// <summary>The rank above which an alarm breaks the pause; of pauses.</summary>
    public int Rank { get; init; }

    /// <summary>Why the pause ended; of resumptions.</summary>
    public ResumeCause Resumed { get; init; }

    /// <summary>Who; of acknowledgements, pauses and ordered resumptions, else null or empty.</summary>
    public string? By { get; init; }

    /// <summary>Why; as <see cref="By"/>.</summary>
    public string? Reason { get; init; }

    /// <summary>True when the event is told to the outside; false for mere changes of phase.</summary>
    public bool IsTold => Kind != AlarmEventKind.PhaseChanged;

    /// <summary>True when value, limit, key, contributors and basis belong to it.</summary>
    public bool HasEvidence => Kind is AlarmEventKind.Began or AlarmEventKind.PriorityRose or AlarmEventKind.Updated or AlarmEventKind.Returned
        || (Kind == AlarmEventKind.PhaseChanged && Phase == AlarmPhase.Pending);

    /// <summary>Writes the event.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        bool hasCause = Kind == AlarmEventKind.Latched && Cause != default;
        writer.Byte((byte)((int)Kind | (hasCause ? CauseFollows : 0)));
        writer.Signed(TimeMs);
        writer.Signed(LogMs);
        if (Kind is AlarmEventKind.Paused or AlarmEventKind.Resumed)
        {
            EncodePause(writer);
            return;
        }

        writer.Byte((byte)Condition);
        if (hasCause)
            writer.Byte((byte)Cause);
        switch (Kind)
        {
            case AlarmEventKind.PhaseChanged:
                writer.Byte((byte)Phase);
                writer.Byte((byte)Presence);
                writer.Byte((byte)Suppressed);
                break;
            case AlarmEventKind.Began:
                writer.Boolean(IsTechnical);
                Origin.Encode(writer);
                break;
            case AlarmEventKind.Escalated:
                writer.Byte((byte)Priority);
                break;
            case AlarmEventKind.Acknowledged:
                writer.Text(By);
                writer.Text(Reason);
                break;
            case AlarmEventKind.Reminded:
                writer.Boolean(IsAcknowledged);
                break;
            case AlarmEventKind.Ended:
                writer.Byte((byte)Cause);
                writer.Byte((byte)Presence);
                break;
            default:
                break;
        }

        if (!HasEvidence)
            return;
        Basis.EncodePriority(writer, Priority);
        writer.Double(Value);
        writer.Double(Limit);
        writer.Signed(Key);
        ContributorCodec.Encode(writer, Contributors!);
        Basis.Encode(writer);
    }

    /// <summary>Reads an event.</summary>
    /// <exception cref="InvalidDataException">The bytes are not an event that this program knows.</exception>
    public static AlarmEvent Decode(ref PayloadReader reader)
    {
        int first = reader.Byte();
        var kind = (AlarmEventKind)(first & ~CauseFollows);
        bool hasCause = first != (int)kind;
        if (kind is < AlarmEventKind.PhaseChanged or > AlarmEventKind.Resumed || (hasCause && kind != AlarmEventKind.Latched))
            throw new InvalidDataException($"{first} is no kind of event of alarms that this program knows.");
        var decoded = new AlarmEvent { Kind = kind, TimeMs = reader.Signed(), LogMs = reader.Signed() };
        if (kind is AlarmEventKind.Paused or AlarmEventKind.Resumed)
            return DecodePause(decoded, ref reader);
        decoded = decoded with { Condition = DecodeCondition(ref reader), Cause = hasCause ? (EndCause)reader.Byte() : default };
        decoded = kind switch
        {
            AlarmEventKind.PhaseChanged => decoded with { Phase = (AlarmPhase)reader.Byte(), Presence = (Presence)reader.Byte(), Suppressed = (Suppression)reader.Byte() },
            AlarmEventKind.Began => decoded with { IsTechnical = reader.Boolean(), Origin = AlarmOrigin.Decode(ref reader) },
            AlarmEventKind.Escalated => decoded with { Priority = (AnomalySeverity)reader.Byte() },
            AlarmEventKind.Acknowledged => decoded with { By = DecodeText(ref reader), Reason = DecodeText(ref reader) },
            AlarmEventKind.Reminded => decoded with { IsAcknowledged = reader.Boolean() },
            AlarmEventKind.Ended => decoded with { Cause = (EndCause)reader.Byte(), Presence = (Presence)reader.Byte() },
            _ => decoded,
        };
        if (!decoded.HasEvidence)
            return decoded;
        return decoded with
        {
            Priority = AlarmBasis.DecodePriority(ref reader, out bool hasBasis),
            Value = reader.Double(),
            Limit = reader.Double(),
            Key = reader.Signed(),
            Contributors = ContributorCodec.Decode(ref reader),
            Basis = hasBasis ? AlarmBasis.Decode(ref reader) : default,
        };
    }

    internal static ConditionId DecodeCondition(ref PayloadReader reader)
    {
        int number = reader.Byte();
        return AlarmConditions.IsKnown(number) ? (ConditionId)number : throw new InvalidDataException($"{number} is the number of no condition that this program knows.");
    }

    internal static string DecodeText(ref PayloadReader reader)
    {
        ReadOnlySpan<byte> text = reader.Raw(reader.Count(MaximumTextBytes));
        return System.Text.Encoding.UTF8.GetString(text);
    }

    private void EncodePause(PayloadWriter writer)
    {
        writer.Byte((byte)Pause);
        if (Kind == AlarmEventKind.Paused)
        {
            writer.Signed(UntilMs);
            writer.Byte((byte)Rank);
            Origin.Encode(writer);
        }
        else
        {
            writer.Byte((byte)Resumed);
        }

        writer.Text(By);
        writer.Text(Reason);
    }

    private static AlarmEvent DecodePause(AlarmEvent decoded, ref PayloadReader reader)
    {
        decoded = decoded with { Pause = (PauseKind)reader.Byte() };
        if (decoded.Pause > PauseKind.Alarms)
            throw new InvalidDataException($"{(byte)decoded.Pause} is no kind of pause.");
        decoded = decoded.Kind == AlarmEventKind.Paused
            ? decoded with { UntilMs = reader.Signed(), Rank = reader.Byte(), Origin = AlarmOrigin.Decode(ref reader) }
            : decoded with { Resumed = (ResumeCause)reader.Byte() };
        return decoded with { By = DecodeText(ref reader), Reason = DecodeText(ref reader) };
    }
}
