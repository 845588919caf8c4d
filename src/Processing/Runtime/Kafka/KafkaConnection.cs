namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>How to reach a Kafka cluster: its address, and client properties (TLS, SASL, buffers) that are passed on as they are.</summary>
public sealed class KafkaConnection
{
    private readonly IReadOnlyDictionary<string, string> _properties;

    /// <summary>Keeps the address and the properties.</summary>
    /// <param name="bootstrap">One or more <c>host:port</c>, separated by commas.</param>
    /// <param name="properties">Client properties by their librdkafka names. Those on which correctness rests are overridden.</param>
    public KafkaConnection(string bootstrap, IReadOnlyDictionary<string, string>? properties = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(bootstrap);
        Bootstrap = bootstrap;
        _properties = properties ?? new Dictionary<string, string>();
    }

    /// <summary>The address.</summary>
    public string Bootstrap { get; }

    /// <summary>A client's properties: defaults, over them the configured ones, over them those that are not for the configuration.</summary>
    internal Dictionary<string, string> Properties(string clientId, IEnumerable<(string Name, string Value)> defaults, IEnumerable<(string Name, string Value)> fixedOnes)
    {
        // A broker that was away is looked for again every second at the latest, and connections are kept alive through firewalls.
        var all = new Dictionary<string, string>(StringComparer.Ordinal)
        {
            ["client.id"] = clientId,
            ["reconnect.backoff.ms"] = "50",
            ["reconnect.backoff.max.ms"] = "1000",
            ["socket.keepalive.enable"] = "true",
            ["socket.nagle.disable"] = "true",
        };
        foreach ((string name, string value) in defaults)
            all[name] = value;
        foreach ((string name, string value) in _properties)
            all[name] = value;
        foreach ((string name, string value) in fixedOnes)
            all[name] = value;
        all["bootstrap.servers"] = Bootstrap;
        return all;
    }
}
