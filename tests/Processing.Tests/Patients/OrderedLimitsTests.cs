using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Tests.Signals.Waveforms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Patients;

/// <summary>Limits that change hold from the order on, and not from the next value.</summary>
public sealed class OrderedLimitsTests
{
    [Fact]
    public void A_value_that_is_there_is_held_against_limits_that_change()
    {
        var bed = new Bedside();
        Rates(bed, 0, 20, 110);
        Assert.Null(Limits(bed, 19_500, low: 50, high: 100));
        bed.Tick(29_499);
        Assert.Empty(bed.Anomalies);
        bed.Tick(29_500);
        AnomalyMessage raised = Assert.Single(bed.Anomalies);
        Assert.Equal(("hr-high", 100.0, LimitOrigin.Order, 29_500), (raised.Rule, raised.Threshold, raised.LimitOrigin, raised.EventTimeMs - Bedside.Start));
        Assert.Null(Limits(bed, 30_000, low: 50, high: 130));
        bed.Tick(40_000);
        Assert.Equal((AnomalyState.Cleared, AnomalyReason.Over, 40_000), (bed.Anomalies[^1].State, bed.Anomalies[^1].Reason, bed.Anomalies[^1].EventTimeMs - Bedside.Start));
    }

    [Fact]
    public void An_open_alarm_tells_the_new_limit_at_once()
    {
        var bed = new Bedside();
        Rates(bed, 0, 15, 130);
        Assert.Null(Limits(bed, 14_500, low: 50, high: 115));
        AnomalyMessage told = bed.Anomalies[^1];
        Assert.Equal((AnomalyChange.Evidence, 115.0, LimitOrigin.Order), (told.Change, told.Threshold, told.LimitOrigin));
    }

    [Theory]
    [InlineData(30_000, true)]
    [InlineData(49_000, true)]
    [InlineData(49_001, false)]
    [InlineData(900_000, false)]
    public void A_value_that_came_regularly_counts_until_its_signal_is_lost(int atMs, bool counts)
    {
        var bed = new Bedside();
        Rates(bed, 0, 20, 110);
        Assert.Null(Limits(bed, atMs, low: 50, high: 100));
        Assert.Equal(counts, bed.State.Alarms.Find(ConditionId.HeartRateHigh) is not null);
    }

    [Theory]
    [InlineData(590_000, true)]
    [InlineData(600_001, false)]
    public void A_spot_check_counts_for_ten_minutes(int atMs, bool counts)
    {
        var bed = new Bedside();
        bed.HeartRate(0, 110);
        Assert.Null(Limits(bed, atMs, low: 50, high: 100));
        Assert.Equal(counts, bed.State.Alarms.Find(ConditionId.HeartRateHigh) is not null);
        bed.Tick(atMs + 10_000);
        Assert.Equal(counts, bed.Anomalies.Exists(told => told is { Rule: "hr-high", State: AnomalyState.Raised }));
    }

    [Fact]
    public void A_sensor_that_is_off_shows_no_value_to_judge()
    {
        var bed = new Bedside();
        Rates(bed, 0, 20, 110);
        bed.Send(20_000, [(SignalCode.HeartRate, 0)], quality: ReadingQuality.SensorOff);
        Assert.Null(Limits(bed, 20_500, low: 50, high: 100));
        Assert.Null(bed.State.Alarms.Find(ConditionId.HeartRateHigh));
    }

    [Fact]
    public void An_age_that_is_told_brings_its_limits_at_once()
    {
        var bed = new Bedside();
        Rates(bed, 0, 20, 130);
        Assert.Equal("hr-high", Assert.Single(bed.Anomalies).Rule);
        Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetDemographics, "", "nurse", null, Bedside.Start + 20_000) { AgeClass = AgeClass.Infant }, 20_000));
        bed.Tick(30_000);
        Assert.Equal(AnomalyState.Cleared, bed.Anomalies[^1].State);
    }

    [Theory]
    [InlineData(1, 0)]
    [InlineData(1, 1)]
    [InlineData(5, 0)]
    [InlineData(5, 5)]
    public void A_delay_that_an_order_begins_on_the_ECG_goes_on_however_long_the_chunks_are_and_wherever_their_message_is_dated(int chunkSeconds, int headerSeconds)
    {
        var bed = new Bedside();
        WaveformChunk[] chunks = [.. PlayedHeart.Regular(60).Cut(() => PlayedHeart.EcgHz * chunkSeconds)];
        long suppressed = 0;
        for (int t = 500; t <= 60_000; t += 500)
        {
            if (t == 22_500)
            {
                suppressed = bed.State.Alarms.Counters.SuppressedByDelay;
                Assert.Null(bed.Command(new(Bedside.Patient, CommandKind.SetLimits, "", "doctor", null, Bedside.Start + t) { Signal = SignalCode.HeartRate, Low = 50, High = 70 }, t));
            }

            bed.Tick(t);
            int fromMs = t - (chunkSeconds * 1000);
            if (t % (chunkSeconds * 1000) == 0)
                bed.Send(fromMs + (headerSeconds * 1000), t, [chunks[fromMs / (chunkSeconds * 1000)]]);
        }

        AnomalyMessage raised = Assert.Single(bed.Anomalies, told => told is { Rule: "hr-high", State: AnomalyState.Raised });
        // Ten seconds of ECG since the last look at it, and no later than ten seconds after the order.
        Assert.InRange(raised.DetectedAtMs - Bedside.Start, 30_000, 32_500);
        Assert.Equal(suppressed, bed.State.Alarms.Counters.SuppressedByDelay);
    }

    [Fact]
    public void Without_a_told_rate_that_of_the_ECG_is_judged()
    {
        var bed = new Bedside();
        foreach (WaveformChunk chunk in PlayedHeart.Regular(20).Seconds())
            bed.Send(chunk.TimeMs - Bedside.Start, chunk);
        Assert.Null(Limits(bed, 19_500, low: 50, high: 70));
        bed.Tick(29_500);
        Assert.Equal(75, Assert.Single(bed.Anomalies, told => told is { Rule: "hr-high", State: AnomalyState.Raised }).Contributors[0].Value, 1.0);
    }

    private static void Rates(Bedside bed, int fromSeconds, int toSeconds, double rate)
    {
        for (int s = fromSeconds; s < toSeconds; s++)
            bed.HeartRate(s * 1000, rate);
    }

    private static Refusal? Limits(Bedside bed, long atMs, double low, double high) =>
        bed.Command(new(Bedside.Patient, CommandKind.SetLimits, "", "doctor", null, Bedside.Start + atMs) { Signal = SignalCode.HeartRate, Low = low, High = high }, atMs);
}
