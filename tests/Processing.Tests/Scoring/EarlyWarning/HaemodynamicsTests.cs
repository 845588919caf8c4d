using PhysioActors.Processing.Scoring.EarlyWarning;

namespace PhysioActors.Processing.Tests.Scoring.EarlyWarning;

public sealed class HaemodynamicsTests
{
    private const long Now = 1_795_262_400_000;
    private const long Hour = 3_600_000;

    [Fact]
    public void A_measured_mean_pressure_is_preferred_while_it_is_fresh()
    {
        Assert.Equal(new(88, Now - 5, true), Haemodynamics.MeanPressure(new(88, Now - 5), new(120, Now), new(60, Now), Now, Hour));
        Assert.Equal(new(80, Now, false), Haemodynamics.MeanPressure(null, new(120, Now), new(60, Now), Now, Hour));
        Assert.Equal(new(80, Now, false), Haemodynamics.MeanPressure(new(88, Now - Hour - 1), new(120, Now), new(60, Now), Now, Hour));
    }

    [Fact]
    public void Pressures_of_two_measurements_make_no_third()
    {
        Assert.Null(Haemodynamics.MeanPressure(null, new(120, Now), new(60, Now - Haemodynamics.SameMeasurementMs - 1), Now, Hour));
        Assert.Null(Haemodynamics.PulsePressure(new(60, Now), new(120, Now), Now, Hour));
        Assert.Null(Haemodynamics.PulsePressure(new(120, Now - Hour - 1), new(60, Now - Hour - 1), Now, Hour));
        Assert.Null(Haemodynamics.PulsePressure(new(120, Now), null, Now, Hour));
        Assert.Equal(new(60, Now - 1000, false), Haemodynamics.PulsePressure(new(120, Now), new(60, Now - 1000), Now, Hour));
    }

    [Fact]
    public void The_shock_index_is_heart_rate_over_systolic_pressure()
    {
        Assert.Equal(new(1.25, Now - 60, false), Haemodynamics.ShockIndex(new(100, Now - 60), new(80, Now), Now, Hour));
        Assert.Null(Haemodynamics.ShockIndex(new(100, Now), new(0, Now), Now, Hour));
        Assert.Null(Haemodynamics.ShockIndex(new(100, Now), new(-5, Now), Now, Hour));
        Assert.Null(Haemodynamics.ShockIndex(new(100, Now - Hour - 1), new(80, Now), Now, Hour));
        Assert.Null(Haemodynamics.ShockIndex(null, new(80, Now), Now, Hour));
    }

    [Fact]
    public void Of_two_sources_the_preferred_one_counts_while_it_is_fresh()
    {
        var line = new Timed<double>(120, Now - Hour);
        var cuff = new Timed<double>(110, Now);
        Assert.Equal(line, FreshSource.Choose<double>(line, cuff, Now, Hour));
        Assert.Equal(cuff, FreshSource.Choose<double>(line, cuff, Now, Hour - 1));
        Assert.Equal(cuff, FreshSource.Choose<double>(null, cuff, Now, Hour));
        Assert.Equal(line, FreshSource.Choose<double>(line, null, Now, 0));
        Assert.Null(FreshSource.Choose<double>(null, null, Now, Hour));
        Assert.Equal(line, FreshSource.Choose<double>(line, new(110, Now - Hour - 1), Now, 0));
    }
}
