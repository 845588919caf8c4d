namespace PhysioActors.Processing.Weight;

/// <summary>
/// The constants of the weight model. One set serves everybody; what differs between people (size, liveliness, scatter) is learnt on line from the weighings themselves.
/// </summary>
/// <remarks>
/// <para>
/// Noise is stated for a person of <see cref="ReferenceKilograms"/> and grows in proportion to the weight: daily fluctuation is a share of body mass
/// (Cheuvront et al. 2004, Int J Sport Nutr Exerc Metab 14:532, state about 0.5 kg or 0.7 %), and a newborn does not scatter by half a kilogram.
/// </para>
/// <para>
/// The patient's own scale: 0.3 kg, the part of the day's fluctuation that does not last and the scale together, chosen on the recordings that docs/clinical/weight.md names.
/// The care team weighs at the same hour in light clothes, which leaves less of the day's course: 0.24 kg. In a clinic people are clothed: the weight of one person's
/// clothes varies by 0.3 kg (Whigham et al. 2013, Int J Obes 37:160), added as a variance: 0.42 kg. What is typed in is often rounded to a whole kilogram, which adds a variance of 1/12 kg²: 0.42 kg.
/// </para>
/// </remarks>
public sealed record WeightConfiguration
{
    /// <summary>The constants that are in use.</summary>
    public static WeightConfiguration Standard { get; } = new();

    /// <summary>How far the level walks by itself: variance in kg² a day.</summary>
    public double LevelVariancePerDay { get; init; } = 0.23;

    /// <summary>How far the trend walks: variance in (kg/day)² a day.</summary>
    public double TrendVariancePerDay { get; init; } = 2e-5;

    /// <summary>Standard deviation of a weighing by the care team, kg.</summary>
    public double CareTeamDeviation { get; init; } = 0.24;

    /// <summary>Standard deviation of a weighing on a clinic's scale, kg.</summary>
    public double ClinicScaleDeviation { get; init; } = 0.42;

    /// <summary>Standard deviation of a weighing on the patient's own scale, kg.</summary>
    public double PatientScaleDeviation { get; init; } = 0.3;

    /// <summary>Standard deviation of a weight that was typed in, kg.</summary>
    public double ManualDeviation { get; init; } = 0.42;

    /// <summary>The weight for which all noise is stated, kg. 0: noise is the same for everybody.</summary>
    public double ReferenceKilograms { get; init; } = 80;

    /// <summary>The least standard deviation of a baseline, kg: three equal weighings do not make it certain.</summary>
    public double BaselineFloor { get; init; } = 0.3;

    /// <summary>Standard deviation of the trend before anything is known of it, kg a day. 0.03 is 0.2 kg a week.</summary>
    public double InitialTrendDeviation { get; init; } = 0.03;

    /// <summary>So many weighings that agree begin a course: 3 to 8.</summary>
    public int InitialMeasurements { get; init; } = 3;

    /// <summary>Weighings beyond so many standard deviations of the prediction are rejected. Infinity accepts all.</summary>
    public double Gate { get; init; } = 3;

    /// <summary>Whether it is learnt from the weighings how much of their change is the weight's own movement and how much is scatter about it.</summary>
    public bool LearnsPace { get; init; } = true;

    /// <summary>How fast the size of all noise is learnt from the size of the prediction errors, 0 to 0.5; 0: not at all.</summary>
    public double ScaleRate { get; init; } = 0.03;

    /// <summary>A course without an accepted weighing for longer than this begins afresh, days.</summary>
    public double GapDays { get; init; } = 30;

    /// <summary>The model alone: no gate, nothing learnt, noise the same for everybody. For comparison with other implementations.</summary>
    public static WeightConfiguration Linear { get; } = new() { ReferenceKilograms = 0, Gate = double.PositiveInfinity, LearnsPace = false, ScaleRate = 0 };

    /// <summary>True when the model is linear: the noise of a weighing depends on its source alone.</summary>
    internal bool IsLinear => !LearnsPace && ScaleRate == 0;

    /// <summary>The variance of a weighing, kg², for a person of the reference weight.</summary>
    internal double MeasurementVariance(WeightSource source)
    {
        double deviation = source switch
        {
            WeightSource.CareTeam => CareTeamDeviation,
            WeightSource.ClinicScale => ClinicScaleDeviation,
            WeightSource.PatientScale => PatientScaleDeviation,
            _ => ManualDeviation,
        };
        return deviation * deviation;
    }

    /// <summary>Checks the constants.</summary>
    /// <exception cref="ArgumentException">One is out of its range; the message names it and the range.</exception>
    public void Validate()
    {
        Range(LevelVariancePerDay, 0, 1000, nameof(LevelVariancePerDay));
        Range(TrendVariancePerDay, 0, 1000, nameof(TrendVariancePerDay));
        Range(CareTeamDeviation, 0.001, 100, nameof(CareTeamDeviation));
        Range(ClinicScaleDeviation, 0.001, 100, nameof(ClinicScaleDeviation));
        Range(PatientScaleDeviation, 0.001, 100, nameof(PatientScaleDeviation));
        Range(ManualDeviation, 0.001, 100, nameof(ManualDeviation));
        Range(ReferenceKilograms, 0, 1000, nameof(ReferenceKilograms));
        Range(BaselineFloor, 0.001, 100, nameof(BaselineFloor));
        Range(InitialTrendDeviation, 0, 10, nameof(InitialTrendDeviation));
        Range(InitialMeasurements, 3, WeightCourse.MaximumHeld, nameof(InitialMeasurements));
        Range(Gate, 2, double.PositiveInfinity, nameof(Gate));
        Range(ScaleRate, 0, 0.5, nameof(ScaleRate));
        Range(GapDays, 1, 3650, nameof(GapDays));
    }

    private static void Range(double value, double least, double most, string name)
    {
        if (!(value >= least && value <= most))
            throw new ArgumentException(FormattableString.Invariant($"{name} is {value}; it must be from {least} to {most}."), name);
    }
}
