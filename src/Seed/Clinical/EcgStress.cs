using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Signals.Ecg;

namespace PhysioActors.Seed.Clinical;

/// <summary>A line of the noise stress test.</summary>
/// <param name="Noise">What was added; null for nothing.</param>
/// <param name="Level">Signal-to-noise ratio in dB, or millivolts of the spikes.</param>
/// <param name="TruePositives">Annotated beats that were found.</param>
/// <param name="FalseNegatives">Annotated beats that were not.</param>
/// <param name="FalsePositives">Found beats that are none.</param>
internal sealed record EcgStressLine(string? Noise, double? Level, int TruePositives, int FalseNegatives, int FalsePositives)
{
    /// <summary>Sensitivity.</summary>
    public double Sensitivity => TruePositives / (double)Math.Max(1, TruePositives + FalseNegatives);

    /// <summary>Positive predictivity.</summary>
    public double PositivePredictivity => TruePositives / (double)Math.Max(1, TruePositives + FalsePositives);
}

/// <summary>A signal without a heart, and what the detector makes of it.</summary>
/// <param name="Signal">What it is.</param>
/// <param name="BeatsPerMinute">Beats found in its second to tenth minute.</param>
/// <param name="Quality">How the lead was called at its end.</param>
internal sealed record EcgArtificialLine(string Signal, double BeatsPerMinute, LeadQuality Quality);

/// <summary>
/// Adds noise to clean records and scores what is found. As in the noise stress test of Moody, Muldrow and Mark (1984), the first five minutes stay clean, then two minutes
/// with noise alternate with two without; the signal-to-noise ratio is that of the square of the QRS complexes' mean size over eight to the noise's mean square. Both leads get noise of their own.
/// </summary>
internal static class EcgStress
{
    private const double CleanSeconds = 300;
    private const double AlternateSeconds = 120;
    private const double ScoreWindowSeconds = 0.15;
    private const double QrsHalfSeconds = 0.05;

    private static readonly double[] s_ratios = [24, 18, 12, 6, 0];
    private static readonly double[] s_spikes = [1, 2, 5];

    /// <summary>Runs all kinds at all levels.</summary>
    /// <param name="records">Clean records with annotations.</param>
    /// <param name="leads">How many leads to use.</param>
    /// <param name="cancellationToken">Ends it early.</param>
    public static IEnumerable<EcgStressLine> Run(IReadOnlyList<EcgAnnotatedRecord> records, int leads, CancellationToken cancellationToken)
    {
        yield return Score(records, leads, null, null);
        foreach (EcgNoiseKind kind in Enum.GetValues<EcgNoiseKind>())
        {
            foreach (double level in kind == EcgNoiseKind.PacerSpikes ? s_spikes : s_ratios)
            {
                cancellationToken.ThrowIfCancellationRequested();
                yield return Score(records, leads, kind, level);
            }
        }
    }

    /// <summary>Signals that no heart made, ten minutes each at 250 Hz.</summary>
    public static IEnumerable<EcgArtificialLine> RunArtificial()
    {
        const double Hz = 250;
        (string Name, Func<long, double> Value)[] signals =
        [
            ("flat line", _ => 0),
            ("flat line with 10 uV noise", n => 0.010 * Noise(n)),
            ("saturated at 5 mV", _ => 5),
            ("no samples", _ => double.NaN),
            ("sine 1 Hz 1 mV", n => Math.Sin(2 * Math.PI * n / Hz)),
            ("sine 10 Hz 1 mV", n => Math.Sin(2 * Math.PI * 10 * n / Hz)),
            ("sine 50 Hz 1 mV", n => Math.Sin(2 * Math.PI * 50 * n / Hz)),
            ("sine 60 Hz 1 mV", n => Math.Sin(2 * Math.PI * 60 * n / Hz)),
            ("square 1 Hz 1 mV", n => n % 250 < 125 ? 0.5 : -0.5),
            ("pacer spikes alone, 70/min, 5 mV", n => n % 214 == 0 ? 5 : 0),
        ];
        foreach ((string name, Func<long, double> value) in signals)
        {
            var detector = new BeatDetector(1, Hz);
            Span<float> sample = stackalloc float[1];
            int beats = 0;
            for (long n = 0; n < 600 * Hz; n++)
            {
                sample[0] = (float)value(n);
                if (!detector.Push(sample))
                    continue;
                foreach (Beat beat in detector.Beats)
                    beats += beat.Sample >= 60 * Hz ? 1 : 0;
            }

            yield return new EcgArtificialLine(name, beats / 9.0, detector.Quality(0));
        }
    }

    private static double Noise(long n)
    {
        ulong z = ((ulong)n + 1) * 0x9E3779B97F4A7C15;
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        return ((z >> 11) * (2.0 / (1UL << 53))) - 1;
    }

    private static EcgStressLine Score(IReadOnlyList<EcgAnnotatedRecord> records, int leads, EcgNoiseKind? kind, double? level)
    {
        var total = new EcgBeatScore();
        ulong seed = 1;
        foreach (EcgAnnotatedRecord record in records)
        {
            int[] signals = EcgDetection.LeadsOf(record.Record, leads);
            EcgChange? change = kind is { } noisy ? Change(record, signals, noisy, level ?? 0, seed) : null;
            List<EcgFoundBeat> found = EcgDetection.Run(record.Record, signals, change: change);
            total.Add(EcgBeatScore.Of(record.Annotations, found, record.Record.Header.SamplingHz, CleanSeconds, ScoreWindowSeconds));
            seed += BeatDetector.MaximumLeads;
        }

        return new EcgStressLine(kind?.ToString(), level, total.TruePositives, total.FalseNegatives, total.FalsePositives);
    }

    private static EcgChange Change(EcgAnnotatedRecord record, int[] signals, EcgNoiseKind kind, double level, ulong seed)
    {
        double hz = record.Record.Header.SamplingHz;
        EcgNoise[] noises = [.. signals.Select((_, i) => new EcgNoise(kind, hz, seed + (ulong)i))];
        double[] gains = [.. signals.Select(signal => kind == EcgNoiseKind.PacerSpikes ? level : Math.Sqrt(SignalPower(record, signal) * Math.Pow(10, -level / 10)))];
        return (lead, from, millivolts) =>
        {
            for (int n = 0; n < millivolts.Length; n++)
            {
                double seconds = (from + n) / hz;
                double noise = gains[lead] * noises[lead].Next(from + n);
                bool isNoisy = seconds >= CleanSeconds && (seconds - CleanSeconds) % (2 * AlternateSeconds) < AlternateSeconds;
                if (isNoisy)
                    millivolts[n] += (float)noise;
            }
        };
    }

    // A sine of the QRS complexes' mean size from lowest to highest has this mean square, in mV².
    private static double SignalPower(EcgAnnotatedRecord record, int signal)
    {
        WfdbRecord samples = record.Record;
        int half = (int)(QrsHalfSeconds * samples.Header.SamplingHz);
        (double sum, int count) = (0, 0);
        foreach (WfdbAnnotation beat in record.Annotations.Where(a => a.IsBeat && a.Sample >= half && a.Sample + half < samples.Length))
        {
            float lowest = float.MaxValue, highest = float.MinValue;
            for (int n = (int)beat.Sample - half; n <= beat.Sample + half; n++)
            {
                float value = samples.Value(signal, n);
                lowest = Math.Min(lowest, value);
                highest = Math.Max(highest, value);
            }

            sum += highest - lowest;
            count++;
        }

        double size = sum / Math.Max(1, count);
        return size * size / 8;
    }
}
