using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Tests.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Alarms;

public sealed class ScoreAlarmsTests
{
    private const long Now = 1_795_262_400_000;
    private static readonly News2Inputs Well = News2ChartTests.Well;

    [Fact]
    public void Triggers_of_NEWS2_have_their_priorities()
    {
        Assert.Equal(Presence.Absent, Assess(Well).Presence);
        Assert.Equal(Presence.Absent, Assess(Well with { Pulse = new(100, Now), RespiratoryRate = new(22, Now) }).Presence);
        Check(Well with { Consciousness = new(Consciousness.Voice, Now) }, AnomalySeverity.Low, 3, 3);
        Check(Well with { Consciousness = new(Consciousness.Voice, Now), RespiratoryRate = new(22, Now) }, AnomalySeverity.Medium, 5, 5);
        Check(Well with { Consciousness = new(Consciousness.Voice, Now), RespiratoryRate = new(25, Now), Pulse = new(120, Now) }, AnomalySeverity.High, 8, 7);

        static void Check(News2Inputs inputs, AnomalySeverity priority, double total, double trigger)
        {
            Assessment assessment = Assess(inputs);
            Assert.Equal((Presence.Present, priority, total, trigger), (assessment.Presence, assessment.Priority, assessment.Value, assessment.Limit));
        }
    }

    [Fact]
    public void A_lower_bound_below_the_triggers_is_not_absence_and_one_beyond_them_is_an_alarm()
    {
        Assert.Equal(Presence.Unknown, Assess(Well with { Temperature = null }).Presence);
        Assert.Equal(Presence.Present, Assess(Well with { Temperature = null, Pulse = new(140, Now) }).Presence);
        Assert.Equal(Presence.Absent, Assess(Well with { Temperature = null, IsPregnant = true }).Presence);
    }

    [Fact]
    public void Contributors_are_the_signals_with_points_the_worst_first()
    {
        Assessment assessment = Assess(Well with { RespiratoryRate = new(22, Now), Oxygen = new(OxygenStatus.Oxygen, Now), SystolicPressure = new(85, Now), Pulse = new(95, Now) });
        Assert.Equal(
            [new(SignalCode.CuffSystolic, "news2", 85, 3), new(SignalCode.RespiratoryRate, "news2", 22, 2), new(SignalCode.PulseRate, "news2", 95, 1)],
            assessment.Contributors);
    }

    [Fact]
    public void The_basis_has_every_parameter_in_the_order_of_the_chart_with_value_time_and_points()
    {
        Assessment assessment = Assess(Well with
        {
            RespiratoryRate = new(24.6, Now - 1000),
            OxygenSaturation = null,
            Oxygen = new(OxygenStatus.Oxygen, Now - 60_000),
            SystolicPressure = new(85, Now - 3_600_001),
            Consciousness = new(Consciousness.Confusion, Now - 2000),
            Temperature = new(38.05, Now - 3000),
        });
        News2Detail news2 = assessment.Basis.News2!;
        Assert.Equal(
            [
                new(News2Parameter.RespiratoryRate, News2Standing.Scored, 3, SignalCode.RespiratoryRate, 25, Now - 1000),
                new(News2Parameter.OxygenSaturation, News2Standing.Missing, 0, SignalCode.None, null, null),
                new(News2Parameter.SupplementalOxygen, News2Standing.Scored, 2, SignalCode.None, (double)OxygenStatus.Oxygen, Now - 60_000),
                new(News2Parameter.SystolicPressure, News2Standing.Stale, 0, SignalCode.CuffSystolic, 85, Now - 3_600_001),
                new(News2Parameter.Pulse, News2Standing.Scored, 0, SignalCode.PulseRate, 70, Now),
                new(News2Parameter.Consciousness, News2Standing.Scored, 3, SignalCode.None, (double)Consciousness.Confusion, Now - 2000),
                new(News2Parameter.Temperature, News2Standing.Scored, 1, SignalCode.CoreTemperature, 38.1, Now - 3000),
            ],
            news2.Parts);
        Assert.True(news2.IsLowerBound);
        Assert.Equal(assessment.Value, news2.Parts.Sum(part => part.Points));
        Assert.Equal(["oxygen", "confusion"], news2.Parts.Select(part => part.Word).Where(word => word is not null));
    }

    [Fact]
    public void A_saturation_whose_points_depend_on_an_unknown_oxygen_status_is_missing_with_its_value()
    {
        News2Detail news2 = Assess(Well with { OxygenSaturation = new(95, Now), Oxygen = null, IsScale2 = true, Pulse = new(140, Now) }).Basis.News2!;
        Assert.Equal((2, News2Standing.Missing, 95.0), (news2.SpO2Scale, news2.Parts[1].Standing, news2.Parts[1].Value));
        Assert.Equal([News2Parameter.OxygenSaturation, News2Parameter.SupplementalOxygen], news2.Standing(News2Standing.Missing));
    }

    [Fact]
    public void A_score_is_told_anew_when_its_points_or_what_has_none_change_and_not_when_values_or_ages_do()
    {
        News2Inputs sick = Well with { Pulse = new(140, Now), AgeClass = AgeClass.Adult };
        long key = Assess(sick).Key;
        Assert.Equal(key, Assess(sick with { Pulse = new(150, Now), RespiratoryRate = new(18, Now - 5000) }).Key);
        long[] keys =
        [
            key,
            Assess(sick with { RespiratoryRate = new(22, Now) }).Key,
            Assess(sick with { Temperature = null }).Key,
            Assess(sick with { Consciousness = null }).Key,
            Assess(sick with { Temperature = null, Consciousness = null }).Key,
            Assess(sick with { IsScale2 = true }).Key,
            Assess(sick with { AgeClass = AgeClass.Unknown }).Key,
        ];
        Assert.Equal(keys.Length, keys.Distinct().Count());
        // Below the triggers only that it is below, and what is missing.
        News2Inputs below = Well with { Temperature = null };
        Assert.Equal(Assess(below).Key, Assess(below with { Pulse = new(100, Now) }).Key);
        Assert.NotEqual(Assess(below).Key, Assess(below with { Consciousness = null }).Key);
        Assert.DoesNotContain(Assess(below).Key, keys);
        // Too old or never told: both have no points.
        Assert.Equal(Assess(sick with { Temperature = null }).Key, Assess(sick with { Temperature = new(37, Now - 86_400_000) }).Key);
    }

    [Fact]
    public void A_lower_bound_below_the_triggers_has_the_score_as_far_as_it_is_known_and_no_trigger()
    {
        Assessment assessment = Assess(Well with { Temperature = null, Pulse = new(100, Now) });
        Assert.Equal((Presence.Unknown, 1.0, double.NaN), (assessment.Presence, assessment.Value, assessment.Limit));
        Assert.Equal([News2Parameter.Temperature], assessment.Basis.News2!.Standing(News2Standing.Missing));
    }

    [Fact]
    public void A_score_says_whether_an_adults_age_was_assumed()
    {
        Assert.Equal(AgeClass.Adult, Assess(Well with { Pulse = new(140, Now), AgeClass = AgeClass.Adult }).Basis.Age);
        Assert.Equal(AgeClass.Unknown, Assess(Well with { Pulse = new(140, Now), AgeClass = AgeClass.Unknown }).Basis.Age);
    }

    [Theory]
    [InlineData(100, 100, Presence.Present)]
    [InlineData(99, 100, Presence.Near)]
    [InlineData(90, 100, Presence.Near)]
    [InlineData(89, 100, Presence.Absent)]
    public void The_shock_index_has_a_limit_with_hysteresis(double rate, double systolic, Presence presence)
    {
        DerivedFigure? index = Haemodynamics.ShockIndex(new(rate, Now), new(systolic, Now), Now, 1000);
        Assert.Equal(presence, ScoreAlarms.ShockIndex(index, SignalCode.PulseRate, rate, SignalCode.CuffSystolic, systolic).Presence);
        Assert.Equal(Presence.Unknown, ScoreAlarms.ShockIndex(null, SignalCode.PulseRate, rate, SignalCode.CuffSystolic, systolic).Presence);
    }

    private static Assessment Assess(News2Inputs inputs) => ScoreAlarms.News2(News2.Compute(inputs, News2Ages.Monitored, Now), SignalCode.CuffSystolic, SignalCode.PulseRate);
}
