using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

/// <summary>The whole chain, beat detector, pulse detector and rhythm monitor, with two leads of a heart at 75 a minute, its pulse, and whatever else is laid over them.</summary>
internal static class DisturbedSignal
{
    private const double Interval = 0.8;

    /// <summary>Size of the synthetic QRS complex of the first lead from its lowest to its highest value, mV.</summary>
    private const double QrsMillivolts = 1.25;

    /// <summary>What may befall a lead: its name, and the sample that comes out for a time, a lead and the heart's own value.</summary>
    public static Func<double, int, double, double> Named(string name)
    {
        double[] parts = [.. name.Split(' ').Select(part => double.TryParse(part, System.Globalization.CultureInfo.InvariantCulture, out double value) ? value : double.NaN)];
        string kind = name.Split(' ')[0];
        double size = parts.Length > 1 ? parts[1] : double.NaN;
        return kind switch
        {
            "sine" => (t, _, _) => Math.Sin(2 * Math.PI * size * t),
            "square" => (t, _, _) => t * size % 1 < 0.5 ? 1 : -1,
            "flat" => (_, _, _) => 0,
            "off" => (_, _, _) => double.NaN,
            "infinite" => (t, lead, _) => (int)(t * 1000) % 2 == lead ? double.PositiveInfinity : double.MaxValue,
            "saturated" => (_, lead, _) => lead == 0 ? 5 : -5,
            "clipped" => (t, lead, value) => Math.Clamp((8 * Motion(t, lead)) + value, -2.5, 2.5),
            "mains" => (t, _, value) => value + (3 * Math.Sin(2 * Math.PI * size * t)),
            "hum" => (t, _, _) => 3 * Math.Sin(2 * Math.PI * size * t),
            "wander" => (t, lead, value) => value + (size * Math.Sin((2 * Math.PI * 0.3 * t) + lead)),
            "spikes" => (t, _, _) => t * 70 / 60 % 1 < 0.002 * 70 / 60 ? size : 0,
            "paced" => (t, _, value) => value + (t * 70 / 60 % 1 < 0.002 * 70 / 60 ? size : 0),
            "muscle" => (t, lead, value) => value + (0.8 * SyntheticHeart.Noise(20 + lead, (long)(t * 1e6))),
            "faint" => (_, _, value) => value / 100,
            // Of the mean square that the ratio in dB says; the signal's is that of a sine of the QRS complex's size, as Moody, Muldrow and Mark (1984) have it.
            "motion" => (t, lead, value) => value + (Math.Sqrt(QrsMillivolts * QrsMillivolts / 8 * Math.Pow(10, -size / 10)) * Motion(t, lead)),
            _ => throw new ArgumentOutOfRangeException(nameof(name), name, null),
        };
    }

    /// <summary>Plays the heart for 70 s, disturbed from 25 to 60 s.</summary>
    /// <param name="disturb">What befalls the leads.</param>
    /// <param name="kind">The pulse signal; null for none.</param>
    /// <param name="pulseEnds">When heart and pulse end, seconds.</param>
    /// <param name="hz">Samples of the ECG in a second.</param>
    public static List<RhythmChange> Play(Func<double, int, double, double> disturb, PulseKind? kind, double pulseEnds = 70, double hz = 250)
    {
        const double PulseHz = 125, Seconds = 70;
        List<(double At, bool IsVentricular)> beats = [.. SyntheticHeart.Every(Interval, 0.5, pulseEnds).Select(at => (at, false))];
        List<double> feet = [.. beats.Select(beat => beat.At + 0.25)];
        var detector = new BeatDetector(2, hz);
        var monitor = new RhythmMonitor(RhythmLimits.Adult, hz, 2);
        PulseDetector? pulse = kind is { } of ? new(of, PulseHz) : null;
        List<RhythmChange> changes = [];
        Span<float> leads = stackalloc float[2];
        long pulses = 0;
        int second = 0;
        for (long i = 0; i < Seconds * hz; i++)
        {
            double t = i / hz;
            long now = (long)(t * 1000);
            for (int lead = 0; lead < 2; lead++)
            {
                float value = SyntheticHeart.Ecg(t, beats, lead + 1, lead == 0 ? 1 : -0.6);
                leads[lead] = t is >= 25 and < 60 ? (float)disturb(t, lead, value) : value;
            }

            monitor.Ecg(now, leads);
            detector.Push(leads);
            foreach (Beat beat in detector.Beats)
                monitor.Beat((long)(beat.Sample * 1000 / hz), now, beat.Class, beat.Confidence, beat.IsSearchBack);
            foreach (BeatClassification classified in detector.Classifications)
                monitor.Classify((long)(classified.Sample * 1000 / hz), now, classified.Class);
            for (; pulse is not null && pulses / PulseHz <= t; pulses++)
            {
                if (pulse.Push(SyntheticHeart.Pressure(pulses / PulseHz, feet), out PulseBeat wave))
                    monitor.Pulse(pulse.Kind, (long)(wave.Sample * 1000 / PulseHz), now, wave);
            }

            if (t < second + 1 - (0.5 / hz))
                continue;
            monitor.Advance(1000L * ++second, changes);
        }

        return changes;
    }

    // Steps that decay, and slow hills as of a lead that is moved; mean square about 1.
    private static double Motion(double t, int lead)
    {
        double sum = 0;
        for (int back = 0; back < 4; back++)
        {
            long cell = (long)Math.Floor(t / 0.7) - back;
            double begin = (cell + (0.5 * (1 + SyntheticHeart.Noise(40 + lead, cell)))) * 0.7;
            if (t >= begin)
                sum += 1.4 * SyntheticHeart.Noise(50 + lead, cell) * Math.Exp(-(t - begin) / 0.6);
            double middle = (t - begin - 0.3) / 0.08;
            sum += 1.6 * SyntheticHeart.Noise(60 + lead, cell) * Math.Exp(-0.5 * middle * middle);
        }

        return sum;
    }
}
