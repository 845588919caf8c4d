namespace PhysioActors.Processing.Signals.Pulse;

/// <summary>
/// Finds pulse waves in a photoplethysmogram or an arterial pressure, sample by sample, and says of each how far it can be trusted.
/// A wave is told when it has passed, so that its mean and its whole shape are known: one heart cycle after its foot, 2 s at most.
/// </summary>
/// <remarks>
/// <para>
/// Detection: the sum of the rises within the last 160 ms (the slope sum of Zong 2003, An open-source algorithm to detect onset of arterial blood pressure pulses) stands out in an upstroke,
/// whatever the offset. An upstroke begins where it passes 45 % of the median height of the last eight; without a wave for 2 s that share falls to 10 % within 2 s more.
/// The foot is the last point before the upstroke at the lowest level.
/// </para>
/// <para>
/// Quality: likeness to the patient's own wave (correlation of the first half second), height near the usual one, an upstroke of a plausible length, few turns, no clipping, no missing samples;
/// for pressure the physiological bounds of Sun 2006 (A signal abnormality index for arterial blood pressure waveforms). The worst of them counts.
/// </para>
/// <para>
/// Not thread-safe. The state is bounded: at most 2,300 bytes encoded. Only + - * / and square roots are used.
/// </para>
/// </remarks>
public sealed partial class PulseDetector
{
    /// <summary>From this quality on a wave counts as a beat of the heart.</summary>
    public const double GoodQuality = 0.5;

    /// <summary>The lowest sampling rate, per second.</summary>
    public const double LowestRate = 50;

    /// <summary>The highest sampling rate, per second.</summary>
    public const double HighestRate = 1000;

    private const double InnerRate = 125; // Rates above 187.5 are averaged down to near this one.
    private const int RingSize = 512; // 2.7 s at the highest inner rate; a power of two.
    private const int Peaks = 8;

    private readonly PulseKind _kind;
    private readonly double _rate;
    private readonly int _block; // Samples averaged to one inner sample.
    private readonly int _smooth; // Lengths below are in inner samples.
    private readonly int _slope;
    private readonly int _footSearch;
    private readonly int _refractory;
    private readonly int _patience;
    private readonly int _longest;
    private readonly int _second;

    private readonly float[] _ring = new float[RingSize]; // Smoothed inner samples by number.
    private readonly float[] _recent; // The last inner samples before smoothing.
    private readonly float[] _peaks = new float[Peaks];
    private PulseTemplate _template = new();

    private long _pushed;
    private double _blockSum;
    private int _blockCount;
    private long _inner; // Inner samples so far.
    private long _firstValid; // Inner number of the first sample after the last missing one.
    private int _missing; // Missing samples within the block.

    private int _peakCount;
    private float _learning; // Highest slope sum of the current second while nothing is known.
    private int _learningLeft;

    private bool _rising;
    private long _crossed;
    private float _peak;
    private long _peakAt;
    private long _lastUpstroke; // Inner number of the last confirmed crossing.

    private long _foot = -1; // Inner number of the open wave's foot; -1 without one.

    /// <summary>Makes a detector.</summary>
    /// <param name="kind">What the signal measures.</param>
    /// <param name="rate">Samples a second, 50 to 1000.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is outside of its bounds, or the kind is none.</exception>
    public PulseDetector(PulseKind kind, double rate)
    {
        if (!(rate >= LowestRate && rate <= HighestRate))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, $"A pulse signal needs {LowestRate} to {HighestRate} samples a second.");
        if (kind is not (PulseKind.Plethysmogram or PulseKind.ArterialPressure))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of pulse signal.");
        _kind = kind;
        _rate = rate;
        _block = Math.Max(1, (int)((rate / InnerRate) + 0.5));
        double inner = rate / _block;
        _smooth = Inner(0.048);
        _slope = Inner(0.16);
        _footSearch = Inner(0.36);
        _refractory = Inner(0.26);
        _patience = Inner(2);
        _longest = Inner(2);
        _second = Inner(1);
        _recent = new float[_smooth];
        _learningLeft = 3 * _second;
        _lastUpstroke = -_patience;

        int Inner(double seconds) => Math.Max(1, (int)((seconds * inner) + 0.5));
    }

    /// <summary>What the signal measures.</summary>
    public PulseKind Kind => _kind;

    /// <summary>Samples a second.</summary>
    public double Rate => _rate;

    /// <summary>Samples pushed so far.</summary>
    public long Pushed => _pushed;

    /// <summary>Takes one sample.</summary>
    /// <param name="value">In the signal's unit; NaN where it is missing or invalid. An infinite value counts as missing.</param>
    /// <param name="beat">The wave that was decided, when one was.</param>
    /// <returns>True when a wave was decided.</returns>
    public bool Push(double value, out PulseBeat beat)
    {
        beat = default;
        _pushed++;
        if (double.IsFinite(value))
            _blockSum += value;
        else
            _missing++;
        if (++_blockCount < _block)
            return false;
        float mean = (float)(_blockSum / _block);
        bool valid = _missing == 0 && float.IsFinite(mean);
        _blockSum = 0;
        _blockCount = _missing = 0;
        return valid ? Take(mean, out beat) : Miss(out beat);
    }

    private float this[long number] => _ring[number & (RingSize - 1)];

    private bool Miss(out PulseBeat beat)
    {
        // What was open has not been seen to its end; nothing can be said of it.
        beat = default;
        // What stood there is from another time: a state that was stored does not have it, and this one must be the same.
        _ring[_inner & (RingSize - 1)] = 0;
        _inner++;
        _firstValid = _inner;
        _rising = false;
        _foot = -1;
        return false;
    }

    private bool Take(float value, out PulseBeat beat)
    {
        long now = _inner++;
        _recent[now % _smooth] = value;
        long known = Math.Min(now - _firstValid + 1, _smooth);
        double sum = 0;
        for (int i = 0; i < known; i++)
            sum += _recent[(now - i) % _smooth];
        _ring[now & (RingSize - 1)] = (float)(sum / known);

        beat = default;
        if (now - _firstValid < _slope + _smooth)
            return false;
        float slope = SlopeSum(now);
        if (_peakCount == 0)
        {
            Begin(slope);
            return false;
        }

        return Upstroke(now, slope, out beat) || Expire(now, out beat);
    }

    private float SlopeSum(long now)
    {
        float sum = 0;
        float later = this[now];
        for (int i = 1; i <= _slope; i++)
        {
            float earlier = this[now - i];
            if (later > earlier)
                sum += later - earlier;
            later = earlier;
        }

        return sum;
    }

    /// <summary>The median of the highest slope sum of three seconds is the first level.</summary>
    private void Begin(float slope)
    {
        _learning = Math.Max(_learning, slope);
        _learningLeft--;
        if (_learningLeft % _second != 0)
            return;
        _peaks[2 - (_learningLeft / _second)] = _learning;
        _learning = 0;
        if (_learningLeft > 0)
            return;
        float middle = Math.Max(Math.Min(_peaks[0], _peaks[1]), Math.Min(Math.Max(_peaks[0], _peaks[1]), _peaks[2]));
        Array.Clear(_peaks);
        if (middle <= 0)
        {
            _learningLeft = 3 * _second; // Nothing has moved yet.
            return;
        }

        _peaks[0] = middle;
        _peakCount = 1;
    }

    private bool Upstroke(long now, float slope, out PulseBeat beat)
    {
        beat = default;
        if (!_rising)
        {
            if (now - _lastUpstroke < _refractory || slope < Threshold(now))
                return false;
            _rising = true;
            _crossed = _peakAt = now;
            _peak = slope;
            return false;
        }

        if (slope > _peak)
        {
            _peak = slope;
            _peakAt = now;
        }

        // The height of an upstroke is known once its slope sum falls by a third, or it has gone on for too long to be one.
        if (slope >= 0.67f * _peak && now - _crossed < _footSearch)
            return false;
        _rising = false;
        _lastUpstroke = _crossed;
        float level = Level();
        Remember(Math.Min(_peak, 3 * level));
        long foot = FootOf();
        bool told = _foot >= 0 && foot > _foot && Close(foot, now, out beat);
        _foot = foot;
        return told;
    }

    /// <summary>Where nothing follows, the wave is told without waiting for longer.</summary>
    private bool Expire(long now, out PulseBeat beat)
    {
        beat = default;
        if (_foot < 0 || _rising || now - _foot < _longest)
            return false;
        bool told = Close(now, now, out beat);
        _foot = -1;
        return told;
    }

    private float Threshold(long now)
    {
        double waited = now - _lastUpstroke - _patience;
        double share = waited <= 0 ? 0.45 : Math.Max(0.1, 0.45 - (0.35 * waited / _patience));
        return (float)(share * Level());
    }

    private void Remember(float peak)
    {
        if (_peakCount == Peaks)
            Array.Copy(_peaks, 1, _peaks, 0, Peaks - 1);
        else
            _peakCount++;
        _peaks[_peakCount - 1] = peak;
    }

    /// <summary>The median height of the last slope sums.</summary>
    private float Level()
    {
        Span<float> sorted = stackalloc float[Peaks];
        _peaks.AsSpan(0, _peakCount).CopyTo(sorted);
        sorted = sorted[.._peakCount];
        sorted.Sort();
        return (sorted[(_peakCount - 1) / 2] + sorted[_peakCount / 2]) / 2;
    }

    /// <summary>
    /// The last point before the upstroke that is not above the lowest one by more than a twelfth of the rise: in a diastole that stays level the lowest point itself may lie anywhere.
    /// </summary>
    private long FootOf()
    {
        long from = Math.Max(Math.Max(_peakAt - _footSearch, _firstValid), _foot + 1);
        float lowest = this[_peakAt];
        for (long at = _peakAt - 1; at >= from; at--)
            lowest = Math.Min(lowest, this[at]);
        float level = lowest + ((this[_peakAt] - lowest) / 12);
        long foot = _peakAt;
        while (foot > from && this[foot] > level)
            foot--;
        return foot;
    }
}
