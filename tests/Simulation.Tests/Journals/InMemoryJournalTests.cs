using PhysioActors.Processing.Runtime;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

namespace PhysioActors.Simulation.Tests.Journals;

public sealed class InMemoryJournalTests : JournalConformance
{
    private readonly InMemoryStore _store = new("one", Partitions);

    protected override Task<IJournal> NodeAsync(string incarnation = "one") => Task.FromResult<IJournal>(new InMemoryJournal(_store, incarnation));

    protected override Task BeginIncarnationAsync(string incarnation)
    {
        _store.BeginIncarnation(incarnation);
        return Task.CompletedTask;
    }

    [Fact]
    public void Every_call_is_complete_when_it_returns()
    {
        var node = new InMemoryJournal(_store, "one");
        Assert.True(node.TakeOverAsync(0, None).AsTask().IsCompletedSuccessfully);
        Assert.True(node.CommitAsync(For(_store.Read(0), 1), None).AsTask().IsCompletedSuccessfully);
        Assert.True(new InMemoryJournal(_store, "other").TakeOverAsync(0, None).AsTask().IsFaulted);
    }

    [Fact]
    public void The_store_shows_checkers_what_each_commit_wrote_and_what_publishing_removed()
    {
        ShardRow row = _store.TakeOver(2, "one");
        _store.Commit(For(row, 3, outboxSequence: 1).Entry("a:1", 1).Active("a:1").Message(1));
        row = _store.TakeOver(2, "one");
        _store.Commit(For(row, 2, outboxSequence: 2).Entry("a:1", 2).Message(2));
        _store.SavePublished(2, row.Epoch, 2);

        Assert.Equal([(1L, 0L, 3L), (2L, 3L, 5L)], _store.Commits.Select(commit => (commit.Epoch, commit.From, commit.To)));
        Assert.Equal([(1L, 1L), (2L, 2L)], _store.Patient("a:1")!.Entries.Select(entry => (entry.Sequence, entry.Commit.Epoch)));
        Assert.Equal([1L, 2L], _store.OutboxHistory(2).Select(stored => stored.Row.Sequence));
        Assert.Empty(_store.ReadOutbox(2, 0, 10));
    }

    [Fact]
    public void A_store_that_ignores_epochs_takes_a_zombies_commit()
    {
        var store = new InMemoryStore("one", Partitions, JournalDefect.IgnoreEpoch);
        ShardRow zombie = store.TakeOver(0, "one");
        store.TakeOver(0, "one");
        Assert.Equal(CommitOutcome.Committed, store.Commit(For(zombie, 1)));
    }

    [Fact]
    public void A_store_that_ignores_the_next_offset_takes_a_range_twice()
    {
        var store = new InMemoryStore("one", Partitions, JournalDefect.IgnoreNextOffset);
        ShardRow row = store.TakeOver(0, "one");
        Assert.Equal(CommitOutcome.Committed, store.Commit(For(row, 5)));
        Assert.Equal(CommitOutcome.Committed, store.Commit(For(row, 5)));
    }

    [Fact]
    public void A_store_with_the_offset_outside_the_transaction_can_crash_between()
    {
        var store = new InMemoryStore("one", Partitions, JournalDefect.OffsetOutsideTransaction);
        ShardRow row = store.TakeOver(0, "one");
        store.BetweenEntriesAndOffset = _ => false;
        Assert.Throws<JournalUnavailableException>(() => store.Commit(For(row, 5).Entry("a:1", 1).Active("a:1")));
        Assert.Equal(0, store.Read(0).NextOffset);
        Assert.Single(store.Patient("a:1")!.Entries);
        store.BetweenEntriesAndOffset = null;
        Assert.Equal(CommitOutcome.Committed, store.Commit(For(row, 5).Entry("a:1", 2)));
        Assert.Equal(5, store.Read(0).NextOffset);
    }
}
