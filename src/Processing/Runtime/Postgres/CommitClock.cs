namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>How the parts that a commit writes to are found: SQL expressions, so that a test can let time pass.</summary>
/// <param name="Day">The day of the commit in UTC, a date.</param>
/// <param name="Hour">The hours from 1970 to the commit, an integer.</param>
internal sealed record CommitClock(string Day, string Hour)
{
    /// <summary>The clock of the database.</summary>
    internal static CommitClock Database { get; } = new("(now() AT TIME ZONE 'UTC')::date", "floor(extract(epoch FROM now()) / 3600)::integer");
}
