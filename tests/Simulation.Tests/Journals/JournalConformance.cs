using PhysioActors.Processing.Runtime;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>What every journal promises. Each test begins with an empty journal for incarnation <c>one</c> of a log with <see cref="TestBatch.Partitions"/> partitions.</summary>
public abstract class JournalConformance
{
    protected static readonly CancellationToken None = CancellationToken.None;

    /// <summary>A node that reads an incarnation of the log.</summary>
    protected abstract Task<IJournal> NodeAsync(string incarnation = "one");

    protected abstract Task BeginIncarnationAsync(string incarnation);

    [JournalFact]
    public async Task The_first_takeover_makes_the_row_with_epoch_1_and_offset_0()
    {
        IJournal node = await NodeAsync();
        Assert.Equal(new ShardRow(2, 1, 0, 0, 0, default), await node.TakeOverAsync(2, None));
    }

    [JournalFact]
    public async Task Every_takeover_raises_the_epoch_of_its_shard_alone()
    {
        IJournal one = await NodeAsync(), two = await NodeAsync();
        await one.TakeOverAsync(0, None);
        await one.TakeOverAsync(1, None);
        Assert.Equal(2, (await two.TakeOverAsync(0, None)).Epoch);
        Assert.Equal(3, (await two.TakeOverAsync(0, None)).Epoch);
        Assert.Equal(1, (await one.ReadAsync(1, None)).Epoch);
    }

    [JournalFact]
    public async Task A_shard_that_was_never_owned_reads_as_epoch_0()
    {
        IJournal node = await NodeAsync();
        Assert.Equal(new ShardRow(3, 0, 0, 0, 0, default), await node.ReadAsync(3, None));
    }

    [JournalFact]
    public async Task A_commit_moves_the_row_and_adds_to_the_counters()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(1, None);
        ShardBatch batch = For(row, 28, outboxSequence: 2).Message(1).Message(2, OutboxKind.DeadLetter);
        batch.LogTimeMs = 5_000;
        batch.Counters = new(1, 2, 3, 4, 5, 6, 7);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(batch, None));
        Assert.Equal(new ShardRow(1, 1, 28, 2, 5_000, new(1, 2, 3, 4, 5, 6, 7)), await node.ReadAsync(1, None));

        row = await node.ReadAsync(1, None);
        batch = For(row, 280);
        batch.LogTimeMs = 6_000;
        batch.Counters = new(10, 20, 30, 40, 50, 60, 70);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(batch, None));
        Assert.Equal(new ShardRow(1, 1, 308, 2, 6_000, new(11, 22, 33, 44, 55, 66, 77)), await node.ReadAsync(1, None));
        Assert.Equal(new ShardRow(1, 2, 308, 2, 6_000, new(11, 22, 33, 44, 55, 66, 77)), await node.TakeOverAsync(1, None));
    }

    [JournalFact]
    public async Task A_commit_under_an_older_epoch_is_refused_and_writes_nothing()
    {
        IJournal zombie = await NodeAsync(), owner = await NodeAsync();
        ShardRow old = await zombie.TakeOverAsync(0, None);
        await owner.TakeOverAsync(0, None);
        await RefusedAsync(zombie, For(old, 3, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Snapshot("a:1", 1, "state").Message(1));
    }

    [JournalFact]
    public async Task A_commit_under_a_newer_epoch_is_refused_and_writes_nothing()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await RefusedAsync(node, For(row with { Epoch = 2 }, 3).Entry("a:1", 1).Active("a:1"));
    }

    [JournalFact]
    public async Task A_commit_that_starts_elsewhere_than_the_next_offset_is_refused_and_writes_nothing()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 10), None);
        foreach (long from in new long[] { 0, 9, 11 })
            await RefusedAsync(node, For(row with { NextOffset = from }, 5, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Snapshot("a:1", 1, "state").Message(1));
    }

    [JournalFact]
    public async Task A_commit_to_a_shard_that_was_never_taken_over_is_refused()
    {
        IJournal node = await NodeAsync();
        await RefusedAsync(node, For(new ShardRow(0, 0, 0, 0, 0, default), 1).Entry("a:1", 1).Active("a:1"));
    }

    [JournalFact]
    public async Task A_repeated_commit_is_refused()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        ShardBatch batch = For(row, 1).Entry("a:1", 1).Active("a:1");
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(batch, None));
        Assert.Equal(CommitOutcome.Refused, await node.CommitAsync(batch, None));
        Assert.Single((await node.RecoverAsync(0, ["a:1"], None))[0].Entries);
    }

    [JournalFact]
    public async Task A_refused_node_can_take_over_and_go_on()
    {
        IJournal node = await NodeAsync();
        ShardRow old = await node.TakeOverAsync(0, None);
        await (await NodeAsync()).TakeOverAsync(0, None);
        await EventuallyRefusedAsync(node, For(old, 1));
        ShardRow row = await node.TakeOverAsync(0, None);
        Assert.Equal(3, row.Epoch);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1), None));
    }

    [JournalFact]
    public async Task Recovery_gives_the_latest_snapshot_and_all_later_entries_of_each_patient_in_the_order_asked()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(1, None);
        await node.CommitAsync(For(row, 5).Entry("a:1", 1).Entry("b:2", 1).Entry("a:1", 2).Entry("c:3", 1).Entry("a:1", 3)
            .Active("a:1").Active("b:2").Active("c:3").Snapshot("a:1", 2, "two"), None);
        await node.CommitAsync(For(row with { NextOffset = 5 }, 3).Entry("a:1", 4).Entry("b:2", 2).Entry("a:1", 5).Snapshot("a:1", 4, "four").Snapshot("c:3", 1, "one"), None);

        Assert.Equal(
            ["never:seen: 0= []", "c:3: 1=one []", "a:1: 4=four [5=a:1 5]", "b:2: 0= [1=b:2 1, 2=b:2 2]"],
            (await node.RecoverAsync(1, ["never:seen", "c:3", "a:1", "b:2"], None)).Select(Text));
        Assert.Empty(await node.RecoverAsync(1, [], None));
    }

    [JournalFact]
    public async Task Samples_come_back_with_their_entries_until_a_snapshot_holds_them()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 4).Sampled("a:1", 1, "ecg 1").Entry("a:1", 2).Entry("b:2", 1).Sampled("a:1", 3, "ecg 3").Active("a:1").Active("b:2"), None);
        Assert.Equal(["a:1: 0= [1=a:1 1~ecg 1, 2=a:1 2, 3=a:1 3~ecg 3]", "b:2: 0= [1=b:2 1]"], (await node.RecoverAsync(0, ["a:1", "b:2"], None)).Select(Text));
        string large = new('x', 300_000);
        await node.CommitAsync(For(row with { NextOffset = 4 }, 2).Sampled("a:1", 4, large).Snapshot("a:1", 2, "two").Sampled("a:1", 5, "ecg 5"), None);
        Assert.Equal([$"a:1: 2=two [3=a:1 3~ecg 3, 4=a:1 4~{large}, 5=a:1 5~ecg 5]"], (await node.RecoverAsync(0, ["a:1"], None)).Select(Text));
    }

    [JournalFact]
    public async Task What_was_committed_does_not_change_when_the_batch_is_used_again()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        byte[] state = [1, 2, 3], value = [4, 5, 6];
        ShardBatch batch = For(row, 1, outboxSequence: 1).Entry("a:1", 1, "first").Active("a:1");
        batch.Append(new ShardBatch.SnapshotRow("b:2", SlotOf(0, "b:2"), 0, state, true, null));
        batch.Append(new OutboxRow(1, OutboxKind.Anomaly, value, value, value));
        await node.CommitAsync(batch, None);
        batch.Clear();
        batch.Entry("a:1", 2, "OTHER");
        state[0] = value[0] = 99;

        IReadOnlyList<PatientHistory> histories = await node.RecoverAsync(0, ["a:1", "b:2"], None);
        Assert.Equal("first", Text(histories[0].Entries[0].Payload));
        Assert.Equal([1, 2, 3], histories[1].Snapshot.ToArray());
        Assert.Equal([4, 5, 6], (await node.ReadOutboxAsync(0, 0, 1, None))[0].Value.ToArray());
    }

    [JournalFact]
    public async Task A_gap_in_a_patients_entries_is_shown_as_it_is_and_hides_no_other_patient()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 3).Entry("a:1", 1).Entry("a:1", 3).Entry("b:2", 1).Active("a:1").Active("b:2"), None);
        Assert.Equal(["a:1: 0= [1=a:1 1, 3=a:1 3]", "b:2: 0= [1=b:2 1]"], (await node.RecoverAsync(0, ["a:1", "b:2"], None)).Select(Text));
    }

    [JournalFact]
    public async Task An_entry_that_is_in_the_journal_already_is_an_error_and_nothing_is_written()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None);
        row = await node.ReadAsync(0, None);
        InvalidOperationException error = await Assert.ThrowsAsync<InvalidOperationException>(
            async () => await node.CommitAsync(For(row, 2).Entry("b:2", 1).Entry("a:1", 1).Active("b:2"), None));
        Assert.Contains("entry 1", error.Message, StringComparison.Ordinal);
        Assert.Equal(row, await node.ReadAsync(0, None));
        Assert.Empty((await node.RecoverAsync(0, ["b:2"], None))[0].Entries);
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1).Entry("a:1", 2), None));
    }

    [JournalFact]
    public async Task An_outbox_row_that_is_in_the_journal_already_is_an_error_and_nothing_is_written()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 1).Message(1), None);
        row = await node.ReadAsync(0, None);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.CommitAsync(For(row, 1, outboxSequence: 2).Entry("a:1", 1).Active("a:1").Message(1).Message(2), None));
        Assert.Equal(row, await node.ReadAsync(0, None));
        Assert.Empty((await node.RecoverAsync(0, ["a:1"], None))[0].Entries);
    }

    [JournalFact]
    public async Task A_slot_of_another_shard_is_refused_before_anything_is_written()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        ShardBatch wrongEntry = For(row, 1);
        wrongEntry.Append("a:1", 1, 1, [1]);
        await Assert.ThrowsAsync<ArgumentException>(async () => await node.CommitAsync(wrongEntry, None));
        ShardBatch wrongSnapshot = For(row, 1);
        wrongSnapshot.Append(new ShardBatch.SnapshotRow("a:1", 4096, 1, new byte[] { 1 }, true, null));
        await Assert.ThrowsAsync<ArgumentException>(async () => await node.CommitAsync(wrongSnapshot, None));
        Assert.Equal(row, await node.ReadAsync(0, None));
    }

    [JournalFact]
    public async Task A_patient_that_becomes_active_without_an_entry_is_refused()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await Assert.ThrowsAsync<ArgumentException>(async () => await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("b:2"), None));
        Assert.Equal(row, await node.ReadAsync(0, None));
    }

    [JournalFact]
    public async Task Shards_outside_the_log_and_too_many_patients_at_once_are_refused()
    {
        IJournal node = await NodeAsync();
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await node.TakeOverAsync(Partitions, None));
        await Assert.ThrowsAnyAsync<ArgumentException>(async () => await node.ReadAsync(-1, None));
        string[] many = [.. Enumerable.Range(0, RuntimeLimits.RecoveryBatch + 1).Select(i => $"a:{i}")];
        await Assert.ThrowsAsync<ArgumentException>(async () => await node.RecoverAsync(0, many, None));
        Assert.Equal(RuntimeLimits.RecoveryBatch, (await node.RecoverAsync(0, many[1..], None)).Count);
    }

    [JournalFact]
    public async Task Watched_are_active_patients_and_passivated_ones_with_a_deadline()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(1, None);
        await (await NodeAsync()).TakeOverAsync(2, None);
        Assert.Empty(await node.WatchedAsync(1, None));

        await node.CommitAsync(For(row, 3).Entry("a:1", 1).Entry("b:22", 1).Entry("c:333", 1).Active("a:1").Active("b:22").Active("c:333"), None);
        Assert.Equal([new("a:1", true, 0), new("b:22", true, 0), new("c:333", true, 0)], await node.WatchedAsync(1, None));

        await node.CommitAsync(For(row with { NextOffset = 3 }, 1)
            .Snapshot("a:1", 1, "a", active: false, deadlineMs: 77).Snapshot("b:22", 1, "b", active: false).Snapshot("c:333", 1, "c"), None);
        Assert.Equal([new("a:1", false, 77), new("c:333", true, 0)], await node.WatchedAsync(1, None));

        await node.CommitAsync(For(row with { NextOffset = 4 }, 2).Entry("a:1", 2).Entry("b:22", 2).Active("a:1").Active("b:22"), None);
        Assert.Equal([new("a:1", true, 0), new("b:22", true, 0), new("c:333", true, 0)], await node.WatchedAsync(1, None));
        Assert.Empty(await node.WatchedAsync(2, None));
        Assert.Equal("a:1: 1=a [2=a:1 2]", Text((await node.RecoverAsync(1, ["a:1"], None))[0]));
    }

    [JournalFact]
    public async Task A_patient_that_comes_and_leaves_within_a_batch_has_left()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 2).Entry("a:1", 1).Active("a:1").Snapshot("a:1", 1, "gone", active: false, deadlineMs: 5), None);
        Assert.Equal([new("a:1", false, 5)], await node.WatchedAsync(0, None));
    }

    [JournalFact]
    public async Task Outbox_rows_come_in_order_behind_a_sequence_and_up_to_a_limit()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        Assert.Empty(await node.ReadOutboxAsync(0, 0, 10, None));
        await node.CommitAsync(For(row, 1, outboxSequence: 3).Message(1).Message(2, OutboxKind.DeadLetter).Message(3), None);
        await node.CommitAsync(For(row with { NextOffset = 1 }, 1, outboxSequence: 5).Message(4).Message(5), None);

        Assert.Equal(
            ["1 Anomaly key 1 value 1 headers 1", "2 DeadLetter key 2 value 2 headers 2"], (await node.ReadOutboxAsync(0, 0, 2, None)).Select(Text));
        Assert.Equal([4, 5], (await node.ReadOutboxAsync(0, 3, 10, None)).Select(message => message.Sequence));
        Assert.Empty(await node.ReadOutboxAsync(0, 5, 10, None));
        Assert.Empty(await node.ReadOutboxAsync(1, 0, 10, None));
    }

    [JournalFact]
    public async Task A_gap_in_the_outbox_is_an_error()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 3).Message(1).Message(3), None);
        await Assert.ThrowsAsync<InvalidDataException>(async () => await node.ReadOutboxAsync(0, 0, 10, None));
        await Assert.ThrowsAsync<InvalidDataException>(async () => await node.ReadOutboxAsync(0, 1, 10, None));
    }

    [JournalFact]
    public async Task Empty_keys_and_headers_stay_empty()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        ShardBatch batch = For(row, 1, outboxSequence: 1);
        batch.Append(new OutboxRow(1, OutboxKind.DeadLetter, default, new byte[] { 0, 255 }, default));
        await node.CommitAsync(batch, None);
        OutboxRow read = Assert.Single(await node.ReadOutboxAsync(0, 0, 10, None));
        Assert.True(read.Key.IsEmpty);
        Assert.Equal([0, 255], read.Value.ToArray());
        Assert.True(read.Headers.IsEmpty);
    }

    [JournalFact]
    public async Task Publishing_progress_removes_rows_and_never_goes_back()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 4).Message(1).Message(2).Message(3).Message(4), None);
        Assert.Equal(0, await node.ReadPublishedAsync(0, None));
        Assert.True(await node.SavePublishedAsync(0, row.Epoch, 3, None));
        Assert.Equal(3, await node.ReadPublishedAsync(0, None));
        Assert.Equal([4], (await node.ReadOutboxAsync(0, 0, 10, None)).Select(message => message.Sequence));
        Assert.True(await node.SavePublishedAsync(0, row.Epoch, 2, None));
        Assert.Equal(3, await node.ReadPublishedAsync(0, None));
        Assert.Equal([4], (await node.ReadOutboxAsync(0, 3, 10, None)).Select(message => message.Sequence));
        Assert.Equal(4, (await node.ReadAsync(0, None)).OutboxSequence);
    }

    [JournalFact]
    public async Task Publishing_progress_under_an_older_epoch_changes_nothing()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 2).Message(1).Message(2), None);
        await (await NodeAsync()).TakeOverAsync(0, None);
        Assert.False(await node.SavePublishedAsync(0, row.Epoch, 2, None));
        Assert.False(await node.SavePublishedAsync(3, 1, 0, None));
        Assert.Equal(0, await node.ReadPublishedAsync(0, None));
        Assert.Equal(2, (await node.ReadOutboxAsync(0, 0, 10, None)).Count);
    }

    [JournalFact]
    public async Task Publishing_progress_beyond_what_was_decided_is_an_error()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        await node.CommitAsync(For(row, 1, outboxSequence: 1).Message(1), None);
        await Assert.ThrowsAsync<InvalidOperationException>(async () => await node.SavePublishedAsync(0, row.Epoch, 2, None));
        Assert.Equal(0, await node.ReadPublishedAsync(0, None));
        Assert.Single(await node.ReadOutboxAsync(0, 0, 10, None));
    }

    [JournalFact]
    public async Task A_large_batch_with_odd_keys_and_payloads_is_read_back_as_it_was()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(3, None);
        ShardBatch batch = For(row, RuntimeLimits.BatchRecords);
        var random = new Random(1);
        string[] patients = [.. Enumerable.Range(0, 500).Select(i => $"stätiön {i} 病\u0001:" + new string('x', i % 90))];
        var expected = new Dictionary<(string, long), byte[]>();
        for (int i = 0; i < RuntimeLimits.BatchRecords; i++)
        {
            string patient = patients[i % patients.Length];
            long sequence = (i / patients.Length) + 1;
            // Now and then none at all, about the size of the copy's buffer, or larger.
            var payload = new byte[(i % 1000) switch { 7 => 0, 8 => (128 << 10) - 60, 9 => 300_000, _ => random.Next(40, 120) }];
            random.NextBytes(payload);
            expected[(patient, sequence)] = payload;
            batch.Append(patient, SlotOf(3, patient), sequence, payload);
            if (sequence == 1)
                batch.Activate(patient);
        }

        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(batch, None));
        IReadOnlyList<PatientHistory> histories = await node.RecoverAsync(3, patients, None);
        Assert.Equal(RuntimeLimits.BatchRecords, histories.Sum(history => history.Entries.Count));
        foreach (PatientHistory history in histories)
            Assert.All(history.Entries, entry => Assert.Equal(expected[(history.Patient, entry.Sequence)], entry.Payload.ToArray()));
        Assert.Equal(patients.Order(StringComparer.Ordinal), (await node.WatchedAsync(3, None)).Select(watched => watched.Patient).Order(StringComparer.Ordinal));
    }

    [JournalFact]
    public async Task A_new_incarnation_begins_at_offset_0_under_raised_epochs_and_keeps_everything_else()
    {
        IJournal old = await NodeAsync();
        ShardRow row = await old.TakeOverAsync(0, None);
        await old.CommitAsync(For(row, 9, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Message(1), None);
        ShardRow before = await old.ReadAsync(0, None);
        await BeginIncarnationAsync("two");

        await EventuallyRefusedAsync(old, For(before, 1).Entry("a:1", 2));
        await EventuallyRefusedAsync(old, For(before with { NextOffset = 0 }, 1).Entry("a:1", 2));
        await Assert.ThrowsAsync<LogIncarnationException>(async () => await old.TakeOverAsync(0, None));

        IJournal node = await NodeAsync("two");
        Assert.Equal(before with { Epoch = 3, NextOffset = 0 }, await node.TakeOverAsync(0, None));
        Assert.Equal("a:1: 0= [1=a:1 1]", Text((await node.RecoverAsync(0, ["a:1"], None))[0]));
        Assert.Single(await node.ReadOutboxAsync(0, 0, 10, None));
    }

    [JournalFact]
    public async Task A_cancelled_call_ends_as_cancelled_and_the_next_one_works()
    {
        IJournal node = await NodeAsync();
        ShardRow row = await node.TakeOverAsync(0, None);
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), cancelled.Token));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () => await node.RecoverAsync(0, ["a:1"], cancelled.Token));
        Assert.Equal(CommitOutcome.Committed, await node.CommitAsync(For(row, 1).Entry("a:1", 1).Active("a:1"), None));
    }

    /// <summary>A node whose session was ended by the new owner learns that first; its next try must be refused.</summary>
    protected static async Task EventuallyRefusedAsync(IJournal node, ShardBatch batch)
    {
        try
        {
            Assert.Equal(CommitOutcome.Refused, await node.CommitAsync(batch, None));
        }
        catch (JournalUnavailableException)
        {
            Assert.Equal(CommitOutcome.Refused, await node.CommitAsync(batch, None));
        }
    }

    private static async Task RefusedAsync(IJournal node, ShardBatch batch)
    {
        ShardRow before = await node.ReadAsync(batch.Shard, None);
        await EventuallyRefusedAsync(node, batch);
        Assert.Equal(before, await node.ReadAsync(batch.Shard, None));
        Assert.Equal("a:1: 0= []", Text((await node.RecoverAsync(batch.Shard, ["a:1"], None))[0]));
        Assert.Empty(await node.WatchedAsync(batch.Shard, None));
        Assert.Empty(await node.ReadOutboxAsync(batch.Shard, 0, 10, None));
    }
}
