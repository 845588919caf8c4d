using Google.Protobuf;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;

namespace PhysioActors.Shared.Tests.Observations;

public static partial class MalformedRecords
{
    // No field: it would be set only after the list of all records, in another file, is made.
    private static (string Name, string Value)[] RightWaveform => [("signal", "\"ecg-ii\""), ("rate", "250"), ("gain", "200"), ("baseline", "0"), ("time", "1795262399000"), ("samples", "[1,null,-3]")];

    /// <summary>An observation of one waveform alone, in which one field is replaced; a null text leaves it out. Samples come first, so that they are read before their rate.</summary>
    private static string WithWaveform(string field, string? json) => With("readings", null)[..^1]
        + $",\"waveforms\":[{{{string.Join(',', RightWaveform.AsEnumerable().Reverse().Select(pair => (pair.Name, Value: pair.Name == field ? json : pair.Value)).Where(pair => pair.Value is not null).Select(pair => $"\"{pair.Name}\":{pair.Value}"))}}}]}}";

    private static MalformedRecord Waveform(string field, string? json, RefusalReason reason) =>
        Json($"waveform: {field} is {(json is { Length: > 40 } ? $"{json[..40]}... ({json.Length})" : json ?? "missing")}", WithWaveform(field, json), RefusalReason.NoGoodReading, $"waveforms[0].{field}", reason);

    private static string Samples(int count, string sample = "0") => $"[{string.Join(',', Enumerable.Repeat(sample, count))}]";

    private static IEnumerable<MalformedRecord> BadWaveforms()
    {
        string alone = With("readings", null)[..^1];
        foreach (string json in new[] { "72", "\"ecg\"", "null", "true", "[]", "[[1,2,3]]" })
            yield return Json($"waveform: {json} in place of an object", $"{alone},\"waveforms\":[{json}]}}", RefusalReason.NoGoodReading, "waveforms[0]", RefusalReason.WrongType);
        yield return Json("waveform: an empty object", alone + ",\"waveforms\":[{}]}", RefusalReason.NoGoodReading, "waveforms[0].signal", RefusalReason.Missing);
        yield return Json("no waveform", alone + ",\"waveforms\":[]}", RefusalReason.NoGoodReading, "waveforms");
        yield return Json("neither a reading nor a waveform", With("readings", "[]")[..^1] + ",\"waveforms\":[]}", RefusalReason.NoGoodReading, "readings");
        yield return Json("waveforms null and readings missing", alone + ",\"waveforms\":null}", RefusalReason.Missing, "readings");
        yield return Json("waveforms stands there twice", WithWaveform("rate", "250")[..^1] + ",\"waveforms\":[]}", RefusalReason.Malformed, "waveforms");
        yield return Json("a bad reading beside a bad waveform", WithWaveform("rate", "25")[..^1] + ",\"readings\":[{}]}", RefusalReason.NoGoodReading, "readings[0].code", RefusalReason.Missing);
        string good = $"{{\"signal\":\"ecg\",\"rate\":50,\"gain\":1,\"samples\":[0]}}";
        yield return Json("17 waveforms", $"{alone},\"waveforms\":[{string.Join(',', Enumerable.Repeat(good, 17))}]}}", RefusalReason.TooMany, "waveforms");
        yield return Json("16 bad waveforms and a good one", $"{alone},\"waveforms\":[{string.Concat(Enumerable.Repeat("7,", 16))}{good}]}}", RefusalReason.TooMany, "waveforms");
        yield return Json("waveform: the second of two bad ones is worse", $"{alone},\"waveforms\":[{{\"signal\":\"ecg\",\"rate\":1,\"gain\":1,\"samples\":[0]}},{{}}]}}", RefusalReason.NoGoodReading, "waveforms[0].rate", RefusalReason.InvalidRate);
        foreach ((string field, string _) in RightWaveform)
        {
            if (field is not ("baseline" or "time"))
            {
                yield return Waveform(field, null, RefusalReason.Missing);
                yield return Waveform(field, "null", RefusalReason.Missing);
            }

            yield return Json(
                $"waveform: {field} stands there twice", WithWaveform("v", null).Replace("\"waveforms\":[{", $"\"waveforms\":[{{\"{field}\":null,", StringComparison.Ordinal),
                RefusalReason.NoGoodReading, $"waveforms[0].{field}", RefusalReason.Malformed);
        }

        foreach (MalformedRecord record in (MalformedRecord[])[.. BadWaveformWords(), .. BadWaveformNumbers(), .. BadSamples()])
            yield return record;
    }

    private static IEnumerable<MalformedRecord> BadWaveformWords()
    {
        foreach (string signal in new[] { "", "MLII", "II", "ecg ii", "ecg_ii", "ecg-vii", "hr", "ppg", "ecg-ii ", "\\ud800", "ecg\\u0000", new string('x', 300) })
            yield return Waveform("signal", $"\"{signal}\"", RefusalReason.UnknownSignal);
        foreach ((string field, string[] wrong) in new (string, string[])[]
        {
            ("signal", ["2", "true", "{}", "[\"ecg\"]"]), ("rate", ["\"250\"", "true", "{}", "[250]"]), ("gain", ["\"200\"", "false", "{}", "[200]"]),
            ("baseline", ["\"0\"", "true", "{}", "[0]"]), ("time", ["true", "{}", "[1]"]), ("samples", ["1", "\"AAAA\"", "true", "{}", "{\"0\":1}"]),
        })
        {
            foreach (string json in wrong)
                yield return Waveform(field, json, RefusalReason.WrongType);
        }

        foreach (string time in new[] { "\"now\"", "\"\"", "\"2026-11-21T12:00:00\"", "\"1969-12-31T23:59:59.999Z\"", "-1", "1.5", "1e12", "1795262700001", "9223372036854775807", "99999999999999999999", "\"\\ud800\"" })
            yield return Waveform("time", time, RefusalReason.InvalidTime);

        // Three samples at 250 Hz take 12 ms.
        yield return Waveform("time", "1795262699989", RefusalReason.InvalidTime);
        yield return Json(
            "waveform: without a time, and the observation's is so late that it ends too far ahead", WithWaveform("time", null).Replace(Time, "1795262699989", StringComparison.Ordinal),
            RefusalReason.NoGoodReading, "waveforms[0].time", RefusalReason.InvalidTime);
    }

    private static IEnumerable<MalformedRecord> BadWaveformNumbers()
    {
        foreach (string rate in new[] { "0", "-250", "49.999", "1000.001", "25", "2000", "1e4", "1e999", "-1e999", "5e-324" })
            yield return Waveform("rate", rate, RefusalReason.InvalidRate);
        foreach (string gain in new[] { "0", "-0", "-200", "0.0009", "1000001", "1e999", "-1e999", "1e-300" })
            yield return Waveform("gain", gain, RefusalReason.InvalidGain);
        foreach (string baseline in new[] { "0.5", "1e3", "2.0", "1000000001", "-1000000001", "9223372036854775807", "-9223372036854775808", "99999999999999999999", "1e999" })
            yield return Waveform("baseline", baseline, RefusalReason.InvalidBaseline);
    }

    private static IEnumerable<MalformedRecord> BadSamples()
    {
        yield return Waveform("samples", "[]", RefusalReason.NoSamples);
        foreach (string sample in new[]
        {
            "32768", "-32769", "65536", "-65536", "99999", "100000", "-100000", "4294967296", "18446744073709551616", "1.0", "0.5", "1e0", "1E2", "-1e-1", "1e999", "\"1\"", "\"\"", "true", "false", "{}", "[]", "[1]",
            "{\"x\":[null]}",
        })
        {
            yield return Waveform("samples", $"[{sample}]", RefusalReason.InvalidSamples);
            yield return Waveform("samples", $"[0,{sample},0]", RefusalReason.InvalidSamples);
        }

        yield return Waveform("samples", Samples(2501), RefusalReason.TooManySamples);
        yield return Waveform("samples", Samples(10_001), RefusalReason.TooManySamples);
        yield return Waveform("samples", Samples(50_000, "null"), RefusalReason.TooManySamples);
        foreach ((string rate, int count) in new[] { ("50", 501), ("62.5", 626), ("128", 1281), ("360", 3601), ("1000", 10_001) })
        {
            yield return Json(
                $"waveform: {count} samples at {rate} Hz", WithWaveform("samples", Samples(count)).Replace("\"rate\":250", $"\"rate\":{rate}", StringComparison.Ordinal),
                RefusalReason.NoGoodReading, "waveforms[0].samples", RefusalReason.TooManySamples);
        }
    }

    private static Waveform WaveformForm() =>
        new() { Signal = "ecg-ii", Rate = 250, Gain = 200, Baseline = -5, TimeMs = TimestampMs, Samples = ByteString.CopyFrom(1, 0, 2, 0) };

    private static MalformedRecord ProtobufWaveform(string name, Action<Waveform> change, RefusalReason reason, string field)
    {
        Waveform waveform = WaveformForm();
        change(waveform);
        return ProtobufWaveform(name, waveform.ToByteArray(), reason, field);
    }

    private static MalformedRecord ProtobufWaveform(string name, byte[] waveform, RefusalReason reason, string? field)
    {
        byte[] length = waveform.Length < 128 ? [(byte)waveform.Length] : [(byte)(waveform.Length | 0x80), (byte)(waveform.Length >> 7)];
        return Protobuf($"waveform: {name}", [.. Without(Form().ToByteArray()), 0x52, .. length, .. waveform], RefusalReason.NoGoodReading, field is null ? "waveforms[0]" : $"waveforms[0].{field}", reason);
    }

    private static IEnumerable<MalformedRecord> BadProtobufWaveforms()
    {
        byte[] right = WaveformForm().ToByteArray();
        byte[] alone = Without(Form().ToByteArray());
        yield return Protobuf("waveforms as an integer", [.. alone, 0x50, 0x01], RefusalReason.WrongType, "waveforms");
        yield return Protobuf("waveforms as a double", [.. alone, 0x51, 0, 0, 0, 0, 0, 0, 0, 0], RefusalReason.WrongType, "waveforms");
        yield return Protobuf("cut in a waveform", [.. alone, 0x52, 0x10, .. right[..8]], RefusalReason.Malformed, "");
        yield return Protobuf("17 waveforms", form => form.Waveforms.Add(Enumerable.Repeat(WaveformForm(), 17)), RefusalReason.TooMany, "waveforms");
        yield return ProtobufWaveform("empty", [], RefusalReason.Missing, "signal");
        yield return ProtobufWaveform("not protobuf", [0x0A, 0x7F], RefusalReason.WrongType, null);
        yield return ProtobufWaveform("right, then broken off", [.. right, 0x0A], RefusalReason.WrongType, null);
        yield return ProtobufWaveform("no signal", waveform => waveform.Signal = "", RefusalReason.Missing, "signal");
        yield return ProtobufWaveform("no rate", waveform => waveform.Rate = 0, RefusalReason.Missing, "rate");
        yield return ProtobufWaveform("no gain", waveform => waveform.Gain = 0, RefusalReason.Missing, "gain");
        yield return ProtobufWaveform("no samples", waveform => waveform.Samples = ByteString.Empty, RefusalReason.Missing, "samples");
        yield return ProtobufWaveform("samples that are there and empty", [.. WithoutSamples(), 0x32, 0x00], RefusalReason.NoSamples, "samples");
        yield return ProtobufWaveform("rate 0, said", [.. right, 0x11, 0, 0, 0, 0, 0, 0, 0, 0], RefusalReason.InvalidRate, "rate");
        yield return ProtobufWaveform("gain 0, said", [.. right, 0x19, 0, 0, 0, 0, 0, 0, 0, 0], RefusalReason.InvalidGain, "gain");
        yield return ProtobufWaveform("an unknown signal", waveform => waveform.Signal = "MLII", RefusalReason.UnknownSignal, "signal");
        yield return ProtobufWaveform("a signal that is not UTF-8", [0x0A, 0x02, 0xC3, 0x28, .. right[8..]], RefusalReason.InvalidUtf8, "signal");
        foreach (double rate in new[] { 49.99, 1000.01, -250, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.Epsilon })
            yield return ProtobufWaveform(Invariant(rate) + " Hz", waveform => waveform.Rate = rate, RefusalReason.InvalidRate, "rate");
        foreach (double gain in new[] { 0.00099, 1_000_000.1, -1, double.NaN, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue })
            yield return ProtobufWaveform("gain " + Invariant(gain), waveform => waveform.Gain = gain, RefusalReason.InvalidGain, "gain");
        foreach (int baseline in new[] { WaveformBounds.MaximumBaseline + 1, -WaveformBounds.MaximumBaseline - 1, int.MinValue, int.MaxValue })
            yield return ProtobufWaveform($"baseline {baseline}", waveform => waveform.Baseline = baseline, RefusalReason.InvalidBaseline, "baseline");
        yield return ProtobufWaveform("a baseline of 64 bits", [.. right, 0x20, 0xFE, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01], RefusalReason.InvalidBaseline, "baseline");
        foreach (long time in new[] { -1, long.MinValue, long.MaxValue, TimestampMs + 300_001, TimestampMs + 299_993 })
            yield return ProtobufWaveform($"time {time}", waveform => waveform.TimeMs = time, RefusalReason.InvalidTime, "time");
        foreach (int bytes in new[] { 1, 3, 501 })
            yield return ProtobufWaveform($"{bytes} bytes of samples", waveform => waveform.Samples = ByteString.CopyFrom(new byte[bytes]), RefusalReason.InvalidSamples, "samples");
        foreach (int count in new[] { 2501, 7500 })
            yield return ProtobufWaveform($"{count} samples", waveform => waveform.Samples = ByteString.CopyFrom(new byte[2 * count]), RefusalReason.TooManySamples, "samples");
        yield return Protobuf("waveform: 10,001 samples at 1000 Hz", form => { form.Readings.Clear(); Waveform large = WaveformForm(); (large.Rate, large.Samples) = (1000, ByteString.CopyFrom(new byte[20_002])); form.Waveforms.Add(large); }, RefusalReason.NoGoodReading, "waveforms[0].samples", RefusalReason.TooManySamples);
        foreach ((string field, byte tag) in new (string, byte)[] { ("signal", 0x08), ("rate", 0x10), ("gain", 0x18), ("time", 0x29), ("samples", 0x30), ("baseline", 0x21) })
            yield return ProtobufWaveform($"{field} in another wire type", [.. right, tag, .. ((tag & 7) == 1 ? new byte[8] : [0x01])], RefusalReason.WrongType, field);
    }

    private static byte[] WithoutSamples()
    {
        Waveform waveform = WaveformForm();
        waveform.Samples = ByteString.Empty;
        return waveform.ToByteArray();
    }
}
