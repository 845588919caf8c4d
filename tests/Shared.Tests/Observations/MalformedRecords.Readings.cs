using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Observations;

public static partial class MalformedRecords
{
    private static MalformedRecord Reading(string name, string json, RefusalReason reason, string? field) => Json(
        $"reading: {name}", With("readings", $"[{json}]"), RefusalReason.NoGoodReading, field is null ? "readings[0]" : $"readings[0].{field}", reason);

    private static IEnumerable<MalformedRecord> BadReadings() => [.. BadShapes(), .. BadWords(), .. BadValues(), .. BadUnits()];

    private static IEnumerable<MalformedRecord> BadShapes()
    {
        foreach (string json in new[] { "72", "\"hr\"", "null", "true", "[]", """["hr",72]""", """[[{"code":"hr","value":72}]]""" })
            yield return Reading($"{json} in place of an object", json, RefusalReason.WrongType, null);
        yield return Reading("an empty object", "{}", RefusalReason.Missing, "code");
        yield return Reading("no code", """{"value":72}""", RefusalReason.Missing, "code");
        yield return Reading("code null", """{"code":null,"value":72}""", RefusalReason.Missing, "code");
        yield return Reading("no value", """{"code":"hr"}""", RefusalReason.Missing, "value");
        yield return Reading("value null", """{"code":"hr","value":null,"unit":"/min"}""", RefusalReason.Missing, "value");
        yield return Reading("value and absent", """{"code":"hr","value":72,"absent":"sensor-off"}""", RefusalReason.WrongType, "absent");
        yield return Reading("absent is empty", """{"code":"hr","absent":""}""", RefusalReason.InvalidId, "absent");
        yield return Reading("absent has a control character", """{"code":"hr","absent":"a\u0001"}""", RefusalReason.InvalidId, "absent");
        yield return Reading("absent has 129 bytes", $$"""{"code":"hr","absent":"{{new string('x', 129)}}"}""", RefusalReason.InvalidId, "absent");
        yield return Reading("absent has half a surrogate pair", """{"code":"hr","absent":"\udc00"}""", RefusalReason.InvalidUtf8, "absent");
        foreach ((string field, string[] wrong) in new (string, string[])[]
        {
            ("code", ["8867", "true", "{}", """["hr"]"""]),
            ("value", ["\"72\"", "\"\"", "\"high\"", "\"72 /min\"", "true", "false", "{\"magnitude\":72}", "[72]", "\"\\ud800\""]),
            ("unit", ["1", "true", "{}", "[]"]),
            ("time", ["true", "{}", "[]"]),
            ("quality", ["0", "true", "{}", "[]"]),
            ("source", ["1", "true", "{}", "[]"]),
            ("absent", ["0", "true", "{}", "[]"]),
        })
        {
            foreach (string json in wrong)
            {
                string rest = field is "code" ? "\"value\":72" : field is "value" or "absent" ? "\"code\":\"hr\"" : "\"code\":\"hr\",\"value\":72";
                yield return Reading($"{field} is {json}", $$"""{{{rest}},"{{field}}":{{json}}}""", RefusalReason.WrongType, field);
            }
        }
    }

    private static IEnumerable<MalformedRecord> BadWords()
    {
        foreach (string code in new[] { "", "HR", "heart-rate", "hr ", " hr", "8867", "8867-5", "8480-6", "8462-4", "8478-0", "abp", "temp", "glucose", "\\ud83d", "h\\u0000r", new string('x', 200) })
            yield return Reading($"code '{code}'", $$"""{"code":"{{code}}","value":72}""", RefusalReason.UnknownCode, "code");
        foreach (string quality in new[] { "", "OK", "good", "sensor off", "sensor_off", "\\ud83d" })
            yield return Reading($"quality '{quality}'", $$"""{"code":"hr","value":72,"quality":"{{quality}}"}""", RefusalReason.WrongType, "quality");
        foreach (string source in new[] { "", "Monitor", "nurse", "spot check", "\\udc00" })
            yield return Reading($"source '{source}'", $$"""{"code":"hr","value":72,"source":"{{source}}"}""", RefusalReason.WrongType, "source");
    }

    private static IEnumerable<MalformedRecord> BadValues()
    {
        foreach (SignalCodeInfo info in SignalCodes.All.ToArray())
        {
            yield return Reading($"{info.Name} above its range", $$"""{"code":"{{info.Name}}","value":{{Invariant(info.Maximum + info.Resolution)}},"unit":"{{info.Ucum}}"}""", RefusalReason.Impossible, "value");
            yield return Reading($"{info.Name} below its range", $$"""{"code":"{{info.Name}}","value":{{Invariant(info.Minimum - info.Resolution)}},"unit":"{{info.Ucum}}"}""", RefusalReason.Impossible, "value");
        }

        (string Name, string Json)[] impossible =
        [
            ("a temperature in Fahrenheit without its unit", """{"code":"temp-core","value":98.6}"""),
            ("a temperature in Kelvin without its unit", """{"code":"temp-core","value":310.15}"""),
            ("a share of oxygen as a fraction without its unit", """{"code":"fio2","value":0.21}"""),
            ("a weight in gram without its unit", """{"code":"weight","value":3250}"""),
            ("a saturation above 100 %", """{"code":"spo2","value":101,"unit":"%"}"""),
            ("a saturation as a fraction above 1", """{"code":"spo2","value":97,"unit":"1"}"""),
            ("a temperature of 200 °F", """{"code":"temp-core","value":200,"unit":"[degF]"}"""),
            ("a pressure of 100 kPa", """{"code":"abp-sys","value":100,"unit":"kPa"}"""),
            ("the largest double", """{"code":"hr","value":1.7976931348623157e308}"""),
            ("the largest double, converted", """{"code":"spo2","value":1.7976931348623157e308,"unit":"1"}"""),
            ("the negative of the smallest double", """{"code":"hr","value":-5e-324}"""),
            ("a code for no value", """{"code":"hr","value":-9999}"""),
            ("a value of many digits", """{"code":"hr","value":7200000000000000000000000000000}"""),
        ];
        foreach ((string name, string json) in impossible)
            yield return Reading(name, json, RefusalReason.Impossible, "value");
        foreach (string value in new[] { "1e999", "-1e999", "1e400", "\"NaN\"", "\"nan\"", "\"-NaN\"", "\"Infinity\"", "\"-Infinity\"", "\"+inf\"", "\"INF\"", "\"N\\u0061N\"" })
            yield return Reading($"value {value}", $$"""{"code":"hr","value":{{value}}}""", RefusalReason.NotFinite, "value");
    }

    private static IEnumerable<MalformedRecord> BadUnits()
    {
        foreach (SignalCodeInfo info in SignalCodes.All.ToArray())
        {
            string wrong = info.Ucum == "kg" ? "mm[Hg]" : "kg";
            yield return Reading($"{info.Name} in {wrong}", $$"""{"code":"{{info.Name}}","value":{{Invariant(info.Maximum)}},"unit":"{{wrong}}"}""", RefusalReason.UnknownUnit, "unit");
        }

        foreach (string unit in new[] { "", " ", "bananas", "/MIN", "/min ", "Hz", "\\u0000", "\\ud800", "min-1", new string('x', 200) })
            yield return Reading($"unit '{unit}'", $$"""{"unit":"{{unit}}","code":"hr","value":72}""", RefusalReason.UnknownUnit, "unit");
    }
}
