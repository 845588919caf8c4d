using System.Diagnostics;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Microseconds since 1970 UTC that never go back: the time of day when it was made, and the monotonic clock since. Processes of one machine agree within the system's clock resolution.</summary>
internal sealed class MicrosecondClock
{
    private readonly long _began = Stopwatch.GetTimestamp();
    private readonly long _beganUs = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;

    /// <summary>Now.</summary>
    public long NowUs => _beganUs + (Stopwatch.GetElapsedTime(_began).Ticks / TimeSpan.TicksPerMicrosecond);
}
