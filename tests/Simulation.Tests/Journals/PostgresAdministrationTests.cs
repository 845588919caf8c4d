using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

#pragma warning disable CA1001 // xunit ends tests with IAsyncLifetime.DisposeAsync.

namespace PhysioActors.Simulation.Tests.Journals;

[Collection(PostgresTests.Name)]
public sealed class PostgresAdministrationTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PostgresCase _case = new(postgres);

    public Task InitializeAsync() => NeedsPostgresAttribute.SkipReason is null ? _case.InitializeAsync() : Task.CompletedTask;

    public async Task DisposeAsync() => await _case.DisposeAsync();

    [PostgresFact]
    public async Task Several_nodes_may_migrate_at_once_and_again()
    {
        await using var fresh = new PostgresJournalAdministration(postgres.Cluster.ConnectionString, postgres.NewSchema());
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => fresh.MigrateAsync(None).AsTask()));
        await fresh.MigrateAsync(None);
        Assert.Null(await fresh.ReadLogAsync(None));
    }

    [PostgresFact]
    public async Task A_schema_that_is_newer_missing_or_without_a_log_is_refused_with_what_to_do()
    {
        string empty = postgres.NewSchema();
        await using var fresh = new PostgresJournalAdministration(postgres.Cluster.ConnectionString, empty);
        await RefusedAsync("migrate it first", () => OpenAsync(_case.Options() with { Schema = empty }));
        await fresh.MigrateAsync(None);
        await RefusedAsync("begin its first incarnation", () => OpenAsync(_case.Options() with { Schema = empty }));
        await postgres.RunAsync($"INSERT INTO {_case.Schema}.schema_version (version, name) VALUES (999, 'from the future')");
        await RefusedAsync("at version 999", () => OpenAsync(_case.Options()));
        await RefusedAsync("at version 999", async () => await _case.Administration.MigrateAsync(None));
    }

    [PostgresFact]
    public async Task A_node_for_another_log_is_refused_when_it_opens()
    {
        LogIncarnationException error = await Assert.ThrowsAsync<LogIncarnationException>(() => OpenAsync(_case.Options(incarnation: "other")));
        Assert.Contains("'one'", error.Message, StringComparison.Ordinal);
        Assert.Contains("'other'", error.Message, StringComparison.Ordinal);
        await RefusedAsync("the inbound topic has 8", () => OpenAsync(_case.Options(partitions: 8)));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => OpenAsync(_case.Options(partitions: 3)));
        await Assert.ThrowsAsync<ArgumentException>(() => OpenAsync(_case.Options() with { Schema = "x; DROP TABLE y" }));
    }

    [PostgresFact]
    public async Task Beginning_the_incarnation_in_force_changes_nothing()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 7), None);
        Assert.Equal(new JournalLog("one", Partitions, 1), await _case.Administration.BeginIncarnationAsync("one", Partitions, None));
        Assert.Equal(7, (await node.ReadAsync(0, None)).NextOffset);
        Assert.Equal(1, (await node.ReadAsync(0, None)).Epoch);
        await RefusedAsync("cannot change within", async () => await _case.Administration.BeginIncarnationAsync("one", 8, None));
    }

    [PostgresFact]
    public async Task Another_number_of_partitions_waits_for_an_empty_outbox_and_begins_a_generation()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Message(1), None);
        await RefusedAsync("not published yet", async () => await _case.Administration.BeginIncarnationAsync("two", 2, None));
        await node.SavePublishedAsync(0, row.Epoch, 1, None);
        Assert.Equal(new JournalLog("two", 2, 2), await _case.Administration.BeginIncarnationAsync("two", 2, None));

        await using PostgresJournal next = await PostgresJournal.OpenAsync(_case.Options("two", partitions: 2), None);
        Assert.Equal(new ShardRow(0, 1, 0, 0, 0, default), await next.TakeOverAsync(0, None));
        Assert.Equal("a:1: 0= [1=a:1 1]", Text((await next.RecoverAsync(0, ["a:1"], None))[0]));
        Assert.Equal([new("a:1", true, 0)], await next.WatchedAsync(0, None));
    }

    [PostgresFact]
    public async Task A_loss_is_recorded_once_by_the_owner_alone_and_moves_the_offset()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(3, None);
        await node.CommitAsync(For(row, 10), None);
        Assert.False(await _case.Administration.RecordLossAsync(3, 2, 10, 25, None));
        Assert.False(await _case.Administration.RecordLossAsync(3, 1, 9, 25, None));
        Assert.True(await _case.Administration.RecordLossAsync(3, 1, 10, 25, None));
        Assert.False(await _case.Administration.RecordLossAsync(3, 1, 10, 25, None));
        Assert.Equal(25, (await node.ReadAsync(3, None)).NextOffset);
        JournalLoss loss = Assert.Single(await _case.Administration.ReadLossesAsync(10, None));
        Assert.Equal((3, 1L, 10L, 25L, "one"), (loss.Shard, loss.Epoch, loss.Wanted, loss.First, loss.Incarnation));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _case.Administration.RecordLossAsync(3, 1, 25, 25, None));
    }

    [PostgresFact]
    public async Task All_shards_patients_and_single_histories_can_be_read_by_operators()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(1, None);
        await node.TakeOverAsync(2, None);
        await node.CommitAsync(For(row, 4, outboxSequence: 1).Entry("a:1", 1).Entry("a:1", 2).Entry("a:1", 3).Entry("b:2", 1).Active("a:1").Active("b:2")
            .Snapshot("a:1", 2, "two", active: false, deadlineMs: 9).Message(1), None);
        await node.SavePublishedAsync(1, 1, 1, None);

        IReadOnlyList<OwnedShard> shards = await _case.Administration.ReadAllShardsAsync(None);
        Assert.Equal([(1, 4L, 1L, "node 1"), (2, 0L, 0L, "node 1")], shards.Select(shard => (shard.Row.Shard, shard.Row.NextOffset, shard.Published, shard.Owner)));

        JournaledPatient patient = (await _case.Administration.ReadPatientAsync("a:1", 2, None))!;
        Assert.Equal((false, 9L, 2L, "two"), (patient.Active, patient.DeadlineMs, patient.SnapshotSequence, Text(patient.Snapshot)));
        Assert.Equal(["2=a:1 2", "3=a:1 3"], patient.Entries.Select(entry => $"{entry.Entry.Sequence}={Text(entry.Entry.Payload)}"));
        Assert.Equal(patient.SnapshotDay, patient.Entries[0].Day);
        Assert.Null(await _case.Administration.ReadPatientAsync("never:seen", 2, None));

        Assert.Equal(2, await _case.Administration.CountPatientsAsync(None));
        Assert.Equal(["a:1"], await _case.Administration.ReadPatientKeysAsync("", 1, None));
        Assert.Equal(["b:2"], await _case.Administration.ReadPatientKeysAsync("a:1", 10, None));
    }

    private async Task OpenAsync(PostgresJournalOptions options) => await (await PostgresJournal.OpenAsync(options, None)).DisposeAsync();

    private static async Task RefusedAsync(string reason, Func<Task> call) =>
        Assert.Contains(reason, (await Assert.ThrowsAsync<InvalidOperationException>(call)).Message, StringComparison.Ordinal);
}
