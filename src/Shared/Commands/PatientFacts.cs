namespace PhysioActors.Shared.Commands;

/// <summary>
/// How old a patient is, as far as limits and scores tell ages apart. The bounds are completed days and years of life. The numbers are those of the protobuf form, and are written to the journal.
/// </summary>
public enum AgeClass : byte
{
    /// <summary>Not known.</summary>
    Unknown = 0,

    /// <summary>Under 28 days.</summary>
    Neonate = 1,

    /// <summary>28 days to under 1 year.</summary>
    Infant = 2,

    /// <summary>1 to under 3 years.</summary>
    Toddler = 3,

    /// <summary>3 to under 6 years.</summary>
    Preschool = 4,

    /// <summary>6 to under 12 years.</summary>
    School = 5,

    /// <summary>12 to under 16 years.</summary>
    Adolescent = 6,

    /// <summary>16 years and more: the age from which NEWS2 applies.</summary>
    Adult = 7,
}

/// <summary>What a patient breathes. The numbers are those of the protobuf form, and are written to the journal.</summary>
public enum OxygenStatus : byte
{
    /// <summary>Not known; never taken for air.</summary>
    Unknown = 0,

    /// <summary>Room air.</summary>
    Air = 1,

    /// <summary>Any supplemental oxygen.</summary>
    Oxygen = 2,
}

/// <summary>Level of consciousness on the ACVPU scale. The numbers are those of the protobuf form, and are written to the journal.</summary>
public enum Consciousness : byte
{
    /// <summary>Not known; never taken for alert.</summary>
    Unknown = 0,

    /// <summary>Alert.</summary>
    Alert = 1,

    /// <summary>New confusion.</summary>
    Confusion = 2,

    /// <summary>Responds to voice.</summary>
    Voice = 3,

    /// <summary>Responds to pain.</summary>
    Pain = 4,

    /// <summary>Unresponsive.</summary>
    Unresponsive = 5,
}
