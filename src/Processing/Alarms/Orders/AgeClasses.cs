using PhysioActors.Shared.Commands;

namespace PhysioActors.Processing.Alarms.Orders;

/// <summary>The age class of a day of birth.</summary>
public static class AgeClasses
{
    private const int NeonateDays = 28;
    private const long DayMs = 86_400_000;

    /// <summary>The age class at a time, by days of UTC. Who is born later than that counts as a neonate.</summary>
    /// <param name="birth">The day of birth.</param>
    /// <param name="timeMs">Milliseconds since 1970 UTC; not negative.</param>
    public static AgeClass At(DateOnly birth, long timeMs)
    {
        DateOnly day = DateOnly.FromDayNumber(DateOnly.FromDateTime(DateTime.UnixEpoch).DayNumber + (int)Math.Clamp(timeMs / DayMs, 0, 2_900_000));
        if (day.DayNumber - birth.DayNumber < NeonateDays)
            return AgeClass.Neonate;
        // Completed years: the birthday counts as the first day of the new one; who is born on 29 February has it on 1 March in other years.
        int years = day.Year - birth.Year - ((day.Month, day.Day).CompareTo((birth.Month, birth.Day)) < 0 ? 1 : 0);
        return years switch
        {
            < 1 => AgeClass.Infant,
            < 3 => AgeClass.Toddler,
            < 6 => AgeClass.Preschool,
            < 12 => AgeClass.School,
            < 16 => AgeClass.Adolescent,
            _ => AgeClass.Adult,
        };
    }
}
