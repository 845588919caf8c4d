namespace PhysioActors.Ingest.Replay;

/// <summary>
/// One stream of rows that one device recorded of one patient. Rows are kept packed in memory, because thousands of recordings that are merged by time
/// cannot each hold an open file; <see cref="RecordingReport.MaximumReadings"/> bounds how much that is.
/// </summary>
public sealed class Recording
{
    private readonly long[] _offsetsMs;
    private readonly int[] _ends;
    private readonly RecordedReading[] _readings;

    internal Recording(RecordingIdentity identity, long[] offsetsMs, int[] ends, RecordedReading[] readings)
    {
        Identity = identity;
        _offsetsMs = offsetsMs;
        _ends = ends;
        _readings = readings;
    }

    /// <summary>Whose recording it is, and how it lies in time.</summary>
    public RecordingIdentity Identity { get; }

    /// <summary>How many rows have a value.</summary>
    public int Count => _offsetsMs.Length;

    /// <summary>How many values there are.</summary>
    public int ReadingCount => _readings.Length;

    /// <summary>When the last row was recorded, milliseconds after the start of its part.</summary>
    public long LastMs => Identity.LeadMs + _offsetsMs[^1];

    /// <summary>When row <paramref name="row"/> was recorded, milliseconds after the start of its part.</summary>
    public long TimeMs(int row) => Identity.LeadMs + _offsetsMs[row];

    /// <summary>The values of row <paramref name="row"/>, at least one.</summary>
    public ReadOnlySpan<RecordedReading> Readings(int row)
    {
        int start = row == 0 ? 0 : _ends[row - 1];
        return _readings.AsSpan(start, _ends[row] - start);
    }
}

/// <summary>Whose recording it is, and how it lies in time.</summary>
/// <param name="Patient">The patient as <c>namespace:id</c>; the namespace is the data set.</param>
/// <param name="Device">The device, unique over all sets.</param>
/// <param name="StepMs">The usual time between two rows, milliseconds.</param>
public sealed record RecordingIdentity(string Patient, string Device, int StepMs)
{
    /// <summary>
    /// Which stretch of the patient's time it belongs to. Recordings of one part run side by side; the parts of a patient follow each other in this order.
    /// </summary>
    public int Part { get; init; }

    /// <summary>How long after the start of its part the recording starts, milliseconds.</summary>
    public long LeadMs { get; init; }

    /// <summary>
    /// Whether the observations say that their interval is <see cref="StepMs"/>. Only where every row is expected to carry every code:
    /// a temperature that is charted each fourth hour is not missing in the other three.
    /// </summary>
    public bool DeclaresInterval { get; init; }
}
