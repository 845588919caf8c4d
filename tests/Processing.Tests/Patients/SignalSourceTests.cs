using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>Devices whose clocks differ, and clocks that are set back.</summary>
public sealed class SignalSourceTests
{
    private const int FastBy = 300_000;
    private const int Hour = 3_600_000;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Whoever_tells_a_signal_goes_on_and_the_other_is_left_out_and_marked(bool isFastFirst)
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
        {
            if (isFastFirst)
                Fast(bed, s, 70);
            Slow(bed, s, 140);
            if (!isFastFirst)
                Fast(bed, s, 70);
        }

        Assert.Equal(60, Outcomes(bed).Count(outcome => outcome == ReadingOutcome.OtherDevice));
        Assert.DoesNotContain(ReadingOutcome.Late, Outcomes(bed));
        Assert.Equal(isFastFirst ? 70 : 140, NewestRate(bed));
        Assert.Equal(isFastFirst ? 0 : 1, bed.Anomalies.Count);
    }

    [Theory]
    [InlineData(FastBy)]
    [InlineData(48 * Hour)]
    [InlineData(15_000)]
    public void When_the_fast_clock_is_unplugged_the_slow_one_takes_over_after_20_s_and_its_limits_count(int fastByMs)
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
        {
            bed.Send((s * 1000) + fastByMs, [(SignalCode.HeartRate, 70)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, 140);
        }

        Assert.Empty(bed.Anomalies);
        for (int s = 60; s < 120; s++)
        {
            Slow(bed, s, 140);
            bed.Tick((s * 1000) + 900);
        }

        // The last of the fast one came at 59 s: the slow one tells from 79.2 s on. A clock that is but 15 s slow is within 10 s at 64.2 s, and the newest at 74.2 s.
        long expectedMs = fastByMs == 15_000 ? 84_200 : 89_200;
        AnomalyMessage alarm = Assert.Single(bed.Anomalies);
        Assert.Equal(("hr-high", expectedMs, expectedMs), (alarm.Rule, alarm.EventTimeMs - Bedside.Start, alarm.DetectedAtMs - Bedside.Start));
        Assert.Equal(119_000 + 200, bed.State.NewestMs - Bedside.Start);
        Assert.Equal(119_000 + 200, bed.State.Windows[(int)SignalCode.HeartRate]!.NewestMs - Bedside.Start);
    }

    [Fact]
    public void A_slower_clock_takes_over_one_signal_while_the_other_device_goes_on_with_others()
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
        {
            bed.Send((s * 1000) + FastBy, [(SignalCode.HeartRate, 70), (SignalCode.SpO2, 97)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, 71);
        }

        for (int s = 60; s < 120; s++)
        {
            bed.Send((s * 1000) + FastBy, [(SignalCode.SpO2, 97)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, s < 90 ? 71 : 140);
        }

        Assert.Equal(1, Outcomes(bed).Count(outcome => outcome == ReadingOutcome.TookOver));
        Assert.Equal(79, Outcomes(bed).Count(outcome => outcome == ReadingOutcome.OtherDevice));
        // The filter rejects the first two of the higher values.
        Assert.Equal(39, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
        AnomalyMessage alarm = Assert.Single(bed.Anomalies);
        Assert.Equal(("hr-high", 102_200), (alarm.Rule, alarm.EventTimeMs - Bedside.Start));
        // In the patient's time, which is that of the fast clock, the rate is of the present.
        Assert.InRange(bed.State.NewestMs - bed.State.ToldMs(SignalCode.HeartRate), 0, 1000);
        // When the fast one comes back with the signal, the one that tells it goes on.
        Fast(bed, 120, 70);
        Assert.Equal(ReadingOutcome.OtherDevice, Outcomes(bed)[^1]);
    }

    [Fact]
    public void A_delay_that_began_at_the_time_of_the_faster_clock_begins_anew_with_the_slower_one()
    {
        ConfiguredLimit[] limits = [.. ConfiguredLimit.Default.Select(limit => limit.Rule.Condition == ConditionId.HeartRateHigh ? limit with { OnsetMs = 120_000 } : limit)];
        var bed = new Bedside(new ActorConfiguration(limits, new(), new()));
        for (int s = 0; s < 300; s++)
        {
            if (s < 60)
                bed.Send((s * 1000) + FastBy, [(SignalCode.HeartRate, s < 50 ? 70 : 130)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, 130);
            bed.Tick((s * 1000) + 900);
        }

        AnomalyMessage alarm = Assert.Single(bed.Anomalies);
        Assert.Equal(("hr-high", 199_200, 199_200), (alarm.Rule, alarm.EventTimeMs - Bedside.Start, alarm.DetectedAtMs - Bedside.Start));
    }

    [Fact]
    public void Clocks_that_agree_within_10_s_both_count_as_now()
    {
        var bed = new Bedside();
        for (int s = 0; s < 100; s++)
        {
            bed.Send((s * 1000) + 8_000, [(SignalCode.HeartRate, 70)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, 70);
        }

        Assert.All(Outcomes(bed), outcome => Assert.NotEqual(ReadingOutcome.OtherDevice, outcome));
        Assert.Equal(200, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
    }

    [Fact]
    public void What_comes_now_and_then_from_devices_whose_clocks_agree_counts_from_each()
    {
        var bed = new Bedside();
        for (int minute = 0; minute < 60; minute++)
        {
            bed.Send(minute * 60_000, [(SignalCode.HeartRate, 70)], numbered: false);
            if (minute % 5 == 0)
                bed.Send((minute * 60_000) + 3000, [(SignalCode.CuffSystolic, 120)], device: minute % 10 == 0 ? "cuff" : "spot check", numbered: false);
        }

        Assert.Equal(12, bed.State.Windows[(int)SignalCode.CuffSystolic]!.SampleCount + Outcomes(bed, SignalCode.CuffSystolic).Count - 2);
        Assert.DoesNotContain(ReadingOutcome.OtherDevice, Outcomes(bed));
    }

    [Fact]
    public void Old_readings_that_another_device_sends_in_a_burst_take_nothing_over()
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
            bed.HeartRate(s * 1000, 70);
        for (int i = 0; i < 1000; i++)
            bed.Send((i * 1000) - Hour, [(SignalCode.HeartRate, 140)], device: "backlog", logMs: 100_000 + i, numbered: false);
        Assert.Equal(59_000, bed.State.NewestMs - Bedside.Start);
        Assert.Equal(70, NewestRate(bed));
        Assert.Equal(1000, Outcomes(bed).Count(outcome => outcome == ReadingOutcome.OtherDevice));
        Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly.Rule == "hr-high");
    }

    [Fact]
    public void In_a_recording_that_is_played_faster_another_device_takes_over_in_its_own_time()
    {
        var bed = new Bedside();
        for (int s = 0; s < 300; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70)], device: "theatre", logMs: s, numbered: false);
        for (int s = 600; s < 700; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 80)], device: "ward", logMs: s, numbered: false);
        Assert.Equal(21, Outcomes(bed).Count(outcome => outcome == ReadingOutcome.OtherDevice));
        Assert.Equal(80, NewestRate(bed));
    }

    [Theory]
    [InlineData(1000, 21)]
    [InlineData(60_000, 2)]
    public void Readings_of_a_clock_that_was_set_back_are_late_for_ten_seconds_and_then_count(int intervalMs, int most)
    {
        var bed = new Bedside();
        const int count = 40;
        for (int i = 0; i < count; i++)
            bed.Send(i * intervalMs, i == count - 1 ? [(SignalCode.HeartRate, 70), (SignalCode.CuffSystolic, 120)] : [(SignalCode.HeartRate, 70)]);
        int late = 0;
        for (int i = count; i < 2 * count; i++)
            late += Convert.ToInt32(bed.Send((i * intervalMs) - (24 * Hour), [(SignalCode.HeartRate, 140)], logMs: i * intervalMs) == Disposition.Late);
        Assert.InRange(late, 1, most);
        long newestMs = (((2 * count) - 1) * intervalMs) - (24 * Hour) + Bedside.Start;
        Assert.Equal(newestMs, bed.State.NewestMs);
        Assert.Equal(newestMs, bed.State.ReadMs);
        Assert.Equal(newestMs, bed.State.Windows[(int)SignalCode.HeartRate]!.NewestMs);
        Assert.Equal(140, NewestRate(bed));
        Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "hr-high" && anomaly.State == AnomalyState.Raised);
        // What was measured before has its age in log time.
        Assert.Equal(count * intervalMs, bed.State.NewestMs - bed.State.ToldMs(SignalCode.CuffSystolic));
    }

    [Fact]
    public void With_something_that_is_never_late_in_the_message_readings_of_a_clock_that_was_set_back_count_too()
    {
        var bed = new Bedside();
        for (int s = 0; s < 120; s++)
            bed.Send((s * 1000) - (s < 60 ? 0 : Hour), [(SignalCode.HeartRate, 70), (SignalCode.Weight, 80)], logMs: s * 1000);
        Assert.Equal(Bedside.Start + 119_000 - Hour, bed.State.Windows[(int)SignalCode.HeartRate]!.NewestMs);
        Assert.InRange(Outcomes(bed).Count(outcome => outcome == ReadingOutcome.Late), 1, 11);
    }

    [Fact]
    public void A_clock_that_is_set_back_while_another_device_goes_on_leaves_the_others_time_and_signals_alone()
    {
        var bed = new Bedside();
        for (int s = 0; s < 120; s++)
        {
            bed.Send((s * 1000) - (s < 60 ? 0 : Hour), [(SignalCode.SpO2, 84)], device: "oximeter", logMs: s * 1000, numbered: false);
            Slow(bed, s, 70);
        }

        Assert.Equal(119_200, bed.State.NewestMs - Bedside.Start);
        Assert.InRange(bed.State.NewestMs - bed.State.ToldMs(SignalCode.SpO2), 0, 1000);
        AnomalyMessage alarm = Assert.Single(bed.Anomalies);
        Assert.Equal("spo2-low", alarm.Rule);
    }

    [Fact]
    public void A_slow_device_that_alone_tells_a_signal_is_of_the_present()
    {
        var bed = new Bedside();
        for (int s = 0; s < 900; s++)
        {
            bed.Send((s * 1000) - Hour, [(SignalCode.SpO2, s < 100 ? 97 : 84), (SignalCode.RespiratoryRate, 16)], device: "slow", logMs: s * 1000, numbered: false);
            bed.Send((s * 1000) + 200, [(SignalCode.HeartRate, 70), (SignalCode.CuffSystolic, 120), (SignalCode.CoreTemperature, 37)], device: "monitor", numbered: false);
        }

        AnomalyMessage alarm = Assert.Single(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Raised);
        Assert.Equal(("spo2-low", 112_000 - Hour), (alarm.Rule, alarm.EventTimeMs - Bedside.Start));
        Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Cleared);
        Assert.Equal(News2Standing.Scored, Saturation(bed).Standing);
        Assert.InRange(Saturation(bed).AgeMs, 0, 1000);
        // Its sensor that is off is of the present, too.
        for (int s = 900; s < 915; s++)
            bed.Send((s * 1000) - Hour, [(SignalCode.SpO2, 0)], device: "slow", quality: ReadingQuality.SensorOff, logMs: s * 1000, numbered: false);
        Assert.Contains(bed.Open, open => open.Condition == AlarmConditions.SensorOff(SignalCode.SpO2));
    }

    [Fact]
    public void What_a_fast_device_told_grows_old_after_it_has_gone()
    {
        var bed = new Bedside();
        for (int s = 0; s < 1200; s++)
        {
            if (s < 5)
                bed.Send((s * 1000) + (2 * Hour), [(SignalCode.SpO2, 97)], device: "fast", logMs: s * 1000, numbered: false);
            Slow(bed, s, 70);
        }

        Assert.Equal(1_199_200, bed.State.NewestMs - Bedside.Start);
        Assert.Equal(1_195_200, bed.State.NewestMs - bed.State.ToldMs(SignalCode.SpO2));
        Assert.Equal((News2Standing.Stale, 1_195_200), (Saturation(bed).Standing, Saturation(bed).AgeMs));
    }

    [Fact]
    public void A_device_that_is_years_ahead_with_its_gateway_holds_the_true_ones_up_no_longer_than_others()
    {
        const long years = 100_000L * Hour;
        var bed = new Bedside();
        for (int s = 0; s < 5; s++)
            bed.Send((s * 1000) + years, [(SignalCode.HeartRate, 70)], device: "fast", numbered: false);
        bed.Tick(5000);
        for (int s = 6; s < 60; s++)
        {
            Slow(bed, s, 140);
            bed.Tick((s * 1000) + 900);
        }

        Assert.Equal(59_200, bed.State.NewestMs - Bedside.Start);
        AnomalyMessage alarm = Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "hr-high");
        Assert.Equal(35_200, alarm.EventTimeMs - Bedside.Start);
    }

    [Fact]
    public void A_monitor_that_begins_an_encounter_with_its_clock_set_back_is_believed_after_ten_seconds()
    {
        var bed = new Bedside();
        for (int s = 0; s < 120; s++)
            bed.Send((s * 1000) - (s < 60 ? 0 : Hour), [(SignalCode.HeartRate, 70)], session: s < 60 ? "a" : "b", encounter: s < 60 ? "e1" : "e2", sequence: s, logMs: s * 1000);
        Assert.Equal(("e2", Bedside.Start + 119_000 - Hour), (bed.State.Encounter, bed.State.Windows[(int)SignalCode.HeartRate]!.NewestMs));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_slow_device_begins_a_stay_when_no_faster_one_sends_any_more(bool isKnown)
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
        {
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70)], device: "fast", encounter: "e1", numbered: false);
            if (isKnown)
                bed.Send((s * 1000) - Hour, [(SignalCode.SpO2, 97)], device: "slow", encounter: "e1", logMs: (s * 1000) + 10, numbered: false);
        }

        for (int s = 60; s < 120; s++)
            bed.Send((s * 1000) - Hour, [(SignalCode.HeartRate, 140)], device: "slow", encounter: "e2", logMs: s * 1000, numbered: false);
        Assert.Equal(("e2", Bedside.Start + 119_000 - Hour), (bed.State.Encounter, bed.State.NewestMs));
        Assert.Equal("hr-high", Assert.Single(bed.Anomalies).Rule);
    }

    [Fact]
    public void Readings_of_a_slow_device_are_scored_by_the_time_of_the_patient()
    {
        // One device sends an ECG by the right time, another all numbers an hour behind; then its oxygen saturation ends.
        var bed = new Bedside();
        WaveformChunk[] ecg = [.. PlayedHeart.Regular(1200).Seconds()];
        for (int s = 0; s < 1200; s++)
        {
            bed.Send((s + 1) * 1000, ecg[s]);
            bed.Send((s * 1000) - Hour, s < 100 ? [(SignalCode.RespiratoryRate, 16), (SignalCode.SpO2, 97)] : [(SignalCode.RespiratoryRate, 16)], device: "numbers", logMs: ((s + 1) * 1000) + 10, numbered: false);
        }

        Assert.InRange(bed.State.ReadMs, bed.State.NewestMs - 5000, bed.State.NewestMs);
        Assert.InRange(bed.State.NewestMs - bed.State.ToldMs(SignalCode.SpO2), 1_090_000, 1_110_000);
    }

    [Fact]
    public void A_slow_device_is_not_ahead_when_the_fast_one_and_it_are_gone()
    {
        var bed = new Bedside();
        for (int s = 0; s < 120; s++)
        {
            if (s < 60)
            {
                bed.Send(s * 1000, [(SignalCode.HeartRate, 70)], device: "fast", numbered: false);
                bed.Send((s * 1000) - Hour, [(SignalCode.SpO2, 97)], device: "oximeter", logMs: (s * 1000) + 10, numbered: false);
            }

            bed.Send((s * 1000) - Hour, [(SignalCode.RespiratoryRate, 16)], device: "slow", logMs: (s * 1000) + 20, numbered: false);
        }

        Assert.Equal(Bedside.Start + 119_000 - Hour, bed.State.NewestMs);
        Assert.Equal(60_000, bed.State.NewestMs - bed.State.ToldMs(SignalCode.SpO2));
    }

    [Fact]
    public void A_slow_device_that_names_a_stay_of_its_own_ends_nobodys()
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
        {
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70)], encounter: "e1", numbered: false);
            Assert.Equal(Disposition.Late, bed.Send((s * 1000) - Hour, [(SignalCode.SpO2, 97)], device: "stray", encounter: "e0", logMs: (s * 1000) + 10, numbered: false));
        }

        Assert.Equal("e1", bed.State.Encounter);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(15)]
    [InlineData(22)]
    [InlineData(26)]
    [InlineData(39)]
    [InlineData(43)]
    public void However_clocks_differ_and_devices_come_and_go_a_value_beyond_its_limit_is_alarmed_on_while_one_of_them_tells_it(int seed)
    {
        var random = new Random(seed);
        var bed = new Bedside();
        // Offset, and when on: each device goes for at least a minute, and one of them is always there.
        long[] offsets = new long[3];
        int[] changes = new int[3];
        bool[] on = new bool[3];
        int goesOn = 0, raised = 0, tooLong = 0;
        for (int s = 0; s < 900; s++)
        {
            for (int device = 0; device < 3; device++)
            {
                if (s >= changes[device])
                {
                    on[device] = random.Next(2) == 0;
                    changes[device] = s + random.Next(60, 240);
                    if (random.Next(3) == 0)
                        offsets[device] = random.Next(3) switch { 0 => 0, 1 => random.Next(-20_000, 20_000), _ => random.Next(-2 * Hour, 300_000) };
                }

                if (on[device])
                    bed.Send((s * 1000) + offsets[device] + device, [(SignalCode.HeartRate, 140), (SignalCode.RespiratoryRate, 16)], device: $"d{device}", logMs: (s * 1000) + device, numbered: false);
            }

            bed.Tick((s * 1000) + 900);
            goesOn = on[0] || on[1] || on[2] ? goesOn + 1 : 0;
            bool isOpen = bed.Open.Any(alarm => alarm is { Condition: ConditionId.HeartRateHigh, Phase: AlarmPhase.Active });
            tooLong = goesOn > 0 && !isOpen ? tooLong + 1 : 0;
            // Late for 10 s, silent for 20 s, filled for 10 s; and a device that goes while it is waited for begins it all anew.
            Assert.True(tooLong <= 50, $"Seed {seed}: at {s} s nothing was alarmed on for {tooLong} s.");
        }

        foreach (AnomalyMessage told in bed.Anomalies.Where(told => told.Rule == "hr-high"))
        {
            raised += told.State == AnomalyState.Raised ? 1 : told.State == AnomalyState.Cleared ? -1 : 0;
            Assert.InRange(raised, 0, 1);
        }
    }

    [Fact]
    public void The_outcomes_are_written_and_read_beside_every_quality()
    {
        foreach (ReadingOutcome outcome in Enum.GetValues<ReadingOutcome>())
        {
            foreach (ReadingQuality quality in Enum.GetValues<ReadingQuality>())
            {
                var folded = new FoldedReading(new(SignalCode.Weight, true, 7, 1000, quality, ReadingSource.Manual), outcome);
                var writer = new Shared.Binary.PayloadWriter();
                folded.Encode(writer, 900);
                var reader = new Shared.Binary.PayloadReader(writer.Written);
                Assert.Equal(folded, FoldedReading.Decode(ref reader, 900));
                Assert.True(reader.AtEnd);
            }
        }
    }

    private static void Fast(Bedside bed, int s, double rate) => bed.Send((s * 1000) + FastBy, [(SignalCode.HeartRate, rate)], device: "fast", logMs: s * 1000, numbered: false);

    private static void Slow(Bedside bed, int s, double rate) => bed.Send((s * 1000) + 200, [(SignalCode.HeartRate, rate)], device: "slow", numbered: false);

    private static double NewestRate(Bedside bed) => SignalCodes.ToValue(SignalCode.HeartRate, bed.State.Windows[(int)SignalCode.HeartRate]!.NewestSteps);

    private static News2Part Saturation(Bedside bed) => ClinicalScores.EarlyWarning(bed.State).Parts.Single(part => part.Parameter == News2Parameter.OxygenSaturation);

    private static List<ReadingOutcome> Outcomes(Bedside bed, SignalCode code = SignalCode.HeartRate) =>
    [
        .. bed.Events.SelectMany(decided => decided is ObservationFolded folded ? folded.Facts.Readings : decided is ObservationLate late ? late.Facts.Readings : [])
            .Where(reading => reading.Reading.Code == code).Select(reading => reading.Outcome),
    ];
}
