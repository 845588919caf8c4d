using System.Globalization;

namespace PhysioActors.Processing.Tests.Signals;

/// <summary>Reads the committed reference values, see tests/reference/README.md.</summary>
internal static class ReferenceValues
{
    public static string PathOf(string name)
    {
        for (DirectoryInfo? at = new(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            if (File.Exists(Path.Combine(at.FullName, "PhysioActors.sln")))
                return Path.Combine(at.FullName, "tests", "reference", "values", name);
        }

        throw new DirectoryNotFoundException("No PhysioActors.sln above the tests: run them from a checkout.");
    }

    /// <summary>The rows of a CSV of numbers, without comments and header.</summary>
    public static List<double[]> Rows(string name) =>
        [.. File.ReadLines(PathOf(name)).Where(line => !line.StartsWith('#')).Skip(1).Select(line => line.Split(',').Select(Number).ToArray())];

    public static double Number(string text) => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture);

    /// <summary>Equal to a relative (for small numbers absolute) tolerance; NaN equals NaN.</summary>
    public static void Close(double expected, double actual, double tolerance, string where)
    {
        bool close = double.IsNaN(expected) ? double.IsNaN(actual) : Math.Abs(expected - actual) <= tolerance * Math.Max(1, Math.Abs(expected));
        Assert.True(close, $"{where}: expected {expected:R}, found {actual:R}");
    }
}
