using System.Runtime.InteropServices;

namespace PhysioActors.Seed.Commands;

/// <summary>The other end of standard output.</summary>
internal static partial class StandardOutput
{
    private const int Descriptor = 1;

    // POLLERR, POLLHUP, POLLNVAL (POSIX poll.h): told without being asked for.
    private const short Gone = 0x08 | 0x10 | 0x20;

    /// <summary>True when its reader has gone. The runtime takes a write to a pipe without a reader for done, so that a program which writes until it is ended would never end.</summary>
    public static bool IsClosed()
    {
        if (!OperatingSystem.IsLinux())
            return false;
        var output = new PollDescriptor { FileDescriptor = Descriptor };
        return Poll(ref output, 1, 0) > 0 && (output.Found & Gone) != 0;
    }

    [LibraryImport("libc", EntryPoint = "poll")]
    private static partial int Poll(ref PollDescriptor descriptors, nuint count, int milliseconds);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollDescriptor
    {
        public int FileDescriptor;
        public short Wanted;
        public short Found;
    }
}
