using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Observations;
using PhysioActors.Simulation.Tests.Journals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>Two nodes of the production runtime handle a ward's week from the log, as fast as they can; without trouble, or with crashes, stops and calls that fail spread over the week.</summary>
internal sealed class WardWeekRun
{
    private const string Incarnation = "week";
    private const double TroubledShare = 0.95;
    private static readonly TimeSpan s_limit = TimeSpan.FromHours(2);

    private readonly SimulatedWorld _world;
    private readonly Dice _dice;
    private readonly FaultPlan _plan;
    private readonly List<SimulatedProcess> _nodes = [];
    private readonly bool _transactional;
    private readonly long _total;
    private int _started;

    /// <param name="feed">The week.</param>
    /// <param name="seed">What trouble there is.</param>
    /// <param name="troubles">How many crashes and stops; 0 also leaves out calls that fail.</param>
    /// <param name="transactional">Whether the outputs are published in transactions.</param>
    internal WardWeekRun(WardWeekFeed feed, ulong seed, int troubles, bool transactional)
    {
        _world = new(seed);
        _dice = new(seed);
        _transactional = transactional;
        _plan = new(_dice.Fork(), troubles == 0 ? 0 : 0.004) { IsOver = troubles == 0 };
        Trace = new(_world);
        Broker = new(_world, WardWeekFeed.Partitions);
        Store = new(Incarnation, WardWeekFeed.Partitions);
        for (int partition = 0; partition < WardWeekFeed.Partitions; partition++)
        {
            foreach (InboundRecord record in feed.Log[partition])
                Broker.Append(partition, record.TimestampMs, record.Key.ToArray(), record.Value.ToArray(), record.Type);
            _total += feed.Log[partition].Count;
        }

        for (int i = 0; i < 2; i++)
            StartNode();
        Watch(0, troubles);
    }

    internal SimulatedBroker Broker { get; }

    internal InMemoryStore Store { get; }

    internal Trace Trace { get; }

    /// <summary>Processes killed.</summary>
    internal int Crashes { get; private set; }

    /// <summary>How often a shard went to another owner, or the same anew.</summary>
    internal long TakeOvers => Store.Shards.Sum(row => row.Epoch) - WardWeekFeed.Partitions;

    /// <summary>Runs until everything is handled and published; false when it is not in time.</summary>
    internal bool Run() => _world.Run(s_limit, () => Store.Shards.Sum(row => row.NextOffset) == _total && Store.Shards.All(row => Store.ReadPublished(row.Shard) == row.OutboxSequence));

    /// <summary>The anomaly topic of a shard as a reader sees it who drops what comes again.</summary>
    internal List<byte[]> Anomalies(int shard)
    {
        var told = new List<byte[]>();
        long next = 1;
        foreach (OutboxRow row in Broker.Published.Where(published => published.Shard == shard).Select(published => published.Row))
        {
            if (row.Sequence < next)
                continue;
            next = row.Sequence + 1;
            if (row.Kind == OutboxKind.Anomaly)
                told.Add([.. row.Key.Span, .. row.Value.Span]);
        }

        return told;
    }

    // By what was handled, so that trouble is spread over the week and each has something to disturb.
    private void Watch(int done, int troubles) => _world.After(TimeSpan.FromMilliseconds(50), null, () =>
    {
        double handled = Store.Shards.Sum(row => row.NextOffset) / (double)_total;
        if (done == troubles)
        {
            if (handled >= TroubledShare)
                _plan.IsOver = true;
            else
                Watch(done, troubles);
            return;
        }

        bool isDue = handled >= TroubledShare * (done + 0.5) / troubles;
        if (isDue)
            Trouble();
        Watch(isDue ? done + 1 : done, troubles);
    });

    private void Trouble()
    {
        SimulatedProcess[] alive = [.. _nodes.Where(node => !node.IsDead && !node.IsStopped)];
        if (alive.Length == 0)
            return;
        SimulatedProcess victim = alive[_dice.Below(alive.Length)];
        if (_dice.Below(4) > 0)
        {
            Crash(victim);
            return;
        }

        // For longer than the group waits: it goes on as if nothing had been.
        victim.Stop();
        _world.After(TimeSpan.FromSeconds(_dice.Between(7, 12)), null, victim.Continue);
    }

    private void StartNode()
    {
        var process = new SimulatedProcess(_world, $"node-{++_started}");
        _nodes.Add(process);
        var calls = new FaultyCalls(process, _plan, Crash);
        var journal = new SimulatedJournal(Store, Incarnation, calls);
        var options = new NodeOptions
        {
            Partitions = WardWeekFeed.Partitions,
            BatchRecords = 400,
            BatchDelay = TimeSpan.FromMilliseconds(20),
            SnapshotEvery = 300,
            IdleTime = TimeSpan.FromSeconds(3),
            // The log has its ticks already.
            TickInterval = TimeSpan.FromDays(30),
            ReplayCheck = true,
        };
        var node = new ProcessingNode(
            "physio.observations", options, ActorConfiguration.Default, SimulationRun.Model,
            new SimulatedInboundLog(Broker, process, _plan), journal, new SimulatedOutputs(Broker, journal, calls, _transactional), process.Time, Trace);
        process.Start(() => node.RunAsync(CancellationToken.None));
    }

    private void Crash(SimulatedProcess process)
    {
        Crashes++;
        process.Kill();
        _nodes.Remove(process);
        _world.After(TimeSpan.FromSeconds(_dice.Between(0.1, 8)), null, StartNode);
    }
}
