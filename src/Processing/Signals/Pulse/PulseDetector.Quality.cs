namespace PhysioActors.Processing.Signals.Pulse;

public sealed partial class PulseDetector
{
    /// <summary>Judges the wave from its foot to the next one, and lets the template learn from it.</summary>
    private bool Close(long nextFoot, long now, out PulseBeat beat)
    {
        double inner = _rate / _block;
        int length = (int)(nextFoot - _foot);
        float low = this[_foot], high = low;
        long highest = _foot;
        double sum = 0;
        int steps = 0;
        for (long at = _foot; at < nextFoot; at++)
        {
            float value = this[at];
            sum += value;
            if (at > _foot && value == this[at - 1])
                steps++;
            if (value > high && at - _foot <= 0.6 * inner)
            {
                high = value;
                highest = at;
            }
        }

        double height = high - low;
        Span<float> wave = stackalloc float[PulseTemplate.Points];
        wave = wave[..Shape(length, inner, low, wave)];
        double quality = height > 0 && wave.Length >= PulseTemplate.FewestPoints ? Judge(wave, height, (highest - _foot) / inner, length / inner, Turns(nextFoot, height), low, high, steps) : 0;
        // The average of the block and the smoothing come later than what they are made of.
        double late = (_smooth - 1) / 2.0;
        long sample = (long)((_foot - late + 0.5) * _block);
        beat = new PulseBeat(Math.Max(0, sample), _pushed - 1, quality, high, low, sum / length);
        return now > _foot;
    }

    private double Judge(ReadOnlySpan<float> wave, double height, double riseSeconds, double seconds, int turns, double low, double high, int steps)
    {
        double likeness = _template.IsLearned ? _template.Likeness(wave) : 0;
        double ratio = _template.Height > 0 ? height / _template.Height : 0;
        double quality = Ramp(likeness, 0.75, 0.95);
        quality = Math.Min(quality, Ramp(ratio, 0.25, 0.6));
        quality = Math.Min(quality, 1 - Ramp(ratio, 1.8, 3.5));
        quality = Math.Min(quality, Math.Min(Ramp(riseSeconds, 0.03, 0.07), 1 - Ramp(riseSeconds, 0.4, 0.55)));
        quality = Math.Min(quality, 1 - Ramp(turns, 3, 6));
        // A wave may rest between beats, yet one that stands still for most of the time is a stuck or clipped signal.
        quality = Math.Min(quality, 1 - Ramp(steps * _block / (_rate * seconds), 0.4, 0.8));
        if (_kind == PulseKind.ArterialPressure && !(high is > 40 and < 300 && low > 10 && height > 10))
            quality = 0;
        bool plausible = turns <= 4 && riseSeconds is > 0.05 and < 0.5 && seconds > 0.25;
        if (quality >= GoodQuality)
            _template.Learn(wave, height);
        else if (plausible)
            _template.Notice(wave, height);
        return quality;
    }

    /// <summary>The wave's first half second, or all of it, each 20 ms, between the samples by straight lines.</summary>
    private int Shape(int length, double inner, float low, Span<float> wave)
    {
        double step = inner * PulseTemplate.PointMs / 1000;
        int count = 0;
        for (double at = 0; count < wave.Length && at + 1 < length; count++, at = count * step)
        {
            long before = _foot + (long)at;
            float share = (float)(at - (long)at);
            wave[count] = this[before] + ((this[before + 1] - this[before]) * share) - low;
        }

        return count;
    }

    /// <summary>Maxima of the wave that stand out by a twelfth of its height.</summary>
    private int Turns(long nextFoot, double height)
    {
        double depth = height / 12;
        int turns = 0;
        bool up = true;
        float extreme = this[_foot];
        for (long at = _foot + 1; at < nextFoot; at++)
        {
            float value = this[at];
            if (up ? value > extreme : value < extreme)
            {
                extreme = value;
            }
            else if (up ? value < extreme - depth : value > extreme + depth)
            {
                if (up)
                    turns++;
                up = !up;
                extreme = value;
            }
        }

        return turns;
    }

    /// <summary>0 up to <paramref name="from"/>, 1 from <paramref name="to"/> on, straight between.</summary>
    private static double Ramp(double x, double from, double to) => Math.Clamp((x - from) / (to - from), 0, 1);
}
