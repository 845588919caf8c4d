using PhysioActors.Shared.Signals;

namespace PhysioActors.Shared.Observations.Decoding;

/// <summary>The fields of a waveform, in the order in which their problems are told.</summary>
internal enum WaveformField : byte
{
    /// <summary>The waveform as a whole, or a field that this version does not know.</summary>
    None,
    Signal,
    Rate,
    Gain,
    Baseline,
    Time,
    Samples,
}

/// <summary>Why a waveform is refused, kept small: the sentence for people is only made when the whole observation is refused for it.</summary>
/// <param name="Reason">Why.</param>
/// <param name="Field">Which of its fields.</param>
/// <param name="Start">Where the field's text begins in the message; 0 when there is nothing to show.</param>
/// <param name="Length">Its length in bytes.</param>
internal readonly record struct WaveformProblem(RefusalReason Reason, WaveformField Field, int Start = 0, int Length = 0);

/// <summary>The fields of one waveform as they were found, in whatever order they came.</summary>
internal struct WaveformFields
{
    public WaveformSignal Signal;
    public long TimeMs;
    private WaveformProblem _problem;
    private Memory<short> _samples;
    private int _rateMilliHz;
    private float _gain;
    private int _baseline;
    private uint _seen;

    /// <summary>Stands for the observation's own time, which may come later in the message.</summary>
    public const long ObservationTime = ReadingFields.ObservationTime;

    /// <summary>Notes a problem; of several the one of the first field in the order of <see cref="WaveformField"/> is kept, so that the order in the message does not count.</summary>
    public void Note(RefusalReason reason, WaveformField field, int start = 0, int length = 0)
    {
        if (_problem.Reason == RefusalReason.None || field < _problem.Field)
            _problem = new(reason, field, start, length);
    }

    /// <summary>Takes the name of the signal.</summary>
    public void SetSignal(ReadOnlySpan<byte> name, int start, int length)
    {
        See(WaveformField.Signal);
        Signal = WaveformSignals.Find(name);
        if (Signal == WaveformSignal.None)
            Note(RefusalReason.UnknownSignal, WaveformField.Signal, start, length);
    }

    /// <summary>Takes the sampling rate.</summary>
    public void SetRate(double hertz, int start = 0, int length = 0)
    {
        See(WaveformField.Rate);
        if (!WaveformBounds.TryRate(hertz, out _rateMilliHz))
            Note(RefusalReason.InvalidRate, WaveformField.Rate, start, length);
    }

    /// <summary>Takes the gain.</summary>
    public void SetGain(double gain, int start = 0, int length = 0)
    {
        See(WaveformField.Gain);
        if (!WaveformBounds.TryGain(gain, out _gain))
            Note(RefusalReason.InvalidGain, WaveformField.Gain, start, length);
    }

    /// <summary>Takes the baseline; one that was no whole number is any beyond the bound.</summary>
    public void SetBaseline(long baseline, int start = 0, int length = 0)
    {
        if (baseline is >= -WaveformBounds.MaximumBaseline and <= WaveformBounds.MaximumBaseline)
            _baseline = (int)baseline;
        else
            Note(RefusalReason.InvalidBaseline, WaveformField.Baseline, start, length);
    }

    /// <summary>Takes a time of its own.</summary>
    public void SetTime(long timeMs, long timestampMs, int start = 0, int length = 0)
    {
        if (InboundTime.IsValid(timeMs, timestampMs))
            TimeMs = timeMs;
        else
            Note(RefusalReason.InvalidTime, WaveformField.Time, start, length);
    }

    /// <summary>Takes the samples, in memory that the observation gave.</summary>
    public void SetSamples(Memory<short> samples)
    {
        See(WaveformField.Samples);
        _samples = samples;
    }

    /// <summary>Notes that a field is there, whatever it says.</summary>
    public void See(WaveformField field) => _seen |= 1u << (int)field;

    /// <summary>Judges the fields together: a good chunk (but for the end of its time), or the problem.</summary>
    public WaveformProblem Judge(out WaveformChunk chunk)
    {
        Require(WaveformField.Signal);
        Require(WaveformField.Rate);
        Require(WaveformField.Gain);
        Require(WaveformField.Samples);
        if (_samples.IsEmpty)
            Note(RefusalReason.NoSamples, WaveformField.Samples);
        if (_problem.Reason == RefusalReason.None && _samples.Length > WaveformBounds.MostSamples(_rateMilliHz))
            Note(RefusalReason.TooManySamples, WaveformField.Samples);
        chunk = _problem.Reason == RefusalReason.None ? new(Signal, _rateMilliHz, _gain, _baseline, TimeMs, _samples) : default;
        return _problem;
    }

    private void Require(WaveformField field)
    {
        if ((_seen & (1u << (int)field)) == 0)
            Note(RefusalReason.Missing, field);
    }
}
