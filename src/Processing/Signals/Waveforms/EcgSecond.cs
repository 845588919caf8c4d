namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>What an ECG shows at the end of a second, counted from where it began.</summary>
/// <param name="TimeMs">Event time, milliseconds since 1970 UTC.</param>
/// <param name="BeatsPerMinute">The heart rate as monitors average it; NaN when there is none.</param>
/// <param name="IsAnyLeadGood">True when at least one lead can be trusted.</param>
/// <param name="AreLeadsOff">True when no lead shows anything: the electrodes are off.</param>
/// <param name="Rhythms">The rhythm conditions that are there, one bit for each.</param>
public readonly record struct EcgSecond(long TimeMs, double BeatsPerMinute, bool IsAnyLeadGood, bool AreLeadsOff, int Rhythms)
{
    /// <summary>True when a rhythm condition is there.</summary>
    public bool Has(Rhythm.RhythmCondition rhythm) => (Rhythms & 1 << (int)rhythm) != 0;
}
