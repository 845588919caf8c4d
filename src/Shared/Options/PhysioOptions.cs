using PhysioActors.Shared.Kafka;

namespace PhysioActors.Shared.Options;

/// <summary>
/// Everything that can be configured, checked and then never changed. The keys of the configuration are the names of the properties,
/// parts joined by a colon: <c>Runtime:SnapshotEvery</c>.
/// </summary>
public sealed record PhysioOptions
{
    /// <summary>The options when nothing is configured.</summary>
    public static PhysioOptions Default { get; } = new();

    /// <summary>The cluster's name: the prefix of topics, groups, transactional ids and the database schema.</summary>
    public string Cluster { get; init; } = TopicNames.DefaultCluster;

    /// <summary>The names that follow from <see cref="Cluster"/>.</summary>
    public TopicNames Topics => new(Cluster);

    /// <summary>Kafka bootstrap servers, <c>host:port[,host:port...]</c>; empty for those of a running <c>physio up</c>.</summary>
    public string Brokers { get; init; } = "";

    /// <summary>PostgreSQL, as an Npgsql connection string or a <c>postgresql://</c> address; empty for the one of a running <c>physio up</c>.</summary>
    public string Postgres { get; init; } = "";

    /// <summary>Partitions of the inbound topic when it is created: a power of two up to 4,096, so that slots nest in partitions.</summary>
    public int Partitions { get; init; } = 8;

    /// <summary>What is passed on to the Kafka client as it is, as <c>security.protocol</c>.</summary>
    public IReadOnlyDictionary<string, string> Kafka { get; init; } = new Dictionary<string, string>();

    /// <summary>The runtime of the shards.</summary>
    public RuntimeOptions Runtime { get; init; } = new();

    /// <summary>How long the journal keeps what a snapshot covers.</summary>
    public RetentionOptions Retention { get; init; } = new();

    /// <summary>The clinical rules.</summary>
    public RulesOptions Rules { get; init; } = RulesOptions.Default;

    /// <summary>The model.</summary>
    public ScoringOptions Scoring { get; init; } = new();

    /// <summary>The estimates topic.</summary>
    public EstimatesOptions Estimates { get; init; } = new();

    /// <summary>The keys of commands.</summary>
    public CommandsOptions Commands { get; init; } = new();

    /// <summary>What the program says of itself.</summary>
    public LoggingOptions Logging { get; init; } = new();

    /// <summary>Reads and checks the options; of two entries with the same key the later one counts.</summary>
    /// <exception cref="InvalidOptionsException">A value is not allowed, or a key is none of ours. All problems are in it.</exception>
    public static PhysioOptions Read(IEnumerable<OptionEntry> entries) => Read(entries, out _);

    /// <summary>Reads and checks the options, and tells what holds for each of them and where that was said.</summary>
    /// <exception cref="InvalidOptionsException">A value is not allowed, or a key is none of ours. All problems are in it.</exception>
    public static PhysioOptions Read(IEnumerable<OptionEntry> entries, out IReadOnlyList<OptionEntry> effective)
    {
        ArgumentNullException.ThrowIfNull(entries);
        var reader = new OptionsReader(entries);
        var options = new PhysioOptions
        {
            Cluster = ReadCluster(reader),
            Brokers = ReadBrokers(reader),
            Postgres = reader.Text(nameof(Postgres), Default.Postgres),
            Partitions = ReadPartitions(reader),
            Kafka = KafkaOptions.Read(reader),
            Runtime = RuntimeOptions.Read(reader),
            Retention = RetentionOptions.Read(reader),
            Rules = RulesOptions.Read(reader),
            Scoring = ScoringOptions.Read(reader),
            Estimates = EstimatesOptions.Read(reader),
            Commands = CommandsOptions.Read(reader),
            Logging = LoggingOptions.Read(reader),
        };
        reader.Finish();
        effective = reader.Effective;
        return options;
    }

    private static string ReadCluster(OptionsReader reader)
    {
        // Narrower than TopicNames: there '-' becomes '_' in the schema, so that with both a-b and a_b would share one; and brokers warn of '_' beside '.'.
        const int longest = 40;
        string name = reader.Text(nameof(Cluster), Default.Cluster);
        bool good = name.Length is > 0 and <= longest && char.IsAsciiLetterLower(name[0]) && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-');
        if (!good)
            reader.Problem(nameof(Cluster), $"1 to {longest} of the characters a-z, 0-9 and '-', a letter first");
        return name;
    }

    private static string ReadBrokers(OptionsReader reader)
    {
        string brokers = reader.Text(nameof(Brokers), Default.Brokers);
        if (brokers.Length == 0)
            return brokers;
        foreach (string broker in brokers.Split(','))
        {
            int colon = broker.LastIndexOf(':');
            if (colon > 0 && broker.Trim().Length == broker.Length && ushort.TryParse(broker.AsSpan(colon + 1), out ushort port) && port > 0)
                continue;
            reader.Problem(nameof(Brokers), "host:port, or several joined by commas without spaces");
            break;
        }

        return brokers;
    }

    private static int ReadPartitions(OptionsReader reader)
    {
        int partitions = reader.Integer(nameof(Partitions), Default.Partitions, 1, Partitioner.Slots);
        if (!int.IsPow2(partitions))
            reader.Problem(nameof(Partitions), $"a power of two that divides {Partitioner.Slots}: 1, 2, 4, 8, ... {Partitioner.Slots}");
        return partitions;
    }
}
