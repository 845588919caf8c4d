using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Alarms.Limits;

/// <summary>The limits of a signal, in its unit. Null is no limit. The limit itself is within.</summary>
/// <param name="Low">Values below break it.</param>
/// <param name="High">Values above break it.</param>
/// <param name="Desaturation">Of oxygen saturation: values below are of high priority.</param>
public readonly record struct SignalLimits(double? Low, double? High, double? Desaturation)
{
    /// <summary>The limits, where one is not given those of <paramref name="otherwise"/>.</summary>
    public SignalLimits Or(in SignalLimits otherwise) => new(Low ?? otherwise.Low, High ?? otherwise.High, Desaturation ?? otherwise.Desaturation);

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)((Low is null ? 0 : 1) | (High is null ? 0 : 2) | (Desaturation is null ? 0 : 4)));
        foreach (double? limit in new[] { Low, High, Desaturation })
        {
            if (limit is { } value)
                writer.Double(value);
        }
    }

    internal static SignalLimits Decode(ref PayloadReader reader)
    {
        int which = reader.Byte();
        if (which > 7)
            throw new InvalidDataException($"{which} names no limits that this program knows.");
        double? low = (which & 1) == 0 ? null : reader.Double();
        double? high = (which & 2) == 0 ? null : reader.Double();
        return new(low, high, (which & 4) == 0 ? null : reader.Double());
    }
}
