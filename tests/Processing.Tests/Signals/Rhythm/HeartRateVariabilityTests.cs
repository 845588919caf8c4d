using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

public class HeartRateVariabilityTests
{
    [Fact]
    public void Every_measure_agrees_with_numpy_and_scipy()
    {
        List<double[]> series = ReferenceValues.Rows("hrv-series.csv");
        foreach (double[] expected in ReferenceValues.Rows("hrv-expected.csv"))
        {
            NormalInterval[] intervals = [.. series.Where(row => row[0] == expected[0]).Select(row => new NormalInterval(row[1], row[2]))];
            HeartRateVariability found = HeartRateVariability.Of(intervals);
            double[] measures = [found.Intervals, found.MeanMs, found.SdnnMs, found.RmssdMs, found.Pnn50, found.LowFrequencyMs2, found.HighFrequencyMs2];
            for (int i = 0; i < measures.Length; i++)
                ReferenceValues.Close(expected[i + 1], measures[i], 1e-9, $"series {expected[0]}, measure {i}");
        }
    }

    [Fact]
    public void The_powers_of_two_sines_are_half_their_squared_amplitudes()
    {
        List<NormalInterval> intervals = [];
        for (double t = 0; t < 300;)
        {
            double rr = 800 + (30 * Math.Sin(2 * Math.PI * 0.1 * t)) + (20 * Math.Sin(2 * Math.PI * 0.25 * t));
            intervals.Add(new NormalInterval(t += rr / 1000, rr));
        }

        HeartRateVariability found = HeartRateVariability.Of(intervals.ToArray());
        Assert.InRange(found.LowFrequencyMs2, 405, 495); // 30 squared over 2 is 450.
        Assert.InRange(found.HighFrequencyMs2, 180, 220); // 20 squared over 2 is 200.
        Assert.InRange(found.LowToHigh, 2.0, 2.5);
    }

    [Fact]
    public void Differences_across_a_gap_do_not_count()
    {
        NormalInterval[] intervals = [new(1, 1000), new(2, 1000), new(2.8, 800), new(9, 1000), new(10, 1000)];
        HeartRateVariability found = HeartRateVariability.Of(intervals);
        Assert.Equal(100 / 3.0, found.Pnn50, 1e-9);
        Assert.Equal(Math.Sqrt(200 * 200 / 3.0), found.RmssdMs, 1e-9);
        Assert.True(double.IsNaN(found.LowToHigh)); // Nine seconds have no spectrum.
    }

    [Fact]
    public void Too_little_gives_NaN_and_what_is_no_series_is_refused()
    {
        Assert.True(double.IsNaN(HeartRateVariability.Of([]).MeanMs));
        Assert.True(double.IsNaN(HeartRateVariability.Of([new(1, 900)]).SdnnMs));
        Assert.Throws<ArgumentException>(() => HeartRateVariability.Of([new(2, 900), new(1, 900)]));
        Assert.Throws<ArgumentException>(() => HeartRateVariability.Of([new(2, -900)]));
        Assert.Throws<ArgumentException>(() => HeartRateVariability.Of(new NormalInterval[HeartRateVariability.MaximumIntervals + 1]));
    }
}
