namespace PhysioActors.Ingest.Simulation.Waveforms;

/// <summary>A wave of the heart's beat.</summary>
/// <param name="At">When its height is, seconds after that of the R wave.</param>
/// <param name="Deviation">Its standard deviation, seconds.</param>
/// <param name="Height">Its height, mV.</param>
internal readonly record struct BeatWave(double At, double Deviation, double Height);

/// <summary>
/// What a simulated patient's beats look like in lead II: P, Q, R, S and T as bell curves, after the model of McSharry, Clifford, Tarassenko and Smith (IEEE Trans Biomed Eng 2003;50:289-294).
/// Heights and times are drawn around the usual ones of adults; one patient in ten has a broad QRS with the T wave against it, as in a bundle branch block.
/// </summary>
internal sealed record HeartMorphology(BeatWave P, BeatWave Q, BeatWave R, BeatWave S, BeatWave EarlyT, BeatWave LateT, double RespiratoryArrhythmia)
{
    public static HeartMorphology Draw(PatientProfile profile, ref SimulationRandom random)
    {
        double breadth = random.Chance(0.1) ? 1.7 : random.Uniform(0.9, 1.1);
        double voltage = random.Uniform(0.7, 1.3);
        double conduction = random.Uniform(0.13, 0.2);
        double repolarisation = random.Uniform(0.25, 0.3);
        double t = random.Uniform(0.15, 0.4) * (breadth > 1.5 ? -0.8 : 1);
        return new HeartMorphology(
            new BeatWave(-conduction, random.Uniform(0.018, 0.024), random.Uniform(0.08, 0.17) * voltage),
            new BeatWave(-0.026 * breadth, 0.008 * breadth, -random.Uniform(0.03, 0.15) * voltage),
            new BeatWave(0, 0.0105 * breadth, random.Uniform(0.9, 1.5) * voltage),
            new BeatWave(0.028 * breadth, 0.009 * breadth, -random.Uniform(0.08, 0.35) * voltage),
            new BeatWave(repolarisation - 0.03, 0.042, t * 0.7 * voltage),
            new BeatWave(repolarisation + 0.02, 0.028, t * 0.6 * voltage),

            // The breathing moves the heart rate less with age.
            0.01 + (0.0007 * Math.Max(0, 75 - profile.Age)));
    }
}
