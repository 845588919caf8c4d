using System.Text;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Tests.Signals.Ecg;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>An ECG whose chunks stop coming, or whose clock is set back.</summary>
public sealed class EcgLostTests
{
    [Theory]
    [InlineData(1000)]
    [InlineData(7000)]
    [InlineData(0)]
    public void An_ECG_that_stops_while_readings_go_on_is_told_once_at_its_time_and_its_rhythms_end(int tickMs)
    {
        var bed = new Bedside();
        Fast(bed, 40);
        Assert.Contains(bed.Open, alarm => alarm.Condition == ConditionId.ExtremeTachycardia && alarm.Phase == AlarmPhase.Active);
        for (int s = 40; s < 300; s++)
        {
            bed.Send((s * 1000) + 10, [(SignalCode.SpO2, 97)]);
            if (tickMs > 0 && (s * 1000) % tickMs == 0)
                bed.Tick((s * 1000) + 900);
        }

        // The last chunk came at 39 s.
        AnomalyMessage lost = Assert.Single(bed.Anomalies, anomaly => anomaly.Rule == "ecg-lost");
        Assert.Equal((AnomalyState.Raised, AnomalyKind.Technical, AnomalySeverity.Medium, 69_000), (lost.State, lost.Kind, lost.Severity, lost.EventTimeMs - Bedside.Start));
        Assert.Equal(69_000, lost.DetectedAtMs - Bedside.Start);
        // Lethal: it latches 30 s later.
        AlarmState rhythm = Assert.Single(bed.Open, alarm => alarm.Condition == ConditionId.ExtremeTachycardia);
        Assert.Equal((AlarmPhase.Latched, 99_000), (rhythm.Phase, rhythm.SinceMs - Bedside.Start));
        Assert.DoesNotContain(bed.Open, alarm => alarm.Condition == ConditionId.HeartRateHigh);
        // The next chunk ends it.
        bed.Send(300_000, PlayedHeart.Regular(1, startMs: Bedside.Start + 300_000).Seconds().First());
        Assert.DoesNotContain(bed.Open, alarm => alarm.Condition == ConditionId.EcgLost);
        Assert.Equal(300_000, bed.Anomalies.Last(anomaly => anomaly.Rule == "ecg-lost").EventTimeMs - Bedside.Start);
    }

    [Fact]
    public void Its_deadline_is_awaited_and_outlives_a_recovery()
    {
        var before = new Bedside();
        Fast(before, 40);
        before.Send(60_000, [(SignalCode.SpO2, 97)]);
        var bed = new Bedside(state: PatientState.Decode(Bedside.Patient, Bedside.Encode(before.State)));
        Assert.Equal(69_000, bed.DeadlineMs);
        bed.Tick(68_999);
        Assert.Empty(bed.Anomalies);
        bed.Tick(69_000);
        Assert.Equal("ecg-lost", bed.Anomalies[0].Rule);
        bed.Tick(75_000);
        Assert.Single(bed.Anomalies);
    }

    [Fact]
    public void An_onset_delay_that_runs_when_the_ECG_stops_runs_out_in_log_time()
    {
        var bed = new Bedside();
        Fast(bed, 9);
        AlarmState pending = Assert.Single(bed.State.Alarms.Conditions, alarm => alarm is { Condition: ConditionId.HeartRateHigh, Phase: AlarmPhase.Pending });
        for (int s = 9; s < 30; s++)
            bed.Tick((s * 1000) + 500);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, anomaly => anomaly is { Rule: "hr-high", State: AnomalyState.Raised });
        Assert.Equal(pending.SinceMs + 10_000, raised.EventTimeMs);
        Assert.True(raised.EventTimeMs > Bedside.Start + 9_000);
    }

    [Fact]
    public void A_pending_alarm_of_leads_that_are_off_goes_with_the_ECG()
    {
        var bed = new Bedside();
        PlayedSignal lead = PlayedHeart.Regular(26);
        lead.Samples.AsSpan(20 * PlayedHeart.EcgHz).Fill(WaveformSignals.Missing);
        foreach (WaveformChunk chunk in lead.Seconds())
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
        Assert.Contains(bed.State.Alarms.Conditions, alarm => alarm is { Condition: ConditionId.EcgLeadsOff, Phase: AlarmPhase.Pending });
        for (int s = 26; s < 80; s++)
            bed.Send((s * 1000) + 10, [(SignalCode.SpO2, 97)]);
        Assert.Equal(ConditionId.EcgLost, Assert.Single(bed.State.Alarms.Conditions, alarm => alarm.Phase != AlarmPhase.Quiet).Condition);
    }

    [Fact]
    public void When_all_stops_together_silence_alone_is_told()
    {
        var bed = new Bedside();
        foreach (WaveformChunk chunk in PlayedHeart.Regular(20).Seconds())
        {
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
            bed.Send(chunk.TimeMs - Bedside.Start + 10, [(SignalCode.SpO2, 97)]);
        }

        for (int s = 20; s < 200; s++)
            bed.Tick(s * 1000);
        Assert.Equal(AnomalyKind.NoData, Assert.Single(bed.Anomalies).Kind);
        Assert.DoesNotContain(bed.Anomalies, anomaly => anomaly.Rule == "ecg-lost");
    }

    [Fact]
    public void A_patient_without_an_ECG_has_none_to_lose()
    {
        var bed = new Bedside();
        for (int s = 0; s < 120; s++)
        {
            bed.Send(s * 1000, [(SignalCode.SpO2, 97)]);
            bed.Tick((s * 1000) + 900);
        }

        Assert.Empty(bed.Anomalies);
    }

    [Fact]
    public void A_clock_that_is_set_back_costs_ten_seconds_of_ECG()
    {
        var bed = new Bedside();
        foreach (WaveformChunk chunk in PlayedHeart.Regular(20).Seconds())
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
        foreach (WaveformChunk chunk in PlayedHeart.Regular(60, startMs: Bedside.Start + 20_000 - 3_600_000).Seconds())
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
        Assert.Equal(Bedside.Start + 80_000 - 3_600_000, bed.State.Waveforms!.DoneMs);
        Assert.InRange(bed.State.Waveforms.HeartRate!.Value, 74, 76);
    }

    [Theory]
    [InlineData("second", 1000, true)]
    [InlineData("", 1000, true)]
    [InlineData("second", 0, false)]
    public void A_device_that_begins_anew_with_its_clock_set_back_is_late_for_ten_seconds_and_one_that_sends_old_messages_again_stays_so(string session, int paceMs, bool isTaken)
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Bedside.Patient);
        const int first = 5000;
        foreach ((WaveformChunk chunk, int i) in PlayedHeart.Regular(20).Seconds().Select((chunk, i) => (chunk, i)))
            Assert.Equal(Disposition.Folded, Send(session.Length == 0 ? "" : "first", chunk, first + i, Bedside.Start + (i * 1000)));
        int folded = 0;
        foreach ((WaveformChunk chunk, int i) in PlayedHeart.Regular(60, startMs: Bedside.Start - 3_600_000).Seconds().Select((chunk, i) => (chunk, i)))
        {
            folded += Convert.ToInt32(Send(session, chunk, i, Bedside.Start + 20_000 + (i * paceMs)) == Disposition.Folded);
            state = PatientState.Decode(Bedside.Patient, Bedside.Encode(state));
        }

        Assert.Equal(isTaken ? 49 : 0, folded);
        Assert.Equal(isTaken, state.Waveforms!.DoneMs < Bedside.Start);

        Disposition Send(string of, WaveformChunk chunk, long sequence, long logMs)
        {
            var observation = new DecodedObservation
            {
                PatientKey = Encoding.UTF8.GetBytes(Bedside.Patient),
                Device = "monitor"u8.ToArray(),
                Session = Encoding.UTF8.GetBytes(of),
                TimeMs = chunk.TimeMs,
                Sequence = sequence,
            };
            observation.TryAdd(chunk);
            return actor.Handle(state, observation, logMs);
        }
    }

    private static void Fast(Bedside bed, int seconds)
    {
        PlayedSignal fast = PlayedSignal.Of(WaveformSignal.EcgII, 250, new SyntheticEcg(250).Regular(0.4, seconds - 0.4, 0.35).Lead(seconds, 0));
        foreach (WaveformChunk chunk in fast.Seconds())
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
    }
}
