using System.Diagnostics.CodeAnalysis;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>
/// Finds heartbeats in one or two leads of an ECG, sample by sample, and says whether they are ventricular. One pass; a beat is decided within 0.4 s,
/// except one that is found by search-back and those of the first two seconds, which are told together when these are over. The same samples give the same beats on every machine and however they were cut.
/// </summary>
/// <remarks>
/// <para>
/// Way of a beat: the leads are brought to 250 Hz; the energy of each lead's slopes is set against that of its latest beats and combined by how clear the leads are; a peak of it is a candidate;
/// 0.24 s later, with what came behind it, its features are weighed (<see cref="BeatModel"/>). Peaks, thresholds from the eight latest beats and noise peaks, refractory time, T wave rule and search-back
/// have their models in Pan and Tompkins (1985, A real-time QRS detection algorithm) and Hamilton and Tompkins (1986, Quantitative investigation of QRS detection rules).
/// </para>
/// <para>Not thread-safe. The state is bounded: below 40 kB in memory and, encoded, below 24 kB for two leads (usually about 8).</para>
/// </remarks>
public sealed partial class BeatDetector
{
    /// <summary>So many leads are taken at most.</summary>
    public const int MaximumLeads = 2;

    /// <summary>Ticks in a second: the detector's own rate, whatever the sampling rate is.</summary>
    internal const int Rate = 250;

    private const int Mask = EcgLead.Mask;
    private const int LookTicks = 50;
    private const int LongMissingTicks = 25;
    private const int MostFound = 8;
    private const float GreatestMillivolts = EcgLead.LongestMicrovolts / 1000f;
    private const double LongestBridgeSeconds = 2;
    private const double SettleSeconds = 0.5;

    private readonly BeatModel _model;
    private readonly EcgLead[] _leads;
    private readonly SpikeFilter[] _spikes;
    private readonly LeadLevels[] _levels;
    private readonly float[] _newest; // As pushed, or the last valid one.
    private readonly float[] _current; // Without spikes, of two samples before.
    private readonly float[] _previous;
    private readonly double[] _area;
    private readonly bool[] _isMissing;
    private readonly Beat[] _beats = new Beat[MostFound];
    private readonly BeatClassification[] _classifications = new BeatClassification[MostFound];
    private readonly double _ratio; // Ticks in a sample.
    private readonly double _samplesPerTick;
    private readonly bool _isDirect;
    private long _samples;
    private long _tick;
    private int _beatCount;
    private int _classificationCount;

    /// <summary>Makes a detector.</summary>
    /// <param name="leads">How many leads, 1 to <see cref="MaximumLeads"/>. The first one weighs most in where a beat is.</param>
    /// <param name="samplingHz">Samples of a lead in a second, 50 to 1000.</param>
    /// <param name="model">The weights; null for <see cref="BeatModel.StandardFor"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">Number of leads or sampling rate is out of its bounds.</exception>
    public BeatDetector(int leads, double samplingHz, BeatModel? model = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leads, MaximumLeads);
        if (samplingHz is not (>= 50 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(samplingHz), samplingHz, "An ECG has 50 to 1000 samples in a second.");
        Leads = leads;
        SamplingHz = samplingHz;
        _model = model ?? BeatModel.StandardFor(leads);
        _leads = new EcgLead[leads];
        _spikes = new SpikeFilter[leads];
        _levels = new LeadLevels[leads];
        for (int i = 0; i < leads; i++)
            (_leads[i], _spikes[i], _levels[i]) = (new(), new(samplingHz), new());
        _newest = new float[leads];
        _current = new float[leads];
        _previous = new float[leads];
        _area = new double[leads];
        _isMissing = new bool[leads];
        Array.Fill(_isMissing, true);
        _forms = new BeatForms(leads);
        _ratio = Rate / samplingHz;
        _samplesPerTick = samplingHz / Rate;
        _isDirect = samplingHz == Rate;
    }

    /// <summary>How many leads it takes.</summary>
    public int Leads { get; }

    /// <summary>Samples of a lead in a second.</summary>
    public double SamplingHz { get; }

    /// <summary>How many samples of each lead were pushed or skipped: the number of the next sample.</summary>
    public long Samples => _samples;

    /// <summary>Who sees the features, for fitting a model; null for nobody. Not part of the state.</summary>
    public IBeatEvidence? Evidence { get; set; }

    /// <summary>The beats that the last <see cref="Push"/> or <see cref="Skip"/> found, oldest first. Valid until the next one.</summary>
    public ReadOnlySpan<Beat> Beats => _beats.AsSpan(0, _beatCount);

    /// <summary>The classes that the last <see cref="Push"/> or <see cref="Skip"/> decided, oldest first. Valid until the next one.</summary>
    public ReadOnlySpan<BeatClassification> Classifications => _classifications.AsSpan(0, _classificationCount);

    /// <summary>How far a lead can be trusted now; looked at five times a second.</summary>
    public LeadQuality Quality(int lead) => _levels[lead].Quality;

    /// <summary>Takes one sample of each lead.</summary>
    /// <param name="millivolts">In millivolts; NaN where a lead has no valid sample.</param>
    /// <returns>True when <see cref="Beats"/> or <see cref="Classifications"/> has something new.</returns>
    /// <exception cref="ArgumentException">It is not one sample of each lead.</exception>
    public bool Push(ReadOnlySpan<float> millivolts)
    {
        if (millivolts.Length != _leads.Length)
            ThrowLeads(millivolts.Length);
        _beatCount = _classificationCount = 0;
        Take(millivolts);
        return (_beatCount | _classificationCount) != 0;
    }

    /// <summary>
    /// Takes that samples of all leads are missing. Up to two seconds are as so many samples of NaN. After a longer gap the beats before it are decided,
    /// and no interval is measured across it; what was learned of leads and forms is kept.
    /// </summary>
    /// <param name="samples">How many are missing.</param>
    /// <returns>True when <see cref="Beats"/> or <see cref="Classifications"/> has something new.</returns>
    public bool Skip(long samples)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(samples);
        _beatCount = _classificationCount = 0;
        Span<float> nothing = stackalloc float[MaximumLeads];
        nothing.Fill(float.NaN);
        bool isLong = samples > LongestBridgeSeconds * SamplingHz;
        long taken = isLong ? (long)(SettleSeconds * SamplingHz) : samples;
        for (long i = 0; i < taken; i++)
            Take(nothing[.._leads.Length]);
        if (isLong)
            Leap(samples - taken);
        return (_beatCount | _classificationCount) != 0;
    }

    private void Take(ReadOnlySpan<float> millivolts)
    {
        for (int i = 0; i < _leads.Length; i++)
        {
            float value = millivolts[i];
            if (!float.IsFinite(value))
            {
                _isMissing[i] = true;
                value = _newest[i];
            }
            else
            {
                value = Math.Clamp(value, -GreatestMillivolts, GreatestMillivolts);
                // A lead that comes back stands elsewhere: without settling its step would look like a beat.
                if (_isMissing[i] && _levels[i].MissingTicks > LongMissingTicks)
                    Settle(i, value);
                _newest[i] = value;
            }

            _current[i] = _spikes[i].Push(value);
        }

        if (_samples >= SpikeFilter.Delay)
            Resample(_samples - SpikeFilter.Delay);
        for (int i = 0; i < _leads.Length; i++)
        {
            _previous[i] = _current[i];
            _isMissing[i] = !float.IsFinite(millivolts[i]);
        }

        _samples++;
    }

    // Each tick is the mean, over its 4 ms, of the straight lines between the samples. At 250 Hz samples pass as they are.
    // The ticks follow from the number of the sample alone, so nothing drifts.
    private void Resample(long number)
    {
        if (_isDirect)
        {
            for (int i = 0; i < _leads.Length; i++)
                TakeTick(i, _current[i]);
            Tick();
            return;
        }

        double begin = (number - 1) * _ratio, end = number * _ratio;
        if (number == 0)
            return;
        double from = begin;
        for (long boundary = _tick + 1; boundary <= end; boundary++)
        {
            for (int i = 0; i < _leads.Length; i++)
            {
                TakeTick(i, _area[i] + MeanBetween(i, (from - begin) * _samplesPerTick, (boundary - begin) * _samplesPerTick, boundary - from));
                _area[i] = 0;
            }

            from = boundary;
            Tick();
        }

        for (int i = 0; i < _leads.Length; i++)
            _area[i] += MeanBetween(i, (from - begin) * _samplesPerTick, 1, end - from);
    }

    private double MeanBetween(int lead, double from, double to, double ticks)
    {
        double previous = _previous[lead];
        return (previous + ((_current[lead] - previous) * 0.5 * (from + to))) * ticks;
    }

    private void TakeTick(int lead, double millivolts)
    {
        if (_isMissing[lead])
            _levels[lead].Miss();
        else if (_levels[lead].MissingTicks > 0)
            _levels[lead].Arrive();
        _leads[lead].Push(_tick, EcgLead.Quantise(millivolts * 1000));
    }

    private void Settle(int lead, float millivolts)
    {
        _spikes[lead].Settle(millivolts);
        _leads[lead].Settle(EcgLead.Quantise(millivolts * 1000.0));
        _previous[lead] = millivolts;
        // As much of the present tick as is over.
        double elapsed = ((_samples - SpikeFilter.Delay - 1) * _ratio) - _tick;
        _area[lead] = _isDirect ? 0 : millivolts * Math.Max(0, elapsed);
    }

    private void Leap(long samples)
    {
        ConcludeAt(_tick);
        _samples += samples;
        long passed = _samples - SpikeFilter.Delay;
        _tick = _isDirect ? passed : (long)Math.Floor((passed - 1) * _ratio);
        for (int i = 0; i < _leads.Length; i++)
        {
            while (_levels[i].MissingTicks <= LongMissingTicks)
                _levels[i].Miss();
            _isMissing[i] = true;
            Settle(i, _newest[i]);
        }

        Array.Clear(_combined);
        (_pendingCount, _passedCount, _peak, _peakTick, _lastTick, _beforeLastTick, _lowered) = (0, 0, 0, _tick, None, None, 0);
    }

    // The middle of a tick, in samples.
    private long SampleOf(long tick) => Math.Max(0, (long)Math.Floor(((_isDirect ? tick : tick + 0.5) / _ratio) + 0.5));

    [DoesNotReturn]
    private void ThrowLeads(int given) => throw new ArgumentException($"{given} samples were given; the detector takes one of each of its {_leads.Length} leads.");
}
