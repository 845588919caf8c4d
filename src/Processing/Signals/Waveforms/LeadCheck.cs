namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>How far the leads of an ECG can be trusted at a whole second.</summary>
/// <param name="TimeMs">The second, milliseconds since 1970 UTC.</param>
/// <param name="AreOff">True when no lead moves: all are off.</param>
/// <param name="IsUnusable">True when some lead moves, and beats stand out of none.</param>
public readonly record struct LeadCheck(long TimeMs, bool AreOff, bool IsUnusable);
