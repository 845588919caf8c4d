using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Tests.Scoring.EarlyWarning;

/// <summary>
/// Every boundary of every parameter. The expected points were typed from the chart of the Royal College of Physicians (NEWS2, 2017, chart 1), value by value on both sides of each boundary,
/// and compared with a published copy of the chart, with the rule set of a public rules engine for both scales of SpO2 (which also rounds half a step upwards: its boundaries lie at 91.5 and 83.5),
/// and with public calculators.
/// </summary>
public sealed class News2ChartTests
{
    private const long Now = 1_795_262_400_000;

    public static TheoryData<News2Parameter, double, int> Boundaries => new()
    {
        { News2Parameter.RespiratoryRate, 0, 3 },
        { News2Parameter.RespiratoryRate, 8, 3 },
        { News2Parameter.RespiratoryRate, 8.4, 3 },
        { News2Parameter.RespiratoryRate, 8.5, 1 },
        { News2Parameter.RespiratoryRate, 9, 1 },
        { News2Parameter.RespiratoryRate, 11, 1 },
        { News2Parameter.RespiratoryRate, 11.4, 1 },
        { News2Parameter.RespiratoryRate, 11.5, 0 },
        { News2Parameter.RespiratoryRate, 12, 0 },
        { News2Parameter.RespiratoryRate, 20, 0 },
        { News2Parameter.RespiratoryRate, 20.4, 0 },
        { News2Parameter.RespiratoryRate, 20.5, 2 },
        { News2Parameter.RespiratoryRate, 21, 2 },
        { News2Parameter.RespiratoryRate, 24, 2 },
        { News2Parameter.RespiratoryRate, 24.4, 2 },
        { News2Parameter.RespiratoryRate, 24.5, 3 },
        { News2Parameter.RespiratoryRate, 25, 3 },
        { News2Parameter.RespiratoryRate, 200, 3 },
        { News2Parameter.SystolicPressure, -50, 3 },
        { News2Parameter.SystolicPressure, 90, 3 },
        { News2Parameter.SystolicPressure, 90.4, 3 },
        { News2Parameter.SystolicPressure, 90.5, 2 },
        { News2Parameter.SystolicPressure, 91, 2 },
        { News2Parameter.SystolicPressure, 100, 2 },
        { News2Parameter.SystolicPressure, 100.4, 2 },
        { News2Parameter.SystolicPressure, 100.5, 1 },
        { News2Parameter.SystolicPressure, 101, 1 },
        { News2Parameter.SystolicPressure, 110, 1 },
        { News2Parameter.SystolicPressure, 110.4, 1 },
        { News2Parameter.SystolicPressure, 110.5, 0 },
        { News2Parameter.SystolicPressure, 111, 0 },
        { News2Parameter.SystolicPressure, 219, 0 },
        { News2Parameter.SystolicPressure, 219.4, 0 },
        { News2Parameter.SystolicPressure, 219.5, 3 },
        { News2Parameter.SystolicPressure, 220, 3 },
        { News2Parameter.SystolicPressure, 400, 3 },
        { News2Parameter.Pulse, 0, 3 },
        { News2Parameter.Pulse, 40, 3 },
        { News2Parameter.Pulse, 40.4, 3 },
        { News2Parameter.Pulse, 40.5, 1 },
        { News2Parameter.Pulse, 41, 1 },
        { News2Parameter.Pulse, 50, 1 },
        { News2Parameter.Pulse, 50.4, 1 },
        { News2Parameter.Pulse, 50.5, 0 },
        { News2Parameter.Pulse, 51, 0 },
        { News2Parameter.Pulse, 90, 0 },
        { News2Parameter.Pulse, 90.4, 0 },
        { News2Parameter.Pulse, 90.5, 1 },
        { News2Parameter.Pulse, 91, 1 },
        { News2Parameter.Pulse, 110, 1 },
        { News2Parameter.Pulse, 110.4, 1 },
        { News2Parameter.Pulse, 110.5, 2 },
        { News2Parameter.Pulse, 111, 2 },
        { News2Parameter.Pulse, 130, 2 },
        { News2Parameter.Pulse, 130.4, 2 },
        { News2Parameter.Pulse, 130.5, 3 },
        { News2Parameter.Pulse, 131, 3 },
        { News2Parameter.Pulse, 350, 3 },
        { News2Parameter.Temperature, 5, 3 },
        { News2Parameter.Temperature, 35.0, 3 },
        { News2Parameter.Temperature, 35.04, 3 },
        { News2Parameter.Temperature, 35.05, 1 },
        { News2Parameter.Temperature, 35.1, 1 },
        { News2Parameter.Temperature, 36.0, 1 },
        { News2Parameter.Temperature, 36.04, 1 },
        { News2Parameter.Temperature, 36.05, 0 },
        { News2Parameter.Temperature, 36.1, 0 },
        { News2Parameter.Temperature, 38.0, 0 },
        { News2Parameter.Temperature, 38.04, 0 },
        { News2Parameter.Temperature, 38.05, 1 },
        { News2Parameter.Temperature, 38.1, 1 },
        { News2Parameter.Temperature, 39.0, 1 },
        { News2Parameter.Temperature, 39.04, 1 },
        { News2Parameter.Temperature, 39.05, 2 },
        { News2Parameter.Temperature, 39.1, 2 },
        { News2Parameter.Temperature, 50, 2 },
    };

    public static TheoryData<double, OxygenStatus, int, int> Saturations => new()
    {
        // percent, air or oxygen, points on scale 1, points on scale 2
        { 0, OxygenStatus.Air, 3, 3 },
        { 83, OxygenStatus.Air, 3, 3 },
        { 83.4, OxygenStatus.Oxygen, 3, 3 },
        { 83.5, OxygenStatus.Air, 3, 2 },
        { 84, OxygenStatus.Air, 3, 2 },
        { 85, OxygenStatus.Oxygen, 3, 2 },
        { 85.4, OxygenStatus.Air, 3, 2 },
        { 85.5, OxygenStatus.Air, 3, 1 },
        { 86, OxygenStatus.Oxygen, 3, 1 },
        { 87, OxygenStatus.Air, 3, 1 },
        { 87.4, OxygenStatus.Air, 3, 1 },
        { 87.5, OxygenStatus.Air, 3, 0 },
        { 88, OxygenStatus.Air, 3, 0 },
        { 88, OxygenStatus.Oxygen, 3, 0 },
        { 91, OxygenStatus.Air, 3, 0 },
        { 91.4, OxygenStatus.Oxygen, 3, 0 },
        { 91.5, OxygenStatus.Oxygen, 2, 0 },
        { 92, OxygenStatus.Air, 2, 0 },
        { 92, OxygenStatus.Oxygen, 2, 0 },
        { 92.4, OxygenStatus.Oxygen, 2, 0 },
        { 92.5, OxygenStatus.Oxygen, 2, 1 },
        { 93, OxygenStatus.Air, 2, 0 },
        { 93, OxygenStatus.Oxygen, 2, 1 },
        { 93.4, OxygenStatus.Air, 2, 0 },
        { 93.5, OxygenStatus.Air, 1, 0 },
        { 94, OxygenStatus.Air, 1, 0 },
        { 94, OxygenStatus.Oxygen, 1, 1 },
        { 94.4, OxygenStatus.Oxygen, 1, 1 },
        { 94.5, OxygenStatus.Oxygen, 1, 2 },
        { 95, OxygenStatus.Air, 1, 0 },
        { 95, OxygenStatus.Oxygen, 1, 2 },
        { 95.4, OxygenStatus.Oxygen, 1, 2 },
        { 95.5, OxygenStatus.Oxygen, 0, 2 },
        { 96, OxygenStatus.Air, 0, 0 },
        { 96, OxygenStatus.Oxygen, 0, 2 },
        { 96.4, OxygenStatus.Oxygen, 0, 2 },
        { 96.5, OxygenStatus.Oxygen, 0, 3 },
        { 97, OxygenStatus.Air, 0, 0 },
        { 97, OxygenStatus.Oxygen, 0, 3 },
        { 100, OxygenStatus.Air, 0, 0 },
        { 100, OxygenStatus.Oxygen, 0, 3 },
    };

    [Theory]
    [MemberData(nameof(Boundaries))]
    public void A_value_has_the_points_of_the_chart(News2Parameter parameter, double value, int points)
    {
        News2Inputs inputs = parameter switch
        {
            News2Parameter.RespiratoryRate => Well with { RespiratoryRate = new(value, Now) },
            News2Parameter.SystolicPressure => Well with { SystolicPressure = new(value, Now) },
            News2Parameter.Pulse => Well with { Pulse = new(value, Now) },
            _ => Well with { Temperature = new(value, Now) },
        };
        News2Result result = News2.Compute(inputs, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.Complete, points, points), (result.Status, result.Total, result.Parts[(int)parameter].Points));
    }

    [Theory]
    [MemberData(nameof(Saturations))]
    public void A_saturation_has_the_points_of_the_chart_on_both_scales(double percent, OxygenStatus oxygen, int scale1, int scale2)
    {
        int supplemental = oxygen == OxygenStatus.Oxygen ? 2 : 0;
        News2Inputs inputs = Well with { OxygenSaturation = new(percent, Now), Oxygen = new(oxygen, Now) };
        News2Result first = News2.Compute(inputs, News2Ages.Monitored, Now);
        News2Result second = News2.Compute(inputs with { IsScale2 = true }, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.Complete, scale1, scale1 + supplemental), (first.Status, first.Parts[1].Points, first.Total));
        Assert.Equal((News2Status.Complete, scale2, scale2 + supplemental), (second.Status, second.Parts[1].Points, second.Total));
        Assert.Equal((false, true), (first.IsScale2, second.IsScale2));
    }

    [Theory]
    [InlineData(Consciousness.Alert, 0)]
    [InlineData(Consciousness.Confusion, 3)]
    [InlineData(Consciousness.Voice, 3)]
    [InlineData(Consciousness.Pain, 3)]
    [InlineData(Consciousness.Unresponsive, 3)]
    public void A_level_of_consciousness_has_the_points_of_the_chart(Consciousness level, int points) =>
        Assert.Equal(points, News2.Compute(Well with { Consciousness = new(level, Now) }, News2Ages.Monitored, Now).Total);

    [Theory]
    [InlineData(OxygenStatus.Air, 0)]
    [InlineData(OxygenStatus.Oxygen, 2)]
    public void Supplemental_oxygen_has_the_points_of_the_chart(OxygenStatus oxygen, int points) =>
        Assert.Equal(points, News2.Compute(Well with { Oxygen = new(oxygen, Now) }, News2Ages.Monitored, Now).Total);

    /// <summary>
    /// Examples that others published: a public hospital system's tests (new confusion alone; a patient with COPD at 89 % on both scales), and the Emergency Department FHIR guide of Synanetics
    /// (observation CarolTest-NEWS2), which gives 37.5 degrees one point in its total of 6, where the chart gives none.
    /// </summary>
    [Theory]
    [InlineData(16, 98, 120, 70, Consciousness.Confusion, 36.8, 1, 3)]
    [InlineData(18, 89, 130, 80, Consciousness.Alert, 36.5, 1, 3)]
    [InlineData(18, 89, 130, 80, Consciousness.Alert, 36.5, 2, 0)]
    [InlineData(21, 93, 120, 95, Consciousness.Alert, 37.5, 1, 5)]
    public void Published_examples_have_their_totals(double rate, double saturation, double systolic, double pulse, Consciousness level, double temperature, int scale, int total)
    {
        var inputs = new News2Inputs
        {
            RespiratoryRate = new(rate, Now),
            OxygenSaturation = new(saturation, Now),
            Oxygen = new(OxygenStatus.Air, Now),
            SystolicPressure = new(systolic, Now),
            Pulse = new(pulse, Now),
            Consciousness = new(level, Now),
            Temperature = new(temperature, Now),
            IsScale2 = scale == 2,
        };
        News2Result result = News2.Compute(inputs, News2Ages.Monitored, Now);
        Assert.Equal((News2Status.Complete, total), (result.Status, result.Total));
    }

    /// <summary>Someone who is well: no points.</summary>
    internal static News2Inputs Well { get; } = new()
    {
        RespiratoryRate = new(16, Now),
        OxygenSaturation = new(98, Now),
        Oxygen = new(OxygenStatus.Air, Now),
        SystolicPressure = new(125, Now),
        Pulse = new(70, Now),
        Consciousness = new(Consciousness.Alert, Now),
        Temperature = new(37, Now),
        AgeClass = AgeClass.Adult,
    };
}
