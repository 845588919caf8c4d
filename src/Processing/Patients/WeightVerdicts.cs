using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients;

/// <summary>
/// How a patient's weighings were judged last. The weight service keeps no verdicts: this is for whoever looks at the patient. At most 2 + 2 x 46 bytes when encoded.
/// </summary>
/// <param name="Newest">The weighing that came last, whatever became of it; null before the first.</param>
/// <param name="Rejected">The last one that was not taken, with the reason; null when there was none, or when somebody has stood for that very weighing since.</param>
public readonly record struct WeightVerdicts(WeightJudged? Newest, WeightJudged? Rejected)
{
    /// <summary>The verdicts with one more.</summary>
    internal WeightVerdicts With(in WeightJudged judged)
    {
        if (judged.Reason != WeightReason.None)
            return new(judged, judged);
        bool isStoodFor = judged.Measurement.IsConfirmed && Rejected?.Measurement is { } rejected
            && rejected.TimeMs == judged.Measurement.TimeMs && rejected.Kilograms == judged.Measurement.Kilograms;
        return new(judged, isStoodFor ? null : Rejected);
    }

    internal void Encode(PayloadWriter writer)
    {
        Encode(writer, Newest);
        Encode(writer, Rejected);
    }

    internal static WeightVerdicts Decode(ref PayloadReader reader) => new(One(ref reader), One(ref reader));

    private static void Encode(PayloadWriter writer, in WeightJudged? judged)
    {
        writer.Boolean(judged is not null);
        judged?.Encode(writer);
    }

    private static WeightJudged? One(ref PayloadReader reader) => reader.Boolean() ? WeightJudged.Decode(ref reader) : null;
}
