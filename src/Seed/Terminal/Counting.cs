using System.Globalization;

namespace PhysioActors.Seed.Terminal;

/// <summary>Says how many of something there are.</summary>
internal static class Counting
{
    /// <summary><c>1 patient</c>, <c>2,500 patients</c>.</summary>
    /// <param name="number">How many.</param>
    /// <param name="one">The word for one, whose plural ends in s.</param>
    public static string Of(long number, string one) => string.Create(CultureInfo.InvariantCulture, $"{number:#,0} {one}{(number == 1 ? "" : "s")}");
}
