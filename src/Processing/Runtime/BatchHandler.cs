using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Patients;

namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Handles a batch of records of one shard: decodes each, brings its patient into memory, lets the actor decide, and gathers what the commit writes.
/// The one honest core loop of the engine. Owned by the shard's runner; single-threaded.
/// </summary>
internal sealed class BatchHandler
{
    /// <summary>Most snapshots in one batch: the rest follow with the next, so that patients that began together do not make one slow commit.</summary>
    private const int MaximumSnapshots = 128;

    /// <summary>What was due and failed is tried again after so long, milliseconds of log time.</summary>
    private const long RetryDueMs = 60_000;

    private readonly int _shard;
    private readonly NodeOptions _options;
    private readonly PatientActor _actor;
    private readonly ActorTable _table;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly DeadlineQueue _deadlines = new();
    private readonly ObservationDecoder _observations = new();
    private readonly DecodedObservation _observation = new();
    private readonly PatientEstimate _estimate = new();
    private readonly DeadLetters _deadLetters;
    private readonly HashSet<string> _unseen = new(PatientKeyComparer.Instance);
    private readonly List<ActorCell> _touched = [];

    private long _logMs;
    private long _outboxSequence;
    private ShardCounters _counters;

    internal BatchHandler(int shard, NodeOptions options, PatientActor actor, ActorTable table, string topic, TimeProvider time, ILogger log)
    {
        _shard = shard;
        _options = options;
        _actor = actor;
        _table = table;
        _time = time;
        _log = log;
        _deadLetters = new(topic, shard);
    }

    /// <summary>Log time so far.</summary>
    internal long LogMs => _logMs;

    /// <summary>The sequence of the newest outbox row made.</summary>
    internal long OutboxSequence => _outboxSequence;

    /// <summary>Starts from a shard row with an empty memory.</summary>
    internal void Reset(ShardRow row)
    {
        _table.Clear();
        _deadlines.Clear();
        _logMs = row.LogTimeMs;
        _outboxSequence = row.OutboxSequence;
    }

    /// <summary>Puts a patient of whom only the deadline is known under watch.</summary>
    internal void Watch(string patient, long deadlineMs) => _deadlines.Add(patient, deadlineMs);

    /// <summary>Puts a recovered patient under watch, known to the journal as being in memory.</summary>
    internal void Watch(ActorCell cell)
    {
        cell.IsActive = true;
        cell.TouchedAt = _time.GetTimestamp();
        Schedule(cell);
    }

    /// <summary>The patients that must be in memory before the records can be handled: those they name, and passivated ones whose deadline a tick among them passes.</summary>
    internal IReadOnlyCollection<string> Unseen(IReadOnlyList<InboundRecord> records)
    {
        _unseen.Clear();
        long logMs = _logMs;
        foreach (InboundRecord record in records)
        {
            if (record.Type == RecordType.Tick)
                logMs = Math.Max(logMs, record.TimestampMs);
            else if (_table.Find(record.Key.Span) is null && PatientKey.IsKey(record.Key.Span) && Partitioner.Partition(record.Key.Span, _options.Partitions) == _shard)
                _unseen.GetAlternateLookup<ReadOnlySpan<byte>>().Add(record.Key.Span);
        }

        if (logMs > _logMs)
        {
            foreach (string patient in _deadlines.Due(logMs))
            {
                if (_table.Find(patient) is null)
                    _unseen.Add(patient);
            }
        }

        return _unseen;
    }

    /// <summary>Notes that patients were just brought into memory, so that they are not the idlest at once.</summary>
    internal void Recovered(IReadOnlyCollection<string> patients)
    {
        long now = _time.GetTimestamp();
        foreach (string patient in patients)
            _table.Find(patient)?.TouchedAt = now;
    }

    /// <summary>Handles the records in order into <paramref name="batch"/>, whose range is set.</summary>
    internal async ValueTask HandleAsync(IReadOnlyList<InboundRecord> records, PreparedBatch batch, Func<ValueTask> commitUnderWay, CancellationToken cancellationToken)
    {
        _counters = default;
        _touched.Clear();
        for (int i = 0; i < records.Count; i++)
        {
            InboundRecord record = records[i];
            if (record.Type == RecordType.Tick)
                await HandleTickAsync(record, batch, commitUnderWay, cancellationToken);
            else if (TryHandle(record, batch, out Exception? exception) is { } failed)
                await RetryAsync(failed, record, exception!, batch, commitUnderWay, cancellationToken);
        }

        Seal(batch);
    }

    /// <summary>Adds the passivation of idle patients, and of the idlest beyond the memory bound, to a batch whose records are handled.</summary>
    internal void Passivate(PreparedBatch batch)
    {
        long now = _time.GetTimestamp();
        long bytes = 0;
        var idle = new List<ActorCell>();
        foreach (ActorCell cell in _table.Cells)
        {
            bytes += cell.State?.ApproximateBytes ?? 200;
            if (cell.PassivatedBy == 0 && cell.TouchedBy != batch.Number && _time.GetElapsedTime(cell.TouchedAt, now) >= _options.IdleTime)
                idle.Add(cell);
        }

        if (bytes > _options.ActorBytes)
        {
            idle.Clear();
            long over = bytes - (_options.ActorBytes / 10 * 9);
            foreach (ActorCell cell in _table.Cells.Where(cell => cell.PassivatedBy == 0 && cell.TouchedBy != batch.Number).OrderBy(cell => cell.TouchedAt).ThenBy(cell => cell.Patient, StringComparer.Ordinal))
            {
                if (over <= 0)
                    break;
                idle.Add(cell);
                over -= cell.State?.ApproximateBytes ?? 200;
            }
        }

        foreach (ActorCell cell in idle)
            Passivate(cell, batch);
    }

    private void Passivate(ActorCell cell, PreparedBatch batch)
    {
        cell.PassivatedBy = batch.Number;
        batch.Passivated.Add(cell);
        // Nothing happened to a patient that was only looked at.
        if (cell.State is not { Sequence: > 0 } state || (!cell.IsActive && cell.SnapshotSequence == state.Sequence))
            return;
        batch.Rows.Append(new ShardBatch.SnapshotRow(cell.Patient, cell.Slot, state.Sequence, _table.Snapshot(state), Active: false, _actor.DeadlineMs(state, _logMs)));
        cell.SnapshotTaken(state.Sequence);
        cell.IsActive = false;
    }

    private async ValueTask HandleTickAsync(InboundRecord record, PreparedBatch batch, Func<ValueTask> commitUnderWay, CancellationToken cancellationToken)
    {
        if (TickMessage.Decode(record, _shard, out _) is { } refusal)
        {
            Refuse(record, refusal, batch);
            return;
        }

        _counters = _counters with { Ticks = _counters.Ticks + 1 };
        _logMs = Math.Max(_logMs, record.TimestampMs);
        while (_deadlines.TryTake(_logMs, out string patient, out long scheduledMs))
        {
            if (_table.Find(patient) is not { State: not null } cell)
                continue;
            if (scheduledMs == cell.ScheduledMs)
                cell.ScheduledMs = long.MaxValue;
            if (TryHandleTick(cell, batch) is { } failure)
            {
                RuntimeLog.HandlingFailed(_log, _shard, ActorTable.PatientHash(patient), record.Offset, failure);
                await commitUnderWay();
                await _table.RebuildAsync(cell, batch.Rows, cancellationToken);
                if (TryHandleTick(cell, batch) is { } again)
                {
                    // One patient's trouble stops nobody else. It is told, and what is due is tried again after a while.
                    await _table.RebuildAsync(cell, batch.Rows, cancellationToken);
                    // The tick is counted as one already: the letter is about what hung on it.
                    var failed = new Refusal(RefusalReason.HandlingFailed, "", $"What was due for {patient} failed twice: {again.GetType().Name}: {again.Message}");
                    batch.Rows.Append(_deadLetters.Make(++_outboxSequence, record, failed));
                    cell.ScheduledMs = _logMs + RetryDueMs;
                    _deadlines.Add(patient, cell.ScheduledMs);
                    continue;
                }
            }

            Schedule(cell);
        }
    }

    /// <summary>Lets a patient do what is due. Gives why it failed, and then the state is no longer to be trusted.</summary>
    private Exception? TryHandleTick(ActorCell cell, PreparedBatch batch)
    {
        if (cell.State is not { } state)
            return null;
        try
        {
            _actor.HandleTick(state, _logMs);
            Gather(cell, state, batch);
            return null;
        }
        catch (Exception thrown) when (IsOfOnePatient(thrown))
        {
            return thrown;
        }
    }

    private static bool IsOfOnePatient(Exception thrown) => thrown is not (OutOfMemoryException or OperationCanceledException or IOException);

    /// <summary>Handles one record. When the actor throws, gives the cell whose state is no longer to be trusted.</summary>
    private ActorCell? TryHandle(in InboundRecord record, PreparedBatch batch, out Exception? exception)
    {
        exception = null;
        CommandMessage? command = null;
        Refusal? refusal = record.Type == RecordType.Command
            ? CommandMac.Check(_options.CommandKeys, record) ?? CommandDecoder.Decode(record, _shard, _options.Partitions, out command)
            : _observations.Decode(record, _shard, _options.Partitions, _observation);
        if (refusal is not null)
        {
            Refuse(record, refusal, batch);
            return null;
        }

        ActorCell cell = _table.Find(record.Key.Span) ?? throw new InvalidOperationException("A patient of the batch was not brought into memory.");
        if (cell.State is not { } state)
        {
            Refuse(record, new(RefusalReason.HandlingFailed, "", $"The patient's state cannot be rebuilt: {cell.Fault}"), batch);
            return null;
        }

        try
        {
            if (command is not null)
                Handle(record, cell, state, command, batch);
            else
                Handle(record, cell, state, batch);
        }
        catch (Exception thrown) when (IsOfOnePatient(thrown))
        {
            exception = thrown;
            return cell;
        }

        return null;
    }

    private void Handle(in InboundRecord record, ActorCell cell, PatientState state, PreparedBatch batch)
    {
        Disposition disposition = _actor.Handle(state, _observation, _actor.LogTime(record.TimestampMs, _logMs));
        switch (disposition)
        {
            case Disposition.Folded:
                _counters = _counters with { Folded = _counters.Folded + 1 };
                break;
            case Disposition.Late:
                _counters = _counters with { Late = _counters.Late + 1 };
                break;
            case Disposition.Duplicate:
                _counters = _counters with { Duplicates = _counters.Duplicates + 1 };
                return;
            default:
                Refuse(record, new(RefusalReason.SequenceReused, "sequence", $"The device session already used number {_observation.Sequence} for other content; a device that starts its numbers again must name a new session."), batch);
                return;
        }

        Gather(cell, state, batch);
        Schedule(cell);
        if (_options.Estimates && disposition == Disposition.Folded && (cell.EstimatedMs == long.MinValue || state.NewestMs - cell.EstimatedMs >= 1000))
        {
            cell.EstimatedMs = state.NewestMs;
            batch.AddEstimate(cell, _estimate.Write(cell.Key, state), record.TimestampMs);
        }
    }

    private void Handle(in InboundRecord record, ActorCell cell, PatientState state, CommandMessage command, PreparedBatch batch)
    {
        if (_actor.Handle(state, command, _actor.LogTime(record.TimestampMs, _logMs)) is { } refusal)
        {
            Refuse(record, refusal, batch);
            return;
        }

        _counters = _counters with { Commands = _counters.Commands + 1 };
        Gather(cell, state, batch);
        Schedule(cell);
    }

    /// <summary>Takes what the actor decided into the batch.</summary>
    private void Gather(ActorCell cell, PatientState state, PreparedBatch batch)
    {
        Decision decision = _actor.Decision;
        if (!decision.HasEntry)
            return;
        // Written before anything is taken: what throws here leaves no half of it behind, and no gap in the outbox.
        byte[][] anomalies = decision.Anomalies.Count == 0 ? [] : [.. decision.Anomalies.Select(AnomalyJson.Write)];
        batch.Alarms += decision.Counts;
        if (cell.TouchedBy != batch.Number)
        {
            cell.TouchedBy = batch.Number;
            cell.PassivatedBy = 0;
            cell.TouchedAt = _time.GetTimestamp();
            _touched.Add(cell);
        }

        if (!cell.IsActive)
        {
            cell.IsActive = true;
            batch.Rows.Activate(cell.Patient);
        }

        batch.Rows.Append(cell.Patient, cell.Slot, state.Sequence, decision.Entry, decision.Samples);
        cell.SampleBytes += decision.Samples.Length;
        foreach (byte[] anomaly in anomalies)
        {
            batch.Rows.Append(new OutboxRow(++_outboxSequence, OutboxKind.Anomaly, cell.Key, anomaly, default));
            _counters = _counters with { AnomalyEvents = _counters.AnomalyEvents + 1 };
        }
    }

    private async ValueTask RetryAsync(
        ActorCell cell, InboundRecord record, Exception exception, PreparedBatch batch, Func<ValueTask> commitUnderWay, CancellationToken cancellationToken)
    {
        RuntimeLog.HandlingFailed(_log, _shard, ActorTable.PatientHash(cell.Patient), record.Offset, exception);
        // The journal must hold all that was handled before this batch; the batch holds the rest.
        await commitUnderWay();
        await _table.RebuildAsync(cell, batch.Rows, cancellationToken);
        if (TryHandle(record, batch, out Exception? again) is null)
            return;
        await _table.RebuildAsync(cell, batch.Rows, cancellationToken);
        Refuse(record, new(RefusalReason.HandlingFailed, "", $"Handling failed twice: {again!.GetType().Name}: {again.Message}"), batch);
    }

    private void Refuse(in InboundRecord record, Refusal refusal, PreparedBatch batch)
    {
        batch.Rows.Append(_deadLetters.Make(++_outboxSequence, record, refusal));
        _counters = _counters with { DeadLetters = _counters.DeadLetters + 1 };
    }

    private void Schedule(ActorCell cell)
    {
        if (cell.State is { } state && _actor.DeadlineMs(state, _logMs) is { } deadline && deadline < cell.ScheduledMs)
        {
            cell.ScheduledMs = deadline;
            _deadlines.Add(cell.Patient, deadline);
        }
    }

    private void Seal(PreparedBatch batch)
    {
        foreach (ActorCell cell in _touched)
        {
            if (batch.Snapshots == MaximumSnapshots)
                break;
            if (cell.State is { } state && IsSnapshotDue(cell, state))
            {
                batch.Rows.Append(new ShardBatch.SnapshotRow(cell.Patient, cell.Slot, state.Sequence, _table.Snapshot(state), Active: true, null));
                batch.Snapshots++;
                cell.SnapshotTaken(state.Sequence);
            }
        }

        batch.Rows.Counters = _counters;
        batch.Rows.LogTimeMs = _logMs;
        batch.Rows.OutboxSequence = _outboxSequence;
    }

    private bool IsSnapshotDue(ActorCell cell, PatientState state)
    {
        long entries = _options.SnapshotEvery, sampleBytes = RuntimeLimits.SnapshotSampleBytes;
        if (cell.SnapshotSequence == 0)
        {
            // Patients differ in when their first is due, so that a ward that began together is spread.
            entries = (entries / 2) + (cell.Slot % Math.Max(1, entries / 2));
            sampleBytes = (sampleBytes / 2) + (cell.Slot * (sampleBytes / 2) / Partitioner.Slots);
        }

        return state.Sequence - cell.SnapshotSequence >= entries || cell.SampleBytes >= sampleBytes;
    }
}
