using System.Collections;

namespace PhysioActors.Seed.Commands;

/// <summary>What a command sees of the process it runs in, so that a test can run one without a process.</summary>
internal sealed record CommandHost
{
    /// <summary>Results. Nothing else is written here.</summary>
    public required TextWriter Output { get; init; }

    /// <summary>Progress, logs and errors.</summary>
    public required TextWriter Error { get; init; }

    /// <summary>The environment's variables.</summary>
    public required IDictionary Environment { get; init; }

    /// <summary>The folder that names in the command line are relative to, and in which <c>.physio</c> lies.</summary>
    public required string Folder { get; init; }

    /// <summary>True when a person watches <see cref="Output"/>.</summary>
    public required bool IsInteractive { get; init; }

    /// <summary>True when a person watches <see cref="Error"/>.</summary>
    public required bool IsErrorInteractive { get; init; }

    /// <summary>True once nobody reads <see cref="Output"/> any more, as behind <c>| head -1</c>: what is written there is lost, and no write tells so.</summary>
    public Func<bool> IsOutputClosed { get; init; } = static () => false;

    /// <summary>The clock of everything that is no state.</summary>
    public required TimeProvider Time { get; init; }

    /// <summary>This process.</summary>
    public static CommandHost OfProcess() => new()
    {
        Output = Console.Out,
        Error = Console.Error,
        Environment = System.Environment.GetEnvironmentVariables(),
        Folder = Directory.GetCurrentDirectory(),
        IsInteractive = !Console.IsOutputRedirected,
        IsErrorInteractive = !Console.IsErrorRedirected,
        IsOutputClosed = StandardOutput.IsClosed,
        Time = TimeProvider.System,
    };
}
