namespace PhysioActors.Processing.Weight;

/// <summary>How a weighing beyond the gate is folded. What is told of it, <see cref="WeightReason"/>, is finer and changes nothing.</summary>
internal enum DisagreementKind
{
    /// <summary>One unit was taken for the other: it never counts towards a shift.</summary>
    WrongUnit,

    /// <summary>The decimal point slipped by one: it never counts towards a shift.</summary>
    SlippedPoint,

    /// <summary>An error could explain it: the course stands as it is, unless more of the same follow.</summary>
    Explicable,

    /// <summary>Nothing explains it: the course is doubted.</summary>
    Open,
}

/// <summary>Judges why a weighing is far from what was expected of a person.</summary>
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
    /// From this share of the expected weight on the course is not doubted for one weighing. Of the recordings' true weighings a day or two apart, none changes by so much;
    /// it is also more than the 2 kg in days that heart failure guidance has patients report (McDonagh et al. 2021, Eur Heart J 42:3599, section on self-care).
    /// </summary>
    private const double ExplicableShare = 0.04;

    /// <summary>From this share of the expected weight on one weighing alone is told as another person's. Less than that can be fluid: it needs a sign of another person.</summary>
    private const double OtherPersonShare = 0.1;

    /// <summary>A small change whose digits, put right, lie so near is told as an exchange. By chance few are: of the hundred weights from 80.0 to 89.9 kg 12 become 81.4 kg within 0.6 kg, the usual deviation, and 30 within three times that.</summary>
    private const double ClearDigitDeviations = 1;

    /// <summary>Rejections that agree with each other are told as another person's only from this share on: a weight that has changed by less would look the same.</summary>
    private const double MostShiftShare = 0.2;

    /// <summary>A weighing within so many standard deviations of one that was far off before is of the same person as that one.</summary>
    private const double SameDeviations = 2;

    private const double LightestPerson = 2;
    private const double HeaviestPerson = 400;

    /// <summary>How a weighing that is beyond the gate is folded.</summary>
    /// <param name="measurement">The weighing.</param>
    /// <param name="expected">What was predicted for its time, kg.</param>
    /// <param name="deviation">The standard deviation of that prediction error, kg.</param>
    public static DisagreementKind KindOf(in WeightMeasurement measurement, double expected, double deviation)
    {
        double kilograms = measurement.Kilograms;
        if (WrongUnit(kilograms, expected, RatioTolerance) != WeightReason.None)
            return DisagreementKind.WrongUnit;
        if (IsSlippedPoint(kilograms, expected))
            return DisagreementKind.SlippedPoint;
        bool isExplicable = DistanceExchanged(measurement, expected) <= DigitDeviations * deviation || (Math.Abs(kilograms - expected) > ExplicableShare * expected && IsOfPerson(kilograms));
        return isExplicable ? DisagreementKind.Explicable : DisagreementKind.Open;
    }

    /// <summary>The reason that is told for a weighing that is beyond the gate, as far as it and the rejections just before it show.</summary>
    /// <param name="measurement">The weighing.</param>
    /// <param name="expected">What was predicted for its time, kg.</param>
    /// <param name="deviation">The standard deviation of that prediction error, kg.</param>
    /// <param name="agrees">Whether it agrees with one that was rejected just before: digits are rarely exchanged twice to the same effect.</param>
    public static WeightReason ReasonOf(in WeightMeasurement measurement, double expected, double deviation, bool agrees)
    {
        double kilograms = measurement.Kilograms;
        WeightReason unit = WrongUnit(kilograms, expected, RatioTolerance);
        if (unit != WeightReason.None)
            return unit;
        if (IsSlippedPoint(kilograms, expected))
            return WeightReason.DigitSwap;
        double digits = DistanceExchanged(measurement, expected) / deviation;
        double share = Math.Abs(kilograms - expected) / expected;
        if (agrees && share <= MostShiftShare)
            return WeightReason.Implausible;
        if (share > OtherPersonShare)
        {
            return digits <= DigitDeviations ? WeightReason.DigitSwap
                : IsOfPerson(kilograms) ? WeightReason.OtherPerson
                : WeightReason.Implausible;
        }

        return digits <= ClearDigitDeviations ? WeightReason.DigitSwap
            : digits <= DigitDeviations ? WeightReason.DigitSwapOrShift
            : share > ExplicableShare && IsOfPerson(kilograms) ? WeightReason.OtherPersonOrShift
            : WeightReason.Implausible;
    }

    /// <summary>Whether a rejected weighing is like an earlier one that stood as far off between its neighbours: the person's own weight was back after it, so somebody else uses the scale.</summary>
    /// <param name="kilograms">The weighing.</param>
    /// <param name="before">Weighings before it, in the order of their times.</param>
    /// <param name="judgement">What it was held against.</param>
    /// <param name="gate">How many standard deviations are far off.</param>
    public static bool IsSecondPerson(double kilograms, ReadOnlySpan<WeightMeasurement> before, in WeightJudgement judgement, double gate)
    {
        double far = gate * judgement.PredictionDeviation;
        for (int i = before.Length - 2; i >= 0; i--)
        {
            double other = before[i].Kilograms;
            bool isAlone = Math.Abs(before[i + 1].Kilograms - other) > far && (i == 0 || Math.Abs(before[i - 1].Kilograms - other) > far);
            if (isAlone && !before[i].IsConfirmed && Math.Abs(other - kilograms) <= SameDeviations * judgement.PredictionDeviation)
                return true;
        }

        return false;
    }

    /// <summary>Whether one unit was taken for the other, judged by the level of half a year ago or less: nobody's weight doubles or halves in that time, so the ratio may be further off.</summary>
    public static WeightReason WrongUnitAfterGap(double kilograms, double level) => WrongUnit(kilograms, level, GapRatioTolerance);

    private static WeightReason WrongUnit(double kilograms, double expected, double tolerance) =>
        IsRatio(kilograms, expected * PoundsPerKilogram, tolerance) ? WeightReason.PoundsAsKilograms
        : IsRatio(kilograms * PoundsPerKilogram, expected, tolerance) ? WeightReason.KilogramsAsPounds
        : WeightReason.None;

    private static bool IsRatio(double value, double expected, double tolerance) => Math.Abs(value - expected) <= tolerance * expected;

    private static bool IsSlippedPoint(double kilograms, double expected) => IsRatio(kilograms, expected * 10, RatioTolerance) || IsRatio(kilograms * 10, expected, RatioTolerance);

    private static bool IsOfPerson(double kilograms) => kilograms is >= LightestPerson and <= HeaviestPerson;

    /// <summary>
    /// How near to what was expected the weight comes when two neighbouring digits, from hundreds to tenths as it was written, are exchanged, kg. Hundredths are left out:
    /// exchanging one of those moves a weight by less than it scatters.
    /// </summary>
    private static double DistanceExchanged(in WeightMeasurement measurement, double expected)
    {
        double nearest = double.PositiveInfinity;
        double factor = measurement.WrittenIn == WeightUnit.Pound ? PoundsPerKilogram : 1;
        long hundredths = (long)((measurement.Kilograms * factor * 100) + 0.5);
        for (long place = 10; place * 10 <= hundredths; place *= 10)
        {
            long low = hundredths / place % 10;
            long high = hundredths / (place * 10) % 10;
            if (low == high)
                continue;
            double exchanged = (hundredths + ((low - high) * 9 * place)) / (100 * factor);
            nearest = Math.Min(nearest, Math.Abs(exchanged - expected));
        }

        return nearest;
    }
}
