using System.Text.Unicode;

using PhysioActors.Shared.Patients;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>
/// Reads the protobuf form of an observation (<c>physio.v1.Observation</c>) by hand, so that texts stay where they are. As protobuf demands, of a field that stands there twice
/// the last counts, an empty text is one not given, and unknown fields are passed over.
/// </summary>
internal static class ProtobufObservation
{
    /// <summary>Reads all fields; what is wrong with single ones is noted in the envelope.</summary>
    /// <returns>A refusal when the value is not protobuf.</returns>
    public static Refusal? Read(in InboundRecord record, DecodedObservation into, ref ObservationEnvelope envelope)
    {
        var reader = new ProtobufReader(record.Value.Span);
        while (reader.Next())
        {
            switch (reader.Field)
            {
                case 1 when reader.IsVarint:
                    envelope.IsUnknownVersion = reader.Varint() > ObservationEnvelope.NewestVersion;
                    break;
                case 2 when reader.IsBytes:
                    ReadOnlyMemory<byte> patient = ReadId(ref reader, "patient", record, ref envelope);
                    envelope.Patient = patient.Span;
                    if (!patient.IsEmpty && PatientKey.Check(patient.Span) is { } problem)
                        envelope.Note(RefusalReason.InvalidId, "patient", $"The patient {problem}.");
                    break;
                case 3 when reader.IsBytes:
                    into.Encounter = ReadId(ref reader, "encounter", record, ref envelope);
                    break;
                case 4 when reader.IsBytes:
                    into.Device = ReadId(ref reader, "device", record, ref envelope);
                    break;
                case 5 when reader.IsBytes:
                    into.Session = ReadId(ref reader, "session", record, ref envelope);
                    break;
                case 6 when reader.IsVarint:
                    into.Sequence = (long)reader.Varint();
                    if (into.Sequence < 0)
                        envelope.Note(RefusalReason.WrongType, "sequence", $"The sequence must be a whole number from 0 to {long.MaxValue}.");
                    break;
                case 7 when reader.IsVarint:
                    into.TimeMs = (long)reader.Varint();
                    envelope.HasTime = true;
                    break;
                case 8 when reader.IsFixed64:
                    if (!IntervalRule.TryConvert(reader.Double(), out int interval))
                        envelope.Note(RefusalReason.WrongType, "interval", IntervalRule.Text);
                    into.IntervalMs = interval;
                    break;
                case 9 when reader.IsBytes:
                    envelope.HasReadings = true;
                    ReadReading(ref reader, record, into, ref envelope);
                    break;
                case 10 when reader.IsBytes:
                    envelope.HasWaveforms = true;
                    ReadWaveform(ref reader, record, into, ref envelope);
                    break;
                case >= 1 and <= 10:
                    envelope.Note(RefusalReason.WrongType, Name(reader.Field), $"Field {reader.Field} ({Name(reader.Field)}) has another wire type than physio.v1.Observation says.");
                    reader.Skip();
                    break;
                default:
                    reader.Skip();
                    break;
            }
        }

        return reader.IsBroken ? new(RefusalReason.Malformed, "", $"The value is not protobuf: it goes wrong or breaks off at byte {reader.Position}.") : null;
    }

    private static void ReadReading(ref ProtobufReader reader, in InboundRecord record, DecodedObservation into, ref ObservationEnvelope envelope)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes();
        if (reader.IsBroken)
            return;
        ReadingFields fields = new() { TimeMs = ReadingFields.ObservationTime };
        if (!ProtobufReading.Read(bytes, reader.Position - bytes.Length, record, ref fields))
            fields.Note(RefusalReason.WrongType, ReadingField.None);
        envelope.Add(fields, into);
    }

    private static void ReadWaveform(ref ProtobufReader reader, in InboundRecord record, DecodedObservation into, ref ObservationEnvelope envelope)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes();
        if (reader.IsBroken)
            return;
        WaveformFields fields = new() { TimeMs = WaveformFields.ObservationTime };
        if (!ProtobufWaveform.Read(bytes, reader.Position - bytes.Length, record, into, ref fields))
            fields.Note(RefusalReason.WrongType, WaveformField.None);
        envelope.Add(ref fields, into);
    }

    private static ReadOnlyMemory<byte> ReadId(ref ProtobufReader reader, string name, in InboundRecord record, ref ObservationEnvelope envelope)
    {
        ReadOnlySpan<byte> bytes = reader.Bytes();
        if (bytes.IsEmpty)
            return default;
        if (!Utf8.IsValid(bytes))
        {
            envelope.Note(RefusalReason.InvalidUtf8, name, $"The {name} is not UTF-8.");
            return default;
        }

        if (IdText.Check(bytes) is { } problem)
            envelope.Note(RefusalReason.InvalidId, name, $"The {name} {problem}.");
        return record.Value.Slice(reader.Position - bytes.Length, bytes.Length);
    }

    private static string Name(int field) => field switch
    {
        1 => "v",
        2 => "patient",
        3 => "encounter",
        4 => "device",
        5 => "session",
        6 => "sequence",
        7 => "time",
        8 => "interval",
        10 => "waveforms",
        _ => "readings",
    };
}
