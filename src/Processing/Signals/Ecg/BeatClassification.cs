namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>The final class of a beat. Each beat gets exactly one, in the order of the beats: when the next beat is found, or when none came for as long as one may take.</summary>
/// <param name="Sample">The beat, by its <see cref="Beat.Sample"/>.</param>
/// <param name="Class">Its class.</param>
/// <param name="Confidence">0 (a guess) to 1 (certain) of the class.</param>
/// <param name="DecidedAt">Number of the newest sample that had been pushed when it was decided.</param>
public readonly record struct BeatClassification(long Sample, BeatClass Class, double Confidence, long DecidedAt);
