using Confluent.Kafka;
using PhysioActors.Ingest.Runs;
using PhysioActors.Processing.Runtime;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>Watches a cluster from outside: the journal's rows, the ends of the log, and the anomaly topic as a consumer downstream sees it.</summary>
internal sealed class WardWatch(PhysioOptions options, string source, bool isSimulated, TimeProvider time) : IProgress<IngestProgress>, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(400);
    private static readonly TimeSpan s_rateSpan = TimeSpan.FromSeconds(5);

    private readonly AnomalyLedger _ledger = new();
    private readonly Lock _lock = new();
    private readonly Queue<(TimeSpan At, long Records)> _rates = new();
    private readonly long _began = time.GetTimestamp();
    private readonly CancellationTokenSource _ended = new();
    private ClusterStatus? _status;
    private IngestProgress? _progress;
    private DateTimeOffset? _firstEventTime;
    private string? _trouble;
    private Task _reading = Task.CompletedTask;
    private Task _polling = Task.CompletedTask;

    /// <summary>What was last read of the cluster; null before the first time.</summary>
    public ClusterStatus? Status
    {
        get
        {
            lock (_lock)
                return _status;
        }
    }

    /// <summary>Distinct anomaly events on the topic.</summary>
    public long AnomaliesPublished
    {
        get
        {
            lock (_lock)
                return _ledger.Distinct;
        }
    }

    /// <summary>Begins to watch.</summary>
    public void Start()
    {
        _reading = Task.Run(Read);
        _polling = Task.Run(PollAsync);
    }

    /// <inheritdoc/>
    public void Report(IngestProgress value)
    {
        lock (_lock)
        {
            _progress = value;
            _firstEventTime ??= value.EventTime;
        }
    }

    /// <summary>This moment.</summary>
    public WardSnapshot Take()
    {
        lock (_lock)
        {
            ClusterStatus? status = _status;
            TimeSpan elapsed = time.GetElapsedTime(_began);
            return new()
            {
                Cluster = options.Cluster,
                Source = source,
                IsSimulated = isSimulated,
                Elapsed = elapsed,
                Trouble = _trouble ?? _progress?.Waiting,
                RatePerSecond = Rate(),
                Lag = status?.Lag ?? 0,
                RecordsIn = status?.RecordsIn ?? 0,
                Folded = status?.Counters.Folded ?? 0,
                Duplicates = status?.Counters.Duplicates ?? 0,
                Late = status?.Counters.Late ?? 0,
                DeadLetters = status?.Counters.DeadLetters ?? 0,
                Patients = (int)(status?.Patients ?? 0),
                PatientDays = isSimulated && _progress is { } at && _firstEventTime is { } first ? (status?.Patients ?? 0) * (at.EventTime - first).TotalDays : 0,
                Raised = _ledger.Raised,
                Progress = _progress?.Fraction,
                Active = _ledger.Open,
                Recent = _ledger.Recent,
            };
        }
    }

    /// <summary>Reads the cluster now.</summary>
    public async Task<ClusterStatus> ReadAsync(CancellationToken cancellationToken)
    {
        ClusterStatus status = await ClusterStatus.ReadAsync(options, cancellationToken).ConfigureAwait(false);
        lock (_lock)
        {
            _status = status;
            _trouble = null;
            _rates.Enqueue((time.GetElapsedTime(_began), status.RecordsIn));
            while (_rates.Count > 2 && _rates.Peek().At < time.GetElapsedTime(_began) - s_rateSpan)
                _rates.Dequeue();
        }

        return status;
    }

    /// <summary>Ends the watch.</summary>
    public void Dispose()
    {
        _ended.Cancel();
        Task.WaitAll(_reading, _polling);
        _ended.Dispose();
    }

    private double Rate()
    {
        if (_rates.Count < 2)
            return 0;
        (TimeSpan At, long Records) oldest = _rates.Peek(), newest = _rates.Last();
        return newest.At > oldest.At ? (newest.Records - oldest.Records) / (newest.At - oldest.At).TotalSeconds : 0;
    }

    private async Task PollAsync()
    {
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                await ReadAsync(_ended.Token).ConfigureAwait(false);
                await Task.Delay(s_interval, time, _ended.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (Exception exception) when (exception is JournalUnavailableException or Processing.Runtime.Kafka.KafkaClusterException or KafkaException or Npgsql.NpgsqlException)
            {
                // A watcher waits for what is away, as the nodes do.
                lock (_lock)
                    _trouble = exception.Message;
                await Task.Delay(s_interval, time, CancellationToken.None).ConfigureAwait(false);
            }
        }
    }

    private void Read()
    {
        using var reader = new TopicReader(options, options.Topics.Anomalies, TopicStart.Beginning);
        while (!_ended.IsCancellationRequested)
        {
            try
            {
                if (reader.Take(s_interval) is not { Message.Value: { } value })
                    continue;
                AnomalyMessage message = AnomalyJson.Parse(value);
                lock (_lock)
                    _ledger.Add(message);
            }
            catch (ConsumeException exception)
            {
                lock (_lock)
                    _trouble = exception.Error.Reason;
            }
        }
    }
}
