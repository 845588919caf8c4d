namespace PhysioActors.Shared.Options;

/// <summary>The configuration cannot be used. Every problem found is told at once, each with the key, the value, where it was said, and what is allowed.</summary>
public sealed class InvalidOptionsException(IReadOnlyList<string> problems)
    : Exception(problems.Count == 1 ? problems[0] : $"{problems.Count} options are wrong:\n  " + string.Join("\n  ", problems))
{
    /// <summary>The problems, one sentence each.</summary>
    public IReadOnlyList<string> Problems { get; } = problems;
}
