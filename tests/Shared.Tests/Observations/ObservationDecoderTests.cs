using System.Text;

using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Observations;

public sealed class ObservationDecoderTests
{
    private const long Now = MalformedRecords.TimestampMs;
    private const int Partitions = 16;

    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _into = new();

    [Fact]
    public void Every_field_arrives()
    {
        Accept("icu:bed-7", """
            {"v":1,"patient":"icu:bed-7","encounter":"e-1","device":"monitor-1","session":"s-1","sequence":12,"time":"2026-11-21T12:00:00.250Z","interval":1.5,
             "readings":[{"code":"hr","value":72.34,"unit":"/min","time":"2026-11-21T13:59:58+02:00","quality":"questionable","source":"wearable"},
                         {"code":"8867-4","value":73},{"code":"spo2","absent":"sensor-off"},{"code":"hr","value":1000}]}
            """);
        Assert.Equal(("icu:bed-7", "e-1", "monitor-1", "s-1"), (Text(_into.PatientKey), Text(_into.Encounter), Text(_into.Device), Text(_into.Session)));
        Assert.Equal((12, Now + 250, 1500), (_into.Sequence, _into.TimeMs, _into.IntervalMs));
        Assert.Equal(
            [
                new Reading(SignalCode.HeartRate, true, 723, Now - 2000, ReadingQuality.Questionable, ReadingSource.Wearable),
                new Reading(SignalCode.HeartRate, true, 730, Now + 250, ReadingQuality.Ok, ReadingSource.Unspecified),
                new Reading(SignalCode.SpO2, false, 0, Now + 250, ReadingQuality.SensorOff, ReadingSource.Unspecified),
            ],
            _into.Readings.ToArray());
        Assert.Equal([new RefusedReading(SignalCode.HeartRate, RefusalReason.Impossible)], _into.Refused.ToArray());
    }

    [Fact]
    public void The_least_observation_is_patient_time_and_a_reading()
    {
        Accept("default:bed-7", """{"patient":"bed-7","time":0,"readings":[{"code":"hr","value":72}]}""");
        Assert.Equal(("default:bed-7", "", "", "", -1L, 0L, 0), (Text(_into.PatientKey), Text(_into.Encounter), Text(_into.Device), Text(_into.Session), _into.Sequence, _into.TimeMs, _into.IntervalMs));
        Assert.Equal(0, _into.Readings[0].TimeMs);
    }

    [Fact]
    public void Fields_may_come_in_any_order_and_null_is_as_good_as_none()
    {
        Accept("icu:1", """
            {"readings":[{"source":"manual","unit":"[degF]","quality":null,"time":null,"absent":null,"value":98.6,"code":"temp-core"}],"interval":null,"time":1795262400000,"sequence":null,
             "session":null,"device":null,"encounter":null,"patient":"icu:1","v":null}
            """);
        Assert.Equal(new Reading(SignalCode.CoreTemperature, true, 3200, Now, ReadingQuality.Ok, ReadingSource.Manual), _into.Readings[0]);
    }

    [Fact]
    public void Unknown_fields_are_ignored_however_deep()
    {
        string deep = new string('[', 100_000) + new string(']', 100_000);
        Accept("icu:1", $$"""
            {"patient":"icu:1","x":{"patient":"other","readings":[1,{"code":"y"}]},"time":1795262400000,"note":"\ud800","\ud800":1,"deep":{{deep}},
             "readings":[{"code":"hr","value":72,"x":[{"code":"rr"}],"value2":3,"\u0000":null}],"Patient":5}
            """);
        Assert.Equal((1, 720), (_into.ReadingCount, _into.Readings[0].Steps));
    }

    [Fact]
    public void Escapes_are_resolved_in_names_ids_and_words()
    {
        Accept("icu:bed \"7\"/\\é😀", """
            {"p\u0061tient":"icu:bed \"7\"\/\\\u00e9\ud83d\ude00","device":"\u006donitor","session":"\u0073","encounter":"\u0065","time":"2026-11-21T12:00:00\u005a",
             "readings":[{"\u0063ode":"temp\u002dcore","value":310.15,"unit":"\u004b","quality":"\u006fk","source":"manua\u006c"},{"code":"hr","absent":"sensor\u002doff"}]}
            """);
        Assert.Equal(("e", "monitor", "s"), (Text(_into.Encounter), Text(_into.Device), Text(_into.Session)));
        Assert.Equal(
            [
                new Reading(SignalCode.CoreTemperature, true, 3200, Now, ReadingQuality.Ok, ReadingSource.Manual),
                new Reading(SignalCode.HeartRate, false, 0, Now, ReadingQuality.SensorOff, ReadingSource.Unspecified),
            ],
            _into.Readings.ToArray());
    }

    [Fact]
    public void Every_bound_itself_is_allowed()
    {
        string longest = $"icu:{new string('x', 124)}";
        string id = new('ü', 64);
        string readings = string.Join(',', Enumerable.Repeat("""{"code":"hr","value":350}""", DecodedObservation.MaximumReadings));
        string json = $$"""{"patient":"{{longest}}","device":"{{id}}","session":"{{string.Concat(Enumerable.Repeat("\\u0061", 128))}}","sequence":9223372036854775807,"time":{{Now + 300_000}},"interval":0.001,"readings":[{{readings}}]}""";
        Accept(longest, json + new string(' ', ObservationDecoder.MaximumBytes - Encoding.UTF8.GetByteCount(json)));
        Assert.Equal((id, 128, long.MaxValue, Now + 300_000, 1, 64), (Text(_into.Device), _into.Session.Length, _into.Sequence, _into.TimeMs, _into.IntervalMs, _into.ReadingCount));
    }

    [Theory]
    [InlineData("""{"code":"hr","absent":"sensor-off"}""", ReadingQuality.SensorOff)]
    [InlineData("""{"code":"hr","absent":"artefact"}""", ReadingQuality.Ok)]
    [InlineData("""{"code":"hr","quality":"ok","absent":"test"}""", ReadingQuality.Ok)]
    [InlineData("""{"code":"hr","absent":"test","quality":"ok"}""", ReadingQuality.Ok)]
    [InlineData("""{"code":"hr","quality":"sensor-off"}""", ReadingQuality.SensorOff)]
    [InlineData("""{"code":"hr","value":-1,"quality":"sensor-off"}""", ReadingQuality.SensorOff)]
    [InlineData("""{"code":"hr","value":"NaN","quality":"calibrating"}""", ReadingQuality.Calibrating)]
    public void That_there_is_no_value_is_information_of_its_own(string reading, ReadingQuality quality)
    {
        Accept("icu:1", $$"""{"patient":"icu:1","time":1,"readings":[{{reading}}]}""");
        Assert.Equal(new Reading(SignalCode.HeartRate, false, 0, 1, quality, ReadingSource.Unspecified), _into.Readings[0]);
        Assert.False(_into.Readings[0].IsUsable);
    }

    [Theory]
    [InlineData("1970-01-01T00:00:00Z", 0)]
    [InlineData("1970-01-01T00:00:00.0019999Z", 1)]
    [InlineData("1972-02-29T23:59:59.5z", 68255999500)]
    [InlineData("2000-02-29t00:00:00Z", 951782400000)]
    [InlineData("2000-03-01T00:00:00+14:00", 951818400000)]
    [InlineData("2026-11-21T12:00:00.123456789-00:00", 1795262400123)]
    [InlineData("2026-11-21T06:30:00-05:30", 1795262400000)]
    public void Times_are_read_to_the_millisecond(string time, long expected)
    {
        Accept("icu:1", $$"""{"patient":"icu:1","time":"{{time}}","readings":[{"code":"hr","value":72}]}""");
        Assert.Equal(expected, _into.TimeMs);
    }

    [Fact]
    public void Every_day_of_four_hundred_years_is_read_as_the_library_would()
    {
        for (var day = new DateTimeOffset(1970, 1, 1, 7, 8, 9, TimeSpan.Zero); day.Year < 2370; day = day.AddDays(1))
        {
            Assert.True(Shared.Observations.Decoding.InboundTime.TryParseText(Encoding.ASCII.GetBytes(day.ToString("yyyy-MM-ddTHH:mm:ssZ", null)), out long time));
            Assert.Equal(day.ToUnixTimeMilliseconds(), time);
        }
    }

    [Theory]
    [InlineData("72")]
    [InlineData("-0.5")]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("36.65")]
    [InlineData("7.2e1")]
    [InlineData("7.2E+01")]
    [InlineData("123456789012345")]
    [InlineData("1234567890123456")]
    [InlineData("12345678901234567890")]
    [InlineData("0.12345678901234")]
    [InlineData("0.1234567890123456789")]
    [InlineData("0.3")]
    [InlineData("9007199254740993")]
    [InlineData("4.35")]
    [InlineData("5e-324")]
    [InlineData("1.7976931348623157e308")]
    [InlineData("179769313486231580000e300")]
    public void Numbers_are_read_as_the_nearest_double(string text)
    {
        double expected = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
        Assert.Equal(BitConverter.DoubleToInt64Bits(expected), BitConverter.DoubleToInt64Bits(Shared.Observations.Decoding.JsonText.ParseNumber(Encoding.ASCII.GetBytes(text))));
    }

    [Fact]
    public void Random_numbers_are_read_as_the_nearest_double()
    {
        var random = new Random(7);
        for (int i = 0; i < 20_000; i++)
        {
            string text = ((random.NextInt64(2_000_000_000_000_000) - 1_000_000_000_000_000) / (decimal)Math.Pow(10, random.Next(16))).ToString(System.Globalization.CultureInfo.InvariantCulture);
            double expected = double.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
            Assert.Equal(expected, Shared.Observations.Decoding.JsonText.ParseNumber(Encoding.ASCII.GetBytes(text)));
        }
    }

    [Fact]
    public void White_space_field_order_escapes_and_the_form_do_not_count_in_the_content_hash()
    {
        ObservationDraft draft = ObservationWriterTests.Draft();
        draft.TimeMs = Now;
        var writer = new ObservationWriter();
        Accept(draft.Patient, Encoding.UTF8.GetString(writer.WriteJson(draft)));
        ulong hash = _into.ContentHash;
        Reading[] readings = _into.Readings.ToArray();

        InboundRecord record = Record(draft.Patient, writer.WriteProtobuf(draft).ToArray()) with { Content = RecordContent.Protobuf };
        Assert.Null(_decoder.Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, _into));
        Assert.Equal(hash, _into.ContentHash);
        Assert.Equal(readings, _into.Readings.ToArray());

        Accept(draft.Patient, """
            { "readings" : [ { "unit":"1/min", "value":7.21e1, "code":"8867-4" }, {"time":1795262399000,"code":"temp-core","value":98.6,"unit":"degF","source":"manual","quality":"questionable"},
              {"code":"pap-dia","value":-0.50}, {"absent":"sensor-off","code":"spo2"} ], "interval":1.5e0, "time":1795262400000, "sequence":12, "session":"\u0073", "device":"m\u00221\\", "encounter":"e1",
              "patient":"icu:bed-7", "new":true }
            """.Replace("1795262399000", (draft.Readings[1].TimeMs ?? 0).ToString(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal));
        Assert.Equal(hash, _into.ContentHash);
    }

    [Fact]
    public void Every_difference_in_content_changes_the_content_hash()
    {
        const string Base = """{"patient":"icu:1","encounter":"e","device":"d","session":"s","sequence":1,"time":1000,"interval":1,"readings":[{"code":"hr","value":72},{"code":"rr","value":12},{"code":"zz","value":1}]}""";
        var hashes = new HashSet<ulong>();
        foreach ((string from, string to) in new[]
        {
            ("x", "x"), ("\"e\"", "\"f\""), ("\"d\"", "\"dd\""), ("\"s\"", "\"t\""), ("\"sequence\":1", "\"sequence\":2"), ("1000", "1001"), ("\"interval\":1", "\"interval\":2"), ("72", "72.1"),
            ("\"code\":\"hr\"", "\"code\":\"pr\""), ("12}", "12,\"quality\":\"questionable\"}"), ("12}", "12,\"source\":\"manual\"}"), ("12}", "12,\"time\":999}"), ("\"value\":12", "\"absent\":\"x\""),
            ("\"code\":\"zz\"", "\"code\":\"hr\",\"unit\":\"zz\""), (",{\"code\":\"zz\",\"value\":1}", ""), ("\"encounter\":\"e\",\"device\":\"d\"", "\"encounter\":\"ed\""),
        })
        {
            Accept("icu:1", Base.Replace(from, to, StringComparison.Ordinal));
            Assert.True(hashes.Add(_into.ContentHash), $"{from} -> {to}");
        }
    }

    [Fact]
    public void The_content_hash_never_changes_because_it_is_journaled()
    {
        Accept("icu:1", """{"patient":"icu:1","encounter":"e","device":"monitor-12345","session":"s","sequence":1,"time":1000,"interval":1,"readings":[{"code":"hr","value":72},{"code":"zz","value":1}]}""");
        Assert.Equal(4294317711028628478UL, _into.ContentHash);
    }

    [Fact]
    public void What_a_protobuf_field_says_last_counts_and_unknown_fields_and_groups_are_passed_over()
    {
        var form = new Protos.V1.Observation { Patient = "icu:1", TimeMs = 5, Sequence = 1, Readings = { new Protos.V1.Reading { Code = "hr", Value = 72 } } };
        byte[] bytes =
        [
            .. Google.Protobuf.MessageExtensions.ToByteArray(form),
            0x30, 0x07, // sequence 7
            0xA3, 0x01, 0x08, 0x01, 0xAB, 0x01, 0xAC, 0x01, 0xA4, 0x01, // group 20 with a group in it
            0xAD, 0x01, 1, 2, 3, 4, // fixed32
            0xB1, 0x01, 1, 2, 3, 4, 5, 6, 7, 8, // fixed64
            0xBA, 0x01, 0x01, 0xFF, // bytes
        ];
        InboundRecord record = Record("icu:1", bytes) with { Content = RecordContent.Protobuf };
        Assert.Null(_decoder.Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, _into));
        Assert.Equal((7, 5, 1), (_into.Sequence, _into.TimeMs, _into.ReadingCount));
    }

    [Fact]
    public void A_refused_record_leaves_nothing_behind()
    {
        Accept("icu:1", """{"patient":"icu:1","device":"d","time":5,"readings":[{"code":"hr","value":72}]}""");
        Assert.NotNull(Decode("icu:1", """{"patient":"icu:1","device":"e","time":5,"readings":[{"code":"hr","value":72}],"sequence":-1}"""));
        Assert.Equal((0, 0, true, true, -1L), (_into.ReadingCount, _into.RefusedCount, _into.Device.IsEmpty, _into.PatientKey.IsEmpty, _into.Sequence));
    }

    [Theory]
    [InlineData(RecordContent.Json)]
    [InlineData(RecordContent.Protobuf)]
    public void Decoding_a_good_observation_allocates_nothing(RecordContent content)
    {
        ObservationDraft draft = ObservationWriterTests.Draft();
        draft.TimeMs = Now;
        var writer = new ObservationWriter();
        InboundRecord record = Record(draft.Patient, (content == RecordContent.Json ? writer.WriteJson(draft) : writer.WriteProtobuf(draft)).ToArray()) with { Content = content };
        int partition = Partitioner.Partition(record.Key.Span, Partitions);
        for (int i = 0; i < 200; i++)
            Assert.Null(_decoder.Decode(record, partition, Partitions, _into));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            _decoder.Decode(record, partition, Partitions, _into);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(4, _into.ReadingCount);
    }

    private void Accept(string key, string json) => Assert.Null(Decode(key, json));

    private Refusal? Decode(string key, string json)
    {
        InboundRecord record = Record(key, Encoding.UTF8.GetBytes(json));
        return _decoder.Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, _into);
    }

    private static InboundRecord Record(string key, byte[] value) =>
        new(1, Now, Encoding.UTF8.GetBytes(key), value, RecordType.Observation, RecordContent.Json);

    private static string Text(ReadOnlyMemory<byte> utf8) => Encoding.UTF8.GetString(utf8.Span);
}
