using PhysioActors.Ingest.Simulation.Waveforms;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// A patient with a monitor: turns the body's state into readings as a monitor sends them, with noise, whole numbers, cuff and temperature at their own pace, artefacts and dropouts.
/// </summary>
/// <remarks>
/// Noise (standard deviations): heart rate 0.7 /min, pulse 1 /min, SpO2 0.5 % (an oximeter's accuracy of 2 to 3 % is mostly bias, not noise), breathing 0.9 /min, arterial pressure 1.5 mmHg,
/// cuff 4 mmHg (ISO 81060-2 allows 8), temperature 0.04 °C, EtCO2 0.8 mmHg. The cuff measures each 15 minutes, each hour beside an arterial line; its values are sent when it is done,
/// with the time at which it measured. Temperature comes once a minute.
/// </remarks>
internal sealed class SimulatedPatient
{
    private const string OffReason = "sensor-off";
    private const int CuffTakesMs = 35_000;
    private const int TemperatureEveryMs = 60_000;

    private readonly PatientProfile _profile;
    private readonly PatientPhysiology _physiology;
    private readonly SensorArtefacts _artefacts;
    private readonly EpisodeSchedule _schedule;
    private readonly SimulatedWaveforms? _waveforms;
    private readonly short[] _samples;
    private readonly int _cuffEveryMs;
    private SimulationRandom _random;
    private EpisodeLabel? _episode;
    private bool _episodeBegan;
    private long _nextTemperatureMs;
    private long _nextCuffMs;
    private (long MeasuredMs, double Mean, double Pulse)? _cuff;
    private long _sequence;

    public SimulatedPatient(string id, string device, ulong seed, int index, long startMs, long endMs, double intervalSeconds, SimulationSettings settings, short[] samples)
    {
        Id = id;
        Device = device;
        _random = new SimulationRandom(seed, (ulong)index * 4);
        _profile = PatientProfile.Draw(ref _random);
        _physiology = new PatientPhysiology(_profile, intervalSeconds);
        _artefacts = new SensorArtefacts(settings.Artefacts, seed, index, startMs);
        _schedule = new EpisodeSchedule(id, seed, index, startMs, endMs, settings);
        _waveforms = settings.HasWaveforms ? new SimulatedWaveforms(_profile, seed, index, settings) : null;
        _samples = samples;
        _episode = _schedule.Next();
        HasCuffErrors = settings.Artefacts;
        _cuffEveryMs = _profile.HasArterialLine ? 3_600_000 : 900_000;
        _nextTemperatureMs = startMs + _random.Below(TemperatureEveryMs);

        // The first cuff value comes within the first two minutes, so that a short demonstration has one.
        _nextCuffMs = startMs + _random.Below(120_000);
    }

    public string Id { get; }

    public string Device { get; }

    private bool HasCuffErrors { get; }

    /// <summary>Goes on to a time. False when the monitor sends nothing then.</summary>
    public bool TryObserve(long timeMs, ObservationDraft draft, Action<EpisodeLabel>? onEpisode)
    {
        EpisodeLabel? episode = EpisodeAt(timeMs, onEpisode);
        EpisodeEffect effect = episode is null ? default : EpisodeEffect.At(episode, timeMs);
        BodyState body = _physiology.Next(timeMs, effect, ref _random);
        _artefacts.MoveTo(timeMs);
        MeasureWithCuff(timeMs, body);
        bool isSensorOff = episode is { Kind: EpisodeKind.SensorOff };
        bool isSilent = _artefacts.IsAway || (isSensorOff && episode!.Detail == EpisodeDetails.Monitor);
        bool areElectrodesOff = isSensorOff && episode!.Detail == EpisodeDetails.Electrodes;
        bool isProbeOff = (isSensorOff && episode!.Detail == EpisodeDetails.PulseOximeter) || _artefacts.IsProbeOff;
        draft.Waveforms.Clear();
        _waveforms?.MoveTo(timeMs, body, effect, new WaveformSensors(areElectrodesOff, isProbeOff, _artefacts.IsMoving), _samples, isSilent ? null : draft);
        if (isSilent)
            return false;

        draft.Patient = Id;
        draft.Device = Device;
        draft.TimeMs = timeMs;
        draft.Sequence = _sequence++;
        draft.Readings.Clear();
        AddElectrodes(draft, body, areElectrodesOff, episode);
        AddOximeter(draft, body, isProbeOff, episode);
        if (_profile.HasArterialLine)
            AddArterialLine(draft, body);
        if (_profile.HasCapnography)
            Add(draft, SignalCode.EtCO2, Noisy(body.EtCO2, 0.8));
        if (timeMs >= _nextTemperatureMs)
        {
            _nextTemperatureMs += ((timeMs - _nextTemperatureMs) / TemperatureEveryMs + 1) * TemperatureEveryMs;
            draft.Readings.Add(new DraftReading(SignalCode.CoreTemperature, Math.Round((body.Temperature + (0.04 * _random.Bell())) * 10) / 10, Source: ReadingSource.Monitor));
        }

        AddCuff(draft, timeMs);
        return true;
    }

    private EpisodeLabel? EpisodeAt(long timeMs, Action<EpisodeLabel>? onEpisode)
    {
        while (_episode is { } episode && timeMs >= episode.StartMs)
        {
            if (!_episodeBegan)
                onEpisode?.Invoke(episode);
            _episodeBegan = true;
            if (timeMs < episode.EndMs)
                return episode;
            _episode = _schedule.Next();
            _episodeBegan = false;
        }

        return null;
    }

    private void AddElectrodes(ObservationDraft draft, in BodyState body, bool isOff, EpisodeLabel? episode)
    {
        double heart = Noisy(body.HeartRate, 0.7);
        double breathing = Noisy(body.RespiratoryRate, 0.9);
        if (_artefacts.IsMiscounting)
            heart = Math.Round(heart * (_random.Chance(0.6) ? 2 : 0.5));
        if (_artefacts.IsMoving)
            breathing = Math.Clamp(breathing + Math.Round(_random.Uniform(-6, 18)), 0, 80);
        if (isOff)
        {
            AddOff(draft, SignalCode.HeartRate, heart, episode);
            AddOff(draft, SignalCode.RespiratoryRate, breathing, episode);
            return;
        }

        Add(draft, SignalCode.HeartRate, heart);
        Add(draft, SignalCode.RespiratoryRate, breathing);
    }

    private void AddOximeter(ObservationDraft draft, in BodyState body, bool isOff, EpisodeLabel? episode)
    {
        double oxygen = Math.Min(100, Noisy(body.SpO2, 0.5));
        double pulse = Noisy(body.PulseRate, 1);
        if (_artefacts.IsMoving)
        {
            oxygen = Math.Clamp(oxygen - Math.Round(_random.Uniform(0, 22)), 40, 100);
            pulse = Math.Clamp(pulse + Math.Round(_random.Uniform(-25, 40)), 25, 240);
        }

        if (isOff)
        {
            AddOff(draft, SignalCode.SpO2, oxygen, episode);
            AddOff(draft, SignalCode.PulseRate, pulse, episode);
            return;
        }

        Add(draft, SignalCode.SpO2, oxygen);
        Add(draft, SignalCode.PulseRate, pulse);
    }

    private void AddArterialLine(ObservationDraft draft, in BodyState body)
    {
        // A third of the pulse pressure lies below the mean, two thirds above.
        double mean = body.MeanPressure;
        double systolic = mean + (body.PulsePressure * 2 / 3);
        double diastolic = mean - (body.PulsePressure / 3);
        if (_artefacts.IsFlushing)
            systolic = diastolic = mean = 285;
        Add(draft, SignalCode.ArterialSystolic, Noisy(systolic, 1.5));
        Add(draft, SignalCode.ArterialDiastolic, Noisy(diastolic, 1.5));
        Add(draft, SignalCode.ArterialMean, Noisy(mean, 1.5));
    }

    /// <summary>The cuff measures when its time has come, whether or not the monitor is heard.</summary>
    private void MeasureWithCuff(long timeMs, in BodyState body)
    {
        if (timeMs < _nextCuffMs)
            return;
        _nextCuffMs += (((timeMs - _nextCuffMs) / _cuffEveryMs) + 1) * _cuffEveryMs;
        double mean = body.MeanPressure + (3 * _random.Bell());
        double pulse = Math.Max(10, body.PulsePressure + (4 * _random.Bell()));

        // One in 25 fails: the arm moved, or the cuff gave up.
        if (HasCuffErrors && _random.Chance(0.04))
            mean *= _random.Chance(0.5) ? _random.Uniform(0.5, 0.7) : _random.Uniform(1.35, 1.7);
        _cuff = HasCuffErrors && _random.Chance(0.02) ? null : (timeMs, mean, pulse);
    }

    private void AddCuff(ObservationDraft draft, long timeMs)
    {
        if (_cuff is not { } cuff || timeMs < cuff.MeasuredMs + CuffTakesMs)
            return;
        _cuff = null;
        AddAt(draft, SignalCode.CuffSystolic, cuff.Mean + (cuff.Pulse * 2 / 3), cuff.MeasuredMs);
        AddAt(draft, SignalCode.CuffDiastolic, Math.Max(10, cuff.Mean - (cuff.Pulse / 3)), cuff.MeasuredMs);
        AddAt(draft, SignalCode.CuffMean, cuff.Mean, cuff.MeasuredMs);
    }

    private double Noisy(double value, double deviation) => Math.Max(0, Math.Round(value + (deviation * _random.Bell())));

    private static void Add(ObservationDraft draft, SignalCode code, double value) => draft.Readings.Add(new DraftReading(code, value, Source: ReadingSource.Monitor));

    private static void AddAt(ObservationDraft draft, SignalCode code, double value, long timeMs) =>
        draft.Readings.Add(new DraftReading(code, Math.Round(value), TimeMs: timeMs, Source: ReadingSource.Monitor));

    /// <summary>Some monitors repeat a last or wild value and mark it, others give the reason in its place; which, is drawn by the severity that a technical episode has no other use for.</summary>
    private void AddOff(ObservationDraft draft, SignalCode code, double value, EpisodeLabel? episode)
    {
        if (episode is not { Severity: < 0.75 })
        {
            draft.Readings.Add(new DraftReading(code, 0, Source: ReadingSource.Monitor, Absent: OffReason));
            return;
        }

        double wild = Math.Clamp(value + Math.Round(_random.Uniform(-3, 3)), 0, code == SignalCode.SpO2 ? 100 : 300);
        draft.Readings.Add(new DraftReading(code, wild, Quality: ReadingQuality.SensorOff, Source: ReadingSource.Monitor));
    }
}
