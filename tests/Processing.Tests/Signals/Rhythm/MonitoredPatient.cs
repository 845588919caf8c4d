using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

/// <summary>A rhythm monitor with signals made from scripts. ECG 250 Hz in two leads, pulse 125 Hz; beats come from the script, half a second late, so that the monitor alone is tested.</summary>
internal sealed class MonitoredPatient(RhythmLimits limits)
{
    public const int Rate = 250;

    public List<(double At, bool IsVentricular)> Beats { get; } = [];

    public List<double> Feet { get; } = [];

    /// <summary>Changes one ECG sample; time and value in, value out.</summary>
    public Func<double, float, float> Ecg { get; set; } = (_, value) => value;

    /// <summary>Which beats the detector finds, by their number.</summary>
    public Func<int, bool> IsFound { get; set; } = _ => true;

    /// <summary>Changes one pressure sample.</summary>
    public Func<double, float, float> Pressure { get; set; } = (_, value) => value;

    public RhythmMonitor Monitor { get; set; } = new(limits, Rate, 2);

    public List<RhythmChange> Changes { get; } = [];

    /// <summary>Normal beats with their pulse waves 0.25 s behind.</summary>
    public void Normal(double interval, double from, double to, bool hasPulse = true)
    {
        foreach (double at in SyntheticHeart.Every(interval, from, to))
        {
            Beats.Add((at, false));
            if (hasPulse)
                Feet.Add(at + 0.25);
        }
    }

    /// <summary>Plays all of it, calling <paramref name="each"/> behind each second.</summary>
    public void Play(int seconds, Action<int>? each = null)
    {
        var pulse = new PulseDetector(PulseKind.ArterialPressure, Rate / 2.0);
        int told = 0, classified = 0;
        Span<float> leads = stackalloc float[2];
        for (int i = 0; i < seconds * Rate; i++)
        {
            double t = (double)i / Rate;
            long now = i * 1000L / Rate;
            leads[0] = Ecg(t, SyntheticHeart.Ecg(t, Beats, 1));
            leads[1] = Ecg(t, SyntheticHeart.Ecg(t, Beats, 2, -0.6));
            Monitor.Ecg(now, leads);
            for (; told < Beats.Count && Beats[told].At + 0.3 <= t; told++)
            {
                if (IsFound(told))
                    Monitor.Beat((long)(1000 * Beats[told].At), now, BeatClass.Normal, 1, false);
            }

            while (classified < Beats.Count && Beats[classified].At + 0.5 <= t)
            {
                (double at, bool isVentricular) = Beats[classified++];
                Monitor.Classify((long)(1000 * at), now, isVentricular ? BeatClass.Ventricular : BeatClass.Normal);
            }

            if (i % 2 == 0 && pulse.Push(Pressure(t, SyntheticHeart.Pressure(t, Feet)), out PulseBeat wave))
                Monitor.Pulse(PulseKind.ArterialPressure, wave.Sample * 2000 / Rate, now, wave);
            if ((i + 1) % Rate != 0)
                continue;
            Monitor.Advance((i + 1) * 1000L / Rate, Changes);
            each?.Invoke((i + 1) / Rate);
        }
    }

    public RhythmChange? First(RhythmCondition condition, RhythmChangeKind kind)
    {
        foreach (RhythmChange change in Changes)
        {
            if (change.Condition == condition && change.Kind == kind)
                return change;
        }

        return null;
    }
}
