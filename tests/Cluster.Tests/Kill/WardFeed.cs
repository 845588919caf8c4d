using System.Diagnostics;
using System.Globalization;
using System.Text;

using Confluent.Kafka;

using PhysioActors.Ingest.Simulation;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;
using PhysioActors.Simulation.Tests.World;

using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>
/// What gateways send while nodes die: a simulated ward with episodes, artefacts and silences, some minutes of it in each, and among it repeats, records out of order, late ones, clocks that jump,
/// changed encounters, reused numbers and records that are no good. Of two patients there are waveforms. Somebody reads the anomaly topic, acknowledges, pauses and sets limits.
/// What it sends follows from the seed (but for what is acknowledged); what it put in is counted here, independently of any decoder.
/// </summary>
internal sealed class WardFeed : IAsyncDisposable
{
    private const int Patients = 10;

    // So slow that the development broker, which keeps 5 MiB of a partition, drops nothing of a test of some minutes.
    private const double BytesPerSecond = 22_000;

    private const int RecordOverheadBytes = 100;
    private const int WaveformPatients = 2;

    private static readonly TimeSpan s_step = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan s_span = TimeSpan.FromHours(1);
    private static readonly byte[] s_json = Encoding.UTF8.GetBytes(RecordHeaders.Json);
    private static readonly byte[] s_protobuf = Encoding.UTF8.GetBytes(RecordHeaders.Protobuf);
    private static readonly byte[] s_command = Encoding.UTF8.GetBytes(RecordHeaders.Command);
    private static readonly byte[] s_observation = Encoding.UTF8.GetBytes(RecordHeaders.Observation);

    private readonly KillCluster _cluster;
    private readonly Dice _dice;
    private readonly IProducer<byte[]?, byte[]> _gateway;
    private readonly IConsumer<byte[], byte[]> _nurse;
    private readonly ObservationWriter _writer = new();
    private readonly Dictionary<string, Monitor> _monitors = [];
    private readonly CancellationTokenSource _end = new();
    private readonly Task _run;
    private long _bytes;
    private string? _trouble;

    private sealed class Monitor(string patient, bool hasWaveforms)
    {
        internal string Patient => patient;
        internal byte[] Key { get; } = Encoding.UTF8.GetBytes(patient);
        internal bool HasWaveforms => hasWaveforms;
        internal string? Raised;
        internal byte[]? Last;
        internal Queue<(byte[] Value, int Wait)> Delayed { get; } = new();
    }

    internal WardFeed(KillCluster cluster, ulong seed)
    {
        _cluster = cluster;
        _dice = new(seed);
        _gateway = new ProducerBuilder<byte[]?, byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = cluster.Broker.Bootstrap,
            ["enable.idempotence"] = "true",
            ["linger.ms"] = "5",
        }).SetLogHandler((_, _) => { }).Build();
        _nurse = new ConsumerBuilder<byte[], byte[]>(new Dictionary<string, string>
        {
            ["bootstrap.servers"] = cluster.Broker.Bootstrap,
            ["group.id"] = "nurse",
            ["enable.auto.commit"] = "false",
        }).SetLogHandler((_, _) => { }).Build();
        _nurse.Assign(Enumerable.Range(0, KillCluster.Partitions).Select(partition => new TopicPartitionOffset(cluster.Topics.Anomalies, partition, Offset.Beginning)));
        var start = DateTimeOffset.FromUnixTimeMilliseconds((TimeProvider.System.GetUtcNow() - s_span).ToUnixTimeMilliseconds());
        var ward = new WardSimulator(Patients, s_span, seed, start, settings: new() { EpisodesPerPatientDay = 48, QuietPeriod = TimeSpan.FromHours(1), Acceleration = 60, Ecg = true, Pleth = true });
        _run = Task.Run(() => RunAsync(ward));
    }

    /// <summary>All records sent.</summary>
    internal int Sent { get; private set; }

    /// <summary>Records sent once more, as they were.</summary>
    internal int Repeats { get; private set; }

    /// <summary>Records that must be refused.</summary>
    internal int Malformed { get; private set; }

    /// <summary>Commands sent.</summary>
    internal int Commands { get; private set; }

    /// <summary>Ends it; all that was sent is in the log then.</summary>
    internal async Task EndAsync()
    {
        await _end.CancelAsync();
        await _run.WaitAsync(Kafka.Ward.Patience);
        Assert.Equal(0, _gateway.Flush(Kafka.Ward.Patience));
        Assert.Null(_trouble);
        _cluster.Tell(string.Create(CultureInfo.InvariantCulture, $"{Sent} records were sent, {_bytes} bytes, {Repeats} of them repeats, {Malformed} no good, {Commands} commands"));
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _run.WaitAsync(Kafka.Ward.Patience);
        _gateway.Dispose();
        _nurse.Close();
        _nurse.Dispose();
        _end.Dispose();
    }

    private async Task RunAsync(WardSimulator ward)
    {
        long began = Stopwatch.GetTimestamp();
        foreach (ObservationDraft draft in ward.Observations())
        {
            while (_bytes > BytesPerSecond * Stopwatch.GetElapsedTime(began).TotalSeconds)
            {
                if (_end.IsCancellationRequested)
                    return;
                await Task.Delay(s_step);
            }

            long second = (draft.TimeMs - ward.StartMs) / 1000;
            Send(draft, second);
        }

        throw new InvalidOperationException("The simulated ward is over before the test is.");
    }

    private void Send(ObservationDraft draft, long second)
    {
        if (!_monitors.TryGetValue(draft.Patient, out Monitor? monitor))
            _monitors.Add(draft.Patient, monitor = new(draft.Patient, hasWaveforms: _monitors.Count < WaveformPatients));
        if (!monitor.HasWaveforms)
            draft.Waveforms.Clear();
        int number = _monitors.Count;
        // A minute and a half in five each patient is silent, one after the other; event time runs some five times as fast as the clock.
        if ((second + (number * 37)) % 300 < 90)
            return;

        draft.Encounter = string.Create(CultureInfo.InvariantCulture, $"stay-{(second + (number * 53)) / 400}");
        int roll = _dice.Below(200);
        long sequence = draft.Sequence;
        if (roll < 2)
        {
            // A clock that jumps ahead of everything for one record.
            draft.TimeMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + 60_000;
        }

        byte[] value = monitor.HasWaveforms ? _writer.WriteProtobuf(draft).ToArray() : _writer.WriteJson(draft).ToArray();
        if (roll is >= 2 and < 6)
            monitor.Delayed.Enqueue((value, 1 + _dice.Below(3)));
        else if (roll is >= 6 and < 9)
            monitor.Delayed.Enqueue((value, 15 + _dice.Below(20)));
        else
            Put(monitor, monitor.Last = value);

        for (int waiting = monitor.Delayed.Count; waiting > 0; waiting--)
        {
            (byte[] delayed, int wait) = monitor.Delayed.Dequeue();
            if (wait > 1)
                monitor.Delayed.Enqueue((delayed, wait - 1));
            else
                Put(monitor, monitor.Last = delayed);
        }

        if (roll is >= 9 and < 17 && monitor.Last is { } last)
        {
            Put(monitor, last);
            Repeats++;
        }
        else if (roll is >= 17 and < 25)
        {
            draft.Sequence = sequence;
            draft.Waveforms.Clear();
            PutMalformed(monitor, draft);
        }
        else if (roll is >= 25 and < 29)
        {
            Order(monitor, draft.TimeMs);
        }
    }

    private void Order(Monitor monitor, long timeMs)
    {
        while (_nurse.Consume(TimeSpan.Zero) is { } result)
        {
            AnomalyMessage anomaly = AnomalyJson.Parse(result.Message.Value);
            if (anomaly.State == AnomalyState.Raised && _monitors.TryGetValue(anomaly.Patient, out Monitor? of))
                of.Raised = anomaly.AnomalyId;
        }

        var command = new CommandMessage(monitor.Patient, CommandKind.Resume, "", "nurse", null, timeMs);
        command = _dice.Below(6) switch
        {
            0 => command,
            // From now on: what is said of the past has ended.
            1 => command with { Kind = CommandKind.AudioPause, DurationSeconds = 30, TimeMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() },
            2 => command with { Kind = CommandKind.SetLimits, Signal = SignalCode.HeartRate, Low = 45, High = 110 + _dice.Below(20) },
            _ when monitor.Raised is { } raised => command with { Kind = CommandKind.Acknowledge, AnomalyId = raised },
            _ => command with { Kind = CommandKind.SetOxygen, Oxygen = OxygenStatus.Air },
        };
        Put(Partitioner.Partition(monitor.Key, KillCluster.Partitions), monitor.Key, CommandWriter.WriteJson(command), s_command);
        Commands++;
    }

    private void PutMalformed(Monitor monitor, ObservationDraft draft)
    {
        int partition = Partitioner.Partition(monitor.Key, KillCluster.Partitions);
        byte[] good = _writer.WriteJson(draft).ToArray();
        switch (_dice.Below(7))
        {
            case 0:
                Put(partition, monitor.Key, good[..(good.Length / 2)]);
                break;
            case 1:
                Put(partition, null, good);
                break;
            case 2:
                byte[] other = "simulated:nobody"u8.ToArray();
                Put(Partitioner.Partition(other, KillCluster.Partitions), other, good);
                break;
            case 3:
                Put((partition + 1) % KillCluster.Partitions, monitor.Key, good);
                break;
            case 4:
                Put(partition, monitor.Key, [.. good[..^1], 0xff, 0xfe, (byte)'}']);
                break;
            case 5:
                // Its number was used a moment ago, with another content.
                draft.Readings.Clear();
                draft.Readings.Add(new(SignalCode.Weight, 70.5));
                byte[] reused = _writer.WriteJson(draft).ToArray();
                Put(partition, monitor.Key, reused);
                break;
            default:
                Put(partition, monitor.Key, good, "gossip"u8.ToArray());
                break;
        }

        Malformed++;
    }

    private void Put(Monitor monitor, byte[] value) =>
        Put(Partitioner.Partition(monitor.Key, KillCluster.Partitions), monitor.Key, value, s_observation, monitor.HasWaveforms ? s_protobuf : s_json);

    private void Put(int partition, byte[]? key, byte[] value, byte[]? type = null, byte[]? content = null)
    {
        var headers = new Headers { { RecordHeaders.Type, type ?? s_observation }, { RecordHeaders.ContentType, content ?? s_json } };
        _gateway.Produce(new TopicPartition(_cluster.Topics.Observations, partition), new() { Key = key, Value = value, Headers = headers }, report =>
        {
            if (report.Error.IsError)
                _trouble = report.Error.Reason;
        });
        Sent++;
        _bytes += value.Length + RecordOverheadBytes;
    }
}
