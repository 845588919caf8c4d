using PhysioActors.Processing.Tests.Signals.Ecg;
using PhysioActors.Processing.Tests.Signals.Rhythm;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>Signals of a heart that does what it should not.</summary>
internal static class PlayedHeart
{
    internal const int EcgHz = 250;

    /// <summary>
    /// Two leads and an arterial pressure of 70 s: a regular rhythm with some ventricular beats, six seconds without a beat and without a pulse at 22 s, a tachycardia of 176 a minute from 32 s to 46 s,
    /// then the regular rhythm again; the second lead is off from 50 s to 54 s.
    /// </summary>
    internal static PlayedSignal[] Eventful(int ecgHz = EcgHz)
    {
        const double seconds = 70;
        const int pulseHz = 125;
        var ecg = new SyntheticEcg(ecgHz);
        List<double> feet = [];
        for (double t = 0.4; t < 22; t += 0.8)
            Beat(t, t is > 12 and < 20 && (int)(t / 0.8) % 4 == 0);
        for (double t = 28; t < 32; t += 0.8)
            Beat(t, false);
        for (double t = 32; t < 46; t += 0.341)
            Beat(t, false);
        for (double t = 46.5; t < seconds - 0.5; t += 0.8)
            Beat(t, false);
        float[] second = ecg.Lead(seconds, 1);
        second.AsSpan(50 * ecgHz, 4 * ecgHz).Fill(float.NaN);
        float[] pressure = [.. Enumerable.Range(0, (int)(seconds * pulseHz)).Select(i => SyntheticHeart.Pressure((double)i / pulseHz, feet))];
        return
        [
            PlayedSignal.Of(WaveformSignal.EcgII, ecgHz, ecg.Lead(seconds, 0)),
            PlayedSignal.Of(WaveformSignal.EcgV, ecgHz, second),
            PlayedSignal.Of(WaveformSignal.ArterialPressure, pulseHz, pressure),
        ];

        void Beat(double at, bool isWide)
        {
            ecg.Beat(at, isWide: isWide);
            feet.Add(at + 0.25);
        }
    }

    /// <summary>One lead with a beat each 0.8 s.</summary>
    internal static PlayedSignal Regular(double seconds, int rateHz = EcgHz, WaveformSignal signal = WaveformSignal.EcgII, long startMs = PlayedSignal.Start) =>
        PlayedSignal.Of(signal, rateHz, new SyntheticEcg(rateHz).Regular(0.4, seconds - 0.4, 0.8).Lead(seconds, 0)) with { StartMs = startMs };

    /// <summary>A pulse each 0.8 s.</summary>
    internal static PlayedSignal Pulse(double seconds, long startMs = PlayedSignal.Start)
    {
        List<double> feet = SyntheticHeart.Every(0.8, 0.65, seconds);
        return PlayedSignal.Of(WaveformSignal.ArterialPressure, 125, [.. Enumerable.Range(0, (int)(seconds * 125)).Select(i => SyntheticHeart.Pressure(i / 125.0, feet))]) with { StartMs = startMs };
    }
}
