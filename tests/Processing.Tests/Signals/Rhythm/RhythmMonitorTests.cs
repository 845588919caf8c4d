using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

public class RhythmMonitorTests
{
    [Fact]
    public void Sinus_rhythm_raises_nothing_and_shows_its_rate()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 60);
        patient.Play(60);
        Assert.Empty(patient.Changes);
        Assert.Equal(75, patient.Monitor.HeartRate!.Value, 0.5);
    }

    [Theory]
    [InlineData(0.5)]
    [InlineData(1.1)]
    [InlineData(1.3)]
    public void The_first_beats_count_although_there_was_no_usual_one_to_compare_them_with(double interval)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(interval, 0.5, 20, hasPulse: false);
        patient.Play(20);
        Assert.Empty(patient.Changes);
    }

    [Fact]
    public void Four_seconds_without_a_beat_and_without_a_pulse_are_asystole_until_beats_come_back()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Normal(0.8, 45, 60);
        patient.Play(60);
        RhythmChange began = Assert.NotNull(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Began));
        long last = (long)(1000 * patient.Beats.Last(beat => beat.At < 40).At);
        Assert.Equal(last, began.SinceMs);
        Assert.InRange(began.TimeMs, last + 4000, last + 5000);
        RhythmChange ended = Assert.NotNull(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Ended));
        Assert.InRange(ended.TimeMs, 45_000 + RhythmMonitor.GoneMs, 47_000 + RhythmMonitor.GoneMs);
        Assert.Null(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Suppressed));
    }

    [Fact]
    public void A_pause_of_three_and_a_half_seconds_is_no_asystole()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Normal(0.8, patient.Beats[^1].At + 3.5, 60);
        patient.Play(60);
        Assert.Null(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Began));
    }

    [Fact]
    public void A_good_pulse_suppresses_asystole_once_and_a_pulse_that_stops_lets_it_begin()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Feet.AddRange(SyntheticHeart.Every(0.8, patient.Feet[^1] + 0.8, 60));
        patient.Play(90);
        RhythmChange suppressed = Assert.Single(patient.Changes, change => change.Condition == RhythmCondition.Asystole && change.Kind == RhythmChangeKind.Suppressed);
        Assert.Equal(Veto.ArterialPressure, suppressed.Veto);
        Assert.InRange(suppressed.TimeMs, 33_000, 35_000);
        Assert.True(suppressed.Evidence.PulseBeats >= 2);
        RhythmChange began = Assert.NotNull(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Began));
        Assert.InRange(began.TimeMs, 60_000, 66_000);
    }

    [Fact]
    public void Poor_waves_within_a_run_do_not_speak_against_it()
    {
        for (int phase = 0; phase < 6; phase++)
        {
            var patient = new MonitoredPatient(RhythmLimits.Adult);
            patient.Normal(0.6, 0.5, 40);
            patient.Beats.RemoveAll(beat => beat.At > 30);
            patient.Feet.RemoveAll(foot => foot > 30.3);
            patient.Beats.AddRange(SyntheticHeart.Every(0.35, 30.4 + (0.1 * phase), 33).Select(at => (at, true)));
            patient.Beats.AddRange(SyntheticHeart.Every(0.6, 33.8, 45).Select(at => (at, false)));
            // At the usual interval, but shapes that no heart makes.
            double last = patient.Feet[^1];
            patient.Pressure = (t, value) => t < last + 0.55 ? value : t < 34 ? (float)(70 + (50 * Math.Abs(Math.Sin(Math.PI * (t - last) / 0.6))) + (25 * SyntheticHeart.Noise(3, (long)(t * 25)))) : value;
            patient.Play(45);
            Assert.NotNull(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began));
        }
    }

    [Theory]
    [InlineData(2.0, 1.0)]
    [InlineData(2.0, 0.7)]
    public void Beats_that_nobody_could_see_make_no_slow_heart(double period, double missing)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 120, hasPulse: false);
        // In the first minute all is seen; then samples are missing now and then, and the beats in them with them.
        bool Away(double t) => t > 60 && t % period < missing;
        patient.Beats.RemoveAll(beat => Away(beat.At) || Away(beat.At + 0.1));
        patient.Ecg = (t, value) => Away(t) ? float.NaN : value;
        var slowest = double.PositiveInfinity;
        patient.Play(120, _ => slowest = Math.Min(slowest, patient.Monitor.HeartRate ?? double.PositiveInfinity));
        Assert.InRange(slowest, 70, 80);
        Assert.Null(patient.First(RhythmCondition.ExtremeBradycardia, RhythmChangeKind.Began));
    }

    [Fact]
    public void A_poor_pulse_suppresses_nothing()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Feet.AddRange(SyntheticHeart.Every(0.8, patient.Feet[^1] + 0.8, 60));
        patient.Pressure = (t, value) => t < 30 ? value : 70 + (float)(40 * SyntheticHeart.Noise(9, (long)(t * 8)));
        patient.Play(60);
        Assert.NotNull(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Began));
        Assert.Null(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Suppressed));
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(0f)]
    [InlineData(5f)]
    public void A_lead_that_is_off_flat_or_saturated_is_no_asystole(float value)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30, hasPulse: false);
        patient.Ecg = (t, sample) => t < 30 ? sample : value;
        patient.Play(50);
        Assert.Null(patient.First(RhythmCondition.Asystole, RhythmChangeKind.Began));
        Assert.Equal(Veto.EcgQuality, patient.First(RhythmCondition.Asystole, RhythmChangeKind.Suppressed)?.Veto);
    }

    [Fact]
    public void A_gap_in_the_ECG_is_no_asystole_even_when_it_comes_back_without_beats_at_first()
    {
        var monitor = new RhythmMonitor(RhythmLimits.Adult, 250, 1);
        var changes = new List<RhythmChange>();
        for (int i = 0; i < 60 * 250; i++)
        {
            long now = i * 4L;
            if (now is < 20_000 or >= 50_000)
                monitor.Ecg(now, [(float)SyntheticHeart.Noise(1, i)]);
            if (now % 800 == 0 && now < 20_000)
                monitor.Beat(now, now, BeatClass.Normal, 1, false);
            if (now % 1000 == 0 && now < 53_000)
                monitor.Advance(now, changes);
        }

        Assert.DoesNotContain(changes, change => change.Kind == RhythmChangeKind.Began);
    }

    [Theory]
    [InlineData(1.55, true)]
    [InlineData(1.45, false)]
    public void Five_beats_below_40_are_an_extreme_bradycardia(double interval, bool isExtreme)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Normal(interval, patient.Beats[^1].At + interval, 60);
        patient.Play(60);
        Assert.Equal(isExtreme, patient.First(RhythmCondition.ExtremeBradycardia, RhythmChangeKind.Began) is not null);
    }

    [Fact]
    public void A_faster_pulse_of_good_quality_suppresses_bradycardia()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Normal(1.6, patient.Beats[^1].At + 1.6, 60, hasPulse: false);
        patient.Feet.AddRange(SyntheticHeart.Every(0.8, patient.Feet[^1] + 0.8, 60));
        patient.Play(60);
        Assert.Null(patient.First(RhythmCondition.ExtremeBradycardia, RhythmChangeKind.Began));
        Assert.Equal(Veto.ArterialPressure, patient.First(RhythmCondition.ExtremeBradycardia, RhythmChangeKind.Suppressed)?.Veto);
    }

    [Theory]
    [InlineData(0.42, true)]
    [InlineData(0.44, false)]
    public void Seventeen_beats_above_140_are_an_extreme_tachycardia(double interval, bool isExtreme)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        patient.Normal(interval, patient.Beats[^1].At + interval, 60);
        patient.Play(60);
        RhythmChange? began = patient.First(RhythmCondition.ExtremeTachycardia, RhythmChangeKind.Began);
        Assert.Equal(isExtreme, began is not null);
        if (began is { } change)
            Assert.InRange(change.TimeMs - change.SinceMs, 16 * 420, (16 * 420) + 2000);
    }

    [Fact]
    public void Fourteen_fast_beats_are_not_enough()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        double from = patient.Beats[^1].At + 0.8;
        patient.Normal(0.4, from, from + (13.5 * 0.4));
        patient.Normal(0.8, patient.Beats[^1].At + 0.8, 60);
        patient.Play(60);
        Assert.Null(patient.First(RhythmCondition.ExtremeTachycardia, RhythmChangeKind.Began));
    }

    [Theory]
    [InlineData(5, 0.4, true)]
    [InlineData(4, 0.4, false)]
    [InlineData(8, 0.65, false)]
    public void Five_ventricular_beats_above_100_are_a_ventricular_tachycardia(int beats, double interval, bool isTachycardia)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        double from = patient.Beats[^1].At + 0.5;
        for (int i = 0; i < beats; i++)
            patient.Beats.Add((from + (i * interval), true));
        patient.Normal(0.8, patient.Beats[^1].At + 0.9, 50);
        patient.Play(50);
        RhythmChange? began = patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began);
        Assert.Equal(isTachycardia, began is not null);
        if (began is { } change)
            Assert.InRange(change.TimeMs, (long)(1000 * from) + 1600, (long)(1000 * from) + 4600);
    }

    [Theory]
    [InlineData(0.33, 8, true)]
    [InlineData(0.33, 4, false)]
    [InlineData(0.66, 8, false)]
    public void A_run_counts_by_its_swings_where_the_detector_finds_every_other_beat_only(double interval, int beats, bool isTachycardia)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        int first = patient.Beats.Count;
        double from = patient.Beats[^1].At + 0.5;
        for (int i = 0; i < beats; i++)
            patient.Beats.Add((from + (i * interval), true));
        patient.Normal(0.8, patient.Beats[^1].At + 0.9, 50);
        patient.IsFound = beat => beat < first || beat >= first + beats || (beat - first) % 2 == 0;
        patient.Play(50);
        Assert.Equal(isTachycardia, patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began) is not null);
    }

    [Fact]
    public void Usual_beats_among_great_swings_make_no_tachycardia_of_them()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        double from = patient.Beats[^1].At + 0.6;
        for (int i = 0; i < 10; i++)
            patient.Beats.Add((from + (i * 0.6), i % 2 == 0));
        patient.Normal(0.8, patient.Beats[^1].At + 0.9, 50);
        patient.Play(50);
        Assert.Null(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began));
    }

    [Fact]
    public void The_usual_form_in_every_lead_is_not_ventricular_however_high_it_becomes()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult) { Ecg = (t, value) => t > 30 ? 1.9f * value : value };
        patient.Normal(0.55, 0.5, 45);
        patient.Play(45);
        Assert.DoesNotContain(patient.Changes, change => change.Condition == RhythmCondition.VentricularTachycardia);
    }

    [Fact]
    public void The_pulse_of_a_slow_ventricular_rhythm_does_not_speak_against_a_fast_one()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.65, 0.5, 30);
        double from = patient.Beats[^1].At + 0.8;
        for (int i = 0; i < 24; i++)
        {
            patient.Beats.Add((from + (i * 0.74), true));
            patient.Feet.Add(from + (i * 0.74) + 0.25);
        }

        double fast = patient.Beats[^1].At + 0.38;
        for (int i = 0; i < 6; i++)
            patient.Beats.Add((fast + (i * 0.38), true));
        patient.Feet.AddRange(SyntheticHeart.Every(0.74, patient.Feet[^1] + 0.74, 65));
        patient.Play(60);
        Assert.NotNull(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began));
        Assert.Null(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Suppressed));
    }

    [Fact]
    public void A_pulse_that_goes_on_at_the_usual_rate_suppresses_ventricular_tachycardia()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        double from = patient.Beats[^1].At + 0.5;
        for (int i = 0; i < 8; i++)
            patient.Beats.Add((from + (i * 0.4), true));
        patient.Feet.AddRange(SyntheticHeart.Every(0.8, patient.Feet[^1] + 0.8, 50));
        patient.Play(50);
        Assert.Null(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began));
        Assert.Equal(Veto.ArterialPressure, patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Suppressed)?.Veto);
    }

    [Fact]
    public void A_pulse_at_the_rate_of_the_run_does_not_suppress_it()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        double from = patient.Beats[^1].At + 0.5;
        for (int i = 0; i < 12; i++)
        {
            patient.Beats.Add((from + (i * 0.5), true));
            patient.Feet.Add(from + (i * 0.5) + 0.25);
        }

        patient.Play(45);
        Assert.NotNull(patient.First(RhythmCondition.VentricularTachycardia, RhythmChangeKind.Began));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_oscillation_for_four_seconds_is_fibrillation_unless_there_is_a_good_pulse(bool hasPulse)
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 30);
        if (hasPulse)
            patient.Feet.AddRange(SyntheticHeart.Every(0.8, patient.Feet[^1] + 0.8, 50));
        patient.Ecg = (t, value) => t < 30 ? value : (float)((0.4 + (0.15 * Math.Sin(1.7 * t))) * Math.Sin((2 * Math.PI * 4.6 * t) + Math.Sin(2.9 * t)));
        patient.Play(45);
        RhythmChange? began = patient.First(RhythmCondition.VentricularFibrillation, RhythmChangeKind.Began);
        Assert.Equal(!hasPulse, began is not null);
        if (began is { } change)
            Assert.InRange(change.TimeMs, 32_000, 36_000);
        else
            Assert.Equal(Veto.ArterialPressure, patient.First(RhythmCondition.VentricularFibrillation, RhythmChangeKind.Suppressed)?.Veto);
    }

    [Fact]
    public void Intervals_without_order_are_atrial_fibrillation()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        double at = 0.5;
        for (int i = 0; at < 120; i++)
        {
            patient.Beats.Add((at, false));
            patient.Feet.Add(at + 0.25);
            at += 0.75 + (0.3 * SyntheticHeart.Noise(7, i));
        }

        patient.Play(120);
        Assert.NotNull(patient.First(RhythmCondition.AtrialFibrillation, RhythmChangeKind.Began));
    }

    [Fact]
    public void How_signals_lie_to_each_other_and_when_it_is_asked_changes_nothing()
    {
        // One run gives everything in step and asks each second; the other gives the ECG of 7 s, then the pulse of 7 s, and then asks.
        List<RhythmChange> inStep = [], inChunks = [];
        foreach ((int seconds, List<RhythmChange> changes) in ((int, List<RhythmChange>)[])[(1, inStep), (7, inChunks)])
        {
            var script = new MonitoredPatient(RhythmLimits.Adult);
            script.Normal(0.8, 0.5, 30);
            script.Normal(1.6, 40, 70);
            script.Feet.AddRange(SyntheticHeart.Every(0.8, 52, 70));
            var monitor = new RhythmMonitor(RhythmLimits.Adult, 250, 1);
            var pulse = new PulseDetector(PulseKind.ArterialPressure, 125);
            int told = 0;
            for (int from = 0; from < 70; from += seconds)
            {
                for (int i = from * 250; i < (from + seconds) * 250; i++)
                {
                    monitor.Ecg(i * 4L, [SyntheticHeart.Ecg(i / 250.0, script.Beats, 1)]);
                    for (; told < script.Beats.Count && script.Beats[told].At + 0.3 <= i / 250.0; told++)
                        monitor.Beat((long)(1000 * script.Beats[told].At), i * 4L, BeatClass.Normal, 1, false);
                }

                for (int i = from * 125; i < (from + seconds) * 125; i++)
                {
                    if (pulse.Push(SyntheticHeart.Pressure(i / 125.0, script.Feet), out PulseBeat wave))
                        monitor.Pulse(PulseKind.ArterialPressure, wave.Sample * 8, i * 8L, wave);
                }

                monitor.Advance(1000L * (from + seconds), changes);
            }
        }

        Assert.Contains(inStep, change => change.Condition == RhythmCondition.Asystole);
        Assert.Contains(inStep, change => change.Condition == RhythmCondition.ExtremeBradycardia);
        Assert.Equal(inStep, inChunks);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public void State_encoded_at_any_second_goes_on_bit_for_bit(int seed)
    {
        var random = new Random(seed);
        MonitoredPatient straight = Script(), cut = Script();
        int largest = 0;
        byte[] end = [], endOfCut = [];
        straight.Play(80, second => end = Encoded(straight.Monitor));
        cut.Play(80, second =>
        {
            endOfCut = Encoded(cut.Monitor);
            largest = Math.Max(largest, endOfCut.Length);
            if (random.Next(3) != 0)
                return;
            var reader = new PayloadReader(endOfCut);
            cut.Monitor = RhythmMonitor.Decode(ref reader);
            Assert.True(reader.AtEnd);
            Assert.Equal(endOfCut, Encoded(cut.Monitor));
        });
        Assert.Equal(straight.Changes, cut.Changes);
        Assert.Equal(end, endOfCut);
        Assert.True(straight.Changes.Count >= 4);
        Assert.InRange(largest, 1000, 10_000);

        static MonitoredPatient Script()
        {
            var patient = new MonitoredPatient(RhythmLimits.Adult);
            patient.Normal(0.8, 0.5, 30);
            patient.Normal(0.4, 38, 50);
            double from = 50.4;
            for (int i = 0; i < 8; i++)
                patient.Beats.Add((from + (i * 0.4), true));
            patient.Normal(0.8, 54.5, 60);
            patient.Ecg = (t, value) => t < 65 ? value : (float)(0.4 * Math.Sin(30 * t));
            return patient;
        }
    }

    [Fact]
    public void A_damaged_state_is_refused()
    {
        var patient = new MonitoredPatient(RhythmLimits.Adult);
        patient.Normal(0.8, 0.5, 20);
        patient.Play(20);
        byte[] bytes = Encoded(patient.Monitor);
        for (int length = 0; length < bytes.Length; length += 13)
            Assert.Throws<InvalidDataException>(() => Decode(bytes[..length]));
        byte[] newer = [.. bytes];
        newer[0] = 77;
        Assert.Throws<InvalidDataException>(() => Decode(newer));
    }

    [Theory]
    [InlineData(50, 120, false, 40, 140, 100)] // Adults.
    [InlineData(90, 181, true, 70, 201, 120)] // Neonates, by their 1st and 99th centile.
    [InlineData(52, 123, true, 40, 143, 120)]
    [InlineData(35, 110, false, 35, 130, 100)] // An athlete's own limit.
    [InlineData(60, 290, false, 40, 300, 100)]
    public void Extreme_limits_follow_the_ordinary_ones(int low, int high, bool isChild, int extremeLow, int extremeHigh, int ventricular) =>
        Assert.Equal(new RhythmLimits(4000, extremeLow, extremeHigh, ventricular), RhythmLimits.Around(low, high, isChild));

    [Fact]
    public void Limits_that_make_no_sense_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new RhythmMonitor(new RhythmLimits(4000, 150, 140, 100), 250, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RhythmMonitor(new RhythmLimits(100, 40, 140, 100), 250, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => RhythmLimits.Around(120, 50, false));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RhythmMonitor(RhythmLimits.Adult, 20, 1));
        Assert.Throws<ArgumentOutOfRangeException>(() => new RhythmMonitor(RhythmLimits.Adult, 250, 0));
    }

    private static byte[] Encoded(RhythmMonitor monitor)
    {
        var writer = new PayloadWriter();
        monitor.Encode(writer);
        return writer.Written.ToArray();
    }

    private static RhythmMonitor Decode(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return RhythmMonitor.Decode(ref reader);
    }
}
