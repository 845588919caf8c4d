namespace PhysioActors.Processing.Signals.Ecg;

/// <summary>Measures of the QRS complex in one lead.</summary>
internal static class BeatShape
{
    private const int Around = 25;
    private const int Farthest = 40;
    private const int Quiet = 6;
    private const int SteepShare = 5;
    private const int BreadthBefore = 28;
    private const int BreadthAfter = 34;
    private const int LineTicks = 5;

    /// <summary>Seconds between the first and the last place with more than a fifth of the greatest slope, with no more than 24 ms of less between them.</summary>
    public static double Duration(EcgLead lead, long position)
    {
        ReadOnlySpan<int> slope = lead.Slope;
        int greatest = 0;
        long at = position;
        for (long t = position - Around; t <= position + Around; t++)
        {
            int value = slope[(int)(t + EcgLead.SlopeDelay) & EcgLead.Mask];
            if (value > greatest)
                (greatest, at) = (value, t);
        }

        long limit = greatest / SteepShare;
        return (Reach(slope, at, 1, limit) + Reach(slope, at, -1, limit)) / (double)BeatDetector.Rate;
    }

    /// <summary>The area between the signal and a straight line under it, over its height: seconds.</summary>
    public static double Breadth(EcgLead lead, long position)
    {
        ReadOnlySpan<int> low = lead.Low;
        double left = 0, right = 0;
        for (int n = 0; n < LineTicks; n++)
        {
            left += low[(int)(position + EcgLead.LowDelay - BreadthBefore - 2 + n) & EcgLead.Mask];
            right += low[(int)(position + EcgLead.LowDelay + BreadthAfter - 2 + n) & EcgLead.Mask];
        }

        (left, right) = (left / LineTicks, right / LineTicks);
        double step = (right - left) / (BreadthBefore + BreadthAfter), sum = 0, height = 1;
        for (int n = -BreadthBefore; n <= BreadthAfter; n++)
        {
            double value = Math.Abs(low[(int)(position + EcgLead.LowDelay + n) & EcgLead.Mask] - left - (step * (n + BreadthBefore)));
            sum += value;
            height = Math.Max(height, value);
        }

        return sum / height / BeatDetector.Rate;
    }

    /// <summary>Size and areas of a beat's long waveform, that of <see cref="BeatForms.CutLong"/>.</summary>
    /// <param name="lead">The lead.</param>
    /// <param name="position">The tick of the beat.</param>
    /// <returns>
    /// The norm of the long waveform without the line under it and its mean, the mean of the QRS complex (60 ms before to 80 ms behind) and that of what follows it (120 to 276 ms: ST segment and T wave)
    /// against the level before the beat; all in the steps of <see cref="EcgLead.Low"/>.
    /// </returns>
    public static (double Norm, double Complex, double After) Areas(EcgLead lead, long position)
    {
        const int First = BeatForms.LongBefore, Line = BeatForms.LineTicks, Length = BeatForms.LongLength;
        const int From = First + 3, BaseTo = From - 24, ComplexFrom = From - 15, ComplexTo = From + 20, AfterFrom = From + 30;
        Span<int> wave = stackalloc int[Length + 3];
        EcgLead.Copy(lead.Low, position + EcgLead.LowDelay - From, wave);
        double first = 0, last = 0;
        for (int n = 0; n < Line; n++)
        {
            first += wave[3 + n];
            last += wave[Length + 2 - n];
        }

        double step = (last - first) / Line / (Length - Line), sum = 0, squares = 0;
        for (int n = 0; n < Length; n++)
        {
            double value = wave[3 + n] - wave[3] - (step * n);
            sum += value;
            squares += value * value;
        }

        double level = Mean(wave[..(BaseTo + 1)]);
        return (Math.Sqrt(Math.Max(0, squares - (sum * sum / Length))), Mean(wave[ComplexFrom..(ComplexTo + 1)]) - level, Mean(wave[AfterFrom..]) - level);
    }

    private static double Mean(ReadOnlySpan<int> values)
    {
        long sum = 0;
        foreach (int value in values)
            sum += value;
        return (double)sum / values.Length;
    }

    private static int Reach(ReadOnlySpan<int> slope, long at, int direction, long limit)
    {
        int reach = 0, quiet = 0;
        for (int n = 0; n < Farthest && quiet < Quiet; n++)
        {
            if (slope[(int)(at + (direction * n) + EcgLead.SlopeDelay) & EcgLead.Mask] > limit)
                (reach, quiet) = (n, 0);
            else
                quiet++;
        }

        return reach;
    }
}
