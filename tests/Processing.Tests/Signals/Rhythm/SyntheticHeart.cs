namespace PhysioActors.Processing.Tests.Signals.Rhythm;

/// <summary>Waveforms whose beats are known because they were put there.</summary>
internal static class SyntheticHeart
{
    /// <summary>ECG of one lead in mV at a time: a narrow complex with P and T at each normal beat, a wide one of other polarity at each ventricular one, a little noise.</summary>
    public static float Ecg(double seconds, IReadOnlyList<(double At, bool IsVentricular)> beats, int noise, double scale = 1)
    {
        double value = 0.004 * Noise(noise, (long)(seconds * 1e6));
        for (int i = Near(beats, seconds); i < beats.Count && beats[i].At < seconds + 0.6; i++)
        {
            double t = seconds - beats[i].At;
            value += beats[i].IsVentricular
                ? (-1.6 * Bell(t, 0.045)) + (0.7 * Bell(t - 0.26, 0.07))
                : (1.1 * Bell(t, 0.011)) - (0.25 * Bell(t - 0.03, 0.012)) + (0.25 * Bell(t - 0.25, 0.045)) + (0.12 * Bell(t + 0.16, 0.025));
        }

        return (float)(scale * value);
    }

    /// <summary>Pressure in mmHg: each wave rises within 120 ms from diastole to systole and falls off, with a notch.</summary>
    public static float Pressure(double seconds, IReadOnlyList<double> feet, double diastolic = 70, double pulse = 50)
    {
        int last = -1;
        for (int i = 0; i < feet.Count && feet[i] <= seconds; i++)
            last = i;
        if (last < 0)
            return (float)diastolic;
        double t = seconds - feet[last];
        double rise = t < 0.12 ? (1 - Math.Cos(Math.PI * t / 0.12)) / 2 : Math.Exp(-(t - 0.12) / 0.28);
        return (float)(diastolic + (pulse * (rise + (0.08 * Bell(t - 0.36, 0.03)))));
    }

    /// <summary>Numbers of -1 to 1 that look random and are the same each time.</summary>
    public static double Noise(int seed, long at)
    {
        ulong x = unchecked(((ulong)at * 0x9E3779B97F4A7C15) + ((ulong)seed * 0xD1B54A32D192ED03));
        x = unchecked((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9);
        x = unchecked((x ^ (x >> 27)) * 0x94D049BB133111EB);
        return ((x ^ (x >> 31)) >> 11) / (double)(1UL << 52) - 1;
    }

    /// <summary>Times from a start on, an interval apart, up to an end.</summary>
    public static List<double> Every(double interval, double from, double to)
    {
        List<double> times = [];
        for (int i = 0; from + (i * interval) < to; i++)
            times.Add(from + (i * interval));
        return times;
    }

    private static int Near(IReadOnlyList<(double At, bool IsVentricular)> beats, double seconds)
    {
        int low = 0, high = beats.Count;
        while (low < high)
        {
            int middle = (low + high) / 2;
            if (beats[middle].At < seconds - 0.8)
                low = middle + 1;
            else
                high = middle;
        }

        return low;
    }

    private static double Bell(double t, double width) => Math.Exp(-t * t / (2 * width * width));
}
