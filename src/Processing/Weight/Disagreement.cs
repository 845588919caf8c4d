namespace PhysioActors.Processing.Weight;

/// <summary>Names the most likely reason why a weighing is far from what was expected of a person.</summary>
internal static class Disagreement
{
    /// <summary>Pounds in a kilogram: 1 lb = 0.45359237 kg by definition (1959).</summary>
    public const double PoundsPerKilogram = 1 / 0.45359237;

    /// <summary>How far a ratio may be off and still count as a wrong unit or a slipped point.</summary>
    private const double RatioTolerance = 0.03;

    private const double GapRatioTolerance = 0.15;

    /// <summary>With the digits put right, the weighing must lie within so many standard deviations of what was expected: as far as the gate would let it through.</summary>
    private const double DigitDeviations = 3;

    /// <summary>
    /// From this share of the expected weight on it is somebody else rather than a change of this person. Of the recordings' true weighings a day or two apart, none changes by so much;
    /// it is also more than the 2 kg in days that heart failure guidance has patients report (McDonagh et al. 2021, Eur Heart J 42:3599, section on self-care).
    /// </summary>
    private const double OtherPersonShare = 0.04;

    private const double LightestPerson = 2;
    private const double HeaviestPerson = 400;

    /// <summary>The reason for a weighing that is beyond the gate.</summary>
    /// <param name="measurement">The weighing.</param>
    /// <param name="expected">What was predicted for its time, kg.</param>
    /// <param name="deviation">The standard deviation of that prediction error, kg.</param>
    public static WeightReason Of(in WeightMeasurement measurement, double expected, double deviation)
    {
        double kilograms = measurement.Kilograms;
        WeightReason unit = WrongUnit(kilograms, expected, RatioTolerance);
        if (unit != WeightReason.None)
            return unit;
        if (IsSlippedPoint(kilograms, expected) || IsDigitSwap(measurement, expected, DigitDeviations * deviation))
            return WeightReason.DigitSwap;
        double difference = Math.Abs(kilograms - expected);
        return difference > OtherPersonShare * expected && kilograms is >= LightestPerson and <= HeaviestPerson ? WeightReason.OtherPerson : WeightReason.Implausible;
    }

    /// <summary>Whether one unit was taken for the other, judged by the level of half a year ago or less: nobody's weight doubles or halves in that time, so the ratio may be further off.</summary>
    public static WeightReason WrongUnitAfterGap(double kilograms, double level) => WrongUnit(kilograms, level, GapRatioTolerance);

    private static WeightReason WrongUnit(double kilograms, double expected, double tolerance) =>
        IsRatio(kilograms, expected * PoundsPerKilogram, tolerance) ? WeightReason.PoundsAsKilograms
        : IsRatio(kilograms * PoundsPerKilogram, expected, tolerance) ? WeightReason.KilogramsAsPounds
        : WeightReason.None;

    /// <summary>Whether a rejection for this reason may count towards a true shift: a wrong unit or a slipped point may not, however often it comes.</summary>
    public static bool CanBeShift(in WeightMeasurement measurement, WeightReason reason, double expected) =>
        reason is WeightReason.OtherPerson or WeightReason.Implausible
        || (reason == WeightReason.DigitSwap && !IsSlippedPoint(measurement.Kilograms, expected));

    private static bool IsRatio(double value, double expected, double tolerance) => Math.Abs(value - expected) <= tolerance * expected;

    private static bool IsSlippedPoint(double kilograms, double expected) => IsRatio(kilograms, expected * 10, RatioTolerance) || IsRatio(kilograms * 10, expected, RatioTolerance);

    /// <summary>
    /// Whether exchanging two neighbouring digits, from hundreds to tenths, of the weight as it was written leads to what was expected. Hundredths are left out:
    /// exchanging one of those moves a weight by less than it scatters.
    /// </summary>
    private static bool IsDigitSwap(in WeightMeasurement measurement, double expected, double tolerance)
    {
        double factor = measurement.WrittenIn == WeightUnit.Pound ? PoundsPerKilogram : 1;
        long hundredths = (long)((measurement.Kilograms * factor * 100) + 0.5);
        for (long place = 10; place * 10 <= hundredths; place *= 10)
        {
            long low = hundredths / place % 10;
            long high = hundredths / (place * 10) % 10;
            if (low == high)
                continue;
            double exchanged = (hundredths + ((low - high) * 9 * place)) / (100 * factor);
            if (Math.Abs(exchanged - expected) <= tolerance)
                return true;
        }

        return false;
    }
}
