using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Alarms.Limits;

public sealed class LimitTests
{
    public static TheoryData<AgeClass> Ages => [.. Enum.GetValues<AgeClass>()];

    [Theory]
    [InlineData(SignalCode.HeartRate, 50, 120)]
    [InlineData(SignalCode.PulseRate, 50, 120)]
    [InlineData(SignalCode.RespiratoryRate, 8, 30)]
    [InlineData(SignalCode.ArterialSystolic, 90, 160)]
    [InlineData(SignalCode.CuffSystolic, 90, 160)]
    [InlineData(SignalCode.ArterialDiastolic, 50, 90)]
    [InlineData(SignalCode.CuffDiastolic, 50, 90)]
    [InlineData(SignalCode.ArterialMean, 60, 110)]
    [InlineData(SignalCode.CuffMean, 60, 110)]
    [InlineData(SignalCode.CoreTemperature, 36, 39)]
    public void An_adult_has_the_limits_that_monitors_start_with_and_so_has_who_is_of_unknown_age(SignalCode code, double low, double high)
    {
        Assert.Equal(new(low, high, null), LimitTable.For(AgeClass.Adult, code).Values);
        Assert.Equal(new(low, high, null), LimitTable.For(AgeClass.Unknown, code).Values);
    }

    [Fact]
    public void An_adults_saturation_has_a_low_limit_and_one_of_desaturation() => Assert.Equal(new(90, null, 80), LimitTable.For(AgeClass.Adult, SignalCode.SpO2).Values);

    /// <summary>The 1st and 99th centiles of Fleming 2011, web tables 4 and 5, by upper age bound in years, typed from there. Heart rate has a band for the first week.</summary>
    private static readonly (double To, int Low, int High)[] HeartRates =
    [
        (7 / 365.0, 90, 164), (0.25, 107, 181), (0.5, 104, 175), (0.75, 98, 168), (1, 93, 161), (1.5, 88, 156), (2, 82, 149), (3, 76, 142), (4, 70, 136), (6, 65, 131), (8, 59, 123), (12, 52, 115), (15, 47, 108),
        (18, 43, 104),
    ];

    private static readonly (double To, int Low, int High)[] RespiratoryRates =
    [
        (0.25, 25, 66), (0.5, 24, 64), (0.75, 23, 61), (1, 22, 58), (1.5, 21, 53), (2, 19, 46), (3, 18, 38), (4, 17, 33), (6, 17, 29), (8, 16, 27), (12, 14, 25), (15, 12, 23), (18, 11, 22),
    ];

    [Theory]
    [InlineData(AgeClass.Neonate, 0, 28 / 365.0)]
    [InlineData(AgeClass.Infant, 28 / 365.0, 1)]
    [InlineData(AgeClass.Toddler, 1, 3)]
    [InlineData(AgeClass.Preschool, 3, 6)]
    [InlineData(AgeClass.School, 6, 12)]
    [InlineData(AgeClass.Adolescent, 12, 16)]
    public void Childrens_rates_are_the_widest_of_the_bands_that_their_class_meets(AgeClass age, double from, double to)
    {
        Assert.Equal(Widest(HeartRates), LimitTable.For(age, SignalCode.HeartRate).Values);
        Assert.Equal(Widest(RespiratoryRates), LimitTable.For(age, SignalCode.RespiratoryRate).Values);

        SignalLimits Widest((double To, int Low, int High)[] bands)
        {
            // A band reaches from the bound of the one before to its own.
            var met = bands.Where((band, i) => band.To > from && (i == 0 ? 0 : bands[i - 1].To) < to).ToArray();
            return new(met.Min(band => band.Low), met.Max(band => band.High), null);
        }
    }

    [Theory]
    [InlineData(AgeClass.Neonate, 60)]
    [InlineData(AgeClass.Infant, 70)]
    [InlineData(AgeClass.Toddler, 70 + (2 * 1))]
    [InlineData(AgeClass.Preschool, 70 + (2 * 3))]
    [InlineData(AgeClass.School, 70 + (2 * 6))]
    [InlineData(AgeClass.Adolescent, 90)]
    public void Childrens_systolic_limit_is_that_of_hypotension_at_the_youngest_age_of_the_class(AgeClass age, double low) =>
        Assert.Equal(low, LimitTable.For(age, SignalCode.CuffSystolic).Values.Low);

    [Theory]
    [MemberData(nameof(Ages))]
    public void Every_limit_has_a_source_lies_within_what_is_possible_and_keeps_the_order(AgeClass age)
    {
        foreach (SignalCode code in LimitTable.Signals)
        {
            CitedLimits cited = LimitTable.For(age, code);
            SignalCodeInfo info = SignalCodes.Get(code);
            foreach (CitedLimit limit in new[] { cited.Low, cited.High, cited.Desaturation })
            {
                Assert.Equal(limit.Value is null, limit.Source == LimitSource.None);
                Assert.True(limit.Value is null || (limit.Value >= info.Minimum && limit.Value <= info.Maximum));
            }

            Assert.False(cited.Low.Value >= cited.High.Value);
            Assert.False(cited.Desaturation.Value >= cited.Low.Value);
        }
    }

    [Fact]
    public void A_signal_without_limits_has_none_and_no_rule()
    {
        Assert.Equal(default, LimitTable.For(AgeClass.Adult, SignalCode.Weight));
        foreach (SignalCodeInfo info in SignalCodes.All)
            Assert.Equal(LimitTable.Signals.Contains(info.Code), LimitRules.Of(info.Code).Count > 0);
    }

    [Fact]
    public void Every_condition_of_a_limit_has_one_rule_of_its_own_signal()
    {
        LimitRule[] rules = [.. SignalCodes.All.ToArray().SelectMany(info => LimitRules.Of(info.Code))];
        Assert.Equal(AlarmConditions.All.Where(condition => condition.Kind == ConditionKind.Limit).Select(condition => condition.Id), rules.Select(rule => rule.Condition).Order());
        Assert.All(rules, rule => Assert.Equal(AlarmConditions.Get(rule.Condition).Code, rule.Code));
    }

    [Theory]
    [InlineData(120, Presence.Near, AnomalySeverity.Medium)]
    [InlineData(120.1, Presence.Present, AnomalySeverity.Medium)]
    [InlineData(139.9, Presence.Present, AnomalySeverity.Medium)]
    [InlineData(140, Presence.Present, AnomalySeverity.High)]
    [InlineData(115.1, Presence.Near, AnomalySeverity.Medium)]
    [InlineData(115, Presence.Absent, AnomalySeverity.Medium)]
    public void A_value_is_held_against_a_high_limit_with_hysteresis(double value, Presence presence, AnomalySeverity priority)
    {
        LimitRule rule = LimitRules.Of(SignalCode.HeartRate).Single(candidate => candidate.Side == LimitSide.High);
        Assert.Equal(new(ConditionId.HeartRateHigh, presence, priority, value, 120, 0, null), rule.Assess(value, new(50, 120, null)));
    }

    [Theory]
    [InlineData(90, Presence.Near, Presence.Absent)]
    [InlineData(89.9, Presence.Present, Presence.Absent)]
    [InlineData(91, Presence.Absent, Presence.Absent)]
    [InlineData(81, Presence.Present, Presence.Absent)]
    [InlineData(80.1, Presence.Present, Presence.Near)]
    [InlineData(79.9, Presence.Present, Presence.Present)]
    public void Desaturation_lies_below_the_low_limit_and_is_of_high_priority(double value, Presence low, Presence desaturation)
    {
        Assessment[] found = [.. LimitRules.Of(SignalCode.SpO2).Select(rule => rule.Assess(value, LimitTable.For(AgeClass.Adult, SignalCode.SpO2).Values))];
        Assert.Equal(low, found.Single(assessment => assessment.Condition == ConditionId.SpO2Low).Presence);
        Assert.Equal((desaturation, AnomalySeverity.High), found.Where(assessment => assessment.Condition == ConditionId.Desaturation).Select(assessment => (assessment.Presence, assessment.Priority)).Single());
        Assert.Equal(Presence.Absent, found.Single(assessment => assessment.Condition == ConditionId.SpO2High).Presence);
    }
}
