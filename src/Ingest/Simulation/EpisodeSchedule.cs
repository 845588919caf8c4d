namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// Draws a patient's episodes one after the other, from a stream of random numbers of its own: the same seed gives the same episodes whatever else is simulated.
/// </summary>
/// <remarks>
/// Episodes do not overlap. The waiting time before each is exponential, with the mean that, together with duration and pause, makes the wished number a day.
/// Durations: sepsis develops over hours; the others take minutes to two hours, as long as they would last until they are noticed and treated.
/// </remarks>
internal sealed class EpisodeSchedule
{
    private const double DayMs = 86_400_000;
    private const double MinuteMs = 60_000;
    private const double PauseMs = 30 * MinuteMs;

    private readonly record struct Course(EpisodeKind Kind, double Weight, double ShortestMinutes, double LongestMinutes);

    private static readonly Course[] _courses =
    [
        new(EpisodeKind.Sepsis, 0.15, 240, 600),
        new(EpisodeKind.Haemorrhage, 0.15, 40, 120),
        new(EpisodeKind.Hypoxia, 0.20, 10, 40),
        new(EpisodeKind.Arrhythmia, 0.20, 5, 30),
        new(EpisodeKind.OpioidDepression, 0.15, 20, 90),
        new(EpisodeKind.SensorOff, 0.15, 3, 20),
    ];

    private static readonly double _meanDurationMs = _courses.Sum(c => c.Weight * (c.ShortestMinutes + c.LongestMinutes) / 2) * MinuteMs;

    private readonly string _patient;
    private readonly SimulationSettings _settings;
    private readonly long _endMs;
    private SimulationRandom _random;
    private double _freeFromMs;

    public EpisodeSchedule(string patient, ulong seed, int index, long startMs, long endMs, SimulationSettings settings)
    {
        _patient = patient;
        _settings = settings;
        _endMs = endMs;
        _random = new SimulationRandom(seed, ((ulong)index * 4) + 1);
        _freeFromMs = startMs + (settings.QuietPeriod.TotalMilliseconds / settings.Acceleration);
    }

    /// <summary>The next episode; null when none begins before the end of the simulation.</summary>
    public EpisodeLabel? Next()
    {
        if (_settings.EpisodesPerPatientDay == 0)
            return null;
        double cycleMs = DayMs / _settings.EpisodesPerPatientDay;
        double meanWaitMs = Math.Max(cycleMs - _meanDurationMs - PauseMs, cycleMs / 10);
        double startMs = _freeFromMs + (_random.Waiting(meanWaitMs) / _settings.Acceleration);
        if (startMs >= _endMs)
            return null;
        Course course = Draw();
        double durationMs = _random.Uniform(course.ShortestMinutes, course.LongestMinutes) * MinuteMs / _settings.Acceleration;
        double severity = Math.Round(_random.Uniform(0.5, 1), 2);
        string detail = course.Kind switch
        {
            EpisodeKind.Arrhythmia => _random.Chance(0.7) ? EpisodeDetails.Tachycardia : EpisodeDetails.Bradycardia,
            EpisodeKind.SensorOff => EpisodeDetails.Sensors[_random.Below(EpisodeDetails.Sensors.Length)],
            _ => "",
        };
        _freeFromMs = startMs + durationMs + (PauseMs / _settings.Acceleration);
        return new EpisodeLabel(_patient, course.Kind, detail, (long)startMs, Math.Min((long)(startMs + durationMs), _endMs), severity);
    }

    private Course Draw()
    {
        double at = _random.Uniform();
        foreach (Course course in _courses)
        {
            at -= course.Weight;
            if (at < 0)
                return course;
        }

        return _courses[^1];
    }
}

/// <summary>The variants of episodes.</summary>
internal static class EpisodeDetails
{
    public const string Tachycardia = "tachycardia";
    public const string Bradycardia = "bradycardia";
    public const string PulseOximeter = "pulse-oximeter";
    public const string Electrodes = "electrodes";
    public const string Monitor = "monitor";

    /// <summary>What can be off: the oximeter's probe, the electrodes (heart and breathing rate), or the monitor as a whole, which then sends nothing.</summary>
    public static readonly string[] Sensors = [PulseOximeter, Electrodes, Monitor];
}
