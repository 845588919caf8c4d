namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>A heartbeat that was found. It is told once, and never taken back; what kind it was follows as a <see cref="BeatClassification"/>.</summary>
/// <param name="Sample">Number of the sample of its R peak (or of the largest deflection of the first usable lead), counted from the first sample pushed.</param>
/// <param name="Class">What it looks like by its own form and time; <see cref="BeatClassification"/> has the last word.</param>
/// <param name="Confidence">0 (a guess) to 1 (certain) that there is a beat.</param>
/// <param name="DecidedAt">Number of the newest sample that had been pushed when it was decided.</param>
/// <param name="IsSearchBack">True when it had been passed over first and was found again because the next beat did not come in time.</param>
public readonly record struct Beat(long Sample, BeatClass Class, double Confidence, long DecidedAt, bool IsSearchBack);
