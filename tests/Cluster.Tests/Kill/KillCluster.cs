using System.Diagnostics;
using System.Globalization;
using System.Text;

using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Processing.Scoring;
using PhysioActors.Seed.Broker;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Postgres;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

using Xunit.Abstractions;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>A broker, a database with all durable settings on, and nodes as processes. The broker lives in the test's process, so that it outlives every node.</summary>
internal sealed class KillCluster : IAsyncDisposable
{
    internal const int Partitions = 4;

    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(100);

    private readonly string _folder;
    private readonly EmbeddedPostgres _postgres;
    private readonly (string Key, string Value)[] _settings;
    private readonly List<KillableNode> _nodes = [];
    private readonly ITestOutputHelper _output;
    private readonly long _began = Stopwatch.GetTimestamp();

    private KillCluster(string folder, DevelopmentBroker broker, EmbeddedPostgres postgres, (string Key, string Value)[] settings, ITestOutputHelper output)
    {
        (_folder, Broker, _postgres, _settings, _output) = (folder, broker, postgres, settings, output);
        Options = PhysioOptions.Read([
            .. settings.Select(setting => new OptionEntry(setting.Key, setting.Value, "test")),
            new("Brokers", broker.Bootstrap, "test"), new("Postgres", postgres.ConnectionString, "test")]);
        Journal = new(postgres.ConnectionString, Options.Topics.Schema);
        Model = ModelFile.Load("", folder);
    }

    internal DevelopmentBroker Broker { get; }

    internal PhysioOptions Options { get; }

    internal TopicNames Topics => Options.Topics;

    internal PostgresJournalAdministration Journal { get; }

    /// <summary>How many nodes were killed.</summary>
    internal int Kills { get; private set; }

    /// <summary>How often the database was restarted.</summary>
    internal int Restarts { get; private set; }

    /// <summary>What the nodes' actors were configured with.</summary>
    internal PatientActor NewActor() => new(ActorSettings.From(Options), Model);

    private IsolationForest Model { get; }

    /// <param name="sessionTimeout">After how much silence a node loses its shards.</param>
    /// <param name="output">Where to tell the course of the test.</param>
    internal static async Task<KillCluster> StartAsync(TimeSpan sessionTimeout, ITestOutputHelper output)
    {
        string folder = Directory.CreateTempSubdirectory("physio-kill-").FullName;
        (string, string)[] settings =
        [
            ("Cluster", "kill"),
            ("Partitions", Partitions.ToString(CultureInfo.InvariantCulture)),
            ("Runtime:SessionTimeoutMs", ((int)sessionTimeout.TotalMilliseconds).ToString(CultureInfo.InvariantCulture)),
            ("Runtime:SnapshotEvery", "40"),
            ("Runtime:TickIntervalMs", "500"),
            ("Runtime:IdleMinutes", "1"),
            ("Rules:no-data:AfterSeconds", "5"),
        ];
        var names = new TopicNames("kill");
        NativeKafka.Load();
        EmbeddedPostgres postgres = await EmbeddedPostgres.StartAsync(Path.Combine(folder, "postgres"), CancellationToken.None);
        DevelopmentBroker broker = DevelopmentBroker.Start([(names.Observations, Partitions), (names.Anomalies, Partitions), (names.DeadLetters, Partitions), (names.Estimates, Partitions)]);
        var cluster = new KillCluster(folder, broker, postgres, settings, output);
        try
        {
            PreparedCluster prepared = await PreparedCluster.PrepareAsync(cluster.Options, beginIncarnation: false, CancellationToken.None);
            Assert.True(prepared.Kafka.IsDevelopmentBroker);
            DurableSettings durable = await cluster.Journal.ReadDurableSettingsAsync(CancellationToken.None);
            Assert.Equal(("on", "on", "on"), (durable.Fsync, durable.SynchronousCommit, durable.FullPageWrites));
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    internal KillableNode StartNode(string name, string? fault = null)
    {
        string[] set = [.. _settings.SelectMany(setting => (string[])["--set", $"{setting.Key}={setting.Value}"])];
        KillableNode node = KillableNode.Start(name, _folder, ["--brokers", Broker.Bootstrap, "--postgres", _postgres.ConnectionString, .. set], fault);
        _nodes.Add(node);
        Tell($"{name} starts{(fault is null ? "" : $" with {fault}")}");
        return node;
    }

    internal async Task KillAsync(KillableNode node, TimeSpan patience)
    {
        node.Kill();
        await KilledAsync(node, patience);
    }

    internal async Task KilledAsync(KillableNode node, TimeSpan patience)
    {
        await node.KilledAsync(patience);
        Kills++;
        Tell($"{node.Name} was killed");
    }

    internal async Task RestartPostgresAsync(PostgresStop how)
    {
        string before = _postgres.ConnectionString;
        await _postgres.RestartAsync(how);
        Assert.Equal(before, _postgres.ConnectionString);
        Restarts++;
        Tell($"PostgreSQL was restarted ({how})");
    }

    /// <summary>Waits until every shard has an owner that will do, and each of them has handled records since the call.</summary>
    internal async Task<IReadOnlyList<OwnedShard>> ServedAsync(string what, Func<IReadOnlyList<OwnedShard>, bool> owners, TimeSpan patience)
    {
        long[]? first = null;
        IReadOnlyList<OwnedShard> served = await ShardsAsync($"{what}, and every shard goes on", rows =>
        {
            if (rows.Count < Partitions || !owners(rows))
                return false;
            long[] offsets = [.. rows.Select(row => row.Row.NextOffset)];
            first ??= offsets;
            return first.Zip(offsets).All(pair => pair.Second > pair.First);
        }, patience);
        Tell($"{what}: {string.Join(", ", served.Select(shard => $"{shard.Row.Shard} {shard.Owner} epoch {shard.Row.Epoch} at {shard.Row.NextOffset}"))}");
        return served;
    }

    /// <summary>Waits until all that is in the inbound topic now is handled and told.</summary>
    internal async Task HandledAsync(TimeSpan patience)
    {
        long[] ends = await new KafkaCluster(new KafkaConnection(Broker.Bootstrap)).EndOffsetsAsync(Topics.Observations);
        await ShardsAsync(
            $"everything before {string.Join(", ", ends)} is handled and published",
            rows => rows.Count == Partitions && rows.All(row => row.Row.NextOffset >= ends[row.Row.Shard] && row.Published == row.Row.OutboxSequence), patience);
        Tell("everything is handled");
    }

    internal async Task WaitAsync(string what, Func<bool> isSo, TimeSpan patience)
    {
        long began = Stopwatch.GetTimestamp();
        while (!isSo())
        {
            if (Stopwatch.GetElapsedTime(began) > patience)
                Assert.Fail($"Not within {patience.TotalSeconds} s: {what}.\n{Describe([])}");
            await Task.Delay(s_look);
        }

        Tell(what);
    }

    internal void Tell(string what) =>
        _output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Stopwatch.GetElapsedTime(_began).TotalSeconds,6:0.0} s  {what}"));

    public async ValueTask DisposeAsync()
    {
        foreach (KillableNode node in _nodes)
            await node.DisposeAsync();
        await Journal.DisposeAsync();
        Broker.Dispose();
        await _postgres.StopAsync(PostgresStop.Immediate);
        Directory.Delete(_folder, recursive: true);
        if (Directory.Exists(_postgres.Folder))
            Directory.Delete(_postgres.Folder, recursive: true);
    }

    private async Task<IReadOnlyList<OwnedShard>> ShardsAsync(string what, Func<IReadOnlyList<OwnedShard>, bool> isSo, TimeSpan patience)
    {
        long began = Stopwatch.GetTimestamp();
        IReadOnlyList<OwnedShard> rows = [];
        string away = "";
        while (true)
        {
            try
            {
                rows = await Journal.ReadAllShardsAsync(CancellationToken.None);
                if (isSo(rows))
                    return rows;
                away = "";
            }
            catch (JournalUnavailableException exception)
            {
                away = exception.Message;
            }

            if (Stopwatch.GetElapsedTime(began) > patience)
                Assert.Fail($"Not within {patience.TotalSeconds} s: {what}. {away}\n{Describe(rows)}");
            await Task.Delay(s_look);
        }
    }

    private string Describe(IReadOnlyList<OwnedShard> rows)
    {
        var text = new StringBuilder();
        foreach (OwnedShard row in rows)
            text.AppendLine(CultureInfo.InvariantCulture, $"shard {row.Row.Shard}: owner {row.Owner}, epoch {row.Row.Epoch}, next offset {row.Row.NextOffset}, outbox {row.Row.OutboxSequence}, published {row.Published}");
        foreach (KillableNode node in _nodes.Where(node => node.IsRunning).DefaultIfEmpty(_nodes.LastOrDefault()!))
            text.AppendLine(node?.Tail);
        return text.ToString();
    }
}
