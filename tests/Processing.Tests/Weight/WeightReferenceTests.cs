using PhysioActors.Processing.Tests.Signals;
using PhysioActors.Processing.Weight;

namespace PhysioActors.Processing.Tests.Weight;

public sealed class WeightReferenceTests
{
    [Fact]
    public void In_the_linear_case_every_weighing_gives_what_statsmodels_computes()
    {
        Scale scale = new(WeightConfiguration.Linear);
        List<double[]> rows = ReferenceValues.Rows("weight-trend.csv");
        for (int i = 0; i < rows.Count; i++)
        {
            double[] row = rows[i];
            WeightResult result = scale.Take(new WeightMeasurement((long)row[0], row[1], (WeightSource)(int)row[2]));
            string where = $"weighing {i}";
            Assert.Equal(i < 2, result.NeedsInitialisation);
            if (i < 2)
                continue;
            WeightEstimate estimate = result.Estimate!.Value;
            ReferenceValues.Close(row[3], estimate.Kilograms, 1e-9, where);
            ReferenceValues.Close(7 * row[4], estimate.TrendPerWeek, 1e-9, where);
            ReferenceValues.Close(Math.Sqrt(row[5]), estimate.Deviation, 1e-9, where);
            ReferenceValues.Close(7 * Math.Sqrt(row[7]), estimate.TrendDeviation, 1e-9, where);
            if (i < 3)
                continue;
            ReferenceValues.Close(row[8], result.PredictionError!.Value, 1e-9, where);
            ReferenceValues.Close(Math.Sqrt(row[9]), result.PredictionDeviation!.Value, 1e-9, where);
        }

        Assert.Equal(400, rows.Count);
    }

    [Fact]
    public void A_filter_step_has_the_covariance_that_statsmodels_computes()
    {
        List<double[]> rows = ReferenceValues.Rows("weight-trend.csv");
        for (int i = 1; i < rows.Count; i++)
        {
            (double[] before, double[] row) = (rows[i - 1], rows[i]);
            double noise = WeightConfiguration.Linear.MeasurementVariance((WeightSource)(int)row[2]);
            LocalTrendFilter step = new LocalTrendFilter(before[3], before[4], before[5], before[6], before[7]).Predict((row[0] - before[0]) / Scale.DayMs, 0.23, 2e-5).Update(row[1], noise);
            ReferenceValues.Close(row[5], step.LevelVariance, 1e-9, $"weighing {i}");
            ReferenceValues.Close(row[6], step.Covariance, 1e-9, $"weighing {i}");
            ReferenceValues.Close(row[7], step.TrendVariance, 1e-9, $"weighing {i}");
        }
    }

    [Fact]
    public void Predicting_in_many_small_steps_is_predicting_once()
    {
        LocalTrendFilter start = new(80, 0.1, 0.2, 0.01, 0.002);
        LocalTrendFilter once = start.Predict(12.5, 0.2, 1e-5);
        LocalTrendFilter often = start;
        for (int i = 0; i < 50; i++)
            often = often.Predict(0.25, 0.2, 1e-5);
        ReferenceValues.Close(once.Level, often.Level, 1e-12, "level");
        ReferenceValues.Close(once.LevelVariance, often.LevelVariance, 1e-12, "level variance");
        ReferenceValues.Close(once.Covariance, often.Covariance, 1e-12, "covariance");
        ReferenceValues.Close(once.TrendVariance, often.TrendVariance, 1e-12, "trend variance");
    }
}
