namespace PhysioActors.Shared.Signals;

/// <summary>
/// The units in which a value may be sent, and the way from each to the code's own. Unit names are UCUM's, with the spellings that devices use beside them.
/// </summary>
/// <remarks>
/// Factors: 1 [degF] = 5/9 K and 1 [lb_av] = 0.45359237 kg by definition (international yard and pound, 1959); 1 mm[Hg] = 133.322387415 Pa (ISO 80000-4, annex).
/// </remarks>
public static class SignalUnits
{
    private const double KilopascalPerMillimetreOfMercury = 0.133322387415;
    private const double KilogramPerPound = 0.45359237;

    /// <summary>Converts a value to the unit of its code. The empty unit is the code's own.</summary>
    /// <param name="code">The code.</param>
    /// <param name="unit">The unit in UTF-8.</param>
    /// <param name="value">The value in <paramref name="unit"/>.</param>
    /// <param name="converted">The value in the code's unit.</param>
    /// <returns>False when the code has no such unit.</returns>
    public static bool TryConvert(SignalCode code, ReadOnlySpan<byte> unit, double value, out double converted)
    {
        converted = value;
        if (unit.IsEmpty)
            return true;
        switch (code)
        {
            case SignalCode.HeartRate or SignalCode.PulseRate:
                return IsPerMinute(unit) || unit.SequenceEqual("bpm"u8) || unit.SequenceEqual("beats/min"u8) || unit.SequenceEqual("{beats}/min"u8) || unit.SequenceEqual("{beat}/min"u8);
            case SignalCode.RespiratoryRate:
                return IsPerMinute(unit) || unit.SequenceEqual("breaths/min"u8) || unit.SequenceEqual("{breaths}/min"u8) || unit.SequenceEqual("{breath}/min"u8) || unit.SequenceEqual("brpm"u8);
            case SignalCode.SpO2 or SignalCode.FiO2:
                return TryConvertShare(unit, value, out converted);
            case SignalCode.CoreTemperature or SignalCode.SkinTemperature:
                return TryConvertTemperature(unit, value, out converted);
            case SignalCode.Weight:
                return TryConvertMass(unit, value, out converted);
            default:
                return TryConvertPressure(unit, value, out converted);
        }
    }

    /// <summary>The units that <see cref="TryConvert"/> takes for a code, for messages to people: the code's own first.</summary>
    public static string Accepted(SignalCode code) => code switch
    {
        SignalCode.HeartRate or SignalCode.PulseRate => "/min, 1/min, {beats}/min, {beat}/min, beats/min, bpm",
        SignalCode.RespiratoryRate => "/min, 1/min, {breaths}/min, {breath}/min, breaths/min, brpm",
        SignalCode.SpO2 or SignalCode.FiO2 => "%, 1",
        SignalCode.CoreTemperature or SignalCode.SkinTemperature => "Cel, degC, °C, [degF], degF, °F, K",
        SignalCode.Weight => "kg, g, [lb_av], lb, lbs",
        _ => "mm[Hg], mmHg, kPa, mbar, hPa",
    };

    private static bool IsPerMinute(ReadOnlySpan<byte> unit) => unit.SequenceEqual("/min"u8) || unit.SequenceEqual("1/min"u8);

    private static bool TryConvertShare(ReadOnlySpan<byte> unit, double value, out double converted)
    {
        bool isFraction = unit.SequenceEqual("1"u8);
        converted = isFraction ? value * 100 : value;
        return isFraction || unit.SequenceEqual("%"u8);
    }

    private static bool TryConvertTemperature(ReadOnlySpan<byte> unit, double value, out double converted)
    {
        converted = value;
        if (unit.SequenceEqual("Cel"u8) || unit.SequenceEqual("degC"u8) || unit.SequenceEqual("°C"u8))
            return true;
        if (unit.SequenceEqual("[degF]"u8) || unit.SequenceEqual("degF"u8) || unit.SequenceEqual("°F"u8))
        {
            converted = (value - 32) * 5 / 9;
            return true;
        }

        converted = value - 273.15;
        return unit.SequenceEqual("K"u8);
    }

    private static bool TryConvertMass(ReadOnlySpan<byte> unit, double value, out double converted)
    {
        converted = value;
        if (unit.SequenceEqual("kg"u8))
            return true;
        if (unit.SequenceEqual("[lb_av]"u8) || unit.SequenceEqual("lb"u8) || unit.SequenceEqual("lbs"u8))
        {
            converted = value * KilogramPerPound;
            return true;
        }

        converted = value / 1000;
        return unit.SequenceEqual("g"u8);
    }

    private static bool TryConvertPressure(ReadOnlySpan<byte> unit, double value, out double converted)
    {
        converted = value;
        if (unit.SequenceEqual("mm[Hg]"u8) || unit.SequenceEqual("mmHg"u8))
            return true;
        if (unit.SequenceEqual("kPa"u8))
        {
            converted = value / KilopascalPerMillimetreOfMercury;
            return true;
        }

        converted = value / 10 / KilopascalPerMillimetreOfMercury;
        return unit.SequenceEqual("mbar"u8) || unit.SequenceEqual("hPa"u8);
    }
}
