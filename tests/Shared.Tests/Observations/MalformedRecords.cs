using System.Globalization;
using System.Text;

using PhysioActors.Shared.Observations;

namespace PhysioActors.Shared.Tests.Observations;

/// <summary>Several hundred kinds of malformed record, by hand and by systematic mutation, each with the refusal that is due.</summary>
public static partial class MalformedRecords
{
    /// <summary>The Kafka timestamp that the records must have: 2026-11-21T12:00:00Z.</summary>
    public const long TimestampMs = 1795262400000;

    /// <summary>The key of the records that have the right one.</summary>
    public const string Patient = "icu:bed-7";

    private const string Time = "\"2026-11-21T12:00:00Z\"";
    private const string Good = """{"code":"hr","value":72,"unit":"/min"}""";

    /// <summary>All kinds. The names differ.</summary>
    public static IReadOnlyList<MalformedRecord> All { get; } =
    [
        .. NotJson(), .. NotUtf8(), .. WrongEnvelopeTypes(), .. MissingFields(), .. BadIds(), .. Duplicates(), .. BadTimes(), .. BadNumbers(),
        .. BadReadings(), .. Misplaced(), .. Headers(), .. Sizes(), .. BadProtobuf(), .. BadWaveforms(), .. BadProtobufWaveforms(), .. BadCommands(), .. BadOrders(), .. BadTicks(),
    ];

    private static MalformedRecord Json(string name, string value, RefusalReason reason, string field, RefusalReason readingReason = RefusalReason.None) =>
        new(name, Utf8(Patient), Utf8(value), null, null, reason, field, readingReason);

    private static byte[] Utf8(string text) => Encoding.UTF8.GetBytes(text);

    /// <summary>A right observation in which one field is replaced; a null text leaves it out.</summary>
    private static string With(string field, string? json)
    {
        var fields = new Dictionary<string, string?>
        {
            ["v"] = "1",
            ["patient"] = $"\"{Patient}\"",
            ["encounter"] = "\"e-1\"",
            ["device"] = "\"monitor-1\"",
            ["session"] = "\"s-1\"",
            ["sequence"] = "12",
            ["time"] = Time,
            ["interval"] = "1.0",
            ["readings"] = $"[{Good}]",
        };
        fields[field] = json;
        return $"{{{string.Join(',', fields.Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Key}\":{pair.Value}"))}}}";
    }

    private static IEnumerable<MalformedRecord> NotJson()
    {
        string right = With("v", "1");
        (string Name, string Value)[] cases =
        [
            ("empty value", ""),
            ("white space only", " \r\n\t"),
            ("null", "null"),
            ("true", "true"),
            ("a number", "42"),
            ("a string", "\"icu:bed-7\""),
            ("an array of observations", $"[{right}]"),
            ("an empty array", "[]"),
            ("plain text", "hr=72"),
            ("XML", "<observation patient=\"icu:bed-7\"/>"),
            ("HL7 v2", "MSH|^~\\&|MONITOR|ICU|||20261121120000||ORU^R01|1|P|2.6"),
            ("a comma behind the last field", right[..^1] + ",}"),
            ("a comma before the first field", "{," + right[1..]),
            ("a comma behind the last reading", With("readings", $"[{Good},]")),
            ("no comma between fields", right.Replace(",\"device\"", "\"device\"", StringComparison.Ordinal)),
            ("no colon behind a name", right.Replace("\"v\":1", "\"v\" 1", StringComparison.Ordinal)),
            ("a name without quotes", right.Replace("\"v\"", "v", StringComparison.Ordinal)),
            ("single quotes", right.Replace('"', '\'')),
            ("a comment", "/* from the gateway */" + right),
            ("a line comment at the end", right + " // end"),
            ("two objects", right + right),
            ("two objects on two lines", right + "\n" + right),
            ("garbage behind the object", right + "x"),
            ("a brace too many", right + "}"),
            ("a zero byte behind the object", right + "\0"),
            ("a byte order mark", "\uFEFF" + right),
            ("NaN as a bare word", right.Replace("72", "NaN", StringComparison.Ordinal)),
            ("Infinity as a bare word", right.Replace("72", "Infinity", StringComparison.Ordinal)),
            ("True as Python writes it", right.Replace("72", "True", StringComparison.Ordinal)),
            ("a leading zero", right.Replace("72", "072", StringComparison.Ordinal)),
            ("a plus sign", right.Replace("72", "+72", StringComparison.Ordinal)),
            ("a hexadecimal number", right.Replace("72", "0x48", StringComparison.Ordinal)),
            ("a point without digits behind it", right.Replace("72", "72.", StringComparison.Ordinal)),
            ("a point without digits before it", right.Replace("72", ".72", StringComparison.Ordinal)),
            ("an exponent without digits", right.Replace("72", "72e", StringComparison.Ordinal)),
            ("a decimal comma", right.Replace("72", "72,5", StringComparison.Ordinal)),
            ("a raw line break in a string", right.Replace("monitor-1", "monitor\n1", StringComparison.Ordinal)),
            ("a raw zero byte in a string", right.Replace("monitor-1", "monitor\0", StringComparison.Ordinal)),
            ("a raw tab in a string", right.Replace("monitor-1", "monitor\t1", StringComparison.Ordinal)),
            ("an unknown escape", right.Replace("monitor-1", "monitor\\x31", StringComparison.Ordinal)),
            ("an escape with too few digits", right.Replace("monitor-1", "monitor\\u31", StringComparison.Ordinal)),
            ("an escape with a letter that is no digit", right.Replace("monitor-1", "monitor\\u00g1", StringComparison.Ordinal)),
            ("readings closed with a brace", right.Replace("}]", "}}", StringComparison.Ordinal)),
            ("an unknown field that breaks off", "{\"extra\":{\"deep\":[1,2,{\"x\":"),
            ("an unknown field with broken JSON in it", right[..^1] + ",\"extra\":[1,2,}"),
            ("brackets without end", new string('[', 5000)),
            ("objects without end", string.Concat(Enumerable.Repeat("{\"a\":", 5000))),
        ];
        foreach ((string name, string value) in cases)
            yield return Json($"not JSON: {name}", value, RefusalReason.Malformed, "");

        // Cut behind every ninth byte, so that every kind of token is cut somewhere.
        for (int length = 1; length < right.Length; length += 9)
            yield return Json($"not JSON: cut behind byte {length}", right[..length], RefusalReason.Malformed, "");
    }

    private static IEnumerable<MalformedRecord> NotUtf8()
    {
        (string Name, byte[] Bytes)[] sequences =
        [
            ("a Latin-1 letter", [0xFC]),
            ("a lone continuation byte", [0x80]),
            ("a lead byte without its continuation", [0xC3]),
            ("an overlong slash", [0xC0, 0xAF]),
            ("an overlong zero", [0xC0, 0x80]),
            ("an overlong zero of three bytes", [0xE0, 0x80, 0x80]),
            ("a high surrogate as three bytes", [0xED, 0xA0, 0x80]),
            ("a surrogate pair as six bytes", [0xED, 0xA0, 0xBD, 0xED, 0xB8, 0x80]),
            ("a character beyond U+10FFFF", [0xF4, 0x90, 0x80, 0x80]),
            ("a five-byte form", [0xF8, 0x88, 0x80, 0x80, 0x80]),
            ("a byte FF", [0xFF]),
            ("UTF-16", [0xFF, 0xFE, 0x7B, 0x00]),
        ];
        foreach ((string name, byte[] bytes) in sequences)
        {
            yield return new($"not UTF-8 in the device: {name}", Utf8(Patient), Splice(With("device", "\"#\""), bytes), null, null, RefusalReason.InvalidUtf8, "");
            yield return new($"not UTF-8 in an unknown field: {name}", Utf8(Patient), Splice(With("note", "\"#\""), bytes), null, null, RefusalReason.InvalidUtf8, "");
        }

        yield return new("UTF-16 throughout", Utf8(Patient), [0xFF, 0xFE, .. Encoding.Unicode.GetBytes(With("v", "1"))], null, null, RefusalReason.InvalidUtf8, "");
        yield return new("compressed with gzip", Utf8(Patient), [0x1F, 0x8B, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00], null, null, RefusalReason.InvalidUtf8, "");
    }

    private static byte[] Splice(string json, byte[] bytes)
    {
        int at = json.IndexOf('#', StringComparison.Ordinal);
        return [.. Utf8(json[..at]), .. bytes, .. Utf8(json[(at + 1)..])];
    }

    private static IEnumerable<MalformedRecord> WrongEnvelopeTypes()
    {
        (string Name, string Json)[] tokens = [("a string", "\"x\""), ("a number", "5.5"), ("true", "true"), ("an object", """{"x":[1]}"""), ("an array", """["x"]""")];
        foreach ((string field, string[] allowed) in new (string, string[])[]
        {
            ("v", []), ("patient", ["a string"]), ("encounter", ["a string"]), ("device", ["a string"]), ("session", ["a string"]),
            ("sequence", []), ("interval", ["a number"]), ("readings", ["an array"]), ("waveforms", ["an array"]), ("time", ["a string", "a number"]),
        })
        {
            foreach ((string name, string json) in tokens.Where(token => !allowed.Contains(token.Name)))
                yield return Json($"{field} is {name}", With(field, json), RefusalReason.WrongType, field);
        }
    }

    private static IEnumerable<MalformedRecord> MissingFields()
    {
        foreach (string field in new[] { "patient", "time", "readings" })
        {
            yield return Json($"{field} is missing", With(field, null), RefusalReason.Missing, field);
            yield return Json($"{field} is null", With(field, "null"), RefusalReason.Missing, field);
            yield return Json($"{field} is written with a capital", With(field, null)[..^1] + $",\"{char.ToUpperInvariant(field[0])}{field[1..]}\":1}}", RefusalReason.Missing, field);
        }

        yield return Json("an empty object", "{}", RefusalReason.Missing, "patient");
        yield return Json("only unknown fields", """{"resourceType":"Observation","status":"final"}""", RefusalReason.Missing, "patient");
        yield return Json("the patient only within an unknown field", """{"subject":{"patient":"icu:bed-7"}}""", RefusalReason.Missing, "patient");
        yield return Json("no reading", With("readings", "[]"), RefusalReason.NoGoodReading, "readings");
    }

    private static IEnumerable<MalformedRecord> BadIds()
    {
        (string Name, string Json, RefusalReason Reason)[] cases =
        [
            ("is empty", "", RefusalReason.InvalidId),
            ("has 129 bytes", new string('a', 129), RefusalReason.InvalidId),
            ("has 65 letters of two bytes", new string('ü', 65), RefusalReason.InvalidId),
            ("has 129 bytes after unescaping", string.Concat(Enumerable.Repeat("\\u0061", 129)), RefusalReason.InvalidId),
            ("has a zero as an escape", "a\\u0000b", RefusalReason.InvalidId),
            ("has a line break as an escape", "a\\nb", RefusalReason.InvalidId),
            ("has a tab as an escape", "a\\tb", RefusalReason.InvalidId),
            ("has U+001F as an escape", "a\\u001fb", RefusalReason.InvalidId),
            ("has a delete character", "a\u007Fb", RefusalReason.InvalidId),
            ("has U+0085", "a\u0085b", RefusalReason.InvalidId),
            ("has U+009F as an escape", "a\\u009Fb", RefusalReason.InvalidId),
            ("has a high surrogate alone", "a\\ud83db", RefusalReason.InvalidUtf8),
            ("has a low surrogate alone", "a\\ude00b", RefusalReason.InvalidUtf8),
            ("has a surrogate pair the wrong way round", "\\ude00\\ud83d", RefusalReason.InvalidUtf8),
            ("ends with a high surrogate", "a\\ud83d", RefusalReason.InvalidUtf8),
            ("has a high surrogate before another escape", "\\ud83d\\u0041", RefusalReason.InvalidUtf8),
        ];
        foreach (string field in new[] { "patient", "encounter", "device", "session" })
        {
            foreach ((string name, string json, RefusalReason reason) in cases)
                yield return Json($"the {field} {name}", With(field, $"\"{json}\""), reason, field);
        }

        (string Name, string Json)[] patients =
        [
            ("has no namespace before its colon", ":bed-7"),
            ("has no id behind its colon", "icu:"),
            ("is a colon", ":"),
            ("has a space in its namespace", "icu 1:bed-7"),
            ("has a letter with an accent in its namespace", "süd:bed-7"),
            ("has a slash in its namespace", "icu/1:bed-7"),
            ("is a URL", "http//x:bed"),
            ("has 128 bytes without its default namespace", new string('a', 128)),
        ];
        foreach ((string name, string json) in patients)
            yield return Json($"the patient {name}", With("patient", $"\"{json}\""), RefusalReason.InvalidId, "patient");
    }

    private static IEnumerable<MalformedRecord> Duplicates()
    {
        string right = With("v", "1");
        foreach (string field in new[] { "v", "patient", "encounter", "device", "session", "sequence", "time", "interval", "readings" })
        {
            yield return Json($"{field} stands there twice", right[..^1] + $",\"{field}\":null}}", RefusalReason.Malformed, field);
            yield return Json($"{field} stands there twice, once with an escape", right[..^1] + $",\"\\u{(int)field[0]:x4}{field[1..]}\":1}}", RefusalReason.Malformed, field);
        }

        foreach (string field in new[] { "code", "value", "unit", "time", "quality", "source", "absent" })
        {
            yield return Json(
                $"the reading's {field} stands there twice",
                With("readings", $$"""[{"code":"hr","value":72,"{{field}}":null,"{{field}}":null}]"""),
                RefusalReason.NoGoodReading, $"readings[0].{field}", RefusalReason.Malformed);
        }
    }

    private static IEnumerable<MalformedRecord> BadTimes()
    {
        (string Name, string Json)[] cases =
        [
            ("an empty text", "\"\""),
            ("words", "\"now\""),
            ("a date without time", "\"2026-11-21\""),
            ("no zone", "\"2026-11-21T12:00:00\""),
            ("no zone but decimals", "\"2026-11-21T12:00:00.000\""),
            ("no seconds", "\"2026-11-21T12:00Z\""),
            ("a space in place of the T", "\"2026-11-21 12:00:00Z\""),
            ("month 13", "\"2026-13-21T12:00:00Z\""),
            ("month 0", "\"2026-00-21T12:00:00Z\""),
            ("30 February", "\"2026-02-30T12:00:00Z\""),
            ("29 February of no leap year", "\"2025-02-29T12:00:00Z\""),
            ("29 February 1900", "\"1900-02-29T12:00:00Z\""),
            ("day 0", "\"2026-11-00T12:00:00Z\""),
            ("hour 24", "\"2026-11-21T24:00:00Z\""),
            ("minute 60", "\"2026-11-21T11:60:00Z\""),
            ("second 60", "\"2026-11-21T11:59:60Z\""),
            ("a point without decimals", "\"2026-11-21T12:00:00.Z\""),
            ("ten decimals", "\"2026-11-21T12:00:00.0000000000Z\""),
            ("a decimal comma", "\"2026-11-21T12:00:00,5Z\""),
            ("an offset without minutes", "\"2026-11-21T12:00:00+01\""),
            ("an offset without colon", "\"2026-11-21T12:00:00+0100\""),
            ("an offset of 24 hours", "\"2026-11-21T12:00:00+24:00\""),
            ("a zone by name", "\"2026-11-21T12:00:00 UTC\""),
            ("something behind the Z", "\"2026-11-21T12:00:00Zx\""),
            ("letters for digits", "\"2O26-11-21T12:00:00Z\""),
            ("a year of five digits", "\"12026-11-21T12:00:00Z\""),
            ("year 0", "\"0000-11-21T12:00:00Z\""),
            ("the RFC 1123 form", "\"Sat, 21 Nov 2026 12:00:00 GMT\""),
            ("milliseconds in quotes", "\"1795262400000\""),
            ("half a surrogate pair", "\"2026-11-21T12:00:00\\ud800\""),
            ("milliseconds with a fraction", "1795262400000.5"),
            ("milliseconds with an exponent", "1.7952624e12"),
            ("more milliseconds than 64 bits", "99999999999999999999"),
            ("the last millisecond before 1970", "-1"),
            ("1969", "\"1969-12-31T23:59:59.999Z\""),
            ("1970 by its digits, 1969 by its offset", "\"1970-01-01T00:30:00+01:00\""),
            ("the year 1", "\"0001-01-01T00:00:00Z\""),
            ("five minutes and a millisecond ahead", "\"2026-11-21T12:05:00.001Z\""),
            ("five minutes and a millisecond ahead, in milliseconds", "1795262700001"),
            ("a day ahead", "\"2026-11-22T12:00:00Z\""),
            ("an hour ahead by its offset", "\"2026-11-21T12:00:00-01:00\""),
            ("the year 9999", "\"9999-12-31T23:59:59.999Z\""),
            ("microseconds", "1795262400000000"),
            ("the largest whole number", "9223372036854775807"),
        ];
        foreach ((string name, string json) in cases)
        {
            yield return Json($"time: {name}", With("time", json), RefusalReason.InvalidTime, "time");
            yield return Json(
                $"the reading's time: {name}", With("readings", $$"""[{"code":"hr","value":72,"time":{{json}}}]"""), RefusalReason.NoGoodReading, "readings[0].time", RefusalReason.InvalidTime);
        }
    }

    private static IEnumerable<MalformedRecord> BadNumbers()
    {
        foreach (string sequence in new[] { "-1", "1.5", "12.0", "1e3", "9223372036854775808", "-9223372036854775808", "1e999" })
            yield return Json($"sequence {sequence}", With("sequence", sequence), RefusalReason.WrongType, "sequence");
        foreach (string interval in new[] { "0", "-1", "-0.5", "0.0001", "1e-400", "2147484", "1e10", "1e999", "-1e999" })
            yield return Json($"interval {interval}", With("interval", interval), RefusalReason.WrongType, "interval");
        foreach (string version in new[] { "0", "2", "3", "99", "-1", "4000000000" })
            yield return Json($"version {version}", With("v", version), RefusalReason.Unsupported, "v");
        foreach (string version in new[] { "1.0", "1e0", "99999999999999999999" })
            yield return Json($"version {version}", With("v", version), RefusalReason.WrongType, "v");
        yield return Json("a later version in which patient is an object", With("patient", "{\"id\":\"bed-7\"}").Replace("\"v\":1", "\"v\":2", StringComparison.Ordinal), RefusalReason.Unsupported, "v");
        yield return Json("65 readings", With("readings", $"[{string.Join(',', Enumerable.Repeat(Good, 65))}]"), RefusalReason.TooMany, "readings");
        yield return Json("64 bad readings and a good one", With("readings", $"[{string.Concat(Enumerable.Repeat("7,", 64))}{Good}]"), RefusalReason.TooMany, "readings");
    }

    private static IEnumerable<MalformedRecord> Misplaced()
    {
        string right = With("v", "1");
        (string Name, byte[]? Key)[] keys =
        [
            ("no key", null),
            ("an empty key", []),
            ("another patient's key", Utf8("icu:bed-8")),
            ("the id without its namespace as key", Utf8("bed-7")),
            ("the id in the default namespace as key", Utf8("default:bed-7")),
            ("another namespace in the key", Utf8("or:bed-7")),
            ("a key in capitals", Utf8("ICU:BED-7")),
            ("a key with a space behind it", Utf8("icu:bed-7 ")),
            ("a key with a line break behind it", Utf8("icu:bed-7\n")),
            ("a key with a zero byte behind it", Utf8("icu:bed-7\0")),
            ("a key that goes on", Utf8("icu:bed-71")),
            ("a key that breaks off", Utf8("icu:bed-")),
            ("a key in quotes, as a JSON serializer makes it", Utf8("\"icu:bed-7\"")),
            ("a key that is not UTF-8", [0xFF, 0xFE, 0x00]),
            ("a key of four bytes, as an integer serializer makes it", [0, 0, 0, 7]),
            ("a key of 300 bytes", new byte[300]),
        ];
        foreach ((string name, byte[]? key) in keys)
            yield return new(name, key, Utf8(right), null, null, RefusalReason.WrongKey, "key");
        yield return new("an id without namespace whose key lacks it too", Utf8("bed-7"), Utf8(With("patient", "\"bed-7\"")), null, null, RefusalReason.WrongKey, "key");
        yield return new("the wrong partition", Utf8(Patient), Utf8(right), null, null, RefusalReason.WrongPartition, "key", IsMisplaced: true);
        yield return new("the wrong partition of a patient in the default namespace", Utf8("default:x"), Utf8(With("patient", "\"x\"")), null, null, RefusalReason.WrongPartition, "key", IsMisplaced: true);
    }

    private static IEnumerable<MalformedRecord> Headers()
    {
        byte[] right = Utf8(With("v", "1"));
        foreach (string type in new[] { "", "observations", "alarm", "tick2", "\0", "ÿ" })
            yield return new($"the header type is '{type.Replace("\0", "zero", StringComparison.Ordinal)}'", Utf8(Patient), right, type, null, RefusalReason.Unsupported, "headers.type");
        foreach (string content in new[] { "", "json", "text/plain", "application/xml", "application/fhir+json", "application/avro", "application/json; charset=utf-16", "application/json;charset=\"iso-8859-1\"" })
            yield return new($"the header content-type is '{content}'", Utf8(Patient), right, null, content, RefusalReason.Unsupported, "headers.content-type");
        yield return new("JSON announced as protobuf", Utf8(Patient), right, null, "application/x-protobuf", RefusalReason.Malformed, "");
    }

    private static IEnumerable<MalformedRecord> Sizes()
    {
        string right = With("v", "1");
        yield return Json("one byte too large", right + new string(' ', ObservationDecoder.MaximumBytes + 1 - right.Length), RefusalReason.TooLarge, "");
        yield return Json("too large and not JSON", new string('x', ObservationDecoder.MaximumBytes + 1), RefusalReason.TooLarge, "");
        yield return new("too large as protobuf", Utf8(Patient), new byte[ObservationDecoder.MaximumBytes + 1], null, "application/protobuf", RefusalReason.TooLarge, "");
        yield return new("too large with an unknown type", Utf8(Patient), new byte[300_000], "x", null, RefusalReason.TooLarge, "");
    }

    private static string Invariant(double value) => value.ToString(CultureInfo.InvariantCulture);
}
