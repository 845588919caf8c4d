namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>A fact that needs PostgreSQL's programs.</summary>
public sealed class PostgresFactAttribute : FactAttribute
{
    public PostgresFactAttribute() => Skip = NeedsPostgresAttribute.SkipReason;
}

/// <summary>A fact that needs PostgreSQL's programs and root, who may not run them itself.</summary>
public sealed class PostgresAsRootFactAttribute : FactAttribute
{
    public PostgresAsRootFactAttribute() =>
        Skip = NeedsPostgresAttribute.SkipReason ?? (Environment.IsPrivilegedProcess ? null : "Only root has folders that PostgreSQL's user cannot get into.");
}
