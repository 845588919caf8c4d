using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// Watches a cluster from outside its nodes: counters, offsets and lag from journal and log, anomalies from their topic, read from its start.
/// What it shows is therefore what is durable and published, not what a node believes.
/// </summary>
internal sealed class WardWatch : IAsyncDisposable
{
    private static readonly TimeSpan s_pollPause = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_readPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_rateSpan = TimeSpan.FromSeconds(5);

    private readonly ClusterStatusReader _cluster;
    private readonly TimeProvider _time;
    private readonly CancellationTokenSource _ending = new();
    private readonly Lock _lock = new();
    private readonly AnomalyLedger _ledger = new();
    private readonly SemaphoreSlim _reading = new(1);
    private readonly RecentRate _rate;
    private readonly long _since;
    private Task _poll = Task.CompletedTask;
    private Task _read = Task.CompletedTask;
    private ClusterStatus _first = null!;
    private WardReading? _newest;
    private string? _trouble;

    private WardWatch(ClusterStatusReader cluster, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
        _since = time.GetTimestamp();
        _rate = new(s_rateSpan, time);
    }

    /// <summary>The newest reading; null before the first.</summary>
    public WardReading? Newest
    {
        get
        {
            lock (_lock)
                return _newest;
        }
    }

    /// <summary>Why there is no newer reading; null while all is well.</summary>
    public string? Trouble
    {
        get
        {
            lock (_lock)
                return _trouble;
        }
    }

    /// <summary>Messages on the anomaly topic that repeated an event.</summary>
    public long AnomalyRepeats
    {
        get
        {
            lock (_lock)
                return _ledger.Repeats;
        }
    }

    /// <summary>Ends, with its reason, when the anomaly topic cannot be read any more.</summary>
    public Task Failed => _read;

    /// <summary>Starts watching; what is counted from now on is what the readings tell. To be called before anything is served.</summary>
    public static async Task<WardWatch> StartAsync(PhysioOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var watch = new WardWatch(await ClusterStatusReader.ConnectAsync(options, cancellationToken).ConfigureAwait(false), time);
        watch._first = await watch._cluster.ReadAsync(cancellationToken).ConfigureAwait(false);
        // The topic of a broker of our own is empty, and that of another one holds what earlier runs have told.
        var reader = new TopicReader(options, options.Topics.Anomalies, watch._first.IsDevelopmentBroker ? TopicStart.Beginning : TopicStart.End);
        watch._read = Task.Factory.StartNew(() => watch.Read(reader), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        watch._poll = Task.Run(watch.PollAsync, CancellationToken.None);
        return watch;
    }

    /// <summary>The moment, as the view shows it.</summary>
    /// <param name="ward">Cluster, source and so on; the figures are filled in.</param>
    public WardSnapshot Fill(WardSnapshot ward)
    {
        lock (_lock)
        {
            RecordCounters counters = _newest?.Counters ?? RecordCounters.Of(default);
            return ward with
            {
                Elapsed = _time.GetElapsedTime(_since),
                Trouble = ward.Trouble ?? _trouble,
                RatePerSecond = _rate.PerSecond,
                Lag = _newest?.Status.Lag ?? 0,
                RecordsIn = _newest?.RecordsIn ?? 0,
                Folded = counters.Folded,
                Duplicates = counters.Duplicates,
                Late = counters.Late,
                DeadLetters = counters.DeadLetters,
                Patients = (int)(_newest?.Status.Patients ?? 0),
                Raised = _ledger.Raised,
                Active = _ledger.Open,
                Recent = _ledger.Recent,
            };
        }
    }

    /// <summary>Stops watching.</summary>
    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_poll, _read).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await _cluster.DisposeAsync().ConfigureAwait(false);
        _ending.Dispose();
        _reading.Dispose();
    }

    /// <summary>Reads once more.</summary>
    /// <returns>Null when there was no answer in time.</returns>
    public async Task<WardReading?> ReadNowAsync(TimeSpan patience)
    {
        using var limit = new CancellationTokenSource(patience, _time);
        try
        {
            return await ReadAsync(limit.Token).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            lock (_lock)
                _trouble = exception is OperationCanceledException ? "no answer" : exception.Message;
            return null;
        }
    }

    private async Task<WardReading> ReadAsync(CancellationToken cancellationToken)
    {
        await _reading.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            // First what is published, then what is journaled: nothing is published that was not journaled before.
            long published;
            lock (_lock)
                published = _ledger.Distinct;
            ClusterStatus status = await _cluster.ReadAsync(cancellationToken).ConfigureAwait(false);
            var reading = new WardReading(status, status.Counters.Since(_first.Counters), status.RecordsByOffset(_first), published);
            lock (_lock)
            {
                _newest = reading;
                _trouble = null;
                _rate.Add(reading.RecordsIn);
            }

            return reading;
        }
        finally
        {
            _reading.Release();
        }
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(s_pollPause, _time);
        do
        {
            try
            {
                await ReadAsync(_ending.Token).ConfigureAwait(false);
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                // Whatever it is, watching goes on: the cluster itself goes on without us.
                lock (_lock)
                    _trouble = exception.Message;
            }
        }
        while (await NextAsync(timer).ConfigureAwait(false));
    }

    private async Task<bool> NextAsync(PeriodicTimer timer)
    {
        try
        {
            return await timer.WaitForNextTickAsync(_ending.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Read(TopicReader reader)
    {
        using (reader)
        {
            while (!_ending.IsCancellationRequested)
            {
                if (reader.Take(s_readPause) is not { } record)
                    continue;
                AnomalyMessage message = AnomalyJson.Parse(record.Message.Value);
                lock (_lock)
                    _ledger.Add(message);
            }
        }
    }
}

/// <summary>A moment of a cluster that is watched.</summary>
/// <param name="Status">Journal and log.</param>
/// <param name="Counters">What became of records since the watch began.</param>
/// <param name="RecordsByOffset">How many records the shards have gone through since then, as their offsets say.</param>
/// <param name="AnomaliesPublished">Events on the anomaly topic, repeats not counted, of those that are journaled in <paramref name="Counters"/>.</param>
internal sealed record WardReading(ClusterStatus Status, RecordCounters Counters, long RecordsByOffset, long AnomaliesPublished)
{
    /// <summary>Records counted one by one: folded, duplicates, late and dead letters.</summary>
    public long RecordsIn => Counters.Folded + Counters.Duplicates + Counters.Late + Counters.DeadLetters;

    /// <summary>Rises with whatever is handled, decided or published.</summary>
    public long Moves => RecordsIn + Counters.AnomalyEvents + AnomaliesPublished;
}
