using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay;

/// <summary>What one device recorded of one patient: rows of values, or waveforms.</summary>
public abstract class Recording(RecordingIdentity identity)
{
    /// <summary>Whose recording it is, and how it lies in time.</summary>
    public RecordingIdentity Identity { get; } = identity;

    /// <summary>Whether it has waveforms and no readings.</summary>
    public abstract bool IsOfWaveforms { get; }

    /// <summary>The recording as the rows that are sent one by one.</summary>
    /// <param name="chunk">How long a row of a waveform is.</param>
    public abstract IRecordingRows Rows(TimeSpan chunk);
}

/// <summary>The rows of a recording. Any row can be had at any time, so that copies of a patient share them.</summary>
public interface IRecordingRows
{
    /// <summary>How many rows there are; at least one.</summary>
    int Count { get; }

    /// <summary>When row <paramref name="row"/> was recorded (of a waveform: when it was complete), milliseconds after the start of its part.</summary>
    long TimeMs(int row);

    /// <summary>The most samples of a row, all signals together; 0 where there are none.</summary>
    int MostSamples { get; }

    /// <summary>Adds the values of row <paramref name="row"/> to an observation, at least one.</summary>
    /// <param name="row">The row.</param>
    /// <param name="partMs">When the recording's part starts, milliseconds since 1970 UTC.</param>
    /// <param name="draft">What is filled; memory of waveforms stays the recording's.</param>
    void Fill(int row, long partMs, ObservationDraft draft);
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
