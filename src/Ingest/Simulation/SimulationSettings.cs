namespace PhysioActors.Ingest.Simulation;

/// <summary>What happens on a simulated ward.</summary>
public sealed record SimulationSettings
{
    /// <summary>Episodes of a patient in a day, on average. Real wards see fewer; with one, a day of 20 patients shows every kind.</summary>
    public double EpisodesPerPatientDay { get; init; } = 1;

    /// <summary>How long there is no episode at first, so that filters, windows and thresholds see the patient's usual state.</summary>
    public TimeSpan QuietPeriod { get; init; } = TimeSpan.FromHours(1);

    /// <summary>
    /// How many times faster episodes come and pass: durations, pauses and the quiet period are divided by it. 1 is a real day;
    /// 60 brings a sepsis of hours into minutes, for a demonstration.
    /// </summary>
    public double Acceleration { get; init; } = 1;

    /// <summary>Whether sensors have artefacts (movement, line flushes, failed cuff readings) and dropouts.</summary>
    public bool Artefacts { get; init; } = true;

    /// <summary>Whether there is an ECG: lead II at 250 Hz, in each observation the samples since the last.</summary>
    public bool Ecg { get; init; }

    /// <summary>Whether there is a plethysmogram at 125 Hz, as the ECG.</summary>
    public bool Pleth { get; init; }

    /// <summary>Whether there is any waveform.</summary>
    internal bool HasWaveforms => Ecg || Pleth;

    /// <summary>Nothing but usual days: no episodes, no artefacts, no dropouts. To train a model on.</summary>
    public static SimulationSettings Normal { get; } = new() { EpisodesPerPatientDay = 0, Artefacts = false };

    /// <summary>
    /// A demonstration of some minutes, at real-time speed: a ward far too busy to be true. The first episodes begin after half a minute, and of 20 patients several are always in one,
    /// slowed down enough that onset delays and hysteresis are seen at work.
    /// </summary>
    public static SimulationSettings Demonstration { get; } = new() { EpisodesPerPatientDay = 24, QuietPeriod = TimeSpan.FromMinutes(6), Acceleration = 12 };

    /// <exception cref="ArgumentOutOfRangeException">A setting is out of its range; the message says which.</exception>
    internal void Validate()
    {
        if (EpisodesPerPatientDay is not (>= 0 and <= 48))
            throw new ArgumentOutOfRangeException(nameof(EpisodesPerPatientDay), EpisodesPerPatientDay, "Episodes of a patient in a day are 0 to 48.");
        if (QuietPeriod < TimeSpan.Zero)
            throw new ArgumentOutOfRangeException(nameof(QuietPeriod), QuietPeriod, "The quiet period is not negative.");
        if (Acceleration is not (>= 1 and <= 1_000))
            throw new ArgumentOutOfRangeException(nameof(Acceleration), Acceleration, "The acceleration of episodes is 1 to 1000.");
    }
}
