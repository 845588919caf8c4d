using System.Diagnostics.Metrics;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.Runtime;

public sealed class AlarmMetricsTests
{
    // No node of another test has this shard.
    private const int Shard = 987_654;

    [Fact]
    public void Alarms_what_was_kept_back_and_the_watched_time_are_counted_with_the_commit()
    {
        var seen = new Dictionary<string, double>();
        using var listener = new MeterListener
        {
            InstrumentPublished = static (instrument, listener) =>
            {
                if (instrument.Meter.Name == RuntimeMetrics.MeterName)
                    listener.EnableMeasurementEvents(instrument);
            },
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Take(instrument, value, tags));
        listener.Start();

        RuntimeMetrics.Committed(Shard, new PreparedBatch { Alarms = new AlarmCounts(1, 2, 3, 4, 5, 6, 7, 8, 9500) });
        RuntimeMetrics.Committed(Shard, new PreparedBatch { Alarms = new AlarmCounts(10, 0, 0, 0, 0, 0, 0, 0, 500) });

        Assert.Equal(
            new Dictionary<string, double>
            {
                ["physio.shard.alarms rule"] = 11,
                ["physio.shard.alarms score"] = 2,
                ["physio.shard.alarms rhythm"] = 3,
                ["physio.shard.alarms technical"] = 4,
                ["physio.shard.alarms model"] = 5,
                ["physio.shard.alarms.suppressed delay"] = 6,
                ["physio.shard.alarms.suppressed hysteresis"] = 7,
                ["physio.shard.alarms.suppressed corroboration"] = 8,
                ["physio.shard.watched_time "] = 10,
            },
            seen.Where(pair => pair.Key.StartsWith("physio.shard.alarms", StringComparison.Ordinal) || pair.Key.StartsWith("physio.shard.watched", StringComparison.Ordinal)).ToDictionary());

        void Take(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
        {
            string label = "";
            bool ours = false;
            foreach (KeyValuePair<string, object?> tag in tags)
            {
                if (tag.Key == "physio.shard")
                    ours = tag.Value is Shard;
                else
                    label = (string)tag.Value!;
            }

            string name = $"{instrument.Name} {label}";
            if (ours)
                seen[name] = seen.GetValueOrDefault(name) + value;
        }
    }
}
