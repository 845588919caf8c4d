namespace PhysioActors.Ingest.Simulation;

/// <summary>What happens to a simulated patient. The names in label files are the lower-case words of <see cref="EpisodeNames"/>.</summary>
public enum EpisodeKind
{
    /// <summary>Infection: over hours temperature, heart and breathing rate rise, pressure falls.</summary>
    Sepsis,

    /// <summary>Bleeding: heart rate rises, pressure and pulse pressure fall.</summary>
    Haemorrhage,

    /// <summary>Too little oxygen: saturation falls, breathing and heart rate rise.</summary>
    Hypoxia,

    /// <summary>The heart rate jumps up or down within seconds.</summary>
    Arrhythmia,

    /// <summary>Breathing suppressed by an opioid: breathing rate falls, end-tidal carbon dioxide rises, saturation falls later.</summary>
    OpioidDepression,

    /// <summary>A sensor lost its patient: no values, or values marked as such. A technical episode, nothing is wrong with the patient.</summary>
    SensorOff,
}

/// <summary>The truth about a simulated episode, for evaluation.</summary>
/// <param name="Patient">The patient as <c>namespace:id</c>.</param>
/// <param name="Kind">What happened.</param>
/// <param name="Detail">Which variant: <c>tachycardia</c> or <c>bradycardia</c>, the sensor that is off; empty for the others.</param>
/// <param name="StartMs">Event time at which it begins, milliseconds since 1970 UTC.</param>
/// <param name="EndMs">Event time at which it is over, milliseconds since 1970 UTC; not after the end of the simulation.</param>
/// <param name="Severity">How bad it gets, 0 to 1.</param>
public sealed record EpisodeLabel(string Patient, EpisodeKind Kind, string Detail, long StartMs, long EndMs, double Severity);

/// <summary>The words for the kinds of episodes in label files.</summary>
public static class EpisodeNames
{
    /// <summary>The word for a kind.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such kind.</exception>
    public static string Of(EpisodeKind kind) => kind switch
    {
        EpisodeKind.Sepsis => "sepsis",
        EpisodeKind.Haemorrhage => "haemorrhage",
        EpisodeKind.Hypoxia => "hypoxia",
        EpisodeKind.Arrhythmia => "arrhythmia",
        EpisodeKind.OpioidDepression => "opioid-depression",
        EpisodeKind.SensorOff => "sensor-off",
        _ => throw new ArgumentOutOfRangeException(nameof(kind), kind, "No such kind of episode."),
    };
}
