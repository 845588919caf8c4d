using System.Globalization;

using Confluent.Kafka;

using Microsoft.Extensions.Logging.Abstractions;

using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Kafka;

using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>On a real broker; each test makes a cluster of its own there.</summary>
public sealed class TransactionalOutputsTests
{
    private readonly string _bootstrap = RealKafkaFactAttribute.Address ?? "";
    private readonly TopicNames _names = new($"t{Guid.NewGuid():N}");
    private readonly ProgressJournal _journal = new();

    [RealKafkaFact]
    public async Task A_real_broker_is_known_by_its_cluster_id()
    {
        await CreateTopicsAsync();
        KafkaDescription one = await new KafkaCluster(new(_bootstrap)).DescribeAsync(_names.Observations);
        KafkaDescription again = await new KafkaCluster(new(_bootstrap)).DescribeAsync(_names.Observations);
        Assert.False(one.IsDevelopmentBroker);
        Assert.Equal(3, one.Partitions);
        Assert.NotEmpty(one.Incarnation);
        Assert.Equal(one, again);
    }

    [RealKafkaFact]
    public async Task Making_topics_that_exist_changes_nothing()
    {
        await CreateTopicsAsync();
        await new KafkaCluster(new(_bootstrap)).EnsureTopicsAsync([(_names.Observations, 64)]);
        Assert.Equal(3, (await new KafkaCluster(new(_bootstrap)).DescribeAsync(_names.Observations)).Partitions);
    }

    [RealKafkaFact]
    public async Task Progress_is_kept_in_the_transaction_of_the_rows()
    {
        await CreateTopicsAsync();
        await using KafkaOutputs outputs = Outputs();
        await using (IShardPublisher publisher = await outputs.OpenAsync(2, 1, CancellationToken.None))
        {
            Assert.Equal(0, await publisher.ReadProgressAsync(CancellationToken.None));
            await publisher.PublishAsync(Outbox.Anomalies(1, 200), CancellationToken.None);
            await publisher.PublishAsync(Outbox.Anomalies(201, 100), CancellationToken.None);
        }

        // A journal that knows nothing: the progress can only come from the broker.
        await using KafkaOutputs elsewhere = Outputs(new ProgressJournal());
        await using IShardPublisher next = await elsewhere.OpenAsync(2, 2, CancellationToken.None);
        Assert.Equal(300, await next.ReadProgressAsync(CancellationToken.None));
        Assert.Equal(300, await _journal.ReadPublishedAsync(2, CancellationToken.None));

        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(_bootstrap, _names.Anomalies);
        Assert.Equal(300, results.Count);
        Assert.All(results, result => Assert.Equal(Partitioner.Partition(result.Message.Key, 2), result.Partition.Value));
        foreach (IGrouping<int, ConsumeResult<byte[], byte[]>> partition in results.GroupBy(result => result.Partition.Value))
        {
            int[] numbers = [.. partition.Select(result => int.Parse(Outbox.Value(result), CultureInfo.InvariantCulture))];
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [RealKafkaFact]
    public async Task Progress_is_taken_back_for_a_journal_that_was_restored()
    {
        await CreateTopicsAsync();
        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        await publisher.PublishAsync(Outbox.Anomalies(1, 9), CancellationToken.None);

        await using KafkaOutputs elsewhere = Outputs(new ProgressJournal());
        await using IShardPublisher next = await elsewhere.OpenAsync(1, 2, CancellationToken.None);
        Assert.Equal(9, await next.ReadProgressAsync(CancellationToken.None));
        await next.ResetProgressAsync(4, CancellationToken.None);
        Assert.Equal(4, await next.ReadProgressAsync(CancellationToken.None));
        await Assert.ThrowsAsync<PublisherFencedException>(async () => await publisher.ResetProgressAsync(1, CancellationToken.None));
    }

    [RealKafkaFact]
    public async Task Shards_keep_their_progress_apart()
    {
        await CreateTopicsAsync();
        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher one = await outputs.OpenAsync(0, 1, CancellationToken.None);
        await using IShardPublisher two = await outputs.OpenAsync(1, 1, CancellationToken.None);
        await one.PublishAsync(Outbox.Anomalies(1, 5), CancellationToken.None);
        await two.PublishAsync(Outbox.Anomalies(1, 9), CancellationToken.None);
        Assert.Equal((5, 9), (await one.ReadProgressAsync(CancellationToken.None), await two.ReadProgressAsync(CancellationToken.None)));
    }

    [RealKafkaFact]
    public async Task A_later_publisher_fences_the_earlier_one()
    {
        await CreateTopicsAsync();
        await using KafkaOutputs old = Outputs();
        await using KafkaOutputs young = Outputs();
        await using IShardPublisher zombie = await old.OpenAsync(0, 1, CancellationToken.None);
        await zombie.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
        await using IShardPublisher owner = await young.OpenAsync(0, 2, CancellationToken.None);
        Assert.Equal(1, await owner.ReadProgressAsync(CancellationToken.None));

        await Assert.ThrowsAsync<PublisherFencedException>(async () => await zombie.PublishAsync([Outbox.Anomaly(2, "zombie")], CancellationToken.None));
        await owner.PublishAsync([Outbox.Anomaly(2)], CancellationToken.None);
        Assert.Equal(2, await owner.ReadProgressAsync(CancellationToken.None));
        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(_bootstrap, _names.Anomalies);
        Assert.Equal(["1", "2"], results.Select(Outbox.Value).Order());
        Assert.DoesNotContain(results, result => result.Message.Key.AsSpan().SequenceEqual("zombie"u8));
    }

    [RealKafkaFact]
    public async Task Opening_ends_an_unfinished_transaction_and_read_committed_never_shows_it()
    {
        await CreateTopicsAsync();
        using (IProducer<byte[], byte[]> dead = new ProducerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = _bootstrap,
            ["transactional.id"] = _names.TransactionalId(0),
        }).Build())
        {
            dead.InitTransactions(Ward.Patience);
            dead.BeginTransaction();
            dead.Produce(_names.Anomalies, new() { Key = "default:1"u8.ToArray(), Value = "lost"u8.ToArray() });
            Assert.Equal(0, dead.Flush(Ward.Patience));
        }

        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None);
        Assert.Equal(0, await publisher.ReadProgressAsync(CancellationToken.None));
        await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
        Assert.Equal(["1"], Outbox.ReadAll(_bootstrap, _names.Anomalies).Select(Outbox.Value));
        Assert.Equal(["1", "lost"], Outbox.ReadAll(_bootstrap, _names.Anomalies, IsolationLevel.ReadUncommitted).Select(Outbox.Value).Order());
    }

    [RealKafkaFact]
    public async Task Offsets_of_an_aborted_transaction_are_no_progress()
    {
        await CreateTopicsAsync();
        await using KafkaOutputs outputs = Outputs();
        await using (IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None))
            await publisher.PublishAsync(Outbox.Anomalies(1, 3), CancellationToken.None);

        using (IProducer<byte[], byte[]> aborter = new ProducerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = _bootstrap,
            ["transactional.id"] = _names.TransactionalId(0),
        }).Build())
        using (IConsumer<Ignore, Ignore> group = new ConsumerBuilder<Ignore, Ignore>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = _bootstrap,
            ["group.id"] = _names.PublisherGroup,
        }).Build())
        {
            aborter.InitTransactions(Ward.Patience);
            aborter.BeginTransaction();
            aborter.SendOffsetsToTransaction([new(_names.Observations, 0, 77)], group.ConsumerGroupMetadata, Ward.Patience);
            aborter.AbortTransaction(Ward.Patience);
        }

        await using IShardPublisher next = await outputs.OpenAsync(0, 2, CancellationToken.None);
        Assert.Equal(3, await next.ReadProgressAsync(CancellationToken.None));
    }

    [RealKafkaFact]
    public async Task Records_of_an_aborted_transaction_are_not_read_and_those_behind_it_are()
    {
        await CreateTopicsAsync();
        using (IProducer<byte[], byte[]> gateway = new ProducerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = _bootstrap,
            ["transactional.id"] = _names.Cluster + "-gateway",
        }).Build())
        {
            gateway.InitTransactions(Ward.Patience);
            foreach (bool commits in (bool[])[true, false, true])
            {
                gateway.BeginTransaction();
                gateway.Produce(new TopicPartition(_names.Observations, 0), new() { Value = commits ? "kept"u8.ToArray() : "gone"u8.ToArray() });
                Assert.Equal(0, gateway.Flush(Ward.Patience));
                if (commits)
                    gateway.CommitTransaction(Ward.Patience);
                else
                    gateway.AbortTransaction(Ward.Patience);
            }
        }

        await using var member = new Member(new(_bootstrap), new() { Topic = _names.Observations, Group = _names.ProcessingGroup });
        await member.HoldsAsync(3);

        // Each transaction ends with a marker, which takes an offset.
        Assert.Equal([0L, 4L], (await Member.TakeAsync(member.Log.Start(0, 0), 2)).Select(record => record.Offset));
        Assert.True(await member.Log.ConfirmAssignmentAsync(0, CancellationToken.None));
        Assert.Equal([4L], (await Member.TakeAsync(member.Log.Start(0, 1), 1)).Select(record => record.Offset));
    }

    private Task CreateTopicsAsync() => new KafkaCluster(new(_bootstrap)).EnsureTopicsAsync(
        [(_names.Observations, 3), (_names.Anomalies, 2), (_names.DeadLetters, 1), (_names.Estimates, 1)], 1);

    private KafkaOutputs Outputs(IJournal? journal = null) => new(
        new(_bootstrap), new() { Names = _names }, journal ?? _journal, NullLogger<KafkaOutputs>.Instance, TimeProvider.System);
}
