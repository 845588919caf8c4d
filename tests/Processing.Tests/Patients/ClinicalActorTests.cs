using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>What the actor makes of waveforms, scores, orders, pauses and weights. <see cref="Bedside"/> compares the state with the fold of the journal after every message.</summary>
public sealed class ClinicalActorTests
{
    private const int EcgHz = 250;
    private const int PressureHz = 125;

    [Fact]
    public void A_heart_that_stops_raises_asystole_once_and_latches_until_it_is_seen()
    {
        var bed = new Bedside();
        Play(bed, 0, 30, Beats(0.8, 0.5, 15), feet: []);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told is { Kind: AnomalyKind.Rhythm, State: AnomalyState.Raised });
        Assert.Equal(("asystole", AnomalySeverity.High, AlarmSound.On), (raised.Rule, raised.Severity, raised.Sound));
        long last = Bedside.Start + 14_900;
        Assert.InRange(raised.EventTimeMs, last + 4000, last + 5000);

        Play(bed, 30, 40, Beats(0.8, 30.2, 40), feet: []);
        AnomalyMessage latched = bed.Anomalies.Last(told => told.AnomalyId == raised.AnomalyId);
        Assert.Equal((AnomalyState.Updated, AnomalyChange.Latched, true), (latched.State, latched.Change, latched.IsLatched));

        Assert.True(bed.Acknowledge(raised.AnomalyId, 41_000));
        Assert.Equal(AnomalyState.Cleared, bed.Anomalies.Last(told => told.AnomalyId == raised.AnomalyId).State);
        Assert.Empty(bed.Open);
        Assert.Single(bed.Anomalies, told => told.State == AnomalyState.Raised);
    }

    [Fact]
    public void A_good_pulse_speaks_against_asystole_and_that_is_counted()
    {
        var bed = new Bedside();
        Play(bed, 0, 30, Beats(0.8, 0.5, 15), feet: SyntheticHeart.Every(0.8, 0.75, 30));
        Assert.DoesNotContain(bed.Anomalies, told => told.Kind == AnomalyKind.Rhythm);
        Assert.Equal(1, bed.State.Alarms.Counters.SuppressedByCorroboration);
        Assert.Equal(1, bed.Counts.ByCorroboration);
        Assert.Equal((29_000L, 0L), (bed.Counts.WatchedMs, bed.Counts.Rhythms));
    }

    [Theory]
    [InlineData(null, "extreme-tachycardia")]
    [InlineData(AgeClass.Adult, "extreme-tachycardia")]
    [InlineData(AgeClass.Neonate, null)]
    public void The_limits_of_rhythm_follow_the_age(AgeClass? age, string? told)
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SpO2, 97)]);
        if (age is { } known)
            Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start + 100) { AgeClass = known }, 100));
        Play(bed, 1, 30, Beats(60.0 / 165, 1, 30), feet: []);
        Assert.Equal(told is null ? [] : [told], bed.Anomalies.Where(anomaly => anomaly is { Kind: AnomalyKind.Rhythm, State: AnomalyState.Raised }).Select(anomaly => anomaly.Rule));
        Assert.Equal(age == AgeClass.Neonate ? 1 : 0, bed.Events.OfType<RhythmLimitsSet>().Count());
    }

    [Fact]
    public void A_patients_own_limits_of_the_heart_rate_move_those_of_rhythm()
    {
        var bed = new Bedside();
        Play(bed, 0, 3, Beats(0.8, 0.5, 3), feet: []);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetLimits, "", "doctor", "athlete", Bedside.Start + 3100) { Signal = SignalCode.HeartRate, Low = 40, High = 170 }, 3100));
        Play(bed, 3, 5, Beats(0.8, 3.5, 5), feet: []);
        Assert.Equal(RhythmLimits.Around(40, 170, isChild: false), bed.State.Waveforms!.Limits);
        Assert.Equal((40, 190), (bed.State.Waveforms.Limits.ExtremeLow, bed.State.Waveforms.Limits.ExtremeHigh));
    }

    [Fact]
    public void Without_a_told_heart_rate_that_of_the_ECG_is_held_against_the_limits()
    {
        var bed = new Bedside();
        Play(bed, 0, 40, Beats(60.0 / 130, 0.5, 40), feet: []);
        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told.State == AnomalyState.Raised);
        Assert.Equal(("hr-high", 120.0), (raised.Rule, raised.Threshold!.Value));
        Assert.Equal(130, raised.Contributors[0].Value, 1.0);
        Assert.Equal(130, ClinicalScores.EarlyWarning(bed.State).Parts[(int)News2Parameter.Pulse].Value, 1.0);
        Assert.Equal(SignalCode.HeartRate, ClinicalScores.Choose(bed.State, bed.State.NewestMs, ClinicalScores.EcgRate(bed.State)).RateCode);

        var told = new Bedside();
        for (int second = 0; second < 40; second++)
        {
            told.Send(second * 1000, [(SignalCode.HeartRate, 100)]);
            Play(told, second, second + 1, Beats(60.0 / 130, 0.5, 40), feet: []);
        }

        Assert.Empty(told.Anomalies);
    }

    [Fact]
    public void Leads_that_are_off_are_a_technical_alarm_and_no_asystole()
    {
        var bed = new Bedside();
        Play(bed, 0, 15, Beats(0.8, 0.5, 15), feet: []);
        for (int second = 15; second < 40; second++)
            bed.Send((second + 1) * 1000, Chunk(WaveformSignal.EcgII, EcgHz, 200, second, _ => 0));
        Assert.Equal(["ecg-leads-off"], bed.Anomalies.Where(told => told.State == AnomalyState.Raised).Select(told => told.Rule));
        Assert.Equal(AnomalyKind.Technical, bed.Anomalies[0].Kind);
    }

    [Fact]
    public void A_sensor_that_is_off_is_a_technical_alarm_after_its_delay_and_suspends_the_limit()
    {
        var bed = new Bedside();
        for (int second = 0; second <= 20; second++)
            bed.Send(second * 1000, [(SignalCode.SpO2, 84)]);
        AnomalyMessage low = Assert.Single(bed.Anomalies, told => told is { Rule: "spo2-low", State: AnomalyState.Raised });
        for (int second = 21; second <= 60; second++)
            bed.Send(second * 1000, [(SignalCode.SpO2, 0)], quality: ReadingQuality.SensorOff);
        AnomalyMessage off = Assert.Single(bed.Anomalies, told => told is { Kind: AnomalyKind.Technical, State: AnomalyState.Raised });
        Assert.Equal(("spo2-sensor-off", Bedside.Start + 31_000), (off.Rule, off.EventTimeMs));
        // Unknown is not recovered: the alarm ends only when its signal has been away for too long, and the technical one stands.
        AnomalyMessage lost = bed.Anomalies.Last(told => told.AnomalyId == low.AnomalyId);
        Assert.Equal((AnomalyState.Cleared, Bedside.Start + 51_000), (lost.State, lost.EventTimeMs));
        Assert.DoesNotContain(bed.Anomalies, told => told.Rule == "spo2-desaturation");
    }

    [Fact]
    public void The_early_warning_score_is_an_alarm_at_its_triggers_and_not_applicable_to_a_child()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        AnomalyMessage raised = Assert.Single(bed.Scores, told => told.Rule == "news2");
        Assert.Equal((AnomalySeverity.High, 3.0 + 3 + 3 + 3), (raised.Severity, raised.Score));
        Assert.Equal(News2Status.AtLeast, ClinicalScores.EarlyWarning(bed.State).Status);

        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start + 122_000) { AgeClass = AgeClass.School }, 122_000));
        Sick(bed, 180_000);
        Assert.Equal(AnomalyState.Cleared, bed.Scores.Last(told => told.Rule == "news2").State);
        Assert.Equal(News2Status.NotApplicableAge, ClinicalScores.EarlyWarning(bed.State).Status);
    }

    [Fact]
    public void A_heart_rate_above_the_systolic_pressure_is_an_alarm_of_adults_alone()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        AnomalyMessage raised = Assert.Single(bed.Scores, told => told.Rule == "shock-index");
        Assert.Equal((AnomalyKind.Score, 134.0 / 88, 1.0), (raised.Kind, raised.Score!.Value, raised.Threshold!.Value));
        Assert.Equal([SignalCode.HeartRate, SignalCode.CuffSystolic], raised.Contributors.Select(contributor => contributor.Code));
        Assert.Equal((60 + (28 / 3.0), 28.0), (ClinicalScores.MeanPressure(bed.State)!.Value.Value, ClinicalScores.PulsePressure(bed.State)!.Value.Value));

        var child = new Bedside();
        child.Send(0, [(SignalCode.SpO2, 97)]);
        child.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start + 100) { AgeClass = AgeClass.Toddler }, 100);
        Sick(child, 1000);
        Assert.Empty(child.Scores);
    }

    [Fact]
    public void A_pause_is_told_from_its_beginning_to_its_end_and_what_it_silences_says_so()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80);
        Assert.Null(bed.Command(Pause(CommandKind.AudioPause, 1000, 120), 1000));
        Assert.Null(bed.Command(Pause(CommandKind.AudioPause, 10_000, 180), 10_000));
        for (int second = 11; second <= 30; second++)
            bed.HeartRate(second * 1000, 130);
        bed.Tick(189_999);
        bed.Tick(190_000);
        bed.Tick(191_000);

        AnomalyMessage[] pause = [.. bed.Anomalies.Where(told => told.Kind == AnomalyKind.Pause)];
        Assert.Equal([AnomalyState.Raised, AnomalyState.Updated, AnomalyState.Cleared], pause.Select(told => told.State));
        Assert.Equal([0, 1, 2], pause.Select(told => told.Revision));
        Assert.Single(pause.Select(told => told.AnomalyId).Distinct());
        Assert.Equal(pause[0].EventId, pause[0].AnomalyId);
        Assert.Equal([Bedside.Start + 121_000, Bedside.Start + 190_000, null], pause.Select(told => told.UntilMs));
        Assert.Equal(("audio", AnomalyChange.End, Bedside.Start + 190_000), (pause[0].Rule, pause[1].Change, pause[2].EventTimeMs));
        Assert.Equal(AlarmSound.AudioPaused, bed.Anomalies.Single(told => told is { Rule: "hr-high", State: AnomalyState.Raised }).Sound);
    }

    [Fact]
    public void Orders_that_are_played_again_later_change_nothing()
    {
        var bed = new Bedside();
        bed.HeartRate(0, 80);
        CommandMessage first = Pause(CommandKind.AudioPause, 1000, 600), resume = new(Bedside.Patient, CommandKind.Resume, "", "nurse", null, Bedside.Start + 5000);
        bed.Command(first, 1000);
        bed.Command(resume, 5000);
        Assert.Null(bed.Command(first, 6000));
        Assert.False(bed.State.Alarms.IsPaused);
        bed.Command(Pause(CommandKind.AudioPause, 10_000, 600), 10_000);
        Assert.Null(bed.Command(resume, 11_000));
        Assert.True(bed.State.Alarms.IsPaused);
        bed.Command(new(Bedside.Patient, CommandKind.Resume, "", "nurse", null, Bedside.Start + 12_000), 12_000);

        for (int second = 15; second <= 30; second++)
            bed.HeartRate(second * 1000, 130);
        AnomalyMessage raised = bed.Anomalies.Single(told => told is { Rule: "hr-high", State: AnomalyState.Raised });
        Assert.True(bed.Acknowledge(raised.AnomalyId, 31_000));
        for (int second = 32; second <= 160; second++)
            bed.HeartRate(second * 1000, second < 100 ? 130 : 160);
        Assert.False(bed.Open.Single().IsAcknowledged);
        Assert.False(bed.Acknowledge(raised.AnomalyId, commandMs: 31_000, atMs: 161_000));
        Assert.False(bed.Open.Single().IsAcknowledged);
        Assert.True(bed.Acknowledge(raised.AnomalyId, 162_000));
    }

    [Fact]
    public void Waveforms_in_messages_of_their_own_move_no_score()
    {
        var alone = new Bedside();
        var beside = new Bedside();
        for (int second = 0; second <= 240; second += 5)
        {
            foreach (Bedside bed in (Bedside[])[alone, beside])
                bed.Send(second * 1000, [(SignalCode.HeartRate, 134), (SignalCode.SpO2, 90), (SignalCode.RespiratoryRate, 28), (SignalCode.CuffSystolic, 88)]);
            for (int part = 0; part < 5; part++)
                Play(beside, second + part, second + part + 1, Beats(60.0 / 134, 0.5, 250), feet: []);
        }

        Assert.Equal(alone.Scores.Select(told => (told.EventTimeMs, told.State, told.Rule, told.Score)), beside.Scores.Select(told => (told.EventTimeMs, told.State, told.Rule, told.Score)));
        Assert.Equal((5000, 5000, 1000), (alone.State.ReadIntervalMs, beside.State.ReadIntervalMs, beside.State.IntervalMs));
    }

    [Fact]
    public void While_waveforms_alone_come_scores_grow_old()
    {
        var bed = new Bedside();
        Sick(bed, 0);
        Assert.Equal(12, bed.Scores.Last(told => told.Rule == "news2").Score);
        Play(bed, 121, 121 + (20 * 60), Beats(60.0 / 70, 121, 1400), feet: []);
        // Respiration and saturation are over 15 minutes old; the pulse is the ECG's.
        News2Result now = ClinicalScores.EarlyWarning(bed.State);
        Assert.Equal((News2Status.AtLeast, 3), (now.Status, now.Total));
        Assert.Equal(70, now.Parts[(int)News2Parameter.Pulse].Value);
        Assert.Equal((AnomalyState.Updated, 3.0), (bed.Scores.Last(told => told.Rule == "news2").State, bed.Scores.Last(told => told.Rule == "news2").Score));
    }

    [Fact]
    public void A_lethal_alarm_breaks_a_pause()
    {
        var bed = new Bedside();
        Play(bed, 0, 10, Beats(0.8, 0.5, 10), feet: []);
        bed.Command(Pause(CommandKind.AlarmPause, 10_100, 600), 10_100);
        Play(bed, 10, 20, [], feet: []);
        AnomalyMessage[] told = [.. bed.Anomalies];
        Assert.Equal([("alarms", AnomalyState.Raised), ("alarms", AnomalyState.Cleared), ("asystole", AnomalyState.Raised)], told.Select(message => (message.Rule!, message.State)));
        Assert.Equal(AlarmSound.On, told[^1].Sound);
        Assert.Equal(told[^1].EventId, told[^1].AnomalyId);
        Assert.Empty(Enum.GetValues<PauseKind>().Select(bed.State.Alarms.Pause).OfType<AlarmPauseState>());
    }

    [Fact]
    public void The_end_of_a_stay_ends_its_alarms_and_pauses()
    {
        var bed = new Bedside();
        for (int second = 0; second <= 20; second++)
            bed.Send(second * 1000, [(SignalCode.HeartRate, 130)], encounter: "stay-1");
        bed.Command(Pause(CommandKind.AudioPause, 20_500, 600), 20_500);
        bed.Send(21_000, [(SignalCode.HeartRate, 80)], encounter: "stay-2");
        Assert.Equal(2, bed.Anomalies.Count(told => told.State == AnomalyState.Cleared));
        Assert.Empty(bed.State.Alarms.Conditions);
        Assert.False(bed.State.Alarms.IsPaused);
    }

    [Fact]
    public void What_was_ordered_before_the_first_observation_holds_when_the_encounter_gets_its_name()
    {
        var bed = new Bedside();
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start) { AgeClass = AgeClass.Neonate }, 0));
        Assert.Null(bed.Command(Pause(CommandKind.AudioPause, 1000, 600), 1000));
        Assert.Equal(Disposition.Folded, bed.Send(2000, [(SignalCode.HeartRate, 150)], encounter: "stay-1"));
        Assert.Equal(("stay-1", AgeClass.Neonate), (bed.State.Encounter, bed.State.Orders!.AgeClassAt(Bedside.Start)));
        Assert.True(bed.State.Alarms.IsPaused);
        // Age stays with the patient, what was ordered for the stay does not.
        bed.Command(new(Bedside.Patient, CommandKind.SetOxygen, "", "nurse", null, Bedside.Start + 2500) { Oxygen = OxygenStatus.Oxygen }, 2500);
        bed.Send(3000, [(SignalCode.HeartRate, 150)], encounter: "stay-2");
        Assert.Equal(AgeClass.Neonate, bed.State.Orders!.AgeClassAt(Bedside.Start));
        Assert.Null(bed.State.Orders.Oxygen);
    }

    [Fact]
    public void A_device_that_still_names_the_last_encounter_ends_nothing_of_this_one()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.SkinTemperature, 33)], device: "old", encounter: "e1");
        for (int second = 1; second <= 60; second++)
        {
            bed.Send(second * 1000, [(SignalCode.SpO2, 75)], device: "new", encounter: "e2", numbered: false);
            if (second % 5 == 0)
                Assert.Equal(Disposition.Late, bed.Send((second * 1000) + 500, [(SignalCode.SkinTemperature, 33)], device: "old", encounter: "e1", numbered: false));
        }

        Assert.Equal(["spo2-desaturation", "spo2-low"], bed.Anomalies.Where(told => told.State == AnomalyState.Raised).Select(told => told.Rule!).Order());
        Assert.DoesNotContain(bed.Anomalies, told => told.State == AnomalyState.Cleared);
    }

    [Fact]
    public void A_sensor_that_is_off_silences_nothing_that_another_device_shows()
    {
        var bed = new Bedside();
        for (int second = 0; second <= 60; second++)
        {
            bed.Send(second * 1000, [(SignalCode.SpO2, 84)], device: "monitor", numbered: false);
            bed.Send((second * 1000) + 200, [(SignalCode.SpO2, 0)], device: "oximeter", quality: ReadingQuality.SensorOff, numbered: false);
            // What it said an hour ago, and is sent now faster than it was said, says nothing about now.
            bed.Send((second * 4000) - 3_000_000, [(SignalCode.HeartRate, 0)], device: "slow", quality: ReadingQuality.SensorOff, numbered: false, logMs: (second * 1000) + 300);
        }

        Assert.Equal(["spo2-low"], bed.Anomalies.Where(told => told.State == AnomalyState.Raised).Select(told => told.Rule));
        for (int second = 61; second <= 100; second++)
            bed.Send((second * 1000) + 200, [(SignalCode.SpO2, 0)], device: "oximeter", quality: ReadingQuality.SensorOff, numbered: false);
        Assert.Contains(bed.Anomalies, told => told.Rule == "spo2-sensor-off");
    }

    [Fact]
    public void A_rate_that_is_told_each_minute_stands_while_the_ECG_has_none()
    {
        var bed = new Bedside();
        for (int second = 0; second < 300; second++)
        {
            if (second % 60 == 0)
                bed.Send(second * 1000, [(SignalCode.HeartRate, 40)], device: "cuff", numbered: false);
            bed.Send((second + 1) * 1000, Chunk(WaveformSignal.EcgII, EcgHz, 200, second, _ => 0));
        }

        Assert.Equal([AnomalyState.Raised], bed.Anomalies.Where(told => told.Rule == "hr-low" && told.Change == AnomalyChange.None).Select(told => told.State));
    }

    [Fact]
    public void A_score_follows_orders_and_every_value_that_it_is_made_of()
    {
        var bed = new Bedside();
        bed.Send(0, [(SignalCode.RespiratoryRate, 16)]);
        Assert.Empty(bed.Scores);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetConsciousness, "", "nurse", null, Bedside.Start + 1000) { Consciousness = Consciousness.Unresponsive }, 1000));
        Assert.Equal((AnomalySeverity.Low, 3.0), (Assert.Single(bed.Scores).Severity, bed.Scores[0].Score));
        // A round of single values within a minute: the alarm is what all of them say.
        bed.Send(3_600_000, [(SignalCode.RespiratoryRate, 28)], numbered: false);
        bed.Send(3_601_000, [(SignalCode.SpO2, 90)], numbered: false);
        Assert.Equal((AnomalySeverity.High, 9.0), (bed.Scores[^1].Severity, bed.Scores[^1].Score));
    }

    [Fact]
    public void A_weighing_that_comes_a_day_late_is_put_in_its_place()
    {
        var bed = new Bedside();
        const long Day = 86_400_000;
        for (int day = 0; day < 6; day++)
            bed.Send(day * Day, [(SignalCode.Weight, 72 + (0.1 * (day % 3)))], device: "scale");
        Assert.Equal(Disposition.Folded, bed.Send((5 * Day) - 82_800_000, [(SignalCode.Weight, 72.1)], device: "scale"));
        Assert.Equal(7, bed.Events.OfType<WeightJudged>().Count());
        Assert.Equal(WeightOutcome.Accepted, bed.Events.OfType<WeightJudged>().Last().Outcome);
    }

    [Fact]
    public void Pounds_entered_as_kilograms_are_rejected_until_a_person_confirms_them()
    {
        var bed = new Bedside();
        const long Day = 86_400_000;
        for (int day = 0; day < 10; day++)
            bed.Send(day * Day, [(SignalCode.Weight, 72 + (0.1 * (day % 3)))]);
        bed.Send(10 * Day, [(SignalCode.Weight, 159)]);
        WeightJudged rejected = bed.Events.OfType<WeightJudged>().Last();
        Assert.Equal((WeightOutcome.Rejected, WeightReason.PoundsAsKilograms), (rejected.Outcome, rejected.Reason));
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.ConfirmWeight, "", "nurse", "really", Bedside.Start + (10 * Day) + 5000) { MeasuredAtMs = Bedside.Start + (10 * Day), WeightKilograms = 159 }, (10 * Day) + 5000));
        Assert.NotEqual(WeightOutcome.Rejected, bed.Events.OfType<WeightJudged>().Last().Outcome);
    }

    [Fact]
    public void A_weighing_is_journaled_with_its_confidence_and_error_and_the_last_rejection_is_kept_until_somebody_stands_for_it()
    {
        const long Day = 86_400_000;
        var bed = new Bedside();
        for (int day = 0; day < 10; day++)
            bed.Send(day * Day, [(SignalCode.Weight, 72 + (0.1 * (day % 3)))]);
        Assert.Null(bed.State.WeightVerdicts.Rejected);
        Assert.Null(bed.Events.OfType<WeightJudged>().First().Judgement);

        bed.Send(10 * Day, [(SignalCode.Weight, 159)]);
        bed.Send(11 * Day, [(SignalCode.Weight, 72.2)]);
        Assert.Equal([0.1, 0.95], bed.Events.OfType<WeightJudged>().TakeLast(2).Select(judged => judged.Judgement!.Value.Confidence));
        WeightVerdicts verdicts = bed.State.WeightVerdicts;
        Assert.Equal(verdicts, bed.Replayed.WeightVerdicts);
        Assert.Equal(verdicts, PatientState.Decode(Bedside.Patient, Bedside.Encode(bed.State)).WeightVerdicts);
        Assert.Equal((72.2, WeightOutcome.Accepted), (verdicts.Newest!.Value.Measurement.Kilograms, verdicts.Newest.Value.Outcome));
        WeightJudged rejected = verdicts.Rejected!.Value;
        Assert.Equal((Bedside.Start + (10 * Day), 159, WeightReason.PoundsAsKilograms), (rejected.Measurement.TimeMs, rejected.Measurement.Kilograms, rejected.Reason));
        Assert.Equal(87, rejected.Judgement!.Value.PredictionError, 0.5);
        Assert.InRange(rejected.Judgement.Value.PredictionDeviation, 0.2, 2);

        bed.Command(new(Bedside.Patient, CommandKind.ConfirmWeight, "", "nurse", "really", Bedside.Start + (11 * Day) + 5000) { MeasuredAtMs = Bedside.Start + (10 * Day), WeightKilograms = 159 }, (11 * Day) + 5000);
        Assert.Null(bed.State.WeightVerdicts.Rejected);
        Assert.Equal(WeightOutcome.ConfirmedAccepted, bed.State.WeightVerdicts.Newest!.Value.Outcome);

        bed.Send(12 * Day, [(SignalCode.Weight, 72)], encounter: "next");
        bed.Send((12 * Day) + 1000, [(SignalCode.HeartRate, 72)], encounter: "after");
        Assert.Equal(default, bed.State.WeightVerdicts);
    }

    [Fact]
    public void A_weighing_that_logic_3_journaled_has_the_same_bytes_and_is_read_without_confidence()
    {
        var judged = new WeightJudged(new(Bedside.Start, 81.4, WeightSource.Manual) { IsConfirmed = true }, WeightOutcome.Rejected, WeightReason.DigitSwap);
        var writer = new PayloadWriter();
        judged.Encode(writer);
        Assert.Equal("8080E682B9669A999999995954400400010503", Convert.ToHexString(writer.Written));
        var reader = new PayloadReader(writer.Written);
        Assert.Equal(judged, WeightJudged.Decode(ref reader));
        Assert.True(reader.AtEnd);
    }

    /// <summary>Two minutes of a patient with 12 points of NEWS2 at least: respiration, SpO2, pulse and systolic pressure 3 each.</summary>
    private static void Sick(Bedside bed, long fromMs)
    {
        for (int second = 0; second <= 120; second += 5)
            bed.Send(fromMs + (second * 1000), [(SignalCode.HeartRate, 134), (SignalCode.SpO2, 90), (SignalCode.RespiratoryRate, 28), (SignalCode.CuffSystolic, 88), (SignalCode.CuffDiastolic, 60)]);
    }

    private static CommandMessage Pause(CommandKind kind, long atMs, int seconds) => new(Bedside.Patient, kind, "", "nurse", "washing", Bedside.Start + atMs) { DurationSeconds = seconds };

    private static List<(double At, bool IsVentricular)> Beats(double interval, double from, double to) => [.. SyntheticHeart.Every(interval, from, to).Select(at => (at, false))];

    /// <summary>Seconds of ECG and, when there are any, of pulse waves, a message each.</summary>
    private static void Play(Bedside bed, int from, int to, List<(double At, bool IsVentricular)> beats, List<double> feet)
    {
        for (int second = from; second < to; second++)
        {
            WaveformChunk ecg = Chunk(WaveformSignal.EcgII, EcgHz, 200, second, t => SyntheticHeart.Ecg(t, beats, 1));
            if (feet.Count == 0)
                bed.Send((second + 1) * 1000, ecg);
            else
                bed.Send((second + 1) * 1000, ecg, Chunk(WaveformSignal.ArterialPressure, PressureHz, 20, second, t => SyntheticHeart.Pressure(t, feet)));
        }
    }

    /// <summary>A second of a waveform.</summary>
    internal static WaveformChunk Chunk(WaveformSignal signal, int hz, float gain, int second, Func<double, float> value, long fromMs = 0)
    {
        var samples = new short[hz];
        for (int i = 0; i < hz; i++)
            samples[i] = (short)Math.Round(gain * value(second + ((double)i / hz)));
        return new(signal, hz * 1000, gain, 0, Bedside.Start + fromMs + (second * 1000), samples);
    }
}
