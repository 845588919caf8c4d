using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients.Events;

/// <summary>
/// What an accepted observation said, as the three events that carry one hold it: when, from which device, under which number, and its readings.
/// Instances are reused: one belongs to the actor for the message at hand, one to each held observation.
/// </summary>
public sealed class ObservationFacts
{
    private readonly List<FoldedReading> _readings = new(8);
    private readonly List<RefusedReading> _refused = [];
    private readonly List<FoldedWaveform> _waveforms = [];
    private readonly List<RefusedWaveform> _refusedWaveforms = [];

    /// <summary>When it was made, milliseconds since 1970 UTC.</summary>
    public long TimeMs { get; set; }

    /// <summary>The Kafka timestamp of its record, milliseconds since 1970 UTC.</summary>
    public long LogMs { get; set; }

    /// <summary>The device's place in the patient's table of devices.</summary>
    public int Device { get; set; }

    /// <summary>The device's name when this observation enters it into the table (in place of whichever was there); otherwise null.</summary>
    public string? DeviceName { get; set; }

    /// <summary>The session when it begins with this observation; the empty text for one without an id (a reboot); otherwise null.</summary>
    public string? NewSession { get; set; }

    /// <summary>The device's sequence number; -1 when it has none.</summary>
    public long Sequence { get; set; }

    /// <summary>The content hash; with a sequence number the low 16 bits are kept to tell a repeat from a reused number.</summary>
    public ulong ContentHash { get; set; }

    /// <summary>The declared interval in milliseconds; 0 for none.</summary>
    public int IntervalMs { get; set; }

    /// <summary>The readings, in the order of the message.</summary>
    public List<FoldedReading> Readings => _readings;

    /// <summary>The readings that were refused.</summary>
    public List<RefusedReading> Refused => _refused;

    /// <summary>The chunks of waveforms, in the order of the message.</summary>
    public List<FoldedWaveform> Waveforms => _waveforms;

    /// <summary>The chunks that were refused.</summary>
    public List<RefusedWaveform> RefusedWaveforms => _refusedWaveforms;

    /// <summary>Takes over what was decoded; outcomes are not decided yet.</summary>
    internal void Take(DecodedObservation observation, long logMs)
    {
        TimeMs = observation.TimeMs;
        LogMs = logMs;
        Sequence = observation.Sequence;
        ContentHash = observation.ContentHash;
        IntervalMs = observation.IntervalMs;
        Device = 0;
        DeviceName = null;
        NewSession = null;
        _readings.Clear();
        _refused.Clear();
        foreach (ref readonly Reading reading in observation.Readings)
            _readings.Add(new(reading, ReadingOutcome.NotUsed));
        foreach (ref readonly RefusedReading refused in observation.Refused)
            _refused.Add(refused);
        _waveforms.Clear();
        foreach (WaveformChunk chunk in observation.Waveforms)
            _waveforms.Add(new(chunk, chunk.Samples.Length, ChunkOutcome.Continued));
        _refusedWaveforms.Clear();
        _refusedWaveforms.AddRange(observation.RefusedWaveforms);
    }

    /// <summary>Writes the samples of the chunks, which lie beside the entry.</summary>
    internal void EncodeSamples(PayloadWriter writer)
    {
        foreach (FoldedWaveform waveform in _waveforms)
            SampleCodec.Encode(writer, waveform.Chunk.Samples.Span);
    }

    /// <summary>Reads what <see cref="EncodeSamples"/> wrote into the chunks.</summary>
    /// <exception cref="InvalidDataException">They are missing or damaged.</exception>
    internal void DecodeSamples(ref PayloadReader reader)
    {
        for (int i = 0; i < _waveforms.Count; i++)
        {
            FoldedWaveform waveform = _waveforms[i];
            short[] samples = new short[waveform.Count];
            SampleCodec.Decode(ref reader, samples);
            _waveforms[i] = waveform with { Chunk = waveform.Chunk with { Samples = samples } };
        }
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Signed(TimeMs);
        writer.Signed(LogMs - TimeMs);
        byte flags = 0;
        if (DeviceName is not null)
            flags |= 1;
        if (NewSession is not null)
            flags |= 2;
        if (Sequence >= 0)
            flags |= 4;
        if (IntervalMs > 0)
            flags |= 8;
        if (_refused.Count > 0)
            flags |= 16;
        if (_waveforms.Count > 0)
            flags |= 32;
        if (_refusedWaveforms.Count > 0)
            flags |= 64;
        writer.Byte(flags);
        writer.Byte((byte)Device);
        if (DeviceName is not null)
            writer.Text(DeviceName);
        if (NewSession is not null)
            writer.Text(NewSession);
        if (Sequence >= 0)
        {
            writer.Unsigned((ulong)Sequence);
            writer.Byte((byte)ContentHash);
            writer.Byte((byte)(ContentHash >> 8));
        }
        else
        {
            writer.UInt64(ContentHash);
        }

        if (IntervalMs > 0)
            writer.Unsigned((ulong)IntervalMs);
        writer.Unsigned((ulong)_readings.Count);
        foreach (FoldedReading reading in _readings)
            reading.Encode(writer, TimeMs);
        if (_refused.Count > 0)
            writer.Unsigned((ulong)_refused.Count);
        foreach (RefusedReading refused in _refused)
        {
            writer.Byte((byte)refused.Code);
            writer.Byte((byte)refused.Reason);
        }

        if (_waveforms.Count > 0)
            writer.Unsigned((ulong)_waveforms.Count);
        foreach (FoldedWaveform waveform in _waveforms)
            waveform.Encode(writer, TimeMs);
        if (_refusedWaveforms.Count > 0)
            writer.Unsigned((ulong)_refusedWaveforms.Count);
        foreach (RefusedWaveform refused in _refusedWaveforms)
        {
            writer.Byte((byte)refused.Signal);
            writer.Byte((byte)refused.Reason);
        }
    }

    internal void Decode(ref PayloadReader reader)
    {
        TimeMs = reader.Signed();
        LogMs = TimeMs + reader.Signed();
        byte flags = reader.Byte();
        Device = reader.Byte();
        DeviceName = (flags & 1) != 0 ? reader.Text() : null;
        NewSession = (flags & 2) != 0 ? reader.Text() : null;
        if ((flags & 4) != 0)
        {
            Sequence = (long)reader.Unsigned();
            ContentHash = (ulong)(reader.Byte() | reader.Byte() << 8);
        }
        else
        {
            Sequence = -1;
            ContentHash = reader.UInt64();
        }

        IntervalMs = (flags & 8) != 0 ? reader.Count(int.MaxValue) : 0;
        _readings.Clear();
        int count = reader.Count(DecodedObservation.MaximumReadings);
        for (int i = 0; i < count; i++)
            _readings.Add(FoldedReading.Decode(ref reader, TimeMs));
        _refused.Clear();
        count = (flags & 16) != 0 ? reader.Count(DecodedObservation.MaximumReadings) : 0;
        for (int i = 0; i < count; i++)
            _refused.Add(new((SignalCode)reader.Byte(), (RefusalReason)reader.Byte()));
        _waveforms.Clear();
        count = (flags & 32) != 0 ? reader.Count(DecodedObservation.MaximumWaveforms) : 0;
        for (int i = 0; i < count; i++)
            _waveforms.Add(FoldedWaveform.Decode(ref reader, TimeMs));
        _refusedWaveforms.Clear();
        count = (flags & 64) != 0 ? reader.Count(DecodedObservation.MaximumWaveforms) : 0;
        for (int i = 0; i < count; i++)
            _refusedWaveforms.Add(new((WaveformSignal)reader.Byte(), (RefusalReason)reader.Byte()));
    }
}
