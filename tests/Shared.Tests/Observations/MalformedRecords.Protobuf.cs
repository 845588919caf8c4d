using Google.Protobuf;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;

namespace PhysioActors.Shared.Tests.Observations;

public static partial class MalformedRecords
{
    private const string ProtobufType = "application/x-protobuf";

    private static Observation Form() => new()
    {
        V = 1,
        Patient = Patient,
        Device = "monitor-1",
        Session = "s-1",
        Sequence = 12,
        TimeMs = TimestampMs,
        Readings = { new Protos.V1.Reading { Code = "hr", Value = 72, Unit = "/min" } },
    };

    private static MalformedRecord Protobuf(string name, Action<Observation> change, RefusalReason reason, string field, RefusalReason readingReason = RefusalReason.None)
    {
        Observation form = Form();
        change(form);
        return Protobuf(name, form.ToByteArray(), reason, field, readingReason);
    }

    private static MalformedRecord Protobuf(string name, byte[] value, RefusalReason reason, string field, RefusalReason readingReason = RefusalReason.None) =>
        new($"protobuf: {name}", Utf8(Patient), value, null, ProtobufType, reason, field, readingReason);

    private static MalformedRecord ProtobufReading(string name, Action<Protos.V1.Reading> change, RefusalReason reason, string field) =>
        Protobuf($"reading: {name}", form => change(form.Readings[0]), RefusalReason.NoGoodReading, $"readings[0].{field}", reason);

    private static IEnumerable<MalformedRecord> BadProtobuf()
    {
        byte[] right = Form().ToByteArray();
        yield return Protobuf("empty", [], RefusalReason.Malformed, "");
        yield return Protobuf("cut in a text", right[..6], RefusalReason.Malformed, "");
        yield return Protobuf("cut in a reading", right[..^3], RefusalReason.Malformed, "");
        yield return Protobuf("cut behind a tag", [.. right, 0x1A], RefusalReason.Malformed, "");
        yield return Protobuf("a length beyond the end", [.. right, 0x1A, 0x7F, 0x41], RefusalReason.Malformed, "");
        yield return Protobuf("a length beyond 31 bits", [.. right, 0x1A, 0xFF, 0xFF, 0xFF, 0xFF, 0x7F], RefusalReason.Malformed, "");
        yield return Protobuf("an integer of eleven bytes", [.. right, 0x30, .. Enumerable.Repeat((byte)0xFF, 11)], RefusalReason.Malformed, "");
        yield return Protobuf("field number 0", [.. right, 0x00, 0x00], RefusalReason.Malformed, "");
        yield return Protobuf("wire type 6", [.. right, 0xA6, 0x01], RefusalReason.Malformed, "");
        yield return Protobuf("the end of a group that never began", [.. right, 0xA4, 0x01], RefusalReason.Malformed, "");
        yield return Protobuf("a group without end", [.. right, 0xA3, 0x01, 0x08, 0x01], RefusalReason.Malformed, "");
        yield return Protobuf("a later version", form => form.V = 2, RefusalReason.Unsupported, "v");
        yield return Protobuf("no patient", form => form.Patient = "", RefusalReason.Missing, "patient");
        yield return Protobuf("no time", form => form.ClearTimeMs(), RefusalReason.Missing, "time");
        yield return Protobuf("no reading", form => form.Readings.Clear(), RefusalReason.Missing, "readings");
        yield return Protobuf("a patient that is not the key's", form => form.Patient = "icu:bed-8", RefusalReason.WrongKey, "key");
        yield return Protobuf("a patient without namespace before its colon", form => form.Patient = ":x", RefusalReason.InvalidId, "patient");
        yield return Protobuf("a device of 129 bytes", form => form.Device = new string('d', 129), RefusalReason.InvalidId, "device");
        yield return Protobuf("a zero in the session", form => form.Session = "a\0", RefusalReason.InvalidId, "session");
        yield return Protobuf("a control character in the encounter", form => form.Encounter = "a\u0090", RefusalReason.InvalidId, "encounter");
        yield return Protobuf("a patient that is not UTF-8", [0x12, 0x02, 0xC3, 0x28], RefusalReason.InvalidUtf8, "patient");
        yield return Protobuf("a device that is not UTF-8", [.. right, 0x22, 0x01, 0xFF], RefusalReason.InvalidUtf8, "device");
        yield return Protobuf("a negative sequence", form => form.Sequence = -1, RefusalReason.WrongType, "sequence");
        yield return Protobuf("a time before 1970", form => form.TimeMs = -1, RefusalReason.InvalidTime, "time");
        yield return Protobuf("a time ahead", form => form.TimeMs = TimestampMs + 300_001, RefusalReason.InvalidTime, "time");
        yield return Protobuf("the largest time", form => form.TimeMs = long.MaxValue, RefusalReason.InvalidTime, "time");
        yield return Protobuf("the smallest time", form => form.TimeMs = long.MinValue, RefusalReason.InvalidTime, "time");
        yield return Protobuf("interval 0", form => form.Interval = 0, RefusalReason.WrongType, "interval");
        yield return Protobuf("a negative interval", form => form.Interval = -1, RefusalReason.WrongType, "interval");
        yield return Protobuf("an interval that is no number", form => form.Interval = double.NaN, RefusalReason.WrongType, "interval");
        yield return Protobuf("the patient as an integer", [0x10, 0x07], RefusalReason.WrongType, "patient");
        yield return Protobuf("the time as a text", [.. right, 0x3A, 0x01, 0x31], RefusalReason.WrongType, "time");
        yield return Protobuf("65 readings", form => form.Readings.Add(Enumerable.Repeat(form.Readings[0], 64)), RefusalReason.TooMany, "readings");
        yield return Protobuf("a reading that is not protobuf", [.. Without(right), 0x4A, 0x02, 0x0A, 0x7F], RefusalReason.NoGoodReading, "readings[0]", RefusalReason.WrongType);
        yield return ProtobufReading("no code", reading => reading.Code = "", RefusalReason.Missing, "code");
        yield return ProtobufReading("no value", reading => reading.ClearValue(), RefusalReason.Missing, "value");
        yield return ProtobufReading("an unknown code", reading => reading.Code = "pulse", RefusalReason.UnknownCode, "code");
        yield return ProtobufReading("an unknown unit", reading => reading.Unit = "K", RefusalReason.UnknownUnit, "unit");
        yield return ProtobufReading("an impossible value", reading => reading.Value = 351, RefusalReason.Impossible, "value");
        yield return ProtobufReading("not a number", reading => reading.Value = double.NaN, RefusalReason.NotFinite, "value");
        yield return ProtobufReading("infinity", reading => reading.Value = double.NegativeInfinity, RefusalReason.NotFinite, "value");
        yield return ProtobufReading("value and absent", reading => reading.Absent = "sensor-off", RefusalReason.WrongType, "absent");
        yield return ProtobufReading("a time ahead", reading => reading.TimeMs = TimestampMs + 300_001, RefusalReason.InvalidTime, "time");
        yield return ProtobufReading("a time before 1970", reading => reading.TimeMs = -5, RefusalReason.InvalidTime, "time");
        yield return ProtobufReading("an unknown quality", reading => reading.Quality = (Quality)5, RefusalReason.WrongType, "quality");
        yield return ProtobufReading("a negative source", reading => reading.Source = (Source)(-1), RefusalReason.WrongType, "source");
        yield return ProtobufReading("an absent reason with a control character", reading => { reading.ClearValue(); reading.Absent = "\n"; }, RefusalReason.InvalidId, "absent");
        yield return Protobuf("reading: a value as an integer", [.. Without(right), 0x4A, 0x06, 0x0A, 0x02, 0x68, 0x72, 0x10, 0x48], RefusalReason.NoGoodReading, "readings[0].value", RefusalReason.WrongType);
        yield return Protobuf("reading: a unit that is not UTF-8", [.. Without(right), 0x4A, 0x07, 0x0A, 0x02, 0x68, 0x72, 0x1A, 0x01, 0xFF], RefusalReason.NoGoodReading, "readings[0].unit", RefusalReason.InvalidUtf8);
    }

    private static byte[] Without(byte[] right)
    {
        Observation form = Observation.Parser.ParseFrom(right);
        form.Readings.Clear();
        return form.ToByteArray();
    }
}
