using System.Runtime.InteropServices;

using PhysioActors.Seed.Postgres;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>A test on the real things: nodes as processes, PostgreSQL, and a broker. Skipped, and said so, where one of them is not installed.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class KillFactAttribute : FactAttribute
{
    public KillFactAttribute()
    {
        if (!OperatingSystem.IsLinux())
            Skip = "needs Linux: it stops and continues processes.";
        else if (!EmbeddedPostgres.IsInstalled)
            Skip = "needs PostgreSQL's programs (initdb, pg_ctl, postgres): apt-get install postgresql";
        else if (!NativeLibrary.TryLoad("librdkafka.so.1", out _))
            Skip = "needs librdkafka.so.1 (2.0 or later): apt-get install librdkafka1";
    }
}

/// <summary>These tests take the whole machine: nothing runs beside them.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class KillTestsCollection
{
    public const string Name = "Kill";
}
