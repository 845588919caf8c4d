using Microsoft.Extensions.Logging.Abstractions;

using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>The development broker accepts transactions without meaning: enough to see that the calls and their settings are right, and what happens when it is away.</summary>
public sealed class TransactionCallsTests : IDisposable
{
    private readonly Ward _ward = new(2);
    private readonly ProgressJournal _journal = new();

    public void Dispose() => _ward.Dispose();

    [Fact]
    public async Task Rows_arrive_in_order_and_the_journal_is_told()
    {
        await using KafkaOutputs outputs = Outputs(TimeSpan.FromSeconds(15));
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        Assert.Equal(0, await publisher.ReadProgressAsync(CancellationToken.None));
        await publisher.PublishAsync([Outbox.Anomaly(1), Outbox.DeadLetter(2, ""), Outbox.Anomaly(3)], CancellationToken.None);
        await publisher.PublishAsync([Outbox.Anomaly(4)], CancellationToken.None);
        Assert.Equal(["1", "3", "4"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies).Select(Outbox.Value));
        Assert.Equal(["2"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.DeadLetters).Select(Outbox.Value));
        Assert.Equal(4, await _journal.ReadPublishedAsync(1, CancellationToken.None));
        Assert.Equal(4, await publisher.ReadProgressAsync(CancellationToken.None));
    }

    [Fact]
    public async Task The_progress_is_taken_back_without_a_message_and_publishing_goes_on()
    {
        await using KafkaOutputs outputs = Outputs(TimeSpan.FromSeconds(15));
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        await publisher.ResetProgressAsync(2, CancellationToken.None);
        await publisher.PublishAsync([Outbox.Anomaly(3)], CancellationToken.None);
        Assert.Equal(["3"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies).Select(Outbox.Value));
    }

    [Fact]
    public async Task A_journal_that_is_away_does_not_undo_what_was_published()
    {
        await using KafkaOutputs outputs = Outputs(TimeSpan.FromSeconds(15));
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        _journal.IsAway = true;
        await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None);
        _journal.IsAway = false;
        await publisher.PublishAsync([Outbox.Anomaly(2)], CancellationToken.None);
        Assert.Equal(["1", "2"], Outbox.ReadAll(_ward.Broker.Bootstrap, _ward.Names.Anomalies).Select(Outbox.Value));
        Assert.Equal(2, await _journal.ReadPublishedAsync(1, CancellationToken.None));
    }

    [Fact]
    public async Task A_broker_that_is_away_makes_opening_and_publishing_fail()
    {
        await using KafkaOutputs outputs = Outputs(TimeSpan.FromSeconds(1));
        await using IShardPublisher publisher = await outputs.OpenAsync(1, 1, CancellationToken.None);
        _ward.Broker.GoDown();
        await Assert.ThrowsAsync<OutputsUnavailableException>(async () => await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None));
        await Assert.ThrowsAsync<OutputsUnavailableException>(async () => await publisher.PublishAsync([Outbox.Anomaly(1)], CancellationToken.None));
        await Assert.ThrowsAsync<OutputsUnavailableException>(async () => await outputs.OpenAsync(0, 1, CancellationToken.None));
        Assert.Equal(0, await _journal.ReadPublishedAsync(1, CancellationToken.None));
    }

    private KafkaOutputs Outputs(TimeSpan patience) => new(
        _ward.Connection, new() { Names = _ward.Names, IsDevelopmentBroker = false, Patience = patience }, _journal, NullLogger<KafkaOutputs>.Instance, TimeProvider.System);
}
