namespace PhysioActors.Seed.Clinical;

/// <summary>What is added to clean records.</summary>
internal enum EcgNoiseKind
{
    /// <summary>A sine of 50 Hz.</summary>
    Mains50,

    /// <summary>A sine of 60 Hz.</summary>
    Mains60,

    /// <summary>Two slow sines, 0.15 and 0.4 Hz.</summary>
    BaselineWander,

    /// <summary>White noise, as of muscles.</summary>
    Muscle,

    /// <summary>Steps that decay, and bumps as wide as a QRS complex, as of electrodes that move.</summary>
    ElectrodeMotion,

    /// <summary>Spikes of one sample, 70 a minute, that capture nothing.</summary>
    PacerSpikes,
}

/// <summary>
/// Noise of one lead: the same for the same kind, seed and number of sample. Its mean square is 1 mV² before scaling, measured over its first five minutes;
/// spikes are of 1 mV.
/// </summary>
internal sealed class EcgNoise
{
    private const int MeasuredSeconds = 300;

    private readonly EcgNoiseKind _kind;
    private readonly double _hz;
    private readonly double _scale;
    private ulong _state;
    private double _decaying;
    private double _bump;
    private double _bumpStep;
    private int _bumpLeft;
    private double _nextSpike;

    /// <summary>Makes noise that begins at sample 0.</summary>
    public EcgNoise(EcgNoiseKind kind, double samplingHz, ulong seed)
        : this(kind, samplingHz, seed, 1)
    {
        if (kind == EcgNoiseKind.PacerSpikes)
            return;
        var measured = new EcgNoise(kind, samplingHz, seed, 1);
        double squares = 0;
        long count = (long)(MeasuredSeconds * samplingHz);
        for (long n = 0; n < count; n++)
        {
            double value = measured.Next(n);
            squares += value * value;
        }

        _scale = 1 / Math.Sqrt(squares / count);
    }

    private EcgNoise(EcgNoiseKind kind, double samplingHz, ulong seed, double scale)
    {
        (_kind, _hz, _scale) = (kind, samplingHz, scale);
        _state = (seed * 0x9E3779B97F4A7C15) + (ulong)kind;
        _nextSpike = samplingHz * Uniform();
    }

    /// <summary>The noise of a sample; samples are taken one by one.</summary>
    public double Next(long sample)
    {
        double seconds = sample / _hz;
        return _scale * _kind switch
        {
            EcgNoiseKind.Mains50 => Math.Sin(2 * Math.PI * 50 * seconds),
            EcgNoiseKind.Mains60 => Math.Sin(2 * Math.PI * 60 * seconds),
            EcgNoiseKind.BaselineWander => Math.Sin(2 * Math.PI * 0.15 * seconds) + (0.7 * Math.Sin((2 * Math.PI * 0.4 * seconds) + 1)),
            EcgNoiseKind.Muscle => Normal(),
            EcgNoiseKind.ElectrodeMotion => Motion(),
            _ => Spike(sample),
        };
    }

    private double Motion()
    {
        _decaying *= 1 - (1 / (0.6 * _hz));
        if (Uniform() < 0.7 / _hz)
            _decaying += Normal();
        if (_bumpLeft == 0 && Uniform() < 1.5 / _hz)
        {
            _bumpLeft = (int)((0.05 + (0.15 * Uniform())) * _hz);
            _bumpStep = 3 * Normal() / _bumpLeft;
        }

        if (_bumpLeft > 0)
        {
            _bumpLeft--;
            _bump += _bumpStep;
        }
        else
        {
            _bump *= 1 - (1 / (0.05 * _hz));
        }

        return _decaying + _bump + (0.05 * Normal());
    }

    private double Spike(long sample)
    {
        if (sample < _nextSpike)
            return 0;
        _nextSpike += _hz * 60 / 70;
        return 1;
    }

    // SplitMix64 (Steele, Lea, Flood 2014, Fast splittable pseudorandom number generators).
    private double Uniform()
    {
        ulong z = _state += 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return ((z ^ (z >> 31)) >> 11) * (1.0 / (1UL << 53));
    }

    // The sum of twelve uniform numbers is as good as normal here.
    private double Normal()
    {
        double sum = -6;
        for (int i = 0; i < 12; i++)
            sum += Uniform();
        return sum;
    }
}
