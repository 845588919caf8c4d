using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Observations.Decoding;
using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Commands;

/// <summary>Decodes and judges commands: the same rules for key, partition, ids and time as for observations. No input makes it throw.</summary>
public static class CommandDecoder
{
    /// <summary>Decodes a record of type <see cref="RecordType.Command"/>.</summary>
    /// <param name="record">The record.</param>
    /// <param name="partition">The partition that it was read from.</param>
    /// <param name="partitionCount">How many partitions the inbound topic has.</param>
    /// <param name="command">The command; null when the record is refused.</param>
    /// <returns>Null when the command is accepted, else why not.</returns>
    public static Refusal? Decode(in InboundRecord record, int partition, int partitionCount, out CommandMessage? command)
    {
        command = null;
        var fields = new CommandFields();
        Refusal? refusal = RecordPlace.CheckOutside(record)
            ?? (record.Content == RecordContent.Json ? JsonCommand.Read(record, fields) : ProtobufCommand.Read(record, fields));
        if (refusal is not null)
            return refusal;
        if (fields.IsUnknownVersion)
            return new(RefusalReason.Unsupported, "v", $"The version is none that this reader knows; it knows 1 to {CommandRules.NewestVersion}.");
        if (fields.Problem is not null)
            return fields.Problem;
        if (fields.Patient.IsEmpty)
            return new(RefusalReason.Missing, "patient", "The patient is missing: namespace:id, or an id alone in the namespace 'default'.");
        if (PatientKey.Check(fields.Patient.Span) is { } problem)
            return new(RefusalReason.InvalidId, "patient", $"The patient {problem}.");
        if (RecordPlace.CheckKey(record, fields.Patient.Span, partition, partitionCount) is { } misplaced)
            return misplaced;
        if (fields.Kind is not { } kind)
            return new(RefusalReason.Missing, "command", $"The command is missing; known are {CommandWords.AllKinds}.");
        if (CommandContent.Check(kind, fields, record.TimestampMs) is { } incomplete)
            return incomplete;
        if (fields.By is null)
            return new(RefusalReason.Missing, "by", "The field by is missing: who asks for it.");
        long time = fields.TimeMs ?? record.TimestampMs;
        if (InboundTime.Check(time, record.TimestampMs) is { } wrongTime)
            return new(RefusalReason.InvalidTime, "time", wrongTime);
        command = CommandContent.Take(kind, fields, new(PatientKey.Canonical(fields.Patient.Span), kind, "", fields.By, fields.Reason, time));
        return null;
    }
}
