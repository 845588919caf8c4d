using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>A patient who gets worse, or better, from one measurement to the next.</summary>
public sealed class SuddenChangeTests
{
    private static readonly (SignalCode, double)[] s_well =
        [(SignalCode.HeartRate, 72), (SignalCode.SpO2, 97), (SignalCode.RespiratoryRate, 14), (SignalCode.CuffSystolic, 124), (SignalCode.CuffDiastolic, 74), (SignalCode.CoreTemperature, 36.9)];

    private static readonly (SignalCode, double)[] s_ill =
        [(SignalCode.HeartRate, 135), (SignalCode.SpO2, 86), (SignalCode.RespiratoryRate, 32), (SignalCode.CuffSystolic, 82), (SignalCode.CuffDiastolic, 45), (SignalCode.CoreTemperature, 39.6)];

    [Theory]
    [InlineData(15)]
    [InlineData(60)]
    [InlineData(300)]
    [InlineData(900)]
    [InlineData(14_400)]
    public void What_is_measured_now_and_then_counts_at_once(int seconds)
    {
        var bed = new Bedside();
        for (int set = 0; set < 6; set++)
            bed.Send(set * seconds * 1000L, s_well);
        bed.Send(6 * seconds * 1000L, s_ill);
        ConditionId[] expected =
            [ConditionId.HeartRateHigh, ConditionId.SpO2Low, ConditionId.RespiratoryRateHigh, ConditionId.CuffSystolicLow, ConditionId.CuffDiastolicLow, ConditionId.CoreTemperatureHigh];
        Assert.All(expected, condition => Assert.NotNull(bed.State.Alarms.Find(condition)));
        Assert.Equal(3 + 3 + 3 + 3 + 2, ClinicalScores.EarlyWarning(bed.State).Total);

        bed.Send(7 * seconds * 1000L, s_well);
        Assert.Equal(0, ClinicalScores.EarlyWarning(bed.State).Total);
    }

    [Fact]
    public void One_artefact_of_a_stream_raises_nothing()
    {
        var bed = new Bedside();
        for (int second = 0; second < 60; second++)
            bed.Send(second * 1000L, second == 40 ? s_ill : s_well);
        Assert.DoesNotContain(bed.State.Alarms.Conditions, alarm => AlarmConditions.Get(alarm.Condition).Kind == ConditionKind.Limit && alarm.IsOpen);
        Assert.Equal(0, ClinicalScores.EarlyWarning(bed.State).Total);
    }
}
