namespace PhysioActors.Ingest.Simulation;

/// <summary>
/// By how much an episode moves a patient's vital signs at its height and full severity, and how it gets there.
/// Fever raises the heart rate further by the coupling in <see cref="PatientPhysiology"/>.
/// </summary>
/// <remarks>
/// Orientation: sepsis by the SIRS and Sepsis-3 criteria (Singer et al., JAMA 2016); bleeding by the classes II to III of ATLS (faster heart, narrower pulse pressure, then lower pressure);
/// opioids after Dahan, Aarts and Smith (Anesthesiology 2010), where the breathing rate falls first and the saturation late; tachycardia as atrial fibrillation with a fast ventricular response,
/// in which some beats do not reach the wrist. What counts as deranged follows NEWS2 (Royal College of Physicians 2017), whose highest scores these heights reach.
/// </remarks>
internal readonly record struct EpisodeEffect
{
    public double HeartRate { get; init; }

    public double RespiratoryRate { get; init; }

    public double SpO2 { get; init; }

    public double MeanPressure { get; init; }

    public double PulsePressure { get; init; }

    public double Temperature { get; init; }

    public double EtCO2 { get; init; }

    /// <summary>Beat-to-beat irregularity, standard deviation per minute.</summary>
    public double Irregularity { get; init; }

    /// <summary>Beats a minute that make no pulse at the finger.</summary>
    public double PulseDeficit { get; init; }

    /// <summary>The effect of <paramref name="episode"/> at a time within it.</summary>
    public static EpisodeEffect At(EpisodeLabel episode, long timeMs)
    {
        double at = (timeMs - episode.StartMs) / (double)Math.Max(1, episode.EndMs - episode.StartMs);
        double now = episode.Severity * Height(episode.Kind, at);

        // What follows with a delay: its height rises with the square of what it follows.
        double later = now * Height(episode.Kind, at);
        return episode.Kind switch
        {
            EpisodeKind.Sepsis => new() { HeartRate = 28 * now, RespiratoryRate = 14 * now, SpO2 = -5 * later, MeanPressure = -30 * later, PulsePressure = -6 * later, Temperature = 2.3 * now, EtCO2 = -6 * now },
            EpisodeKind.Haemorrhage => new() { HeartRate = 48 * now, RespiratoryRate = 9 * later, SpO2 = -2 * later, MeanPressure = -38 * later, PulsePressure = -20 * now, Temperature = -0.4 * later, EtCO2 = -9 * later },
            EpisodeKind.Hypoxia => new() { HeartRate = 20 * now, RespiratoryRate = 11 * now, SpO2 = -17 * now, MeanPressure = 5 * now },
            EpisodeKind.Arrhythmia when episode.Detail == EpisodeDetails.Bradycardia => new() { HeartRate = -46 * now, RespiratoryRate = 3 * now, MeanPressure = -16 * now, PulsePressure = 8 * now },
            EpisodeKind.Arrhythmia => new() { HeartRate = 78 * now, RespiratoryRate = 4 * now, MeanPressure = -14 * now, PulsePressure = -10 * now, Irregularity = 7 * now, PulseDeficit = 14 * now },
            EpisodeKind.OpioidDepression => new() { HeartRate = -9 * now, RespiratoryRate = -11.5 * now, SpO2 = -14 * later, MeanPressure = -8 * now, EtCO2 = 24 * now },
            _ => default,
        };
    }

    /// <summary>How much of its height an episode has reached at a share of its time: a rise, a plateau, and a way back.</summary>
    private static double Height(EpisodeKind kind, double at)
    {
        (double rise, double fall) = kind switch
        {
            EpisodeKind.Sepsis => (0.5, 0.15),
            EpisodeKind.Haemorrhage => (0.4, 0.25),
            EpisodeKind.Hypoxia => (0.25, 0.25),
            EpisodeKind.Arrhythmia => (0.005, 0.005),
            EpisodeKind.OpioidDepression => (0.3, 0.2),
            _ => (0.01, 0.01),
        };
        return at is < 0 or > 1 ? 0 : Smooth(Math.Min(1, at / rise)) * Smooth(Math.Min(1, (1 - at) / fall));
    }

    private static double Smooth(double x) => x * x * (3 - (2 * x));
}
