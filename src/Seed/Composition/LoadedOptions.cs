using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>The options with where they came from.</summary>
/// <param name="Options">What holds.</param>
/// <param name="Effective">Every option, what holds for it, and where that was said.</param>
/// <param name="File">The configuration file named on the command line; null for the standard one.</param>
/// <param name="CommandLine">Keys and values from the command line.</param>
internal sealed record LoadedOptions(PhysioOptions Options, IReadOnlyList<OptionEntry> Effective, string? File, IReadOnlyList<KeyValuePair<string, string>> CommandLine)
{
    /// <summary>True when somebody said something about an option.</summary>
    public bool IsSet(string key) => Effective.Any(entry => entry.Key == key && entry.Source != "standard");

    /// <summary>
    /// The arguments that give another process of this program, started in the same folder and environment, the same options, but for the ones given here, which win.
    /// </summary>
    public IEnumerable<string> ForChild(params IEnumerable<(string Key, string Value)> instead)
    {
        if (File is not null)
        {
            yield return "--config";
            yield return File;
        }

        foreach ((string key, string value) in CommandLine.Select(pair => (pair.Key, pair.Value)).Concat(instead))
        {
            yield return "--set";
            yield return $"{key}={value}";
        }
    }

    /// <summary>
    /// The options with Kafka and PostgreSQL filled in: as configured, or those of an environment that runs in this folder.
    /// </summary>
    /// <param name="folder">The current folder.</param>
    /// <param name="needsPostgres">False for commands that only use Kafka.</param>
    /// <exception cref="CommandFailedException">Neither is there.</exception>
    public PhysioOptions Connected(string folder, bool needsPostgres = true)
    {
        bool hasBrokers = Options.Brokers.Length > 0, hasPostgres = Options.Postgres.Length > 0;
        if (hasBrokers && (hasPostgres || !needsPostgres))
            return Options;
        if (hasBrokers || hasPostgres)
        {
            (string named, string missing) = hasBrokers ? ("Kafka", "--postgres (PHYSIO_POSTGRES)") : ("PostgreSQL", "--brokers (PHYSIO_BROKERS)");
            throw new CommandFailedException($"{named} is named, but not what it goes with.", $"Name it with {missing}.", ExitCodes.Usage);
        }

        Endpoints endpoints = Endpoints.Find(folder) ?? throw new CommandFailedException(
            "No cluster is named, and none runs in this folder.",
            "Start one with 'physio up' or './run', or name one with --brokers and --postgres (PHYSIO_BROKERS, PHYSIO_POSTGRES).", ExitCodes.Usage);
        if (IsSet("Cluster") && Options.Cluster != endpoints.Cluster)
            throw new CommandFailedException($"The cluster that runs in this folder is {endpoints.Cluster}, not {Options.Cluster}.", "Leave --cluster out, or name Kafka and PostgreSQL of the other one.", ExitCodes.Usage);
        return In(endpoints);
    }

    /// <summary>The options with what an environment that runs in this folder adds to them; where Kafka or PostgreSQL is named, or none runs, as they are.</summary>
    /// <param name="folder">The current folder.</param>
    public PhysioOptions Local(string folder) => Options is { Brokers: "", Postgres: "" } && Endpoints.Find(folder) is { } endpoints ? In(endpoints) : Options;

    private PhysioOptions In(Endpoints endpoints) => Options with
    {
        Cluster = endpoints.Cluster,
        Brokers = endpoints.Brokers,
        Postgres = endpoints.Postgres,
        Commands = endpoints.CommandKeyFile is { } file && Options.Commands is { Keys.Count: 0, KeyFile: "" } ? Options.Commands with { KeyFile = file } : Options.Commands,
    };
}
