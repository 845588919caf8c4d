using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals.Ecg;

public sealed class BeatDetectorStateTests
{
    [Theory]
    [InlineData(1, 125)]
    [InlineData(2, 250)]
    [InlineData(2, 360)]
    [InlineData(1, 500)]
    public void A_detector_goes_on_from_its_encoded_state_bit_for_bit(int leads, double hz)
    {
        float[][] signal = Difficult(leads, hz);
        var whole = new BeatDetector(leads, hz);
        BeatRun expected = BeatRun.Of(whole, signal);

        var random = new Random(11);
        var cut = new BeatDetector(leads, hz);
        var run = new BeatRun();
        int from = 0, greatest = 0;
        while (from < signal[0].Length)
        {
            int to = Math.Min(signal[0].Length, from + random.Next(1, (int)(3 * hz)));
            run.Push(cut, signal, from, to);
            from = to;
            byte[] bytes = Encoded(cut);
            greatest = Math.Max(greatest, bytes.Length);
            var reader = new PayloadReader(bytes);
            cut = BeatDetector.Decode(ref reader);
            Assert.True(reader.AtEnd);
            Assert.Equal(bytes, Encoded(cut));
        }

        Assert.Equal(expected.Beats, run.Beats);
        Assert.Equal(expected.Classes, run.Classes);
        Assert.Equal(Encoded(whole), Encoded(cut));
        Assert.NotEmpty(run.Classes);
        Assert.InRange(greatest, 1000, 24_000);
    }

    [Fact]
    public void A_new_detector_can_be_encoded_and_goes_on()
    {
        float[][] signal = Difficult(1, 360);
        byte[] bytes = Encoded(new BeatDetector(1, 360));
        var reader = new PayloadReader(bytes);
        Assert.Equal(BeatRun.Of(new BeatDetector(1, 360), signal).Beats, BeatRun.Of(BeatDetector.Decode(ref reader), signal).Beats);
    }

    [Fact]
    public void State_after_a_long_gap_is_encoded_too()
    {
        float[][] signal = Difficult(2, 360);
        var detector = new BeatDetector(2, 360);
        BeatRun.Of(detector, signal);
        detector.Skip(1_000_000);
        var reader = new PayloadReader(Encoded(detector));
        BeatDetector decoded = BeatDetector.Decode(ref reader);
        BeatRun expected = BeatRun.Of(detector, signal);
        Assert.Equal(expected.Beats, BeatRun.Of(decoded, signal).Beats);
        Assert.NotEmpty(expected.Beats);
    }

    [Fact]
    public void Damaged_state_is_refused_or_is_some_state_but_never_breaks()
    {
        var detector = new BeatDetector(2, 250);
        float[][] signal = Difficult(2, 250);
        BeatRun.Of(detector, signal);
        byte[] bytes = Encoded(detector);
        for (int length = 0; length < bytes.Length; length += 7)
            Assert.Throws<InvalidDataException>(() => Decode(bytes.AsSpan(0, length)));
        var random = new Random(2);
        for (int i = 0; i < 2000; i++)
        {
            byte[] damaged = [.. bytes];
            damaged[random.Next(damaged.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                BeatRun.Of(Decode(damaged), [signal[0][..300], signal[1][..300]]);
            }
            catch (InvalidDataException)
            {
                // It was noticed.
            }
        }

        bytes[0]++;
        Assert.Contains("format", Assert.Throws<InvalidDataException>(() => Decode(bytes)).Message, StringComparison.Ordinal);

        static BeatDetector Decode(ReadOnlySpan<byte> bytes)
        {
            var reader = new PayloadReader(bytes);
            return BeatDetector.Decode(ref reader);
        }
    }

    // Beats of two kinds, a pause, missing samples, saturation and noise.
    private static float[][] Difficult(int leads, double hz)
    {
        SyntheticEcg ecg = new SyntheticEcg(hz).Regular(0.7, 20, 0.8).Beat(20.4, isWide: true).Regular(21.8, 40, 0.7).Regular(45, 60, 0.6, 0.4);
        for (double t = 60.5; t < 75; t += 0.9)
            ecg.Beat(t, isWide: true);
        var signal = new float[leads][];
        for (int i = 0; i < leads; i++)
        {
            signal[i] = ecg.Lead(80, i, 0.05);
            Array.Fill(signal[i], float.NaN, (int)((10 + i) * hz), (int)(1.3 * hz));
            Array.Fill(signal[i], 5f, (int)((50 + (2 * i)) * hz), (int)(3 * hz));
        }

        return signal;
    }

    private static byte[] Encoded(BeatDetector detector)
    {
        var writer = new PayloadWriter();
        detector.Encode(writer);
        return writer.Written.ToArray();
    }
}
