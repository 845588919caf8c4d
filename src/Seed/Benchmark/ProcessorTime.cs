using System.Globalization;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Reads the processor time of processes from the system's table, in its resolution of 10 ms.</summary>
internal static class ProcessorTime
{
    private const double MicrosecondsPerTick = 10_000;

    // Fields of /proc/PID/stat behind the name, which may itself hold blanks and ends with the last parenthesis (proc(5)).
    private const int Parent = 1;
    private const int User = 11;
    private const int ChildrenSystem = 14;

    /// <summary>A process's own time, microseconds.</summary>
    public static double Of(int process) => Read(process) is { } fields ? Sum(fields, User, User + 1) : 0;

    /// <summary>The time of a process, of those that it started, and of those of them that have ended, microseconds.</summary>
    public static double OfFamily(int process)
    {
        double sum = Read(process) is { } own ? Sum(own, User, ChildrenSystem) : 0;
        foreach (string folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), CultureInfo.InvariantCulture, out int other) && Read(other) is { } fields && fields[Parent] == process.ToString(CultureInfo.InvariantCulture))
                sum += Sum(fields, User, User + 1);
        }

        return sum;
    }

    /// <summary>The process that started <paramref name="process"/>.</summary>
    public static int ParentOf(int process) =>
        Read(process) is { } fields ? int.Parse(fields[Parent], CultureInfo.InvariantCulture) : throw new CommandFailedException($"The system knows no process {process}.");

    private static double Sum(string[] fields, int first, int last)
    {
        double sum = 0;
        for (int i = first; i <= last; i++)
            sum += long.Parse(fields[i], CultureInfo.InvariantCulture) * MicrosecondsPerTick;
        return sum;
    }

    private static string[]? Read(int process)
    {
        try
        {
            string line = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            return line[(line.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            return null; // It ended, or ends just now.
        }
    }
}
