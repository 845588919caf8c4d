using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using PhysioActors.Seed.Broker;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Messages;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Options;
using Partitioner = PhysioActors.Shared.Kafka.Partitioner;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary><c>physio command</c> against the development broker: what lies in the topic, and how its outcome is found. The node is played.</summary>
public sealed class CommandSendingTests : IDisposable
{
    private const int Partitions = 4;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);
    private static readonly string s_secret = Convert.ToBase64String([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);
    private static readonly TopicNames s_topics = new();

    private readonly TestHost _host = new();
    private DevelopmentBroker? _broker;

    public void Dispose()
    {
        _broker?.Dispose();
        _host.Dispose();
    }

    [EnvironmentFact]
    public async Task A_command_lies_signed_in_the_partition_of_its_patient()
    {
        PhysioOptions options = Start();
        _host.Environment["PHYSIO_COMMANDS__KEYS"] = $"ward-1:{s_secret}";

        Assert.True(await RunAsync("set-limits", "icu:bed-7", "hr", "--low", "45", "--wait", "0", "--json") == ExitCodes.Ok, _host.Error.ToString());

        JsonElement told = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        using var reader = new TopicReader(options, s_topics.Observations, TopicStart.Beginning);
        ConsumeResult<byte[], byte[]> found = Assert.IsType<ConsumeResult<byte[], byte[]>>(reader.Take(s_patience));
        Assert.Equal(Partitioner.Partition("icu:bed-7"u8, Partitions), found.Partition.Value);
        Assert.Equal((found.Partition.Value, found.Offset.Value), (told.GetProperty("partition").GetInt32(), told.GetProperty("offset").GetInt64()));
        Assert.Equal(("ward-1", "not-asked"), (told.GetProperty("keyId").GetString(), told.GetProperty("outcome").GetString()));
        var record = new InboundRecord(
            found.Offset.Value, found.Message.Timestamp.UnixTimestampMs, found.Message.Key, found.Message.Value,
            RecordHeaders.ParseType(found.Message.Headers.GetLastBytes("type")), RecordHeaders.ParseContent(found.Message.Headers.GetLastBytes("content-type"))) { Mac = found.Message.Headers.GetLastBytes("mac") };
        Assert.Null(CommandMac.Check(CommandKeys.Parse($"ward-1:{s_secret}"), record));
        Assert.Null(CommandDecoder.Decode(record, found.Partition.Value, Partitions, out CommandMessage? command));
        Assert.Equal((CommandKind.SetLimits, 45, "dr.brown"), (command!.Kind, command.Low, command.By));
    }

    [EnvironmentFact]
    public async Task A_command_that_no_node_handles_is_told_to_wait_in_the_topic()
    {
        Start();

        Assert.True(await RunAsync("resume", "icu:bed-7", "--wait", "1") == ExitCodes.Ok, _host.Error.ToString());

        Assert.Contains($"resume for icu:bed-7 by dr.brown: sent to physio.observations, partition {Partitioner.Partition("icu:bed-7"u8, Partitions)}, offset 0, not signed", _host.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("Not handled within 1 s; it waits in the topic.", _host.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("the command is not signed", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [EnvironmentFact]
    public async Task A_command_that_the_group_has_passed_without_a_dead_letter_is_told_as_handled()
    {
        PhysioOptions options = Start();
        Task node = Task.Run(() => PlayNode(options, refusal: null));

        Assert.True(await RunAsync("resume", "icu:bed-7", "--wait", "25") == ExitCodes.Ok, _host.Error.ToString());
        await node;

        Assert.Contains("Handled, and not refused. 'physio patient icu:bed-7' shows what holds now.", _host.Output.ToString(), StringComparison.Ordinal);
    }

    [EnvironmentFact]
    public async Task A_command_whose_dead_letter_comes_is_a_failure_that_says_why()
    {
        PhysioOptions options = Start();
        Task node = Task.Run(() => PlayNode(options, new(RefusalReason.Unauthenticated, "headers.mac", "The command has no header mac.")));

        Assert.Equal(ExitCodes.Failure, await RunAsync("resume", "icu:bed-7", "--wait", "25"));
        await node;

        Assert.Contains("physio: error: Refused (unauthenticated, headers.mac): The command has no header mac.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [EnvironmentFact]
    public async Task A_broker_that_is_not_there_is_told()
    {
        string address = Start().Brokers;
        _broker!.Dispose();

        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("command", "resume", "icu:bed-7", "--by", "x", "--brokers", address));

        Assert.Contains(address, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    private PhysioOptions Start()
    {
        NativeKafka.Load();
        _broker = DevelopmentBroker.Start([.. new[] { s_topics.Observations, s_topics.Anomalies, s_topics.Estimates, s_topics.DeadLetters }.Select(topic => (topic, Partitions))]);
        return PhysioOptions.Default with { Brokers = _broker.Bootstrap };
    }

    private Task<int> RunAsync(params string[] arguments) => _host.RunAsync(["command", .. arguments, "--by", "dr.brown", "--brokers", _broker!.Bootstrap]).WaitAsync(s_patience);

    /// <summary>Does with the first record what a node does that takes it, or refuses it.</summary>
    private static void PlayNode(PhysioOptions options, Refusal? refusal)
    {
        var record = ReadFirst(options);
        if (refusal is not null)
        {
            using IProducer<byte[], byte[]> producer = new ProducerBuilder<byte[], byte[]>(KafkaTargets.Settings(options)).Build();
            // A letter of another record comes first, and something that is no letter.
            Send(producer, new() { Key = record.Message.Key, Value = [] });
            foreach (long offset in (long[])[record.Offset.Value + 1, record.Offset.Value])
            {
                var refused = new InboundRecord(offset, 0, record.Message.Key, record.Message.Value, RecordType.Command, RecordContent.Json);
                var headers = new Headers();
                string detail = offset == record.Offset.Value ? refusal.Detail : "Another.";
                foreach ((string name, string value) in DeadLetterHeaders.Build(refusal with { Detail = detail }, refused, s_topics.Observations, record.Partition.Value))
                    headers.Add(name, Encoding.UTF8.GetBytes(value));
                Send(producer, new() { Key = record.Message.Key, Value = record.Message.Value, Headers = headers });
            }

            Assert.Equal(0, producer.Flush(s_patience));
        }

        Dictionary<string, string> settings = KafkaTargets.Settings(options);
        settings["group.id"] = s_topics.ProcessingGroup;
        using IConsumer<Ignore, Ignore> group = new ConsumerBuilder<Ignore, Ignore>(settings).Build();
        group.Commit([new TopicPartitionOffset(record.TopicPartition, record.Offset + 1)]);
    }

    private static void Send(IProducer<byte[], byte[]> producer, Message<byte[], byte[]> letter) => producer.Produce(s_topics.DeadLetters, letter);

    private static ConsumeResult<byte[], byte[]> ReadFirst(PhysioOptions options)
    {
        using var reader = new TopicReader(options, s_topics.Observations, TopicStart.Beginning);
        return reader.Take(s_patience) ?? throw new TimeoutException("No command came.");
    }
}
