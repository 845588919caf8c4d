using System.Globalization;
using PhysioActors.Ingest.Simulation.Waveforms;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// A ward whose patients do not exist: makes observations as their monitors would send them, and the truth about every episode. The same arguments give the same observations
/// on every machine. Patients are in the namespace <c>simulated</c>, so that nobody takes them for real ones.
/// </summary>
/// <remarks>
/// What the bodies do and where the figures come from stands at <see cref="PatientProfile"/>, <see cref="PatientPhysiology"/> and <see cref="EpisodeEffect"/>, what the sensors make of it at
/// <see cref="SimulatedPatient"/>, <see cref="SensorArtefacts"/> and <see cref="SimulatedWaveforms"/>. It is for showing and measuring the engine; it is no model of disease. Memory: about 2 KB a patient, 10 KB with waveforms, whatever the duration.
/// </remarks>
public sealed class WardSimulator
{
    /// <summary>The namespace of the patients.</summary>
    public const string Namespace = "simulated";

    /// <summary>The most patients.</summary>
    public const int MaximumPatients = 1_000_000;

    private static readonly TimeSpan _longestChunk = TimeSpan.FromSeconds(WaveformSignals.MaximumSeconds);

    private readonly ulong _seed;
    private readonly long _intervalMs;
    private readonly SimulationSettings _settings;
    private readonly string _ward;

    /// <summary>Describes a ward; nothing is simulated yet.</summary>
    /// <param name="patients">How many patients, 1 to <see cref="MaximumPatients"/>.</param>
    /// <param name="duration">How long.</param>
    /// <param name="seed">Everything random follows from it.</param>
    /// <param name="start">When it begins, in event time; also the time of day, in UTC.</param>
    /// <param name="interval">Time between two observations of a patient, 100 ms to 1 h (10 s with waveforms); null for a second.</param>
    /// <param name="settings">What happens; null for the defaults.</param>
    /// <param name="ward">The ward's name, which tells its patients from those of other wards; empty for none.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public WardSimulator(int patients, TimeSpan duration, ulong seed, DateTimeOffset start, TimeSpan? interval = null, SimulationSettings? settings = null, string ward = "")
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(patients, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(patients, MaximumPatients);
        ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(duration, TimeSpan.Zero);
        TimeSpan step = interval ?? TimeSpan.FromSeconds(1);
        ArgumentOutOfRangeException.ThrowIfLessThan(step, TimeSpan.FromMilliseconds(100), nameof(interval));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(step, TimeSpan.FromHours(1), nameof(interval));
        ArgumentOutOfRangeException.ThrowIfLessThan(start, DateTimeOffset.UnixEpoch);
        _settings = settings ?? new SimulationSettings();
        _settings.Validate();
        if (_settings.HasWaveforms && step > _longestChunk)
            throw new ArgumentOutOfRangeException(nameof(interval), interval, $"With waveforms an observation comes at least each {_longestChunk.TotalSeconds} s, since it holds the samples since the last.");
        _seed = seed;
        _ward = ward.Length == 0 ? "" : ward + "-";
        _intervalMs = (long)step.TotalMilliseconds;
        Patients = patients;
        StartMs = start.ToUnixTimeMilliseconds();
        EndMs = checked(StartMs + (long)duration.TotalMilliseconds);
        RunId = string.Create(CultureInfo.InvariantCulture, $"simulation-{seed}-{StartMs}");
    }

    /// <summary>How many patients.</summary>
    public int Patients { get; }

    /// <summary>When it begins, milliseconds since 1970 UTC.</summary>
    public long StartMs { get; }

    /// <summary>When it is over, milliseconds since 1970 UTC; no observation has this time.</summary>
    public long EndMs { get; }

    /// <summary>Names the run, by seed and start: the session of every device and the encounter of every patient.</summary>
    public string RunId { get; }

    /// <summary>
    /// The observations in the order of their time. One draft is filled again and again: what was handed out is valid until the next is asked for.
    /// No interval is declared, because temperature and cuff have others than the rest.
    /// </summary>
    /// <param name="onEpisode">Told of each episode when it begins.</param>
    public IEnumerable<ObservationDraft> Observations(Action<EpisodeLabel>? onEpisode = null)
    {
        short[] samples = _settings.HasWaveforms ? SimulatedWaveforms.CreateBuffer() : [];
        SimulatedPatient[] patients = [.. Enumerable.Range(0, Patients).Select(index => CreatePatient(index, samples))];
        ObservationDraft draft = new() { Encounter = RunId, Session = RunId };
        for (long roundMs = StartMs; roundMs < EndMs; roundMs += _intervalMs)
        {
            // The patients are spread over the interval, so that going through them in order is going on in time.
            for (int i = 0; i < patients.Length; i++)
            {
                long timeMs = roundMs + (_intervalMs * i / patients.Length);
                if (timeMs < EndMs && patients[i].TryObserve(timeMs, draft, onEpisode))
                    yield return draft;
            }
        }
    }

    /// <summary>All episodes, without simulating the rest, patient by patient and for each in the order of time.</summary>
    public IEnumerable<EpisodeLabel> Episodes()
    {
        for (int i = 0; i < Patients; i++)
        {
            EpisodeSchedule schedule = new(PatientId(i), _seed, i, StartMs, EndMs, _settings);
            while (schedule.Next() is { } episode)
                yield return episode;
        }
    }

    /// <summary>The patient with a number, from 0: <c>simulated:p0001</c>, <c>simulated:ward-p0001</c>.</summary>
    public string PatientId(int index) => string.Create(CultureInfo.InvariantCulture, $"{Namespace}:{_ward}p{index + 1:0000}");

    private SimulatedPatient CreatePatient(int index, short[] samples) =>
        new(PatientId(index), string.Create(CultureInfo.InvariantCulture, $"{Namespace}-monitor-{index + 1:0000}"), _seed, index, StartMs, EndMs, _intervalMs / 1_000.0, _settings, samples);
}
