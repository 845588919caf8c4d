using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>Another encounter began: filters, windows, thresholds and rules start afresh, since a bed, and so a patient key, may be used again.</summary>
/// <param name="Encounter">The encounter's id.</param>
public readonly record struct EncounterBegan(string Encounter)
{
    internal void Encode(PayloadWriter writer) => writer.Text(Encounter);

    internal static EncounterBegan Decode(ref PayloadReader reader) => new(reader.Text());
}
