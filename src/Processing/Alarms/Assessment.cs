using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Alarms;

/// <summary>How a condition stands. The numbers are written to the journal.</summary>
public enum Presence : byte
{
    /// <summary>It cannot be told, as with the sensor off. Never taken for a value of 0, and never for absence.</summary>
    Unknown = 0,

    /// <summary>It is not there.</summary>
    Absent = 1,

    /// <summary>Within the hysteresis: not enough to begin an alarm, too much to end one.</summary>
    Near = 2,

    /// <summary>It is there.</summary>
    Present = 3,

    /// <summary>Its own signal shows it, but another good one speaks against it: counts as absent, and is counted.</summary>
    Vetoed = 4,

    /// <summary>It was measured now and then, and nobody has measured it again: what was measured last is all that is known, and stands until somebody does.</summary>
    Unmeasured = 5,
}

/// <summary>How a condition was found to stand, with what that rests on.</summary>
/// <param name="Condition">The condition.</param>
/// <param name="Presence">How it stands.</param>
/// <param name="Priority">How urgent it is; counts when it is present.</param>
/// <param name="Value">The deciding value: of a limit the reading, of a score the points; NaN when there is none. A condition that cannot be told can have one, as a score that is a lower bound: an open alarm tells it.</param>
/// <param name="Limit">The limit or threshold in force; NaN when there is none.</param>
/// <param name="Key">Changes when the alarm should be told again for what it rests on, as the points of a score; at most once in <see cref="AlarmTiming.UpdateMs"/>.</param>
/// <param name="Contributors">What contributes, most first; null for the condition's own signal with <paramref name="Value"/> and its distance from <paramref name="Limit"/>. At most 16.</param>
public readonly record struct Assessment(
    ConditionId Condition, Presence Presence, AnomalySeverity Priority, double Value, double Limit, long Key, IReadOnlyList<Contributor>? Contributors)
{
    /// <summary>What limit and score rest on.</summary>
    public AlarmBasis Basis { get; init; }

    /// <summary>Whether another key is told at once, however short ago the last telling was: a person has changed what the condition rests on.</summary>
    public bool IsTellingAtOnce { get; init; }

    /// <summary>Of a condition that is absent since nobody may ask for it any more: why. An open alarm ends at once, with this cause; default where the condition just went.</summary>
    public EndCause Ends { get; init; }

    /// <summary>A condition about which nothing more is to be said than how it stands.</summary>
    public static Assessment Of(ConditionId condition, Presence presence) => new(condition, presence, AlarmConditions.Get(condition).Priority, double.NaN, double.NaN, 0, null);
}
