using PhysioActors.Processing.Scoring;
using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Scoring;

public sealed class FeatureVectorTests
{
    private const long Start = 1_700_000_000_000;

    [Fact]
    public void Names_and_codes_go_by_sign_and_are_unique()
    {
        Assert.Equal(FeatureVector.Count, FeatureVector.Names.Length);
        Assert.Equal(FeatureVector.Count, FeatureVector.Names.ToArray().Distinct().Count());
        Assert.Equal("hr.mean30s", FeatureVector.Names[0]);
        Assert.Equal("temp.deviation", FeatureVector.Names[23]);
        Assert.Equal("slope10m", FeatureVector.ShortNameOf(6));
        Assert.Equal(SignalCode.SpO2, FeatureVector.CodeOf(6));
        Assert.Equal(SignalCode.CoreTemperature, FeatureVector.CodeOf(20));
        Assert.Throws<ArgumentOutOfRangeException>(() => FeatureVector.CodeOf(24));
    }

    [Fact]
    public void Features_are_the_statistics_of_the_windows()
    {
        SlidingWindows?[] windows = new SlidingWindows?[SignalCodes.Count];
        SlidingWindows heart = windows[(int)SignalCode.HeartRate] = new();
        for (int i = 0; i < 600; i++)
            heart.Add(Start + (i * 1000), (ushort)(800 + (i % 7) + (i / 3)), 1000);
        float[] features = new float[FeatureVector.Count];
        Assert.Equal(4, FeatureVector.Extract(windows, features));
        heart.Read(WindowSpan.Seconds30, SignalCode.HeartRate, out WindowStatistics shortest);
        heart.Read(WindowSpan.Minutes2, SignalCode.HeartRate, out WindowStatistics middle);
        heart.Read(WindowSpan.Minutes10, SignalCode.HeartRate, out WindowStatistics longest);
        Assert.Equal([(float)shortest.Mean, (float)middle.StandardDeviation, (float)longest.SlopePerMinute, (float)(shortest.Mean - longest.Mean)], features[..4]);
        Assert.All(features[4..], feature => Assert.True(float.IsNaN(feature)));
    }

    [Fact]
    public void Too_few_samples_leave_a_feature_absent()
    {
        SlidingWindows?[] windows = new SlidingWindows?[SignalCodes.Count];
        float[] features = new float[FeatureVector.Count];
        Assert.Equal(0, FeatureVector.Extract(windows, features));
        SlidingWindows saturation = windows[(int)SignalCode.SpO2] = new();
        Assert.Equal(0, FeatureVector.Extract(windows, features));
        saturation.Add(Start, 970, 1000);
        Assert.Equal(1, FeatureVector.Extract(windows, features));
        Assert.Equal(97f, features[4]);
        saturation.Add(Start + 1000, 970, 1000);
        Assert.Equal(1, FeatureVector.Extract(windows, features));
        saturation.Add(Start + 2000, 970, 1000);
        Assert.Equal(2, FeatureVector.Extract(windows, features));
        saturation.Add(Start + 60_000, 970, 1000);
        Assert.Equal(4, FeatureVector.Extract(windows, features));
    }

    [Fact]
    public void The_second_measurement_counts_only_while_the_first_is_not_current()
    {
        SlidingWindows?[] windows = new SlidingWindows?[SignalCodes.Count];
        float[] features = new float[FeatureVector.Count];
        SlidingWindows cuff = windows[(int)SignalCode.CuffSystolic] = new();
        cuff.Add(Start, 1100, 0);
        FeatureVector.Extract(windows, features);
        Assert.Equal(110f, features[12]);
        Assert.Equal(SignalCode.CuffSystolic, FeatureVector.CodeOf(12, windows));

        SlidingWindows line = windows[(int)SignalCode.ArterialSystolic] = new();
        line.Add(Start, 1700, 0);
        FeatureVector.Extract(windows, features);
        Assert.Equal(120f, features[12], 1e-4f);
        Assert.Equal(SignalCode.ArterialSystolic, FeatureVector.CodeOf(12, windows));

        cuff.Add(Start + SlidingWindows.ReachMs, 1150, 0); // The line is 10 min behind the newest of all now.
        FeatureVector.Extract(windows, features);
        Assert.Equal(115f, features[12]);

        SlidingWindows weight = windows[(int)SignalCode.Weight] = new();
        weight.Add(Start + (3 * SlidingWindows.ReachMs), 5000, 0);
        Assert.Equal(0, FeatureVector.Extract(windows, features));
        Assert.Equal(SignalCode.None, FeatureVector.CodeOf(12, windows));
    }

    [Fact]
    public void Spans_of_the_wrong_length_are_refused()
    {
        Assert.Throws<ArgumentException>(() => FeatureVector.Extract(new SlidingWindows?[3], new float[FeatureVector.Count]));
        Assert.Throws<ArgumentException>(() => FeatureVector.Extract(new SlidingWindows?[SignalCodes.Count], new float[3]));
    }
}
