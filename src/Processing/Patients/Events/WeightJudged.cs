using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A weighing was judged. What it made of the person's weight is not here: folding the weighing gives it.</summary>
/// <param name="Measurement">The weighing.</param>
/// <param name="Outcome">What was done with it.</param>
/// <param name="Reason">Why it was not taken; none when it was.</param>
public readonly record struct WeightJudged(WeightMeasurement Measurement, WeightOutcome Outcome, WeightReason Reason)
{
    /// <summary>In the byte of the outcome: what the weighing was held against follows. Logic 3 and earlier did not write it.</summary>
    private const int JudgementBit = 0x80;

    /// <summary>What the weighing was held against; null where nothing was predicted, and in entries of logic 3 and earlier.</summary>
    public WeightJudgement? Judgement { get; init; }

    /// <summary>The event of a result.</summary>
    internal static WeightJudged Of(in WeightMeasurement measurement, in WeightResult result) => new(measurement, result.Outcome, result.Reason) { Judgement = result.Judgement };

    internal void Encode(PayloadWriter writer)
    {
        writer.Signed(Measurement.TimeMs);
        writer.Double(Measurement.Kilograms);
        writer.Byte((byte)Measurement.Source);
        writer.Byte((byte)Measurement.WrittenIn);
        writer.Boolean(Measurement.IsConfirmed);
        writer.Byte((byte)((int)Outcome | (Judgement is null ? 0 : JudgementBit)));
        writer.Byte((byte)Reason);
        if (Judgement is not { } judgement)
            return;
        writer.Double(judgement.Confidence);
        writer.Double(judgement.PredictionError);
        writer.Double(judgement.PredictionDeviation);
    }

    internal static WeightJudged Decode(ref PayloadReader reader)
    {
        var measurement = new WeightMeasurement(reader.Signed(), reader.Double(), (WeightSource)reader.Byte()) { WrittenIn = (WeightUnit)reader.Byte(), IsConfirmed = reader.Boolean() };
        (int outcome, byte reason) = (reader.Byte(), reader.Byte());
        return new(measurement, (WeightOutcome)(outcome & ~JudgementBit), (WeightReason)reason)
        {
            Judgement = (outcome & JudgementBit) == 0 ? null : new WeightJudgement(reader.Double(), reader.Double(), reader.Double()),
        };
    }
}
