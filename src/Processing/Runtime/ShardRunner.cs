using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Serves one shard for as long as its partition is assigned to this node: takes it over, then gathers, handles and commits batch after batch,
/// one commit under way while the next batch is handled. One thread of control. Nothing it holds in memory outlives a failed commit.
/// </summary>
internal sealed class ShardRunner
{
    private static readonly TimeSpan s_longestBackoff = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_housekeeping = TimeSpan.FromSeconds(5);

    private readonly int _shard;
    private readonly NodeOptions _options;
    private readonly IInboundLog _inbound;
    private readonly IJournal _journal;
    private readonly IOutputs _outputs;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ActorTable _table;
    private readonly BatchHandler _handler;
    private readonly Backoff _backoff;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<InboundRecord> _records = [];

    private PreparedBatch _filling = new();
    private PreparedBatch _committing = new();
    private Task? _commit;
    private OutboxPublisher? _publisher;
    private Task _publishing = Task.CompletedTask;
    private CancellationTokenSource? _publishingStop;
    private long _epoch;
    private long _next;
    private long _batches;
    private long _tickedAt;
    private long _keptAt;
    private string _why = "";

    // True from a failure until a commit has moved the offset under the same epoch: a commit thought lost may still arrive, and would pass the guard behind one that moves nothing.
    private bool _inDoubt;

    internal ShardRunner(
        int shard, string topic, NodeOptions options, PatientActor actor, IInboundLog inbound, IJournal journal, IOutputs outputs, TimeProvider time, ILogger log)
    {
        _shard = shard;
        _options = options;
        _inbound = inbound;
        _journal = journal;
        _outputs = outputs;
        _time = time;
        _log = log;
        _table = new(shard, journal, log);
        _handler = new(shard, options, actor, _table, topic, time, log);
        _backoff = new(time, s_longestBackoff, shard);
    }

    /// <summary>The patients in memory, to be looked at when the runner has ended or stands still.</summary>
    internal ActorTable Table => _table;

    /// <summary>Ends the runner: nothing further is handled; a commit under way is awaited.</summary>
    internal void Stop() => _stop.Cancel();

    /// <summary>Serves until stopped.</summary>
    /// <exception cref="LogIncarnationException">The journal belongs to another incarnation of the log: nothing can be served.</exception>
    internal async Task RunAsync()
    {
        CancellationToken stop = _stop.Token;
        try
        {
            ShardRow? row = null;
            while (!stop.IsCancellationRequested)
            {
                try
                {
                    if (row is null)
                    {
                        row = await _journal.TakeOverAsync(_shard, stop);
                        _epoch = row.Epoch;
                        _inDoubt = false;
                    }

                    await ServeAsync(row, stop);
                    return;
                }
                catch (OperationCanceledException) when (stop.IsCancellationRequested)
                {
                    return;
                }
                catch (GoBackException exception)
                {
                    _why = exception.Message;
                }
                catch (JournalUnavailableException exception)
                {
                    _why = "the journal was away";
                    RuntimeLog.JournalAway(_log, _shard, exception.Message);
                }
                catch (Exception exception) when (exception is not LogIncarnationException)
                {
                    _why = "it failed";
                    RuntimeLog.ShardFailed(_log, _shard, exception);
                }
                finally
                {
                    await EndCommitAsync();
                    await StopPublishingAsync();
                }

                row = row is null ? await PauseAsync(stop) : await ReadAgainAsync(stop);
            }
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            // Stopped while waiting for something.
        }
        finally
        {
            RuntimeLog.Stopped(_log, _shard, _next);
        }
    }

    private async Task<ShardRow?> PauseAsync(CancellationToken stop)
    {
        await _backoff.WaitAsync(stop);
        return null;
    }

    /// <summary>After anything went wrong: the row, when the epoch is still ours; null when the shard is to be taken over again.</summary>
    private async Task<ShardRow?> ReadAgainAsync(CancellationToken stop)
    {
        while (true)
        {
            await _backoff.WaitAsync(stop);
            try
            {
                ShardRow row = await _journal.ReadAsync(_shard, stop);
                if (row.Epoch == _epoch)
                {
                    _inDoubt = true;
                    RuntimeLog.WentBack(_log, _shard, _why, row.NextOffset);
                    return row;
                }

                RuntimeLog.Fenced(_log, _shard, _epoch, row.Epoch);
                break;
            }
            catch (JournalUnavailableException exception)
            {
                RuntimeLog.JournalAway(_log, _shard, exception.Message);
            }
        }

        // Only an assignment raises an epoch: whoever lost the shard must not, and waits here until it is told so.
        do
        {
            await _backoff.WaitAsync(stop);
        }
        while (!await _inbound.ConfirmAssignmentAsync(_shard, stop));

        return null;
    }

    private async Task ServeAsync(ShardRow row, CancellationToken stop)
    {
        _handler.Reset(row);
        _next = row.NextOffset;
        await RecoverWatchedAsync(stop);
        RuntimeLog.TakenOver(_log, _shard, _epoch, _next, _table.Count);
        StartPublishing();
        IShardQueue queue = _inbound.Start(_shard, _next);
        _tickedAt = _keptAt = _time.GetTimestamp();
        while (!stop.IsCancellationRequested)
        {
            await WaitForPublisherAsync(stop);
            bool goesOn;
            try
            {
                goesOn = await GatherAsync(queue, stop);
            }
            catch (OffsetLostException lost)
            {
                await SettleCommitAsync(stop);
                await _journal.RecordLossAsync(_shard, _epoch, lost.Wanted, lost.First, stop);
                RuntimeLog.OffsetsLost(_log, _shard, lost.Message);
                throw new GoBackException("records were lost");
            }

            if (!goesOn)
            {
                // The reading ended: the partition was revoked or lost, and Stop follows; or it was started anew.
                await SettleCommitAsync(stop);
                await Task.Delay(Timeout.InfiniteTimeSpan, _time, stop);
            }

            if (_records.Count > 0 || IsTimeForHousekeeping())
                await HandleAsync(stop);
        }

        await SettleCommitAsync(stop);
    }

    private async ValueTask CheckAsync(ActorCell cell, CancellationToken stop)
    {
        if (!await _table.ReplayCheckAsync(cell, stop))
            throw new InvalidOperationException("The replay check failed: a state rebuilt from the journal differs from the one in memory.");
    }

    /// <summary>Rebuilds the patients that were in memory when the journal was last written, in bulk, and puts those with a deadline under watch.</summary>
    private async Task RecoverWatchedAsync(CancellationToken stop)
    {
        IReadOnlyList<WatchedPatient> watched = await _journal.WatchedAsync(_shard, stop);
        foreach (WatchedPatient patient in watched)
        {
            if (!patient.Active)
                _handler.Watch(patient.Patient, patient.DeadlineMs);
        }

        foreach (WatchedPatient[] chunk in watched.Where(patient => patient.Active).Chunk(RuntimeLimits.RecoveryBatch))
        {
            await _table.RecoverAsync([.. chunk.Select(patient => patient.Patient)], stop);
            foreach (WatchedPatient patient in chunk)
                _handler.Watch(_table.Find(patient.Patient)!);
            // More than fits into memory leave again at once, their deadlines noted.
            await KeepWithinBoundsAsync(stop);
        }
    }

    private async Task KeepWithinBoundsAsync(CancellationToken stop)
    {
        _records.Clear();
        _keptAt = long.MinValue;
        await HandleAsync(stop);
        await SettleCommitAsync(stop);
    }

    /// <summary>Gathers records until a batch is full or old enough; false when the reading has ended.</summary>
    private async ValueTask<bool> GatherAsync(IShardQueue queue, CancellationToken stop)
    {
        _records.Clear();
        int bytes = 0;
        long began = 0;
        while (true)
        {
            while (_records.Count < _options.BatchRecords && bytes < RuntimeLimits.BatchBytes && queue.TryTake(out InboundRecord record))
            {
                if (_records.Count == 0)
                    began = _time.GetTimestamp();
                _records.Add(record);
                bytes += record.Key.Length + record.Value.Length;
            }

            if (_records.Count >= _options.BatchRecords || bytes >= RuntimeLimits.BatchBytes)
                return true;
            TimeSpan wait = Tick();
            if (_records.Count > 0)
            {
                TimeSpan left = _options.BatchDelay - _time.GetElapsedTime(began);
                if (left <= TimeSpan.Zero)
                    return true;
                // The others gather meanwhile: to be woken for each of them would cost more than handling it.
                await Task.Delay(left, _time, stop);
                wait = TimeSpan.Zero;
            }
            else if (!_inDoubt && IsTimeForHousekeeping())
            {
                // In doubt it waits for a record, a tick at the latest.
                return true;
            }

            if (!await queue.WaitAsync(wait, stop))
                return false;
        }
    }

    /// <summary>Appends a tick when it is time; gives the time until the next.</summary>
    private TimeSpan Tick()
    {
        TimeSpan left = _options.TickInterval - _time.GetElapsedTime(_tickedAt);
        if (left > TimeSpan.Zero)
            return left;
        _tickedAt = _time.GetTimestamp();
        _inbound.AppendTick(_shard, _epoch);
        return _options.TickInterval;
    }

    private bool IsTimeForHousekeeping() => _keptAt == long.MinValue || _time.GetElapsedTime(_keptAt) >= s_housekeeping;

    private PreparedBatch BeginBatch()
    {
        PreparedBatch batch = _filling;
        batch.Number = ++_batches;
        batch.Rows.Shard = _shard;
        batch.Rows.Epoch = _epoch;
        batch.Rows.From = _next;
        return batch;
    }

    private async Task HandleAsync(CancellationToken stop)
    {
        PreparedBatch batch = BeginBatch();
        batch.Rows.To = _records.Count > 0 ? _records[^1].Offset + 1 : _next;
        IReadOnlyCollection<string> unseen = _handler.Unseen(_records);
        if (unseen.Count > 0)
        {
            // A patient whose passivation is being committed is still in memory; one that is not has nothing under way.
            await _table.RecoverAsync(unseen, stop);
            _handler.Recovered(unseen);
        }

        // Settled only behind the batch: a patient that leaves with the commit under way may yet be called back by a record of this one.
        await _handler.HandleAsync(_records, batch, () => new(_commit ?? Task.CompletedTask), stop);
        if (IsTimeForHousekeeping() && (_records.Count > 0 || !_inDoubt))
        {
            _keptAt = _time.GetTimestamp();
            _handler.Passivate(batch);
        }

        await SettleCommitAsync(stop);
        if (_records.Count == 0 && batch.Passivated.Count == 0)
        {
            batch.Clear();
            return;
        }

        _next = batch.Rows.To;
        (_filling, _committing) = (_committing, batch);
        _commit = CommitAsync(batch);
    }

    /// <summary>Commits a batch, then publishes what hangs on it.</summary>
    private async Task CommitAsync(PreparedBatch batch)
    {
        // Not cancelled by a stop: a commit under way is awaited, so that the next owner need not handle its records again.
        CommitOutcome outcome = await _journal.CommitAsync(batch.Rows, CancellationToken.None);
        if (outcome == CommitOutcome.Refused)
            throw new GoBackException("a commit was refused");
        RuntimeMetrics.Committed(_shard, batch);
        _inbound.Acknowledge(_shard, batch.Rows.To);
        if (batch.Rows.Outbox.Count > 0)
            _publisher?.RowsCommitted();
        batch.PublishEstimates(_outputs);
    }

    /// <summary>Waits for the commit under way, if any, and takes its consequences.</summary>
    private async ValueTask SettleCommitAsync(CancellationToken stop)
    {
        if (_commit is null)
            return;
        await _commit;
        _commit = null;
        _inDoubt &= _committing.Rows.To == _committing.Rows.From;
        _backoff.Reset();
        foreach (ActorCell cell in _committing.Passivated)
        {
            // A message may have called it back meanwhile.
            if (cell.PassivatedBy != _committing.Number)
                continue;
            if (_options.ReplayCheck)
                await CheckAsync(cell, stop);
            _table.Remove(cell);
        }

        _committing.Clear();
    }

    /// <summary>Lets a commit under way end, whatever comes of it: the row says what is true.</summary>
    private async Task EndCommitAsync()
    {
        if (_commit is not null)
        {
            await _commit.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current);
            if (_commit.Exception?.InnerException is JournalUnavailableException)
                _why = "the fate of a commit was unknown";
        }

        _commit = null;
        _filling.Clear();
        _committing.Clear();
    }

    private void StartPublishing()
    {
        _publishingStop = new();
        _publisher = new(_shard, _epoch, _journal, _outputs, _time, _log);
        _publisher.RowsCommitted();
        _publishing = _publisher.RunAsync(_publishingStop.Token);
    }

    private async Task StopPublishingAsync()
    {
        if (_publishingStop is null)
            return;
        _publishingStop.Cancel();
        await _publishing;
        _publishingStop.Dispose();
        _publishingStop = null;
        _publisher = null;
    }

    /// <summary>Holds handling back while too much is decided and not yet told.</summary>
    private async ValueTask WaitForPublisherAsync(CancellationToken stop)
    {
        while (_publisher is { } publisher && _handler.OutboxSequence - publisher.Published > OutboxPublisher.MaximumBacklog)
            await publisher.ProgressAsync(stop);
    }
}
