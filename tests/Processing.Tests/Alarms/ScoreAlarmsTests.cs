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
            Assert.Equal((Presence.Present, priority, total, trigger, (long)total), (assessment.Presence, assessment.Priority, assessment.Value, assessment.Limit, assessment.Key));
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
