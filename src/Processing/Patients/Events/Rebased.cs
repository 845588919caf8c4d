using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>New logic took the patient over: the whole state as that logic starts from it. What was journaled before is never folded by the new logic.</summary>
/// <param name="LogicVersion">The version of the new logic.</param>
/// <param name="State">The state in its canonical form.</param>
public readonly record struct Rebased(int LogicVersion, ReadOnlyMemory<byte> State)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Unsigned((ulong)LogicVersion);
        writer.Bytes(State.Span);
    }

    internal static Rebased Decode(ref PayloadReader reader) => new(reader.Count(int.MaxValue), reader.Bytes().ToArray());
}
