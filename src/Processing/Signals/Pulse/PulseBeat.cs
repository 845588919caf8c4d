namespace PhysioActors.Processing.Signals.Pulse;

/// <summary>A pulse wave that has passed.</summary>
/// <param name="Sample">Number of the sample of its foot, where the upstroke begins, counted from the first sample pushed.</param>
/// <param name="DecidedAt">Number of the newest sample that had been pushed when it was decided: the foot of the next wave and its upstroke, or the longest cycle without one.</param>
/// <param name="Quality">0 (noise) to 1 (a clean wave like those before it). From <see cref="PulseDetector.GoodQuality"/> on, something was pumped.</param>
/// <param name="Systolic">The highest value of the wave, in the signal's unit.</param>
/// <param name="Diastolic">The value at its foot, in the signal's unit.</param>
/// <param name="Mean">The mean over the wave, foot to foot, in the signal's unit.</param>
public readonly record struct PulseBeat(long Sample, long DecidedAt, double Quality, double Systolic, double Diastolic, double Mean)
{
    /// <summary>Systolic minus diastolic: for pressure the pulse pressure, for a photoplethysmogram the amplitude.</summary>
    public double Amplitude => Systolic - Diastolic;
}
