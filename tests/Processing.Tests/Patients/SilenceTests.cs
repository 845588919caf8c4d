using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Tests.Signals.Ecg;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>What becomes of alarms when nothing comes any more, and of those of what was measured once.</summary>
public sealed class SilenceTests
{
    private const long Hour = 3_600_000;

    [Theory]
    [InlineData(1000)]
    [InlineData(7000)]
    [InlineData(1_000_000)]
    public void When_everything_stops_the_limits_of_what_came_regularly_are_unknown_and_end_with_that_reason(int tickMs)
    {
        var bed = new Bedside();
        HighRate(bed, 40);
        Ticks(bed, 40_000, 1_000_000, tickMs);
        // The last reading came at 39 s.
        Assert.Equal(
            ["raised hr-high 10000", "raised no-data 39000 detected 99000", "cleared hr-high 129000 unknown"],
            bed.Anomalies.Select(Told));
    }

    [Theory]
    [InlineData(1000)]
    [InlineData(1_000_000)]
    public void An_actor_that_takes_silence_for_news_is_found_out(int tickMs)
    {
        var bed = new Bedside(doubtsSilence: false);
        HighRate(bed, 40);
        Ticks(bed, 40_000, 1_000_000, tickMs);
        Assert.Contains(bed.Anomalies, told => told is { Rule: "hr-high", Change: AnomalyChange.Escalated });
        Assert.DoesNotContain(bed.Anomalies, told => told is { Rule: "hr-high", State: AnomalyState.Cleared });
    }

    [Fact]
    public void An_acknowledged_alarm_is_not_told_again_in_silence_as_nobody_knows_that_it_lasts()
    {
        var bed = new Bedside();
        HighRate(bed, 40);
        Assert.True(bed.Acknowledge(bed.Anomalies[0].AnomalyId, 40_000));
        Ticks(bed, 41_000, 1_000_000, 1000);
        Assert.DoesNotContain(bed.Anomalies, told => told.Change == AnomalyChange.Reminder && told.Rule == "hr-high");
        Assert.Equal("cleared hr-high 129000 unknown", Told(bed.Anomalies.Last(told => told.Rule == "hr-high")));
    }

    [Fact]
    public void What_comes_back_in_time_goes_on_with_the_same_alarm_and_what_comes_later_begins_another()
    {
        var bed = new Bedside();
        HighRate(bed, 40);
        Ticks(bed, 40_000, 125_000, 1000);
        for (int s = 125; s < 160; s++)
            bed.HeartRate(s * 1000, 130);
        Assert.Equal(["raised hr-high 10000", "raised no-data 39000 detected 99000", "cleared no-data 125000 over"], bed.Anomalies.Select(Told));
        Assert.Equal(AlarmPhase.Active, Assert.Single(bed.Open).Phase);
        Ticks(bed, 160_000, 300_000, 1000);
        bed.Anomalies.Clear();
        for (int s = 300; s < 320; s++)
            bed.HeartRate(s * 1000, 130);
        Assert.Equal(["cleared no-data 300000 over", "raised hr-high 310000"], bed.Anomalies.Select(Told));
    }

    [Fact]
    public void A_rhythm_of_which_one_dies_latches_in_silence_and_says_that_it_is_unknown()
    {
        var bed = new Bedside();
        foreach (WaveformChunk chunk in Fast(40))
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told is { Rule: "extreme-tachycardia", State: AnomalyState.Raised });
        Ticks(bed, 40_000, 1_000_000, 1000);
        AnomalyMessage latched = Assert.Single(bed.Anomalies, told => told is { Rule: "extreme-tachycardia", Change: AnomalyChange.Latched });
        Assert.Equal((129_000, AnomalyReason.Unknown, true), (latched.EventTimeMs - Bedside.Start, latched.Reason, latched.IsLatched));
        Assert.Equal(AlarmPhase.Latched, Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.ExtremeTachycardia).Phase);
        Assert.Equal("cleared hr-high 129000 unknown", Told(Assert.Single(bed.Anomalies, told => told is { Rule: "hr-high", State: AnomalyState.Cleared })));
        Assert.True(bed.Acknowledge(raised.AnomalyId, 1_000_000));
        Assert.Equal(AnomalyReason.Acknowledged, bed.Anomalies[^1].Reason);
    }

    [Fact]
    public void A_rhythm_that_chunks_show_to_have_gone_on_while_none_came_is_told_again()
    {
        var bed = new Bedside();
        WaveformChunk[] chunks = [.. Fast(400)];
        for (int s = 0; s < 40; s++)
            bed.Send(s * 1000, chunks[s]);
        Ticks(bed, 40_000, 340_000, 1000);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told is { Rule: "extreme-tachycardia", State: AnomalyState.Raised });
        Assert.True(bed.Acknowledge(raised.AnomalyId, 340_000));
        bed.Anomalies.Clear();
        // The gateway sends what it has kept: for the detectors nothing was missing.
        for (int s = 40; s < 345; s++)
            bed.Send(s * 1000, 340_000 + s, [chunks[s]]);
        AnomalyMessage again = Assert.Single(bed.Anomalies, told => told is { Rule: "extreme-tachycardia", State: AnomalyState.Raised });
        Assert.Equal((140.0, LimitOrigin.Default), (again.Threshold, again.LimitOrigin));
        Assert.Equal(150, again.Contributors[0].Value, 30.0);
    }

    [Fact]
    public void Leads_that_are_off_end_with_silence_and_a_sensor_that_is_off_stays_off()
    {
        var bed = new Bedside();
        PlayedSignal lead = PlayedHeart.Regular(40);
        lead.Samples.AsSpan(10 * PlayedHeart.EcgHz).Fill(WaveformSignals.Missing);
        foreach ((WaveformChunk chunk, int s) in lead.Seconds().Select((chunk, s) => (chunk, s)))
        {
            bed.Send(s * 1000, chunk);
            bed.Send((s * 1000) + 10, [(SignalCode.SpO2, 0)], quality: ReadingQuality.SensorOff);
        }

        Ticks(bed, 40_000, 300_000, 1000);
        Assert.Equal(AnomalyReason.Unknown, Assert.Single(bed.Anomalies, told => told is { Rule: "ecg-leads-off", State: AnomalyState.Cleared }).Reason);
        Assert.Equal([AlarmConditions.SensorOff(SignalCode.SpO2), ConditionId.NoData], bed.Open.Select(alarm => alarm.Condition).OrderDescending());
    }

    [Fact]
    public void The_alarm_of_a_spot_check_stays_open_until_somebody_measures_again()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SpO2, 82), (SignalCode.HeartRate, 90)]);
        Ticks(bed, 1000, 4 * Hour, 10_000);
        Assert.Equal(["raised spo2-low 10000", "raised no-data 0 detected 60000"], bed.Anomalies.Select(Told));
        AlarmState open = Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.SpO2Low);
        Assert.Equal((AlarmPhase.Suspended, Presence.Unmeasured, AnomalySeverity.High), (open.Phase, open.Presence, open.Priority));
        Assert.Single(bed.Scores);
        bed.Send(4 * Hour, [(SignalCode.SpO2, 97), (SignalCode.HeartRate, 80)]);
        Ticks(bed, (4 * Hour) + 1000, (4 * Hour) + 100_000, 1000);
        Assert.Equal(["cleared no-data 14400000 over", "cleared spo2-low 14410000 over"], bed.Anomalies.Skip(2).Select(Told));
    }

    [Fact]
    public void The_alarm_of_a_spot_check_ends_as_unknown_after_a_day()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SpO2, 82)]);
        Ticks(bed, 1000, 25 * Hour, 60_000);
        Assert.Equal($"cleared spo2-low {(24 * Hour) + 600_000} unknown", Told(bed.Anomalies.Last(told => told.Rule == "spo2-low")));
    }

    [Fact]
    public void Rounds_each_four_hours_have_reminders_for_an_hour_and_keep_one_alarm()
    {
        var bed = new Bedside();
        for (int round = 0; round < 4; round++)
        {
            bed.Send(round * 4 * Hour, [(SignalCode.CoreTemperature, 39.8)]);
            if (round == 1)
                Assert.True(bed.Acknowledge(bed.Anomalies[0].AnomalyId, (4 * Hour) + 1000));
            Ticks(bed, (round * 4 * Hour) + 10_000, ((round + 1) * 4 * Hour) - 10_000, 10_000);
        }

        // Between rounds the silence is usual from the second on.
        Assert.Equal(["raised", "cleared"], bed.Anomalies.Where(told => told.Kind == AnomalyKind.NoData).Select(told => AnomalyJson.Text(told.State)));
        AnomalyMessage[] fever = [.. bed.Anomalies.Where(told => told.Rule == "temp-core-high")];
        Assert.Single(fever.Select(told => told.AnomalyId).Distinct());
        Assert.Single(fever, told => told.State == AnomalyState.Raised);
        long[] reminders = [.. fever.Where(told => told.Change == AnomalyChange.Reminder).Select(told => (told.DetectedAtMs - Bedside.Start) % (4 * Hour))];
        Assert.NotEmpty(reminders);
        Assert.All(reminders, at => Assert.InRange(at, 0, Hour));
    }

    [Fact]
    public void What_was_measured_once_is_not_forgotten_because_other_things_come()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.CoreTemperature, 39.8), (SignalCode.HeartRate, 80)]);
        for (int s = 10; s < 3000; s += 10)
        {
            bed.HeartRate(s * 1000, 80);
            bed.Tick((s * 1000) + 500);
        }

        Assert.Equal(["raised temp-core-high 10000", "updated temp-core-high 130000 escalated"], bed.Anomalies.Select(Told));
        Assert.Equal((AlarmPhase.Suspended, 600_000), (Assert.Single(bed.Open).Phase, bed.Open[0].SinceMs - Bedside.Start));
    }

    [Fact]
    public void A_delay_longer_than_silence_goes_on_for_a_spot_check_and_its_alarm_lasts_for_as_long_as_the_value_holds()
    {
        ConfiguredLimit[] slow = [.. ConfiguredLimit.Default.Select(limit => limit with { OnsetMs = 120_000 })];
        var bed = new Bedside(new(slow, new(), new()));
        bed.Send(0, [(SignalCode.SpO2, 82)]);
        bed.Tick(2_000_000);
        Assert.Equal(["raised no-data 0 detected 60000", "raised spo2-low 120000"], bed.Anomalies.Select(Told));
        AlarmState open = Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.SpO2Low);
        Assert.Equal((AlarmPhase.Suspended, 600_000), (open.Phase, open.SinceMs - Bedside.Start));
    }

    [Fact]
    public void The_first_spot_check_of_a_stay_escalates_as_later_ones_do()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.CoreTemperature, 39.8)]);
        Ticks(bed, 1000, Hour, 1000);
        Assert.Equal(["raised temp-core-high 10000", "raised no-data 0 detected 60000", "updated temp-core-high 130000 escalated"], bed.Anomalies.Select(Told));
        AlarmState open = Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.CoreTemperatureHigh);
        Assert.Equal((AlarmPhase.Suspended, Presence.Unmeasured, 600_000), (open.Phase, open.Presence, open.SinceMs - Bedside.Start));
    }

    [Fact]
    public void Where_silence_is_not_told_nothing_is_taken_for_lasting_all_the_same()
    {
        var bed = new Bedside(new(ConfiguredLimit.Default, new(), new(IsTold: false)));
        HighRate(bed, 40);
        Ticks(bed, 40_000, 1_000_000, 1000);
        Assert.Equal(["raised hr-high 10000", "cleared hr-high 129000 unknown"], bed.Anomalies.Select(Told));
    }

    [Theory]
    [InlineData(true, 1000)]
    [InlineData(false, 1000)]
    [InlineData(true, 1_000_000)]
    [InlineData(false, 1_000_000)]
    public void A_gateway_whose_clock_is_an_hour_fast_puts_off_nothing_that_silence_brings(bool isTold, int tickMs)
    {
        var configuration = new ActorConfiguration(ConfiguredLimit.Default, new(), new(IsTold: isTold));
        var bed = new Bedside(configuration);
        for (int s = 0; s < 40; s++)
        {
            bed.Tick(s * 1000);
            bed.Send(s * 1000, [(SignalCode.HeartRate, 130)], logMs: (s * 1000) + Hour);
        }

        // Delays run by the clock of the messages, however often the log's tells that it is another one.
        Assert.Equal(["raised hr-high 10000"], bed.Anomalies.Select(Told));
        Assert.Equal(bed.ShardLogMs + 1, new PatientActor(configuration, null).DeadlineMs(bed.State, bed.ShardLogMs));
        bed.Anomalies.Clear();
        bed.Tick(40_000);
        Ticks(bed, 41_000, 1_100_000, tickMs);
        // As if all had come until the tick at 40 s.
        Assert.Equal("cleared hr-high", Told(Assert.Single(bed.Anomalies, told => told.Rule == "hr-high"))[..15]);
        Assert.Equal(Bedside.Start + 130_000, Assert.Single(bed.Anomalies, told => told.Rule == "hr-high").DetectedAtMs);
        Assert.Equal(isTold ? 1 : 0, bed.Anomalies.Count(told => told.Kind == AnomalyKind.NoData && told.DetectedAtMs == Bedside.Start + 100_000));
    }

    [Fact]
    public void A_spot_check_that_a_fast_gateway_sends_has_its_alarm_when_nothing_else_comes()
    {
        var bed = new Bedside();
        bed.Tick(0);
        bed.Send(100, [(SignalCode.SpO2, 82)], logMs: Hour);
        Ticks(bed, 1000, 21_000, 1000);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told.Rule == "spo2-low");
        Assert.Equal((10_100, 11_000), (raised.EventTimeMs - Bedside.Start, raised.DetectedAtMs - Bedside.Start));
    }

    [Fact]
    public void An_unmeasured_alarm_whose_sensor_is_then_off_ends_as_others_do()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SpO2, 82)]);
        Ticks(bed, 1000, 700_000, 1000);
        bed.Send(700_000, [(SignalCode.SpO2, 0)], quality: ReadingQuality.SensorOff);
        Ticks(bed, 701_000, 740_000, 1000);
        Assert.Equal("cleared spo2-low 730000 unknown", Told(bed.Anomalies[^1]));
    }

    [Fact]
    public void An_unmeasured_alarm_whose_limit_is_judged_no_longer_ends_as_others_do()
    {
        var before = new Bedside();
        before.Send(0, [(SignalCode.SpO2, 82)]);
        Ticks(before, 1000, 700_000, 1000);
        var bed = new Bedside(new([.. ConfiguredLimit.Default.Where(limit => limit.Rule.Code != SignalCode.SpO2)], new(), new()), state: before.State) { Sequence = before.Sequence };
        bed.Send(700_000, [(SignalCode.CoreTemperature, 37)]);
        Ticks(bed, 701_000, 740_000, 1000);
        Assert.Equal("cleared spo2-low 730000 unknown", Told(Assert.Single(bed.Anomalies, told => told.Rule == "spo2-low")));
    }

    [Fact]
    public void An_ECG_without_a_rate_makes_nothing_less_known_of_a_rate_that_nobody_measured_again()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.HeartRate, 160)]);
        Ticks(bed, 1000, 700_000, 1000);
        PlayedSignal lead = PlayedHeart.Regular(20);
        lead.Samples.AsSpan().Fill(WaveformSignals.Missing);
        foreach ((WaveformChunk chunk, int s) in lead.Seconds().Select((chunk, s) => (chunk, s)))
            bed.Send(700_000 + (s * 1000), chunk with { TimeMs = chunk.TimeMs + 700_000 });
        for (int s = 720; s < 900; s++)
        {
            bed.Send(s * 1000, [(SignalCode.SpO2, 97)]);
            bed.Tick((s * 1000) + 500);
        }

        Assert.Contains(bed.Anomalies, told => told.Rule == "ecg-lost");
        AlarmState open = Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.HeartRateHigh);
        Assert.Equal((AlarmPhase.Suspended, Presence.Unmeasured), (open.Phase, open.Presence));
    }

    [Fact]
    public void Orders_in_silence_are_told_and_make_nothing_known()
    {
        var bed = new Bedside();
        for (int s = 0; s < 40; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 135), (SignalCode.RespiratoryRate, 26)]);
        Ticks(bed, 40_000, 600_000, 1000);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetConsciousness, "", "nurse", null, Bedside.Start + 600_000) { Consciousness = Consciousness.Voice }, 600_000));
        Assert.Equal((9.0, AnomalyChange.Severity), (bed.Scores[^1].Score!.Value, bed.Scores[^1].Change));
        Assert.All(bed.State.Alarms.Conditions.Where(alarm => alarm.Condition != ConditionId.NoData), alarm => Assert.Equal(AlarmPhase.Suspended, alarm.Phase));
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "midwife", null, Bedside.Start + 700_000) { Pregnant = true }, 700_000));
        AnomalyMessage over = bed.Scores.Last(told => told.Rule == "news2");
        Assert.Equal((AnomalyState.Cleared, AnomalyReason.Pregnancy, 39_000L), (over.State, over.Reason, over.EventTimeMs - Bedside.Start));
    }

    private static void HighRate(Bedside bed, int seconds)
    {
        for (int s = 0; s < seconds; s++)
            bed.HeartRate(s * 1000, 130);
    }

    private static void Ticks(Bedside bed, long fromMs, long toMs, int eachMs)
    {
        for (long at = fromMs; at <= toMs; at += eachMs)
            bed.Tick(at);
        bed.Tick(toMs);
    }

    private static IEnumerable<WaveformChunk> Fast(int seconds) =>
        PlayedSignal.Of(WaveformSignal.EcgII, 250, new SyntheticEcg(250).Regular(0.4, seconds - 0.4, 0.35).Lead(seconds, 0)).Seconds();

    private static string Told(AnomalyMessage told) =>
        $"{AnomalyJson.Text(told.State)} {told.Rule ?? AnomalyJson.Text(told.Kind)} {told.EventTimeMs - Bedside.Start}"
        + (told.Change == AnomalyChange.None ? "" : $" {AnomalyJson.Text(told.Change)}")
        + (told is { Kind: AnomalyKind.NoData, State: AnomalyState.Raised } ? $" detected {told.DetectedAtMs - Bedside.Start}" : "")
        + (told.Reason == AnomalyReason.None ? "" : $" {AnomalyJson.Text(told.Reason)}");
}
