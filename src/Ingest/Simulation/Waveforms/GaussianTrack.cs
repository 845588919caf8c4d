namespace PhysioActors.Ingest.Simulation.Waveforms;

/// <summary>
/// A signal made of bell curves that are placed ahead of the reading, in a ring of samples. A curve is looked up in a table, so that a wave costs about a nanosecond a sample.
/// </summary>
internal sealed class GaussianTrack
{
    /// <summary>How many samples ahead of the reading a curve may reach; what lies further is cut off.</summary>
    public const int Ahead = 1024;

    private const int StepsPerDeviation = 256;
    private const int Deviations = 4;

    private static readonly float[] _curve = MakeCurve();

    private readonly float[] _ring = new float[Ahead];
    private long _next;

    /// <summary>Adds a bell curve; what of it lies before the reading is left out.</summary>
    /// <param name="center">Where its height is, in samples from the start.</param>
    /// <param name="deviation">Its standard deviation, samples.</param>
    /// <param name="height">Its height.</param>
    public void Add(double center, double deviation, double height)
    {
        long first = Math.Max(_next, (long)(center - (Deviations * deviation)) + 1);
        long last = Math.Min(_next + Ahead - 1, (long)(center + (Deviations * deviation)));
        double scale = StepsPerDeviation / deviation;
        float amplitude = (float)height;
        for (long i = first; i <= last; i++)
        {
            int at = (int)(Math.Abs(i - center) * scale);
            if (at < _curve.Length)
                _ring[i & (Ahead - 1)] += amplitude * _curve[at];
        }
    }

    /// <summary>Reads the next sample.</summary>
    public float Take()
    {
        ref float at = ref _ring[_next++ & (Ahead - 1)];
        float value = at;
        at = 0;
        return value;
    }

    // exp(-z²/2) as the 1024th power of 1 - z²/2048, by ten squarings: within 0.001, and the same on every machine.
    private static float[] MakeCurve()
    {
        float[] curve = new float[Deviations * StepsPerDeviation];
        for (int i = 0; i < curve.Length; i++)
        {
            double z = (i + 0.5) / StepsPerDeviation;
            double value = 1 - (z * z / 2048);
            for (int squarings = 0; squarings < 10; squarings++)
                value *= value;
            curve[i] = (float)value;
        }

        return curve;
    }
}
