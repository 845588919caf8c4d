using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Runtime;

/// <summary>A batch with what is published after its commit. Two serve a shard by turns.</summary>
internal sealed class PreparedBatch
{
    private const int UsualEstimates = 256 << 10;
    private const int SmallBatches = 100;

    private PayloadWriter _estimates = new(4096);
    private int _sinceLarge;
    private readonly List<(ActorCell Cell, int Start, int Length, long TimestampMs)> _places = [];

    /// <summary>Counts the batches of a runner from 1.</summary>
    internal long Number { get; set; }

    /// <summary>What is committed.</summary>
    internal ShardBatch Rows { get; } = new();

    /// <summary>How many snapshots of patients that stay are in it.</summary>
    internal int Snapshots { get; set; }

    /// <summary>Its alarms, for the metrics.</summary>
    internal AlarmCounts Alarms { get; set; }

    /// <summary>The patients that leave memory with it.</summary>
    internal List<ActorCell> Passivated { get; } = [];

    internal void AddEstimate(ActorCell cell, ReadOnlySpan<byte> value, long timestampMs)
    {
        _places.Add((cell, _estimates.Length, value.Length, timestampMs));
        _estimates.Raw(value);
    }

    internal void PublishEstimates(IOutputs outputs)
    {
        foreach ((ActorCell cell, int start, int length, long timestampMs) in _places)
            outputs.PublishEstimate(cell.Key, _estimates.Written.Slice(start, length), timestampMs);
    }

    internal void Clear()
    {
        Rows.Clear();
        // A large batch does not hold its memory for ever, nor is it given back between two of them.
        _sinceLarge = _estimates.Length > UsualEstimates ? 0 : _sinceLarge + 1;
        if (_sinceLarge == SmallBatches)
            _estimates = new(4096);
        _estimates.Truncate();
        _places.Clear();
        Snapshots = 0;
        Alarms = default;
        Passivated.Clear();
    }
}
