namespace PhysioActors.Ingest.Simulation;

/// <summary>What the body does at a moment, before any sensor.</summary>
internal readonly record struct BodyState(
    double HeartRate, double PulseRate, double SpO2, double RespiratoryRate, double MeanPressure, double PulsePressure, double Temperature, double EtCO2);

/// <summary>
/// A patient's true vital signs: usual values, a daily rhythm, slow random variation that the signals share, and an episode's effect.
/// </summary>
/// <remarks>
/// <para>Daily rhythm: highest at 17 h UTC, lowest at 5 h; temperature ±0.3 °C (Refinetti and Menaker 1992), heart rate ±5 /min, mean pressure ±4 mmHg (lower at night), breathing ±0.7 /min.</para>
/// <para>Variation: each source is an autoregressive process of first order, of which several signals take a share. Activity (10 min) moves heart rate, pressure and breathing together;
/// pressure's own variation (2 min) moves the heart rate against it by 0.5 /min per mmHg, which is a baroreflex of about 5 ms/mmHg at these rates; each signal has a part of its own besides.</para>
/// <para>Fever: 8.5 /min of heart rate (Karjalainen and Viitasalo 1986) and 2 breaths a minute per °C. Too little oxygen raises the breathing rate, and too slow breathing lowers the saturation.</para>
/// <para>The processes use 1 / (1 + dt / tau) for the exponential, the rhythm a rational approximation of the sine (Bhaskara I), so that every machine gets the same numbers.</para>
/// </remarks>
internal sealed class PatientPhysiology(PatientProfile profile, double intervalSeconds)
{
    private const double DayMs = 86_400_000;
    private const double PeakHour = 17;

    private Variation _activity = new(600, 1, intervalSeconds);
    private Variation _heart = new(300, 2.2, intervalSeconds);
    private Variation _pressure = new(120, 2.8, intervalSeconds);
    private Variation _breathing = new(60, 1.1, intervalSeconds);
    private Variation _oxygen = new(180, 0.5, intervalSeconds);
    private Variation _temperature = new(5_400, 0.08, intervalSeconds);
    private Variation _carbonDioxide = new(120, 1, intervalSeconds);

    /// <summary>Goes on by one interval.</summary>
    public BodyState Next(long timeMs, in EpisodeEffect effect, ref SimulationRandom random)
    {
        double rhythm = Rhythm(timeMs);
        double activity = _activity.Next(ref random);
        double pressure = _pressure.Next(ref random);
        double temperature = profile.Temperature + (0.3 * rhythm) + _temperature.Next(ref random) + effect.Temperature;
        double fever = Math.Max(0, temperature - profile.Temperature - 0.5);

        double breathing = profile.RespiratoryRate + (0.7 * rhythm) + (0.9 * activity) + _breathing.Next(ref random) + (2 * fever) + effect.RespiratoryRate;
        breathing = Math.Max(2, breathing);
        double oxygen = profile.SpO2 + (0.3 * rhythm) + _oxygen.Next(ref random) + effect.SpO2 - (0.6 * Math.Max(0, 9 - breathing));
        breathing += 0.25 * Math.Max(0, 92 - oxygen) * (effect.RespiratoryRate < 0 ? 0 : 1);

        double quickening = (5 * rhythm) + (3 * activity) + _heart.Next(ref random) - (0.5 * pressure) + (8.5 * fever);
        double episode = effect.HeartRate > 0 && effect.Irregularity == 0 ? effect.HeartRate * profile.HeartRateResponse : effect.HeartRate;
        double heart = profile.HeartRate + (quickening * profile.HeartRateResponse) + episode + (effect.Irregularity * random.Bell());
        heart = Math.Clamp(heart, 25, 230 - (0.5 * profile.Age));
        return new BodyState(
            heart,
            Math.Max(20, heart - effect.PulseDeficit),
            Math.Clamp(oxygen, 50, 100),
            Math.Min(50, breathing),
            Math.Max(28, profile.MeanPressure + (4 * rhythm) + (1.2 * activity) + pressure + effect.MeanPressure),
            Math.Max(12, profile.PulsePressure + (0.3 * pressure) + effect.PulsePressure),
            temperature,
            Math.Max(10, profile.EtCO2 - (0.6 * (breathing - profile.RespiratoryRate - effect.RespiratoryRate)) + _carbonDioxide.Next(ref random) + effect.EtCO2));
    }

    /// <summary>The daily rhythm, -1 to 1.</summary>
    internal static double Rhythm(long timeMs)
    {
        double phase = (((timeMs % (long)DayMs) / DayMs) + 1 - (PeakHour / 24) + 0.25) % 1;
        double half = (phase < 0.5 ? phase : phase - 0.5) * 2;
        double arc = half * (1 - half);
        double sine = 16 * arc / (5 - (4 * arc));
        return phase < 0.5 ? sine : -sine;
    }

    /// <summary>An autoregressive process of first order with mean 0, started in its steady state at 0.</summary>
    private struct Variation
    {
        private readonly double _keep;
        private readonly double _push;
        private double _value;

        public Variation(double timeConstantSeconds, double deviation, double intervalSeconds)
        {
            _keep = timeConstantSeconds / (timeConstantSeconds + intervalSeconds);
            _push = deviation * Math.Sqrt(1 - (_keep * _keep));
        }

        public double Next(ref SimulationRandom random) => _value = (_keep * _value) + (_push * random.Bell());
    }
}
