using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Tests.Scoring.EarlyWarning;

public sealed class News2Tests
{
    private const long Now = 1_795_262_400_000;
    private const int Minute = 60_000;
    private static readonly News2Inputs Well = News2ChartTests.Well;

    [Fact]
    public void Triggers_are_those_of_the_chart()
    {
        // Respiration 2 points, pulse 1, pressure 1, temperature 1, consciousness 3, in growing sums.
        News2Inputs inputs = Well;
        Assert.Equal((0, News2Risk.None, false), Read(inputs));
        inputs = inputs with { Pulse = new(100, Now) };
        Assert.Equal((1, News2Risk.Low, false), Read(inputs));
        inputs = inputs with { RespiratoryRate = new(22, Now), SystolicPressure = new(105, Now) };
        Assert.Equal((4, News2Risk.Low, false), Read(inputs));
        Assert.Equal((5, News2Risk.Medium, false), Read(inputs with { Temperature = new(38.5, Now) }));
        Assert.Equal((6, News2Risk.Medium, false), Read(inputs with { Temperature = new(39.5, Now) }));
        Assert.Equal((7, News2Risk.High, true), Read(inputs with { Consciousness = new(Consciousness.Voice, Now) }));
        Assert.Equal((3, News2Risk.LowMedium, true), Read(Well with { Consciousness = new(Consciousness.Confusion, Now) }));
        Assert.Equal((4, News2Risk.LowMedium, true), Read(Well with { SystolicPressure = new(90, Now), Pulse = new(100, Now) }));
        Assert.Equal((5, News2Risk.Medium, true), Read(Well with { SystolicPressure = new(90, Now), RespiratoryRate = new(22, Now) }));

        static (int, News2Risk, bool) Read(News2Inputs inputs)
        {
            News2Result result = News2.Compute(inputs, News2Ages.Monitored, Now);
            Assert.Equal(News2Status.Complete, result.Status);
            return (result.Total, result.Risk, result.HasSingleTrigger);
        }
    }

    [Fact]
    public void The_worst_of_all_parameters_is_20_points()
    {
        var worst = new News2Inputs
        {
            RespiratoryRate = new(30, Now),
            OxygenSaturation = new(80, Now),
            Oxygen = new(OxygenStatus.Oxygen, Now),
            SystolicPressure = new(70, Now),
            Pulse = new(150, Now),
            Consciousness = new(Consciousness.Pain, Now),
            Temperature = new(34, Now),
        };
        Assert.Equal(20, News2.Compute(worst, News2Ages.Monitored, Now).Total);
    }

    public static TheoryData<News2Parameter> Parameters => [.. Enum.GetValues<News2Parameter>()];

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_missing_parameter_makes_the_score_a_lower_bound(News2Parameter parameter)
    {
        News2Result result = News2.Compute(Without(Well with { RespiratoryRate = new(22, Now), Pulse = new(100, Now) }, parameter), News2Ages.Monitored, Now);
        int expected = parameter switch { News2Parameter.RespiratoryRate => 1, News2Parameter.Pulse => 2, _ => 3 };
        Assert.Equal((News2Status.AtLeast, expected), (result.Status, result.Total));
        News2Part part = result.Parts[(int)parameter];
        Assert.Equal((News2Standing.Missing, 0, -1L), (part.Standing, part.Points, part.AgeMs));
        Assert.Equal($"NEWS2 at least {expected}, missing: {News2Result.Name(parameter)}", result.ToString());
    }

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_parameter_is_fresh_to_its_last_millisecond_and_stale_after_it(News2Parameter parameter)
    {
        int oldest = News2Ages.Monitored.Of(parameter);
        News2Inputs fresh = Aged(Well, parameter, oldest);
        News2Inputs stale = Aged(Well, parameter, oldest + 1);
        Assert.Equal((News2Status.Complete, (long)oldest), (News2.Compute(fresh, News2Ages.Monitored, Now).Status, News2.Compute(fresh, News2Ages.Monitored, Now).Parts[(int)parameter].AgeMs));
        News2Result result = News2.Compute(stale, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.AtLeast, News2Standing.Stale, oldest + 1L), (result.Status, result.Parts[(int)parameter].Standing, result.Parts[(int)parameter].AgeMs));
        Assert.Contains(" old)", result.ToString(), StringComparison.Ordinal);
        // Only that one is older: with its age allowed the score is complete.
        Assert.NotEqual(News2Standing.Stale, News2.Compute(stale, News2Ages.Monitored with { RespiratoryRateMs = oldest + 1, OxygenSaturationMs = oldest + 1, SupplementalOxygenMs = oldest + 1, SystolicPressureMs = oldest + 1, PulseMs = oldest + 1, ConsciousnessMs = oldest + 1, TemperatureMs = oldest + 1 }, Now).Parts[(int)parameter].Standing);
    }

    [Fact]
    public void A_stale_bad_value_scores_nothing_and_is_named()
    {
        News2Inputs inputs = Well with { SystolicPressure = new(60, Now - (2 * 60 * Minute)) };
        News2Result result = News2.Compute(inputs, News2Ages.Monitored, Now);
        Assert.Equal("NEWS2 at least 0, missing: systolic pressure (2 h old)", result.ToString());
        Assert.Equal((0, News2Risk.None), (result.Total, result.Risk));
    }

    [Fact]
    public void Missing_oxygen_status_is_not_air()
    {
        News2Result result = News2.Compute(Well with { Oxygen = null }, News2Ages.Monitored, Now);
        Assert.Equal("NEWS2 at least 0, missing: air or oxygen", result.ToString());
        result = News2.Compute(Well with { Oxygen = new(OxygenStatus.Unknown, Now), Consciousness = new(Consciousness.Unknown, Now) }, News2Ages.Monitored, Now);
        Assert.Equal("NEWS2 at least 0, missing: air or oxygen, consciousness", result.ToString());
    }

    [Theory]
    [InlineData(92, 0, "NEWS2 at least 0, missing: air or oxygen (SpO2 scale 2)")]
    [InlineData(85, 2, "NEWS2 at least 2, missing: air or oxygen (SpO2 scale 2)")]
    [InlineData(93, 0, "NEWS2 at least 0, missing: oxygen saturation, air or oxygen (SpO2 scale 2)")]
    [InlineData(99, 0, "NEWS2 at least 0, missing: oxygen saturation, air or oxygen (SpO2 scale 2)")]
    public void On_scale_2_a_high_saturation_has_no_points_while_it_is_not_known_what_the_patient_breathes(double percent, int total, string text)
    {
        News2Result result = News2.Compute(Well with { OxygenSaturation = new(percent, Now), Oxygen = null, IsScale2 = true }, News2Ages.Monitored, Now);
        Assert.Equal((total, text), (result.Total, result.ToString()));
        News2Result stale = News2.Compute(
            Well with { OxygenSaturation = new(percent, Now), Oxygen = new(OxygenStatus.Air, Now - News2Ages.Monitored.SupplementalOxygenMs - 1), IsScale2 = true }, News2Ages.Monitored, Now);
        Assert.Equal((total, result.Parts[1].Standing), (stale.Total, stale.Parts[1].Standing));
    }

    [Theory]
    [InlineData(AgeClass.Neonate)]
    [InlineData(AgeClass.Infant)]
    [InlineData(AgeClass.Toddler)]
    [InlineData(AgeClass.Preschool)]
    [InlineData(AgeClass.School)]
    [InlineData(AgeClass.Adolescent)]
    public void Under_16_years_there_is_no_score(AgeClass ageClass)
    {
        News2Result result = News2.Compute(Well with { AgeClass = ageClass, Pulse = new(180, Now) }, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.NotApplicableAge, false, 0, "NEWS2 not applicable: under 16 years"), (result.Status, result.IsApplicable, result.Total, result.ToString()));
        Assert.Empty(result.Parts);
    }

    [Fact]
    public void In_pregnancy_there_is_no_score()
    {
        News2Result result = News2.Compute(Well with { IsPregnant = true, Pulse = new(180, Now) }, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.NotApplicablePregnancy, false, "NEWS2 not applicable: pregnancy"), (result.Status, result.IsApplicable, result.ToString()));
    }

    [Fact]
    public void An_unknown_age_is_scored_as_an_adults_and_says_so()
    {
        News2Result result = News2.Compute(Well with { AgeClass = AgeClass.Unknown }, News2Ages.Monitored, Now);
        Assert.Equal((true, News2Status.Complete, "NEWS2 0 (adult assumed)"), (result.IsAgeAssumed, result.Status, result.ToString()));
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(1e9)]
    public void What_is_no_value_of_a_signal_is_refused(double value) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => News2.Compute(Well with { Pulse = new(value, Now) }, News2Ages.Monitored, Now));

    private static News2Inputs Without(News2Inputs inputs, News2Parameter parameter) => parameter switch
    {
        News2Parameter.RespiratoryRate => inputs with { RespiratoryRate = null },
        News2Parameter.OxygenSaturation => inputs with { OxygenSaturation = null },
        News2Parameter.SupplementalOxygen => inputs with { Oxygen = null },
        News2Parameter.SystolicPressure => inputs with { SystolicPressure = null },
        News2Parameter.Pulse => inputs with { Pulse = null },
        News2Parameter.Consciousness => inputs with { Consciousness = null },
        _ => inputs with { Temperature = null },
    };

    private static News2Inputs Aged(News2Inputs inputs, News2Parameter parameter, long age) => parameter switch
    {
        News2Parameter.RespiratoryRate => inputs with { RespiratoryRate = new(16, Now - age) },
        News2Parameter.OxygenSaturation => inputs with { OxygenSaturation = new(98, Now - age) },
        News2Parameter.SupplementalOxygen => inputs with { Oxygen = new(OxygenStatus.Air, Now - age) },
        News2Parameter.SystolicPressure => inputs with { SystolicPressure = new(125, Now - age) },
        News2Parameter.Pulse => inputs with { Pulse = new(70, Now - age) },
        News2Parameter.Consciousness => inputs with { Consciousness = new(Consciousness.Alert, Now - age) },
        _ => inputs with { Temperature = new(37, Now - age) },
    };
}
