using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>What the device says of a reading. The numbers are written to the journal.</summary>
public enum ReadingQuality : byte
{
    /// <summary>Good.</summary>
    Ok = 0,

    /// <summary>Usable with care; the filter trusts it less.</summary>
    Questionable = 1,

    /// <summary>The sensor is off the patient; the value, if any, is not used.</summary>
    SensorOff = 2,

    /// <summary>The sensor is being calibrated or zeroed; not used.</summary>
    Calibrating = 3,

    /// <summary>A test signal; not used.</summary>
    Test = 4,
}

/// <summary>How a reading was obtained, as far as it changes its measurement noise. The numbers are written to the journal.</summary>
public enum ReadingSource : byte
{
    /// <summary>Not said: the usual source of the code.</summary>
    Unspecified = 0,

    /// <summary>A bedside monitor.</summary>
    Monitor = 1,

    /// <summary>A wearable sensor.</summary>
    Wearable = 2,

    /// <summary>Entered by hand.</summary>
    Manual = 3,

    /// <summary>A spot-check device.</summary>
    SpotCheck = 4,

    /// <summary>The care team measured by its protocol, as it weighs patients: more exact than what is typed in from memory.</summary>
    CareTeam = 5,
}

/// <summary>One good reading of an observation, its value quantised to the code's resolution.</summary>
/// <param name="Code">What was measured.</param>
/// <param name="HasValue">False when the device gave a reason for absence in place of a value; <paramref name="Steps"/> is then 0.</param>
/// <param name="Steps">The value in steps of the code's resolution above the code's lowest possible value: 0 to 65,535.</param>
/// <param name="TimeMs">When it was measured, in milliseconds since 1970 UTC (the observation's time unless the reading has its own).</param>
/// <param name="Quality">What the device says of it.</param>
/// <param name="Source">How it was obtained.</param>
public readonly record struct Reading(SignalCode Code, bool HasValue, ushort Steps, long TimeMs, ReadingQuality Quality, ReadingSource Source)
{
    /// <summary>True when the value may be filtered, windowed and judged.</summary>
    public bool IsUsable => HasValue && Quality <= ReadingQuality.Questionable;
}
