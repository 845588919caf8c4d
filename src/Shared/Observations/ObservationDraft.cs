using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>A reading about to be sent.</summary>
/// <param name="Code">What was measured.</param>
/// <param name="Value">The value in the code's own unit; ignored when <paramref name="Absent"/> is given.</param>
/// <param name="TimeMs">Its own time in milliseconds since 1970 UTC; null for the observation's.</param>
/// <param name="Quality">What the device says of it.</param>
/// <param name="Source">How it was obtained.</param>
/// <param name="Absent">Why there is no value, as <c>sensor-off</c>; null when there is one.</param>
public readonly record struct DraftReading(
    SignalCode Code, double Value, long? TimeMs = null, ReadingQuality Quality = ReadingQuality.Ok, ReadingSource Source = ReadingSource.Unspecified, string? Absent = null);

/// <summary>An observation about to be sent. One instance may be filled and written again and again.</summary>
public sealed class ObservationDraft
{
    /// <summary>The patient as <c>namespace:id</c>.</summary>
    public string Patient { get; set; } = "";

    /// <summary>The encounter; null for none.</summary>
    public string? Encounter { get; set; }

    /// <summary>The device; null for none.</summary>
    public string? Device { get; set; }

    /// <summary>The device's session; null for none.</summary>
    public string? Session { get; set; }

    /// <summary>The device's sequence number; -1 for none.</summary>
    public long Sequence { get; set; } = -1;

    /// <summary>When it was made, milliseconds since 1970 UTC.</summary>
    public long TimeMs { get; set; }

    /// <summary>The declared interval between readings, milliseconds; 0 for none.</summary>
    public int IntervalMs { get; set; }

    /// <summary>The readings.</summary>
    public List<DraftReading> Readings { get; } = [];

    /// <summary>The waveforms. Their samples stay memory of whoever gave them, and are read when the observation is written.</summary>
    public List<WaveformChunk> Waveforms { get; } = [];
}
