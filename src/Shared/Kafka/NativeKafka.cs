using System.Reflection;
using System.Runtime.InteropServices;

using Confluent.Kafka;

namespace PhysioActors.Shared.Kafka;

/// <summary>
/// Lets the managed Kafka client use the system's librdkafka: its package brings no native library here. To be called before the first use of the client.
/// </summary>
public static class NativeKafka
{
    private static readonly Lock Gate = new();
    private static nint _library;

    /// <summary>The handle of the library, for the few native calls that the managed client lacks. 0 before <see cref="Load"/>.</summary>
    public static nint Handle => _library;

    /// <summary>Finds the library and tells the managed client of it. Further calls do nothing.</summary>
    /// <exception cref="DllNotFoundException">The library is not installed.</exception>
    public static void Load()
    {
        lock (Gate)
        {
            if (_library != 0)
                return;
            if (!NativeLibrary.TryLoad("librdkafka.so.1", out nint library) && !NativeLibrary.TryLoad("librdkafka.so", out library))
                throw new DllNotFoundException("The Kafka client library librdkafka.so.1 (2.0 or later) was not found. Install it: apt-get install librdkafka1");

            // The client tries several names in turn; only the plain one is answered, the others fall through and are not found.
            NativeLibrary.SetDllImportResolver(typeof(Library).Assembly, (string name, Assembly _, DllImportSearchPath? _) => name == "librdkafka" ? library : 0);
            _library = library;
        }
    }
}
