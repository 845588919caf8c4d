using System.Runtime.InteropServices;
using PhysioActors.Seed.Postgres;

namespace PhysioActors.Seed.Tests;

/// <summary>A test that starts a whole environment; skipped where PostgreSQL or the Kafka client library is not installed, or recordings that it needs are not there.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnvironmentFactAttribute : FactAttribute
{
    /// <param name="recordings">The set of recordings that the test needs, as <see cref="Clinical.SharedDataFactAttribute"/> finds them; null for none.</param>
    public EnvironmentFactAttribute(string? recordings = null)
    {
        if (recordings is not null && new Clinical.SharedDataFactAttribute(recordings).Skip is { } missing)
            Skip = missing;
        else if (!EmbeddedPostgres.IsInstalled)
            Skip = "PostgreSQL's programs are not installed (package postgresql).";
        else if (NativeLibrary.TryLoad("librdkafka.so.1", out nint library))
            NativeLibrary.Free(library);
        else
            Skip = "The Kafka client library is not installed (package librdkafka1).";
    }
}
