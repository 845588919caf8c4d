namespace PhysioActors.Processing.Signals;

/// <summary>What most sliding windows do without most of the time; absent where empty, because windows are many.</summary>
internal sealed class SparseParts
{
    public MonotonicDeque Minima;
    public MonotonicDeque Maxima;
    public CoverageGaps Gaps;
    public LongDeltas Longs;

    /// <summary>True while the deques are kept up.</summary>
    public bool KeepsExtremes;

    public bool IsEmpty => !KeepsExtremes && Gaps.IsEmpty && Longs.IsEmpty;
}
