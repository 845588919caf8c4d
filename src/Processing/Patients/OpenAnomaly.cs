using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.Rules;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>An anomaly that was raised and is not cleared. At most one per kind and rule is open.</summary>
public sealed class OpenAnomaly
{
    /// <summary>The kind of condition.</summary>
    public AnomalyKind Kind { get; private init; }

    /// <summary>The rule, for that kind.</summary>
    public RuleId Rule { get; private init; }

    /// <summary>The sequence of the entry that raised it; with <see cref="RaisedOrdinal"/> its id.</summary>
    public long RaisedSequence { get; private init; }

    /// <summary>Which of that entry's anomaly events raised it.</summary>
    public int RaisedOrdinal { get; private init; }

    /// <summary>Event time at which it was raised.</summary>
    public long RaisedMs { get; private init; }

    /// <summary>How many messages it had after the first.</summary>
    public int Revision { get; private set; }

    /// <summary>How urgent it is.</summary>
    public AnomalySeverity Severity { get; private set; }

    /// <summary>Event time of its last message.</summary>
    public long ChangedMs { get; private set; }

    /// <summary>True when a person has seen it.</summary>
    public bool IsAcknowledged { get; private set; }

    /// <summary>The contributors last told.</summary>
    public IReadOnlyList<Contributor> Contributors { get; private set; } = [];

    internal static OpenAnomaly From(in AnomalyRaised raised, long sequence) => new()
    {
        Kind = raised.Kind,
        Rule = raised.Rule,
        RaisedSequence = sequence,
        RaisedOrdinal = raised.Ordinal,
        RaisedMs = raised.TimeMs,
        Severity = raised.Severity,
        ChangedMs = raised.TimeMs,
        Contributors = raised.Contributors,
    };

    internal void Apply(in AnomalyUpdated updated)
    {
        Revision++;
        Severity = updated.Severity;
        ChangedMs = updated.TimeMs;
        Contributors = updated.Contributors;
    }

    internal void Acknowledge()
    {
        Revision++;
        IsAcknowledged = true;
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Kind);
        writer.Byte((byte)Rule);
        writer.Signed(RaisedSequence);
        writer.Byte((byte)RaisedOrdinal);
        writer.Signed(RaisedMs);
        writer.Unsigned((ulong)Revision);
        writer.Byte((byte)Severity);
        writer.Signed(ChangedMs);
        writer.Boolean(IsAcknowledged);
        ContributorCodec.Encode(writer, Contributors);
    }

    internal static OpenAnomaly Decode(ref PayloadReader reader) => new()
    {
        Kind = (AnomalyKind)reader.Byte(),
        Rule = (RuleId)reader.Byte(),
        RaisedSequence = reader.Signed(),
        RaisedOrdinal = reader.Byte(),
        RaisedMs = reader.Signed(),
        Revision = reader.Count(int.MaxValue),
        Severity = (AnomalySeverity)reader.Byte(),
        ChangedMs = reader.Signed(),
        IsAcknowledged = reader.Boolean(),
        Contributors = ContributorCodec.Decode(ref reader),
    };
}
