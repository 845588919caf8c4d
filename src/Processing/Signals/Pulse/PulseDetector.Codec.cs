using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Pulse;

public sealed partial class PulseDetector
{
    private const byte Version = 1;

    /// <summary>Writes the complete state: what comes after is decided as if nothing had happened.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        writer.Byte((byte)_kind);
        writer.Double(_rate);
        writer.Unsigned((ulong)_pushed);
        writer.Double(_blockSum);
        writer.Unsigned((ulong)_blockCount);
        writer.Unsigned((ulong)_missing);
        writer.Unsigned((ulong)_inner);
        writer.Unsigned((ulong)_firstValid);
        writer.Unsigned((ulong)_peakCount);
        for (int i = 0; i < Peaks; i++)
            writer.Single(_peaks[i]);
        writer.Single(_learning);
        writer.Unsigned((ulong)_learningLeft);
        writer.Boolean(_rising);
        writer.Signed(_crossed);
        writer.Single(_peak);
        writer.Signed(_peakAt);
        writer.Signed(_lastUpstroke);
        writer.Signed(_foot);
        _template.Encode(writer);
        foreach (float sample in _recent)
            writer.Single(sample);
        // Only what can still be asked for: from the foot of the open wave, or as far as a foot is looked for.
        long from = OldestNeeded();
        for (long at = from; at < _inner; at++)
            writer.Single(this[at]);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of a pulse detector.</exception>
    public static PulseDetector Decode(ref PayloadReader reader)
    {
        if (reader.Byte() is not Version and var other)
            throw new InvalidDataException($"Byte {reader.Position - 1}: a pulse detector of version {other}; this program knows {Version}.");
        var kind = (PulseKind)reader.Count((int)PulseKind.ArterialPressure);
        double rate = Finite(ref reader);
        if (!(rate >= LowestRate && rate <= HighestRate))
            throw new InvalidDataException($"Byte {reader.Position}: a pulse detector with {rate} samples a second.");
        var detector = new PulseDetector(kind, rate);
        detector._pushed = Number(ref reader);
        detector._blockSum = Finite(ref reader);
        detector._blockCount = reader.Count(detector._block - 1);
        detector._missing = reader.Count(detector._block - 1);
        detector._inner = Number(ref reader);
        detector._firstValid = Number(ref reader);
        detector._peakCount = reader.Count(Peaks);
        for (int i = 0; i < Peaks; i++)
            detector._peaks[i] = (float)Finite(reader.Single(), ref reader);
        detector._learning = (float)Finite(reader.Single(), ref reader);
        detector._learningLeft = reader.Count(3 * detector._second);
        detector._rising = reader.Boolean();
        detector._crossed = reader.Signed();
        detector._peak = (float)Finite(reader.Single(), ref reader);
        detector._peakAt = reader.Signed();
        detector._lastUpstroke = reader.Signed();
        detector._foot = reader.Signed();
        long now = detector._inner;
        if (detector._firstValid > now || detector._crossed > now || detector._peakAt > now || detector._lastUpstroke > now || detector._foot >= now || now - detector.OldestNeeded() > RingSize)
            throw new InvalidDataException($"Byte {reader.Position}: a pulse detector has positions that lie ahead of its samples or too far behind.");
        detector._template = PulseTemplate.Decode(ref reader);
        for (int i = 0; i < detector._recent.Length; i++)
            detector._recent[i] = (float)Finite(reader.Single(), ref reader);
        for (long at = detector.OldestNeeded(); at < now; at++)
            detector._ring[at & (RingSize - 1)] = (float)Finite(reader.Single(), ref reader);
        return detector;
    }

    internal static double Finite(ref PayloadReader reader) => Finite(reader.Double(), ref reader);

    internal static double Finite(double value, ref PayloadReader reader) =>
        double.IsFinite(value) ? value : throw new InvalidDataException($"Byte {reader.Position}: a number of a pulse detector is not finite.");

    private static long Number(ref PayloadReader reader)
    {
        ulong value = reader.Unsigned();
        return value <= long.MaxValue ? (long)value : throw new InvalidDataException($"Byte {reader.Position}: a count of a pulse detector has more than 63 bits.");
    }

    private long OldestNeeded()
    {
        long from = _inner - _footSearch - _footSearch - _slope - 2;
        if (_foot >= 0)
            from = Math.Min(from, _foot);
        return Math.Max(0, from);
    }
}
