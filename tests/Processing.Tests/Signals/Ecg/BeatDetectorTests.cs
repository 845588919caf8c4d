using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Processing.Tests.Signals.Ecg;

public sealed class BeatDetectorTests
{
    private const double Settled = 5;

    [Theory]
    [InlineData(50)]
    [InlineData(62.5)]
    [InlineData(125)]
    [InlineData(128)]
    [InlineData(250)]
    [InlineData(360)]
    [InlineData(500)]
    [InlineData(1000)]
    public void Every_beat_is_found_once_within_25_ms_and_decided_within_400_ms_at_any_sampling_rate(double hz)
    {
        SyntheticEcg ecg = new SyntheticEcg(hz).Regular(0.7, 60, 0.83);
        BeatRun run = BeatRun.Of(new BeatDetector(2, hz), ecg.Lead(60, 0), ecg.Lead(60, 1));

        double[] expected = [.. ecg.Times.Where(t => t is > Settled and < 59)];
        Beat[] found = [.. run.Beats.Where(b => b.Sample > (Settled - 0.1) * hz && b.Sample < 59.2 * hz)];
        Assert.Equal(expected.Length, found.Length);
        for (int i = 0; i < found.Length; i++)
        {
            Assert.InRange((found[i].Sample / hz) - expected[i], -0.025, 0.025);
            Assert.InRange((found[i].DecidedAt - found[i].Sample) / hz, 0, 0.4);
            Assert.False(found[i].IsSearchBack);
            Assert.InRange(found[i].Confidence, 0.5, 1);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void Wide_beats_that_come_early_are_ventricular_and_the_others_normal(int leads)
    {
        const double Hz = 250;
        var ecg = new SyntheticEcg(Hz);
        List<double> wide = [];
        double at = 0.7;
        for (int i = 1; i < 150; i++)
        {
            ecg.Beat(at);
            if (i > 30 && i % 12 == 0)
            {
                ecg.Beat(at + 0.5, isWide: true);
                wide.Add(at + 0.5);
                at += 0.8;
            }

            at += 0.8;
        }

        BeatRun run = BeatRun.Of(new BeatDetector(leads, Hz), [.. Enumerable.Range(0, leads).Select(i => ecg.Lead(at, i))]);
        double[] ventricular = [.. run.Classes.Where(c => c.Class == BeatClass.Ventricular).Select(c => c.Sample / Hz)];
        Assert.Equal(wide.Count, ventricular.Length);
        Assert.All(wide.Zip(ventricular), pair => Assert.InRange(pair.First - pair.Second, -0.06, 0.06));
        Assert.DoesNotContain(run.Classes.Where(c => c.Sample > 30 * Hz), c => c.Class == BeatClass.Other);
    }

    [Fact]
    public void Every_beat_gets_one_class_in_order_no_later_than_the_next_beat_is_found()
    {
        const double Hz = 360;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 30, 0.6).Regular(30, 60, 1.3);
        var detector = new BeatDetector(1, Hz);
        BeatRun run = BeatRun.Of(detector, ecg.Lead(62, 0));
        detector.Skip((long)(10 * Hz));
        run.Take(detector);
        Assert.Equal(run.Beats.Select(b => b.Sample), run.Classes.Select(c => c.Sample));
        for (int i = 0; i + 1 < run.Beats.Count; i++)
            Assert.InRange(run.Classes[i].DecidedAt, run.Beats[i].DecidedAt, Math.Max(run.Beats[i + 1].DecidedAt, run.Beats[i].DecidedAt));
    }

    [Fact]
    public void T_waves_higher_than_the_QRS_complex_are_not_counted()
    {
        const double Hz = 250;
        SyntheticEcg ecg = new SyntheticEcg(Hz) { TWave = 1.2 }.Regular(0.7, 60, 0.75);
        BeatRun run = BeatRun.Of(new BeatDetector(1, Hz), ecg.Lead(60, 0));
        int expected = ecg.Times.Count(t => t is > Settled and < 59);
        Assert.Equal(expected, run.Beats.Count(b => b.Sample > (Settled - 0.1) * Hz && b.Sample < 59.1 * Hz));
    }

    [Fact]
    public void Beats_that_become_small_at_once_are_found_again_within_seconds()
    {
        const double Hz = 250;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 30, 0.8).Regular(30.5, 60, 0.8, scale: 0.2);
        BeatRun run = BeatRun.Of(new BeatDetector(1, Hz), ecg.Lead(60, 0));
        int expected = ecg.Times.Count(t => t is > 38 and < 59);
        Assert.Equal(expected, run.Beats.Count(b => b.Sample > 37.9 * Hz && b.Sample < 59.1 * Hz));
    }

    [Fact]
    public void A_pause_of_six_seconds_has_no_beats_although_P_waves_go_on()
    {
        const double Hz = 250;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 30, 0.8).Regular(36.5, 60, 0.8);
        float[] lead = ecg.Lead(60, 0);
        for (double t = 30.4; t < 36; t += 0.8)
        {
            for (int n = -25; n <= 25; n++)
                lead[(int)(t * Hz) + n] += (float)(0.12 * Math.Exp(-0.5 * (n / 5.5) * (n / 5.5)));
        }

        BeatRun run = BeatRun.Of(new BeatDetector(1, Hz), lead);
        Assert.DoesNotContain(run.Beats, b => b.Sample > 30.2 * Hz && b.Sample < 36.3 * Hz);
        Assert.Contains(run.Beats, b => b.Sample > 36.4 * Hz && b.Sample < 36.6 * Hz);
    }

    [Fact]
    public void A_lead_that_falls_off_takes_no_beats_with_it()
    {
        const double Hz = 360;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 60, 0.8);
        float[] first = ecg.Lead(60, 0), second = ecg.Lead(60, 1);
        Array.Fill(first, float.NaN, (int)(20 * Hz), (int)(20 * Hz));
        Array.Fill(second, 5f, (int)(45 * Hz), (int)(10 * Hz));
        var detector = new BeatDetector(2, Hz);
        BeatRun run = BeatRun.Of(detector, first, second);
        int expected = ecg.Times.Count(t => t is > Settled and < 59);
        Assert.Equal(expected, run.Beats.Count(b => b.Sample > (Settled - 0.1) * Hz && b.Sample < 59.1 * Hz));
    }

    [Fact]
    public void The_quality_of_a_lead_tells_off_saturated_noisy_and_good_apart()
    {
        const double Hz = 250;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 20, 0.8);
        Assert.Equal(LeadQuality.Good, QualityAfter(ecg.Lead(20, 0)));
        Assert.Equal(LeadQuality.Flat, QualityAfter(new float[5000]));
        Assert.Equal(LeadQuality.Flat, QualityAfter([.. Enumerable.Repeat(float.NaN, 5000)]));
        Assert.Equal(LeadQuality.Saturated, QualityAfter([.. Enumerable.Repeat(5f, 5000)]));
        Assert.Equal(LeadQuality.Saturated, QualityAfter([.. ecg.Lead(20, 0).Select((v, n) => n % 200 < 60 ? 5f : v)]));
        Assert.Equal(LeadQuality.Noisy, QualityAfter([.. ecg.Lead(20, 0).Select((v, n) => v + (float)Math.Sin(2 * Math.PI * 50 * n / Hz))]));

        static LeadQuality QualityAfter(float[] lead)
        {
            var detector = new BeatDetector(1, Hz);
            BeatRun.Of(detector, lead);
            return detector.Quality(0);
        }
    }

    [Theory]
    [InlineData("flat")]
    [InlineData("missing")]
    [InlineData("saturated")]
    [InlineData("noise of 10 uV")]
    [InlineData("mains 50")]
    [InlineData("mains 60")]
    [InlineData("wander")]
    [InlineData("pacer spikes")]
    public void Without_a_heart_there_are_no_beats(string signal)
    {
        foreach (double hz in (double[])[250, 360])
            Assert.Empty(BeatsWithoutAHeart(signal, hz));
    }

    private static List<Beat> BeatsWithoutAHeart(string signal, double hz)
    {
        Func<int, double> value = signal switch
        {
            "flat" => _ => 0,
            "missing" => _ => double.NaN,
            "saturated" => _ => 5,
            "noise of 10 uV" => n => 0.01 * ((n * 7919 % 1009 / 504.0) - 1),
            "mains 50" => n => Math.Sin(2 * Math.PI * 50 * n / hz),
            "mains 60" => n => Math.Sin(2 * Math.PI * 60 * n / hz),
            "wander" => n => 2 * Math.Sin(2 * Math.PI * 0.2 * n / hz),
            _ => n => n % 300 == 0 ? 5 : 0,
        };
        BeatRun run = BeatRun.Of(new BeatDetector(1, hz), [.. Enumerable.Range(0, (int)(120 * hz)).Select(n => (float)value(n))]);
        return [.. run.Beats.Where(b => b.Sample > 10 * hz)];
    }

    [Theory]
    [InlineData(50)]
    [InlineData(257)]
    [InlineData(1000)]
    public void Whatever_comes_nothing_breaks(double hz)
    {
        var random = new Random(5);
        var detector = new BeatDetector(2, hz);
        Span<float> sample = stackalloc float[2];
        long last = -1;
        for (int n = 0; n < 600 * hz; n++)
        {
            for (int i = 0; i < 2; i++)
            {
                sample[i] = random.Next(12) switch
                {
                    0 => float.NaN,
                    1 => float.PositiveInfinity,
                    2 => float.MaxValue,
                    3 => float.MinValue,
                    4 => 0,
                    _ => (float)((random.NextDouble() * 10) - 5),
                };
            }

            if (random.Next((int)(40 * hz)) == 0)
                detector.Skip(random.Next(5000));
            detector.Push(sample);
            foreach (Beat beat in detector.Beats)
            {
                Assert.True(beat.Sample > last);
                Assert.InRange(beat.Sample, 0, detector.Samples);
                last = beat.Sample;
            }
        }
    }

    [Fact]
    public void After_a_long_gap_numbers_go_on_and_no_interval_is_measured_across_it()
    {
        const double Hz = 360;
        SyntheticEcg ecg = new SyntheticEcg(Hz).Regular(0.7, 30, 0.8);
        float[] lead = ecg.Lead(30, 0);
        var detector = new BeatDetector(1, Hz);
        BeatRun run = BeatRun.Of(detector, lead);
        long gap = (long)(3600 * Hz);
        detector.Skip(gap);
        run.Take(detector);
        Assert.Equal(run.Beats.Count, run.Classes.Count);
        Assert.Equal(lead.Length + gap, detector.Samples);

        int before = run.Beats.Count;
        run.Push(detector, [lead], 0, lead.Length);
        long[] after = [.. run.Beats.Skip(before).Select(b => b.Sample - gap - lead.Length)];
        double[] expected = [.. ecg.Times.Where(t => t < 29)];
        Assert.All(expected.Skip(1), t => Assert.Contains(after, s => Math.Abs((s / Hz) - t) < 0.025));
        Assert.DoesNotContain(run.Beats.Skip(before), b => b.IsSearchBack);
    }

    [Fact]
    public void Pushing_allocates_nothing()
    {
        SyntheticEcg ecg = new SyntheticEcg(250).Regular(0.7, 60, 0.7);
        float[] first = ecg.Lead(60, 0), second = ecg.Lead(60, 1);
        var detector = new BeatDetector(2, 250);
        Span<float> sample = stackalloc float[2];
        long before = 0;
        for (int n = 0; n < first.Length; n++)
        {
            if (n == first.Length / 2)
                before = GC.GetAllocatedBytesForCurrentThread();
            (sample[0], sample[1]) = (first[n], second[n]);
            detector.Push(sample);
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    [Fact]
    public void Wrong_arguments_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeatDetector(0, 250));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeatDetector(3, 250));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeatDetector(1, 49));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeatDetector(1, double.NaN));
        Assert.Throws<ArgumentException>(() => new BeatDetector(2, 250).Push([0f]));
        Assert.Throws<ArgumentOutOfRangeException>(() => new BeatDetector(1, 250).Skip(-1));
        Assert.Throws<ArgumentException>(() => new BeatModel([1], [1], [1]));
    }
}
