using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Waveforms;

/// <summary>Finds the beats in one or two leads of one device, their rate, and the rhythm.</summary>
internal sealed class EcgAnalysis
{
    /// <summary>Most leads: the detector gains little from a third, and each costs time.</summary>
    internal const int MaximumLeads = 2;

    private readonly BeatDetector _detector;
    private readonly long[] _beginnings;
    private readonly int _rateMilliHz;
    private readonly float[] _values;
    private SampleClock _clock;

    /// <param name="leads">The leads; the first decides where a beat is.</param>
    /// <param name="limits">From where on a rhythm is alarmed on.</param>
    /// <param name="startUs">When the first sample is due.</param>
    /// <param name="before">That of other leads up to this time, whose seconds are counted on; null for none.</param>
    internal EcgAnalysis(ReadOnlySpan<WaveformStream> leads, RhythmLimits limits, long startUs, EcgAnalysis? before)
        : this(Beginnings(leads), leads[0].RateMilliHz, new(startUs, leads[0].RateMilliHz), new(leads.Length, leads[0].RateMilliHz / 1000.0), new(limits, leads[0].RateMilliHz / 1000.0, leads.Length))
    {
        // Leads that are exchanged within a second, again and again, must not keep it from its end.
        if (before is not null)
            Rhythm.CountFrom(before.Rhythm.DecidedMs);
        for (int lead = 0; lead < leads.Length; lead++)
        {
            if (leads[lead].HasShownBeats)
                Rhythm.Prove(lead);
        }
    }

    private EcgAnalysis(long[] beginnings, int rateMilliHz, SampleClock clock, BeatDetector detector, RhythmMonitor rhythm)
    {
        (_beginnings, _rateMilliHz, _clock, _detector, Rhythm) = (beginnings, rateMilliHz, clock, detector, rhythm);
        _values = new float[beginnings.Length];
    }

    internal RhythmMonitor Rhythm { get; }

    internal int Leads => _beginnings.Length;

    /// <summary>
    /// About how many bytes of memory it takes. Measured with one lead 40,000 and with two 59,000 at 75 beats a minute: for each the detector's rings and forms, and for both what is remembered of beats,
    /// which grows with the rate by 14,000 at most.
    /// </summary>
    internal int ApproximateBytes => 22_000 + (Leads * 20_000);

    /// <summary>How far a lead can be trusted: the detector's word, unless the lead is none that an amplifier and a heart give.</summary>
    internal LeadQuality Quality(int lead)
    {
        LeadQuality quality = _detector.Quality(lead);
        return Rhythm.FaultOf(lead) switch
        {
            LeadFault.Saturated => LeadQuality.Saturated,
            LeadFault.TooLarge => LeadQuality.Implausible,
            LeadFault.TooSmall when quality is LeadQuality.Good or LeadQuality.Noisy => LeadQuality.Implausible,
            _ => quality,
        };
    }

    /// <summary>Beats a minute, as monitors average them; null when there is no rate, or no lead that one can be told from.</summary>
    internal double? HeartRate
    {
        get
        {
            bool any = false;
            for (int lead = 0; lead < Leads; lead++)
                any |= Rhythm.FaultOf(lead) == LeadFault.None;
            return any && !Rhythm.IsPatchy ? Rhythm.HeartRate : null;
        }
    }

    /// <summary>What it shows now.</summary>
    internal EcgSecond Second(long timeMs)
    {
        bool anyGood = false, allFlat = true;
        for (int lead = 0; lead < Leads; lead++)
        {
            LeadQuality quality = Quality(lead);
            anyGood |= quality == LeadQuality.Good;
            allFlat &= quality == LeadQuality.Flat;
        }

        int rhythms = 0;
        for (int rhythm = 0; rhythm < RhythmMonitor.Conditions; rhythm++)
            rhythms |= Rhythm.IsActive((RhythmCondition)rhythm) ? 1 << rhythm : 0;

        // What comes and goes is not off.
        return new(timeMs, HeartRate ?? double.NaN, anyGood && !Rhythm.IsPatchy, allFlat && !Rhythm.IsPatchy, rhythms);
    }

    /// <summary>True when it was made for these leads as they are now.</summary>
    internal bool IsOf(ReadOnlySpan<WaveformStream> leads)
    {
        if (leads.Length != _beginnings.Length || leads[0].RateMilliHz != _rateMilliHz)
            return false;
        for (int i = 0; i < leads.Length; i++)
        {
            if (Beginning(leads[i]) != _beginnings[i])
                return false;
        }

        return true;
    }

    internal void Advance(ReadOnlySpan<WaveformStream> leads, long toUs, List<FoundBeat> found, List<FoundBeat> classified)
    {
        int count = _clock.Take(toUs, out long first);
        Span<long> at = stackalloc long[MaximumLeads];
        for (int lead = 0; lead < leads.Length; lead++)
            at[lead] = leads[lead].SampleAt(_clock.TimeUs(first) - _clock.HalfUs);
        SampleClock.Times time = _clock.TimesFrom(first);
        for (int i = 0; i < count; i++, time.Next())
        {
            for (int lead = 0; lead < leads.Length; lead++)
                _values[lead] = leads[lead][at[lead] + i];
            long timeMs = time.Ms;
            Rhythm.Ecg(timeMs, _values);
            if (_detector.Push(_values))
                Take(timeMs, found, classified);
        }

        for (int lead = 0; lead < leads.Length; lead++)
            leads[lead].HasShownBeats |= Rhythm.IsProven(lead);
    }

    private void Take(long nowMs, List<FoundBeat> found, List<FoundBeat> classified)
    {
        foreach (ref readonly Beat beat in _detector.Beats)
        {
            long timeMs = _clock.TimeMs(beat.Sample);
            Rhythm.Beat(timeMs, nowMs, beat.Class, beat.Confidence, beat.IsSearchBack);
            found.Add(new(timeMs, beat.Class, beat.IsSearchBack));
        }

        foreach (ref readonly BeatClassification beat in _detector.Classifications)
        {
            long timeMs = _clock.TimeMs(beat.Sample);
            Rhythm.Classify(timeMs, nowMs, beat.Class);
            classified.Add(new(timeMs, beat.Class, false));
        }
    }

    internal void Encode(PayloadWriter writer)
    {
        writer.Byte((byte)_beginnings.Length);
        foreach (long beginning in _beginnings)
            writer.Unsigned((ulong)beginning);
        writer.Unsigned((ulong)_rateMilliHz);
        _clock.Encode(writer);
        _detector.Encode(writer);
        Rhythm.Encode(writer);
    }

    internal static EcgAnalysis Decode(ref PayloadReader reader)
    {
        long[] beginnings = new long[reader.Count(MaximumLeads)];
        for (int i = 0; i < beginnings.Length; i++)
            beginnings[i] = (long)reader.Unsigned();
        int rate = reader.Count((int)(Shared.Signals.WaveformSignals.MaximumHz * 1000));
        SampleClock clock = SampleClock.Decode(ref reader);
        BeatDetector detector = BeatDetector.Decode(ref reader);
        RhythmMonitor rhythm = RhythmMonitor.Decode(ref reader);
        if (detector.Leads != beginnings.Length)
            throw new InvalidDataException($"Byte {reader.Position}: a beat detector of {detector.Leads} leads for {beginnings.Length}.");
        return new(beginnings, rate, clock, detector, rhythm);
    }

    private static long[] Beginnings(ReadOnlySpan<WaveformStream> leads)
    {
        long[] beginnings = new long[leads.Length];
        for (int i = 0; i < leads.Length; i++)
            beginnings[i] = Beginning(leads[i]);
        return beginnings;
    }

    // Which signal, and which of its beginnings.
    private static long Beginning(WaveformStream lead) => (lead.Beginnings << 8) | (byte)lead.Signal;
}
