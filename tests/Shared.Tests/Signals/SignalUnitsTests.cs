using System.Text;

using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Tests.Signals;

public sealed class SignalUnitsTests
{
    [Theory]
    [InlineData(SignalCode.CoreTemperature, "[degF]", 98.6, 37.0)]
    [InlineData(SignalCode.CoreTemperature, "°F", 212, 100.0)]
    [InlineData(SignalCode.SkinTemperature, "K", 306.15, 33.0)]
    [InlineData(SignalCode.ArterialMean, "kPa", 16, 120.0098521)]
    [InlineData(SignalCode.EtCO2, "kPa", 5.0, 37.5030788)]
    [InlineData(SignalCode.PulmonaryMean, "mbar", 40, 30.002463)]
    [InlineData(SignalCode.Weight, "[lb_av]", 154, 69.85322498)]
    [InlineData(SignalCode.Weight, "g", 3250, 3.25)]
    [InlineData(SignalCode.FiO2, "1", 0.21, 21)]
    [InlineData(SignalCode.SpO2, "1", 0.97, 97)]
    [InlineData(SignalCode.HeartRate, "bpm", 72, 72)]
    [InlineData(SignalCode.HeartRate, "", 72, 72)]
    public void A_value_is_converted_to_the_unit_of_its_code(SignalCode code, string unit, double value, double expected)
    {
        Assert.True(SignalUnits.TryConvert(code, Encoding.UTF8.GetBytes(unit), value, out double converted));
        Assert.Equal(expected, converted, 1e-6);
    }

    [Theory]
    [InlineData(SignalCode.HeartRate, "%")]
    [InlineData(SignalCode.HeartRate, "/MIN")]
    [InlineData(SignalCode.EtCO2, "%")]
    [InlineData(SignalCode.CoreTemperature, "mm[Hg]")]
    [InlineData(SignalCode.Weight, "st")]
    [InlineData(SignalCode.ArterialSystolic, "Pa")]
    [InlineData(SignalCode.RespiratoryRate, "bpm")]
    [InlineData(SignalCode.FiO2, "kg")]
    public void A_unit_of_another_quantity_is_refused(SignalCode code, string unit) =>
        Assert.False(SignalUnits.TryConvert(code, Encoding.UTF8.GetBytes(unit), 1, out _));

    [Fact]
    public void Every_unit_that_people_are_told_of_is_taken()
    {
        foreach (SignalCodeInfo info in SignalCodes.All)
        {
            string[] units = SignalUnits.Accepted(info.Code).Split(", ");
            Assert.Equal(info.Ucum, units[0]);
            Assert.All(units, unit => Assert.True(SignalUnits.TryConvert(info.Code, Encoding.UTF8.GetBytes(unit), 1, out _), unit));
        }
    }
}
