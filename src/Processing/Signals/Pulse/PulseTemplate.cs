using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Signals.Pulse;

/// <summary>
/// How the patient's pulse wave looks: the mean of the sound waves of late, its first half second from the foot on, and their usual height.
/// Waves that resemble each other but not the template for long enough replace it: the sensor was moved, or the circulation has changed.
/// </summary>
internal struct PulseTemplate
{
    /// <summary>Points of a wave's shape.</summary>
    public const int Points = 25;

    /// <summary>A point each so many milliseconds.</summary>
    public const int PointMs = 20;

    /// <summary>Fewer points than this are no shape: a wave at 240 a minute has 12.</summary>
    public const int FewestPoints = 10;

    private const int FewestLearned = 3;
    private const int WavesToReplace = 5;
    private const double Alike = 0.9;

    private float[] _shape;
    private float[] _rival;
    private double _height;
    private double _rivalHeight;
    private byte _learned; // Stops at FewestLearned.
    private byte _rivals;

    public PulseTemplate()
    {
        _shape = new float[Points];
        _rival = new float[Points];
    }

    /// <summary>True once enough waves that look alike were seen.</summary>
    public readonly bool IsLearned => _learned >= FewestLearned;

    /// <summary>The usual height of a wave; 0 before one was seen.</summary>
    public readonly double Height => _height;

    /// <summary>Correlation of a wave with the template, -1 to 1.</summary>
    public readonly double Likeness(ReadOnlySpan<float> wave) => Correlation(_shape, wave);

    /// <summary>Takes a wave in that fits.</summary>
    public void Learn(ReadOnlySpan<float> wave, double height)
    {
        Blend(_shape, wave, 0.125);
        _height += (Math.Clamp(height, 0.5 * _height, 2 * _height) - _height) * 0.125;
        if (_learned < FewestLearned)
            _learned++;
        _rivals = 0;
    }

    /// <summary>Takes notice of a wave that does not fit.</summary>
    public void Notice(ReadOnlySpan<float> wave, double height)
    {
        bool follows = _rivals > 0 && wave.Length >= FewestPoints && Correlation(_rival, wave) >= Alike && height >= 0.5 * _rivalHeight && height <= 2 * _rivalHeight;
        if (!follows)
        {
            Array.Clear(_rival);
            Blend(_rival, wave, 1);
            _rivalHeight = height;
            _rivals = 1;
            return;
        }

        Blend(_rival, wave, 0.25);
        _rivalHeight += (height - _rivalHeight) * 0.25;
        if (++_rivals < (_learned == 0 ? FewestLearned : WavesToReplace))
            return;
        (_shape, _rival) = (_rival, _shape);
        _height = _rivalHeight;
        _learned = FewestLearned;
        _rivals = 0;
    }

    public readonly void Encode(PayloadWriter writer)
    {
        writer.Byte(_learned);
        writer.Byte(_rivals);
        writer.Double(_height);
        writer.Double(_rivalHeight);
        foreach (float point in _shape)
            writer.Single(point);
        foreach (float point in _rival)
            writer.Single(point);
    }

    public static PulseTemplate Decode(ref PayloadReader reader)
    {
        var template = new PulseTemplate
        {
            _learned = (byte)reader.Count(FewestLearned),
            _rivals = (byte)reader.Count(WavesToReplace),
            _height = PulseDetector.Finite(ref reader),
            _rivalHeight = PulseDetector.Finite(ref reader),
        };
        for (int i = 0; i < Points; i++)
            template._shape[i] = (float)PulseDetector.Finite(reader.Single(), ref reader);
        for (int i = 0; i < Points; i++)
            template._rival[i] = (float)PulseDetector.Finite(reader.Single(), ref reader);
        return template;
    }

    private static void Blend(float[] shape, ReadOnlySpan<float> wave, double share)
    {
        for (int i = 0; i < wave.Length; i++)
            shape[i] = (float)(shape[i] + ((wave[i] - shape[i]) * share));
    }

    /// <summary>Pearson's correlation over the points that the wave has.</summary>
    private static double Correlation(float[] shape, ReadOnlySpan<float> wave)
    {
        double meanA = 0, meanB = 0;
        for (int i = 0; i < wave.Length; i++)
        {
            meanA += shape[i];
            meanB += wave[i];
        }

        meanA /= wave.Length;
        meanB /= wave.Length;
        double ab = 0, aa = 0, bb = 0;
        for (int i = 0; i < wave.Length; i++)
        {
            double a = shape[i] - meanA, b = wave[i] - meanB;
            ab += a * b;
            aa += a * a;
            bb += b * b;
        }

        return aa > 0 && bb > 0 ? ab / Math.Sqrt(aa * bb) : 0;
    }
}
