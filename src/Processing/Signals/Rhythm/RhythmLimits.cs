using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>From where on a rhythm is alarmed on.</summary>
/// <param name="AsystoleMs">Without a beat for so long the heart stands still, milliseconds; 2000 to 10000.</param>
/// <param name="ExtremeLow">So many beats below this rate are an extreme bradycardia, per minute.</param>
/// <param name="ExtremeHigh">So many beats above this rate are an extreme tachycardia, per minute.</param>
/// <param name="VentricularRate">So many ventricular beats faster than this are a ventricular tachycardia, per minute.</param>
public sealed record RhythmLimits(int AsystoleMs, int ExtremeLow, int ExtremeHigh, int VentricularRate)
{
    private const int MostBeats = 30;
    private const int Beyond = 20;

    /// <summary>Lowest rate that can be a limit, per minute.</summary>
    public const int LowestRate = 15;

    /// <summary>Highest rate that can be a limit, per minute.</summary>
    public const int HighestRate = 300;

    /// <summary>So many beats in a row make an extreme bradycardia.</summary>
    public int BradycardiaBeats { get; init; } = 5;

    /// <summary>So many beats in a row make an extreme tachycardia.</summary>
    public int TachycardiaBeats { get; init; } = 17;

    /// <summary>So many ventricular beats in a row make a ventricular tachycardia.</summary>
    public int VentricularBeats { get; init; } = 5;

    /// <summary>Adults: the definitions of the PhysioNet/CinC Challenge 2015 (Clifford 2015), which are those of the monitors it took its alarms from.</summary>
    public static RhythmLimits Adult { get; } = new(4000, 40, 140, 100);

    /// <summary>
    /// Adults, for the question whether another monitor's alarm was right: every limit a tenth wider (3.6 s, 44 and 126 a minute, ventricular 90 a minute), the numbers of beats as defined.
    /// Two detectors never time a beat alike, and how the other one averaged is not known.
    /// </summary>
    public static RhythmLimits AdultConfirmation { get; } = new(3600, 44, 126, 90);

    /// <summary>
    /// The limits that belong to a patient's ordinary heart rate limits, of any age: extreme is 20 a minute beyond them, and not below 40 where the ordinary limit is not
    /// (the way of Philips, IntelliVue Patient Monitor Instructions for Use, "Extreme Alarm Limits for Heart Rate"; 50 to 120 gives the 40 and 140 of adults).
    /// </summary>
    /// <param name="low">Ordinary low limit, per minute.</param>
    /// <param name="high">Ordinary high limit, per minute; above the low one.</param>
    /// <param name="isChild">
    /// Under 12 years: ventricular tachycardia counts from 120 a minute, else from 100. Both are in common use (CDISC controlled terminology, "ventricular tachycardia": "100 or 120 beats per minute");
    /// that children get the higher one is a choice of this project, for which no source was found.
    /// </param>
    public static RhythmLimits Around(int low, int high, bool isChild)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(low, LowestRate);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(high, low);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(high, HighestRate);
        return new(Adult.AsystoleMs, Math.Min(low, Math.Max(Adult.ExtremeLow, low - Beyond)), Math.Min(HighestRate, high + Beyond), isChild ? 120 : Adult.VentricularRate);
    }

    /// <summary>Checks that the limits make sense.</summary>
    /// <exception cref="ArgumentOutOfRangeException">One does not.</exception>
    internal void Check()
    {
        Within(AsystoleMs, 2000, 10_000, nameof(AsystoleMs));
        Within(ExtremeLow, LowestRate, ExtremeHigh - 1, nameof(ExtremeLow));
        Within(ExtremeHigh, ExtremeLow + 1, HighestRate, nameof(ExtremeHigh));
        Within(VentricularRate, 40, HighestRate, nameof(VentricularRate));
        Within(BradycardiaBeats, 2, MostBeats, nameof(BradycardiaBeats));
        Within(TachycardiaBeats, 2, MostBeats, nameof(TachycardiaBeats));
        Within(VentricularBeats, 3, MostBeats, nameof(VentricularBeats));
    }

    internal void Encode(PayloadWriter writer)
    {
        foreach (int value in (ReadOnlySpan<int>)[AsystoleMs, ExtremeLow, ExtremeHigh, VentricularRate, BradycardiaBeats, TachycardiaBeats, VentricularBeats])
            writer.Unsigned((ulong)value);
    }

    internal static RhythmLimits Decode(ref PayloadReader reader)
    {
        const int Bound = 10_000;
        var limits = new RhythmLimits(reader.Count(Bound), reader.Count(Bound), reader.Count(Bound), reader.Count(Bound))
        {
            BradycardiaBeats = reader.Count(Bound),
            TachycardiaBeats = reader.Count(Bound),
            VentricularBeats = reader.Count(Bound),
        };
        try
        {
            limits.Check();
        }
        catch (ArgumentOutOfRangeException exception)
        {
            throw new InvalidDataException($"Byte {reader.Position}: the limits of a rhythm monitor make no sense.", exception);
        }

        return limits;
    }

    private static void Within(int value, int least, int most, string name)
    {
        if (value < least || value > most)
            throw new ArgumentOutOfRangeException(name, value, $"A rhythm limit must lie within {least} and {most}.");
    }
}
