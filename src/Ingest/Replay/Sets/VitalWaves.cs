using PhysioActors.Ingest.Waveforms;
using PhysioActors.Ingest.Waveforms.Vital;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Replay.Sets;

/// <summary>
/// Lays the packets of a wave into time. A packet bears the time of its first sample; most follow each other, but a packet can be missing, come twice, or late, and the recorder's clock can be set.
/// </summary>
/// <remarks>
/// A packet goes on where the one before ended if its time is within a tolerance of that: half its own length, at least two samples, at most a quarter of a second; so neither jitter of the times nor a slow drift of the
/// clock tears a wave. A gap beyond it is filled with samples without a value, up to the length of the longest chunk; behind a longer one a new stretch begins. Of a packet that begins before, those samples that are there already
/// are left out: what is recorded first stays. Packets are put in the order of their times before.
/// </remarks>
internal static class VitalWaves
{
    private const double MaximumToleranceS = 0.25;

    // So many samples are filled in the gaps of a track; later gaps begin the waveform anew.
    private const long MostFilled = 20_000_000;

    private const int MinimumToleranceSamples = 2;

    /// <summary>Gain and baseline of a wave whose samples are steps; false when they are beyond what a chunk can have. A baseline between two steps is rounded, which moves the wave by less than a step.</summary>
    /// <param name="track">The wave.</param>
    /// <param name="units">How many of the signal's units one of the track's has.</param>
    /// <param name="gain">Steps in one unit of the signal.</param>
    /// <param name="baseline">The step, as the file has it, that stands for zero.</param>
    public static bool TryScale(VitalTrack track, double units, out float gain, out int baseline)
    {
        double zero = Math.Round(-track.Info.Offset / track.Info.Gain);
        bool fits = WaveformBounds.TryGain(1 / (track.Info.Gain * units), out gain) && Math.Abs(zero) < WaveformBounds.MaximumBaseline - short.MaxValue;
        baseline = fits ? (int)zero : 0;
        return fits;
    }

    /// <summary>The stretches of a wave. What was set right is counted in <paramref name="report"/>.</summary>
    /// <param name="track">The wave.</param>
    /// <param name="signal">What it is sent as.</param>
    /// <param name="zero">The time at which the recording starts, seconds since 1970 UTC.</param>
    /// <param name="report">Where samples and irregularities are counted.</param>
    public static IEnumerable<WaveformStretch> Stretch(VitalTrack track, WaveformSignal signal, double zero, RecordingReport report)
    {
        WaveformBounds.TryRate(track.Info.Hertz, out int rate);
        (short[] steps, float gain, int baseline) = Steps(track, signal);
        List<(long StartMs, List<short> Samples)> stretches = LayOut(track, steps, rate / 1_000.0, zero, report);
        return stretches.ConvertAll(stretch => new WaveformStretch(signal, rate, gain, baseline, stretch.StartMs, stretch.Samples.ToArray()));
    }

    private static (short[] Steps, float Gain, int Baseline) Steps(VitalTrack track, WaveformSignal signal)
    {
        double units = WaveformNames.UnitsIn(signal, track.Info.Unit.Trim());
        if (!track.IsInSteps)
        {
            float gain = GainFor(track.Values, units, signal);
            return (Array.ConvertAll(track.Values.ToArray(), value => Quantise(value * units * gain)), gain, 0);
        }

        TryScale(track, units, out float stepsInUnit, out int baseline);
        short[] steps = track.Steps.ToArray();
        if (track.StepShift == 0)
            return (steps, stepsInUnit, baseline);

        // Unsigned steps go out as the file has them where they fit; converters seldom have more than 15 bits.
        int shift = Array.TrueForAll(steps, step => step <= 0) ? track.StepShift : 0;
        for (int i = 0; i < steps.Length; i++)
            steps[i] = steps[i] == WaveformSignals.Missing ? WaveformSignals.Missing : (short)(steps[i] + shift);
        return (steps, stepsInUnit, baseline + shift - track.StepShift);
    }

    /// <summary>
    /// Steps in a unit for a wave that the file has as values: of an ECG 1 µV, of a pressure 0.02 mmHg (so that 655 mmHg fit). Relative signals have no scale of their own:
    /// the finest power of ten in which all values fit.
    /// </summary>
    private static float GainFor(ReadOnlySpan<float> values, double units, WaveformSignal signal)
    {
        if (WaveformSignals.Get(signal).Unit is var unit && unit == "mV")
            return 1_000;
        if (unit == "mm[Hg]")
            return 50;
        double greatest = 0;
        foreach (float value in values)
            greatest = float.IsNaN(value) ? greatest : Math.Max(greatest, Math.Abs(value * units));
        double gain = WaveformBounds.MaximumGain;
        while (gain > WaveformBounds.MinimumGain * 10 && greatest * gain > short.MaxValue)
            gain /= 10;
        return (float)gain;
    }

    private static short Quantise(double steps) => Math.Round(steps) is > short.MinValue and <= short.MaxValue and var step ? (short)step : WaveformSignals.Missing;

    private static List<(long StartMs, List<short> Samples)> LayOut(VitalTrack track, short[] steps, double hertz, double zero, RecordingReport report)
    {
        List<(long StartMs, List<short> Samples)> stretches = [];
        List<short> samples = [];
        double start = 0;
        long filled = 0;
        (int late, int gaps, long overlap) = (0, 0, 0);
        IReadOnlyList<VitalPacket> packets = track.Packets;
        for (int i = 1; i < packets.Count; i++)
            late += packets[i].Time < packets[i - 1].Time ? 1 : 0;
        foreach (VitalPacket packet in packets.OrderBy(packet => packet.Time))
        {
            double ahead = packet.Time - (start + (samples.Count / hertz));
            double tolerance = Math.Min(Math.Max(packet.Count / hertz / 2, MinimumToleranceSamples / hertz), MaximumToleranceS);
            int from = 0;
            if (packet.Count == 0)
                continue;
            // Records of a few samples far apart would become billions.
            if (stretches.Count == 0 || ahead > WaveformSignals.MaximumSeconds || (ahead > tolerance && filled + (ahead * hertz) > MostFilled))
            {
                gaps += stretches.Count == 0 ? 0 : 1;
                start = packet.Time;
                stretches.Add(((long)Math.Round((start - zero) * 1_000), samples = []));
            }
            else if (ahead > tolerance)
            {
                gaps++;
                int absent = (int)Math.Round(ahead * hertz);
                filled += absent;
                report.CountSamples(absent, absent);
                System.Runtime.InteropServices.CollectionsMarshal.SetCount(samples, samples.Count + absent);
                System.Runtime.InteropServices.CollectionsMarshal.AsSpan(samples)[^absent..].Fill(WaveformSignals.Missing);
            }
            else if (ahead < -tolerance)
            {
                from = (int)Math.Min(Math.Round(-ahead * hertz), packet.Count);
                overlap += from;
            }

            ReadOnlySpan<short> taken = steps.AsSpan(packet.First + from, packet.Count - from);
            report.CountSamples(taken.Length, taken.Count(WaveformSignals.Missing));
            samples.AddRange(taken);
        }

        Tell(track, report, "gaps", gaps);
        Tell(track, report, "packets out of order, put in order", late);
        Tell(track, report, "samples that overlap with earlier ones, left out", overlap);
        return stretches;
    }

    private static void Tell(VitalTrack track, RecordingReport report, string what, long count)
    {
        if (count > 0)
            report.CountIrregularity($"{track.Info.FullName}: {what}", count);
    }
}
