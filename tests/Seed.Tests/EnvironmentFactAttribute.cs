using System.Runtime.InteropServices;
using PhysioActors.Seed.Postgres;

namespace PhysioActors.Seed.Tests;

/// <summary>A test that starts a whole environment; skipped where PostgreSQL or the Kafka client library is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EnvironmentFactAttribute : FactAttribute
{
    public EnvironmentFactAttribute()
    {
        if (!EmbeddedPostgres.IsInstalled)
            Skip = "PostgreSQL's programs are not installed (package postgresql).";
        else if (NativeLibrary.TryLoad("librdkafka.so.1", out nint library))
            NativeLibrary.Free(library);
        else
            Skip = "The Kafka client library is not installed (package librdkafka1).";
    }
}
