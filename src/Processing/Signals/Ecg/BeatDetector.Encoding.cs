using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Ecg;

public sealed partial class BeatDetector
{
    private const byte FormatVersion = 2;

    /// <summary>Writes the complete state, bit for bit, apart from what the last push found, the model and <see cref="Evidence"/>.</summary>
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
    /// <param name="reader">Stands behind the state afterwards.</param>
    /// <param name="model">The weights; null for <see cref="BeatModel.StandardFor"/>.</param>
    /// <exception cref="InvalidDataException">The bytes are not the state of a detector.</exception>
    public static BeatDetector Decode(ref PayloadReader reader, BeatModel? model = null)
    {
        byte version = reader.Byte();
        if (version != FormatVersion)
            throw new InvalidDataException($"Byte {reader.Position}: a beat detector of format {version} is not known; this program reads format {FormatVersion}.");
        int leads = reader.Byte();
        double samplingHz = reader.Double();
        if (leads is < 1 or > MaximumLeads || samplingHz is not (>= 50 and <= 1000))
            throw new InvalidDataException($"Byte {reader.Position}: a beat detector has 1 to {MaximumLeads} leads and 50 to 1000 samples in a second.");
        var detector = new BeatDetector(leads, samplingHz, model);
        var codec = new StateCodec(reader);
        detector.Transfer(ref codec);
        reader = codec.Reader;
        return detector;
    }

    private void Transfer(ref StateCodec codec)
    {
        const long Latest = long.MaxValue / 4;
        codec.Integer(ref _samples, 0, Latest);
        codec.Integer(ref _tick, 0, Latest);
        codec.Numbers(_newest);
        codec.Numbers(_previous);
        codec.Numbers(_area);
        foreach (ref bool missing in _isMissing.AsSpan())
            codec.Truth(ref missing);
        for (int i = 0; i < _leads.Length; i++)
        {
            _leads[i].Transfer(ref codec, _tick);
            _spikes[i].Transfer(ref codec);
            _levels[i].Transfer(ref codec);
        }

        codec.Numbers(_combined);
        codec.Integer(ref _peakTick, 0, Latest);
        codec.Number(ref _peak);
        Transfer(ref codec, _pending, ref _pendingCount);
        Transfer(ref codec, _passed, ref _passedCount);
        _intervals.Transfer(ref codec);
        codec.Integer(ref _lastTick, None, Latest);
        codec.Integer(ref _beforeLastTick, None, Latest);
        codec.Number(ref _lastHeight);
        codec.Numbers(_lastSlopes);
        codec.Integer(ref _lowered, 0, int.MaxValue);
        _forms.Transfer(ref codec);
        _normalIntervals.Transfer(ref codec);
        codec.Numbers(_formFeatures);
        _waiting.Transfer(ref codec);
        _usual.Transfer(ref codec);
        codec.Integer(ref _dominant, -1, BeatForms.Count - 1);
        codec.Number(ref _lastClassScore);
        codec.Number(ref _beforeLastClassScore);
        codec.Number(ref _lastInterval);
        codec.Integer(ref _lastClassifiedTick, None, Latest);
        if (_waiting.IsWaiting && _waiting.Form >= 0 && _dominant < 0)
            throw new InvalidDataException("A beat detector has a form of a beat and no dominant one.");
    }

    private void Transfer(ref StateCodec codec, BeatCandidate[] candidates, ref int count)
    {
        codec.Integer(ref count, 0, candidates.Length);
        for (int i = 0; i < count; i++)
            candidates[i].Transfer(ref codec, Leads);
    }
}
