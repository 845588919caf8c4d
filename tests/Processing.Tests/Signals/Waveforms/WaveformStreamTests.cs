using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

public sealed class WaveformStreamTests
{
    private const long Start = 1_760_000_000_000;
    private const int Rate = 250_000;

    private readonly WaveformStream _stream = new(WaveformSignal.EcgII, 0, Rate);

    [Fact]
    public void Chunks_follow_each_other_and_every_sample_keeps_its_time_and_value()
    {
        Assert.Equal(ChunkOutcome.Began, Append(0, 0, 250));
        for (int second = 1; second < 60; second++)
            Assert.Equal(ChunkOutcome.Continued, Append(second * 1000, second * 250, 250));
        Assert.Equal(60 * 250, _stream.Next - _stream.First);
        for (int i = 0; i < 60 * 250; i += 97)
        {
            Assert.Equal(i / 100f, _stream[_stream.First + i]);
            Assert.Equal((Start * 1000) + (i * 4000L), _stream.TimeUs(_stream.First + i));
            Assert.Equal(_stream.First + i, _stream.SampleAt((Start * 1000) + (i * 4000L)));
            Assert.Equal(_stream.First + i, _stream.SampleAt((Start * 1000) + (i * 4000L) - 3999));
        }
    }

    [Fact]
    public void Times_that_are_rounded_to_milliseconds_move_no_sample()
    {
        var stream = new WaveformStream(WaveformSignal.Ecg, 0, 360_000);
        long sent = 0;
        var random = new Random(2);
        for (int chunk = 0; chunk < 2000; chunk++)
        {
            int count = random.Next(1, 700);
            stream.Append(Chunk(WaveformSignal.Ecg, (long)Math.Round(sent * 1000.0 / 360), (int)(sent % 30_000), count, 360_000), 0);
            sent += count;
            stream.Release(stream.Next - 10);
        }

        Assert.Equal((Start * 1000) + (sent * 1_000_000 / 360), stream.EndUs);
        Assert.Equal([0, 1, 0, 0, 0, 0, 0, 0, 0, 0], stream.Outcomes);
    }

    [Fact]
    public void A_gap_becomes_samples_without_a_value()
    {
        Append(0, 0, 250);
        Assert.Equal(ChunkOutcome.Gap, Append(1500, 375, 250));
        Assert.Equal(625, _stream.Next - _stream.First);
        Assert.Equal(249 / 100f, _stream[_stream.First + 249]);
        for (int i = 250; i < 375; i++)
            Assert.True(float.IsNaN(_stream[_stream.First + i]));
        Assert.Equal(375 / 100f, _stream[_stream.First + 375]);
    }

    [Fact]
    public void What_was_there_already_is_left_out()
    {
        Append(0, 0, 250);
        Assert.Equal(ChunkOutcome.Repeated, Append(0, 0, 250));
        Assert.Equal(ChunkOutcome.Repeated, Append(400, 100, 100));
        Assert.Equal(ChunkOutcome.Overlap, Append(800, 200, 100));
        Assert.Equal(300, _stream.Next - _stream.First);
        for (int i = 0; i < 300; i++)
            Assert.Equal(i / 100f, _stream[_stream.First + i]);
        Assert.Equal((Start * 1000) + 1_200_000, _stream.EndUs);
    }

    [Fact]
    public void What_never_came_and_comes_behind_later_samples_is_late_and_what_comes_again_is_repeated()
    {
        Append(10_000, 0, 250);
        Append(11_500, 375, 250);
        Append(12_500, 625, 250); // No neighbour can fill the gap any longer.
        Assert.Equal(ChunkOutcome.Late, Append(11_000, 250, 125));
        Assert.Equal(ChunkOutcome.Late, Append(11_400, 350, 125));
        Assert.Equal(ChunkOutcome.Repeated, Append(10_500, 125, 125));
        Assert.Equal(ChunkOutcome.Repeated, Append(11_500, 375, 250));
        Assert.Equal(ChunkOutcome.Late, Append(9_000, 0, 250));
        // The waveform began anew behind a longer gap: what lay in it is late, too.
        Assert.Equal(ChunkOutcome.Restarted, Append(30_000, 0, 250));
        Assert.Equal(ChunkOutcome.Late, Append(20_000, 0, 250));
        Assert.Equal(ChunkOutcome.Repeated, Append(11_500, 375, 250));
        WaveformStream restored = Restore(_stream);
        Assert.Equal(ChunkOutcome.Late, restored.Append(Chunk(WaveformSignal.EcgII, 11_000, 250, 125, Rate), 0));
        Assert.Equal(5, restored.Outcomes[(int)ChunkOutcome.Late]);
        Assert.Equal(875 + 251, _stream.Next - 1);
    }

    [Fact]
    public void A_gain_that_changes_eightfold_begins_the_waveform_anew()
    {
        Append(0, 0, 250);
        _stream.HasShownBeats = true;
        Assert.Equal(ChunkOutcome.Continued, _stream.Append(Chunk(WaveformSignal.EcgII, 1000, 250, 250, Rate) with { Gain = 700 }, 0));
        Assert.True(_stream.HasShownBeats);
        Assert.Equal(ChunkOutcome.Restarted, _stream.Append(Chunk(WaveformSignal.EcgII, 2000, 250, 250, Rate) with { Gain = 70 }, 0));
        Assert.False(_stream.HasShownBeats);
    }

    [Fact]
    public void A_clock_that_drifts_adds_and_loses_no_sample()
    {
        // A device whose second is 100 microseconds longer than ours.
        for (int second = 0; second < 1000; second++)
        {
            Append((long)Math.Round(second * 1000.1), second * 25 % 30_000, 250);
            _stream.Release(_stream.Next);
        }

        Assert.Equal(1000 * 250, _stream.Next - 1);
        Assert.Equal(0, _stream.Outcomes[(int)ChunkOutcome.Gap]);
        Assert.InRange(_stream.Outcomes[(int)ChunkOutcome.Drift], 15, 25);
        Assert.InRange(_stream.DriftedUs, 90_000, 110_000);
        Assert.InRange(_stream.EndUs - (Start * 1000) - 1_000_100_000, -6000, 1000);
    }

    [Fact]
    public void A_long_pause_or_another_rate_begins_the_waveform_anew()
    {
        Append(0, 0, 250);
        long beginnings = _stream.Beginnings;
        Assert.Equal(ChunkOutcome.Restarted, Append(12_000, 0, 250));
        Assert.Equal(beginnings + 1, _stream.Beginnings);
        Assert.Equal(250, _stream.Next - _stream.First);
        Assert.Equal(ChunkOutcome.Restarted, _stream.Append(Chunk(WaveformSignal.EcgII, 13_000, 0, 500, 500_000), 0));
        Assert.Equal(500_000, _stream.RateMilliHz);
        Assert.Equal(ChunkOutcome.Repeated, _stream.Append(Chunk(WaveformSignal.EcgII, 13_000, 0, 250, Rate), 0));
    }

    [Fact]
    public void A_second_device_takes_over_only_when_the_first_has_gone()
    {
        Append(0, 0, 250);
        Assert.Equal(ChunkOutcome.OtherDevice, _stream.Append(Chunk(WaveformSignal.EcgII, 1000, 0, 250, Rate), 1));
        Assert.Equal(ChunkOutcome.Continued, Append(1000, 250, 250));
        Assert.Equal(ChunkOutcome.Restarted, _stream.Append(Chunk(WaveformSignal.EcgII, 13_000, 0, 250, Rate), 1));
        Assert.Equal(1, _stream.Device);
    }

    [Fact]
    public void Missing_samples_have_no_value_and_gain_and_baseline_may_change()
    {
        _stream.Append(new(WaveformSignal.EcgII, Rate, 200, 1024, Start, new short[] { 1224, WaveformSignals.Missing, 824 }), 0);
        _stream.Append(new(WaveformSignal.EcgII, Rate, 1000, 0, Start + 12, new short[] { 500 }), 0);
        Assert.Equal([1f, float.NaN, -1f, 0.5f], Enumerable.Range(0, 4).Select(i => _stream[_stream.First + i]));
    }

    [Fact]
    public void What_waits_is_bounded()
    {
        var stream = new WaveformStream(WaveformSignal.Pleth, 0, 1_000_000);
        for (int chunk = 0; chunk < 20; chunk++)
            stream.Append(Chunk(WaveformSignal.Pleth, chunk * 10_000, 0, 10_000, 1_000_000), 0);
        Assert.InRange(stream.Next - stream.First, WaveformStream.MaximumWaiting - 1, WaveformStream.MaximumWaiting);
        Assert.True(stream.ApproximateBytes <= 336 + (8 * WaveformStream.MaximumWaiting));
        Assert.Equal(9999 / 100f, stream[stream.Next - 1]);
    }

    [Fact]
    public void A_stream_that_was_stored_goes_on_as_it_was()
    {
        Append(0, 0, 250);
        Append(1500, 375, 250);
        _stream.Release(_stream.First + 300);
        WaveformStream restored = Restore(_stream);
        Append(2500, 625, 250);
        restored.Append(Chunk(WaveformSignal.EcgII, 2500, 625, 250, Rate), 0);
        Assert.Equal(Encode(_stream), Encode(restored));
        Assert.Equal(_stream.EndUs, restored.EndUs);
    }

    private ChunkOutcome Append(long atMs, int firstValue, int count) => _stream.Append(Chunk(WaveformSignal.EcgII, atMs, firstValue, count, Rate), 0);

    private static WaveformChunk Chunk(WaveformSignal signal, long atMs, int firstValue, int count, int rate) =>
        new(signal, rate, 100, 0, Start + atMs, Enumerable.Range(firstValue, count).Select(value => (short)(value % 32_000)).ToArray());

    private static WaveformStream Restore(WaveformStream stream)
    {
        byte[] bytes = Encode(stream);
        var reader = new PayloadReader(bytes);
        WaveformStream restored = WaveformStream.Decode(ref reader);
        Assert.True(reader.AtEnd);
        return restored;
    }

    private static byte[] Encode(WaveformStream stream)
    {
        var writer = new PayloadWriter();
        stream.Encode(writer);
        return writer.Written.ToArray();
    }
}
