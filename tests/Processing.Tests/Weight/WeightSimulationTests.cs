using PhysioActors.Processing.Weight;
using Xunit.Abstractions;

namespace PhysioActors.Processing.Tests.Weight;

/// <summary>People who are exactly as a model with known noise says: the service, with gate and learning on, against the optimal filter of that model.</summary>
public sealed class WeightSimulationTests(ITestOutputHelper output)
{
    private const int Seeds = 40;
    private const int Weighings = 300;

    [Theory]
    [InlineData(0.2, 1e-5, 0.45)]
    [InlineData(0.05, 1e-5, 0.3)]
    [InlineData(0.02, 0, 0.6)]
    public void With_known_noise_the_error_is_within_5_percent_of_the_optimum_and_95_percent_intervals_hold_93_to_97_percent(double levelVariance, double trendVariance, double deviation)
    {
        WeightConfiguration known = WeightConfiguration.Standard with { LevelVariancePerDay = levelVariance, TrendVariancePerDay = trendVariance, PatientScaleDeviation = deviation };
        WeightConfiguration optimal = known with { Gate = double.PositiveInfinity, LearnsPace = false, ScaleRate = 0, ReferenceKilograms = 0 };
        (double errors, double optimalErrors, long inside, long predicted) = (0, 0, 0, 0);
        for (int seed = 0; seed < Seeds; seed++)
        {
            Scale scale = new(known);
            Scale best = new(optimal);
            foreach ((double day, double kilograms) in SimulatedWeight.Series(seed, Weighings, levelVariance, trendVariance, deviation))
            {
                WeightResult result = scale.Weigh(day, kilograms);
                WeightResult optimum = best.Weigh(day, kilograms);
                if (result.PredictionError is not { } error || optimum.PredictionError is not { } least)
                    continue;
                errors += error * error;
                optimalErrors += least * least;
                inside += Math.Abs(error) <= WeightEstimate.Normal975 * result.PredictionDeviation!.Value ? 1 : 0;
                predicted++;
            }
        }

        output.WriteLine($"error {Math.Sqrt(errors / optimalErrors):0.0000} of the optimum, {(double)inside / predicted:0.0000} inside, {predicted} predictions");
        Assert.InRange(Math.Sqrt(errors / optimalErrors), 0.99, 1.05);
        Assert.InRange((double)inside / predicted, 0.93, 0.97);
        Assert.True(predicted > Seeds * (Weighings - 10));
    }

    [Theory]
    [InlineData(3.4)]
    [InlineData(25)]
    [InlineData(140)]
    public void Noise_grows_with_the_person_so_that_nobody_is_too_small_or_too_large(double level)
    {
        // A person of another size is the same series in other units.
        double size = level / 80;
        (long inside, long accepted, long predicted) = (0, 0, 0);
        for (int seed = 0; seed < 20; seed++)
        {
            Scale scale = new();
            foreach ((double day, double kilograms) in SimulatedWeight.Series(seed, 200, 0.23, 2e-5, 0.3))
            {
                WeightResult result = scale.Weigh(day, kilograms * size);
                if (result.PredictionError is not { } error)
                    continue;
                predicted++;
                accepted += result.Accepted ? 1 : 0;
                inside += Math.Abs(error) <= WeightEstimate.Normal975 * result.PredictionDeviation!.Value ? 1 : 0;
            }
        }

        Assert.InRange((double)inside / predicted, 0.93, 0.97);
        Assert.True(accepted > 0.98 * predicted, $"{accepted} of {predicted}");
    }

    [Fact]
    public void A_livelier_person_is_followed_faster_without_being_told_so()
    {
        (double learning, double fixedErrors) = (0, 0);
        for (int seed = 0; seed < 10; seed++)
        {
            Scale learns = new();
            Scale stays = new(WeightConfiguration.Standard with { LearnsPace = false, ScaleRate = 0 });
            foreach ((double day, double kilograms) in SimulatedWeight.Series(seed, 300, 0.01, 0, 0.6))
            {
                double? error = learns.Weigh(day, kilograms).PredictionError;
                double? other = stays.Weigh(day, kilograms).PredictionError;
                learning += error * error ?? 0;
                fixedErrors += other * other ?? 0;
            }
        }

        Assert.True(learning < 0.95 * fixedErrors, $"{learning} against {fixedErrors}");
    }
}
