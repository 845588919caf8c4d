using System.Globalization;
using System.Text;

using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Observations;

public sealed class WaveformDecoderTests
{
    private const long Now = MalformedRecords.TimestampMs;
    private const int Partitions = 16;
    private const string Right = """{"signal":"ecg-ii","rate":250,"gain":200,"samples":[1]}""";

    private readonly ObservationDecoder _decoder = new();
    private readonly DecodedObservation _into = new();

    [Fact]
    public void Every_field_of_a_waveform_arrives_whatever_their_order()
    {
        Accept($$"""
            {"waveforms":[{"samples":[0,-1,null,32767,-32768,-32767,-0],"time":"2026-11-21T11:59:59.004Z","baseline":-5,"gain":0.1,"rate":62.5,"signal":"PLETH","unheard":[{"samples":[7]}]},
                          {"signal":"ecg-v1","rate":1000,"gain":1e3,"samples":[5]}],
             "time":{{Now}},"patient":"icu:1","device":"d"}
            """);
        Assert.Equal(0, _into.ReadingCount);
        Assert.Equal(2, _into.Waveforms.Count);
        WaveformChunk pleth = _into.Waveforms[0];
        Assert.Equal((WaveformSignal.Pleth, 62_500, 0.1f, -5, Now - 996), (pleth.Signal, pleth.RateMilliHz, pleth.Gain, pleth.Baseline, pleth.TimeMs));
        Assert.Equal([0, -1, short.MinValue, 32767, short.MinValue, -32767, 0], pleth.Samples.ToArray());
        WaveformChunk ecg = _into.Waveforms[1];
        Assert.Equal((WaveformSignal.EcgV1, 1_000_000, 1000f, 0, Now, (short)5), (ecg.Signal, ecg.RateMilliHz, ecg.Gain, ecg.Baseline, ecg.TimeMs, ecg.Samples.Span[0]));
    }

    [Fact]
    public void Names_and_words_of_a_waveform_may_have_escapes_and_null_is_as_good_as_none()
    {
        Accept($$"""{"patient":"icu:1","time":{{Now}},"readings":null,"waveform\u0073":[{"sign\u0061l":"e\u0063g","rate":50,"gain":1,"baseline":null,"time":null,"sampl\u0065s":[ 1 , 2 ]}]}""");
        Assert.Equal((WaveformSignal.Ecg, 0, Now, 2), (_into.Waveforms[0].Signal, _into.Waveforms[0].Baseline, _into.Waveforms[0].TimeMs, _into.Waveforms[0].Samples.Length));
    }

    [Theory]
    [InlineData(50, 500)]
    [InlineData(62.5, 625)]
    [InlineData(128, 1280)]
    [InlineData(360.004, 3600)]
    [InlineData(1000, 10000)]
    public void Ten_seconds_are_taken_and_no_sample_more(double rate, int most)
    {
        foreach ((int count, bool isTaken) in new[] { (1, true), (most, true), (most + 1, false) })
        {
            string waveform = string.Create(CultureInfo.InvariantCulture, $$"""{"signal":"ecg","rate":{{rate}},"gain":1,"samples":[{{string.Join(',', Enumerable.Range(0, count))}}]}""");
            Assert.Equal(isTaken, Decode($$"""{"patient":"icu:1","time":{{Now}},"waveforms":[{{waveform}}]}""") is null);
            Assert.Equal(isTaken ? count : 0, _into.Waveforms.Sum(chunk => chunk.Samples.Length));
        }
    }

    [Theory]
    [InlineData(50.0004, 50_000)]
    [InlineData(249.9995, 250_000)]
    [InlineData(249.99949, 249_999)]
    [InlineData(1000, 1_000_000)]
    public void A_rate_is_taken_as_whole_thousandths_of_a_hertz(double rate, int milliHz)
    {
        Accept(string.Create(CultureInfo.InvariantCulture, $$"""{"patient":"icu:1","time":{{Now}},"waveforms":[{"signal":"ecg","rate":{{rate}},"gain":1,"samples":[0]}]}"""));
        Assert.Equal(milliHz, _into.Waveforms[0].RateMilliHz);
    }

    [Fact]
    public void Samples_that_are_all_missing_are_good_because_a_lead_that_is_off_is_information()
    {
        Accept($$"""{"patient":"icu:1","time":{{Now}},"waveforms":[{"signal":"ecg-i","rate":250,"gain":200,"samples":[null,null,-32768]}]}""");
        Assert.All(_into.Waveforms[0].Samples.ToArray(), sample => Assert.Equal(WaveformSignals.Missing, sample));
    }

    [Fact]
    public void The_end_of_a_waveform_may_lie_five_minutes_ahead_whether_its_time_is_its_own_or_the_observations()
    {
        // 250 samples at 250 Hz end a second after the first.
        string samples = string.Join(',', new int[250]);
        string own = $$"""{"signal":"ecg-i","rate":250,"gain":1,"time":{{Now + 299_000}},"samples":[{{samples}}]}""";
        string late = own.Replace($"{Now + 299_000}", $"{Now + 299_001}", StringComparison.Ordinal).Replace("ecg-i", "ecg-v6", StringComparison.Ordinal);
        string observations = $$"""{"signal":"pleth","rate":250,"gain":1,"samples":[{{samples}}]}""";
        Accept($$"""{"patient":"icu:1","waveforms":[{{late}},{{observations}},{{own}}],"time":{{Now + 299_000}}}""");
        Assert.Equal([WaveformSignal.Pleth, WaveformSignal.EcgI], _into.Waveforms.Select(chunk => chunk.Signal));
        Assert.All(_into.Waveforms, chunk => Assert.Equal((Now + 299_000, Now + 300_000), (chunk.TimeMs, WaveformBounds.EndMs(chunk))));
        Assert.Equal([new RefusedWaveform(WaveformSignal.EcgV6, RefusalReason.InvalidTime)], _into.RefusedWaveforms);

        Accept($$"""{"time":{{Now + 299_001}},"patient":"icu:1","waveforms":[{{observations}},{"signal":"what"},{{own}}]}""");
        Assert.Equal([WaveformSignal.EcgI], _into.Waveforms.Select(chunk => chunk.Signal));
        Assert.Equal([new(WaveformSignal.None, RefusalReason.UnknownSignal), new RefusedWaveform(WaveformSignal.Pleth, RefusalReason.InvalidTime)], _into.RefusedWaveforms);

        Refusal? refusal = Decode($$"""{"time":{{Now + 299_001}},"patient":"icu:1","waveforms":[{{observations}},{"signal":"what"}]}""");
        Assert.Equal("waveforms[0].time", refusal?.Field);
    }

    [Fact]
    public void Bad_waveforms_and_readings_are_set_apart_from_good_ones_and_leave_no_samples_behind()
    {
        Accept($$"""
            {"patient":"icu:1","time":{{Now}},"readings":[{"code":"zz"}],"waveforms":[{"signal":"ecg","rate":250,"gain":1,"samples":[1,2,1.5]},{{Right}},7,
             {"signal":"ecg","rate":250,"gain":0,"samples":[9,9,9]},{"signal":"ecg-iii","rate":250,"gain":1,"samples":[4,5]}]}
            """);
        Assert.Equal((0, 1), (_into.ReadingCount, _into.RefusedCount));
        Assert.Equal([[1], [4, 5]], _into.Waveforms.Select(chunk => chunk.Samples.ToArray().Select(sample => (int)sample).ToArray()));
        Assert.Equal(
            [new(WaveformSignal.Ecg, RefusalReason.InvalidSamples), new(WaveformSignal.None, RefusalReason.WrongType), new RefusedWaveform(WaveformSignal.Ecg, RefusalReason.InvalidGain)], _into.RefusedWaveforms);
    }

    [Fact]
    public void Sixteen_waveforms_of_the_largest_size_that_fits_keep_their_own_samples()
    {
        var draft = new ObservationDraft { Patient = "icu:1", TimeMs = Now };
        var random = new Random(5);
        for (int i = 0; i < DecodedObservation.MaximumWaveforms; i++)
        {
            short[] samples = [.. Enumerable.Range(0, 8_000).Select(_ => (short)random.Next(short.MinValue, short.MaxValue + 1))];
            draft.Waveforms.Add(new(WaveformSignal.EcgII, 1_000_000, 100, 0, Now - 10_000, samples));
        }

        for (int round = 0; round < 3; round++)
        {
            Assert.Null(Decode(new ObservationWriter().WriteProtobuf(draft).ToArray(), RecordContent.Protobuf));
            Assert.Equal(draft.Waveforms.Select(chunk => chunk.Samples.ToArray()), _into.Waveforms.Select(chunk => chunk.Samples.ToArray()));
        }
    }

    [Theory]
    [InlineData(RecordContent.Json)]
    [InlineData(RecordContent.Protobuf)]
    public void What_is_written_is_what_is_read(RecordContent content)
    {
        var random = new Random(17);
        var writer = new ObservationWriter();
        for (int round = 0; round < 300; round++)
        {
            ObservationDraft draft = ObservationWriterTests.Draft();
            draft.TimeMs = Now;
            if (random.Next(2) == 0)
                draft.Readings.Clear();
            for (int i = random.Next(1, 5); i > 0; i--)
                draft.Waveforms.Add(RandomChunk(random));
            Assert.Null(Decode((content == RecordContent.Json ? writer.WriteJson(draft) : writer.WriteProtobuf(draft)).ToArray(), content, draft.Patient));
            Assert.Equal((draft.Readings.Count, 0, 0), (_into.ReadingCount, _into.RefusedCount, _into.RefusedWaveforms.Count));
            Assert.Equal(draft.Waveforms.Select(Comparable), _into.Waveforms.Select(Comparable));
            ulong hash = _into.ContentHash;
            RecordContent other = content == RecordContent.Json ? RecordContent.Protobuf : RecordContent.Json;
            Assert.Null(Decode((other == RecordContent.Json ? writer.WriteJson(draft) : writer.WriteProtobuf(draft)).ToArray(), other, draft.Patient));
            Assert.Equal(hash, _into.ContentHash);
        }
    }

    [Fact]
    public void Every_difference_in_a_waveform_changes_the_content_hash()
    {
        const string Base = """{"patient":"icu:1","time":1000,"waveforms":[{"signal":"ecg","rate":250,"gain":200,"baseline":1,"time":900,"samples":[1,2,3,4,5]},{"signal":"no"}]}""";
        var hashes = new HashSet<ulong>();
        foreach ((string from, string to) in new[]
        {
            ("x", "x"), ("\"ecg\"", "\"ecg-i\""), ("250", "250.001"), ("200", "200.001"), ("\"baseline\":1", "\"baseline\":2"), ("900", "901"), ("[1,", "[2,"), ("4,5]", "4,6]"), ("3,4", "4,3"), ("4,5]", "4,5,0]"),
            ("4,5]", "4,null]"), (",{\"signal\":\"no\"}", ""), ("{\"signal\":\"no\"}", "{\"signal\":\"ecg\"}"), ("1000", "1001"),
        })
        {
            Accept(Base.Replace(from, to, StringComparison.Ordinal));
            Assert.True(hashes.Add(_into.ContentHash), $"{from} -> {to}");
        }
    }

    [Fact]
    public void The_content_hash_of_a_waveform_never_changes_because_it_is_journaled()
    {
        Accept("""{"patient":"icu:1","device":"d","sequence":1,"time":1000,"waveforms":[{"signal":"ecg-ii","rate":250,"gain":200.5,"baseline":-7,"time":900,"samples":[1,-2,3,null,5,-600,7]},{"signal":"no"}]}""");
        Assert.Equal(4497827474165390302UL, _into.ContentHash);
    }

    [Theory]
    [InlineData(RecordContent.Json)]
    [InlineData(RecordContent.Protobuf)]
    public void Decoding_waveforms_allocates_nothing_once_the_memory_has_grown(RecordContent content)
    {
        ObservationDraft draft = ObservationWriterTests.Draft();
        draft.TimeMs = Now;
        AddWaveforms(draft);
        var writer = new ObservationWriter();
        byte[] value = (content == RecordContent.Json ? writer.WriteJson(draft) : writer.WriteProtobuf(draft)).ToArray();
        var record = new InboundRecord(1, Now, Encoding.UTF8.GetBytes(draft.Patient), value, RecordType.Observation, content);
        int partition = Partitioner.Partition(record.Key.Span, Partitions);
        for (int i = 0; i < 100; i++)
            Assert.Null(_decoder.Decode(record, partition, Partitions, _into));
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
            _decoder.Decode(record, partition, Partitions, _into);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.Equal(draft.Waveforms.Count, _into.Waveforms.Count);
    }

    [Fact]
    public void Of_a_protobuf_waveform_the_last_field_counts_and_unknown_ones_are_passed_over()
    {
        byte[] waveform =
        [
            0x32, 0x06, 1, 0, 2, 0, 3, 0, // samples that are replaced
            0x0A, 0x03, (byte)'a', (byte)'b', (byte)'p', 0x11, .. BitConverter.GetBytes(125.0), 0x19, .. BitConverter.GetBytes(2.0),
            0x20, 0x02, 0x20, 0x07, // baseline 1, then -4
            0x3A, 0x01, 0xFF, 0x40, 0x01, 0x32, 0x04, 0xFF, 0xFF, 0x00, 0x80,
        ];
        byte[] value = [0x12, 0x05, .. "icu:1"u8, 0x38, 0x05, 0x52, (byte)waveform.Length, .. waveform];
        Assert.Null(Decode(value, RecordContent.Protobuf));
        WaveformChunk chunk = Assert.Single(_into.Waveforms);
        Assert.Equal((WaveformSignal.ArterialPressure, 125_000, 2f, -4, 5L), (chunk.Signal, chunk.RateMilliHz, chunk.Gain, chunk.Baseline, chunk.TimeMs));
        Assert.Equal([-1, short.MinValue], chunk.Samples.ToArray());
    }

    /// <summary>Adds two waveforms to an observation, one with missing samples and a time of its own.</summary>
    internal static void AddWaveforms(ObservationDraft draft)
    {
        draft.Waveforms.Add(new(WaveformSignal.EcgII, 250_000, 200, 0, draft.TimeMs, new short[] { 12, -3, short.MinValue, 148, 9, -2000, 32767, -32767 }));
        draft.Waveforms.Add(new(WaveformSignal.Pleth, 62_500, 0.1f, -5, draft.TimeMs - 1000, new short[] { short.MinValue, 5, 6 }));
    }

    private static WaveformChunk RandomChunk(Random random)
    {
        int rate = random.Next(50_000, 1_000_001);
        var samples = new short[random.Next(1, Math.Min(400, WaveformBounds.MostSamples(rate)))];
        foreach (ref short sample in samples.AsSpan())
            sample = (short)(random.Next(20) == 0 ? short.MinValue : random.Next(short.MinValue, short.MaxValue + 1));
        float gain = MathF.Pow(10, (random.NextSingle() * 8.9f) - 2.95f);
        int baseline = random.Next(3) == 0 ? 0 : random.Next(-WaveformBounds.MaximumBaseline, WaveformBounds.MaximumBaseline + 1);
        return new((WaveformSignal)random.Next(1, WaveformSignals.Count), rate, gain, baseline, Now - random.Next(20_000) - 1, samples);
    }

    private static (WaveformSignal, int, float, int, long, string) Comparable(WaveformChunk chunk) =>
        (chunk.Signal, chunk.RateMilliHz, chunk.Gain, chunk.Baseline, chunk.TimeMs, string.Join(',', chunk.Samples.ToArray()));

    private void Accept(string json) => Assert.Null(Decode(json));

    private Refusal? Decode(string json) => Decode(Encoding.UTF8.GetBytes(json), RecordContent.Json);

    private Refusal? Decode(byte[] value, RecordContent content, string key = "icu:1")
    {
        var record = new InboundRecord(1, Now, Encoding.UTF8.GetBytes(key), value, RecordType.Observation, content);
        return _decoder.Decode(record, Partitioner.Partition(record.Key.Span, Partitions), Partitions, _into);
    }
}
