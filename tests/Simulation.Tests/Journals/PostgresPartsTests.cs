using Npgsql;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

#pragma warning disable CA1001 // xunit ends tests with IAsyncLifetime.DisposeAsync.

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>The parts of the journal by day, with a clock that the test moves.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresPartsTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CommitClock Clock = new("(SELECT day FROM test_clock)", "(SELECT hour FROM test_clock)");

    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PostgresCase _case = new(postgres);
    private DateOnly _today;

    public async Task InitializeAsync()
    {
        if (NeedsPostgresAttribute.SkipReason is not null)
            return;
        await _case.InitializeAsync();
        await postgres.RunAsync($"CREATE TABLE {_case.Schema}.test_clock AS SELECT (now() AT TIME ZONE 'UTC')::date AS day, floor(extract(epoch FROM now()) / 3600)::integer AS hour");
        _today = (DateOnly)(await postgres.RunAsync($"SELECT day FROM {_case.Schema}.test_clock"))!;
    }

    public async Task DisposeAsync() => await _case.DisposeAsync();

    [PostgresFact]
    public async Task The_parts_of_today_and_tomorrow_are_there_before_they_are_needed()
    {
        await SetClockAsync(_today.AddDays(-50));
        PostgresJournal node = await _case.NodeAsync(clock: Clock);
        Assert.Equal([Part(-50), Part(-49)], await PartsAsync());
        ShardRow row = await node.TakeOverAsync(0, None);
        await SetClockAsync(_today.AddDays(-49));
        await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None);
        await node.CommitAsync(For(row with { NextOffset = 1 }, 1).Entry("a:1", 2), None);
        Assert.Equal([Part(-50), Part(-49), Part(-48)], await PartsAsync());
    }

    [PostgresFact]
    public async Task Days_pass_jump_and_go_back_and_every_patient_is_recovered_whole()
    {
        PostgresJournal node = await _case.NodeAsync(clock: Clock);
        ShardRow row = await node.TakeOverAsync(0, None);
        int[] days = [-60, -59, -59, -58, -40, -41, -40, 0];
        for (int i = 0; i < days.Length; i++)
        {
            await SetClockAsync(_today.AddDays(days[i]));
            ShardBatch batch = For(row with { NextOffset = i }, 1).Entry("a:1", i + 1).Entry("b:2", i + 1);
            if (i == 0)
                batch.Active("a:1").Active("b:2");
            if (i == 4)
                batch.Snapshot("a:1", 5, "five");
            Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(batch, None));
        }

        IReadOnlyList<PatientHistory> histories = await node.RecoverAsync(0, ["a:1", "b:2"], None);
        Assert.Equal("a:1: 5=five [6=a:1 6, 7=a:1 7, 8=a:1 8]", Text(histories[0]));
        Assert.Equal(Enumerable.Range(1, 8).Select(i => (long)i), histories[1].Entries.Select(entry => entry.Sequence));
    }

    [PostgresFact]
    public async Task Recovery_behind_a_snapshot_does_not_look_into_older_parts()
    {
        PostgresJournal node = await _case.NodeAsync(clock: Clock);
        ShardRow row = await node.TakeOverAsync(0, None);
        await SetClockAsync(_today.AddDays(-30));
        await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None);
        await SetClockAsync(_today);
        await node.CommitAsync(For(row with { NextOffset = 1 }, 1).Entry("a:1", 2).Snapshot("a:1", 1, "one"), None);
        // Would be a gap if it were seen.
        await postgres.RunAsync($"INSERT INTO {_case.Schema}.{Part(-30)} (patient, sequence, slot, day, payload) VALUES ('a:1', 9, 0, '{_today.AddDays(-30):yyyy-MM-dd}', '')");
        Assert.Equal("a:1: 1=one [2=a:1 2]", Text((await node.RecoverAsync(0, ["a:1"], None))[0]));
    }

    [PostgresFact]
    public async Task Many_nodes_make_the_same_parts_at_once()
    {
        await SetClockAsync(_today.AddDays(-20));
        PostgresJournal[] nodes = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => PostgresJournal.OpenAsync(_case.Options(), Clock, None).AsTask()));
        Assert.Equal([Part(-20), Part(-19)], await PartsAsync());
        foreach (PostgresJournal node in nodes)
            await node.DisposeAsync();
    }

    [PostgresFact]
    public async Task An_old_part_goes_only_when_every_patient_in_it_has_a_later_snapshot()
    {
        PostgresJournal node = await _case.NodeAsync(clock: Clock);
        ShardRow row = await node.TakeOverAsync(0, None);
        await SetClockAsync(_today.AddDays(-40));
        await node.CommitAsync(For(row, 3).Entry("a:1", 1).Entry("b:2", 1).Entry("b:2", 2).Active("a:1").Active("b:2").Snapshot("b:2", 1, "one"), None);
        await SetClockAsync(_today.AddDays(-31));
        await node.CommitAsync(For(row with { NextOffset = 3 }, 1).Entry("b:2", 3), None);
        await SetClockAsync(_today.AddDays(-30));
        await node.CommitAsync(For(row with { NextOffset = 4 }, 1).Entry("b:2", 4).Snapshot("b:2", 4, "four"), None);

        RetentionResult result = await _case.Administration.DropOldPartsAsync(30, None);
        Assert.Equal([new KeptPart(_today.AddDays(-40), 1)], result.Kept);
        Assert.Contains(_today.AddDays(-31), result.Dropped);
        Assert.Contains(Part(-30), await PartsAsync());
        Assert.Equal(["a:1: 0= [1=a:1 1]", "b:2: 4=four []"], (await node.RecoverAsync(0, ["a:1", "b:2"], None)).Select(Text));

        await node.CommitAsync(For(row with { NextOffset = 5 }, 1).Snapshot("a:1", 1, "a's"), None);
        result = await _case.Administration.DropOldPartsAsync(30, None);
        Assert.Empty(result.Kept);
        Assert.Equal([_today.AddDays(-40)], result.Dropped);
        Assert.Equal(["a:1: 1=a's []", "b:2: 4=four []"], (await node.RecoverAsync(0, ["a:1", "b:2"], None)).Select(Text));
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(async () => await _case.Administration.DropOldPartsAsync(1, None));
    }

    [PostgresFact]
    public async Task An_hour_of_samples_goes_as_soon_as_every_patient_in_it_has_a_later_snapshot()
    {
        PostgresJournal node = await _case.NodeAsync(clock: Clock);
        ShardRow row = await node.TakeOverAsync(0, None);
        int now = (int)(await postgres.RunAsync($"SELECT hour FROM {_case.Schema}.test_clock"))!;
        await SetHourAsync(now - 3);
        await node.CommitAsync(For(row, 2).Sampled("a:1", 1, "three hours ago").Sampled("b:2", 1, "too").Active("a:1").Active("b:2").Snapshot("b:2", 1, "one"), None);
        await SetHourAsync(now - 1);
        await node.CommitAsync(For(row with { NextOffset = 2 }, 1).Sampled("a:1", 2, "an hour ago"), None);
        // Only the hour between goes, which was made ahead and never used.
        Assert.Equal(1, (await _case.Administration.DropOldPartsAsync(30, None)).ChunkParts);
        Assert.Equal("a:1: 0= [1=a:1 1~three hours ago, 2=a:1 2~an hour ago]", Text((await node.RecoverAsync(0, ["a:1"], None))[0]));

        await SetHourAsync(now);
        await node.CommitAsync(For(row with { NextOffset = 3 }, 1).Entry("a:1", 3).Snapshot("a:1", 2, "two"), None);
        Assert.Equal(1, (await _case.Administration.DropOldPartsAsync(30, None)).ChunkParts);
        Assert.Equal([$"chunks_{now - 1}", $"chunks_{now}"], (string[])(await postgres.RunAsync(
            $"SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '{_case.Schema}.chunks'::regclass"))!);
        Assert.Equal("a:1: 2=two [3=a:1 3]", Text((await node.RecoverAsync(0, ["a:1"], None))[0]));
    }

    [PostgresFact]
    public async Task Nodes_that_look_for_old_parts_at_once_do_not_disturb_each_other()
    {
        await SetClockAsync(_today.AddDays(-40));
        for (int round = 0; round < 5; round++)
        {
            PostgresJournal node = await _case.NodeAsync(clock: Clock);
            RetentionResult[] results = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => _case.Administration.DropOldPartsAsync(30, None).AsTask()));
            Assert.Equal([_today.AddDays(-40), _today.AddDays(-39)], results.SelectMany(result => result.Dropped).Distinct().Order());
            Assert.Equal(2, results.Sum(result => result.Dropped.Count));
            await node.DisposeAsync();
        }
    }

    [PostgresFact]
    public async Task While_another_drops_parts_nothing_is_done()
    {
        await SetClockAsync(_today.AddDays(-40));
        await _case.NodeAsync(clock: Clock);
        await using (NpgsqlConnection other = await postgres.ConnectAsync("another node"))
        {
            await using var hold = new NpgsqlCommand($"SELECT pg_advisory_lock(hashtextextended('{_case.Schema}.journal retention', 0))", other);
            await hold.ExecuteNonQueryAsync();
            RetentionResult result = await _case.Administration.DropOldPartsAsync(30, None);
            Assert.Empty(result.Dropped);
            Assert.Empty(result.Kept);
            await using var release = new NpgsqlCommand("SELECT pg_advisory_unlock_all()", other);
            await release.ExecuteNonQueryAsync();
        }

        Assert.Equal(2, (await _case.Administration.DropOldPartsAsync(30, None)).Dropped.Count);
    }

    private async Task SetClockAsync(DateOnly day) => await postgres.RunAsync($"UPDATE {_case.Schema}.test_clock SET day = '{day:yyyy-MM-dd}'");

    private async Task SetHourAsync(int hour) => await postgres.RunAsync($"UPDATE {_case.Schema}.test_clock SET hour = {hour}");

    private string Part(int days) => $"journal_{_today.AddDays(days):yyyyMMdd}";

    private async Task<string[]> PartsAsync() => (string[])(await postgres.RunAsync(
        $"SELECT array_agg(c.relname::text ORDER BY c.relname) FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = '{_case.Schema}.journal'::regclass"))!;
}
