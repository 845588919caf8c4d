using System.Diagnostics.CodeAnalysis;

namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>Finds heartbeats in the ECG, sample by sample, and says of what kind they are.</summary>
public sealed partial class BeatDetector
{
    /// <summary>So many leads are taken at most.</summary>
    public const int MaximumLeads = 12;

    internal const int Rate = 250;
    private const int Mask = EcgLead.Mask;

    private readonly EcgLead[] _leads;
    private readonly LeadState[] _states;
    private readonly float[] _combined = new float[EcgLead.Length];
    private readonly float[] _previous;
    private readonly double[] _area;
    private readonly bool[] _missing;
    private readonly Beat[] _beats = new Beat[8];
    private readonly BeatClassification[] _classified = new BeatClassification[8];
    private readonly double _ratio;
    private readonly bool _isDirect;
    private double _at;
    private long _samples;
    private long _tick;
    private int _beatCount;
    private int _classifiedCount;

    /// <summary>Makes a detector.</summary>
    /// <param name="leads">How many leads, 1 to <see cref="MaximumLeads"/>. The first decides where a beat is.</param>
    /// <param name="samplingHz">Samples of a lead in a second, 50 to 1000.</param>
    public BeatDetector(int leads, double samplingHz)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(leads, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(leads, MaximumLeads);
        if (samplingHz is not (>= 50 and <= 1000))
            throw new ArgumentOutOfRangeException(nameof(samplingHz), samplingHz, "An ECG has 50 to 1000 samples in a second.");
        Leads = leads;
        SamplingHz = samplingHz;
        _leads = new EcgLead[leads];
        for (int i = 0; i < leads; i++)
            _leads[i] = new EcgLead();
        _states = new LeadState[leads];
        for (int i = 0; i < leads; i++)
            _states[i] = new LeadState();
        _previous = new float[leads];
        _area = new double[leads];
        _missing = new bool[leads];
        _ratio = Rate / samplingHz;
        _isDirect = samplingHz == Rate;
    }

    /// <summary>How many leads it takes.</summary>
    public int Leads { get; }

    /// <summary>Samples of a lead in a second.</summary>
    public double SamplingHz { get; }

    /// <summary>How many samples of each lead were pushed.</summary>
    public long Samples => _samples;

    /// <summary>The beats that the last <see cref="Push"/> found, oldest first. Valid until the next one.</summary>
    public ReadOnlySpan<Beat> Beats => _beats.AsSpan(0, _beatCount);

    /// <summary>The classes that the last <see cref="Push"/> decided, oldest first. Valid until the next one.</summary>
    public ReadOnlySpan<BeatClassification> Classifications => _classified.AsSpan(0, _classifiedCount);

    /// <summary>How far a lead can be trusted now.</summary>
    public LeadQuality Quality(int lead) => _states[lead].Quality;

    /// <summary>Takes one sample of each lead.</summary>
    /// <param name="millivolts">In millivolts; NaN where a lead has no valid sample.</param>
    /// <returns>True when <see cref="Beats"/> or <see cref="Classifications"/> has something new.</returns>
    public bool Push(ReadOnlySpan<float> millivolts)
    {
        if (millivolts.Length != _leads.Length)
            ThrowLeads(millivolts.Length);
        _beatCount = _classifiedCount = 0;
        if (_isDirect)
        {
            for (int i = 0; i < _leads.Length; i++)
            {
                float value = millivolts[i];
                _missing[i] = !float.IsFinite(value);
                if (!_missing[i])
                    _previous[i] = value;
                PushLead(i, _previous[i]);
            }

            _samples++;
            Tick();
            return (_beatCount | _classifiedCount) != 0;
        }

        double end = _samples * _ratio;
        double from = _at;
        double length = end - from;
        long boundary = _tick + 1;
        if (_samples == 0)
        {
            for (int i = 0; i < _leads.Length; i++)
                _previous[i] = float.IsFinite(millivolts[i]) ? millivolts[i] : 0;
        }

        for (int i = 0; i < _leads.Length; i++)
        {
            if (!float.IsFinite(millivolts[i]))
                _missing[i] = true;
        }

        double begin = from;
        while (boundary <= end)
        {
            double part = (boundary - begin) / length;
            for (int i = 0; i < _leads.Length; i++)
            {
                float next = float.IsFinite(millivolts[i]) ? millivolts[i] : _previous[i];
                double a = _previous[i], step = next - a;
                double left = a + (step * ((from - begin) / length));
                double right = a + (step * part);
                PushLead(i, _area[i] + ((left + right) * 0.5 * (boundary - from)));
                _area[i] = 0;
            }

            from = boundary;
            boundary++;
            Tick();
            for (int i = 0; i < _leads.Length; i++)
                _missing[i] = !float.IsFinite(millivolts[i]);
        }

        for (int i = 0; i < _leads.Length; i++)
        {
            float next = float.IsFinite(millivolts[i]) ? millivolts[i] : _previous[i];
            if (length > 0)
            {
                double a = _previous[i], left = a + ((next - a) * ((from - begin) / length));
                _area[i] += (left + next) * 0.5 * (end - from);
            }

            _previous[i] = next;
        }

        _at = end;
        _samples++;
        return (_beatCount | _classifiedCount) != 0;
    }

    private void PushLead(int lead, double millivolts)
    {
        double microvolts = Math.Clamp(millivolts * 1000, -500_000, 500_000);
        int x = (int)(microvolts >= 0 ? microvolts + 0.5 : microvolts - 0.5);
        LeadState state = _states[lead];
        if (_missing[lead])
        {
            state.MissingTicks++;
        }
        else
        {
            if (_tick == 0 || state.MissingTicks > 25)
                _leads[lead].Settle(x);
            state.MissingTicks = 0;
        }

        _leads[lead].Push(_tick, x);
    }

    private long SampleOf(double tick) => (long)Math.Max(0, Math.Floor(((_isDirect ? tick : tick + 0.5) / _ratio) + 0.5));

    [DoesNotReturn]
    private void ThrowLeads(int given) => throw new ArgumentException($"{given} samples were given; the detector has {_leads.Length} leads and takes one of each.");
}
