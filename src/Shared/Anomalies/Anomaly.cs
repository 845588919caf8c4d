using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Anomalies;

/// <summary>What kind of condition an anomaly is. The numbers are written to the journal.</summary>
public enum AnomalyKind : byte
{
    /// <summary>The model's score stayed above the patient's threshold.</summary>
    Model = 1,

    /// <summary>A clinical rule was broken; <see cref="AnomalyMessage.Rule"/> names it.</summary>
    Rule = 2,

    /// <summary>Nothing came from the patient's devices for too long.</summary>
    NoData = 3,

    /// <summary>A score of several signals, as NEWS2; <see cref="AnomalyMessage.Rule"/> names it.</summary>
    Score = 4,

    /// <summary>A rhythm of the heart; <see cref="AnomalyMessage.Rule"/> names it.</summary>
    Rhythm = 5,

    /// <summary>Nothing about the patient, but about how he is measured, as a sensor that is off; <see cref="AnomalyMessage.Rule"/> names it.</summary>
    Technical = 6,

    /// <summary>A person has paused the patient's alarms, so that other messages do not sound or are not shown; <see cref="AnomalyMessage.Rule"/> says what is paused, <c>audio</c> or <c>alarms</c>.</summary>
    Pause = 7,
}

/// <summary>What an update is about.</summary>
public enum AnomalyChange : byte
{
    /// <summary>Nothing in particular: a message that is no update.</summary>
    None = 0,

    /// <summary>What it rests on.</summary>
    Evidence = 1,

    /// <summary>It became more urgent by its condition.</summary>
    Severity = 2,

    /// <summary>It became more urgent because nobody acknowledged it.</summary>
    Escalated = 3,

    /// <summary>It was acknowledged, and lasts.</summary>
    Reminder = 4,

    /// <summary>Its condition went; it stays until a person has seen it.</summary>
    Latched = 5,

    /// <summary>Its condition came back.</summary>
    Returned = 6,

    /// <summary>It will end at another time: of a pause.</summary>
    End = 7,
}

/// <summary>Whether an anomaly's alarm can be heard and seen. The numbers are those of the protobuf form.</summary>
public enum AlarmSound : byte
{
    /// <summary>Not told: a message of a time before there were alarms.</summary>
    Unspecified = 0,

    /// <summary>It sounds and is shown.</summary>
    On = 1,

    /// <summary>A person has acknowledged it: it is shown.</summary>
    Acknowledged = 2,

    /// <summary>Sound is paused: it is shown.</summary>
    AudioPaused = 3,

    /// <summary>Alarms are paused: it is listed alone.</summary>
    AlarmsPaused = 4,
}

/// <summary>Why an anomaly was cleared, or latched. The numbers are those of the protobuf form.</summary>
public enum AnomalyReason : byte
{
    /// <summary>Not told: a message that is neither, or of a time before this was told.</summary>
    None = 0,

    /// <summary>Its condition went.</summary>
    Over = 1,

    /// <summary>Its condition could not be told for too long: a signal, or everything, stopped, or nobody measured again.</summary>
    Unknown = 2,

    /// <summary>It was latched, and a person acknowledged it.</summary>
    Acknowledged = 3,

    /// <summary>The patient's encounter ended.</summary>
    Discharged = 4,

    /// <summary>It does not apply to the patient, who is under 16 years.</summary>
    Under16 = 5,

    /// <summary>It does not apply to the patient, who is pregnant.</summary>
    Pregnancy = 6,

    /// <summary>Of a pause: its time was over.</summary>
    Expired = 7,

    /// <summary>Of a pause: a person ended it.</summary>
    Resumed = 8,

    /// <summary>Of a pause: a more urgent alarm began.</summary>
    Broken = 9,
}

/// <summary>Where the limit of an alarm comes from. The numbers are written to the journal, and are those of the protobuf form.</summary>
public enum LimitOrigin : byte
{
    /// <summary>Not told: the alarm is about no limit, or is of a time before this was told.</summary>
    None = 0,

    /// <summary>The standard limit of the patient's age class.</summary>
    Default = 1,

    /// <summary>The unit's configuration, where it differs from the standard.</summary>
    Configuration = 2,

    /// <summary>The patient's own limits, which a person ordered.</summary>
    Order = 3,
}

/// <summary>How urgent an anomaly is. The numbers are written to the journal and order the severities.</summary>
public enum AnomalySeverity : byte
{
    /// <summary>To be looked at.</summary>
    Low = 1,

    /// <summary>Prompt attention.</summary>
    Medium = 2,

    /// <summary>Immediate attention.</summary>
    High = 3,
}

/// <summary>Where an anomaly is in its life. The numbers are written to the journal.</summary>
public enum AnomalyState : byte
{
    /// <summary>It began.</summary>
    Raised = 1,

    /// <summary>Its severity or its contributors changed.</summary>
    Updated = 2,

    /// <summary>It ended.</summary>
    Cleared = 3,

    /// <summary>A person has seen it.</summary>
    Acknowledged = 4,
}

/// <summary>A signal's part in an anomaly.</summary>
/// <param name="Code">The signal.</param>
/// <param name="Feature">What about it: <c>value</c> for a rule; for the model the name of the feature, as <c>slope10m</c>.</param>
/// <param name="Value">The value in the code's unit (per minute for slopes).</param>
/// <param name="Contribution">How much it contributed: for a rule the distance beyond the limit in the code's unit; for the model the share of the score's excess that is lost when the feature is put to the model's median, 0 to 1.</param>
public readonly record struct Contributor(SignalCode Code, string Feature, double Value, double Contribution);

/// <summary>One message of the anomaly topic: an anomaly was raised, updated, cleared or acknowledged.</summary>
/// <param name="EventId">Deterministic: <c>patient/sequence/ordinal</c>. The same event always has the same id, so that a reader can drop repeats.</param>
/// <param name="AnomalyId">The episode: the event id of its first message.</param>
/// <param name="Revision">0 when raised, one more with every later message of the episode.</param>
/// <param name="Patient">The patient as <c>namespace:id</c>.</param>
/// <param name="Encounter">The encounter; null when none was named.</param>
/// <param name="EventTimeMs">Event time of the deciding observation, milliseconds since 1970 UTC.</param>
/// <param name="DetectedAtMs">Kafka timestamp of the deciding record, milliseconds since 1970 UTC.</param>
/// <param name="Kind">What kind of condition.</param>
/// <param name="Severity">How urgent.</param>
/// <param name="State">Where it is in its life.</param>
/// <param name="Rule">The condition's name, as <c>hr-high</c> or <c>asystole</c>; null for the model and for no data.</param>
/// <param name="Score">The model's score, 0 to 1, or the points of a clinical score; null for other kinds.</param>
/// <param name="Threshold">The threshold in force: of the score, or the rule's limit; null where there is none.</param>
/// <param name="Contributors">The contributing signals and by how much, most first.</param>
/// <param name="ModelVersion">The version of the model that scored; null for other kinds.</param>
public sealed record AnomalyMessage(
    string EventId,
    string AnomalyId,
    int Revision,
    string Patient,
    string? Encounter,
    long EventTimeMs,
    long DetectedAtMs,
    AnomalyKind Kind,
    AnomalySeverity Severity,
    AnomalyState State,
    string? Rule,
    double? Score,
    double? Threshold,
    IReadOnlyList<Contributor> Contributors,
    string? ModelVersion)
{
    /// <summary>What an update is about.</summary>
    public AnomalyChange Change { get; init; }

    /// <summary>Why it was cleared, or latched.</summary>
    public AnomalyReason Reason { get; init; }

    /// <summary>True while the alarm stays although its condition has gone.</summary>
    public bool IsLatched { get; init; }

    /// <summary>Whether the alarm can be heard and seen.</summary>
    public AlarmSound Sound { get; init; }

    /// <summary>Where the limit comes from, or the heart rate limit that an extreme rate follows from; of limits and of rhythms that depend on age, in messages that have a <see cref="Threshold"/>.</summary>
    public LimitOrigin LimitOrigin { get; init; }

    /// <summary>The age class that was reckoned with: of limits, rhythms that depend on age, and clinical scores, in messages that tell what they rest on; else <see cref="AgeClass.Unknown"/>.</summary>
    public AgeClass AgeClass { get; init; }

    /// <summary>True when the age is not known, and an adult's was assumed.</summary>
    public bool IsAgeAssumed { get; init; }

    /// <summary>What a score of NEWS2 is made of, in messages that have a <see cref="Score"/>; null for all else.</summary>
    public News2Detail? News2 { get; init; }

    /// <summary>When it ends by itself, milliseconds since 1970 UTC in the log's time: of a pause; else null.</summary>
    public long? UntilMs { get; init; }
}
