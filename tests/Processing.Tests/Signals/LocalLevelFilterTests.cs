using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals;

public sealed class LocalLevelFilterTests
{
    private const int Second = 1000;
    private static readonly FilterParameters HeartRate = FilterTable.For(SignalCode.HeartRate, ReadingSource.Monitor, ReadingQuality.Ok);

    [Theory]
    [InlineData("kalman-nile.csv", 15099, 1469.1)]
    [InlineData("kalman-walk.csv", 4, 0.25)]
    public void A_step_is_what_statsmodels_computes(string file, double measurement, double process)
    {
        double level = 0;
        double variance = 1e7;
        double walked = 0; // The first reading is predicted with the variance given.
        int at = 0;
        foreach (double[] row in ReferenceValues.Rows(file))
        {
            KalmanStep step = KalmanStep.From(level, variance, walked, measurement, row[0]);
            string where = $"{file}, reading {at++}";
            ReferenceValues.Close(row[1], step.Level, 1e-9, where);
            ReferenceValues.Close(row[2], step.Variance, 1e-9, where);
            ReferenceValues.Close(row[3], step.Innovation, 1e-9, where);
            ReferenceValues.Close(row[4], step.InnovationVariance, 1e-9, where);
            (level, variance, walked) = (step.Level, step.Variance, process);
        }

        Assert.True(at >= 100);
    }

    [Fact]
    public void The_likelihood_of_the_Nile_peaks_where_the_textbook_says()
    {
        double[] fit = ReferenceValues.Rows("kalman-nile-fit.csv")[0];
        double[] nile = [.. ReferenceValues.Rows("kalman-nile.csv").Select(row => row[0])];
        ReferenceValues.Close(fit[2], LogLikelihood(nile, fit[0], fit[1]), 1e-9, "likelihood at statsmodels' maximum");
        double peak = LogLikelihood(nile, 15099, 1469.1);
        foreach ((double r, double q) in new[] { (1.02, 1.0), (0.98, 1.0), (1.0, 1.05), (1.0, 0.95), (1.02, 0.95), (0.98, 1.05) })
            Assert.True(LogLikelihood(nile, 15099 * r, 1469.1 * q) < peak, $"variances times {r} and {q} are likelier");
    }

    [Fact]
    public void The_filter_of_a_patient_takes_the_same_step()
    {
        var fixedNoise = new FilterParameters(4, 0.25, 0.25, 0.25);
        LocalLevelFilter filter = default;
        double level = 0;
        double variance = 0;
        long time = 0;
        foreach (double[] row in ReferenceValues.Rows("kalman-walk.csv"))
        {
            bool first = !filter.IsInitialised;
            filter.Apply(first ? FilterOutcome.Initialised : FilterOutcome.Accepted, time, row[0], fixedNoise, Second);
            KalmanStep step = KalmanStep.From(level, variance, 0.25, 4, row[0]);
            (level, variance) = first ? (row[0], 4) : (step.Level, step.Variance);
            Assert.Equal(level, filter.Level);
            Assert.Equal(variance, filter.Variance);
            time += Second;
        }
    }

    [Fact]
    public void A_single_artefact_is_rejected_and_leaves_the_level()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        double before = filter.Level;
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 200));
        Assert.Equal(before, filter.Level);
        Assert.True(filter.NormalisedInnovation > 3.29);
        Assert.Equal(FilterOutcome.Accepted, Take(ref filter, time + Second, 80.5));
        Assert.InRange(filter.Level, 79, 81);
    }

    [Fact]
    public void A_shift_is_accepted_with_the_third_reading_that_agrees()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 140));
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 141));
        Assert.Equal(FilterOutcome.ShiftAccepted, Take(ref filter, time += Second, 142));
        Assert.Equal(141, filter.Level);
        Assert.Equal(FilterOutcome.Accepted, Take(ref filter, time + Second, 141));
    }

    [Theory]
    [InlineData(140, 40, 141)]
    [InlineData(140, 190, 141)]
    [InlineData(120, 150, 180)]
    public void Readings_that_do_not_agree_are_no_shift(double first, double second, double third)
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, first));
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, second));
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time + Second, third));
        Assert.InRange(filter.Level, 79, 81);
    }

    [Fact]
    public void A_good_reading_between_artefacts_starts_their_count_afresh()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        for (int i = 0; i < 4; i++)
        {
            Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 200));
            Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 200));
            Assert.Equal(FilterOutcome.Accepted, Take(ref filter, time += Second, 80));
        }
    }

    [Theory]
    [InlineData(70, 100)]
    [InlineData(130, 180)]
    [InlineData(30, 220)]
    public void Readings_that_agree_with_nothing_are_rejected_for_a_while_and_no_longer(double one, double other)
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        int rejected = 0, most = 0, accepted = 0;
        for (int i = 0; i < 600; i++)
        {
            FilterOutcome outcome = Take(ref filter, time += Second, i % 2 == 0 ? one : other);
            rejected = outcome == FilterOutcome.Rejected ? rejected + 1 : 0;
            accepted += outcome == FilterOutcome.Rejected ? 0 : 1;
            most = Math.Max(most, rejected);
        }

        Assert.InRange(most, 1, LocalLevelFilter.MostRejections);
        Assert.InRange(accepted, 250, 600);
    }

    [Fact]
    public void Garbage_before_a_shift_does_not_hide_it()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        foreach (double garbage in new double[] { 250, 10, 300, 20 })
            Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, garbage));
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 130));
        Assert.Equal(FilterOutcome.Rejected, Take(ref filter, time += Second, 131));
        Assert.Equal(FilterOutcome.ShiftAccepted, Take(ref filter, time + Second, 130));
    }

    [Theory]
    [InlineData(1_000, 30_000, FilterOutcome.Rejected)]
    [InlineData(1_000, 30_001, FilterOutcome.Reinitialised)]
    [InlineData(10_000, 100_000, FilterOutcome.Rejected)]
    [InlineData(10_000, 100_001, FilterOutcome.Reinitialised)]
    [InlineData(0, 30_001, FilterOutcome.Reinitialised)]
    public void A_gap_that_is_long_against_the_interval_starts_afresh(int interval, int gap, FilterOutcome expected)
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        Assert.Equal(expected, filter.Decide(time + gap, 150, HeartRate, interval));
        filter.Apply(expected, time + gap, 150, HeartRate, interval);
        Assert.Equal(expected == FilterOutcome.Reinitialised ? 150.0 : 80.0, filter.Level, 1.0);
    }

    [Fact]
    public void Rejected_readings_are_no_gap()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        for (int i = 0; i < 40; i++)
            Assert.Equal(i % 5 < 2 ? FilterOutcome.Rejected : FilterOutcome.Accepted, Take(ref filter, time += 12 * Second, i % 5 < 2 ? 300 - (100 * (i % 5)) : 80));
    }

    [Fact]
    public void A_reading_out_of_order_is_handled_without_stepping_back_in_time()
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        double variance = filter.Variance;
        Assert.Equal(FilterOutcome.Accepted, Take(ref filter, time - 5000, 81));
        Assert.Equal(time, filter.TimeMs);
        Assert.True(filter.Variance < variance);
    }

    [Fact]
    public void The_process_variance_follows_the_patient_within_its_bounds()
    {
        var random = new Random(5);
        LocalLevelFilter still = default;
        LocalLevelFilter lively = default;
        double level = 80;
        for (int i = 0; i < 3000; i++)
        {
            Take(ref still, i * Second, 80 + Normal(random, 2));
            level += Normal(random, 1.5);
            Take(ref lively, i * Second, level + Normal(random, 2));
            Assert.InRange(still.ProcessVariance, HeartRate.MinimumProcessVariance, HeartRate.MaximumProcessVariance);
            Assert.InRange(lively.ProcessVariance, HeartRate.MinimumProcessVariance, HeartRate.MaximumProcessVariance);
        }

        Assert.True(still.ProcessVariance < HeartRate.InitialProcessVariance / 3, $"still: {still.ProcessVariance}");
        Assert.True(lively.ProcessVariance > HeartRate.InitialProcessVariance * 5, $"lively: {lively.ProcessVariance}");
    }

    [Fact]
    public void A_noisier_sensor_is_not_taken_for_a_livelier_patient()
    {
        var random = new Random(6);
        LocalLevelFilter filter = default;
        for (int i = 0; i < 3000; i++)
            Take(ref filter, i * Second, 80 + Normal(random, 2.5));
        Assert.True(filter.ProcessVariance < HeartRate.InitialProcessVariance / 3, $"{filter.ProcessVariance}");
    }

    [Theory]
    [InlineData(double.NaN)]
    [InlineData(double.PositiveInfinity)]
    [InlineData(double.NegativeInfinity)]
    public void A_value_that_is_no_number_enters_neither_judgement_nor_state(double value)
    {
        LocalLevelFilter filter = Steady(80, 60, out long time);
        LocalLevelFilter before = filter;
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.Decide(time + Second, value, HeartRate, Second));
        foreach (FilterOutcome outcome in Enum.GetValues<FilterOutcome>())
            Assert.Throws<ArgumentOutOfRangeException>(() => filter.Apply(outcome, time + Second, value, HeartRate, Second));
        Assert.Equal(before, filter);
    }

    [Fact]
    public void Any_finite_readings_leave_a_finite_state()
    {
        foreach (int seed in Enumerable.Range(0, 200))
        {
            var random = new Random(seed);
            LocalLevelFilter filter = default;
            long time = 1_700_000_000_000;
            for (int i = 0; i < 300; i++)
            {
                time += random.Next(5) == 0 ? random.Next(-10_000, 400_000) : Second;
                Take(ref filter, time, random.NextDouble() * 350, random.Next(0, 60_000));
                Assert.True(double.IsFinite(filter.Level) && filter.Variance > 0 && double.IsFinite(filter.Variance) && double.IsFinite(filter.NormalisedInnovation), $"seed {seed}");
            }
        }
    }

    [Fact]
    public void Following_journaled_outcomes_gives_the_same_bits_with_a_snapshot_anywhere()
    {
        foreach (int seed in Enumerable.Range(0, 100))
        {
            var random = new Random(seed);
            LocalLevelFilter original = default;
            LocalLevelFilter followed = default;
            long time = 1_700_000_000_000;
            for (int i = 0; i < 200; i++)
            {
                time += random.Next(20) == 0 ? 45_000 : Second;
                double value = random.Next(6) == 0 ? 200 + random.Next(3) : 80 + random.Next(5);
                FilterOutcome outcome = original.Decide(time, value, HeartRate, Second);
                original.Apply(outcome, time, value, HeartRate, Second);
                byte[] bytes = Encoded(followed);
                var reader = new PayloadReader(bytes);
                followed = LocalLevelFilter.Decode(ref reader);
                Assert.True(reader.AtEnd);
                Assert.Equal(bytes, Encoded(followed));
                followed.Apply(outcome, time, value, HeartRate, Second);
                Assert.True(original == followed, $"seed {seed}, reading {i}");
            }
        }
    }

    [Fact]
    public void A_damaged_state_is_refused()
    {
        LocalLevelFilter filter = Steady(80, 10, out _);
        byte[] bytes = Encoded(filter);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decoded(bytes[..length]));
        byte[] broken = [.. bytes];
        broken[^1] = broken[^2] = 0xFF; // The last double becomes NaN.
        Assert.Throws<InvalidDataException>(() => Decoded(broken));
    }

    [Fact]
    public void An_outcome_that_needs_a_level_is_refused_before_there_is_one()
    {
        LocalLevelFilter filter = default;
        Assert.Throws<InvalidOperationException>(() => filter.Apply(FilterOutcome.Accepted, 0, 80, HeartRate, Second));
        filter = Steady(80, 3, out long time);
        Assert.Throws<ArgumentOutOfRangeException>(() => filter.Apply((FilterOutcome)9, time, 80, HeartRate, Second));
    }

    [Fact]
    public void Every_code_source_and_usable_quality_has_constants_that_make_sense()
    {
        for (int code = 1; code < SignalCodes.Count; code++)
        {
            FilterParameters plain = FilterTable.For((SignalCode)code, ReadingSource.Unspecified, ReadingQuality.Ok);
            double resolution = SignalCodes.Get((SignalCode)code).Resolution;
            Assert.True(plain.MeasurementVariance > resolution * resolution / 12, $"{(SignalCode)code}: below the noise of rounding");
            foreach (ReadingSource source in Enum.GetValues<ReadingSource>())
            {
                FilterParameters ok = FilterTable.For((SignalCode)code, source, ReadingQuality.Ok);
                FilterParameters questionable = FilterTable.For((SignalCode)code, source, ReadingQuality.Questionable);
                Assert.Equal(4 * ok.MeasurementVariance, questionable.MeasurementVariance);
                Assert.True(ok.MeasurementVariance >= plain.MeasurementVariance);
                Assert.True(ok.MinimumProcessVariance > 0 && ok.MinimumProcessVariance <= ok.InitialProcessVariance && ok.InitialProcessVariance <= ok.MaximumProcessVariance);
            }
        }

        Assert.Throws<ArgumentOutOfRangeException>(() => FilterTable.For(SignalCode.None, ReadingSource.Monitor, ReadingQuality.Ok));
        Assert.Throws<ArgumentOutOfRangeException>(() => FilterTable.For((SignalCode)SignalCodes.Count, ReadingSource.Monitor, ReadingQuality.Ok));
        Assert.Throws<ArgumentOutOfRangeException>(() => FilterTable.For(SignalCode.HeartRate, ReadingSource.Monitor, ReadingQuality.SensorOff));
        Assert.Throws<ArgumentOutOfRangeException>(() => FilterTable.For(SignalCode.HeartRate, (ReadingSource)9, ReadingQuality.Ok));
    }

    private static FilterOutcome Take(ref LocalLevelFilter filter, long time, double value, int interval = Second)
    {
        FilterOutcome outcome = filter.Decide(time, value, HeartRate, interval);
        filter.Apply(outcome, time, value, HeartRate, interval);
        return outcome;
    }

    private static LocalLevelFilter Steady(double level, int readings, out long time)
    {
        LocalLevelFilter filter = default;
        time = 1_700_000_000_000;
        for (int i = 0; i < readings; i++)
            Take(ref filter, time += Second, level + ((i % 3) - 1));
        return filter;
    }

    private static double LogLikelihood(double[] readings, double measurement, double process)
    {
        // With nothing known before, the first reading is the level.
        double level = readings[0];
        double variance = measurement;
        double sum = 0;
        foreach (double reading in readings.Skip(1))
        {
            KalmanStep step = KalmanStep.From(level, variance, process, measurement, reading);
            sum -= 0.5 * (Math.Log(2 * Math.PI * step.InnovationVariance) + (step.Innovation * step.Innovation / step.InnovationVariance));
            (level, variance) = (step.Level, step.Variance);
        }

        return sum;
    }

    private static byte[] Encoded(in LocalLevelFilter filter)
    {
        var writer = new PayloadWriter();
        filter.Encode(writer);
        return writer.Written.ToArray();
    }

    private static LocalLevelFilter Decoded(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        return LocalLevelFilter.Decode(ref reader);
    }

    private static double Normal(Random random, double deviation) =>
        deviation * Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
}
