using Confluent.Kafka;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>Reads one partition of the estimates topic along and notes how long after its observation was due each estimate arrived. Only one, because reading them all costs about as much as making them.</summary>
internal sealed class EstimateWatch : IDisposable
{
    private const int Partition = 0;

    private readonly IConsumer<Ignore, Ignore> _consumer;
    private readonly MicrosecondClock _clock = new();
    private readonly List<double> _milliseconds = [];
    private readonly Thread _thread;
    private volatile bool _stopping;

    public EstimateWatch(PhysioOptions options)
    {
        var config = new ConsumerConfig(KafkaTargets.Settings(options))
        {
            GroupId = options.Cluster + "-bench",
            EnableAutoCommit = false,
            // The development broker lets an empty fetch wait its whole time. It drops what is old: those estimates are not seen.
            AutoOffsetReset = AutoOffsetReset.Latest,
            FetchWaitMaxMs = 5,
        };
        _consumer = new ConsumerBuilder<Ignore, Ignore>(config).SetLogHandler(static (_, _) => { }).SetErrorHandler(static (_, _) => { }).Build();
        _consumer.Assign(new TopicPartitionOffset(options.Topics.Estimates, Partition, Offset.End));
        _thread = new Thread(Run) { IsBackground = true, Name = "bench-estimates" };
        _thread.Start();
    }

    /// <summary>Ends the reading and gives what was noted.</summary>
    public List<double> Stop()
    {
        _stopping = true;
        _thread.Join();
        return _milliseconds;
    }

    public void Dispose()
    {
        _ = Stop();
        _consumer.Dispose();
    }

    // An estimate carries the timestamp of its observation, which is when that was due, in whole milliseconds.
    private void Run()
    {
        while (!_stopping)
        {
            if (_consumer.Consume(50) is { } result)
                _milliseconds.Add((_clock.NowUs / 1000.0) - result.Message.Timestamp.UnixTimestampMs);
        }
    }
}
