using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations;

/// <summary>A reading that was refused while the rest of its observation counts.</summary>
/// <param name="Code">The code as far as it was recognised.</param>
/// <param name="Reason">Why.</param>
public readonly record struct RefusedReading(SignalCode Code, RefusalReason Reason);

/// <summary>A waveform that was refused while the rest of its observation counts.</summary>
/// <param name="Signal">The signal as far as it was recognised.</param>
/// <param name="Reason">Why.</param>
public readonly record struct RefusedWaveform(WaveformSignal Signal, RefusalReason Reason);

/// <summary>
/// An observation decoded into reused memory: one instance serves a shard and is overwritten by the next decode.
/// The spans and texts it hands out are valid until then.
/// </summary>
public sealed class DecodedObservation
{
    /// <summary>The most readings one observation may have, good and refused together.</summary>
    public const int MaximumReadings = 64;

    /// <summary>The most waveforms one observation may have, good and refused together.</summary>
    public const int MaximumWaveforms = 16;

    private readonly Reading[] _readings = new Reading[MaximumReadings];
    private readonly RefusedReading[] _refused = new RefusedReading[MaximumReadings];
    private readonly List<WaveformChunk> _waveforms = [];
    private readonly List<RefusedWaveform> _refusedWaveforms = [];
    private short[] _samples = [];
    private int _sampleCount;

    // Texts with escapes are resolved here; most messages have none.
    private byte[]? _scratch;

    /// <summary>The canonical patient key, <c>namespace:id</c> in UTF-8; the same bytes as the record's key.</summary>
    public ReadOnlyMemory<byte> PatientKey { get; set; }

    /// <summary>The encounter in UTF-8; empty when none was named.</summary>
    public ReadOnlyMemory<byte> Encounter { get; set; }

    /// <summary>The device in UTF-8; empty when none was named.</summary>
    public ReadOnlyMemory<byte> Device { get; set; }

    /// <summary>The device's session in UTF-8; empty when none was named.</summary>
    public ReadOnlyMemory<byte> Session { get; set; }

    /// <summary>The device's sequence number; -1 when it has none.</summary>
    public long Sequence { get; set; }

    /// <summary>When the observation was made, milliseconds since 1970 UTC.</summary>
    public long TimeMs { get; set; }

    /// <summary>The declared interval between readings in milliseconds; 0 when none was declared.</summary>
    public int IntervalMs { get; set; }

    /// <summary>A hash of what was said (session, sequence, times, readings, waveforms; whitespace and field order do not count), to tell a repeat from other content.</summary>
    public ulong ContentHash { get; set; }

    /// <summary>How many good readings there are.</summary>
    public int ReadingCount { get; private set; }

    /// <summary>How many readings were refused.</summary>
    public int RefusedCount { get; private set; }

    /// <summary>The good readings, in the order of the message.</summary>
    public ReadOnlySpan<Reading> Readings => _readings.AsSpan(0, ReadingCount);

    /// <summary>The refused readings, in the order of the message.</summary>
    public ReadOnlySpan<RefusedReading> Refused => _refused.AsSpan(0, RefusedCount);

    /// <summary>The good waveforms, in the order of the message.</summary>
    public IReadOnlyList<WaveformChunk> Waveforms => _waveforms;

    /// <summary>The refused waveforms, in the order of the message; behind them those that are refused for their time.</summary>
    public IReadOnlyList<RefusedWaveform> RefusedWaveforms => _refusedWaveforms;

    /// <summary>Empties the observation for the next decode.</summary>
    public void Clear()
    {
        PatientKey = Encounter = Device = Session = default;
        Sequence = -1;
        TimeMs = 0;
        IntervalMs = 0;
        ContentHash = 0;
        ReadingCount = 0;
        RefusedCount = 0;
        _waveforms.Clear();
        _refusedWaveforms.Clear();
        _sampleCount = 0;
    }

    /// <summary>Room for the samples of the next waveform; kept by <see cref="TryAdd(in WaveformChunk)"/>, else given again.</summary>
    /// <param name="count">How many samples it has.</param>
    public Memory<short> Samples(int count)
    {
        if (_samples.Length - _sampleCount < count)
        {
            // The chunks that are there keep the old memory.
            _samples = new short[Math.Max(2 * _samples.Length, Math.Max(count, 4096))];
            _sampleCount = 0;
        }

        return _samples.AsMemory(_sampleCount, count);
    }

    /// <summary>Adds a good waveform whose samples lie in what <see cref="Samples"/> gave last; false when <see cref="MaximumWaveforms"/> are there already.</summary>
    public bool TryAdd(in WaveformChunk waveform)
    {
        if (_waveforms.Count + _refusedWaveforms.Count >= MaximumWaveforms)
            return false;
        _waveforms.Add(waveform);
        _sampleCount += waveform.Samples.Length;
        return true;
    }

    /// <summary>Adds a refused waveform; false when <see cref="MaximumWaveforms"/> are there already.</summary>
    public bool TryAdd(in RefusedWaveform waveform)
    {
        if (_waveforms.Count + _refusedWaveforms.Count >= MaximumWaveforms)
            return false;
        _refusedWaveforms.Add(waveform);
        return true;
    }

    /// <summary>Adds a good reading; false when <see cref="MaximumReadings"/> are there already.</summary>
    public bool TryAdd(in Reading reading)
    {
        if (ReadingCount + RefusedCount >= MaximumReadings)
            return false;
        _readings[ReadingCount++] = reading;
        return true;
    }

    /// <summary>Adds a refused reading; false when <see cref="MaximumReadings"/> are there already.</summary>
    public bool TryAdd(in RefusedReading reading)
    {
        if (ReadingCount + RefusedCount >= MaximumReadings)
            return false;
        _refused[RefusedCount++] = reading;
        return true;
    }

    /// <summary>A piece of memory that belongs to the observation, for a text that cannot stay as it is in the message.</summary>
    internal Memory<byte> Scratch(int slot)
    {
        const int Slots = 5;
        _scratch ??= new byte[Slots * ObservationDecoder.IdScratchBytes];
        return _scratch.AsMemory(slot * ObservationDecoder.IdScratchBytes, ObservationDecoder.IdScratchBytes);
    }

    /// <summary>Gives the good waveform <paramref name="index"/> another time.</summary>
    internal void SetWaveformTime(int index, long timeMs) => _waveforms[index] = _waveforms[index] with { TimeMs = timeMs };

    /// <summary>Makes the good waveform <paramref name="index"/> a refused one.</summary>
    internal void RefuseWaveform(int index, RefusalReason reason)
    {
        _refusedWaveforms.Add(new(_waveforms[index].Signal, reason));
        _waveforms.RemoveAt(index);
    }

    /// <summary>Gives the observation's time to the readings that have none of their own.</summary>
    internal void FillReadingTimes()
    {
        foreach (ref Reading reading in _readings.AsSpan(0, ReadingCount))
        {
            if (reading.TimeMs == Decoding.ReadingFields.ObservationTime)
                reading = reading with { TimeMs = TimeMs };
        }
    }
}
