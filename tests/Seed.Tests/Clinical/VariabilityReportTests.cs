using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Tests.Clinical;

public sealed class VariabilityReportTests
{
    [Fact]
    public void Only_intervals_between_normal_beats_that_follow_each_other_count()
    {
        FoundBeat[] beats =
        [
            Beat(0), Beat(800), Beat(1650), Beat(2200, BeatClass.Ventricular), Beat(3400), Beat(4200), Beat(4900, BeatClass.Other), Beat(5800),
            // The ECG was away.
            Beat(65_000), Beat(65_900),
        ];
        Assert.Equal([(0.8, 800.0), (1.65, 850.0), (4.2, 800.0), (65.9, 900.0)], JournaledBeats.NormalIntervals(beats).Select(interval => (interval.EndSeconds, interval.Milliseconds)));
        VariabilityReport report = VariabilityReport.Of("ward:1", beats);
        Assert.Equal((10, 4, 837.5), (report.Beats, report.NormalIntervals, report.MeanMs));
        // One pair of intervals in a row: 800 and 850 ms.
        Assert.Equal((50.0, 0.0), (report.RmssdMs, report.Pnn50Percent));
        Assert.Null(report.LfHf);
    }

    [Fact]
    public void Breathing_shows_in_the_high_frequencies()
    {
        var beats = new List<FoundBeat>();
        double at = 0;
        while (at < 300_000)
        {
            beats.Add(Beat((long)Math.Round(at)));
            at += 900 + (60 * Math.Sin(2 * Math.PI * 0.25 * at / 1000));
        }

        VariabilityReport report = VariabilityReport.Of("ward:1", beats);
        Assert.True(report.LfHf < 0.1, $"LF/HF is {report.LfHf}.");
        // A sine's standard deviation is its amplitude over the root of two.
        Assert.InRange(report.SdnnMs!.Value, 0.9 * 60 / Math.Sqrt(2), 1.1 * 60 / Math.Sqrt(2));
    }

    [Fact]
    public void A_single_beat_has_no_variability_and_says_so()
    {
        VariabilityReport report = VariabilityReport.Of("ward:1", [Beat(1000)]);
        Assert.Equal((1, 0, null, null), (report.Beats, report.NormalIntervals, report.MeanMs, report.SdnnMs));
    }

    private static FoundBeat Beat(long timeMs, BeatClass of = BeatClass.Normal) => new(timeMs, of, false);
}
