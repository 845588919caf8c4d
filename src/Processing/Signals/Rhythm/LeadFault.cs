using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>What keeps a lead that has samples from being the ECG of a patient. The numbers are part of the state.</summary>
internal enum LeadFault : byte
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>Larger than any heart and any amplifier: the gain is wrong, or something else is measured.</summary>
    TooLarge = 1,

    /// <summary>So small that no beat can be seen, and none ever was: the gain is wrong, or the lead shows an amplifier's noise alone.</summary>
    TooSmall = 2,

    /// <summary>It stays, but for a little noise, at an end of its range.</summary>
    Saturated = 3,
}

/// <summary>From where on a lead is no ECG.</summary>
internal static class LeadFaults
{
    /// <summary>
    /// Most from lowest to highest within a second, microvolts: the whole input range that IEC 60601-2-27 demands of a monitor, 5 mV to either side. The largest QRS complexes that it names have 5 mV.
    /// </summary>
    public const int GreatestMicrovolts = 10_000;

    /// <summary>Least height of the usual beat, microvolts: IEC 60601-2-27 has a monitor for adults count no QRS complex of 0.15 mV or less.</summary>
    public const int LeastMicrovolts = 150;

    /// <summary>No amplifier ends its range below, microvolts.</summary>
    public const int RailMicrovolts = LeadLevels.RailMicrovolts;

    /// <summary>Most that a lead moves at the end of its range, microvolts: three times the 30 that IEC 60601-2-27 allows an amplifier as noise, and more than two steps of 0.04 mV.</summary>
    public const int RailNoiseMicrovolts = 100;

    /// <summary>A lead that lies no further from where it lay while it showed beats is at rest, microvolts: a tenth of the 5 mV input range.</summary>
    public const int RestMicrovolts = 500;

    public static LeadFault Decode(ref PayloadReader reader) =>
        reader.Byte() is var fault && fault <= (byte)LeadFault.Saturated ? (LeadFault)fault : throw new InvalidDataException($"Byte {reader.Position - 1}: {fault} is no fault of a lead.");
}
