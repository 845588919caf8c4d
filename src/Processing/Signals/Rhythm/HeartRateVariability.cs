namespace PhysioActors.Processing.Signals.Rhythm;

/// <summary>
/// Variability of the intervals between normal beats, as the Task Force of the European Society of Cardiology and the North American Society of Pacing and Electrophysiology (1996) defines its measures.
/// Computed on demand; nothing of it is state.
/// </summary>
/// <param name="Intervals">Intervals used.</param>
/// <param name="MeanMs">Their mean, ms.</param>
/// <param name="SdnnMs">SDNN: their standard deviation (n - 1), ms.</param>
/// <param name="RmssdMs">RMSSD: root mean square of successive differences, ms; only of intervals that follow each other without a gap.</param>
/// <param name="Pnn50">pNN50: share of successive differences above 50 ms, percent.</param>
/// <param name="LowFrequencyMs2">LF: power within 0.04 to 0.15 Hz, ms squared.</param>
/// <param name="HighFrequencyMs2">HF: power within 0.15 to 0.4 Hz, ms squared.</param>
/// <remarks>
/// The spectrum is that of Lomb (1976) and Scargle (1982) at the beats' own times, which needs no resampling and bears gaps where ectopic beats were taken out; one-sided density 2 T / n times the periodogram
/// (T the time from the first to the last beat, n the intervals), summed by trapezoids each 1 mHz. Spectral measures are meant for five minutes (Task Force, standardised short-term recordings);
/// below two minutes they are NaN, as is any measure that has too few intervals.
/// </remarks>
public sealed record HeartRateVariability(int Intervals, double MeanMs, double SdnnMs, double RmssdMs, double Pnn50, double LowFrequencyMs2, double HighFrequencyMs2)
{
    /// <summary>Intervals that one analysis takes at most: a day at 100 a minute is far more than short-term analysis needs.</summary>
    public const int MaximumIntervals = 20_000;

    private const double ShortestSpectrumSeconds = 120;
    private const double AdjacentMs = 1; // Rounding of times.
    private const double StepHz = 0.001;

    /// <summary>LF over HF.</summary>
    public double LowToHigh => LowFrequencyMs2 / HighFrequencyMs2;

    /// <summary>Analyses intervals in the order of time.</summary>
    /// <exception cref="ArgumentException">There are too many, one is not positive, or they are not in order.</exception>
    public static HeartRateVariability Of(ReadOnlySpan<NormalInterval> intervals)
    {
        if (intervals.Length > MaximumIntervals)
            throw new ArgumentException($"{intervals.Length} intervals are too many for one analysis; {MaximumIntervals} are taken at most.", nameof(intervals));
        double sum = 0;
        for (int i = 0; i < intervals.Length; i++)
        {
            NormalInterval interval = intervals[i];
            if (!(interval.Milliseconds > 0) || !double.IsFinite(interval.Milliseconds) || !double.IsFinite(interval.EndSeconds) || (i > 0 && !(interval.EndSeconds > intervals[i - 1].EndSeconds)))
                throw new ArgumentException($"Interval {i} ({interval.Milliseconds} ms at {interval.EndSeconds} s) is not positive or not in the order of time.", nameof(intervals));
            sum += interval.Milliseconds;
        }

        int count = intervals.Length;
        double mean = sum / count, square = 0, successive = 0;
        int pairs = 0, large = 0;
        for (int i = 0; i < count; i++)
        {
            double deviation = intervals[i].Milliseconds - mean;
            square += deviation * deviation;
            if (i == 0 || Math.Abs((1000 * (intervals[i].EndSeconds - intervals[i - 1].EndSeconds)) - intervals[i].Milliseconds) > AdjacentMs)
                continue;
            double difference = intervals[i].Milliseconds - intervals[i - 1].Milliseconds;
            pairs++;
            successive += difference * difference;
            if (Math.Abs(difference) > 50)
                large++;
        }

        bool hasSpectrum = count > 2 && intervals[^1].EndSeconds - intervals[0].EndSeconds >= ShortestSpectrumSeconds;
        return new HeartRateVariability(
            count,
            count > 0 ? mean : double.NaN,
            count > 1 ? Math.Sqrt(square / (count - 1)) : double.NaN,
            pairs > 0 ? Math.Sqrt(successive / pairs) : double.NaN,
            pairs > 0 ? 100.0 * large / pairs : double.NaN,
            hasSpectrum ? Power(intervals, mean, 40, 150) : double.NaN,
            hasSpectrum ? Power(intervals, mean, 150, 400) : double.NaN);
    }

    private static double Power(ReadOnlySpan<NormalInterval> intervals, double mean, int fromMilliHz, int toMilliHz)
    {
        double power = 0, before = 0;
        for (int at = fromMilliHz; at <= toMilliHz; at++)
        {
            double density = Density(intervals, mean, at * StepHz);
            if (at > fromMilliHz)
                power += (before + density) / 2 * StepHz;
            before = density;
        }

        return power;
    }

    private static double Density(ReadOnlySpan<NormalInterval> intervals, double mean, double hz)
    {
        double omega = 2 * Math.PI * hz, start = intervals[0].EndSeconds, sines = 0, cosines = 0;
        foreach (NormalInterval interval in intervals)
        {
            (double sine, double cosine) = Math.SinCos(2 * omega * (interval.EndSeconds - start));
            sines += sine;
            cosines += cosine;
        }

        double tau = Math.Atan2(sines, cosines) / (2 * omega);
        double xc = 0, xs = 0, cc = 0, ss = 0;
        foreach (NormalInterval interval in intervals)
        {
            (double sine, double cosine) = Math.SinCos(omega * (interval.EndSeconds - start - tau));
            double deviation = interval.Milliseconds - mean;
            xc += deviation * cosine;
            xs += deviation * sine;
            cc += cosine * cosine;
            ss += sine * sine;
        }

        double periodogram = ((xc * xc / cc) + (xs * xs / ss)) / 2;
        return 2 * (intervals[^1].EndSeconds - start) / intervals.Length * periodogram;
    }
}
