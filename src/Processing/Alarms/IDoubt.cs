namespace PhysioActors.Processing.Alarms;

/// <summary>That a condition cannot be told any more.</summary>
/// <param name="Presence"><see cref="Presence.Unknown"/> or <see cref="Presence.Unmeasured"/>.</param>
/// <param name="TimeMs">Event time from which it cannot, milliseconds since 1970 UTC.</param>
public readonly record struct Doubted(Presence Presence, long TimeMs);

/// <summary>Says which conditions cannot be told any more. A struct, so that asking costs no allocation.</summary>
public interface IDoubt
{
    /// <summary>What there is to doubt about a condition.</summary>
    /// <param name="alarm">What is remembered of it: pending, active or clearing.</param>
    /// <returns>Null when it can be told as before.</returns>
    Doubted? About(AlarmState alarm);
}
