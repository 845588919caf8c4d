using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Rhythm;

public sealed partial class RhythmMonitor
{
    private const byte Version = 2;
    private const byte VersionOfLogic2 = 1; // Without the swings and faults of leads.
    private const byte Absent = byte.MaxValue;

    /// <summary>Writes the complete state, limits included: what comes after is decided as if nothing had happened. At most 40 kB, near 5 kB with two leads at usual rates.</summary>
    public void Encode(PayloadWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Byte(Version);
        _limits.Encode(writer);
        writer.Double(_ecgRate);
        writer.Byte((byte)_traces.Length);
        writer.Signed(_newestMs);
        writer.Signed(_decidedMs);
        writer.Signed(_meteredMs);
        writer.Signed(_orderedMs);
        writer.Unsigned((ulong)_secondAt);
        foreach (LeadTrace trace in _traces)
            trace.Encode(writer);
        foreach (UsualBeat usual in _usual)
            usual.Encode(writer);
        _meter.Encode(writer);
        _fibrillation.Encode(writer);
        foreach (Episode episode in _episodes)
        {
            writer.Byte(episode.Kind is { } kind ? (byte)kind : Absent);
            if (episode.Kind is null)
                continue;
            writer.Signed(episode.SinceMs);
            writer.Signed(episode.LastMs);
        }

        writer.Unsigned((ulong)_beats.Count);
        for (int i = 0; i < _beats.Count; i++)
            EncodeBeat(writer, _beats[i]);
        foreach (Recent<SeenPulse> pulses in _pulses)
        {
            writer.Unsigned((ulong)pulses.Count);
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                writer.Signed(pulse.TimeMs);
                writer.Signed(pulse.KnownMs - pulse.TimeMs);
                writer.Byte(pulse.Quality);
                writer.Single(pulse.Amplitude);
            }
        }

        writer.Unsigned((ulong)_seconds.Count);
        for (int i = 0; i < _seconds.Count; i++)
        {
            writer.Signed(_seconds[i].TimeMs);
            for (int lead = 0; lead < _traces.Length; lead++)
                _seconds[i].Leads[lead].Encode(writer);
        }
    }

    /// <summary>Reads what <see cref="Encode"/> wrote.</summary>
    /// <exception cref="InvalidDataException">The bytes are not the state of a rhythm monitor.</exception>
    public static RhythmMonitor Decode(ref PayloadReader reader)
    {
        byte version = StateForm.Expect(ref reader, VersionOfLogic2, Version, "rhythm monitor");
        RhythmLimits limits = RhythmLimits.Decode(ref reader);
        double rate = StateForm.Finite(ref reader, "rhythm monitor");
        int leads = reader.Count(Leads);
        if (rate is not (>= 50 and <= 1000) || leads == 0)
            throw new InvalidDataException($"Byte {reader.Position}: a rhythm monitor with {leads} leads and {rate} samples a second.");
        var monitor = new RhythmMonitor(limits, rate, leads)
        {
            _newestMs = reader.Signed(),
            _decidedMs = reader.Signed(),
            _meteredMs = reader.Signed(),
            _orderedMs = reader.Signed(),
            _secondAt = (long)(reader.Unsigned() & long.MaxValue),
        };
        for (int i = 0; i < leads; i++)
            monitor._traces[i] = LeadTrace.Decode(ref reader, rate, version > VersionOfLogic2);
        for (int i = 0; i < leads; i++)
            monitor._usual[i] = UsualBeat.Decode(ref reader);
        monitor._meter = HeartRateMeter.Decode(ref reader);
        monitor._fibrillation = AtrialFibrillationDetector.Decode(ref reader);
        foreach (ref Episode episode in monitor._episodes.AsSpan())
        {
            byte kind = reader.Byte();
            if (kind == Absent)
                continue;
            if (kind is not ((byte)RhythmChangeKind.Began or (byte)RhythmChangeKind.Suppressed))
                throw new InvalidDataException($"Byte {reader.Position - 1}: {kind} is no state of a rhythm condition.");
            episode = new Episode { Kind = (RhythmChangeKind)kind, SinceMs = reader.Signed(), LastMs = reader.Signed() };
        }

        for (int left = reader.Count(BeatCapacity); left > 0; left--)
            monitor._beats.Add(DecodeBeat(ref reader, leads));
        foreach (Recent<SeenPulse> pulses in monitor._pulses)
        {
            for (int left = reader.Count(PulseCapacity); left > 0; left--)
            {
                long time = reader.Signed();
                pulses.Add(new SeenPulse(time, time + reader.Signed(), reader.Byte(), StateForm.FiniteSingle(ref reader, "pulse wave")));
            }
        }

        for (int left = reader.Count(SecondCapacity); left > 0; left--)
        {
            SeenSecond second = new() { TimeMs = reader.Signed() };
            for (int lead = 0; lead < leads; lead++)
                second.Leads[lead] = LeadSecond.Decode(ref reader, version > VersionOfLogic2);
            monitor._seconds.Add(second);
        }

        return monitor;
    }

    private void EncodeBeat(PayloadWriter writer, in SeenBeat beat)
    {
        bool classified = beat.ClassifiedMs != long.MaxValue, formed = beat.FormedMs != long.MaxValue;
        writer.Byte((byte)((classified ? 1 : 0) | (formed ? 2 : 0) | (beat.IsSearchBack ? 4 : 0) | ((int)beat.FirstClass << 3) | ((int)beat.FinalClass << 5)));
        writer.Signed(beat.TimeMs);
        writer.Signed(beat.KnownMs - beat.TimeMs);
        writer.Byte(beat.Confidence);
        if (classified)
            writer.Signed(beat.ClassifiedMs - beat.TimeMs);
        if (!formed)
            return;
        writer.Signed(beat.FormedMs - beat.TimeMs);
        for (int lead = 0; lead < _traces.Length; lead++)
            beat.Forms[lead].Encode(writer);
    }

    private static SeenBeat DecodeBeat(ref PayloadReader reader, int leads)
    {
        byte flags = reader.Byte();
        long time = reader.Signed();
        var beat = new SeenBeat
        {
            TimeMs = time,
            KnownMs = time + reader.Signed(),
            Confidence = reader.Byte(),
            IsSearchBack = (flags & 4) != 0,
            FirstClass = ClassOf(flags >> 3, ref reader),
            FinalClass = ClassOf(flags >> 5, ref reader),
            ClassifiedMs = long.MaxValue,
            FormedMs = long.MaxValue,
        };
        if ((flags & 1) != 0)
            beat.ClassifiedMs = time + reader.Signed();
        if ((flags & 2) == 0)
            return beat;
        beat.FormedMs = time + reader.Signed();
        for (int lead = 0; lead < leads; lead++)
            beat.Forms[lead] = BeatForm.Decode(ref reader);
        return beat;
    }

    private static BeatClass ClassOf(int bits, ref PayloadReader reader) =>
        (bits & 3) <= (int)BeatClass.Other ? (BeatClass)(bits & 3) : throw new InvalidDataException($"Byte {reader.Position}: no such class of a beat.");
}
