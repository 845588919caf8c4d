using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Tests.Alarms;

public sealed class PatientAlarmsTests
{
    private const ConditionId Rate = ConditionId.HeartRateHigh;
    private const ConditionId Asystole = ConditionId.Asystole;

    [Fact]
    public void An_alarm_begins_once_and_exactly_after_the_onset_delay_however_often_the_machine_is_woken()
    {
        foreach (double[] ticks in new double[][] { [10], [10.5], [1, 2, 9.999, 10, 10, 11], [400], [9.999, 25] })
        {
            var bed = new Bed(AlarmSettings.Default);
            bed.Assess(0, Rate, Presence.Present);
            Assert.Equal(10, bed.Deadline);
            foreach (double tick in ticks)
            {
                bed.Tick(tick);
                Assert.Equal(tick < 10 ? 0 : 1, bed.Sink.Told.Count(told => told.Event.Kind == AlarmEventKind.Began));
            }

            AlarmEvent began = bed.Sink.Told[0].Event;
            Assert.Equal((Bed.At(10), Bed.At(10) - 7000), (began.LogMs, began.TimeMs));
        }
    }

    [Fact]
    public void Event_time_that_runs_faster_than_the_log_ends_a_delay_too()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Alarms.Assess(Assessment.Of(Rate, Presence.Present), 1000, Bed.At(0), bed.Sink);
        bed.Alarms.Assess(Assessment.Of(Rate, Presence.Present), 10_999, Bed.At(0.1), bed.Sink);
        Assert.Empty(bed.Sink.Told);
        bed.Alarms.Assess(Assessment.Of(Rate, Presence.Absent), 31_000, Bed.At(0.3), bed.Sink);
        Assert.Equal((11_000, Bed.At(0.3), AlarmEventKind.Began), (bed.Sink.Told[0].Event.TimeMs, bed.Sink.Told[0].Event.LogMs, bed.Sink.Told[0].Event.Kind));
        Assert.Equal(AlarmPhase.Clearing, bed.Alarms.Find(Rate)!.Phase);
    }

    [Fact]
    public void A_condition_that_goes_within_the_delay_makes_no_alarm_and_is_counted()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Assess(9.999, Rate, Presence.Near);
        bed.Tick(100);
        Assert.Empty(bed.Sink.Told);
        Assert.Empty(bed.Alarms.Conditions);
        Assert.Equal(new(0, 0, 1, 0, 0), bed.Alarms.Counters);
    }

    [Fact]
    public void Within_the_hysteresis_an_alarm_stays_one_alarm_and_what_was_kept_back_is_counted()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        foreach (double second in new double[] { 20, 40, 60 })
        {
            bed.Assess(second, Rate, Presence.Near);
            bed.Assess(second + 10, Rate, Presence.Present);
        }

        bed.Assess(80, Rate, Presence.Absent);
        bed.Assess(89.999, Rate, Presence.Present);
        bed.Assess(90, Rate, Presence.Absent);
        bed.Tick(99.999);
        Assert.Single(bed.Told);
        bed.Tick(100);
        Assert.Equal([(10, AlarmEventKind.Began, Rate), (100, AlarmEventKind.Ended, Rate)], bed.Told);
        Assert.Equal(new(1, 0, 1, 3, 0), bed.Alarms.Counters);
        Assert.Equal((EndCause.Cleared, Bed.At(100) - 7000), (bed.Sink.Told[1].Event.Cause, bed.Sink.Told[1].Event.TimeMs));
    }

    [Fact]
    public void What_another_signal_speaks_against_makes_no_alarm_and_is_counted_once_an_episode()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Asystole, Presence.Vetoed);
        bed.Assess(1, Asystole, Presence.Vetoed);
        bed.Assess(2, Asystole, Presence.Absent);
        bed.Assess(3, Asystole, Presence.Vetoed);
        bed.Assess(4, Asystole, Presence.Present);
        Assert.Equal([(4, AlarmEventKind.Began, Asystole)], bed.Told);
        Assert.Equal(new(1, 0, 0, 0, 2), bed.Alarms.Counters);
    }

    [Theory]
    [InlineData(ConditionId.Asystole)]
    [InlineData(ConditionId.VentricularFibrillation)]
    [InlineData(ConditionId.VentricularTachycardia)]
    [InlineData(ConditionId.ExtremeBradycardia)]
    [InlineData(ConditionId.ExtremeTachycardia)]
    public void A_lethal_alarm_latches_whatever_is_configured_until_it_is_acknowledged(ConditionId lethal)
    {
        AlarmTiming timing = AlarmSettings.Usual(AlarmConditions.Get(lethal)) with { Latches = false };
        var bed = new Bed(new(new Dictionary<ConditionId, AlarmTiming> { [lethal] = timing }));
        bed.Assess(0, lethal, Presence.Present);
        bed.Assess(5, lethal, Presence.Absent);
        bed.Assess(8, lethal, Presence.Present);
        bed.Assess(9, lethal, Presence.Unknown);
        bed.Tick(10_000);
        Assert.Equal(AlarmPhase.Latched, Assert.Single(bed.Alarms.List()).Phase);
        Assert.Equal(AlarmCommandOutcome.Done, bed.Acknowledge(20_000, lethal));
        Assert.Empty(bed.Alarms.Conditions);
        Assert.Equal(
            [AlarmEventKind.Began, AlarmEventKind.Latched, AlarmEventKind.Returned, AlarmEventKind.Latched, AlarmEventKind.Acknowledged, AlarmEventKind.Ended],
            bed.Told.Select(told => told.Kind));
        Assert.Equal([0, 1, 2, 3, 4, 5], bed.Sink.Told.Select(told => told.Alarm!.Revision));
    }

    [Fact]
    public void An_acknowledged_lethal_alarm_ends_with_its_condition()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Asystole, Presence.Present);
        bed.Acknowledge(1, Asystole);
        Assert.Equal(AlarmCommandOutcome.Nothing, bed.Acknowledge(2, Asystole));
        bed.Assess(3, Asystole, Presence.Absent);
        Assert.Equal([(0, AlarmEventKind.Began, Asystole), (1, AlarmEventKind.Acknowledged, Asystole), (3, AlarmEventKind.Ended, Asystole)], bed.Told);
    }

    [Fact]
    public void Sensor_off_suspends_the_alarms_of_its_signal_and_raises_a_technical_one()
    {
        ConditionId off = AlarmConditions.SensorOff(Shared.Signals.SignalCode.HeartRate);
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        bed.Assess(20, Rate, Presence.Unknown);
        bed.Assess(20, off, Presence.Present);
        bed.Tick(49.999);
        Assert.Equal(AlarmPhase.Suspended, bed.Alarms.Find(Rate)!.Phase);
        bed.Tick(50);
        Assert.Equal([(10, AlarmEventKind.Began, Rate), (30, AlarmEventKind.Began, off), (50, AlarmEventKind.Ended, Rate)], bed.Told);
        Assert.Equal(EndCause.SignalLost, bed.Sink.Told[2].Event.Cause);
        Assert.Equal(new(1, 1, 0, 0, 0), bed.Alarms.Counters);

        bed.Assess(60, off, Presence.Absent);
        Assert.Empty(bed.Alarms.List());
    }

    [Fact]
    public void A_signal_that_comes_back_goes_on_with_its_alarm()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        bed.Assess(20, Rate, Presence.Unknown);
        bed.Assess(45, Rate, Presence.Present);
        bed.Tick(100);
        Assert.Single(bed.Told);
        // Nobody could act on a suspended alarm: escalation is reckoned from its return.
        bed.Tick(164.999);
        Assert.Single(bed.Told);
        bed.Tick(165);
        Assert.Equal((165, AlarmEventKind.Escalated, Rate), bed.Told.Last());
    }

    [Fact]
    public void Nobody_acknowledging_raises_a_medium_alarm_to_a_high_one_once()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10_000);
        Assert.Equal([(10, AlarmEventKind.Began, Rate), (130, AlarmEventKind.Escalated, Rate)], bed.Told);
        Assert.Equal((AnomalySeverity.High, true), (bed.Alarms.Find(Rate)!.Priority, bed.Alarms.Find(Rate)!.IsEscalated));
    }

    [Fact]
    public void An_acknowledged_alarm_is_told_again_until_the_acknowledgement_lapses()
    {
        AlarmTiming timing = AlarmSettings.Usual(AlarmConditions.Get(Rate)) with { Reminders = 3, ReminderMs = 60_000 };
        var bed = new Bed(new(new Dictionary<ConditionId, AlarmTiming> { [Rate] = timing }));
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        bed.Acknowledge(20, Rate);
        bed.Tick(1000);
        Assert.Equal(
            [
                (10, AlarmEventKind.Began, Rate), (20, AlarmEventKind.Acknowledged, Rate), (80, AlarmEventKind.Reminded, Rate), (140, AlarmEventKind.Reminded, Rate), (200, AlarmEventKind.Reminded, Rate),
                (320, AlarmEventKind.Escalated, Rate),
            ],
            bed.Told);
        Assert.Equal([true, true, false], bed.Sink.Told.Where(told => told.Event.Kind == AlarmEventKind.Reminded).Select(told => told.Alarm!.IsAcknowledged));
    }

    [Fact]
    public void A_higher_priority_takes_an_acknowledgement_back()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        bed.Acknowledge(11, Rate);
        bed.Assess(12, Rate, Presence.Present, AnomalySeverity.High);
        bed.Assess(13, Rate, Presence.Present);
        Assert.Equal((12, AlarmEventKind.PriorityRose, Rate), bed.Told.Last());
        Assert.Equal((AnomalySeverity.High, false), (bed.Alarms.Find(Rate)!.Priority, bed.Alarms.Find(Rate)!.IsAcknowledged));
    }

    [Fact]
    public void A_priority_that_rises_within_the_onset_delay_does_not_begin_it_anew()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Assess(5, Rate, Presence.Present, AnomalySeverity.High);
        bed.Tick(10);
        Assert.Equal([(10, AlarmEventKind.Began, Rate)], bed.Told);
        Assert.Equal(AnomalySeverity.High, bed.Alarms.Find(Rate)!.Priority);
    }

    [Fact]
    public void Other_evidence_is_told_once_in_a_while()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 5);
        bed.Assess(5, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 6);
        bed.Assess(59.999, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 6);
        Assert.Single(bed.Told);
        bed.Assess(60, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 6);
        bed.Assess(70, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 6);
        bed.Assess(71, ConditionId.News2, Presence.Present, AnomalySeverity.High, 7);
        Assert.Equal([(0, AlarmEventKind.Began), (60, AlarmEventKind.Updated), (71, AlarmEventKind.PriorityRose)], bed.Told.Select(told => (told.Second, told.Kind)));
    }

    [Fact]
    public void Other_evidence_by_an_order_is_told_at_once()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 5);
        bed.Alarms.Assess(Assessment.Of(ConditionId.News2, Presence.Present) with { Priority = AnomalySeverity.Medium, Key = 6, IsTellingAtOnce = true }, Bed.At(1), Bed.At(1), bed.Sink);
        Assert.Equal([(0, AlarmEventKind.Began), (1, AlarmEventKind.Updated)], bed.Told.Select(told => (told.Second, told.Kind)));
    }

    [Fact]
    public void Other_evidence_is_told_by_a_slower_clock_that_has_taken_over()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(600, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 5);
        bed.Assess(300, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 6);
        bed.Assess(301, ConditionId.News2, Presence.Present, AnomalySeverity.Medium, 5);
        Assert.Equal([(600, AlarmEventKind.Began), (300, AlarmEventKind.Updated)], bed.Told.Select(told => (told.Second, told.Kind)));
    }

    [Theory]
    [InlineData(PauseKind.Audio, AlarmSound.AudioPaused)]
    [InlineData(PauseKind.Alarms, AlarmSound.AlarmsPaused)]
    public void A_pause_ends_by_itself_and_what_waits_for_people_begins_anew(PauseKind kind, AlarmSound sound)
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        bed.Tick(10);
        Assert.Equal(AlarmSound.On, bed.Alarms.SoundOf(bed.Alarms.Find(Rate)!));
        bed.Pause(100, kind, 120);
        Assert.Equal(sound, bed.Alarms.SoundOf(bed.Alarms.Find(Rate)!));
        Assert.Equal(220, bed.Deadline);
        bed.Assess(150, ConditionId.RespiratoryRateHigh, Presence.Present);
        bed.Tick(1000);
        Assert.Equal(
            [
                (10, AlarmEventKind.Began, Rate), (100, AlarmEventKind.Paused, ConditionId.None), (160, AlarmEventKind.Began, ConditionId.RespiratoryRateHigh),
                (220, AlarmEventKind.Resumed, ConditionId.None), (340, AlarmEventKind.Escalated, Rate), (340, AlarmEventKind.Escalated, ConditionId.RespiratoryRateHigh),
            ],
            bed.Told.Order(Comparer<(double, AlarmEventKind, ConditionId)>.Create((a, b) => a.Item1 != b.Item1 ? a.Item1.CompareTo(b.Item1) : a.Item3.CompareTo(b.Item3))));
    }

    [Fact]
    public void What_is_latched_when_a_pause_begins_holds_no_other_alarm_back()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.ExtremeTachycardia, Presence.Present);
        bed.Assess(5, ConditionId.ExtremeTachycardia, Presence.Absent);
        bed.Pause(10, PauseKind.Audio, 60);
        bed.Assess(20, ConditionId.News2, Presence.Present, AnomalySeverity.High, 9);
        Assert.False(bed.Alarms.IsPaused);
    }

    [Theory]
    [InlineData(ConditionId.AtrialFibrillation, ConditionId.News2, true)]
    [InlineData(ConditionId.News2, ConditionId.ShockIndex, false)]
    [InlineData(ConditionId.News2, ConditionId.AtrialFibrillation, false)]
    [InlineData(ConditionId.News2, ConditionId.Asystole, true)]
    [InlineData(ConditionId.Asystole, ConditionId.VentricularFibrillation, true)]
    [InlineData(ConditionId.Asystole, ConditionId.News2, false)]
    [InlineData(ConditionId.None, ConditionId.News2, false)]
    [InlineData(ConditionId.None, ConditionId.Asystole, true)]
    public void An_alarm_of_a_higher_rank_breaks_a_pause_and_a_lethal_one_every_pause(ConditionId paused, ConditionId next, bool breaks)
    {
        var bed = new Bed(AlarmSettings.Default);
        if (paused != ConditionId.None)
            bed.Assess(0, paused, Presence.Present);
        bed.Pause(1, PauseKind.Audio, 60);
        bed.Pause(1, PauseKind.Alarms, 60);
        bed.Assess(2, next, Presence.Present);
        Assert.Equal(!breaks, bed.Alarms.IsPaused);
        Assert.Equal(breaks ? 2 : 0, bed.Sink.Told.Count(told => told.Event.Resumed == ResumeCause.Broken));
    }

    [Fact]
    public void A_lethal_alarm_breaks_a_pause_of_another_high_one()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.News2, Presence.Present, AnomalySeverity.High);
        bed.Pause(1, PauseKind.Audio, 60);
        bed.Assess(2, Asystole, Presence.Present);
        Assert.False(bed.Alarms.IsPaused);
    }

    [Fact]
    public void A_pause_is_not_longer_for_having_come_late_and_an_old_one_is_none()
    {
        var bed = new Bed(AlarmSettings.Default);
        Assert.Equal(AlarmCommandOutcome.Done, bed.Alarms.Pause(PauseKind.Audio, 60_000, "a", "", Bed.At(0), Bed.At(20), bed.Sink));
        Assert.Equal(60, bed.Deadline);
        bed.Tick(60);
        Assert.Equal(AlarmCommandOutcome.Expired, bed.Alarms.Pause(PauseKind.Audio, 60_000, "a", "", Bed.At(0), Bed.At(60), bed.Sink));
        Assert.Equal(AlarmCommandOutcome.Done, bed.Alarms.Pause(PauseKind.Audio, 60_000, "a", "", Bed.At(300), Bed.At(70), bed.Sink));
        Assert.Equal(130, bed.Deadline);
    }

    [Fact]
    public void Resuming_ends_both_pauses_and_says_who_asked()
    {
        var bed = new Bed(AlarmSettings.Default);
        Assert.Equal(AlarmCommandOutcome.Nothing, bed.Resume(0));
        bed.Pause(1, PauseKind.Audio, 60);
        bed.Pause(1, PauseKind.Alarms, 60);
        Assert.Equal(AlarmCommandOutcome.Done, bed.Resume(2));
        Assert.False(bed.Alarms.IsPaused);
        Assert.Equal(["nurse.adams", "nurse.adams"], bed.Sink.Events.Where(happened => happened.Kind == AlarmEventKind.Resumed).Select(happened => happened.By));
    }

    [Fact]
    public void Discharge_ends_all_of_it()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Asystole, Presence.Present);
        bed.Assess(0, Rate, Presence.Present);
        bed.Assess(0, ConditionId.VentricularFibrillation, Presence.Vetoed);
        bed.Pause(1, PauseKind.Audio, 60);
        bed.Alarms.Discharge(Bed.At(2), Bed.At(2), bed.Sink);
        Assert.Empty(bed.Alarms.Conditions);
        Assert.False(bed.Alarms.IsPaused);
        Assert.Null(bed.Deadline);
        Assert.Equal(EndCause.Discharged, bed.Sink.Told[^1].Event.Cause);
    }

    [Fact]
    public void Acknowledging_what_is_not_open_finds_nothing()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Rate, Presence.Present);
        Assert.Equal(AlarmCommandOutcome.NotFound, bed.Acknowledge(1, Rate));
        Assert.Equal(AlarmCommandOutcome.NotFound, bed.Alarms.Acknowledge(new(99, 1), "a", "", Bed.At(1), Bed.At(1), bed.Sink));
    }

    [Fact]
    public void The_list_has_the_most_urgent_first_and_technical_ones_apart()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.NoData, Presence.Present, AnomalySeverity.High);
        bed.Assess(1, ConditionId.AtrialFibrillation, Presence.Present);
        bed.Assess(2, Asystole, Presence.Present);
        bed.Assess(3, ConditionId.News2, Presence.Present);
        bed.Assess(4, ConditionId.ShockIndex, Presence.Present);
        bed.Assess(5, Rate, Presence.Present);
        Assert.Equal([Asystole, ConditionId.ShockIndex, ConditionId.News2, ConditionId.AtrialFibrillation, ConditionId.NoData], bed.Alarms.List().Select(alarm => alarm.Condition));
    }

    [Fact]
    public void An_alarm_about_a_signal_names_its_value_and_its_distance_from_the_limit()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Alarms.Assess(new(ConditionId.SpO2Low, Presence.Present, AnomalySeverity.Medium, 87, 90, 0, null), 0, Bed.At(0), bed.Sink);
        bed.Tick(10);
        Assert.Equal([new(Shared.Signals.SignalCode.SpO2, "value", 87, 3)], bed.Alarms.Find(ConditionId.SpO2Low)!.Contributors);
    }

    [Fact]
    public void What_a_limit_rests_on_is_there_when_its_alarm_begins_after_the_onset_delay_and_after_a_reload()
    {
        var bed = new Bed(AlarmSettings.Default);
        var basis = new AlarmBasis(LimitOrigin.Order, AgeClass.School);
        bed.Alarms.Assess(new(Rate, Presence.Present, AnomalySeverity.Medium, 130, 120, 7, null) { Basis = basis }, Bed.At(0), Bed.At(0), bed.Sink);
        bed.Reload();
        bed.Tick(10);
        Assert.Equal(basis, bed.Sink.Told[0].Event.Basis);
        bed.Reload();
        Assert.Equal(basis, bed.Alarms.Find(Rate)!.Basis);
        bed.Acknowledge(11, Rate);
        Assert.Equal(basis, bed.Alarms.Find(Rate)!.Basis);
    }

    public static TheoryData<LimitOrigin, AgeClass?, bool> Bases
    {
        get
        {
            var bases = new TheoryData<LimitOrigin, AgeClass?, bool>();
            foreach (LimitOrigin origin in Enum.GetValues<LimitOrigin>())
            {
                foreach (AgeClass? age in Enum.GetValues<AgeClass>().Select(age => (AgeClass?)age).Append(null))
                {
                    bases.Add(origin, age, false);
                    bases.Add(origin, age, true);
                }
            }

            return bases;
        }
    }

    [Theory]
    [MemberData(nameof(Bases))]
    public void Every_basis_comes_back_from_the_journal_and_from_the_state(LimitOrigin origin, AgeClass? age, bool isScore)
    {
        var bed = new Bed(AlarmSettings.Default);
        var basis = new AlarmBasis(origin, age, isScore ? Score : null);
        bed.Alarms.Assess(new(ConditionId.News2, Presence.Present, AnomalySeverity.High, 9, 7, 1, []) { Basis = basis }, Bed.At(0), Bed.At(0), bed.Sink);
        var writer = new PayloadWriter();
        bed.Sink.Events[0].Encode(writer);
        var reader = new PayloadReader(writer.Written);
        Check(AlarmEvent.Decode(ref reader).Basis);
        Assert.True(reader.AtEnd);
        bed.Reload();
        Check(bed.Alarms.Find(ConditionId.News2)!.Basis);
        Assert.InRange(Bed.Bytes(bed.Alarms).Length - 11, 40, isScore ? 200 : 70);
        byte[] bytes = writer.Written.ToArray();
        for (int length = 0; length < bytes.Length; length++)
        {
            Assert.Throws<InvalidDataException>(() =>
            {
                var part = new PayloadReader(bytes.AsSpan(0, length));
                AlarmEvent.Decode(ref part);
            });
        }

        void Check(AlarmBasis actual)
        {
            Assert.Equal((origin, age, isScore), (actual.Origin, actual.Age, actual.News2 is not null));
            if (isScore)
                Assert.Equal((2, Score.Parts), (actual.News2!.SpO2Scale, actual.News2.Parts), (expected, given) => expected.Item1 == given.Item1 && expected.Item2.SequenceEqual(given.Item2));
        }
    }

    private static readonly News2Detail Score = new(
        2,
        [
            new(News2Parameter.RespiratoryRate, News2Standing.Scored, 3, Shared.Signals.SignalCode.RespiratoryRate, 25, Bed.Start),
            new(News2Parameter.OxygenSaturation, News2Standing.Missing, 0, Shared.Signals.SignalCode.SpO2, 95, Bed.Start - 1),
            new(News2Parameter.SupplementalOxygen, News2Standing.Missing, 0, Shared.Signals.SignalCode.None, null, null),
            new(News2Parameter.SystolicPressure, News2Standing.Stale, 0, Shared.Signals.SignalCode.CuffSystolic, 85, 0),
            new(News2Parameter.Pulse, News2Standing.Scored, 3, Shared.Signals.SignalCode.PulseRate, 140, Bed.Start),
            new(News2Parameter.Consciousness, News2Standing.Scored, 3, Shared.Signals.SignalCode.None, 5, Bed.Start),
            new(News2Parameter.Temperature, News2Standing.Scored, 0, Shared.Signals.SignalCode.CoreTemperature, 37.2, Bed.Start),
        ]);

    [Fact]
    public void A_state_of_before_there_was_a_basis_is_read()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Asystole, Presence.Present);
        byte[] bytes = Bed.Bytes(bed.Alarms);
        var reader = new PayloadReader([1, .. bytes[1..]]);
        Assert.Equal(bytes, Bed.Bytes(PatientAlarms.Decode(ref reader, AlarmSettings.Default)));
    }

    [Fact]
    public void What_is_known_of_an_unknown_condition_is_told_once_in_a_while_and_raises_no_priority()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, ConditionId.News2, Presence.Present, AnomalySeverity.Low, 3);
        Unknown(30, 1);
        Assert.Equal(AlarmPhase.Suspended, bed.Alarms.Find(ConditionId.News2)!.Phase);
        Unknown(59.999, 2);
        Assert.Single(bed.Told);
        Unknown(60, 2);
        Unknown(130, 2);
        bed.Assess(200, ConditionId.News2, Presence.Unknown, key: 9);
        Assert.Equal([(0, AlarmEventKind.Began), (60, AlarmEventKind.Updated)], bed.Told.Select(told => (told.Second, told.Kind)));
        Assert.Equal((AlarmPhase.Suspended, AnomalySeverity.Low, 2.0), (bed.Alarms.Find(ConditionId.News2)!.Phase, bed.Alarms.Find(ConditionId.News2)!.Priority, bed.Alarms.Find(ConditionId.News2)!.Value));
        bed.Reload();
        // Being told of does not prolong how long it may be unknown.
        Assert.Equal(30 + (24 * 3600), bed.Deadline);

        void Unknown(double second, long key) =>
            bed.Alarms.Assess(new(ConditionId.News2, Presence.Unknown, AnomalySeverity.High, key, double.NaN, key, []), Bed.At(second) - 7000, Bed.At(second), bed.Sink);
    }

    [Fact]
    public void Ids_of_alarms_are_those_of_messages()
    {
        var origin = new AlarmOrigin(12, 3);
        Assert.Equal("icu:a/b/12/3", origin.Id("icu:a/b"));
        Assert.True(AlarmOrigin.TryParse("icu:a/b", "icu:a/b/12/3", out AlarmOrigin parsed));
        Assert.Equal(origin, parsed);
        foreach (string wrong in new[] { "", "icu:a/b", "icu:a/b/", "icu:a/b/1", "icu:a/b//", "icu:a/c/1/2", "icu:a/b/1/2/3", "icu:a/b/-1/2", "icu:a/b/1/x", "icu:a/b/99999999999999999999/1" })
            Assert.False(AlarmOrigin.TryParse("icu:a/b", wrong, out _), wrong);
    }

    [Fact]
    public void A_state_that_is_not_one_is_refused()
    {
        var bed = new Bed(AlarmSettings.Default);
        bed.Assess(0, Asystole, Presence.Present);
        bed.Assess(0, Rate, Presence.Present);
        bed.Pause(1, PauseKind.Audio, 60);
        bed.Reload();
        byte[] bytes = Bed.Bytes(bed.Alarms);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decode(bytes[..length]));
        Assert.Throws<InvalidDataException>(() => Decode([3, .. bytes[1..]]));
        Assert.Throws<InvalidDataException>(() => new PatientAlarms(AlarmSettings.Default).Apply(new() { Kind = AlarmEventKind.Acknowledged, Condition = Rate }));

        static void Decode(byte[] bytes)
        {
            var reader = new PayloadReader(bytes);
            PatientAlarms.Decode(ref reader, AlarmSettings.Default);
        }
    }

    [Fact]
    public void State_is_small()
    {
        Assert.Equal(11, Bed.Bytes(new PatientAlarms(AlarmSettings.Default)).Length);
        var bed = new Bed(AlarmSettings.Default);
        bed.Alarms.Assess(new(ConditionId.SpO2Low, Presence.Present, AnomalySeverity.Medium, 87, 90, 0, null), Bed.At(0), Bed.At(0), bed.Sink);
        bed.Tick(10);
        Assert.InRange(Bed.Bytes(bed.Alarms).Length - 11, 60, 100);
    }

    [Fact]
    public void Settings_that_make_no_sense_are_refused_with_the_condition()
    {
        AlarmTiming usual = AlarmSettings.Usual(AlarmConditions.Get(Rate));
        foreach (AlarmTiming wrong in new[] { usual with { OnsetMs = -1 }, usual with { ClearMs = 86_400_001 }, usual with { ReminderMs = 999 }, usual with { Reminders = 0 }, usual with { Reminders = 101 } })
        {
            ArgumentException thrown = Assert.Throws<ArgumentException>(() => new AlarmSettings(new Dictionary<ConditionId, AlarmTiming> { [Rate] = wrong }));
            Assert.Contains("hr-high", thrown.Message, StringComparison.Ordinal);
        }

        Assert.NotEqual(AlarmSettings.Default.Text, new AlarmSettings(new Dictionary<ConditionId, AlarmTiming> { [Rate] = usual with { OnsetMs = 1 } }).Text);
    }
}
