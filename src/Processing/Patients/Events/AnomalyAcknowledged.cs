using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A person has seen an open anomaly.</summary>
/// <param name="Ordinal">Which of the entry's anomaly events this is, from 0.</param>
/// <param name="Kind">The kind of condition; with the rule it names the open anomaly.</param>
/// <param name="Rule">The rule, for that kind.</param>
/// <param name="TimeMs">When, by the command, milliseconds since 1970 UTC.</param>
/// <param name="DetectedMs">Kafka timestamp of the command.</param>
/// <param name="By">Who.</param>
/// <param name="Reason">Why; may be empty.</param>
public readonly record struct AnomalyAcknowledged(int Ordinal, AnomalyKind Kind, RuleId Rule, long TimeMs, long DetectedMs, string By, string Reason)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Ordinal);
        writer.Byte((byte)Kind);
        writer.Byte((byte)Rule);
        writer.Signed(TimeMs);
        writer.Signed(DetectedMs);
        writer.Text(By);
        writer.Text(Reason);
    }

    internal static AnomalyAcknowledged Decode(ref PayloadReader reader) =>
        new(reader.Byte(), (AnomalyKind)reader.Byte(), (RuleId)reader.Byte(), reader.Signed(), reader.Signed(), reader.Text(), reader.Text());
}
