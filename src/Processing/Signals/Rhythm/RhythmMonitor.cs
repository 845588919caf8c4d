using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;

namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// Watches one patient's rhythm: takes ECG samples, the beats found in them and pulse waves, and says at the end of each second, counted from the first sample, which rhythm conditions began, ended, or were suppressed by what speaks against them.
/// </summary>
/// <remarks>
/// <para>
/// All times are milliseconds of the data. Each signal is given in its own order, however the signals lie to each other: a decision as of a second uses what was known by that second and nothing else,
/// so that cuts and the order between signals change nothing. Data may run ahead of <see cref="Advance"/> by <see cref="MaximumAheadMs"/>.
/// </para>
/// <para>Not thread-safe. Only + - * / and square roots. The state is bounded.</para>
/// </remarks>
public sealed partial class RhythmMonitor
{
    /// <summary>So many leads are looked at; further ones are ignored here (the beat detector uses them).</summary>
    public const int Leads = 3;

    /// <summary>How far data may run ahead of the decided second, milliseconds.</summary>
    public const int MaximumAheadMs = 16_000;

    private const int RememberedMs = 32_000;
    private const int RememberedSecondsMs = 12_000;
    private const int GapMs = 60; // A longer step in time is a gap.
    private const int FilledMs = 5000; // No more of a gap is filled: nothing looks back further.
    private const int BeatCapacity = 256; // (16 + 32) s at 300 a minute.
    private const int PulseCapacity = 192;
    private const int SecondCapacity = 64;

    private RhythmLimits _limits;
    private readonly double _ecgRate;
    private readonly LeadTrace[] _traces;
    private readonly UsualBeat[] _usual;
    private readonly Recent<SeenBeat> _beats = new(BeatCapacity);
    private readonly Recent<SeenPulse>[] _pulses = [new(PulseCapacity), new(PulseCapacity)];
    private readonly Recent<SeenSecond> _seconds = new(SecondCapacity);
    private long _newestMs = long.MinValue; // Of the ECG.
    private long _secondAt; // Inner sample at which the next second of the leads is judged.
    private long _decidedMs = long.MinValue;
    private long _formAtMs = long.MinValue; // Before this no beat's surroundings become known. Not part of the state: too early only costs a look.

    /// <summary>Makes a monitor.</summary>
    /// <param name="limits">From where on a rhythm is alarmed on.</param>
    /// <param name="ecgRate">ECG samples a second, 50 to 1000.</param>
    /// <param name="leads">Leads of the ECG, at least 1.</param>
    public RhythmMonitor(RhythmLimits limits, double ecgRate, int leads)
    {
        ArgumentNullException.ThrowIfNull(limits);
        limits.Check();
        if (ecgRate is not (>= 50 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(ecgRate), ecgRate, "An ECG has 50 to 1000 samples in a second.");
        ArgumentOutOfRangeException.ThrowIfLessThan(leads, 1);
        _limits = limits;
        _ecgRate = ecgRate;
        _traces = new LeadTrace[Math.Min(leads, Leads)];
        _usual = new UsualBeat[_traces.Length];
        for (int i = 0; i < _traces.Length; i++)
        {
            _traces[i] = new LeadTrace(ecgRate);
            _usual[i] = new UsualBeat();
        }

        _secondAt = (long)_traces[0].InnerRate;
    }

    /// <summary>From where on a rhythm is alarmed on. Changed limits count from the next second.</summary>
    public RhythmLimits Limits
    {
        get => _limits;
        set
        {
            ArgumentNullException.ThrowIfNull(value);
            value.Check();
            _limits = value;
        }
    }

    /// <summary>Whether beats of a size that a monitor must count have been seen in a lead.</summary>
    internal bool IsProven(int lead) => _traces[lead].IsProven;

    /// <summary>Takes that such beats were seen in a lead before this monitor was made.</summary>
    internal void Prove(int lead) => _traces[lead].IsProven = true;

    /// <summary>Counts seconds from an earlier time than the first sample, which has not come yet.</summary>
    /// <param name="decidedMs">The end of a second of another monitor; <see cref="long.MinValue"/> for one that had no sample.</param>
    internal void CountFrom(long decidedMs) => _decidedMs = decidedMs;

    /// <summary>Takes one sample of each lead. Give it before the beats that the detector found with it.</summary>
    /// <param name="timeMs">Its time. A sample not after the last one is passed over (chunks may overlap); a step over a gap is filled as missing.</param>
    /// <param name="millivolts">NaN where a lead has no valid sample.</param>
    public void Ecg(long timeMs, ReadOnlySpan<float> millivolts)
    {
        if (_decidedMs == long.MinValue)
            _decidedMs = timeMs;
        if (_newestMs != long.MinValue)
        {
            if (timeMs <= _newestMs)
                return;
            if (timeMs - _newestMs > GapMs + (2000 / _ecgRate))
                Fill(timeMs);
        }

        _newestMs = timeMs;
        Push(millivolts);
    }

    /// <summary>Stands in for samples that never came, so that places in the traces go with time.</summary>
    private void Fill(long untilMs)
    {
        Span<float> missing = stackalloc float[Leads];
        missing.Fill(float.NaN);
        int samples = (int)(((untilMs - Math.Max(_newestMs, untilMs - FilledMs)) * _ecgRate / 1000) + 0.5) - 1;
        for (int i = samples; i > 0; i--)
        {
            _newestMs = untilMs - (long)(i * 1000 / _ecgRate);
            Push(missing);
        }
    }

    private void Push(ReadOnlySpan<float> millivolts)
    {
        bool whole = false;
        for (int i = 0; i < _traces.Length; i++)
            whole |= _traces[i].Push(millivolts[i]);
        if (!whole)
            return;
        FormBeats();
        if (_traces[0].Inner < _secondAt)
            return;
        _secondAt += (long)_traces[0].InnerRate;
        SeenSecond second = new() { TimeMs = _newestMs };
        for (int i = 0; i < _traces.Length; i++)
            second.Leads[i] = _traces[i].Judge(_usual[i].Height);
        _seconds.Add(second);
    }

    /// <summary>Takes a beat that the detector found: behind the sample with which it was found, before the next one.</summary>
    /// <param name="timeMs">The beat's time.</param>
    /// <param name="knownMs">Time of the newest sample when it was decided.</param>
    /// <param name="beatClass">Its first class.</param>
    /// <param name="confidence">0 to 1.</param>
    /// <param name="isSearchBack">Whether search-back found it.</param>
    public void Beat(long timeMs, long knownMs, BeatClass beatClass, double confidence, bool isSearchBack)
    {
        _beats.Add(new SeenBeat
        {
            TimeMs = timeMs,
            KnownMs = knownMs,
            ClassifiedMs = long.MaxValue,
            FormedMs = long.MaxValue,
            FirstClass = beatClass,
            FinalClass = beatClass,
            Confidence = (byte)(100 * Math.Clamp(confidence, 0, 1)),
            IsSearchBack = isSearchBack,
        });
        _formAtMs = Math.Min(_formAtMs, timeMs + UsualBeat.ReachAfterMs);
        // What search-back finds may lie before the newest beat.
        for (int i = _beats.Count - 1; i > 0 && _beats[i].TimeMs < _beats[i - 1].TimeMs; i--)
            (_beats[i], _beats[i - 1]) = (_beats[i - 1], _beats[i]);
    }

    /// <summary>Takes the final class of a beat.</summary>
    /// <param name="timeMs">The beat, by its time.</param>
    /// <param name="knownMs">Time of the newest sample when it was decided.</param>
    /// <param name="beatClass">Its class.</param>
    public void Classify(long timeMs, long knownMs, BeatClass beatClass)
    {
        for (int i = _beats.Count - 1; i >= 0; i--)
        {
            if (_beats[i].TimeMs == timeMs)
            {
                (_beats[i].FinalClass, _beats[i].ClassifiedMs) = (beatClass, knownMs);
                return;
            }
        }
    }

    /// <summary>Takes a pulse wave.</summary>
    /// <param name="kind">What signal it was found in.</param>
    /// <param name="footMs">Time of its foot.</param>
    /// <param name="knownMs">Time of the newest sample when it was decided.</param>
    /// <param name="beat">The wave.</param>
    public void Pulse(PulseKind kind, long footMs, long knownMs, in PulseBeat beat) =>
        _pulses[(int)kind].Add(new SeenPulse(footMs, knownMs, (byte)(100 * beat.Quality), (float)beat.Amplitude));

    /// <summary>The forms of beats whose surroundings are known by now.</summary>
    private void FormBeats()
    {
        if (_newestMs < _formAtMs)
            return;
        _formAtMs = long.MaxValue;
        for (int b = Math.Max(0, _beats.Count - 16); b < _beats.Count; b++)
        {
            ref SeenBeat beat = ref _beats[b];
            if (beat.FormedMs != long.MaxValue)
                continue;
            if (beat.TimeMs + UsualBeat.ReachAfterMs > _newestMs)
            {
                _formAtMs = Math.Min(_formAtMs, beat.TimeMs + UsualBeat.ReachAfterMs);
                continue;
            }

            long interval = b > 0 ? beat.TimeMs - _beats[b - 1].TimeMs : long.MaxValue;
            for (int i = 0; i < _traces.Length; i++)
            {
                LeadTrace trace = _traces[i];
                // The newest inner sample is the mean of a block that ends now.
                double place = trace.Inner - 1 + ((trace.Block - 1) / (2.0 * trace.Block)) - ((_newestMs - beat.TimeMs) * trace.InnerRate / 1000);
                if (place - (UsualBeat.ReachBeforeMs * trace.InnerRate / 1000) > Math.Max(0, trace.Inner - trace.KeptSamples))
                    beat.Forms[i] = _usual[i].Look(trace, place, interval);
            }

            beat.FormedMs = _newestMs;
        }
    }
}
