using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>A heartbeat, by its time.</summary>
/// <param name="TimeMs">Its R peak, milliseconds since 1970 UTC.</param>
/// <param name="Class">What it looks like; the first word of it when it is found, the last when it is classified.</param>
/// <param name="IsSearchBack">True when search-back found it.</param>
public readonly record struct FoundBeat(long TimeMs, BeatClass Class, bool IsSearchBack);
