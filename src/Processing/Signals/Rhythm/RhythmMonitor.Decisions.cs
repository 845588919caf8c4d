namespace PhysioActors.Processing.Signals.Rhythm;

public sealed partial class RhythmMonitor
{
    /// <summary>Decides every whole second up to a time. Everything up to that time must have been given.</summary>
    /// <param name="toMs">The time.</param>
    /// <param name="changes">What changed is appended.</param>
    public void Advance(long toMs, ICollection<RhythmChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        _decidedMs = toMs;
    }
}
