using System.Text;
using PhysioActors.Seed.Broker;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Asks the Kafka client itself whether it takes the configured properties, before anything is started with them.</summary>
internal static class KafkaProperties
{
    private const int ErrorSize = 512;

    /// <summary>Those with this prefix are the managed client's, which sits above the one that is asked.</summary>
    private const string Managed = "dotnet.";

    /// <summary>Checks the properties, each alone and then together.</summary>
    /// <exception cref="CommandFailedException">The client refuses one; the message names it, where it was said, and the client's reason.</exception>
    /// <exception cref="DllNotFoundException">The client library is not installed.</exception>
    public static void Check(IReadOnlyDictionary<string, string> properties, IReadOnlyList<OptionEntry> effective)
    {
        if (properties.Count == 0)
            return;
        NativeKafka.Load();
        nint configuration = MockCluster.NewConfiguration();
        MockCluster.SetLogCallback(configuration, 0);
        Span<byte> error = stackalloc byte[ErrorSize];
        foreach ((string name, string value) in properties)
        {
            if (name.StartsWith(Managed, StringComparison.Ordinal) || MockCluster.SetProperty(configuration, name, value, error, ErrorSize) == 0)
                continue;
            MockCluster.DestroyConfiguration(configuration);
            string source = effective.First(entry => entry.Key.Equals("Kafka:" + name, StringComparison.OrdinalIgnoreCase)).Source;
            throw Refused($"Kafka:{name} ({source}) is not taken by the Kafka client: {Text(error)}.");
        }

        // What only shows in a client: mechanisms it was not built with, files that cannot be read, values that contradict each other. It connects to nothing.
        nint client = MockCluster.NewClient(MockCluster.Producer, configuration, error, ErrorSize);
        if (client == 0)
        {
            MockCluster.DestroyConfiguration(configuration);
            throw Refused($"The properties in the section Kafka ({string.Join(", ", properties.Keys)}) are not taken by the Kafka client: {Text(error)}.");
        }

        MockCluster.DestroyClient(client);
    }

    private static CommandFailedException Refused(string message) =>
        new(message, "Properties of librdkafka stand there as they are, as Kafka:security.protocol; 'physio config' lists all that holds.", ExitCodes.Usage);

    private static string Text(ReadOnlySpan<byte> error) => Encoding.UTF8.GetString(error[..Math.Max(0, error.IndexOf((byte)0))]).TrimEnd('.');
}
