using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>A signal that came regularly and stops coming.</summary>
public sealed class SignalLostTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(7000)]
    [InlineData(0)]
    public void A_signal_that_stops_while_others_go_on_is_told_once_at_its_time_and_its_limits_end(int tickMs)
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 84);
        Assert.Equal(ConditionId.SpO2Low, Assert.Single(bed.Open).Condition);
        RateAlone(bed, 60, 1000, tickMs);
        AnomalyMessage lost = Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "spo2-lost");
        // The last value came at 59 s.
        Assert.Equal((AnomalyState.Raised, AnomalyKind.Technical, AnomalySeverity.Low, 89_000, 89_000), (lost.State, lost.Kind, lost.Severity, At(lost), lost.DetectedAtMs - Bedside.Start));
        AnomalyMessage ended = Assert.Single(bed.Anomalies, anomaly => anomaly is { Rule: "spo2-low", State: AnomalyState.Cleared });
        Assert.Equal(119_000, At(ended));
        Both(bed, 1000, 1001, 97);
        AnomalyMessage found = bed.Anomalies[^1];
        Assert.Equal(("spo2-lost", AnomalyState.Cleared, 1_000_000), (found.Rule, found.State, At(found)));
        // And once more when it stops again.
        RateAlone(bed, 1001, 1100, tickMs);
        Assert.Equal(1_030_000, At(bed.Anomalies[^1]));
        Assert.Equal(2, bed.Anomalies.Count(anomaly => anomaly is { Rule: "spo2-lost", State: AnomalyState.Raised }));
    }

    [Fact]
    public void Its_deadline_is_awaited_and_outlives_a_recovery()
    {
        var before = new Bedside();
        Both(before, 0, 40, 97);
        RateAlone(before, 40, 55, 0);
        var bed = new Bedside(state: PatientState.Decode(Bedside.Patient, Bedside.Encode(before.State)));
        Assert.Equal(69_000, bed.DeadlineMs);
        bed.Tick(68_999);
        Assert.Empty(bed.Anomalies);
        bed.Tick(69_000);
        Assert.Equal("spo2-lost", Assert.Single(bed.Anomalies).Rule);
        bed.Tick(75_000);
        Assert.Single(bed.Anomalies);
    }

    [Fact]
    public void A_signal_that_comes_more_seldom_is_lost_after_five_of_its_intervals()
    {
        var bed = new Bedside();
        for (int s = 0; s < 1200; s++)
            bed.Send(s * 1000, s % 20 == 0 && s < 600 ? [(SignalCode.HeartRate, 70), (SignalCode.CoreTemperature, 37)] : [(SignalCode.HeartRate, 70)]);
        AnomalyMessage lost = Assert.Single(bed.Anomalies);
        Assert.Equal(("temp-core-lost", 680_000), (lost.Rule, At(lost)));
    }

    [Fact]
    public void A_signal_that_is_missing_from_bursts_is_lost_however_the_rest_pauses_between()
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 97);
        // From here on eight seconds of heart rate come each 45 s.
        for (int burst = 1; burst < 6; burst++)
        {
            for (int s = 0; s < 8; s++)
                bed.Send((60 + (burst * 45) + s) * 1000, [(SignalCode.HeartRate, 70)]);
        }

        Assert.Single(bed.Anomalies, anomaly => anomaly is { Rule: "spo2-lost", State: AnomalyState.Raised });
    }

    [Theory]
    [InlineData(SignalCode.CuffSystolic, 20, 30)]
    [InlineData(SignalCode.CoreTemperature, 61, 30)]
    [InlineData(SignalCode.SpO2, 1, 9)]
    public void What_is_measured_now_and_then_is_not_lost(SignalCode code, int everySeconds, int times)
    {
        var bed = new Bedside();
        for (int s = 0; s < 3600; s++)
            bed.Send(s * 1000, s % everySeconds == 0 && s < times * everySeconds ? [(SignalCode.HeartRate, 70), (code, code == SignalCode.CuffSystolic ? 120 : code == SignalCode.SpO2 ? 97 : 37)] : [(SignalCode.HeartRate, 70)]);
        Assert.Empty(bed.Anomalies);
    }

    [Fact]
    public void When_all_stops_together_silence_alone_is_told()
    {
        var bed = new Bedside();
        for (int s = 0; s <= 659; s++)
            bed.Send(s * 1000, s % 60 == 0 ? [(SignalCode.HeartRate, 70), (SignalCode.CoreTemperature, 37)] : [(SignalCode.HeartRate, 70)]);
        for (int s = 660; s < 1500; s++)
            bed.Tick(s * 1000);
        Assert.Equal(AnomalyKind.NoData, Assert.Single(bed.Anomalies).Kind);
    }

    [Fact]
    public void After_a_silence_what_comes_later_than_the_rest_is_waited_for_anew()
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 97);
        for (int s = 60; s < 300; s++)
            bed.Tick(s * 1000);
        RateAlone(bed, 300, 302, 1000);
        Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly.Rule == "spo2-lost");
        RateAlone(bed, 302, 400, 1000);
        AnomalyMessage lost = Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "spo2-lost");
        Assert.Equal(330_010, At(lost));
    }

    [Fact]
    public void A_sensor_that_is_off_and_a_lost_signal_are_never_told_together()
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 97);
        for (int s = 60; s < 200; s++)
        {
            Off(bed, s);
            bed.HeartRate((s * 1000) + 10, 70);
            bed.Tick((s * 1000) + 900);
        }

        // What says that the sensor is off stops too: it is off still.
        RateAlone(bed, 200, 300, 1000);
        Assert.Equal("spo2-sensor-off", Assert.Single(bed.Anomalies).Rule);
        Both(bed, 300, 360, 97);
        RateAlone(bed, 360, 400, 1000);
        Assert.Equal(AlarmConditions.SignalLost(SignalCode.SpO2), Assert.Single(bed.Open).Condition);
        for (int s = 400; s < 420; s++)
        {
            Off(bed, s);
            bed.HeartRate((s * 1000) + 10, 70);
        }

        Assert.Equal(AlarmConditions.SensorOff(SignalCode.SpO2), Assert.Single(bed.Open).Condition);
    }

    [Fact]
    public void Who_acknowledges_it_ends_it_and_it_is_told_again_only_after_the_signal_came_again()
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 97);
        RateAlone(bed, 60, 100, 1000);
        Assert.True(bed.Acknowledge(bed.Anomalies[0].AnomalyId, 100_000));
        Assert.Equal([AnomalyState.Raised, AnomalyState.Acknowledged, AnomalyState.Cleared], bed.Anomalies.Select(anomaly => anomaly.State));
        RateAlone(bed, 100, 1000, 1000);
        Assert.Equal(3, bed.Anomalies.Count);
        Both(bed, 1000, 1010, 97);
        RateAlone(bed, 1010, 1100, 1000);
        Assert.Equal((4, AnomalyState.Raised), (bed.Anomalies.Count, bed.Anomalies[^1].State));
    }

    [Fact]
    public void Another_encounter_ends_it_and_waits_for_nothing_of_the_one_before()
    {
        var bed = new Bedside();
        for (int s = 0; s < 60; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70), (SignalCode.SpO2, 97), (SignalCode.RespiratoryRate, 16)], encounter: "e1");
        for (int s = 60; s < 120; s++)
            bed.Send(s * 1000, s < 80 ? [(SignalCode.HeartRate, 70), (SignalCode.RespiratoryRate, 16)] : [(SignalCode.HeartRate, 70)], encounter: "e1");
        Assert.Equal("rr-lost,spo2-lost", string.Join(',', bed.Anomalies.Select(anomaly => anomaly.Rule).Order()));
        for (int s = 120; s < 200; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70)], encounter: "e2");
        Assert.Empty(bed.Open);
        Assert.Equal(2, bed.Anomalies.Count(anomaly => anomaly.State == AnomalyState.Raised));
    }

    [Fact]
    public void The_signals_of_a_device_that_leaves_while_another_stays_are_lost()
    {
        var bed = new Bedside();
        for (int s = 0; s < 200; s++)
        {
            if (s < 60)
                bed.Send(s * 1000, [(SignalCode.SpO2, 97), (SignalCode.PulseRate, 70)], device: "oximeter", numbered: false);
            bed.Send((s * 1000) + 10, [(SignalCode.RespiratoryRate, 16)], device: "monitor", numbered: false);
        }

        Assert.Equal(["pr-lost", "spo2-lost"], bed.Anomalies.Select(anomaly => anomaly.Rule!).Order());
        Assert.All(bed.Anomalies, anomaly => Assert.Equal(89_000, At(anomaly)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(300_000)]
    [InlineData(-300_000)]
    public void Nothing_is_lost_where_another_device_takes_over(int otherByMs)
    {
        var bed = new Bedside();
        for (int s = 0; s < 200; s++)
        {
            if (s < 60)
                bed.Send(s * 1000, [(SignalCode.SpO2, 97)], device: "oximeter", numbered: false);
            bed.Send((s * 1000) + 10 + otherByMs, [(SignalCode.SpO2, 96)], device: "monitor", logMs: (s * 1000) + 10, numbered: false);
            bed.Tick((s * 1000) + 900);
        }

        Assert.Empty(bed.Anomalies);
        Assert.Equal(199_010 + otherByMs, bed.State.Windows[(int)SignalCode.SpO2]!.NewestMs - Bedside.Start);
    }

    [Theory]
    [InlineData(60, 60, "ecg-lost")]
    [InlineData(60, 200, "")]
    [InlineData(200, 60, "ecg-lost")]
    [InlineData(100, 60, "ecg-lost,hr-lost")]
    public void Where_an_ECG_is_looked_at_its_loss_speaks_for_the_heart_rate_that_went_with_it(int rateSeconds, int ecgSeconds, string told)
    {
        var bed = new Bedside();
        WaveformChunk[] ecg = [.. PlayedHeart.Regular(ecgSeconds).Seconds()];
        for (int s = 0; s < 200; s++)
        {
            if (s < ecgSeconds)
                bed.Send(s * 1000, ecg[s]);
            bed.Send((s * 1000) + 10, s < rateSeconds ? [(SignalCode.SpO2, 97), (SignalCode.HeartRate, 75)] : [(SignalCode.SpO2, 97)]);
            bed.Tick((s * 1000) + 900);
        }

        Assert.Equal(told, string.Join(',', bed.Anomalies.Where(anomaly => anomaly.State == AnomalyState.Raised).Select(anomaly => anomaly.Rule!).Order()));
    }

    [Fact]
    public void A_pause_does_not_put_it_off_and_says_that_it_cannot_be_heard()
    {
        var bed = new Bedside();
        Both(bed, 0, 60, 97);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.AudioPause, "", "nurse", "suction", Bedside.Start + 60_000) { DurationSeconds = 120 }, 60_000));
        RateAlone(bed, 60, 100, 1000);
        AnomalyMessage lost = Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "spo2-lost");
        Assert.Equal((89_000, AlarmSound.AudioPaused), (At(lost), lost.Sound));
    }

    private static void Both(Bedside bed, int fromSeconds, int toSeconds, double saturation)
    {
        for (int s = fromSeconds; s < toSeconds; s++)
            bed.Send(s * 1000, [(SignalCode.HeartRate, 70), (SignalCode.SpO2, saturation)]);
    }

    private static void RateAlone(Bedside bed, int fromSeconds, int toSeconds, int tickMs)
    {
        for (int s = fromSeconds; s < toSeconds; s++)
        {
            bed.HeartRate((s * 1000) + 10, 70);
            if (tickMs > 0 && s * 1000 % tickMs == 0)
                bed.Tick((s * 1000) + 900);
        }
    }

    private static void Off(Bedside bed, int s) => bed.Send(s * 1000, [(SignalCode.SpO2, 0)], quality: ReadingQuality.SensorOff);

    private static int At(AnomalyMessage anomaly) => (int)(anomaly.EventTimeMs - Bedside.Start);
}
