using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>The ECG of a patient, and a pulse, sample by sample: regular, fast, without beats, or with the lead off.</summary>
internal sealed class SimulatedHeart(Dice dice)
{
    internal const int Hertz = 100;
    internal const int PulseHertz = 50;

    private const int Gain = 200;
    private const int UsualInterval = 80;
    private const int FastInterval = 34;
    private const int PulseDelay = 25;

    private static readonly float[] s_beat = Beat(width: 1.2, height: 1.2);
    private static readonly float[] s_wide = Beat(width: 4.5, height: -1.5);
    private static readonly float[] s_pulse = [.. Enumerable.Range(0, 60).Select(i => (float)((40 * Bell(i - 15, 7)) + (15 * Bell(i - 35, 9))))];

    private long _told;
    private int _sinceBeat;
    private int _sincePulse = 200;
    private int _interval = UsualInterval;
    private bool _isWide;
    private Rhythm _rhythm;
    private int _left;

    private enum Rhythm
    {
        Usual,
        Fast,
        Still,
        LeadOff,
    }

    /// <summary>The time up to which samples were told; 0 before the first.</summary>
    internal long ToldMs => _told;

    /// <summary>The heart beats as usual, fast, or not at all, or the lead is off, for some seconds.</summary>
    internal void Change()
    {
        _rhythm = (Rhythm)dice.Below(4);
        _left = Hertz * (6 + dice.Below(12));
    }

    /// <summary>The samples up to a time, in one chunk of each signal. What is older than nine seconds is left out: a gap.</summary>
    internal IEnumerable<WaveformChunk> Tell(long nowMs)
    {
        // Whole samples of both rates.
        long to = nowMs - (nowMs % 20);
        long from = Math.Max(_told == 0 ? to - 500 : _told, to - 9000);
        from -= from % 20;
        _told = to;
        int count = (int)(to - from) * Hertz / 1000;
        if (count <= 0)
            return [];
        short[] ecg = new short[count], pulse = new short[count / 2];
        for (int i = 0; i < count; i++)
        {
            (ecg[i], short pressure) = Next();
            if (i % 2 == 0)
                pulse[i / 2] = pressure;
        }

        return [new(WaveformSignal.EcgII, Hertz * 1000, Gain, 0, from, ecg), new(WaveformSignal.ArterialPressure, PulseHertz * 1000, 10, 0, from, pulse)];
    }

    private (short Ecg, short Pressure) Next()
    {
        if (_left > 0 && --_left == 0)
            _rhythm = Rhythm.Usual;
        if (++_sinceBeat >= _interval && _rhythm != Rhythm.Still)
        {
            _sinceBeat = 0;
            _isWide = dice.Below(12) == 0;
            _interval = _rhythm == Rhythm.Fast ? FastInterval : UsualInterval + dice.Below(6);
        }

        _sincePulse = _sinceBeat == PulseDelay ? 0 : _sincePulse + 1;
        float[] form = _isWide ? s_wide : s_beat;
        double value = (_sinceBeat < form.Length ? form[_sinceBeat] : 0) + dice.Between(-0.015, 0.015);
        double pressure = 70 + (_sincePulse < s_pulse.Length ? s_pulse[_sincePulse] : 0);
        return (_rhythm == Rhythm.LeadOff ? WaveformSignals.Missing : (short)(Gain * value), (short)(10 * pressure));
    }

    private static float[] Beat(double width, double height) =>
        [.. Enumerable.Range(0, 33).Select(i => (float)((height * Bell(i - 6, width)) - (0.2 * height * Bell(i - 9, width)) + (0.25 * Bell(i - 27, 4))))];

    private static double Bell(double at, double width) => Math.Exp(-at * at / (2 * width * width));
}
