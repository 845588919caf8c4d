using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay;

/// <summary>
/// One stream of rows that one device recorded of one patient. Rows are kept packed in memory, because thousands of recordings that are merged by time
/// cannot each hold an open file; <see cref="RecordingReport.MaximumReadings"/> bounds how much that is.
/// </summary>
public sealed class NumericRecording : Recording, IRecordingRows
{
    private readonly long[] _offsetsMs;
    private readonly int[] _ends;
    private readonly RecordedReading[] _readings;

    internal NumericRecording(RecordingIdentity identity, long[] offsetsMs, int[] ends, RecordedReading[] readings)
        : base(identity)
    {
        _offsetsMs = offsetsMs;
        _ends = ends;
        _readings = readings;
    }

    /// <inheritdoc/>
    public int Count => _offsetsMs.Length;

    /// <inheritdoc/>
    public override bool IsOfWaveforms => false;

    /// <summary>How many values there are.</summary>
    public int ReadingCount => _readings.Length;

    /// <inheritdoc/>
    public int MostSamples => 0;

    /// <inheritdoc/>
    public long TimeMs(int row) => Identity.LeadMs + _offsetsMs[row];

    /// <summary>The values of row <paramref name="row"/>, at least one.</summary>
    public ReadOnlySpan<RecordedReading> Readings(int row)
    {
        int start = row == 0 ? 0 : _ends[row - 1];
        return _readings.AsSpan(start, _ends[row] - start);
    }

    /// <inheritdoc/>
    public override IRecordingRows Rows(TimeSpan chunk) => this;

    /// <inheritdoc/>
    public void Fill(int row, long partMs, ObservationDraft draft)
    {
        foreach (RecordedReading reading in Readings(row))
            draft.Readings.Add(new DraftReading(reading.Code, reading.Value, Source: reading.Source));
    }
}
