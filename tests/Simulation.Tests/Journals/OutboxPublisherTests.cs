using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Runtime;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>What a publisher does when the world is not as it should be: errors that nobody foresaw, a journal that was restored from a backup.</summary>
public sealed class OutboxPublisherTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly InMemoryStore _store = new("one", Partitions);
    private readonly Lines _log = new();
    private readonly Topic _topic;

    public OutboxPublisherTests() => _topic = new(_store);

    [Fact]
    public async Task An_error_that_nobody_foresaw_is_logged_and_tried_again_and_nothing_is_skipped()
    {
        ShardRow row = Decide(_store.TakeOver(0, "one"), 1, 3);
        _topic.Errors.Enqueue(new InvalidDataException("no such thing"));
        _topic.Errors.Enqueue(new NotSupportedException("nor that"));

        await PublishAsync(row, until: 3);

        Assert.Equal([1, 2, 3], _topic.Rows.Select(published => published.Sequence));
        Assert.Equal(3, _store.ReadPublished(0));
        Assert.Equal(["InvalidDataException", "NotSupportedException"], _log.Of(LogLevel.Error).Select(line => line.Exception!.GetType().Name));
        Assert.All(_log.Of(LogLevel.Error), line => Assert.Contains("Shard 0: publishing failed", line.Text, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_error_while_it_is_being_ended_ends_it_all_the_same()
    {
        ShardRow row = _store.TakeOver(0, "one");
        _topic.ErrorAtDispose = new InvalidOperationException("broken");
        using var ending = new CancellationTokenSource();
        Task running = Publisher(row).RunAsync(ending.Token);
        await _topic.Opened.Task.WaitAsync(s_patience);
        await ending.CancelAsync();
        await running.WaitAsync(s_patience);
    }

    [Fact]
    public async Task Rows_that_a_publisher_before_published_and_could_not_remove_are_removed_and_not_published_again()
    {
        ShardRow row = Decide(_store.TakeOver(0, "one"), 1, 3);
        _topic.Progress = 2;

        await PublishAsync(row, until: 3);

        Assert.Equal([3], _topic.Rows.Select(published => published.Sequence));
        Assert.Empty(_log.Of(LogLevel.Error));
    }

    [Fact]
    public async Task After_a_restored_backup_what_is_decided_again_is_published_again()
    {
        // The backup has decided three rows and published one; Kafka says that five were.
        ShardRow row = Decide(_store.TakeOver(0, "one"), 1, 3);
        _store.SavePublished(0, row.Epoch, 1);
        _topic.Progress = 5;

        await PublishAsync(row, until: 3);

        Assert.Equal([2, 3], _topic.Rows.Select(published => published.Sequence));
        Assert.Equal(3, _topic.Progress);
        string told = Assert.Single(_log.Of(LogLevel.Error)).Text;
        Assert.Contains("outbox row 5 was published, but the journal has decided none behind 3: the database was restored from a backup", told, StringComparison.Ordinal);

        // Behind it all is as always, also when more is decided than Kafka once had.
        row = Decide(_store.TakeOver(0, "one"), 4, 6);
        await PublishAsync(row, until: 6);
        Assert.Equal([2, 3, 4, 5, 6], _topic.Rows.Select(published => published.Sequence));
        Assert.Single(_log.Of(LogLevel.Error));
    }

    [Fact]
    public async Task A_crash_after_a_restored_backup_loses_nothing_either()
    {
        ShardRow row = _store.TakeOver(0, "one");
        _topic.Progress = 5;
        _topic.Errors.Enqueue(new OutputsUnavailableException("away"));
        using var ending = new CancellationTokenSource();
        Task running = Publisher(row).RunAsync(ending.Token);
        while (_topic.Progress != 0)
            await _topic.Changed.WaitAsync(s_patience);
        await ending.CancelAsync();
        await running.WaitAsync(s_patience);

        // Decided by an owner that crashed before one was published; the numbers are those that Kafka once had.
        row = Decide(row, 1, 7);
        await PublishAsync(_store.TakeOver(0, "one"), until: 7);
        Assert.Equal([1, 2, 3, 4, 5, 6, 7], _topic.Rows.Select(published => published.Sequence));
    }

    [Fact]
    public async Task A_publisher_of_an_epoch_that_is_over_takes_no_progress_back()
    {
        // The later owner has decided and published what the earlier one does not know of.
        ShardRow old = _store.TakeOver(0, "one");
        _store.TakeOver(0, "one");
        _topic.Progress = 5;
        using var ending = new CancellationTokenSource();
        Task running = Publisher(old).RunAsync(ending.Token);
        await _log.Spoken.Task.WaitAsync(s_patience);
        await ending.CancelAsync();
        await running.WaitAsync(s_patience);

        Assert.Equal(5, _topic.Progress);
        Assert.Contains("has a later owner than epoch 1", _log.Of(LogLevel.Warning)[0].Text, StringComparison.Ordinal);
    }

    private OutboxPublisher Publisher(ShardRow row) => new(0, row.Epoch, new InMemoryJournal(_store, "one"), _topic, TimeProvider.System, _log);

    private async Task PublishAsync(ShardRow row, long until)
    {
        using var ending = new CancellationTokenSource();
        OutboxPublisher publisher = Publisher(row);
        publisher.RowsCommitted();
        Task running = publisher.RunAsync(ending.Token);
        while (publisher.Published < until)
            await publisher.ProgressAsync(CancellationToken.None).WaitAsync(s_patience);
        await ending.CancelAsync();
        await running.WaitAsync(s_patience);
    }

    private ShardRow Decide(ShardRow row, long first, long last)
    {
        ShardBatch batch = For(row, 1, outboxSequence: last);
        for (long sequence = first; sequence <= last; sequence++)
            batch.Message(sequence);
        Assert.Equal(CommitOutcome.Committed, _store.Commit(batch));
        return _store.Read(0);
    }

    /// <summary>A broker with transactions, and errors at will.</summary>
    private sealed class Topic(InMemoryStore store) : IOutputs, IShardPublisher
    {
        private readonly SemaphoreSlim _changed = new(0);
        private long _epoch;

        public Queue<Exception> Errors { get; } = new();

        public Exception? ErrorAtDispose { get; set; }

        public TaskCompletionSource Opened { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public SemaphoreSlim Changed => _changed;

        public List<OutboxRow> Rows { get; } = [];

        public long Progress { get; set; }

        public ValueTask<IShardPublisher> OpenAsync(int shard, long epoch, CancellationToken cancellationToken)
        {
            _epoch = epoch;
            Opened.TrySetResult();
            return Errors.TryDequeue(out Exception? error) ? ValueTask.FromException<IShardPublisher>(error) : new(this);
        }

        public void PublishEstimate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs) => throw new InvalidOperationException("Nobody publishes estimates here.");

        public ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken) => new(Progress);

        public async ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
        {
            await Task.Yield();
            Rows.AddRange(rows);
            Progress = rows[^1].Sequence;
            store.SavePublished(0, _epoch, Progress);
        }

        public ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken)
        {
            Progress = published;
            _changed.Release();
            return ValueTask.CompletedTask;
        }

        public ValueTask DisposeAsync() => ErrorAtDispose is { } error ? ValueTask.FromException(error) : ValueTask.CompletedTask;
    }

    private sealed class Lines : ILogger
    {
        private readonly List<(LogLevel Level, string Text, Exception? Exception)> _lines = [];

        public TaskCompletionSource Spoken { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public IReadOnlyList<(LogLevel Level, string Text, Exception? Exception)> Of(LogLevel level)
        {
            lock (_lines)
                return [.. _lines.Where(line => line.Level == level)];
        }

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            lock (_lines)
                _lines.Add((logLevel, formatter(state, exception), exception));
            Spoken.TrySetResult();
        }
    }
}
