using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Simulation.Waveforms;

/// <summary>
/// A patient's ECG (lead II, 250 Hz, 200 steps a millivolt) and plethysmogram (125 Hz), beat by beat at the simulated heart rate. Observation by observation they go on where they ended,
/// so that the chunks have no gaps but those in which the monitor sends nothing.
/// </summary>
/// <remarks>
/// <para>In sinus rhythm a beat follows the last after 60 s by the heart rate, with the arrhythmia of breathing and 1.2 % of chance; the T wave keeps its distance by the square root of the interval (Bazett 1920). In the
/// irregular tachycardia intervals vary by 18 %, P waves are absent and fibrillation waves there instead; a pulse after a short interval is weak or missing.</para>
/// <para>Noise: a wander of 0.06 mV with the breath, white noise of 0.008 mV; movement makes it 0.15 mV and shakes the baseline. Like the rest of the simulation it needs only + - * / and square roots,
/// and is the same on every machine. Memory: 8 KB a patient.</para>
/// </remarks>
internal sealed class SimulatedWaveforms
{
    /// <summary>Samples of the ECG in a second.</summary>
    public const int EcgHertz = 250;

    /// <summary>Samples of the plethysmogram in a second.</summary>
    public const int PlethHertz = 125;

    private const int StepsPerMillivolt = 200;
    private const int StepsPerPulse = 1_000;
    private const int PieceMs = 500;
    private const double IrregularAbove = 3;
    private const double FibrillationEvery = 0.17;

    private readonly HeartMorphology _heart;
    private readonly GaussianTrack? _ecg;
    private readonly GaussianTrack? _pleth;
    private SimulationRandom _random;
    private long? _startMs;
    private long _elapsedMs;
    private long _ecgSamples;
    private long _plethSamples;
    private double _nextBeat = 0.4;
    private double _interval = 0.8;
    private double _breath;
    private double _shake;

    public SimulatedWaveforms(PatientProfile profile, ulong seed, int index, SimulationSettings settings)
    {
        _random = new SimulationRandom(seed, ((ulong)index * 4) + 3);
        _heart = HeartMorphology.Draw(profile, ref _random);
        _ecg = settings.Ecg ? new GaussianTrack() : null;
        _pleth = settings.Pleth ? new GaussianTrack() : null;
    }

    /// <summary>Goes on to a time.</summary>
    /// <param name="timeMs">The time; at most 10 s behind the last.</param>
    /// <param name="body">What the body does then.</param>
    /// <param name="effect">The episode's effect on it.</param>
    /// <param name="sensors">What the sensors do.</param>
    /// <param name="buffer">Where the samples are put; what is added to the draft lies there.</param>
    /// <param name="draft">Gets the chunks; null when the monitor sends nothing.</param>
    public void MoveTo(long timeMs, in BodyState body, in EpisodeEffect effect, WaveformSensors sensors, short[] buffer, ObservationDraft? draft)
    {
        _startMs ??= timeMs;
        long elapsedMs = timeMs - _startMs.Value;
        double breathsPerSecond = body.RespiratoryRate / 60;

        // In pieces that the rings can hold, with the beats that reach into them.
        (long ecgFrom, long plethFrom) = (_ecgSamples, _plethSamples);
        while (_elapsedMs < elapsedMs)
        {
            long pieceMs = Math.Min(PieceMs, elapsedMs - _elapsedMs);
            _elapsedMs += pieceMs;
            while (_nextBeat < (_elapsedMs / 1_000.0) + 0.5)
                Beat(body, effect);
            if (_ecg is not null)
                TakeEcg(_elapsedMs * EcgHertz / 1_000, ecgFrom, sensors, breathsPerSecond / EcgHertz, buffer);
            if (_pleth is not null)
                TakePleth(_elapsedMs * PlethHertz / 1_000, plethFrom, sensors, buffer);
            _breath = (_breath + (breathsPerSecond * pieceMs / 1_000)) % 1;
        }

        if (draft is null)
            return;
        if (_ecg is not null && _ecgSamples > ecgFrom)
            draft.Waveforms.Add(new(WaveformSignal.EcgII, EcgHertz * 1_000, StepsPerMillivolt, 0, _startMs.Value + (ecgFrom * 1_000 / EcgHertz), buffer.AsMemory(0, (int)(_ecgSamples - ecgFrom))));
        if (_pleth is not null && _plethSamples > plethFrom)
            draft.Waveforms.Add(new(WaveformSignal.Pleth, PlethHertz * 1_000, StepsPerPulse, 0, _startMs.Value + (plethFrom * 1_000 / PlethHertz), buffer.AsMemory(PlethStart, (int)(_plethSamples - plethFrom))));
    }

    /// <summary>A buffer for the samples of ten seconds of both signals, which all patients may share.</summary>
    public static short[] CreateBuffer() => new short[PlethStart + (int)(PlethHertz * WaveformSignals.MaximumSeconds)];

    private static int PlethStart => (int)(EcgHertz * WaveformSignals.MaximumSeconds);

    /// <summary>Places the next beat and finds the time of the one behind it.</summary>
    private void Beat(in BodyState body, in EpisodeEffect effect)
    {
        double mean = 60 / body.HeartRate;
        bool isIrregular = effect.Irregularity > IrregularAbove;
        double inspiration = Sine(_breath);
        double at = _nextBeat;
        double last = _interval;
        _interval = isIrregular
            ? Math.Max(0.28, mean * (1 + (0.18 * _random.Bell())))
            : Math.Max(0.25, mean * (1 - (_heart.RespiratoryArrhythmia * inspiration) + (0.012 * _random.Bell())));
        _nextBeat += _interval;
        if (_ecg is not null)
            PlaceBeat(at, _interval, 1 + (0.05 * inspiration), isIrregular);
        if (_pleth is not null)
            PlacePulse(at, last / mean, isIrregular);
    }

    private void PlaceBeat(double at, double interval, double strength, bool isIrregular)
    {
        double stretch = Math.Sqrt(Math.Clamp(interval, 0.35, 1.4) / 0.85);
        if (!isIrregular)
            Place(_heart.P, at, Math.Min(1, stretch), strength);
        Place(_heart.Q, at, 1, strength);
        Place(_heart.R, at, 1, strength);
        Place(_heart.S, at, 1, strength);
        Place(_heart.EarlyT, at, stretch, strength);
        Place(_heart.LateT, at, stretch, strength);
        for (double wave = 0; isIrregular && wave < interval; wave += FibrillationEvery)
            Place(new BeatWave(wave + 0.1, 0.03, 0.05 + (0.02 * _random.Bell())), at, 1, 1);
    }

    private void Place(in BeatWave wave, double beat, double stretch, double strength) =>
        _ecg!.Add((beat + (wave.At * stretch)) * EcgHertz, wave.Deviation * Math.Min(1.1, stretch) * EcgHertz, wave.Height * strength);

    // The pulse reaches the finger about a quarter of a second after the R wave; behind its height is the wave that the vessels throw back.
    private void PlacePulse(double at, double filling, bool isIrregular)
    {
        double strength = isIrregular ? Math.Clamp((1.8 * filling) - 0.8, 0, 1.2) : 1;
        _pleth!.Add((at + 0.36) * PlethHertz, 0.07 * PlethHertz, strength);
        _pleth.Add((at + 0.58) * PlethHertz, 0.09 * PlethHertz, 0.4 * strength);
    }

    private void TakeEcg(long until, long from, WaveformSensors sensors, double breaths, short[] buffer)
    {
        double noise = sensors.IsMoving ? 0.15 : 0.008;
        double phase = _breath;
        for (; _ecgSamples < until; _ecgSamples++)
        {
            float wave = _ecg!.Take();
            phase += breaths;
            phase = phase < 1 ? phase : phase - 1;
            _shake = sensors.IsMoving ? (0.98 * _shake) + (0.08 * _random.Bell()) : 0.98 * _shake;
            double value = wave + (0.06 * Sine(phase)) + _shake + (noise * _random.Bell());
            buffer[_ecgSamples - from] = sensors.AreElectrodesOff ? WaveformSignals.Missing : Step(value * StepsPerMillivolt);
        }
    }

    private void TakePleth(long until, long from, WaveformSensors sensors, short[] buffer)
    {
        double noise = sensors.IsMoving ? 0.4 : 0.01;
        for (; _plethSamples < until; _plethSamples++)
        {
            double value = _pleth!.Take() + (noise * _random.Bell());
            buffer[PlethStart + (int)(_plethSamples - from)] = sensors.IsProbeOff ? WaveformSignals.Missing : Step(value * StepsPerPulse);
        }
    }

    private static short Step(double steps) => (short)Math.Clamp(steps < 0 ? steps - 0.5 : steps + 0.5, short.MinValue + 1, short.MaxValue);

    // A rational approximation of the sine (Bhaskara I), of a phase from 0 to 1.
    private static double Sine(double phase)
    {
        double half = (phase < 0.5 ? phase : phase - 0.5) * 2;
        double arc = half * (1 - half);
        double sine = 16 * arc / (5 - (4 * arc));
        return phase < 0.5 ? sine : -sine;
    }
}
