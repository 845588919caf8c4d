using System.Diagnostics.Metrics;
using System.Globalization;
using System.Text;

using Confluent.Kafka;

using Microsoft.Extensions.Logging.Abstractions;

using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class AcknowledgedOutputsTests : IDisposable
{
    private readonly Ward _ward = new(2);
    private readonly ProgressJournal _journal = new();

    public void Dispose() => _ward.Dispose();

    [Fact]
    public async Task Rows_come_in_order_on_the_partitions_of_their_keys()
    {
        await using KafkaOutputs outputs = Outputs();
        await using (IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None))
        {
            await publisher.PublishAsync(Outbox.Anomalies(1, 300), CancellationToken.None);
            await publisher.PublishAsync(Outbox.Anomalies(301, 200), CancellationToken.None);
            Assert.Equal(500, await publisher.ReadProgressAsync(CancellationToken.None));
        }

        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies);
        Assert.Equal(500, results.Count);
        Assert.Equal(2, results.Select(result => result.Partition.Value).Distinct().Count());
        Assert.All(results, result => Assert.Equal(Partitioner.Partition(result.Message.Key, 2), result.Partition.Value));
        foreach (IGrouping<int, ConsumeResult<byte[], byte[]>> partition in results.GroupBy(result => result.Partition.Value))
        {
            int[] numbers = [.. partition.Select(result => int.Parse(Outbox.Value(result), CultureInfo.InvariantCulture))];
            Assert.Equal(numbers.Order(), numbers);
        }
    }

    [Fact]
    public async Task A_dead_letter_keeps_its_headers_and_its_missing_key()
    {
        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        await publisher.PublishAsync([Outbox.DeadLetter(1, "", new("reason", "key-missing"), new("field", "patient ünï")), Outbox.DeadLetter(2, "k")], CancellationToken.None);
        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.DeadLetters);
        Assert.Null(results[0].Message.Key);
        Assert.Equal(["reason=key-missing", "field=patient ünï"], results[0].Message.Headers.Select(header => $"{header.Key}={Encoding.UTF8.GetString(header.GetValueBytes())}"));
        Assert.Equal("k"u8.ToArray(), results[1].Message.Key);
        Assert.Empty(results[1].Message.Headers);
    }

    [Fact]
    public async Task A_publisher_of_an_older_epoch_is_told_so()
    {
        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None);
        await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
        _journal.Epoch = 2;
        await Assert.ThrowsAsync<PublisherFencedException>(async () => await publisher.PublishAsync([Outbox.Anomaly(2)], CancellationToken.None));
        Assert.Equal(1, await publisher.ReadProgressAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_publisher_that_failed_must_be_opened_anew_and_goes_on_from_the_progress()
    {
        await using KafkaOutputs outputs = Outputs();
        await using IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None);
        await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
        _journal.IsAway = true;
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await publisher.PublishAsync([Outbox.Anomaly(2)], CancellationToken.None));
        _journal.IsAway = false;
        await Assert.ThrowsAsync<OutputsUnavailableException>(async () => await publisher.PublishAsync([Outbox.Anomaly(3)], CancellationToken.None));

        await using IShardPublisher next = await outputs.OpenAsync(0, 1, CancellationToken.None);
        long progress = await next.ReadProgressAsync(CancellationToken.None);
        Assert.Equal(1, progress);
        await next.PublishAsync([Outbox.Anomaly(2), Outbox.Anomaly(3)], CancellationToken.None);
        Assert.Equal(["1", "2", "2", "3"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies).Select(Outbox.Value));
    }

    [Fact]
    public async Task A_broker_that_is_away_makes_publishing_fail_and_later_work()
    {
        await using KafkaOutputs outputs = Outputs(patience: TimeSpan.FromSeconds(2));
        await using (IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None))
        {
            await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
            _ward.Broker.GoDown();
            await Assert.ThrowsAsync<OutputsUnavailableException>(async () => await publisher.PublishAsync([Outbox.Anomaly(2)], CancellationToken.None));
            Assert.Equal(1, await publisher.ReadProgressAsync(CancellationToken.None));
        }

        _ward.Broker.ComeUp();
        await using IShardPublisher next = await outputs.OpenAsync(0, 1, CancellationToken.None);
        await PublishUntilTakenAsync(outputs, [Outbox.Anomaly(2)]);
        Assert.Equal(2, await next.ReadProgressAsync(CancellationToken.None));
        Assert.Equal(["1", "2"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies).Select(Outbox.Value).Distinct());
    }

    [Fact]
    public async Task Estimates_arrive_with_key_value_and_time()
    {
        await using (KafkaOutputs outputs = Outputs())
        {
            for (int i = 0; i < 1000; i++)
                outputs.PublishEstimate(Encoding.UTF8.GetBytes($"default:{i % 10}"), Encoding.UTF8.GetBytes($"v{i}"), 1_700_000_000_000 + i);
        }

        List<ConsumeResult<byte[], byte[]>> results = Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Estimates);
        Assert.Equal(1000, results.Count);
        foreach (ConsumeResult<byte[], byte[]> result in results)
        {
            int number = int.Parse(Outbox.Value(result)[1..], CultureInfo.InvariantCulture);
            Assert.Equal(1_700_000_000_000 + number, result.Message.Timestamp.UnixTimestampMs);
            Assert.Equal($"default:{number % 10}", Encoding.UTF8.GetString(result.Message.Key));
            Assert.Equal(Partitioner.Partition(result.Message.Key, 2), result.Partition.Value);
        }
    }

    [Fact]
    public async Task Estimates_that_find_no_room_are_dropped_and_counted()
    {
        long dropped = 0;
        using var listener = new MeterListener { InstrumentPublished = static (instrument, listener) => Listen(instrument, listener) };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) => Interlocked.Add(ref dropped, value));
        listener.Start();
        _ward.Broker.GoDown();
        await using KafkaOutputs outputs = Outputs(estimateQueue: 100);
        for (int i = 0; i < 250; i++)
            outputs.PublishEstimate("k"u8, "v"u8, i);
        Assert.True(Interlocked.Read(ref dropped) >= 150, $"{dropped} were dropped");
    }

    private static void Listen(Instrument instrument, MeterListener listener)
    {
        if (instrument.Name == "physio.estimates.dropped")
            listener.EnableMeasurementEvents(instrument);
    }

    // The client may need a moment to find the broker again.
    private static async Task PublishUntilTakenAsync(KafkaOutputs outputs, OutboxRow[] rows)
    {
        for (int attempt = 0; ; attempt++)
        {
            await using IShardPublisher publisher = await outputs.OpenAsync(0, 1, CancellationToken.None);
            try
            {
                await publisher.PublishAsync(rows, CancellationToken.None);
                return;
            }
            catch (OutputsUnavailableException) when (attempt < 5)
            {
            }
        }
    }

    private KafkaOutputs Outputs(TimeSpan? patience = null, int estimateQueue = 10_000) => new(
        _ward.Connection,
        new() { Names = _ward.Names, IsDevelopmentBroker = true, Patience = patience ?? TimeSpan.FromSeconds(15), EstimateQueue = estimateQueue },
        _journal, NullLogger<KafkaOutputs>.Instance, TimeProvider.System);
}
