using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals.Pulse;

public class PulseDetectorTests
{
    [Theory]
    [InlineData(62.5, 0.8)]
    [InlineData(125, 0.5)]
    [InlineData(250, 1.3)]
    [InlineData(360, 0.4)]
    [InlineData(500, 1.0)]
    [InlineData(1000, 0.7)]
    public void Each_wave_of_a_clean_pressure_is_found_once_at_its_foot_with_its_pressures(double rate, double interval)
    {
        List<double> feet = SyntheticHeart.Every(interval, 0.3, 60);
        List<PulseBeat> beats = Run(new PulseDetector(PulseKind.ArterialPressure, rate), 60, t => SyntheticHeart.Pressure(t, feet));
        double[] expected = [.. feet.Where(foot => foot is > 10 and < 56)];
        PulseBeat[] found = [.. beats.Where(beat => beat.Sample / rate > expected[0] - (interval / 2) && beat.Sample / rate < expected[^1] + (interval / 2))];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            Assert.InRange(found[i].Sample / rate, expected[i] - 0.05, expected[i] + 0.05);
            Assert.Equal(1, found[i].Quality, 0.01);
            Assert.InRange(found[i].Systolic, 113, 135);
            Assert.InRange(found[i].Diastolic, 68, 88);
            Assert.InRange(found[i].Mean, found[i].Diastolic, found[i].Systolic);
            Assert.InRange((found[i].DecidedAt - found[i].Sample) / rate, interval, interval + 0.35);
        }
    }

    [Fact]
    public void Noise_has_no_beats_of_good_quality()
    {
        double[] slow = new double[120 * 125];
        for (int i = 1; i < slow.Length; i++)
            slow[i] = (0.95 * slow[i - 1]) + SyntheticHeart.Noise(3, i);
        List<PulseBeat> beats = Run(new PulseDetector(PulseKind.Plethysmogram, 125), 120, t => slow[(int)(t * 125)]);
        Assert.True(beats.Count(beat => beat.Quality >= PulseDetector.GoodQuality) <= 6, $"{beats.Count(beat => beat.Quality >= PulseDetector.GoodQuality)} good waves in two minutes of noise");
    }

    [Fact]
    public void A_flat_signal_has_no_beats() =>
        Assert.Empty(Run(new PulseDetector(PulseKind.Plethysmogram, 125), 60, _ => 2.5));

    [Fact]
    public void When_the_pulse_stops_nothing_good_is_found_in_what_is_left()
    {
        List<double> feet = SyntheticHeart.Every(0.8, 0.3, 40);
        List<PulseBeat> beats = Run(new PulseDetector(PulseKind.ArterialPressure, 125), 80, t => SyntheticHeart.Pressure(t, feet) + (0.3 * SyntheticHeart.Noise(5, (long)(t * 125))));
        Assert.DoesNotContain(beats, beat => beat.Sample / 125.0 > 40 && beat.Quality >= PulseDetector.GoodQuality);
        Assert.Contains(beats, beat => beat.Sample / 125.0 > 38 && beat.Quality >= PulseDetector.GoodQuality);
    }

    [Fact]
    public void A_pressure_without_pulse_pressure_is_no_beat_however_regular()
    {
        List<double> feet = SyntheticHeart.Every(0.8, 0.3, 60);
        List<PulseBeat> beats = Run(new PulseDetector(PulseKind.ArterialPressure, 125), 60, t => SyntheticHeart.Pressure(t, feet, 15, 5));
        Assert.All(beats, beat => Assert.True(beat.Quality < PulseDetector.GoodQuality));
    }

    [Fact]
    public void Missing_samples_end_the_open_wave_untold_and_waves_behind_the_gap_are_found()
    {
        List<double> feet = SyntheticHeart.Every(0.8, 0.3, 40);
        List<PulseBeat> beats = Run(new PulseDetector(PulseKind.Plethysmogram, 125), 40, t => t is > 20 and < 24 ? double.NaN : SyntheticHeart.Pressure(t, feet, 0, 1));
        Assert.DoesNotContain(beats, beat => beat.Sample / 125.0 is > 19.3 and < 24);
        Assert.Contains(beats, beat => beat.Sample / 125.0 is > 24 and < 26 && beat.Quality >= PulseDetector.GoodQuality);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void State_encoded_at_any_sample_goes_on_bit_for_bit(int seed)
    {
        var random = new Random(seed);
        List<double> feet = SyntheticHeart.Every(0.73, 0.3, 30);
        double Signal(double t) => t is > 12 and < 12.5 ? double.NaN : SyntheticHeart.Pressure(t, feet) + (4 * SyntheticHeart.Noise(seed, (long)(t * 250)));
        var straight = new PulseDetector(PulseKind.ArterialPressure, 250);
        var cut = new PulseDetector(PulseKind.ArterialPressure, 250);
        int told = 0, largest = 0;
        for (int i = 0; i < 30 * 250; i++)
        {
            if (random.Next(40) == 0)
            {
                var writer = new PayloadWriter();
                cut.Encode(writer);
                largest = Math.Max(largest, writer.Length);
                var reader = new PayloadReader(writer.Written);
                cut = PulseDetector.Decode(ref reader);
                Assert.True(reader.AtEnd);
            }

            bool expected = straight.Push(Signal(i / 250.0), out PulseBeat a);
            Assert.Equal(expected, cut.Push(Signal(i / 250.0), out PulseBeat b));
            Assert.Equal(a, b);
            told += expected ? 1 : 0;
        }

        Assert.True(told > 30);
        Assert.InRange(largest, 100, 2300);
    }

    [Fact]
    public void A_damaged_state_is_refused()
    {
        var detector = new PulseDetector(PulseKind.Plethysmogram, 125);
        for (int i = 0; i < 1000; i++)
            detector.Push(SyntheticHeart.Noise(1, i), out _);
        var writer = new PayloadWriter();
        detector.Encode(writer);
        byte[] bytes = writer.Written.ToArray();
        byte[] newer = [.. bytes];
        newer[0] = 99;
        Assert.Throws<InvalidDataException>(() => Decode(newer));
        for (int length = 0; length < bytes.Length; length += 7)
            Assert.Throws<InvalidDataException>(() => Decode(bytes[..length]));
    }

    [Theory]
    [InlineData(49)]
    [InlineData(1001)]
    [InlineData(double.NaN)]
    public void A_rate_out_of_bounds_is_refused(double rate) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new PulseDetector(PulseKind.Plethysmogram, rate));

    private static PulseDetector Decode(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return PulseDetector.Decode(ref reader);
    }

    private static List<PulseBeat> Run(PulseDetector detector, double seconds, Func<double, double> signal)
    {
        List<PulseBeat> beats = [];
        for (int i = 0; i < seconds * detector.Rate; i++)
        {
            if (detector.Push(signal(i / detector.Rate), out PulseBeat beat))
                beats.Add(beat);
        }

        return beats;
    }
}
