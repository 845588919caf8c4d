namespace PhysioActors.Seed;

/// <summary>How the program ends.</summary>
internal static class ExitCodes
{
    /// <summary>All was done.</summary>
    public const int Ok = 0;

    /// <summary>It failed; standard error says why.</summary>
    public const int Failure = 1;

    /// <summary>The command line or the configuration is wrong; nothing was done.</summary>
    public const int Usage = 2;

    /// <summary>Ended by Ctrl-C or SIGTERM before it was done.</summary>
    public const int Interrupted = 130;
}
