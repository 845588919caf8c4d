using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Tests.Patients;
using PhysioActors.Processing.Tests.Signals.Ecg;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>What no heart and no amplifier gives is a technical alarm alone; what a dying heart gives is none.</summary>
public sealed class UnusableEcgTests
{
    private const int Hz = PlayedHeart.EcgHz;

    [Theory]
    [InlineData(1000)]
    [InlineData(100)]
    [InlineData(20)]
    [InlineData(0.1)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public void A_wrong_gain_is_a_technical_alarm_alone(double factor)
    {
        foreach (double wander in (double[])[0, 0.5])
        {
            WaveformChunk[][] leads = [.. Leads(90, wander).Select(lead => lead.Seconds().Select(chunk => chunk with { Gain = (float)(chunk.Gain / factor) }).ToArray())];
            var bed = new Bedside();
            for (int second = 0; second < 90; second++)
                bed.Send((second + 1) * 1000, leads[0][second], leads[1][second]);
            AssertTechnicalAlone(bed);
        }
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(0.01)]
    [InlineData(0.001)]
    public void A_gain_that_becomes_wrong_is_a_technical_alarm_alone(double factor)
    {
        WaveformChunk[] lead = [.. PlayedHeart.Regular(90).Seconds().Select(chunk => chunk.TimeMs < PlayedSignal.Start + 30_000 ? chunk : chunk with { Gain = (float)(chunk.Gain / factor) })];
        var bed = new Bedside();
        for (int second = 0; second < lead.Length; second++)
            bed.Send((second + 1) * 1000, lead[second]);
        AssertTechnicalAlone(bed);
    }

    [Theory]
    [InlineData(1000, 1000)]
    [InlineData(-1000, -1000)]
    [InlineData(1000, -1000)]
    [InlineData(32_764, -32_764)]
    [InlineData(600, 600)]
    public void A_saturated_ECG_with_a_little_noise_is_a_technical_alarm_alone(int rail, int otherRail)
    {
        foreach (int from in (int[])[0, 30])
        {
            PlayedSignal[] leads = [.. Leads(90)];
            var random = new Random(3);
            for (int i = from * Hz; i < 90 * Hz; i++)
                (leads[0].Samples[i], leads[1].Samples[i]) = ((short)(rail + random.Next(3)), (short)(otherRail + random.Next(3)));
            AssertTechnicalAlone(Seconds(leads));
        }
    }

    [Theory]
    [InlineData(0.25)]
    [InlineData(0.8)]
    [InlineData(1.04)]
    [InlineData(2.5)]
    public void Chunks_whose_times_are_cut_off_to_seconds_are_put_one_behind_the_other_by_their_samples(double seconds)
    {
        foreach (int from in (int[])[0, 60])
        {
            const int End = 180;
            var bed = new Bedside();
            PlayedSignal[] leads = [.. Leads(End)];
            int step = (int)(seconds * Hz);
            for (int at = 0; at + step <= End * Hz; at += step)
            {
                long timeMs = leads[0].TimeMs(at);
                bed.Send(timeMs + (long)(seconds * 1000) - PlayedSignal.Start, [.. leads.Select(lead =>
                    new WaveformChunk(lead.Signal, lead.RateMilliHz, PlayedSignal.Gain, 0, at < from * Hz ? timeMs : timeMs - (timeMs % 1000), lead.Samples.AsMemory(at, step)))]);
            }

            Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly.Kind == AnomalyKind.Rhythm);
            WaveformStream stream = bed.State.Waveforms!.Streams[0];
            Assert.True(stream.HasCoarseTimes);
            Assert.Equal(1, stream.Outcomes[(int)ChunkOutcome.Drift]);
            // Until it was recognised chunks did not fit; afterwards all do.
            Assert.InRange(stream.Outcomes[(int)ChunkOutcome.Gap] + stream.Outcomes[(int)ChunkOutcome.Overlap] + stream.Outcomes[(int)ChunkOutcome.Repeated], 4, 30);
            Assert.InRange(stream.EndUs, (PlayedSignal.Start + ((End - 3) * 1000)) * 1000, (PlayedSignal.Start + ((End + 1) * 1000)) * 1000);
            Assert.InRange(bed.State.Waveforms.HeartRate!.Value, 74, 76);
            Assert.All(bed.State.Alarms.Conditions, alarm => Assert.Equal(PhysioActors.Processing.Alarms.AlarmPhase.Quiet, alarm.Phase));
        }
    }

    [Fact]
    public void Times_that_are_exact_again_end_the_counting()
    {
        var stream = new WaveformStream(WaveformSignal.EcgII, 0, 250_000);
        for (int i = 0; i < 20; i++)
            Append(800L * i / 1000 * 1000);
        Assert.True(stream.HasCoarseTimes);
        Append(16_100);
        Assert.False(stream.HasCoarseTimes);
        Assert.Equal((PlayedSignal.Start + 16_900) * 1000, stream.EndUs);

        void Append(long ms) => stream.Append(new(WaveformSignal.EcgII, 250_000, 200, 0, PlayedSignal.Start + ms, new short[200]), 0);
    }

    [Fact]
    public void Gaps_that_come_again_and_again_are_a_technical_alarm_alone()
    {
        // A second sent, 0.7 s lost, and so on: one beat in two is not there.
        PlayedSignal lead = PlayedHeart.Regular(120);
        lead = lead with { Gaps = [.. Enumerable.Range(0, 120).Select(i => (Hz + (i * 17 * Hz / 10), 7 * Hz / 10)).Where(gap => gap.Item1 < 119 * Hz)] };
        var bed = new Bedside();
        foreach (WaveformChunk chunk in lead.Cut(() => Hz))
            bed.Send(chunk.TimeMs + 1000 - PlayedSignal.Start, chunk);
        AssertTechnicalAlone(bed);
    }

    public static TheoryData<string, double> Standstills() => new()
    {
        { "noise", 0.006 }, { "noise", 0.015 }, { "offset", 3 }, { "offset", -3 }, { "wander", 0.3 }, { "wander", 2 }, { "P waves", 0.1 }, { "P waves", 0.2 },
    };

    [Theory]
    [MemberData(nameof(Standstills))]
    public void A_heart_that_stands_still_after_normal_beats_is_an_asystole(string what, double size)
    {
        Bedside bed = Seconds([.. Changed(what, size)]);
        Assert.Contains(bed.Anomalies, anomaly => anomaly is { Rule: "asystole", State: AnomalyState.Raised } && anomaly.EventTimeMs - Bedside.Start is > 33_000 and < 36_000);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(-1)]
    public void So_it_is_when_the_only_lead_rests_far_from_zero_and_its_beats_point_back(int direction)
    {
        float[] values = [.. new SyntheticEcg(Hz).Regular(0.4, 29.6, 0.8).Lead(60, 0, 0.004).Select(value => direction * (Math.Max(value, -0.02f) - 3))];
        Bedside bed = Seconds([PlayedSignal.Of(WaveformSignal.EcgII, Hz, values)]);
        Assert.Contains(bed.Anomalies, anomaly => anomaly is { Rule: "asystole", State: AnomalyState.Raised } && anomaly.EventTimeMs - Bedside.Start is > 33_000 and < 36_000);
    }

    [Theory]
    [InlineData(0.15)]
    [InlineData(0.2)]
    [InlineData(1)]
    public void Fibrillation_however_fine_after_normal_beats_is_alarmed_on(double fromLowestToHighest)
    {
        Bedside bed = Seconds([.. Changed("fibrillation", fromLowestToHighest)]);
        Assert.Contains(bed.Anomalies, anomaly => anomaly is { Rule: "ventricular-fibrillation", State: AnomalyState.Raised } && anomaly.EventTimeMs - Bedside.Start < 40_000);
    }

    [Fact]
    public void A_standstill_during_which_nothing_was_sent_is_an_asystole_when_it_is_seen_again()
    {
        Bedside bed = Seconds([.. Changed("noise", 0.01).Select(lead => lead with { Gaps = [(25 * Hz, 20 * Hz)] })]);
        Assert.Equal(1, bed.State.Waveforms!.Streams[0].Outcomes[(int)ChunkOutcome.Restarted]);
        Assert.Contains(bed.Anomalies, anomaly => anomaly is { Rule: "asystole", State: AnomalyState.Raised } && anomaly.EventTimeMs - Bedside.Start is > 45_000 and < 55_000);
    }

    [Fact]
    public void Beside_a_lead_that_is_too_large_the_other_is_judged()
    {
        PlayedSignal[] leads = [.. Changed("noise", 0.01)];
        var player = new Player();
        foreach ((WaveformChunk good, WaveformChunk large) in leads[0].Seconds().Zip(leads[1].Seconds()))
        {
            player.Play(good, large with { Gain = large.Gain / 30 });
            if (good.TimeMs == PlayedSignal.Start + 24_000)
                Assert.Equal((LeadQuality.Good, LeadQuality.Implausible), (player.Monitor.LeadQuality(0), player.Monitor.LeadQuality(1)));
        }

        Assert.True(player.Ecg.Single(second => second.TimeMs == PlayedSignal.Start + 25_000).IsAnyLeadGood);
        Assert.Contains(player.Told, change => change is (RhythmCondition.Asystole, RhythmChangeKind.Began, > 33_000 and < 36_000));
    }

    /// <summary>30 s of a heart at 75 a minute and, then, something else, in both leads.</summary>
    private static IEnumerable<PlayedSignal> Changed(string what, double size)
    {
        const int From = 30, Seconds = 60;
        for (int lead = 0; lead < 2; lead++)
        {
            float[] values = new SyntheticEcg(Hz).Regular(0.4, From - 0.4, 0.8).Lead(Seconds, lead, 0.004);
            for (int i = 0; i < values.Length; i++)
            {
                double t = (double)i / Hz;
                values[i] += (float)(what switch
                {
                    "offset" => size,
                    "wander" => size / 2 * Math.Sin((2 * Math.PI * 0.25 * t) + lead),
                    _ when t < From => 0,
                    "noise" => (size / 2) * SyntheticHeart.Noise(70 + lead, i),
                    "P waves" => size * Math.Exp(-0.5 * Math.Pow(((t % 0.9) - 0.4) / 0.03, 2)),
                    "fibrillation" => size / 2 * Math.Sin((2 * Math.PI * 5 * t) + (0.6 * Math.Sin(2 * Math.PI * 0.7 * t))),
                    _ => throw new ArgumentOutOfRangeException(nameof(what), what, null),
                });
            }

            yield return PlayedSignal.Of(lead == 0 ? WaveformSignal.EcgII : WaveformSignal.EcgV, Hz, values);
        }
    }

    private static IEnumerable<PlayedSignal> Leads(int seconds, double wander = 0)
    {
        SyntheticEcg heart = new SyntheticEcg(Hz).Regular(0.4, seconds - 0.4, 0.8);
        for (int lead = 0; lead < 2; lead++)
        {
            float[] values = heart.Lead(seconds, lead);
            for (int i = 0; i < values.Length; i++)
                values[i] += (float)(wander * Math.Sin(2 * Math.PI * 0.2 * i / Hz));
            yield return PlayedSignal.Of(lead == 0 ? WaveformSignal.EcgII : WaveformSignal.EcgV, Hz, values);
        }
    }

    private static Bedside Seconds(PlayedSignal[] leads)
    {
        var bed = new Bedside();
        foreach (IGrouping<long, WaveformChunk> second in leads.SelectMany(lead => lead.Seconds()).GroupBy(chunk => chunk.TimeMs).OrderBy(second => second.Key))
            bed.Send(second.Key + 1000 - PlayedSignal.Start, [.. second]);
        return bed;
    }

    private static void AssertTechnicalAlone(Bedside bed)
    {
        Assert.Contains(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Raised);
        Assert.All(bed.Anomalies, anomaly => Assert.True(anomaly.Rule is "ecg-unusable" or "ecg-leads-off", $"{anomaly.Rule} {anomaly.State} at {anomaly.EventTimeMs - Bedside.Start}"));
    }
}
