using Google.Protobuf;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;

namespace PhysioActors.Shared.Tests.Observations;

public static partial class MalformedRecords
{
    private const string Episode = "icu:bed-7/12/0";

    private static string CommandWith(string field, string? json)
    {
        var fields = new Dictionary<string, string?>
        {
            ["v"] = "1",
            ["patient"] = $"\"{Patient}\"",
            ["command"] = "\"acknowledge\"",
            ["anomalyId"] = $"\"{Episode}\"",
            ["by"] = "\"dr.gray\"",
            ["reason"] = "\"seen\"",
            ["time"] = Time,
        };
        fields[field] = json;
        return $"{{{string.Join(',', fields.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
    }

    private static MalformedRecord Command(string name, string value, RefusalReason reason, string field) =>
        new($"command: {name}", Utf8(Patient), Utf8(value), "command", null, reason, field);

    private static IEnumerable<MalformedRecord> BadCommands()
    {
        string right = CommandWith("v", "1");
        yield return Command("not JSON", "acknowledge", RefusalReason.Malformed, "");
        yield return Command("breaks off", right[..40], RefusalReason.Malformed, "");
        yield return Command("garbage behind it", right + "]", RefusalReason.Malformed, "");
        yield return Command("an array", "[]", RefusalReason.Malformed, "");
        yield return Command("no value", "", RefusalReason.Malformed, "");
        yield return Command("too large", right + new string(' ', ObservationDecoder.MaximumBytes), RefusalReason.TooLarge, "");
        yield return Command("a later version", CommandWith("v", "2"), RefusalReason.Unsupported, "v");
        yield return Command("a version in quotes", CommandWith("v", "\"1\""), RefusalReason.WrongType, "v");
        yield return Command("another command", CommandWith("command", "\"silence\""), RefusalReason.Unsupported, "command");
        yield return Command("a time in words", CommandWith("time", "\"today\""), RefusalReason.InvalidTime, "time");
        yield return Command("a time ahead", CommandWith("time", "1795262700001"), RefusalReason.InvalidTime, "time");
        yield return Command("a time before 1970", CommandWith("time", "-1"), RefusalReason.InvalidTime, "time");
        yield return Command("a time that is true", CommandWith("time", "true"), RefusalReason.WrongType, "time");
        yield return Command("another patient", CommandWith("patient", "\"icu:bed-8\""), RefusalReason.WrongKey, "key");
        yield return Command("a patient with a bad namespace", CommandWith("patient", "\"i u:bed-8\""), RefusalReason.InvalidId, "patient");
        yield return Command("an anomaly id of 193 bytes", CommandWith("anomalyId", $"\"{new string('a', 193)}\""), RefusalReason.InvalidId, "anomalyId");
        yield return Command("a name with a control character", CommandWith("by", "\"a\\u0007\""), RefusalReason.InvalidId, "by");
        yield return Command("a reason of 1025 bytes", CommandWith("reason", $"\"{new string('a', 1025)}\""), RefusalReason.InvalidId, "reason");
        yield return Command("a reason with half a surrogate pair", CommandWith("reason", "\"\\ud800\""), RefusalReason.InvalidUtf8, "reason");
        foreach (string field in new[] { "patient", "command", "anomalyId", "by" })
        {
            yield return Command($"{field} is missing", CommandWith(field, null), RefusalReason.Missing, field);
            yield return Command($"{field} is null", CommandWith(field, "null"), RefusalReason.Missing, field);
            yield return Command($"{field} is a number", CommandWith(field, "7"), RefusalReason.WrongType, field);
            yield return Command($"{field} stands there twice", right[..^1] + $",\"{field}\":\"x\"}}", RefusalReason.Malformed, field);
        }

        yield return new("command: not UTF-8", Utf8(Patient), [0x7B, 0xFF], "command", null, RefusalReason.InvalidUtf8, "");
        yield return new("command: no key", null, Utf8(right), "command", null, RefusalReason.WrongKey, "key");
        yield return new("command: the wrong partition", Utf8(Patient), Utf8(right), "command", null, RefusalReason.WrongPartition, "key", IsMisplaced: true);
        yield return new("command: an observation", Utf8(Patient), Utf8(With("v", "1")), "command", null, RefusalReason.Missing, "command");
        yield return new("command: an unknown content type", Utf8(Patient), Utf8(right), "command", "text/plain", RefusalReason.Unsupported, "headers.content-type");
        yield return ProtobufCommand("breaks off", [0x12, 0x09, 0x69]);
        yield return ProtobufCommand("an unknown kind", new() { Patient = Patient, Command_ = (CommandKind)99, AnomalyId = Episode, By = "x" }, RefusalReason.Unsupported, "command");
        yield return ProtobufCommand("no kind", new() { Patient = Patient, AnomalyId = Episode, By = "x" }, RefusalReason.Missing, "command");
        yield return ProtobufCommand("no anomaly", new() { Patient = Patient, Command_ = CommandKind.Acknowledge, By = "x" }, RefusalReason.Missing, "anomalyId");
        yield return ProtobufCommand("nobody", new() { Patient = Patient, Command_ = CommandKind.Acknowledge, AnomalyId = Episode }, RefusalReason.Missing, "by");
        yield return ProtobufCommand("a later version", new() { V = 2 }, RefusalReason.Unsupported, "v");
        yield return ProtobufCommand("a time ahead", new() { Patient = Patient, Command_ = CommandKind.Acknowledge, AnomalyId = Episode, By = "x", TimeMs = long.MaxValue }, RefusalReason.InvalidTime, "time");
    }

    private static MalformedRecord ProtobufCommand(string name, byte[] value) =>
        new($"protobuf command: {name}", Utf8(Patient), value, "command", ProtobufType, RefusalReason.Malformed, "");

    private static MalformedRecord ProtobufCommand(string name, Command form, RefusalReason reason, string field) =>
        new($"protobuf command: {name}", Utf8(Patient), form.ToByteArray(), "command", ProtobufType, reason, field);

    private static IEnumerable<MalformedRecord> BadOrders()
    {
        foreach ((string name, string content, RefusalReason reason, string field) in new (string, string, RefusalReason, string)[]
        {
            ("a pause without an end", "\"command\":\"audio-pause\"", RefusalReason.Missing, "duration"),
            ("a pause of 0 s", "\"command\":\"alarm-pause\",\"duration\":0", RefusalReason.Impossible, "duration"),
            ("a pause of 3601 s", "\"command\":\"alarm-pause\",\"duration\":3601", RefusalReason.Impossible, "duration"),
            ("a pause of 1.5 s", "\"command\":\"alarm-pause\",\"duration\":1.5", RefusalReason.WrongType, "duration"),
            ("a pause of words", "\"command\":\"alarm-pause\",\"duration\":\"long\"", RefusalReason.WrongType, "duration"),
            ("limits of nothing", "\"command\":\"set-limits\",\"low\":1", RefusalReason.Missing, "signal"),
            ("limits of an unknown signal", "\"command\":\"set-limits\",\"signal\":\"mood\",\"low\":1", RefusalReason.UnknownCode, "signal"),
            ("limits that cross", "\"command\":\"set-limits\",\"signal\":\"hr\",\"low\":80,\"high\":80", RefusalReason.Impossible, "low"),
            ("a limit below what is possible", "\"command\":\"set-limits\",\"signal\":\"hr\",\"low\":-1", RefusalReason.Impossible, "low"),
            ("a limit above what is possible", "\"command\":\"set-limits\",\"signal\":\"spo2\",\"high\":100.1", RefusalReason.Impossible, "high"),
            ("a limit that is infinite", "\"command\":\"set-limits\",\"signal\":\"spo2\",\"high\":1e999", RefusalReason.NotFinite, "high"),
            ("a limit in quotes", "\"command\":\"set-limits\",\"signal\":\"spo2\",\"high\":\"98\"", RefusalReason.WrongType, "high"),
            ("a desaturation above the low limit", "\"command\":\"set-limits\",\"signal\":\"spo2\",\"low\":85,\"desaturation\":85", RefusalReason.Impossible, "desaturation"),
            ("a desaturation of the heart rate", "\"command\":\"set-limits\",\"signal\":\"hr\",\"desaturation\":80", RefusalReason.Impossible, "desaturation"),
            ("limits of an unknown age", "\"command\":\"set-limits\",\"signal\":\"hr\",\"ageClass\":\"old\"", RefusalReason.Unsupported, "ageClass"),
            ("demographics without any", "\"command\":\"set-demographics\"", RefusalReason.Missing, "birthDate"),
            ("an age that is there twice", "\"command\":\"set-demographics\",\"birthDate\":\"1969-07-20\",\"ageClass\":\"adult\"", RefusalReason.Malformed, "ageClass"),
            ("a birth to come", "\"command\":\"set-demographics\",\"birthDate\":\"2026-11-23\"", RefusalReason.InvalidTime, "birthDate"),
            ("a birth on no day", "\"command\":\"set-demographics\",\"birthDate\":\"2025-02-29\"", RefusalReason.InvalidTime, "birthDate"),
            ("a birth with a time", "\"command\":\"set-demographics\",\"birthDate\":\"1969-07-20T00:00:00Z\"", RefusalReason.InvalidTime, "birthDate"),
            ("a pregnancy in words", "\"command\":\"set-demographics\",\"pregnant\":\"yes\"", RefusalReason.WrongType, "pregnant"),
            ("no scale", "\"command\":\"set-spo2-scale\"", RefusalReason.Missing, "spo2Scale"),
            ("a third scale", "\"command\":\"set-spo2-scale\",\"spo2Scale\":3", RefusalReason.Unsupported, "spo2Scale"),
            ("no oxygen status", "\"command\":\"set-oxygen\"", RefusalReason.Missing, "oxygen"),
            ("another oxygen status", "\"command\":\"set-oxygen\",\"oxygen\":\"helium\"", RefusalReason.Unsupported, "oxygen"),
            ("no level of consciousness", "\"command\":\"set-consciousness\"", RefusalReason.Missing, "consciousness"),
            ("another level of consciousness", "\"command\":\"set-consciousness\",\"consciousness\":\"enlightened\"", RefusalReason.Unsupported, "consciousness"),
            ("a weight of no time", "\"command\":\"confirm-weight\",\"weight\":80", RefusalReason.Missing, "measuredAt"),
            ("a weight to come", "\"command\":\"confirm-weight\",\"weight\":80,\"measuredAt\":1795262700001", RefusalReason.InvalidTime, "measuredAt"),
            ("no weight", "\"command\":\"confirm-weight\",\"measuredAt\":1795262300000", RefusalReason.Missing, "weight"),
            ("a weight of an elephant", "\"command\":\"confirm-weight\",\"measuredAt\":1795262300000,\"weight\":651", RefusalReason.Impossible, "weight"),
            ("a field twice", "\"command\":\"audio-pause\",\"duration\":60,\"duration\":61", RefusalReason.Malformed, "duration"),
        })
        {
            yield return Command(name, $"{{\"patient\":\"{Patient}\",{content},\"by\":\"dr.gray\"}}", reason, field);
        }

        yield return ProtobufCommand("a pause without an end", Order(CommandKind.AudioPause), RefusalReason.Missing, "duration");
        yield return ProtobufCommand("an unknown age class", new(Order(CommandKind.SetDemographics)) { AgeClass = (AgeClass)99 }, RefusalReason.Unsupported, "ageClass");
        yield return ProtobufCommand("an unknown oxygen status", new(Order(CommandKind.SetOxygen)) { Oxygen = (OxygenStatus)3 }, RefusalReason.Unsupported, "oxygen");
        yield return ProtobufCommand("an unknown level of consciousness", new(Order(CommandKind.SetConsciousness)) { Consciousness = (Consciousness)6 }, RefusalReason.Unsupported, "consciousness");
        yield return ProtobufCommand("a third scale", new(Order(CommandKind.SetSpo2Scale)) { Spo2Scale = 3 }, RefusalReason.Unsupported, "spo2Scale");
        yield return ProtobufCommand("a limit that is not a number", new(Order(CommandKind.SetLimits)) { Signal = "hr", Low = double.NaN }, RefusalReason.NotFinite, "low");
        byte[] value = [0x12, 0x09, .. Utf8(Patient), 0x18, 0x05, 0x2A, 0x01, 0x78, 0x50, 0x01];
        yield return new("protobuf command: a limit of another wire type", Utf8(Patient), value, "command", ProtobufType, RefusalReason.WrongType, "low");
    }

    private static Command Order(CommandKind kind) => new() { Patient = Patient, Command_ = kind, By = "x" };

    private static IEnumerable<MalformedRecord> BadTicks()
    {
        foreach ((string name, string value, RefusalReason reason, string field) in new (string, string, RefusalReason, string)[]
        {
            ("no value", "", RefusalReason.Malformed, ""),
            ("not JSON", "tick", RefusalReason.Malformed, ""),
            ("an array", "[1]", RefusalReason.Malformed, ""),
            ("no epoch", """{"partition":0}""", RefusalReason.WrongType, ""),
            ("a negative epoch", """{"partition":0,"epoch":-1}""", RefusalReason.WrongType, ""),
            ("a later version", """{"v":2,"partition":0,"epoch":1}""", RefusalReason.Unsupported, "v"),
            ("half a surrogate pair in a name", """{"\ud800":1}""", RefusalReason.InvalidUtf8, ""),
            ("another partition", """{"v":1,"partition":4095,"epoch":1}""", RefusalReason.WrongPartition, "partition"),
        })
        {
            yield return new($"tick: {name}", null, Utf8(value), "tick", null, reason, field);
        }
    }
}
