using System.Net;
using System.Net.Sockets;

using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Seed.Broker;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class KafkaClusterTests
{
    [Fact]
    public async Task A_development_broker_is_known_by_its_marker_which_names_the_incarnation()
    {
        using var ward = new Ward(4);
        KafkaDescription description = await new KafkaCluster(ward.Connection).DescribeAsync(ward.Names.Observations);
        Assert.Equal(new(true, ward.Broker.Incarnation, 4), description);
        Assert.Matches("^[0-9a-f]{32}$", description.Incarnation);
    }

    [Fact]
    public void Every_start_of_a_development_broker_is_another_incarnation()
    {
        using var one = DevelopmentBroker.Start([]);
        using var other = DevelopmentBroker.Start([]);
        Assert.NotEqual(one.Incarnation, other.Incarnation);
    }

    [Fact]
    public async Task The_ends_of_all_partitions_are_counted()
    {
        using var ward = new Ward(3);
        ward.Produce(1, 0, 5);
        ward.Produce(2, 0, 7);
        long[] ends = await new KafkaCluster(ward.Connection).EndOffsetsAsync(ward.Names.Observations);
        Assert.Equal([0, 5, 7], ends);
    }

    [Fact]
    public async Task A_missing_topic_is_named_with_what_to_do()
    {
        using var ward = new Ward(1);
        KafkaClusterException problem = await Assert.ThrowsAsync<KafkaClusterException>(() => new KafkaCluster(ward.Connection).DescribeAsync("elsewhere.observations"));
        Assert.Contains("no topic elsewhere.observations", problem.Message, StringComparison.Ordinal);
        Assert.Contains("--create --topic elsewhere.observations", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_development_broker_that_lacks_a_topic_says_that_it_must_be_started_again()
    {
        using var ward = new Ward(1);
        var cluster = new KafkaCluster(ward.Connection);
        await cluster.EnsureTopicsAsync([(ward.Names.Observations, 1)]);
        KafkaClusterException problem = await Assert.ThrowsAsync<KafkaClusterException>(() => cluster.EnsureTopicsAsync([("elsewhere.observations", 1)]));
        Assert.Contains("start it again", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_named_with_its_address()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        string address = listener.LocalEndpoint.ToString()!;
        listener.Stop();
        KafkaClusterException problem = await Assert.ThrowsAsync<KafkaClusterException>(() => new KafkaCluster(new KafkaConnection(address)) { Patience = TimeSpan.FromSeconds(1) }.DescribeAsync("any"));
        Assert.Contains(address, problem.Message, StringComparison.Ordinal);
        Assert.Contains("--brokers", problem.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_topic_without_a_partition_is_refused()
    {
        Assert.Throws<ArgumentException>(() => DevelopmentBroker.Start([("empty", 0)]));
        Assert.Throws<ArgumentException>(() => DevelopmentBroker.Start([("twice", 1), ("twice", 1)]));
    }
}
