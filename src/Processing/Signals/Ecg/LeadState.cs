namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>What is known of a lead beyond its samples: how large beats and noise are in it.</summary>
internal sealed class LeadState
{
    public double QrsLevel;
    public double NoiseLevel;
    public double Gain;
    public int MissingTicks;
    public LeadQuality Quality = LeadQuality.Flat;
    public readonly double[] Qrs = new double[8];
    public readonly double[] Noise = new double[8];
    public int QrsCount;
    public int NoiseCount;

    public void LearnBeat(double energy)
    {
        Qrs[QrsCount++ & 7] = energy;
        Span<double> sorted = stackalloc double[8];
        int n = Math.Min(QrsCount, 8);
        Qrs.AsSpan(0, n).CopyTo(sorted);
        sorted = sorted[..n];
        sorted.Sort();
        QrsLevel = n >= 4 ? (sorted[(n / 2) - 1] + sorted[n / 2]) / 2 : sorted[n / 2];
    }

    public void LearnNoise(double energy)
    {
        Noise[NoiseCount++ & 7] = energy;
        int n = Math.Min(NoiseCount, 8);
        double sum = 0;
        for (int i = 0; i < n; i++)
            sum += Noise[i];
        NoiseLevel = sum / n;
    }

    public void Transfer(ref StateCodec codec)
    {
        codec.Number(ref QrsLevel);
        codec.Number(ref NoiseLevel);
        codec.Number(ref Gain);
        codec.Integer(ref MissingTicks, 0, int.MaxValue);
        int quality = (int)Quality;
        codec.Integer(ref quality, 0, 3);
        Quality = (LeadQuality)quality;
        codec.Numbers(Qrs);
        codec.Numbers(Noise);
        codec.Integer(ref QrsCount, 0, int.MaxValue);
        codec.Integer(ref NoiseCount, 0, int.MaxValue);
    }
}
