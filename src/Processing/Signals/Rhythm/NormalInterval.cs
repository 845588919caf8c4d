namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>The interval between two normal beats in a row.</summary>
/// <param name="EndSeconds">Time of the second beat, seconds.</param>
/// <param name="Milliseconds">The interval; positive.</param>
public readonly record struct NormalInterval(double EndSeconds, double Milliseconds);
