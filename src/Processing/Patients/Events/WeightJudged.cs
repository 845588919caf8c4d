using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>A weighing was judged.</summary>
/// <param name="Measurement">The weighing.</param>
/// <param name="Outcome">What was done with it.</param>
/// <param name="Reason">Why it was not taken; none when it was.</param>
public readonly record struct WeightJudged(WeightMeasurement Measurement, WeightOutcome Outcome, WeightReason Reason)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Signed(Measurement.TimeMs);
        writer.Double(Measurement.Kilograms);
        writer.Byte((byte)Measurement.Source);
        writer.Byte((byte)Measurement.WrittenIn);
        writer.Boolean(Measurement.IsConfirmed);
        writer.Byte((byte)Outcome);
        writer.Byte((byte)Reason);
    }

    internal static WeightJudged Decode(ref PayloadReader reader)
    {
        var measurement = new WeightMeasurement(reader.Signed(), reader.Double(), (WeightSource)reader.Byte()) { WrittenIn = (WeightUnit)reader.Byte(), IsConfirmed = reader.Boolean() };
        return new(measurement, (WeightOutcome)reader.Byte(), (WeightReason)reader.Byte());
    }
}
