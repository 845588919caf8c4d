using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay;

/// <summary>Collects the rows of one recording. A row without a value is counted and left out.</summary>
internal sealed class RecordingBuilder(RecordingIdentity identity, RecordingReport report)
{
    private readonly List<long> _offsetsMs = [];
    private readonly List<int> _ends = [];
    private readonly List<RecordedReading> _readings = [];
    private long _rowMs;
    private long _previousMs = -1;

    /// <summary>True until the first row with a value has ended.</summary>
    public bool IsEmpty => _offsetsMs.Count == 0;

    /// <summary>Starts a row; false (and the row is not begun) when its time is negative or not after that of the row before.</summary>
    public bool TryBegin(long offsetMs)
    {
        if (offsetMs <= _previousMs)
            return false;
        _rowMs = offsetMs;
        return true;
    }

    /// <summary>Adds a value to the row that was begun; false when it cannot be a vital sign at all.</summary>
    public bool TryAdd(SignalCode code, double value, ReadingSource source)
    {
        if (!RecordedReading.TryPack(code, value, source, out RecordedReading reading))
            return false;
        _readings.Add(reading);
        return true;
    }

    /// <summary>Drops what was added to the row that was begun.</summary>
    public void Abandon() => _readings.RemoveRange(Closed, _readings.Count - Closed);

    /// <summary>Ends the row that was begun.</summary>
    public void End()
    {
        _previousMs = _rowMs;
        if (_readings.Count == Closed)
        {
            report.CountRowWithoutValue();
            return;
        }

        report.CountReadings(_readings.Count - Closed);
        _offsetsMs.Add(_rowMs);
        _ends.Add(_readings.Count);
    }

    /// <summary>The recording; null when no row had a value.</summary>
    public NumericRecording? Build() => _offsetsMs.Count == 0 ? null : new NumericRecording(identity, [.. _offsetsMs], [.. _ends], [.. _readings]);

    private int Closed => _ends.Count == 0 ? 0 : _ends[^1];
}
