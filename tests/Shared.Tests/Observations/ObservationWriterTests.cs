using System.Text;
using System.Text.Json;

using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Protos.V1;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Observations;

public sealed class ObservationWriterTests
{
    private const long Noon = 1795262400000; // 2026-11-21T12:00:00Z

    [Fact]
    public void An_observation_is_written_as_the_contract_says()
    {
        ObservationDraft draft = Draft();
        string json = Encoding.UTF8.GetString(new ObservationWriter().WriteJson(draft));
        Assert.Equal(
            """
            {"v":1,"patient":"icu:bed-7","encounter":"e1","device":"m\"1\\","session":"s","sequence":12,"time":"2026-11-21T12:00:00.007Z","interval":1.5,"readings":[{"code":"hr","value":72.1},{"code":"temp-core","value":37,"time":"2026-11-21T11:59:59.000Z","quality":"questionable","source":"manual"},{"code":"pap-dia","value":-0.5},{"code":"spo2","absent":"sensor-off"}]}
            """, json);
    }

    [Fact]
    public void Every_instant_is_written_as_the_library_would()
    {
        var writer = new ObservationWriter();
        ObservationDraft draft = Draft();
        foreach (long time in new[] { 0L, 1, 59_999, 86_399_999, 86_400_000, 951_782_400_123, Noon, 4_102_444_799_999, 253_402_300_799_999 })
        {
            draft.TimeMs = time;
            using JsonDocument parsed = JsonDocument.Parse(writer.WriteJson(draft).ToArray());
            Assert.Equal(DateTimeOffset.FromUnixTimeMilliseconds(time).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", null), parsed.RootElement.GetProperty("time").GetString());
        }
    }

    [Theory]
    [InlineData("a\u0001b")]
    [InlineData("quote\" back\\slash /")]
    [InlineData("Zürich 東京 😀")]
    [InlineData("\n\r\t")]
    public void Every_text_can_be_read_back(string text)
    {
        ObservationDraft draft = Draft();
        draft.Device = text;
        using JsonDocument parsed = JsonDocument.Parse(new ObservationWriter().WriteJson(draft).ToArray());
        Assert.Equal(text, parsed.RootElement.GetProperty("device").GetString());
    }

    [Fact]
    public void The_protobuf_form_is_read_by_the_generated_classes()
    {
        ObservationDraft draft = Draft();
        Observation parsed = Observation.Parser.ParseFrom(new ObservationWriter().WriteProtobuf(draft));
        Assert.Equal((1u, "icu:bed-7", "e1", "m\"1\\", "s", 12L, draft.TimeMs, 1.5),
            (parsed.V, parsed.Patient, parsed.Encounter, parsed.Device, parsed.Session, parsed.Sequence, parsed.TimeMs, parsed.Interval));
        Assert.Equal(["hr", "temp-core", "pap-dia", "spo2"], parsed.Readings.Select(reading => reading.Code));
        Assert.Equal([72.1, 37, -0.5, 0], parsed.Readings.Select(reading => reading.Value));
        Assert.Equal((Noon - 1000, Quality.Questionable, Source.Manual), (parsed.Readings[1].TimeMs, parsed.Readings[1].Quality, parsed.Readings[1].Source));
        Assert.Equal((false, "sensor-off"), (parsed.Readings[3].HasValue, parsed.Readings[3].Absent));
    }

    [Fact]
    public void Waveforms_are_written_as_the_contract_says()
    {
        ObservationDraft draft = Draft();
        draft.Readings.Clear();
        draft.Encounter = null;
        draft.IntervalMs = 0;
        WaveformDecoderTests.AddWaveforms(draft);
        Assert.Equal(
            """
            {"v":1,"patient":"icu:bed-7","device":"m\"1\\","session":"s","sequence":12,"time":"2026-11-21T12:00:00.007Z","waveforms":[{"signal":"ecg-ii","rate":250,"gain":200,"samples":[12,-3,null,148,9,-2000,32767,-32767]},{"signal":"pleth","rate":62.5,"gain":0.1,"baseline":-5,"time":"2026-11-21T11:59:59.007Z","samples":[null,5,6]}]}
            """, Encoding.UTF8.GetString(new ObservationWriter().WriteJson(draft)));

        Observation parsed = Observation.Parser.ParseFrom(new ObservationWriter().WriteProtobuf(draft));
        Assert.Equal(["ecg-ii", "pleth"], parsed.Waveforms.Select(waveform => waveform.Signal));
        Assert.Equal([(250.0, 200.0, 0), (62.5, 0.1f, -5)], parsed.Waveforms.Select(waveform => (waveform.Rate, waveform.Gain, waveform.Baseline)));
        Assert.Equal((false, Noon - 993), (parsed.Waveforms[0].HasTimeMs, parsed.Waveforms[1].TimeMs));
        Assert.Equal([0, 0x80, 5, 0, 6, 0], parsed.Waveforms[1].Samples.ToByteArray());
    }

    [Theory]
    [InlineData(0, 250_000, 200, 0, 1)]
    [InlineData(99, 250_000, 200, 0, 1)]
    [InlineData(1, 49_999, 200, 0, 1)]
    [InlineData(1, 1_000_001, 200, 0, 1)]
    [InlineData(1, 250_000, 0, 0, 1)]
    [InlineData(1, 250_000, float.NaN, 0, 1)]
    [InlineData(1, 250_000, 200, int.MinValue, 1)]
    [InlineData(1, 250_000, 200, 0, 0)]
    [InlineData(1, 250_000, 200, 0, 2501)]
    public void A_waveform_that_no_message_can_say_is_an_error(int signal, int rate, float gain, int baseline, int samples)
    {
        ObservationDraft draft = Draft();
        draft.Waveforms.Add(new((WaveformSignal)signal, rate, gain, baseline, draft.TimeMs, new short[samples]));
        Assert.Throws<ArgumentException>(() => new ObservationWriter().WriteJson(draft).Length);
        Assert.Throws<ArgumentException>(() => new ObservationWriter().WriteProtobuf(draft).Length);
    }

    [Fact]
    public void What_no_message_can_say_is_an_error()
    {
        var writer = new ObservationWriter();
        ObservationDraft draft = Draft();
        draft.Readings.Add(new(SignalCode.HeartRate, double.NaN));
        Assert.Throws<ArgumentException>(() => writer.WriteJson(draft).Length);
        Assert.Throws<ArgumentException>(() => writer.WriteProtobuf(draft).Length);
        draft.Readings[^1] = new(SignalCode.None, 1);
        Assert.Throws<ArgumentException>(() => writer.WriteJson(draft).Length);
    }

    [Fact]
    public void Writing_allocates_nothing_once_the_buffers_have_grown()
    {
        var writer = new ObservationWriter();
        ObservationDraft draft = Draft();
        WaveformDecoderTests.AddWaveforms(draft);
        for (int i = 0; i < 3; i++)
            _ = writer.WriteJson(draft).Length + writer.WriteProtobuf(draft).Length;
        draft.Device = "plain";
        long before = GC.GetAllocatedBytesForCurrentThread();
        _ = writer.WriteJson(draft).Length + writer.WriteProtobuf(draft).Length;
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    internal static ObservationDraft Draft() => new()
    {
        Patient = "icu:bed-7",
        Encounter = "e1",
        Device = "m\"1\\",
        Session = "s",
        Sequence = 12,
        TimeMs = Noon + 7,
        IntervalMs = 1500,
        Readings =
        {
            new(SignalCode.HeartRate, 72.0999),
            new(SignalCode.CoreTemperature, 37.001, Noon - 1000, ReadingQuality.Questionable, ReadingSource.Manual),
            new(SignalCode.PulmonaryDiastolic, -0.5),
            new(SignalCode.SpO2, 0, Absent: "sensor-off"),
        },
    };
}
