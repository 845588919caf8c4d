namespace PhysioActors.Seed.Clinical;

/// <summary>Beats of a case by what they are and what was said of them.</summary>
internal sealed record FibrillationTally(string Case, long TruePositives, long TrueNegatives, long FalsePositives, long FalseNegatives, long Unsaid, IReadOnlyDictionary<string, long> FalseByLabel);

/// <summary>How well atrial fibrillation is recognised over cases.</summary>
internal sealed record FibrillationSummary(int Cases, long Beats, long TruePositives, long TrueNegatives, long FalsePositives, long FalseNegatives, long Unsaid, Proportion Sensitivity, Proportion Specificity, Proportion PositivePredictivity, SortedDictionary<string, long> FalseByLabel)
{
    private const int Draws = 2000;
    private const int Seed = 20111;

    /// <summary>Sums cases up.</summary>
    public static FibrillationSummary Of(IReadOnlyList<FibrillationTally> cases)
    {
        long tp = cases.Sum(c => c.TruePositives), tn = cases.Sum(c => c.TrueNegatives), fp = cases.Sum(c => c.FalsePositives), fn = cases.Sum(c => c.FalseNegatives);
        var labels = new SortedDictionary<string, long>(StringComparer.Ordinal);
        foreach ((string label, long count) in cases.SelectMany(c => c.FalseByLabel))
            labels[label] = labels.GetValueOrDefault(label) + count;

        double[][] drawn = [new double[Draws], new double[Draws], new double[Draws]];
        var random = new Random(Seed);
        for (int draw = 0; draw < Draws; draw++)
        {
            long a = 0, b = 0, c = 0, d = 0;
            for (int i = 0; i < cases.Count; i++)
            {
                FibrillationTally one = cases[random.Next(cases.Count)];
                (a, b, c, d) = (a + one.TruePositives, b + one.TrueNegatives, c + one.FalsePositives, d + one.FalseNegatives);
            }

            (drawn[0][draw], drawn[1][draw], drawn[2][draw]) = (Share(a, a + d), Share(b, b + c), Share(a, a + c));
        }

        return new FibrillationSummary(cases.Count, tp + tn + fp + fn, tp, tn, fp, fn, cases.Sum(c => c.Unsaid), Of(tp, tp + fn, drawn[0]), Of(tn, tn + fp, drawn[1]), Of(tp, tp + fp, drawn[2]), labels);
    }

    private static Proportion Of(long hits, long trials, double[] drawn)
    {
        double[] known = [.. drawn.Where(double.IsFinite).Order()];
        double[] byCase = known.Length == 0 ? [0, 1] : [Proportion.Round(known[(int)(0.025 * known.Length)]), Proportion.Round(known[(int)(0.975 * known.Length)])];
        return new Proportion(trials > 0 ? Proportion.Round((double)hits / trials) : 0, Proportion.WilsonOf(hits, trials), byCase);
    }

    private static double Share(long hits, long trials) => trials > 0 ? (double)hits / trials : double.NaN;
}
