using System.Runtime.InteropServices;

namespace PhysioActors.Seed.Composition;

/// <summary>The terminal session that this process belongs to.</summary>
internal static partial class ProcessSession
{
    /// <summary>
    /// Leaves the terminal's session, so that Ctrl-C, which goes to all processes in the foreground, does not end this one. Fails, harmlessly, for a process that a shell started by itself.
    /// </summary>
    public static void Leave() => _ = SetSession();

    [LibraryImport("libc", EntryPoint = "setsid")]
    private static partial int SetSession();
}
