namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>A test that needs what the development broker cannot do. Skipped, and said so, where <c>PHYSIO_TEST_KAFKA=host:port</c> names no broker.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class RealKafkaFactAttribute : FactAttribute
{
    internal const string Variable = "PHYSIO_TEST_KAFKA";

    public RealKafkaFactAttribute()
    {
        if (string.IsNullOrEmpty(Address))
            Skip = $"needs a real Kafka broker: set {Variable}=host:port";
    }

    internal static string? Address => Environment.GetEnvironmentVariable(Variable);
}
