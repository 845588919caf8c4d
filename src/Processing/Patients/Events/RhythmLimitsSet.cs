using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>Other limits of rhythm take effect for the patient's waveforms: by age, by the patient's own limits of the heart rate, or by the configuration.</summary>
/// <param name="Limits">The limits.</param>
public readonly record struct RhythmLimitsSet(RhythmLimits Limits)
{
    internal void Encode(PayloadWriter writer) => Limits.Encode(writer);

    internal static RhythmLimitsSet Decode(ref PayloadReader reader) => new(RhythmLimits.Decode(ref reader));
}
