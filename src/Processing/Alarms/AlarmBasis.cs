using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Alarms;

/// <summary>
/// What a reader must know to trust a limit or a score without asking elsewhere: where the limit comes from, whose age was reckoned with, and of NEWS2 every parameter. Journaled with the evidence that it belongs to.
/// </summary>
/// <remarks>Stored: a byte; with NEWS2 at most 128 more.</remarks>
/// <param name="Origin">Where the limit comes from; <see cref="LimitOrigin.None"/> for what has none that a person or a configuration could change.</param>
/// <param name="Age">The patient's age class; <see cref="AgeClass.Unknown"/> when an adult's was assumed, null for what depends on no age.</param>
/// <param name="News2">What a score of NEWS2 is made of; else null.</param>
public readonly record struct AlarmBasis(LimitOrigin Origin, AgeClass? Age, News2Detail? News2 = null)
{
    /// <summary>Set in the byte of the priority when a basis follows the contributors. What was written before there was one lacks it.</summary>
    private const int Follows = 0x80;

    private const int OriginBits = 2;
    private const int HasNews2 = 0x40;
    private const int StandingBits = 2;

    /// <summary>True when there is nothing to tell.</summary>
    public bool IsEmpty => Origin == LimitOrigin.None && Age is null && News2 is null;

    /// <summary>Writes the priority, and whether a basis will follow.</summary>
    internal void EncodePriority(PayloadWriter writer, AnomalySeverity priority) => writer.Byte((byte)((int)priority | (IsEmpty ? 0 : Follows)));

    /// <summary>Reads the priority, and whether a basis will follow.</summary>
    internal static AnomalySeverity DecodePriority(ref PayloadReader reader, out bool follows)
    {
        int read = reader.Byte();
        follows = (read & Follows) != 0;
        return (AnomalySeverity)(read & ~Follows);
    }

    /// <summary>Writes the basis; nothing when it is empty.</summary>
    internal void Encode(PayloadWriter writer)
    {
        if (IsEmpty)
            return;
        int age = Age is { } known ? (int)known + 1 : 0;
        writer.Byte((byte)((int)Origin | (age << OriginBits) | (News2 is null ? 0 : HasNews2)));
        if (News2 is null)
            return;
        writer.Byte((byte)News2.SpO2Scale);
        writer.Byte((byte)News2.Parts.Count);
        foreach (News2DetailPart part in News2.Parts)
        {
            writer.Byte((byte)part.Parameter);
            writer.Byte((byte)((int)part.Standing | (part.Points << StandingBits)));
            writer.Byte((byte)part.Code);
            bool hasValue = part is { Value: not null, TimeMs: not null };
            writer.Boolean(hasValue);
            if (!hasValue)
                continue;
            writer.Double(part.Value!.Value);
            writer.Signed(part.TimeMs!.Value);
        }
    }

    /// <summary>Reads a basis that follows.</summary>
    /// <exception cref="InvalidDataException">The bytes are no basis that this program knows.</exception>
    internal static AlarmBasis Decode(ref PayloadReader reader)
    {
        int flags = reader.Byte();
        int age = (flags & ~HasNews2) >> OriginBits;
        if (age > (int)AgeClass.Adult + 1)
            throw new InvalidDataException($"{flags} is the basis of no alarm that this program knows.");
        return new((LimitOrigin)(flags & ((1 << OriginBits) - 1)), age == 0 ? null : (AgeClass)(age - 1), (flags & HasNews2) == 0 ? null : DecodeNews2(ref reader));
    }

    private static News2Detail DecodeNews2(ref PayloadReader reader)
    {
        int scale = reader.Byte();
        var parts = new News2DetailPart[reader.Count(News2Detail.ParameterCount)];
        for (int i = 0; i < parts.Length; i++)
        {
            int parameter = reader.Byte(), standing = reader.Byte(), code = reader.Byte();
            if (parameter >= News2Detail.ParameterCount || (standing & ((1 << StandingBits) - 1)) > (int)News2Standing.Scored || standing >> StandingBits > 3 || code >= SignalCodes.Count)
                throw new InvalidDataException($"A part of NEWS2 has the parameter {parameter}, the standing {standing} and the code {code}, which this program does not know together.");
            parts[i] = new((News2Parameter)parameter, (News2Standing)(standing & ((1 << StandingBits) - 1)), standing >> StandingBits, (SignalCode)code, null, null);
            if (reader.Boolean())
                parts[i] = parts[i] with { Value = reader.Double(), TimeMs = reader.Signed() };
        }

        return new(scale, parts);
    }
}
