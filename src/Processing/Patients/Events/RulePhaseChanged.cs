using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A clinical rule went from one phase to another.</summary>
/// <param name="Rule">The rule.</param>
/// <param name="Phase">The phase now.</param>
/// <param name="SinceMs">Event time at which it began, milliseconds since 1970 UTC.</param>
public readonly record struct RulePhaseChanged(RuleId Rule, RulePhase Phase, long SinceMs)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Rule);
        writer.Byte((byte)Phase);
        writer.Signed(SinceMs);
    }

    internal static RulePhaseChanged Decode(ref PayloadReader reader) => new((RuleId)reader.Byte(), (RulePhase)reader.Byte(), reader.Signed());
}
