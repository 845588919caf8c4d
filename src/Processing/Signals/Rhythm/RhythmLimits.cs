namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>From where on a rhythm is alarmed on.</summary>
/// <param name="AsystoleMs">Without a beat for so long the heart stands still, milliseconds.</param>
/// <param name="ExtremeLow">Five beats below this rate are an extreme bradycardia, per minute.</param>
/// <param name="ExtremeHigh">Seventeen beats above this rate are an extreme tachycardia, per minute.</param>
/// <param name="VentricularRate">Five ventricular beats faster than this are a ventricular tachycardia, per minute.</param>
public sealed record RhythmLimits(int AsystoleMs, int ExtremeLow, int ExtremeHigh, int VentricularRate)
{
    /// <summary>So many beats in a row make an extreme bradycardia.</summary>
    public int BradycardiaBeats { get; init; } = 5;

    /// <summary>So many beats in a row make an extreme tachycardia.</summary>
    public int TachycardiaBeats { get; init; } = 17;

    /// <summary>So many ventricular beats in a row make a ventricular tachycardia.</summary>
    public int VentricularBeats { get; init; } = 5;

    /// <summary>The definitions of the PhysioNet/CinC Challenge 2015 (Clifford 2015), which are those of the monitors it took its alarms from.</summary>
    public static RhythmLimits Adult { get; } = new(4000, 40, 140, 100);

    /// <summary>Checks that the limits make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(AsystoleMs, 2000);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(AsystoleMs, 10_000);
        ArgumentOutOfRangeException.ThrowIfLessThan(ExtremeLow, 15);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(ExtremeLow, ExtremeHigh);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(ExtremeHigh, 300);
        ArgumentOutOfRangeException.ThrowIfLessThan(VentricularRate, 40);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(VentricularRate, 300);
    }
}
