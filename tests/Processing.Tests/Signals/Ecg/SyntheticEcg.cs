namespace PhysioActors.Processing.Tests.Signals.Ecg;

/// <summary>An ECG made of bells: P, Q, R, S and T of each beat, at times and in forms that a test knows.</summary>
internal sealed class SyntheticEcg(double samplingHz)
{
    private readonly List<(double Seconds, double Scale, bool IsWide)> _beats = [];

    public IReadOnlyList<double> Times => [.. _beats.Select(b => b.Seconds)];

    public double TWave { get; init; } = 0.3;

    public SyntheticEcg Beat(double seconds, double scale = 1, bool isWide = false)
    {
        _beats.Add((seconds, scale, isWide));
        return this;
    }

    public SyntheticEcg Regular(double from, double to, double interval, double scale = 1)
    {
        for (double t = from; t < to; t += interval)
            Beat(t, scale);
        return this;
    }

    /// <summary>One lead in millivolts, with a little noise.</summary>
    public float[] Lead(double seconds, int lead, double noise = 0.01)
    {
        var random = new Random(lead + 17);
        var samples = new float[(int)(seconds * samplingHz)];
        foreach ((double at, double scale, bool isWide) in _beats)
        {
            double sign = lead == 0 ? 1 : -0.6;
            if (isWide)
            {
                Bell(samples, at, 1.4 * scale * sign, 0.040);
                Bell(samples, at + 0.09, -0.6 * scale * sign, 0.040);
                Bell(samples, at + 0.30, -0.4 * scale * sign, 0.060);
                continue;
            }

            Bell(samples, at - 0.16, 0.12 * scale, 0.022);
            Bell(samples, at - 0.025, -0.1 * scale * sign, 0.008);
            Bell(samples, at, scale * sign, 0.011);
            Bell(samples, at + 0.028, -0.2 * scale * sign, 0.010);
            Bell(samples, at + 0.26, TWave * scale, 0.050);
        }

        for (int n = 0; n < samples.Length; n++)
            samples[n] += (float)(noise * ((2 * random.NextDouble()) - 1));
        return samples;
    }

    private void Bell(float[] samples, double at, double height, double width)
    {
        for (int n = Math.Max(0, (int)((at - (5 * width)) * samplingHz)); n < Math.Min(samples.Length, (at + (5 * width)) * samplingHz); n++)
        {
            double z = ((n / samplingHz) - at) / width;
            samples[n] += (float)(height * Math.Exp(-0.5 * z * z));
        }
    }
}
