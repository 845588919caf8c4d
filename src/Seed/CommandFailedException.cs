namespace PhysioActors.Seed;

/// <summary>A command cannot go on. Shown as one line without a stack trace, with a hint below it.</summary>
/// <param name="message">What is wrong.</param>
/// <param name="hint">What the person at the terminal can do; null when there is nothing to add.</param>
/// <param name="exitCode">One of <see cref="ExitCodes"/>.</param>
internal sealed class CommandFailedException(string message, string? hint = null, int exitCode = ExitCodes.Failure) : Exception(message)
{
    /// <summary>What can be done about it.</summary>
    public string? Hint { get; } = hint;

    /// <summary>How the program ends.</summary>
    public int ExitCode { get; } = exitCode;
}
