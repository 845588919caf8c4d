using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>The model scored the patient's features.</summary>
/// <param name="Score">The score, 0 to 1.</param>
/// <param name="Threshold">The threshold in force.</param>
/// <param name="Exceeded">True when the score counts as above the threshold (with hysteresis while an anomaly is open).</param>
/// <param name="Learned">True when the score entered the patient's own distribution.</param>
public readonly record struct ScoreComputed(float Score, float Threshold, bool Exceeded, bool Learned)
{
    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)((Exceeded ? 1 : 0) | (Learned ? 2 : 0)));
        writer.Single(Score);
        writer.Single(Threshold);
    }

    internal static ScoreComputed Decode(ref PayloadReader reader)
    {
        byte flags = reader.Byte();
        return new(reader.Single(), reader.Single(), (flags & 1) != 0, (flags & 2) != 0);
    }
}
