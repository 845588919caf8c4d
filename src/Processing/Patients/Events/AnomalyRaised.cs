using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>An anomaly began. Its id is the id of this event.</summary>
/// <param name="Ordinal">Which of the entry's anomaly events this is, from 0.</param>
/// <param name="Kind">The kind of condition.</param>
/// <param name="Rule">The rule, for that kind.</param>
/// <param name="Severity">How urgent.</param>
/// <param name="TimeMs">Event time, milliseconds since 1970 UTC.</param>
/// <param name="DetectedMs">Kafka timestamp of the deciding record.</param>
/// <param name="Score">The score that decided, for the model.</param>
/// <param name="Threshold">The threshold of the score, or the limit of the rule.</param>
/// <param name="Contributors">The contributing signals, most first.</param>
public readonly record struct AnomalyRaised(
    int Ordinal, AnomalyKind Kind, RuleId Rule, AnomalySeverity Severity, long TimeMs, long DetectedMs, double Score, double Threshold, IReadOnlyList<Contributor> Contributors)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Ordinal);
        writer.Byte((byte)Kind);
        writer.Byte((byte)Rule);
        writer.Byte((byte)Severity);
        writer.Signed(TimeMs);
        writer.Signed(DetectedMs);
        writer.Double(Score);
        writer.Double(Threshold);
        ContributorCodec.Encode(writer, Contributors);
    }

    internal static AnomalyRaised Decode(ref PayloadReader reader) => new(
        reader.Byte(), (AnomalyKind)reader.Byte(), (RuleId)reader.Byte(), (AnomalySeverity)reader.Byte(),
        reader.Signed(), reader.Signed(), reader.Double(), reader.Double(), ContributorCodec.Decode(ref reader));
}
