using System.Diagnostics;
using System.Runtime.InteropServices;
using Confluent.Kafka;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Benchmark;

/// <summary>
/// Sends a stretch of a plan's records and notes when each was due. With a rate, that is the schedule's time, however late it really left: waiting shows in the latencies.
/// Without one, it is the moment at which there was room for the record.
/// </summary>
internal sealed class BenchLoad
{
    // The development broker keeps 5 MiB of a partition. What the group has committed may be a tenth of a second old, which only makes the bound tighter.
    private const int MaximumBytes = 3 << 20;
    private const int RecordOverhead = 40;
    private const int HeaderBytes = 64;
    private const int NoteRecords = 8192;
    private const int DueEvery = 16;

    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan s_preparation = TimeSpan.FromSeconds(1);

    private readonly PhysioOptions _options;
    private readonly BenchPlan _plan;
    private readonly int _partitions;
    private readonly int[] _placeOf;
    private readonly long[] _sent;
    private readonly long[] _done;
    private readonly long[] _base;
    private readonly int _window;
    private readonly List<TopicPartition> _places;
    private readonly IBenchFeed _feed;
    private readonly TimeSpan _tick;
    private long _began;

    public BenchLoad(PhysioOptions options, BenchPlan plan, IBenchFeed feed)
    {
        _options = options;
        _plan = plan;
        _partitions = options.Partitions;
        _placeOf = plan.PartitionsOf(_partitions);
        _sent = new long[_partitions];
        _done = new long[_partitions];
        _base = new long[_partitions];
        _places = [.. Enumerable.Range(0, _partitions).Select(partition => new TopicPartition(options.Topics.Observations, partition))];
        _feed = feed;
        _tick = TimeSpan.FromMilliseconds(options.Runtime.TickIntervalMs);
        int largest = 0;
        for (int i = 0; i < plan.Patients; i++)
            largest = Math.Max(largest, _feed.Write(i, i).Length + _feed.Keys[i].Length + RecordOverhead);
        _window = MaximumBytes / (largest + (feed.Headers is null ? 0 : HeaderBytes));
    }

    /// <summary>Sends records <paramref name="first"/> to before <paramref name="first"/> + <paramref name="count"/>.</summary>
    /// <param name="first">The first record's number.</param>
    /// <param name="count">How many.</param>
    /// <param name="rate">Records a second; 0 for as fast as there is room.</param>
    /// <param name="due">Gets 8 bytes for each record: when it was due, microseconds since 1970 UTC.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public BenchLoadReport Run(long first, long count, double rate, Stream due, CancellationToken cancellationToken)
    {
        NativeKafka.Load();
        Dictionary<string, string> settings = KafkaTargets.Settings(_options);
        var config = new ProducerConfig(new Dictionary<string, string>(settings))
        {
            ClientId = "physio-bench",
            EnableIdempotence = true,
            EnableDeliveryReports = false,
            LingerMs = 2,
            BatchNumMessages = 2000,
            QueueBufferingMaxMessages = 100_000,
        };
        using IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(config).SetLogHandler(static (_, _) => { }).Build();
        using IConsumer<Ignore, Ignore> group = new ConsumerBuilder<Ignore, Ignore>(new ConsumerConfig(new Dictionary<string, string>(settings)) { GroupId = _options.Topics.ProcessingGroup, EnableAutoCommit = false })
            .SetLogHandler(static (_, _) => { }).Build();
        for (int p = 0; p < _partitions; p++)
            _base[p] = group.QueryWatermarkOffsets(_places[p], s_timeout).High.Value;
        Prepare(producer, first);

        TimeSpan processorBefore = Environment.CpuUsage.TotalTime;
        _began = Stopwatch.GetTimestamp();
        var clock = new MicrosecondClock();
        long began = clock.NowUs;
        long now = began;
        long[] notes = new long[NoteRecords];
        int noted = 0;
        for (long i = 0; i < count; i++)
        {
            long intended;
            int patient = (int)((first + i) % _plan.Patients);
            int place = _placeOf[patient];
            if (rate > 0)
            {
                intended = began + (long)(i * 1e6 / rate);
                while (intended > now && (now = clock.NowUs) < intended)
                    cancellationToken.WaitHandle.WaitOne(1);
                MakeRoom(place, group, cancellationToken);
            }
            else
            {
                bool waited = MakeRoom(place, group, cancellationToken);
                if (waited || i % DueEvery == 0)
                    now = clock.NowUs;
                intended = now;
            }

            Send(producer, patient, (first + i) / _plan.Patients, place, intended / 1000, cancellationToken);
            _sent[place]++;
            notes[noted++] = intended;
            if (noted == notes.Length || i == count - 1)
            {
                due.Write(MemoryMarshal.AsBytes(notes.AsSpan(0, noted)));
                noted = 0;
            }
        }

        while (producer.Flush(TimeSpan.FromSeconds(1)) > 0)
            cancellationToken.ThrowIfCancellationRequested();
        double seconds = Stopwatch.GetElapsedTime(_began).TotalSeconds;
        return new(count, seconds, (Environment.CpuUsage.TotalTime - processorBefore).TotalMicroseconds / count, _window);
    }

    /// <summary>Connects, and lets what makes records be compiled, so that the generator's own start is not measured.</summary>
    private void Prepare(IProducer<byte[], byte[]> producer, long first)
    {
        using IAdminClient admin = new DependentAdminClientBuilder(producer.Handle).Build();
        _ = admin.GetMetadata(_options.Topics.Observations, s_timeout);
        long began = Stopwatch.GetTimestamp();
        for (long i = first; Stopwatch.GetElapsedTime(began) < s_preparation; i++)
            _ = _feed.Write((int)(i % _plan.Patients), i / _plan.Patients);
    }

    private void Send(IProducer<byte[], byte[]> producer, int patient, long step, int place, long timestampMs, CancellationToken cancellationToken)
    {
        var message = new Message<byte[], byte[]> { Key = _feed.Keys[patient], Value = _feed.Write(patient, step).ToArray(), Headers = _feed.Headers, Timestamp = new Timestamp(timestampMs, TimestampType.CreateTime) };
        while (true)
        {
            try
            {
                producer.Produce(_places[place], message);
                return;
            }
            catch (ProduceException<byte[], byte[]> exception) when (exception.Error.Code == ErrorCode.Local_QueueFull)
            {
                cancellationToken.ThrowIfCancellationRequested();
                producer.Poll(TimeSpan.FromMilliseconds(1));
            }
        }
    }

    /// <summary>Waits until a partition has room; true when it had to.</summary>
    private bool MakeRoom(int place, IConsumer<Ignore, Ignore> group, CancellationToken cancellationToken)
    {
        if (_sent[place] - _done[place] < _window)
            return false;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            // Ticks of the owner lie between the records; as many as there may be are taken off.
            long ticks = (long)(Stopwatch.GetElapsedTime(_began) / _tick) + 3;
            foreach (TopicPartitionOffset committed in group.Committed(_places, s_timeout))
            {
                int partition = committed.Partition.Value;
                if (!committed.Offset.IsSpecial)
                    _done[partition] = Math.Max(_done[partition], committed.Offset.Value - _base[partition] - ticks);
            }

            if (_sent[place] - _done[place] < _window)
                return true;
            cancellationToken.WaitHandle.WaitOne(5);
        }
    }
}

/// <summary>What a generator says of itself when it is done, one line of JSON.</summary>
/// <param name="Sent">Records sent.</param>
/// <param name="Seconds">From the first to the last acknowledgement.</param>
/// <param name="CpuMicrosecondsPerObservation">Its own processor time.</param>
/// <param name="Window">Most records of a partition that were on their way at once.</param>
internal sealed record BenchLoadReport(long Sent, double Seconds, double CpuMicrosecondsPerObservation, int Window);
