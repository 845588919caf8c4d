using System.Diagnostics;
using System.Globalization;

namespace PhysioActors.Seed.Postgres;

/// <summary>Looks at a server's process, which is not a child of ours.</summary>
internal static class PostgresProcess
{
    /// <summary>True while the process runs. One that has ended and that nobody has waited for is dead, although the system still knows its id.</summary>
    public static bool IsAlive(int process)
    {
        if (OperatingSystem.IsLinux())
            return IsAliveOnLinux(process);
        try
        {
            using Process found = Process.GetProcessById(process);
            return !found.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static bool IsAliveOnLinux(int process)
    {
        try
        {
            // 'id (name) state ...', where the name may hold anything but says with which program the id goes now.
            string stat = File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{process}/stat"));
            int end = stat.LastIndexOf(')');
            return stat.Contains("(postgres)", StringComparison.Ordinal) && stat.Length > end + 2 && stat[end + 2] is not ('Z' or 'X');
        }
        catch (Exception exception) when (exception is FileNotFoundException or DirectoryNotFoundException or IOException)
        {
            return false;
        }
    }
}
