namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// When a patient's sensors disturb their readings. Movement, flushes of the arterial line, readings of double or half the heart rate, a probe that slips, a monitor that is away:
/// each comes by chance, at the mean distances given here, for seconds to minutes, and has no label because nothing is wrong with the patient.
/// </summary>
internal sealed class SensorArtefacts
{
    private const double HourMs = 3_600_000;

    private readonly bool _enabled;
    private Disturbance _movement = new(3 * HourMs, 5_000, 30_000);
    private Disturbance _flush = new(4 * HourMs, 4_000, 10_000);
    private Disturbance _miscount = new(1 * HourMs, 1, 2);
    private Disturbance _probe = new(4 * HourMs, 10_000, 120_000);
    private Disturbance _monitor = new(8 * HourMs, 5_000, 180_000);
    private SimulationRandom _random;

    public SensorArtefacts(bool enabled, ulong seed, int index, long startMs)
    {
        _enabled = enabled;
        _random = new SimulationRandom(seed, ((ulong)index * 4) + 2);
        _movement.Start(startMs, ref _random);
        _flush.Start(startMs, ref _random);
        _miscount.Start(startMs, ref _random);
        _probe.Start(startMs, ref _random);
        _monitor.Start(startMs, ref _random);
    }

    /// <summary>The patient moves: the oximeter and the breathing rate are disturbed.</summary>
    public bool IsMoving { get; private set; }

    /// <summary>The arterial line is flushed, or open to the air.</summary>
    public bool IsFlushing { get; private set; }

    /// <summary>One heart rate is counted wrong.</summary>
    public bool IsMiscounting { get; private set; }

    /// <summary>The oximeter's probe is off for a moment.</summary>
    public bool IsProbeOff { get; private set; }

    /// <summary>The monitor sends nothing.</summary>
    public bool IsAway { get; private set; }

    /// <summary>Goes on to a time.</summary>
    public void MoveTo(long timeMs)
    {
        if (!_enabled)
            return;
        IsMoving = _movement.At(timeMs, ref _random);
        IsFlushing = _flush.At(timeMs, ref _random);
        IsMiscounting = _miscount.At(timeMs, ref _random);
        IsProbeOff = _probe.At(timeMs, ref _random);
        IsAway = _monitor.At(timeMs, ref _random);
    }

    private struct Disturbance(double meanDistanceMs, double shortestMs, double longestMs)
    {
        private double _fromMs;
        private double _untilMs;

        public void Start(long timeMs, ref SimulationRandom random) => Draw(timeMs, ref random);

        /// <summary>Whether it lasts at a time. One that began and ended between two looks shows at the second, so that a coarse interval does not hide it.</summary>
        public bool At(long timeMs, ref SimulationRandom random)
        {
            if (timeMs < _fromMs)
                return false;
            if (timeMs >= _untilMs)
                Draw(timeMs, ref random);
            return true;
        }

        private void Draw(long timeMs, ref SimulationRandom random)
        {
            _fromMs = timeMs + random.Waiting(meanDistanceMs);
            _untilMs = _fromMs + random.Uniform(shortestMs, longestMs);
        }
    }
}
