using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>A weighing as a file has it.</summary>
/// <param name="TimeMs">When, milliseconds since 1970 UTC; since the first day where a file only counts days.</param>
/// <param name="Value">The weight in the file's unit.</param>
/// <param name="InPounds">Whether that unit is the pound (avoirdupois); the kilogram otherwise.</param>
/// <param name="Source">How it was obtained, as far as the file says.</param>
public readonly record struct RecordedWeight(long TimeMs, double Value, bool InPounds, ReadingSource Source)
{
    /// <summary>1 lb in kg, by definition (international yard and pound, 1959).</summary>
    public const double KilogramsPerPound = 0.45359237;

    /// <summary>The weight in kg.</summary>
    public double Kilograms => InPounds ? Value * KilogramsPerPound : Value;
}

/// <summary>The weighings of one person.</summary>
/// <param name="Person">Names the person; usable in a patient's id.</param>
/// <param name="Weights">The weighings in the order of their times, repeats included.</param>
public sealed record WeightSeries(string Person, IReadOnlyList<RecordedWeight> Weights);
