namespace PhysioActors.Processing.Patients;

/// <summary>
/// The version of everything that <c>Apply</c> computes: filter arithmetic and its constants, windows, the patient's score distribution, dedup.
/// A change in any of it is a new version, and takes patients over with <see cref="Events.Rebased"/>.
/// </summary>
public static class LogicVersion
{
    /// <summary>The version this program folds with.</summary>
    public const int Current = 4;

    /// <summary>The version of the binary forms of entries and snapshots.</summary>
    public const byte Format = 1;

    /// <summary>The key id of payloads in the clear.</summary>
    public const byte ClearKey = 0;
}
