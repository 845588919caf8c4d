using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

using PhysioActors.Processing.Runtime.Kafka;

namespace PhysioActors.Seed.Broker;

/// <summary>
/// librdkafka's in-memory broker, for development and tests: it speaks the Kafka protocol over TCP on a free local port, so that other processes and other
/// clients can use it. Nothing outlives it, a partition keeps at most 5 MiB or 100,000 messages (the oldest go first), and transactions hide and fence nothing.
/// </summary>
/// <remarks>
/// Every start is another log. So that clients can tell, a marker topic is made whose name begins with <see cref="KafkaCluster.MarkerPrefix"/> and ends with
/// a number drawn at the start: the incarnation of the log.
/// </remarks>
public sealed class DevelopmentBroker : IDisposable
{
    private const int BrokerId = 1;
    private const int ErrorSize = 512;

    private readonly Lock _gate = new();
    private nint _client;
    private nint _cluster;

    private DevelopmentBroker(nint client, nint cluster, string incarnation)
    {
        _client = client;
        _cluster = cluster;
        Incarnation = incarnation;
        Bootstrap = Marshal.PtrToStringUTF8(MockCluster.Bootstraps(cluster)) ?? throw new InvalidOperationException("The development broker gave no address.");
    }

    /// <summary>The address, <c>host:port</c>.</summary>
    public string Bootstrap { get; }

    /// <summary>32 hexadecimal digits, drawn at every start.</summary>
    public string Incarnation { get; }

    /// <summary>Starts a broker with the given topics, which it cannot gain later.</summary>
    /// <exception cref="ArgumentException">A topic has no partition, or is named twice.</exception>
    /// <exception cref="InvalidOperationException">The broker could not be started.</exception>
    public static DevelopmentBroker Start(IReadOnlyList<(string Topic, int Partitions)> topics)
    {
        ArgumentNullException.ThrowIfNull(topics);
        foreach ((string topic, int partitions) in topics)
        {
            if (string.IsNullOrEmpty(topic) || partitions < 1)
                throw new ArgumentException($"The topic '{topic}' with {partitions} partitions cannot be made: it needs a name and at least one partition.", nameof(topics));
        }

        nint configuration = MockCluster.NewConfiguration();
        MockCluster.SetLogCallback(configuration, 0);
        Span<byte> error = stackalloc byte[ErrorSize];
        nint client = MockCluster.NewClient(MockCluster.Producer, configuration, error, ErrorSize);
        if (client == 0)
        {
            MockCluster.DestroyConfiguration(configuration);
            throw new InvalidOperationException($"The development broker could not be started: {Encoding.UTF8.GetString(error[..error.IndexOf((byte)0)])}");
        }

        nint cluster = MockCluster.New(client, 1);
        if (cluster == 0)
        {
            MockCluster.DestroyClient(client);
            throw new InvalidOperationException("The development broker could not be started: no local port could be opened.");
        }

        var broker = new DevelopmentBroker(client, cluster, Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16)));
        try
        {
            foreach ((string topic, int partitions) in topics)
                broker.CreateTopic(topic, partitions);
            broker.CreateTopic(KafkaCluster.MarkerPrefix + broker.Incarnation, 1);
            return broker;
        }
        catch
        {
            broker.Dispose();
            throw;
        }
    }

    /// <summary>Delays every answer, as a distant broker would; 0 ends it. For tests.</summary>
    public void SetRoundTrip(TimeSpan delay) => Check(MockCluster.SetRoundTrip(Cluster, BrokerId, (int)delay.TotalMilliseconds), "delay its answers");

    /// <summary>Closes all connections and refuses new ones; the log and the groups stay. For tests.</summary>
    public void GoDown() => Check(MockCluster.SetDown(Cluster, BrokerId), "go down");

    /// <summary>Ends <see cref="GoDown"/>.</summary>
    public void ComeUp() => Check(MockCluster.SetUp(Cluster, BrokerId), "come up");

    /// <summary>Ends the broker; its log is gone.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            if (_client == 0)
                return;
            MockCluster.Destroy(_cluster);
            MockCluster.DestroyClient(_client);
            _client = _cluster = 0;
        }
    }

    private nint Cluster
    {
        get
        {
            ObjectDisposedException.ThrowIf(_cluster == 0, this);
            return _cluster;
        }
    }

    private void CreateTopic(string topic, int partitions)
    {
        int error = MockCluster.CreateTopic(Cluster, topic, partitions, 1);
        if (error != 0)
            throw new ArgumentException($"The development broker refused the topic '{topic}' with {partitions} partitions (error {error}); is it named twice?");
    }

    private static void Check(int error, string what)
    {
        if (error != 0)
            throw new InvalidOperationException($"The development broker could not {what} (error {error}).");
    }
}
