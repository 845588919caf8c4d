namespace PhysioActors.Shared.Commands;

/// <summary>Bounds of commands, for both of their forms.</summary>
internal static class CommandRules
{
    /// <summary>The newest version of the form.</summary>
    public const int NewestVersion = 1;

    /// <summary>Most bytes of an anomaly id: a patient key with two numbers behind it.</summary>
    public const int LongestAnomalyId = 192;

    /// <summary>Most bytes of a name.</summary>
    public const int LongestName = 128;

    /// <summary>Most bytes of a reason.</summary>
    public const int LongestReason = 1024;

    /// <summary>The longest pause in seconds. A pause without an end is none: it is asked for again.</summary>
    public const int LongestPauseSeconds = 3600;
}
