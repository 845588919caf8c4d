using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using PhysioActors.Ingest.Producing;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Runs;
using PhysioActors.Ingest.Simulation;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;
using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Ingest.Tests.Producing;

/// <summary>Against a broker in memory, over the real protocol.</summary>
public sealed class MockBrokerTests : IClassFixture<MockBroker>
{
    private const string Group = "physio.processing";

    private readonly MockBroker _broker;

    public MockBrokerTests(MockBroker broker) => _broker = broker;

    [Fact]
    public async Task Records_lie_where_Java_clients_put_them_with_headers_and_timestamps_not_before_their_event_time()
    {
        const string Topic = "placed.observations";
        DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        using (ObservationProducer producer = await ObservationProducer.ConnectAsync(new KafkaTarget(_broker.Settings, Topic), new LeapingTime(now)))
        {
            Assert.Equal(MockBroker.Partitions, producer.PartitionCount);
            for (int i = 0; i < 100; i++)
                await producer.SendAsync(Draft($"t:p{i % 20}", i, now.AddMinutes(i - 50).ToUnixTimeMilliseconds()), CancellationToken.None);
            await producer.FlushAsync(_ => { }, CancellationToken.None);
            Assert.Equal((100, 100), (producer.Sent, producer.Acknowledged));
            Assert.Equal(100, producer.Delivered.Sum(d => d.Records));
            Assert.All(producer.Delivered, d => Assert.Equal(_broker.Bounds(Topic, d.Partition).High, d.EndOffset));
        }

        List<ConsumeResult<byte[], byte[]>> records = _broker.Read(Topic, 100);
        foreach (ConsumeResult<byte[], byte[]> record in records)
        {
            Assert.Equal(Partitioner.Partition(record.Message.Key, MockBroker.Partitions), record.Partition.Value);
            Assert.Equal("observation", Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("type")));
            Assert.Equal("application/json", Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("content-type")));
            using JsonDocument json = JsonDocument.Parse(record.Message.Value);
            Assert.Equal(Encoding.UTF8.GetString(record.Message.Key), json.RootElement.GetProperty("patient").GetString());
            long eventMs = now.AddMinutes(json.RootElement.GetProperty("sequence").GetInt64() - 50).ToUnixTimeMilliseconds();
            Assert.Equal(Math.Max(eventMs, now.ToUnixTimeMilliseconds()), record.Message.Timestamp.UnixTimestampMs);
        }
    }

    [Fact]
    public async Task Timestamps_can_be_event_times_so_that_two_runs_make_the_same_records()
    {
        const string Topic = "repeatable.observations";
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(new KafkaTarget(_broker.Settings, Topic) { TimestampsAreEventTimes = true });
        await producer.SendAsync(Draft("t:a", 0, 1_000_000), CancellationToken.None);
        await producer.FlushAsync(_ => { }, CancellationToken.None);
        Assert.Equal(1_000_000, Assert.Single(_broker.Read(Topic, 1)).Message.Timestamp.UnixTimestampMs);
    }

    [Fact]
    public async Task Without_a_node_the_producer_stops_at_the_bound_says_why_and_goes_on_when_one_commits()
    {
        const string Topic = "flow.observations";
        FlowControl bounds = new(Group) { MaximumRecords = 10 };
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(new KafkaTarget(_broker.Settings, Topic) { FlowControl = bounds }, new LeapingTime(DateTimeOffset.UnixEpoch.AddYears(50)));
        int partition = Partitioner.Partition("t:a"u8, MockBroker.Partitions);
        TaskCompletionSource<string> waited = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Task sending = Task.Run(async () =>
        {
            for (int i = 0; i < 25; i++)
                await producer.SendAsync(Draft("t:a", i, 1_000_000), reason => waited.TrySetResult(reason), CancellationToken.None);
            await producer.FlushAsync(_ => { }, CancellationToken.None);
        });

        Assert.Contains("waiting for a node", await waited.Task.WaitAsync(TimeSpan.FromSeconds(60)), StringComparison.Ordinal);
        Assert.Equal(10, producer.Sent);
        Assert.False(sending.IsCompleted);
        _broker.Commit(Topic, Group, [(partition, 10)]);
        while (producer.Sent < 20 && !sending.IsCompleted)
            await Task.Yield();
        Assert.False(sending.IsCompleted);
        _broker.Commit(Topic, Group, [(partition, 20)]);
        await sending.WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal((25, 25), (producer.Sent, producer.Acknowledged));
        Assert.Equal((0, 25), _broker.Bounds(Topic, partition));
    }

    [Fact]
    public async Task What_an_earlier_run_left_unprocessed_counts_against_the_bound()
    {
        const string Topic = "backlog.observations";
        using (ObservationProducer earlier = await ObservationProducer.ConnectAsync(new KafkaTarget(_broker.Settings, Topic)))
        {
            for (int i = 0; i < 8; i++)
                await earlier.SendAsync(Draft("t:a", i, 1_000_000), CancellationToken.None);
            await earlier.FlushAsync(_ => { }, CancellationToken.None);
        }

        FlowControl bounds = new(Group) { MaximumRecords = 10 };
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(new KafkaTarget(_broker.Settings, Topic) { FlowControl = bounds });
        using CancellationTokenSource cancel = new();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(async () =>
        {
            for (int i = 8; i < 20; i++)
                await producer.SendAsync(Draft("t:a", i, 1_000_000), _ => cancel.Cancel(), cancel.Token);
        });
        Assert.Equal(2, producer.Sent);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_an_error_that_names_it()
    {
        KafkaTarget target = new(new Dictionary<string, string> { ["bootstrap.servers"] = "127.0.0.1:1" }, "t") { ConnectTimeout = TimeSpan.FromMilliseconds(100) };
        IngestException error = await Assert.ThrowsAsync<IngestException>(() => ObservationProducer.ConnectAsync(target));
        Assert.Contains("127.0.0.1:1", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("security.protocol", "nonsense")]
    [InlineData("no.such.setting", "1")]
    public async Task A_wrong_Kafka_setting_is_an_error_that_names_it(string name, string value)
    {
        Dictionary<string, string> settings = new(_broker.Settings) { [name] = value };
        IngestException error = await Assert.ThrowsAsync<IngestException>(() => ObservationProducer.ConnectAsync(new KafkaTarget(settings, "t")));
        Assert.Contains(name, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_record_that_the_broker_can_never_take_is_surfaced_with_its_partition()
    {
        Dictionary<string, string> settings = new(_broker.Settings) { ["message.max.bytes"] = "1000" };
        using ObservationProducer producer = await ObservationProducer.ConnectAsync(new KafkaTarget(settings, "large.observations"));
        ObservationDraft draft = Draft("t:a", 0, 1_000_000);
        for (int i = 0; i < 60; i++)
            draft.Readings.Add(new DraftReading(SignalCode.SpO2, 97));
        IngestException error = await Assert.ThrowsAsync<IngestException>(async () => await producer.SendAsync(draft, CancellationToken.None));
        Assert.Contains("partition", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("t:a", error.Message, StringComparison.Ordinal);
        await Assert.ThrowsAsync<IngestException>(async () => await producer.SendAsync(Draft("t:b", 1, 1_000_000), CancellationToken.None));
    }

    [Fact]
    public async Task A_replay_sends_every_row_once_and_its_summary_adds_up()
    {
        using ScratchFolder scratch = new();
        scratch.Write("one/C1_01.csv", "minute,abp_mean_mmhg", "0,62", "1,", "2,x", "3,65");
        scratch.Write("two/p1.psv", "HR|SBP|ICULOS", "70|120|1", "71|NaN|2");
        scratch.Write("three/readme.txt", "nothing");
        CollectingProgress<IngestProgress> progress = new();
        ReplayOptions options = new(scratch.Path, new KafkaTarget(_broker.Settings, "replay.observations")) { RunId = "run" };
        ReplaySummary summary = await ReplayRun.RunAsync(options, progress);
        Assert.True(summary.Produced.Completed);
        Assert.Equal((4, 4, 2), (summary.Produced.Sent, summary.Produced.Acknowledged, summary.Produced.Patients));
        Assert.Equal((2, 1, 0), (summary.SkippedValues, summary.MalformedRows, summary.MalformedFiles));
        Assert.Equal("three", Assert.Single(summary.SkippedFolders).Folder);
        Assert.Equal(4, summary.Produced.Partitions.Sum(p => p.Records));
        Assert.Equal(1, progress.Reports[^1].Fraction);
        List<ConsumeResult<byte[], byte[]>> records = _broker.Read("replay.observations", 4);
        Assert.All(summary.Produced.Partitions, p => Assert.Equal(p.EndOffset, records.Count(r => r.Partition.Value == p.Partition)));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Waveforms_are_sent_as_protobuf_or_as_JSON_for_people_and_are_accepted(bool asJson)
    {
        string topic = $"waveforms-{asJson}.observations".ToLowerInvariant();
        using ScratchFolder scratch = new();
        WfdbFiles.Write(scratch, "r", 250, [("200/mV", "II"), ("100/NU", "PLETH")], [WfdbFiles.Ramp(600), WfdbFiles.Ramp(600, 9)]);
        ReplayOptions options = new(Path.Combine(scratch.Path, "r.hea"), new KafkaTarget(_broker.Settings, topic) { WaveformsAsJson = asJson }) { RunId = "run" };
        ReplaySummary summary = await ReplayRun.RunAsync(options);
        Assert.Equal((true, 3, 3, 1), (summary.Produced.Completed, summary.Produced.Sent, summary.Produced.Acknowledged, summary.Produced.Patients));
        ObservationDecoder decoder = new();
        DecodedObservation decoded = new();
        List<short> samples = [];
        foreach (ConsumeResult<byte[], byte[]> record in _broker.Read(topic, 3))
        {
            string contentType = Encoding.UTF8.GetString(record.Message.Headers.GetLastBytes("content-type"));
            Assert.Equal(asJson ? "application/json" : "application/x-protobuf", contentType);
            RecordContent content = asJson ? RecordContent.Json : RecordContent.Protobuf;
            InboundRecord inbound = new(record.Offset, record.Message.Timestamp.UnixTimestampMs, record.Message.Key, record.Message.Value, RecordType.Observation, content);
            Assert.Null(decoder.Decode(inbound, record.Partition, MockBroker.Partitions, decoded));
            Assert.Equal((0, 2), (decoded.ReadingCount, decoded.Waveforms.Count));
            samples.AddRange(decoded.Waveforms[1].Samples.ToArray());
        }

        Assert.Equal(WfdbFiles.Ramp(600, 9), samples);
    }

    [Theory]
    [InlineData(false, 10, true)]
    [InlineData(false, 7, false)]
    [InlineData(true, 3, true)]
    [InlineData(true, 2, false)]
    public async Task A_chunk_that_no_message_can_hold_is_an_error_that_asks_for_a_shorter_one(bool asJson, int seconds, bool isTooLong)
    {
        using ScratchFolder scratch = new();
        string[] names = ["I", "II", "III", "aVR", "aVL", "aVF", "V", "V1", "V2", "V3", "V4", "V5", "V6", "PLETH", "ABP", "RESP"];
        WfdbFiles.Write(scratch, "r", 1_000, [.. names.Select(name => (name == "ABP" ? "10/mmHg" : "200/mV", name))], [.. names.Select(_ => WfdbFiles.Ramp(10_000))]);
        string topic = $"long-{asJson}-{seconds}.observations".ToLowerInvariant();
        ReplayOptions options = new(scratch.Path, new KafkaTarget(_broker.Settings, topic) { WaveformsAsJson = asJson }) { Chunk = TimeSpan.FromSeconds(seconds) };
        if (isTooLong)
            Assert.Contains("shorter chunks", (await Assert.ThrowsAsync<RecordingSourceException>(() => ReplayRun.RunAsync(options))).Message, StringComparison.Ordinal);
        else
            Assert.True((await ReplayRun.RunAsync(options)).Produced.Completed);
    }

    [Fact]
    public async Task The_bound_of_bytes_holds_for_waveforms()
    {
        const string Topic = "flow-waveforms.observations";
        using ScratchFolder scratch = new();
        WfdbFiles.Write(scratch, "r", 1_000, [("200/mV", "I"), ("200/mV", "II")], [WfdbFiles.Ramp(60_000), WfdbFiles.Ramp(60_000)]);
        using CancellationTokenSource cancel = new();
        CollectingProgress<IngestProgress> progress = new() { OnReport = report => { if (report.Waiting is not null) cancel.Cancel(); } };
        ReplayOptions options = new(scratch.Path, new KafkaTarget(_broker.Settings, Topic) { FlowControl = new FlowControl(Group) { MaximumBytes = 50_000 } });
        ReplaySummary summary = await ReplayRun.RunAsync(options, progress, cancellationToken: cancel.Token);

        // A second of two signals has 4,000 bytes and a little: twelve would pass the bound.
        Assert.Equal((false, 11, 11), (summary.Produced.Completed, summary.Produced.Sent, summary.Produced.Acknowledged));
        Assert.InRange(_broker.Read(Topic, 11).Sum(record => record.Message.Value.Length + record.Message.Key.Length), 44_000, 50_000);
    }

    [Fact]
    public async Task A_simulation_writes_the_labels_of_the_episodes_that_began()
    {
        using ScratchFolder scratch = new();
        string labels = Path.Combine(scratch.Path, "labels.csv");
        SimulateOptions options = new(3, TimeSpan.FromMinutes(10), 5, new KafkaTarget(_broker.Settings, "simulate.observations"))
        {
            Interval = TimeSpan.FromSeconds(5),
            Settings = SimulationSettings.Demonstration,
            LabelsPath = labels,
        };
        SimulationSummary summary = await SimulateRun.RunAsync(options);
        Assert.True(summary.Produced.Completed);
        Assert.True(summary.Episodes > 0);
        string[] lines = await File.ReadAllLinesAsync(labels);
        Assert.Equal("patient,kind,detail,start,end,severity", lines[0]);
        Assert.Equal(summary.Episodes, lines.Length - 1);
        Assert.Equal(summary.Produced.Sent, _broker.Read("simulate.observations", summary.Produced.Sent).Count);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(double.NaN)]
    [InlineData(2e6)]
    public async Task A_speed_that_makes_no_sense_is_refused(double speed)
    {
        ReplayOptions options = new("anywhere", new KafkaTarget(_broker.Settings, "t")) { Speed = speed };
        await Assert.ThrowsAsync<ArgumentOutOfRangeException>(() => ReplayRun.RunAsync(options));
    }

    private static ObservationDraft Draft(string patient, long sequence, long timeMs)
    {
        ObservationDraft draft = new() { Patient = patient, Device = "d", Session = "s", Sequence = sequence, TimeMs = timeMs };
        draft.Readings.Add(new DraftReading(SignalCode.HeartRate, 70));
        return draft;
    }
}
