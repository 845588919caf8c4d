using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Ecg;

public sealed partial class BeatDetector
{
    private const byte FormatVersion = 1;

    /// <summary>Writes the complete state, bit for bit.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(FormatVersion);
        writer.Byte((byte)Leads);
        writer.Double(SamplingHz);
        var codec = new StateCodec(writer);
        Transfer(ref codec);
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of a detector.</exception>
    public static BeatDetector Decode(ref PayloadReader reader)
    {
        byte version = reader.Byte();
        if (version != FormatVersion)
            throw new InvalidDataException($"Byte {reader.Position}: a beat detector of format {version} is not known; this program reads format {FormatVersion}.");
        int leads = reader.Byte();
        double samplingHz = reader.Double();
        if (leads is < 1 or > MaximumLeads || samplingHz is not (>= 50 and <= 1000))
            throw new InvalidDataException($"Byte {reader.Position}: a beat detector has 1 to {MaximumLeads} leads and 50 to 1000 samples in a second.");
        var detector = new BeatDetector(leads, samplingHz);
        var codec = new StateCodec(reader);
        detector.Transfer(ref codec);
        reader = codec.Reader;
        return detector;
    }

    private void Transfer(ref StateCodec codec)
    {
        codec.Integer(ref _samples, 0, long.MaxValue);
        codec.Integer(ref _tick, 0, long.MaxValue);
        codec.Number(ref _at);
        codec.Numbers(_previous);
        codec.Numbers(_area);
        foreach (ref bool missing in _missing.AsSpan())
            codec.Truth(ref missing);
        codec.Numbers(_combined);
        for (int i = 0; i < _leads.Length; i++)
        {
            _leads[i].Transfer(ref codec);
            _states[i].Transfer(ref codec);
        }

        codec.Integer(ref _pendingCount, 0, _pending.Length);
        for (int i = 0; i < _pendingCount; i++)
            _pending[i].Transfer(ref codec);
        codec.Integer(ref _rejectedCount, 0, _rejected.Length);
        for (int i = 0; i < _rejectedCount; i++)
            _rejected[i].Transfer(ref codec);
        codec.Integer(ref _peakTick, -1, long.MaxValue);
        codec.Number(ref _peak);
        codec.Integer(ref _lastTick, -1, long.MaxValue);
        codec.Number(ref _lastSlope);
        _last.Transfer(ref codec);
        codec.Numbers(_rr);
        codec.Integer(ref _rrCount, 0, int.MaxValue);
        codec.Number(ref _meanRr);
        codec.Numbers(_noise);
        codec.Integer(ref _noiseCount, 0, int.MaxValue);
        codec.Number(ref _noiseLevel);
    }
}
