namespace PhysioActors.Ingest.Simulation;

/// <summary>Who a simulated patient is: what is usual for this person, and which sensors are attached.</summary>
/// <remarks>
/// Adults of 25 to 90 years. Mean values and spreads are those of ward patients at rest (NEWS2 scores 0 around them). Pulse pressure widens with age (Franklin et al., Circulation 1997);
/// with chronic lung disease the target saturation is 88 to 92 % (British Thoracic Society 2017) and carbon dioxide is higher; a beta blocker lowers the heart rate and its response.
/// </remarks>
internal sealed record PatientProfile
{
    public int Age { get; init; }

    public double HeartRate { get; init; }

    public double RespiratoryRate { get; init; }

    public double SpO2 { get; init; }

    public double MeanPressure { get; init; }

    public double PulsePressure { get; init; }

    public double Temperature { get; init; }

    public double EtCO2 { get; init; }

    /// <summary>What part of a usual rise of the heart rate this patient shows.</summary>
    public double HeartRateResponse { get; init; }

    public bool HasArterialLine { get; init; }

    public bool HasCapnography { get; init; }

    public static PatientProfile Draw(ref SimulationRandom random)
    {
        int age = 25 + random.Below(66);
        bool lungDisease = random.Chance(0.12);
        bool hypertension = random.Chance(age > 60 ? 0.5 : 0.15);
        bool betaBlocker = random.Chance(hypertension ? 0.4 : 0.1);
        return new PatientProfile
        {
            Age = age,
            HeartRate = Math.Clamp(80 + (8 * random.Bell()) - (betaBlocker ? 12 : 0), 56, 100),
            RespiratoryRate = Math.Clamp(16 + (1.8 * random.Bell()) + (lungDisease ? 2 : 0), 12, 21),
            SpO2 = lungDisease ? random.Uniform(92, 94) : Math.Clamp(97.2 + (0.9 * random.Bell()), 95, 99),
            MeanPressure = Math.Clamp(86 + (6 * random.Bell()) + (hypertension ? 10 : 0), 79, 110),
            PulsePressure = Math.Clamp(40 + (0.35 * (age - 40)) + (5 * random.Bell()), 36, 70),
            Temperature = 36.8 + (0.2 * random.Bell()),
            EtCO2 = 37 + (2 * random.Bell()) + (lungDisease ? 7 : 0),
            HeartRateResponse = betaBlocker ? 0.65 : 1,
            HasArterialLine = random.Chance(0.4),
            HasCapnography = random.Chance(0.35),
        };
    }
}
