using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Seed.Clinical;

/// <summary>
/// Shows whether the constants are fitted to the people they were chosen on: for each person, level walk, trend walk and scatter are chosen anew from a coarse grid so that
/// the others' pooled error is least, and then used for that person.
/// </summary>
internal static class WeightLeaveOneOut
{
    private static readonly double[] s_levels = [0.05, 0.1, 0.15, 0.23, 0.35, 0.5];
    private static readonly double[] s_trends = [5e-6, 2e-5, 8e-5];
    private static readonly double[] s_deviations = [0.2, 0.25, 0.3, 0.36, 0.45];

    /// <summary>Runs all constants over all people, and picks for each person those that suit the others best.</summary>
    public static WeightLeaveOneOutReport Run(IReadOnlyList<WeightSeries> people, WeightConfiguration standard)
    {
        WeightConfiguration[] grid = [.. from level in s_levels from trend in s_trends from deviation in s_deviations select With(standard, level, trend, deviation)];
        WeightEvaluation[][] found = Array.ConvertAll(grid, configuration => people.Select(series => Evaluate(series, configuration)).ToArray());
        var pooled = new WeightEvaluation();
        var leftOut = new List<WeightLeftOutReport>();
        for (int i = 0; i < people.Count; i++)
        {
            int best = Enumerable.Range(0, grid.Length).MinBy(g => found[g].Where((_, person) => person != i).Sum(evaluation => evaluation.SquaredErrors));
            WeightEvaluation own = found[best][i];
            if (own.IsEmpty)
                continue;
            pooled.Add(own);
            WeightPersonReport report = own.Report(people[i].Person);
            leftOut.Add(new WeightLeftOutReport(people[i].Person, grid[best].LevelVariancePerDay, grid[best].TrendVariancePerDay, grid[best].PatientScaleDeviation, report.Filter!, report.Last!));
        }

        WeightPersonReport all = pooled.Report("pooled");
        return new WeightLeaveOneOutReport(all.BelowLast ?? 0, all.BelowLastAbsolute ?? 0, leftOut);
    }

    private static WeightEvaluation Evaluate(WeightSeries series, WeightConfiguration configuration)
    {
        var evaluation = new WeightEvaluation();
        evaluation.Add(series, configuration);
        return evaluation;
    }

    /// <summary>The other sources keep their proportion to the patient's own scale.</summary>
    private static WeightConfiguration With(WeightConfiguration standard, double level, double trend, double deviation)
    {
        double share = deviation / standard.PatientScaleDeviation;
        return standard with
        {
            LevelVariancePerDay = level,
            TrendVariancePerDay = trend,
            CareTeamDeviation = standard.CareTeamDeviation * share,
            ClinicScaleDeviation = standard.ClinicScaleDeviation * share,
            PatientScaleDeviation = deviation,
            ManualDeviation = standard.ManualDeviation * share,
        };
    }
}
