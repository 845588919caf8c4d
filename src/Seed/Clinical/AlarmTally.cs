namespace PhysioActors.Seed.Clinical;

/// <summary>How often alarms were called what they are.</summary>
/// <param name="TruePositives">True alarms called true.</param>
/// <param name="TrueNegatives">False alarms called false.</param>
/// <param name="FalsePositives">False alarms called true.</param>
/// <param name="FalseNegatives">True alarms called false.</param>
internal sealed record AlarmTally(int TruePositives, int TrueNegatives, int FalsePositives, int FalseNegatives)
{
    /// <summary>(TP + TN) / (TP + TN + FP + 5 FN) in percent, the rule of the PhysioNet/CinC Challenge 2015 (Clifford 2015).</summary>
    public double Score => Math.Round(100.0 * (TruePositives + TrueNegatives) / Math.Max(1, TruePositives + TrueNegatives + FalsePositives + (5 * FalseNegatives)), 2);

    /// <summary>Counts outcomes.</summary>
    public static AlarmTally Of(IEnumerable<AlarmOutcome> outcomes)
    {
        int[] counts = new int[4];
        foreach (AlarmOutcome outcome in outcomes)
            counts[(outcome.Record.IsTrue ? 2 : 0) + (outcome.IsCalledTrue ? 1 : 0)]++;
        return new AlarmTally(counts[3], counts[0], counts[1], counts[2]);
    }
}
