using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

public sealed class SampleCodecTests
{
    [Fact]
    public void Samples_come_back_as_they_were()
    {
        var random = new Random(1);
        foreach (int step in new[] { 0, 1, 10, 200, 70_000 })
        {
            short[] samples = new short[500];
            int value = 0;
            for (int i = 0; i < samples.Length; i++)
            {
                value = Math.Clamp(value + random.Next(-step, step + 1), short.MinValue + 1, short.MaxValue);
                samples[i] = random.Next(10) == 0 ? WaveformSignals.Missing : (short)value;
            }

            Assert.Equal(samples, RoundTrip(samples));
        }

        short[] extremes = [short.MaxValue, short.MinValue + 1, short.MaxValue, WaveformSignals.Missing, short.MinValue + 1];
        Assert.Equal(extremes, RoundTrip(extremes));
    }

    [Fact]
    public void A_quiet_lead_and_one_that_is_off_cost_a_byte_a_sample()
    {
        var writer = new PayloadWriter();
        SampleCodec.Encode(writer, [.. Enumerable.Range(0, 250).Select(i => (short)(1000 + (20 * (i % 3))))]);
        Assert.InRange(writer.Length, 250, 252);
        writer.Truncate();
        SampleCodec.Encode(writer, [.. Enumerable.Repeat(WaveformSignals.Missing, 250)]);
        Assert.Equal(250, writer.Length);
    }

    [Fact]
    public void Damage_is_an_error()
    {
        var writer = new PayloadWriter();
        writer.Unsigned(1 + (2 * 40_000));
        byte[] tooHigh = writer.Written.ToArray();
        Assert.Throws<InvalidDataException>(() => Decode(tooHigh, 1));
        Assert.Throws<InvalidDataException>(() => Decode([0xFF, 0xFF, 0xFF, 0x7F], 1));
        Assert.Throws<InvalidDataException>(() => Decode([3], 2));
    }

    private static short[] RoundTrip(short[] samples)
    {
        var writer = new PayloadWriter();
        SampleCodec.Encode(writer, samples);
        return Decode(writer.Written, samples.Length);
    }

    private static short[] Decode(ReadOnlySpan<byte> bytes, int count)
    {
        var reader = new PayloadReader(bytes);
        short[] samples = new short[count];
        SampleCodec.Decode(ref reader, samples);
        Assert.True(reader.AtEnd);
        return samples;
    }
}
