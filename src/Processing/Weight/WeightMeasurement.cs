namespace PhysioActors.Processing.Weight;

/// <summary>One weighing.</summary>
/// <param name="TimeMs">When, milliseconds since 1970 UTC.</param>
/// <param name="Kilograms">The weight, kg.</param>
/// <param name="Source">Who weighed, and with what.</param>
public readonly record struct WeightMeasurement(long TimeMs, double Kilograms, WeightSource Source)
{
    /// <summary>The largest value that is judged at all, kg: ten times what a scale for people carries, so that a slipped decimal point is still named as such.</summary>
    public const double MaximumKilograms = 6500;

    /// <summary>Somebody has checked this value and stands for it: it is taken even where it would be rejected.</summary>
    public bool IsConfirmed { get; init; }

    /// <summary>The unit in which it was written down.</summary>
    public WeightUnit WrittenIn { get; init; }

    /// <summary>Checks the measurement.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The weight is not a number above 0 and up to <see cref="MaximumKilograms"/>, the time is outside the calendar, or source or unit are unknown.</exception>
    internal void Validate()
    {
        if (!(Kilograms > 0 && Kilograms <= MaximumKilograms))
            throw new ArgumentOutOfRangeException(nameof(Kilograms), Kilograms, $"A weight is above 0 and at most {MaximumKilograms} kg.");
        if (TimeMs is < 0 or > 253_402_300_799_999)
            throw new ArgumentOutOfRangeException(nameof(TimeMs), TimeMs, "The time of a weighing is in milliseconds since 1970 UTC, and before the year 10000.");
        if (Source is < WeightSource.CareTeam or > WeightSource.Manual)
            throw new ArgumentOutOfRangeException(nameof(Source), Source, "A weighing has one of the four sources.");
        if (WrittenIn is not (WeightUnit.Kilogram or WeightUnit.Pound))
            throw new ArgumentOutOfRangeException(nameof(WrittenIn), WrittenIn, "A weight is written in kilograms or pounds.");
    }
}
