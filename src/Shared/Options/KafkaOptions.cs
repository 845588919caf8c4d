namespace PhysioActors.Shared.Options;

/// <summary>The section <c>Kafka</c>: properties passed on to the Kafka client. Those on which correctness rests are not for the configuration.</summary>
public static class KafkaOptions
{
    /// <summary>Properties that the program sets itself.</summary>
    private static readonly string[] s_own =
    [
        "bootstrap.servers", "metadata.broker.list", "group.id", "group.instance.id", "transactional.id", "enable.idempotence", "acks", "request.required.acks",
        "partitioner", "isolation.level", "enable.auto.commit", "enable.auto.offset.store", "auto.offset.reset", "partition.assignment.strategy", "session.timeout.ms",
        "enable.partition.eof", "max.in.flight", "max.in.flight.requests.per.connection",
    ];

    internal static IReadOnlyDictionary<string, string> Read(OptionsReader reader)
    {
        var properties = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (OptionEntry entry in reader.Section("Kafka"))
        {
            string name = entry.Key.ToLowerInvariant();
            if (s_own.Contains(name))
                reader.Problem($"Kafka:{name} ({entry.Source}) cannot be configured: the program sets it, because correctness rests on it." + Instead(name));
            else if (name.Contains(':', StringComparison.Ordinal))
                reader.Problem($"Kafka:{name} ({entry.Source}) is nested; properties of the Kafka client stand side by side, as \"Kafka\": {{ \"security.protocol\": \"SASL_SSL\" }}.");
            else
                properties[name] = entry.Value;
        }

        return properties;
    }

    private static string Instead(string name) => name switch
    {
        "bootstrap.servers" or "metadata.broker.list" => " Set Brokers instead.",
        "session.timeout.ms" => " Set Runtime:SessionTimeoutMs instead.",
        "group.id" or "transactional.id" => " Set Cluster instead.",
        _ => "",
    };
}
