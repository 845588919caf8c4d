using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>How a beat looks in one lead.</summary>
/// <param name="Likeness">Correlation with the patient's usual beat in this lead in hundredths, -100 to 100; 0 while none is known.</param>
/// <param name="Difference">Size of the difference to the usual beat over the size of the usual beat, in hundredths, 255 at most; 0 while none is known.</param>
/// <param name="PreviousLikeness">Correlation with the beat before in hundredths.</param>
/// <param name="SpreadMs">Standard deviation in time of the magnitude of the slope around the beat: 15 to 35 ms in a narrow complex, more in a wide one, near 75 ms in noise.</param>
/// <param name="Roughness">Mean change of the slope over mean slope in hundredths: low in smooth waves, above 100 in muscle noise.</param>
/// <param name="Height">Height over the height of the usual beat in tenths, 255 at most; 0 while none is known.</param>
/// <param name="HeightMicrovolts">From the lowest to the highest point around the beat.</param>
internal readonly record struct BeatForm(sbyte Likeness, byte Difference, sbyte PreviousLikeness, byte SpreadMs, byte Roughness, byte Height, ushort HeightMicrovolts)
{
    /// <summary>False for a beat that was looked at before the usual one was known: nothing can be said of its likeness. (A beat without any likeness to a known one differs from it.)</summary>
    public bool IsCompared => Likeness != 0 || Difference != 0;

    /// <summary>A deflection narrower and sharper than any beat of a heart, as a pacemaker makes it.</summary>
    public bool IsPacerSpike => IsSpike(SpreadMs, Roughness);

    public static bool IsSpike(byte spreadMs, byte roughness) => spreadMs <= 15 && roughness >= 135;

    public void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)Likeness);
        writer.Byte(Difference);
        writer.Byte((byte)PreviousLikeness);
        writer.Byte(SpreadMs);
        writer.Byte(Roughness);
        writer.Byte(Height);
        writer.Unsigned(HeightMicrovolts);
    }

    public static BeatForm Decode(ref PayloadReader reader) =>
        new((sbyte)reader.Byte(), reader.Byte(), (sbyte)reader.Byte(), reader.Byte(), reader.Byte(), reader.Byte(), (ushort)reader.Count(ushort.MaxValue));
}
