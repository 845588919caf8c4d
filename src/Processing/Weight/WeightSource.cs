using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Weight;

/// <summary>Who weighed, and with what: it decides how far a single weighing scatters. The numbers are written to states: never reuse one.</summary>
public enum WeightSource : byte
{
    /// <summary>The care team on its own scale, by protocol: same hour, light clothes.</summary>
    CareTeam = 1,

    /// <summary>A scale in a clinic or practice: verified, but clothed and at any hour.</summary>
    ClinicScale = 2,

    /// <summary>The patient's own scale, its value transferred by the device.</summary>
    PatientScale = 3,

    /// <summary>Typed in by a person: read off, remembered, rounded.</summary>
    Manual = 4,
}

/// <summary>The unit in which a weight was written down before it was converted: slips of the pen happen in the digits of that unit.</summary>
public enum WeightUnit : byte
{
    /// <summary>Kilograms.</summary>
    Kilogram = 0,

    /// <summary>Pounds (avoirdupois).</summary>
    Pound = 1,
}

/// <summary>How the words of the observation contract translate.</summary>
public static class WeightSources
{
    /// <summary>
    /// The source of a weight as the contract tells it. A monitor that reports a weight has a bed scale; a spot check, a wearable and 'not said' are
    /// the patient's own scale.
    /// </summary>
    /// <exception cref="ArgumentOutOfRangeException">The source is not one of the contract's.</exception>
    public static WeightSource Of(ReadingSource source) => source switch
    {
        ReadingSource.CareTeam => WeightSource.CareTeam,
        ReadingSource.Monitor => WeightSource.ClinicScale,
        ReadingSource.Manual => WeightSource.Manual,
        ReadingSource.Unspecified or ReadingSource.Wearable or ReadingSource.SpotCheck => WeightSource.PatientScale,
        _ => throw new ArgumentOutOfRangeException(nameof(source), source, "Not a source of the observation contract."),
    };
}
