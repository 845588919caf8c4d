using System.CommandLine;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary>The options that every command takes, and how they become <see cref="PhysioOptions"/>.</summary>
internal sealed class GlobalOptions
{
    private const string CommandKeysOption = "Commands:Keys";

    private readonly Option<string?> _config = new("--config") { Description = $"Configuration file (JSON). Standard: {ConfigurationSources.StandardFile} in the current folder, if it is there.", HelpName = "FILE", Recursive = true };
    private readonly Option<string[]> _set = new("--set") { Description = "Sets any option, as Runtime:SnapshotEvery=500. May be repeated; see 'physio config'.", HelpName = "KEY=VALUE", Recursive = true };

    private readonly (string Key, Option<string?> Option)[] _keyed =
    [
        ("Brokers", Keyed("--brokers", "HOST:PORT", "Kafka bootstrap servers. Standard: those of a running 'physio up'.")),
        ("Postgres", Keyed("--postgres", "ADDRESS", "PostgreSQL as connection string or postgresql:// address. Standard: the one of a running 'physio up'.")),
        ("Cluster", Keyed("--cluster", "NAME", "The cluster's name: the prefix of topics, groups and the database schema. Standard: physio.")),
        ("Logging:Level", Keyed("--log-level", "LEVEL", "debug, info, warning or error.")),
        ("Logging:Format", Keyed("--log-format", "FORMAT", "text or json.")),
    ];

    /// <summary>Adds the options to the root.</summary>
    public void AddTo(Command root)
    {
        foreach ((_, Option<string?> option) in _keyed)
            root.Add(option);
        root.Add(_config);
        root.Add(_set);
    }

    /// <summary>Reads and checks all configuration.</summary>
    /// <param name="parse">The command line.</param>
    /// <param name="host">The process.</param>
    /// <param name="more">Keys and values that options of the command itself stand for; those with null are left out.</param>
    /// <exception cref="CommandFailedException">The configuration is wrong.</exception>
    public LoadedOptions Load(ParseResult parse, CommandHost host, params IReadOnlyList<(string Key, string? Value)> more)
    {
        var commandLine = new List<KeyValuePair<string, string>>();
        foreach (string assignment in parse.GetValue(_set) ?? [])
        {
            // The assignment is not repeated: it holds a key.
            if (assignment.StartsWith(CommandKeysOption, StringComparison.OrdinalIgnoreCase))
                throw new CommandFailedException($"{CommandKeysOption} cannot be set on the command line, which everybody on this machine can read.", "Set PHYSIO_COMMANDS__KEYS, or name a file with --set Commands:KeyFile=FILE.", ExitCodes.Usage);
            int equals = assignment.IndexOf('=', StringComparison.Ordinal);
            if (equals <= 0)
                throw new CommandFailedException($"--set {assignment} has no KEY=VALUE.", "As in --set Runtime:SnapshotEvery=500.", ExitCodes.Usage);
            commandLine.Add(new(assignment[..equals], assignment[(equals + 1)..]));
        }

        foreach ((string key, Option<string?> option) in _keyed)
        {
            if (parse.GetValue(option) is { } value)
                commandLine.Add(new(key, value));
        }

        foreach ((string key, string? value) in more)
        {
            if (value is not null)
                commandLine.Add(new(key, value));
        }

        string? file = parse.GetValue(_config);
        IReadOnlyList<OptionEntry> entries = ConfigurationSources.Read(file, host.Folder, host.Environment, commandLine);
        PhysioOptions options;
        IReadOnlyList<OptionEntry> effective;
        try
        {
            options = PhysioOptions.Read(entries, out effective);
        }
        catch (InvalidOptionsException exception)
        {
            throw new CommandFailedException(exception.Message, "'physio config' lists all options and what holds for each.", ExitCodes.Usage);
        }

        KafkaProperties.Check(options.Kafka, effective);
        return new(WithConnectionString(options, effective), effective, file, commandLine);
    }

    private static PhysioOptions WithConnectionString(PhysioOptions options, IReadOnlyList<OptionEntry> effective)
    {
        if (options.Postgres.Length == 0)
            return options;
        try
        {
            return options with { Postgres = PostgresAddress.Parse(options.Postgres) };
        }
        catch (FormatException exception)
        {
            // The value is not repeated: it may hold a password.
            string source = effective.First(entry => entry.Key == "Postgres").Source;
            throw new CommandFailedException(
                $"Postgres ({source}) is neither an Npgsql connection string nor a postgresql:// address: {exception.Message.TrimEnd('.')}.", "As in 'Host=db;Username=physio;Database=physio' or postgresql://physio@db/physio.", ExitCodes.Usage);
        }
    }

    private static Option<string?> Keyed(string name, string helpName, string description) => new(name) { Description = description, HelpName = helpName, Recursive = true };
}
