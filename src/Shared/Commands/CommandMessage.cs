namespace PhysioActors.Shared.Commands;

/// <summary>What a command asks for. The numbers are those of the protobuf form, and are written to the journal.</summary>
public enum CommandKind : byte
{
    /// <summary>A person has seen an anomaly.</summary>
    Acknowledge = 1,
}

/// <summary>An order of a person or a service to a patient actor.</summary>
/// <param name="Patient">The patient, canonical: <c>namespace:id</c>.</param>
/// <param name="Kind">What is asked for.</param>
/// <param name="AnomalyId">The episode that is meant.</param>
/// <param name="By">Who asks.</param>
/// <param name="Reason">Why; null when nothing was said.</param>
/// <param name="TimeMs">When it was asked, milliseconds since 1970 UTC.</param>
public sealed record CommandMessage(string Patient, CommandKind Kind, string AnomalyId, string By, string? Reason, long TimeMs);
