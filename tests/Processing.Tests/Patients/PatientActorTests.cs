using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

public sealed class PatientActorTests
{
    [Fact]
    public void One_bad_sample_raises_nothing()
    {
        var bed = new Bedside();
        for (int second = 0; second < 120; second++)
            bed.HeartRate(second * 1000, second == 60 ? 190 : 80 + (second % 3));
        Assert.Empty(bed.Anomalies);
        Assert.Equal(SignalCodes.ToValue(SignalCode.HeartRate, 0) + 80, bed.State.Filter(SignalCode.HeartRate).Level, 2.0);
    }

    [Theory]
    [InlineData("hr-high", SignalCode.HeartRate, 80, 150)]
    [InlineData("hr-low", SignalCode.HeartRate, 80, 32)]
    [InlineData("spo2-low", SignalCode.SpO2, 97, 86)]
    [InlineData("rr-low", SignalCode.RespiratoryRate, 16, 5)]
    [InlineData("rr-high", SignalCode.RespiratoryRate, 16, 38)]
    [InlineData("abp-sys-low", SignalCode.ArterialSystolic, 120, 80)]
    [InlineData("nbp-sys-low", SignalCode.CuffSystolic, 120, 80)]
    [InlineData("abp-mean-low", SignalCode.ArterialMean, 85, 52)]
    [InlineData("nbp-mean-low", SignalCode.CuffMean, 85, 52)]
    [InlineData("temp-core-low", SignalCode.CoreTemperature, 37, 34)]
    [InlineData("temp-core-high", SignalCode.CoreTemperature, 37, 40)]
    public void A_rule_is_raised_once_after_its_delay_and_cleared_after_recovery(string rule, SignalCode code, double normal, double bad)
    {
        var bed = new Bedside();
        for (int second = 0; second < 240; second++)
            bed.Send(second * 1000, [(code, second is >= 60 and < 120 ? bad : normal)]);

        Assert.Equal([AnomalyState.Raised, AnomalyState.Cleared], bed.Anomalies.Select(anomaly => anomaly.State));
        AnomalyMessage raised = bed.Anomalies[0], cleared = bed.Anomalies[1];
        Assert.Equal(rule, raised.Rule);
        Assert.Equal(AnomalyKind.Rule, raised.Kind);
        // Two samples for the filter to take the shift, then ten seconds of delay.
        Assert.InRange(raised.EventTimeMs - Bedside.Start, 70_000, 75_000);
        Assert.InRange(cleared.EventTimeMs - Bedside.Start, 130_000, 135_000);
        Assert.Equal(code, Assert.Single(raised.Contributors).Code);
        Assert.Equal(bad, raised.Contributors[0].Value, 1e-9);
        Assert.Equal(raised.EventId, raised.AnomalyId);
        Assert.Equal(raised.AnomalyId, cleared.AnomalyId);
        Assert.Equal((0, 1), (raised.Revision, cleared.Revision));
    }

    [Fact]
    public void A_saturation_that_swings_below_its_limit_is_told()
    {
        var bed = new Bedside();
        for (int second = 0; second < 180; second++)
            bed.Send(second * 1000, [(SignalCode.SpO2, second < 120 ? 97 : second % 2 == 0 ? 70 : 80)]);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Raised && anomaly.Rule == "spo2-low");
        Assert.InRange(raised.EventTimeMs - Bedside.Start, 130_000, 150_000);
    }

    [Fact]
    public void A_signal_that_falls_silent_beyond_its_limit_is_told_when_its_delay_is_over()
    {
        var bed = new Bedside();
        for (int second = 0; second < 66; second++)
        {
            bed.Tick(second * 1000);
            bed.Send(second * 1000, [(SignalCode.SpO2, second < 60 ? 97 : 85)]);
        }

        for (int second = 66; second < 100; second++)
            bed.Tick(second * 1000);
        AnomalyMessage raised = Assert.Single(bed.Anomalies);
        Assert.Equal("spo2-low", raised.Rule);
        // The filter takes the third reading; ten seconds of delay from it.
        Assert.Equal(Bedside.Start + 72_000, raised.EventTimeMs);
    }

    [Fact]
    public void Pulmonary_pressures_break_no_arterial_rule()
    {
        var bed = new Bedside();
        for (int second = 0; second < 60; second++)
            bed.Send(second * 1000, [(SignalCode.PulmonarySystolic, 25), (SignalCode.PulmonaryMean, 15)]);
        Assert.Empty(bed.Anomalies);
    }

    [Fact]
    public void A_value_in_the_hysteresis_band_neither_raises_again_nor_clears()
    {
        var bed = new Bedside();
        for (int second = 0; second < 170; second++)
            bed.HeartRate(second * 1000, second < 60 ? 90 : second % 40 < 20 ? 123 : 117);
        Assert.Equal(AnomalyState.Raised, Assert.Single(bed.Anomalies).State);
    }

    [Fact]
    public void Severity_is_the_worst_so_far_and_told_once()
    {
        var bed = new Bedside();
        for (int second = 0; second < 200; second++)
            bed.HeartRate(second * 1000, second < 30 ? 90 : second < 60 ? 130 : second % 4 < 2 ? 138 : 143);
        AnomalyMessage raised = bed.Anomalies[0];
        Assert.Equal((AnomalyState.Raised, AnomalySeverity.Medium), (raised.State, raised.Severity));
        AnomalyMessage worse = Assert.Single(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Updated);
        Assert.Equal((AnomalySeverity.High, AnomalyChange.Severity), (worse.Severity, worse.Change));
        Assert.InRange(worse.EventTimeMs - Bedside.Start, 60_000, 64_000);
    }

    [Fact]
    public void Silence_is_told_by_its_deadline_and_ends_with_the_next_observation()
    {
        var bed = new Bedside();
        for (int second = 0; second <= 30; second++)
            bed.HeartRate(second * 1000, 80);
        Assert.Equal(90_000, bed.DeadlineMs);
        bed.Tick(89_999);
        Assert.Empty(bed.Anomalies);
        bed.Tick(90_000);
        bed.Tick(95_000);
        AnomalyMessage raised = Assert.Single(bed.Anomalies);
        Assert.Equal((AnomalyKind.NoData, AnomalyState.Raised), (raised.Kind, raised.State));
        Assert.Null(bed.DeadlineMs);
        bed.HeartRate(100_000, 80);
        Assert.Equal(AnomalyState.Cleared, bed.Anomalies[1].State);
        Assert.NotNull(bed.DeadlineMs);
    }

    [Fact]
    public void A_gateway_with_a_slow_clock_makes_no_silence()
    {
        var bed = new Bedside();
        for (int second = 0; second < 300; second++)
        {
            bed.Tick(second * 1000);
            bed.Send(second * 1000, [(SignalCode.HeartRate, 80)], logMs: (second * 1000) - 90_000);
        }

        Assert.Empty(bed.Anomalies);
        for (int second = 300; second < 400; second++)
            bed.Tick(second * 1000);
        Assert.Equal(AnomalyKind.NoData, Assert.Single(bed.Anomalies).Kind);
        Assert.InRange(bed.Anomalies[0].DetectedAtMs - Bedside.Start, 359_000, 361_000);
    }

    [Fact]
    public void A_gateway_with_a_fast_clock_puts_no_silence_off()
    {
        var bed = new Bedside();
        for (int second = 0; second < 60; second++)
        {
            bed.Tick(second * 1000);
            bed.HeartRate(second * 1000, 80);
        }

        const int tenDays = 10 * 86_400_000;
        bed.Send(60_000, [(SignalCode.HeartRate, 80)], logMs: tenDays);
        for (int second = 61; second < 200; second++)
            bed.Tick(second * 1000);
        AnomalyMessage silence = Assert.Single(bed.Anomalies);
        Assert.Equal(AnomalyKind.NoData, silence.Kind);
        Assert.InRange(silence.DetectedAtMs - Bedside.Start, 120_000, 122_000);
    }

    [Fact]
    public void Slow_signals_are_not_silent_between_their_readings()
    {
        var bed = new Bedside();
        for (int hour = 0; hour < 5; hour++)
            bed.HeartRate(hour * 3_600_000L, 80);
        Assert.Equal((4 * 3_600_000L) + (5 * 3_600_000L), bed.DeadlineMs);
    }

    [Fact]
    public void The_same_number_with_the_same_content_is_a_repeat_and_with_other_content_refused()
    {
        var bed = new Bedside();
        Assert.Equal(Disposition.Folded, bed.HeartRate(0, 80, 7));
        Assert.Equal(Disposition.Folded, bed.HeartRate(1000, 81, 8));
        Assert.Equal(Disposition.Duplicate, bed.HeartRate(0, 80, 7));
        Assert.Equal(Disposition.Refused, bed.HeartRate(2000, 90, 8));
        Assert.Equal(2, bed.State.Sequence);
    }

    [Fact]
    public void Without_numbers_the_same_device_time_and_content_is_a_repeat()
    {
        var bed = new Bedside();
        Assert.Equal(Disposition.Folded, bed.Send(0, [(SignalCode.HeartRate, 80)], numbered: false));
        Assert.Equal(Disposition.Duplicate, bed.Send(0, [(SignalCode.HeartRate, 80)], numbered: false));
        Assert.Equal(Disposition.Folded, bed.Send(1000, [(SignalCode.HeartRate, 80)], numbered: false));
    }

    [Fact]
    public void A_number_below_the_window_with_a_newer_time_is_a_reboot_and_with_an_older_one_late()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80, 5000);
        Assert.Equal(Disposition.Late, bed.HeartRate(-500, 81, 10));
        Assert.Equal(Disposition.Folded, bed.HeartRate(1000, 82, 3));
        Assert.Equal(Disposition.Duplicate, bed.HeartRate(1000, 82, 3));
        Assert.Equal(Disposition.Folded, bed.HeartRate(2000, 82, 4));
    }

    [Fact]
    public void A_new_session_starts_its_numbers_again_and_the_old_one_comes_too_late()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.HeartRate, 80)], 0, session: "a");
        Assert.Equal(Disposition.Folded, bed.Send(1000, [(SignalCode.HeartRate, 81)], 0, session: "b"));
        Assert.Equal(Disposition.Late, bed.Send(500, [(SignalCode.HeartRate, 82)], 1, session: "a"));
        Assert.Equal(Disposition.Duplicate, bed.Send(1000, [(SignalCode.HeartRate, 81)], 0, session: "b"));
    }

    [Fact]
    public void Out_of_order_within_ten_seconds_is_folded_and_later_is_late()
    {
        var bed = new Bedside();
        for (int second = 0; second <= 20; second++)
        {
            if (second != 15)
                bed.HeartRate(second * 1000, 80);
        }

        Assert.Equal(Disposition.Folded, bed.HeartRate(15_000, 80));
        Assert.Equal(21, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
        Assert.Equal(Disposition.Late, bed.HeartRate(9_900, 80));
        Assert.Equal(21, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
    }

    [Fact]
    public void A_jump_ahead_is_held_until_the_next_agrees()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80);
        bed.Send(90_000, [(SignalCode.HeartRate, 81)], logMs: 1000);
        Assert.Equal(Bedside.Start, bed.State.NewestMs);
        bed.Send(91_000, [(SignalCode.HeartRate, 82)], logMs: 2000);
        Assert.Equal(Bedside.Start + 91_000, bed.State.NewestMs);
        Assert.Equal(3, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
    }

    [Fact]
    public void A_jump_ahead_that_the_next_contradicts_never_counts()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80);
        bed.Send(90_000, [(SignalCode.HeartRate, 200)], logMs: 1000);
        bed.HeartRate(2000, 82);
        Assert.Equal(Bedside.Start + 2000, bed.State.NewestMs);
        Assert.Equal(2, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
        Assert.Null(bed.State.Devices[0].Held);
    }

    [Fact]
    public void A_jump_that_contradicts_another_waits_itself()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80);
        bed.Send(240_000, [(SignalCode.HeartRate, 200)], logMs: 1000);
        bed.Send(100_000, [(SignalCode.HeartRate, 190)], logMs: 2000);
        Assert.Equal(Bedside.Start, bed.State.NewestMs);
        bed.Send(3000, [(SignalCode.HeartRate, 81)]);
        Assert.Equal(Bedside.Start + 3000, bed.State.NewestMs);
        Assert.Equal(2, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
    }

    [Fact]
    public void A_new_encounter_clears_what_is_open_and_starts_afresh()
    {
        var bed = new Bedside();
        for (int second = 0; second < 60; second++)
            bed.Send(second * 1000, [(SignalCode.HeartRate, 160)], encounter: "first");
        Assert.Single(bed.Open);
        bed.Send(61_000, [(SignalCode.HeartRate, 70)], encounter: "second");
        Assert.Empty(bed.Open);
        Assert.Equal(AnomalyState.Cleared, bed.Anomalies[^1].State);
        Assert.Equal("first", bed.Anomalies[^1].Encounter);
        Assert.Equal("second", bed.State.Encounter);
        Assert.Equal(1, bed.State.Windows[(int)SignalCode.HeartRate]!.SampleCount);
        Assert.Equal(Disposition.Late, bed.Send(60_000, [(SignalCode.HeartRate, 160)], encounter: "first"));
    }

    [Fact]
    public void A_sensor_that_is_off_gives_no_value()
    {
        var bed = new Bedside();
        Assert.Equal(Disposition.Folded, bed.Send(0, [(SignalCode.SpO2, 50)], quality: ReadingQuality.SensorOff));
        Assert.Null(bed.State.Windows[(int)SignalCode.SpO2]);
    }

    [Fact]
    public void A_value_sent_again_with_its_old_time_counts_once()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.CuffSystolic, 120)]);
        bed.Send(0, [(SignalCode.CuffSystolic, 120), (SignalCode.HeartRate, 80)]);
        Assert.Equal(1, bed.State.Windows[(int)SignalCode.CuffSystolic]!.SampleCount);
    }

    [Fact]
    public void Acknowledging_is_told_once_and_an_unknown_anomaly_is_not_known()
    {
        var bed = new Bedside();
        for (int second = 0; second < 60; second++)
            bed.HeartRate(second * 1000, 160);
        string id = bed.Anomalies[0].AnomalyId;
        Assert.False(bed.Acknowledge("ward:bed-1/999/0", 60_000));
        Assert.True(bed.Acknowledge(id, 61_000));
        Assert.True(bed.Acknowledge(id, 62_000));
        Assert.Single(bed.Anomalies, anomaly => anomaly.State == AnomalyState.Acknowledged);
        Assert.True(Assert.Single(bed.Open).IsAcknowledged);
    }

    [Fact]
    public void A_limit_that_adults_have_none_of_is_judged_where_the_patient_has_one()
    {
        var bed = new Bedside();
        Saturation(0, 30);
        Assert.Empty(bed.Anomalies);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetLimits, "", "dr.lee", "oxygen is to be weaned", Bedside.Start + 31_000) { Signal = SignalCode.SpO2, High = 95 }, 31_000));
        Saturation(32, 60);
        Assert.Equal(("spo2-high", 95.0), (Assert.Single(bed.Anomalies).Rule, bed.Anomalies[0].Threshold));

        void Saturation(int fromSecond, int toSecond)
        {
            for (int second = fromSecond; second < toSecond; second++)
                bed.Send(second * 1000, [(SignalCode.SpO2, 99)]);
        }
    }

    [Fact]
    public void A_command_that_is_refused_leaves_no_trace()
    {
        var bed = new Bedside();
        for (int second = 0; second < 12; second++)
            bed.HeartRate(second * 1000, second < 3 ? 80 : 160);
        CommandMessage late = new(Bedside.Patient, CommandKind.AlarmPause, "", "nurse", null, Bedside.Start) { DurationSeconds = 20 };
        byte[] before = Bedside.Encode(bed.State);
        // With an alarm due, and with a configuration that has not taken effect yet: neither is decided by what is refused.
        Assert.Equal(RefusalReason.InvalidTime, bed.Command(late, 40_000)?.Reason);
        Assert.Equal(before, Bedside.Encode(bed.State));
        var fresh = new Bedside();
        Assert.Equal(RefusalReason.InvalidTime, fresh.Command(late, 40_000)?.Reason);
        Assert.Equal(0, fresh.State.Sequence);
        Assert.Equal(RefusalReason.Unsupported, fresh.Command(late with { Kind = CommandKind.Acknowledge, AnomalyId = $"{Bedside.Patient}/1/0" }, 40_000)?.Reason);
        Assert.Equal(0, fresh.State.Sequence);
        Assert.Null(bed.Command(late with { TimeMs = Bedside.Start + 30_000 }, 40_000));
    }

    [Fact]
    public void A_changed_rule_or_model_changes_nothing_in_the_past()
    {
        var before = new Bedside();
        for (int second = 0; second < 60; second++)
            before.HeartRate(second * 1000, 115);
        Assert.Empty(before.Anomalies);

        // The same entries, folded by a program whose limit is 110: nothing is raised in what was, and the change is journaled before it first decides.
        ConfiguredLimit[] stricter = [.. ConfiguredLimit.Default.Select(limit => limit.Rule.Condition == ConditionId.HeartRateHigh ? limit with { AdultLimit = 110 } : limit)];
        var replayed = new PatientState(Bedside.Patient);
        for (int i = 0; i < before.Entries.Count; i++)
            replayed.Apply(i + 1, before.Entries[i], default);
        Assert.Equal(Bedside.Encode(before.State), Bedside.Encode(replayed));

        var after = new Bedside(new ActorConfiguration(stricter, new(), new()), Model(), state: replayed) { Sequence = before.Sequence };
        Assert.Empty(after.Open);
        for (int second = 60; second < 80; second++)
            after.HeartRate(second * 1000, 115);
        Assert.Equal("hr-high", Assert.Single(after.Anomalies).Rule);
        Assert.NotEqual(before.State.Configuration, after.State.Configuration);
        Assert.NotEqual("", after.State.Model);
        Assert.True(after.Anomalies[0].EventTimeMs >= Bedside.Start + 70_000);
    }

    [Fact]
    public void New_logic_takes_a_patient_over_with_its_whole_state()
    {
        var before = new Bedside();
        for (int second = 0; second < 60; second++)
            before.HeartRate(second * 1000, 160);
        var after = new Bedside(logic: LogicVersion.Current + 1, state: PatientState.Decode(Bedside.Patient, Bedside.Encode(before.State))) { Sequence = before.Sequence };
        after.HeartRate(60_000, 160);
        Assert.Equal(LogicVersion.Current + 1, after.State.Logic);
        Assert.Equal((byte)EventTag.Rebased, after.Entries[0][3]);
        Assert.Single(after.Open);
        after.HeartRate(61_000, 160);
        Assert.NotEqual((byte)EventTag.Rebased, after.Entries[1][3]);
    }

    [Fact]
    public void More_devices_than_fit_replace_the_one_silent_longest()
    {
        var bed = new Bedside();
        for (int device = 0; device < PatientState.MaximumDevices + 3; device++)
            bed.Send(device * 1000, [(SignalCode.HeartRate, 80)], 0, device: $"d{device}");
        Assert.Equal(PatientState.MaximumDevices, bed.State.Devices.Count);
        Assert.DoesNotContain(bed.State.Devices, device => device.Name is "d0" or "d1" or "d2");
    }

    [Fact]
    public void An_anomaly_of_the_model_needs_persistence_and_ends_with_hysteresis()
    {
        var bed = new Bedside(model: Model());
        for (int second = 0; second < 1200; second++)
        {
            bool odd = second is >= 700 and < 900;
            bed.Send(second * 1000,
            [
                (SignalCode.HeartRate, (odd ? 115 : 80) + (second % 3)), (SignalCode.SpO2, (odd ? 92 : 97) + (second % 2)),
                (SignalCode.RespiratoryRate, (odd ? 27 : 16) + (second % 2)), (SignalCode.ArterialMean, (odd ? 66 : 85) + (second % 3)),
            ]);
        }

        AnomalyMessage[] model = [.. bed.Anomalies.Where(anomaly => anomaly.Kind == AnomalyKind.Model)];
        Assert.Equal(AnomalyState.Raised, model[0].State);
        Assert.InRange(model[0].EventTimeMs - Bedside.Start, 740_000, 780_000);
        Assert.Equal(AnomalyState.Cleared, model[^1].State);
        Assert.Single(model, anomaly => anomaly.State == AnomalyState.Raised);
        Assert.NotEmpty(model[0].Contributors);
        Assert.All(model[0].Contributors, contributor => Assert.InRange(contributor.Contribution, 0, 1));
        Assert.True(model[0].Score > model[0].Threshold);
        Assert.NotNull(model[0].ModelVersion);
    }

    [Fact]
    public void An_anomaly_of_the_model_goes_on_when_what_was_kept_in_a_short_silence_shows_that_it_lasts()
    {
        var bed = new Bedside(model: Model());
        for (int second = 0; second < 900; second++)
        {
            // From second 800 on a gateway keeps what is measured, and sends it 70 s later.
            if (second == 800)
            {
                for (int tick = 800; tick < 870; tick++)
                    bed.Tick(tick * 1000);
                Assert.Equal(AlarmPhase.Suspended, bed.State.Alarms.Find(ConditionId.ModelAnomaly)!.Phase);
            }

            bool odd = second >= 700;
            bed.Send(
                second * 1000,
                [
                    (SignalCode.HeartRate, (odd ? 115 : 80) + (second % 3)), (SignalCode.SpO2, (odd ? 92 : 97) + (second % 2)),
                    (SignalCode.RespiratoryRate, (odd ? 27 : 16) + (second % 2)), (SignalCode.ArterialMean, (odd ? 66 : 85) + (second % 3)),
                ],
                logMs: second < 800 ? second * 1000 : 870_000 + second);
        }

        for (int tick = 871; tick < 920; tick++)
            bed.Tick(tick * 1000);
        Assert.Equal(AlarmPhase.Active, bed.State.Alarms.Find(ConditionId.ModelAnomaly)!.Phase);
        Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly is { Kind: AnomalyKind.Model, State: AnomalyState.Cleared });
    }

    private static IsolationForest Model()
    {
        const int rows = 2000;
        float[] features = new float[rows * FeatureVector.Count];
        uint state = 12345;
        for (int i = 0; i < features.Length; i++)
        {
            state = (state * 1664525) + 1013904223;
            float noise = ((state >> 8) / (float)(1 << 24)) - 0.5f;
            int feature = i % FeatureVector.Count;
            float centre = (feature / FeatureVector.PerGroup) switch { 0 => 80, 1 => 97, 2 => 16, 3 => 120, 4 => 85, _ => 37 };
            features[i] = feature % FeatureVector.PerGroup == 0 ? centre + (noise * 12) : feature % FeatureVector.PerGroup == 1 ? 1 + noise : noise * 2;
        }

        return IsolationForest.Train(features, FeatureVector.Count, new() { Seed = 3, Name = "test", FeatureNames = FeatureVector.Names.ToArray() });
    }
}
