using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A held observation waits no longer: the next one agreed (an <see cref="ObservationFolded"/> with its facts follows) or contradicted it (nothing follows).</summary>
/// <param name="Device">The device's place in the table of devices.</param>
public readonly record struct HeldObservationReleased(int Device)
{
    internal void Encode(PayloadWriter writer) => writer.Byte((byte)Device);

    internal static HeldObservationReleased Decode(ref PayloadReader reader) => new(reader.Byte());
}
