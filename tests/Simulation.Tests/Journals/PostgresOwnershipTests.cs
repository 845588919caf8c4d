using Npgsql;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Postgres;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

#pragma warning disable CA1001 // xunit ends tests with IAsyncLifetime.DisposeAsync.

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>What only a real server can do to a journal: end sessions, hold locks, go away.</summary>
[Collection(PostgresTests.Name)]
public sealed class PostgresOwnershipTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PostgresCase _case = new(postgres);

    public Task InitializeAsync() => NeedsPostgresAttribute.SkipReason is null ? _case.InitializeAsync() : Task.CompletedTask;

    public async Task DisposeAsync() => await _case.DisposeAsync();

    [PostgresFact]
    public async Task A_takeover_ends_an_owner_that_sits_between_guard_and_commit()
    {
        PostgresJournal owner = await _case.NodeAsync(), heir = await _case.NodeAsync();
        await owner.TakeOverAsync(1, None);
        await owner.DisposeAsync();
        await using NpgsqlConnection stopped = await StoppedOwnerAsync(shard: 1);

        ShardRow row = await heir.TakeOverAsync(1, None);
        Assert.Equal((2, 0), (row.Epoch, row.NextOffset));
        Assert.Equal(CommitOutcome.Committed, await heir.CommitAsync(For(row, 1), None));
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("COMMIT", stopped).ExecuteNonQueryAsync());
        Assert.Equal(1, (await heir.ReadAsync(1, None)).NextOffset);
    }

    [PostgresFact]
    public async Task A_takeover_ends_an_owner_that_stopped_in_the_midst_of_sending_entries()
    {
        PostgresJournal owner = await _case.NodeAsync(), heir = await _case.NodeAsync();
        await owner.TakeOverAsync(1, None);
        await owner.DisposeAsync();
        await using NpgsqlConnection stopped = await StoppedOwnerAsync(shard: 1);
        string part = $"journal_{await postgres.RunAsync("SELECT to_char(now() AT TIME ZONE 'UTC', 'YYYYMMDD')")}";
        NpgsqlRawCopyStream copy = await stopped.BeginRawBinaryCopyAsync($"COPY {_case.Schema}.{part} FROM STDIN (FORMAT BINARY)");

        Assert.Equal(2, (await heir.TakeOverAsync(1, None)).Epoch);
        await Assert.ThrowsAnyAsync<Exception>(async () => await copy.DisposeAsync());
    }

    [PostgresFact]
    public async Task A_takeover_ends_the_session_of_its_shard_and_no_other()
    {
        PostgresJournal owner = await _case.NodeAsync(), heir = await _case.NodeAsync();
        ShardRow one = await owner.TakeOverAsync(1, None), two = await owner.TakeOverAsync(2, None);
        await heir.TakeOverAsync(1, None);
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await owner.CommitAsync(For(one, 1), None));
        Assert.Equal(CommitOutcome.Refused, await owner.CommitAsync(For(one, 1), None));
        Assert.Equal(CommitOutcome.Committed, await owner.CommitAsync(For(two, 1), None));
    }

    [PostgresFact]
    public async Task A_new_incarnation_ends_an_owner_that_sits_between_guard_and_commit()
    {
        PostgresJournal owner = await _case.NodeAsync();
        await owner.TakeOverAsync(1, None);
        await owner.DisposeAsync();
        await using NpgsqlConnection stopped = await StoppedOwnerAsync(shard: 1);
        await _case.Administration.BeginIncarnationAsync("two", Partitions, None);
        await Assert.ThrowsAnyAsync<NpgsqlException>(() => new NpgsqlCommand("COMMIT", stopped).ExecuteNonQueryAsync());
    }

    [PostgresFact]
    public async Task A_lost_session_makes_the_commit_unavailable_and_the_row_tells_that_nothing_was_written()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await postgres.RunAsync($"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE application_name = 'physio/{_case.Schema}/1/0'");
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None));
        Assert.Equal(row, await node.ReadAsync(0, None));
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None));
    }

    [PostgresFact]
    public async Task A_lock_that_somebody_else_holds_makes_the_journal_unavailable_for_as_long()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await using (NpgsqlConnection holder = await postgres.ConnectAsync("somebody"))
        {
            await using NpgsqlTransaction transaction = await holder.BeginTransactionAsync();
            await new NpgsqlCommand($"UPDATE {_case.Schema}.shards SET owner = 'somebody'", holder).ExecuteNonQueryAsync();
            await Assert.ThrowsAsync<JournalUnavailableException>(async () => await node.CommitAsync(For(row, 1), None));
            await transaction.RollbackAsync();
        }

        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1), None));
    }

    [PostgresFact]
    public async Task Reading_the_row_waits_for_a_commit_that_is_still_on_its_way()
    {
        PostgresJournal node = await _case.NodeAsync();
        await node.TakeOverAsync(1, None);
        await node.DisposeAsync();
        await using NpgsqlConnection late = await StoppedOwnerAsync(shard: 1);
        ValueTask<ShardRow> read = (await _case.NodeAsync()).ReadAsync(1, None);
        // Once the reader waits for a lock, the commit may end.
        while ((long)(await postgres.RunAsync("SELECT count(*) FROM pg_locks WHERE NOT granted"))! == 0)
            await Task.Yield();
        await new NpgsqlCommand("COMMIT", late).ExecuteNonQueryAsync();
        Assert.Equal(5, (await read).NextOffset);
    }

    [PostgresFact]
    public async Task A_restart_of_the_server_costs_one_call_at_most()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Message(1), None));
        await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => node.RecoverAsync(0, ["a:1"], None).AsTask())); // fills the pool
        await postgres.Cluster.RestartAsync();
        await Assert.ThrowsAsync<JournalUnavailableException>(async () => await node.CommitAsync(For(row with { NextOffset = 1 }, 1, 1), None));
        ShardRow after = await AfterOneFailureAsync(() => node.ReadAsync(0, None));
        Assert.Equal(1, after.NextOffset);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(after, 1).Entry("a:1", 2), None));
        Assert.Equal(2, (await node.RecoverAsync(0, ["a:1"], None))[0].Entries.Count);
    }

    [PostgresFact]
    public async Task A_server_that_crashed_has_everything_that_was_committed()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 2).Entry("a:1", 1).Entry("a:1", 2).Active("a:1").Snapshot("a:1", 1, "one"), None);
        await postgres.Cluster.RestartAsync(PostgresStop.Immediate);
        PatientHistory history = await AfterOneFailureAsync(async () => (await node.RecoverAsync(0, ["a:1"], None))[0]);
        Assert.Equal("a:1: 1=one [2=a:1 2]", Text(history));
        Assert.Equal(2, (await AfterOneFailureAsync(() => node.ReadAsync(0, None))).NextOffset);
    }

    [PostgresFact]
    public async Task While_the_server_is_away_every_call_says_so()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await postgres.Cluster.StopAsync();
        try
        {
            for (int i = 0; i < 2; i++)
            {
                await UnavailableAsync(async () => await node.TakeOverAsync(1, None));
                await UnavailableAsync(async () => await node.CommitAsync(For(row, 1), None));
                await UnavailableAsync(async () => await node.ReadAsync(0, None));
                await UnavailableAsync(async () => await node.RecoverAsync(0, ["a:1"], None));
                await UnavailableAsync(async () => await node.WatchedAsync(0, None));
                await UnavailableAsync(async () => await node.ReadOutboxAsync(0, 0, 1, None));
                await UnavailableAsync(async () => await node.ReadPublishedAsync(0, None));
                await UnavailableAsync(async () => await node.SavePublishedAsync(0, 1, 0, None));
                await UnavailableAsync(async () => await PostgresJournal.OpenAsync(_case.Options(), None));
                await UnavailableAsync(async () => await _case.Administration.ReadLogAsync(None));
            }
        }
        finally
        {
            await postgres.Cluster.RestartAsync();
        }

        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1), None));
        Assert.Equal(1, (await node.TakeOverAsync(1, None)).Epoch);
    }

    [PostgresFact]
    public async Task A_weaker_default_for_commits_is_raised_to_on()
    {
        await using var careless = new PostgresJournalAdministration(postgres.Cluster.ConnectionString + ";Options=-c synchronous_commit=off", _case.Schema);
        DurableSettings settings = await careless.ReadDurableSettingsAsync(None);
        Assert.Equal(("on", "on", "on"), (settings.Fsync, settings.SynchronousCommit, settings.FullPageWrites));
        Assert.NotEmpty(settings.WalSyncMethod);
    }

    [PostgresFact]
    public async Task An_entry_written_twice_is_reported_without_the_patients_key()
    {
        PostgresJournal node = await _case.NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1).Entry("ward:secret", 1).Active("ward:secret"), None);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await node.CommitAsync(For(row with { NextOffset = 1 }, 2).Entry("ward:other", 1).Entry("ward:secret", 1), None));
        Assert.Contains($"entry 1 of the patient with key hash {HashOf("ward:secret")}", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    /// <summary>The state in which a node stopped between guard and COMMIT leaves its session: the row moved to offset 5 and locked, under the name of the shard's session.</summary>
    private async Task<NpgsqlConnection> StoppedOwnerAsync(int shard)
    {
        NpgsqlConnection stopped = await postgres.ConnectAsync($"physio/{_case.Schema}/1/{shard}");
        await new NpgsqlCommand("BEGIN", stopped).ExecuteNonQueryAsync();
        Assert.Equal(1, await new NpgsqlCommand(
            $"UPDATE {_case.Schema}.shards SET next_offset = 5 WHERE generation = 1 AND shard = {shard} AND epoch = 1 AND next_offset = 0", stopped).ExecuteNonQueryAsync());
        return stopped;
    }

    private static string HashOf(string patient) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(patient)).AsSpan(0, 6));

    private static async Task UnavailableAsync(Func<Task> call) => await Assert.ThrowsAsync<JournalUnavailableException>(call);

    // The pool may hold a session that the restart ended, for each of its sessions once.
    private static async Task<T> AfterOneFailureAsync<T>(Func<ValueTask<T>> call)
    {
        try
        {
            return await call();
        }
        catch (JournalUnavailableException)
        {
            return await call();
        }
    }
}
