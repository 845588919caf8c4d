using PhysioActors.Ingest.Runs;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Tests.Producing;

public sealed class ObservationPumpTests
{
    private static readonly DateTimeOffset _noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData(1)]
    [InlineData(10)]
    [InlineData(0.5)]
    public async Task Event_time_passes_at_the_wished_multiple_of_real_time(double speed)
    {
        LeapingTime time = new(_noon);
        CollectingSink sink = new(time);
        Assert.True(await Pump(sink, time, speed, null).RunAsync(Observations(50, 1_000), CancellationToken.None));
        Assert.Equal(50, sink.Taken.Count);
        foreach ((Seen observation, DateTimeOffset at) in sink.Taken)
        {
            double dueMs = observation.TimeMs / speed;
            Assert.InRange((at - _noon).TotalMilliseconds, dueMs - 1, dueMs + 1);
        }

        Assert.True(sink.WasFlushed);
    }

    [Fact]
    public async Task Without_a_speed_nothing_waits()
    {
        LeapingTime time = new(_noon);
        CollectingSink sink = new(time);
        await Pump(sink, time, null, null).RunAsync(Observations(1_000, 60_000), CancellationToken.None);
        Assert.Equal(_noon, time.GetUtcNow());
        Assert.Equal(1_000, sink.Taken.Count);
    }

    [Fact]
    public async Task A_run_that_fell_behind_catches_up()
    {
        LeapingTime time = new(_noon);
        CollectingSink sink = new(time) { OnTaken = count => time.Advance(count == 5 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero) };
        await Pump(sink, time, 1, null).RunAsync(Observations(50, 1_000), CancellationToken.None);
        Assert.InRange((time.GetUtcNow() - _noon).TotalSeconds, 48.9, 49.1);
    }

    [Fact]
    public async Task Progress_tells_rate_fraction_and_event_time_and_ends_at_one()
    {
        LeapingTime time = new(_noon);
        CollectingSink sink = new(time);
        CollectingProgress<IngestProgress> progress = new();
        await Pump(sink, time, 1, progress).RunAsync(Observations(60, 1_000), CancellationToken.None);
        Assert.True(progress.Reports.Count > 20);
        Assert.Equal(progress.Reports.Select(r => r.Sent).Order(), progress.Reports.Select(r => r.Sent));
        Assert.Equal(1, progress.Reports[^1].Fraction);
        Assert.Equal(59_000, progress.Reports[^1].EventTime.ToUnixTimeMilliseconds());
        Assert.InRange(progress.Reports.Average(r => r.RatePerSecond), 0.5, 2);
    }

    [Fact]
    public async Task Cancelling_stops_sending_flushes_and_says_that_the_run_was_not_completed()
    {
        LeapingTime time = new(_noon);
        using CancellationTokenSource cancel = new();
        CollectingSink sink = new(time) { OnTaken = count => CancelAt(count, cancel) };
        ObservationPump pump = Pump(sink, time, 1, null);
        Assert.False(await pump.RunAsync(Observations(50, 1_000), cancel.Token));
        Assert.Equal(7, sink.Taken.Count);
        Assert.True(sink.WasFlushed);
        ProducedSummary summary = pump.Summarise("run", false, 1, TimeSpan.FromSeconds(1), []);
        Assert.Equal((7, 7, false), (summary.Sent, summary.Acknowledged, summary.Completed));
        Assert.Equal(6_000, summary.LastEventTime!.Value.ToUnixTimeMilliseconds());
    }

    private static void CancelAt(int count, CancellationTokenSource cancel)
    {
        if (count == 7)
            cancel.Cancel();
    }

    private static ObservationPump Pump(CollectingSink sink, TimeProvider time, double? speed, IProgress<IngestProgress>? progress) =>
        new(sink, new PumpOptions(speed, (_, timeMs) => timeMs / 59_000.0), progress, time);

    private static IEnumerable<ObservationDraft> Observations(int count, int stepMs)
    {
        ObservationDraft draft = new() { Patient = "t:a" };
        for (int i = 0; i < count; i++)
        {
            draft.TimeMs = (long)i * stepMs;
            draft.Sequence = i;
            yield return draft;
        }
    }
}
