using PhysioActors.Processing.Runtime;
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
    private readonly Queue<(long At, long Records)> _history = new();
    private readonly long _since;
    private Task _poll = Task.CompletedTask;
    private Task _read = Task.CompletedTask;
    private ClusterStatus? _status;
    private string? _trouble;

    private WardWatch(ClusterStatusReader cluster, TimeProvider time)
    {
        _cluster = cluster;
        _time = time;
        _since = time.GetTimestamp();
    }

    /// <summary>The newest reading; null before the first.</summary>
    public ClusterStatus? Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Events on the anomaly topic, repeats not counted.</summary>
    public long AnomaliesPublished
    {
        get
        {
            lock (_lock)
                return _ledger.Distinct;
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

    /// <summary>Starts watching.</summary>
    public static async Task<WardWatch> StartAsync(PhysioOptions options, TimeProvider time, CancellationToken cancellationToken)
    {
        var watch = new WardWatch(await ClusterStatusReader.ConnectAsync(options, cancellationToken).ConfigureAwait(false), time);
        var reader = new TopicReader(options, options.Topics.Anomalies, TopicStart.Beginning);
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
            ShardCounters counters = _status?.Counters ?? default;
            return ward with
            {
                Elapsed = _time.GetElapsedTime(_since),
                Trouble = ward.Trouble ?? _trouble,
                RatePerSecond = Rate(),
                Lag = _status?.Lag ?? 0,
                RecordsIn = _status?.RecordsIn ?? 0,
                Folded = counters.Folded,
                Duplicates = counters.Duplicates,
                Late = counters.Late,
                DeadLetters = counters.DeadLetters,
                Patients = (int)(_status?.Patients ?? 0),
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
    }

    private async Task PollAsync()
    {
        using var timer = new PeriodicTimer(s_pollPause, _time);
        do
        {
            try
            {
                ClusterStatus status = await _cluster.ReadAsync(_ending.Token).ConfigureAwait(false);
                lock (_lock)
                {
                    _status = status;
                    _trouble = null;
                    long now = _time.GetTimestamp();
                    _history.Enqueue((now, status.RecordsIn));
                    while (_history.Count > 2 && _time.GetElapsedTime(_history.Peek().At, now) > s_rateSpan)
                        _history.Dequeue();
                }
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

    private double Rate()
    {
        if (_history.Count < 2)
            return 0;
        (long firstAt, long first) = _history.Peek();
        (long lastAt, long last) = _history.Last();
        double seconds = _time.GetElapsedTime(firstAt, lastAt).TotalSeconds;
        return seconds > 0 ? (last - first) / seconds : 0;
    }
}
