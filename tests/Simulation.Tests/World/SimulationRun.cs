using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Scoring;
using PhysioActors.Simulation.Tests.Journals;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>What a run is made of. The seed decides everything else.</summary>
internal sealed record RunOptions(ulong Seed)
{
    internal JournalDefect Defects { get; init; }

    /// <summary>False breaks the dedup of the actors under test: every message counts as new.</summary>
    internal bool Dedup { get; init; } = true;

    /// <summary>One fault at one call in place of faults by chance.</summary>
    internal (int Call, CallFault Fault)? Single { get; init; }

    internal int Steps { get; init; } = 45;

    /// <summary>Of how many patients there are waveforms; null leaves it to the seed.</summary>
    internal int? Waveforms { get; init; }

    internal int Nodes { get; init; } = 2;

    /// <summary>Nodes are stopped again and again for longer than the group waits, and go on as if nothing had been.</summary>
    internal bool Zombies { get; init; }
}

/// <summary>One seed, one run: nodes of the production runtime on a simulated log, journal, outputs and clock, with faults, until all is handled; then every invariant is checked.</summary>
internal sealed class SimulationRun
{
    internal const string Interrupted = "interrupted";

    private const string Incarnation = "simulated";
    private const int WaveformsEach = 10;
    private static readonly TimeSpan s_faultTime = TimeSpan.FromSeconds(75);
    private static readonly TimeSpan s_recoveryTime = TimeSpan.FromSeconds(90);

    private static readonly Lazy<IsolationForest> s_model = new(TrainModel);

    private readonly RunOptions _options;
    private readonly SimulatedWorld _world;
    private readonly FaultPlan _plan;
    private readonly Dice _dice;
    private readonly List<SimulatedProcess> _nodes = [];
    private readonly NodeOptions _nodeOptions;
    private readonly bool _transactional;
    private int _started;

    internal SimulationRun(RunOptions options)
    {
        _options = options;
        _world = new(options.Seed);
        Trace = new(_world);
        _dice = new(options.Seed);
        int partitions = 1 << _dice.Below(3);
        _transactional = _dice.Chance(0.5);
        Broker = new(_world, partitions);
        Store = new(Incarnation, partitions, options.Defects);
        _plan = new(_dice.Fork(), _dice.Below(4) * 0.012, options.Single);
        if (options.Defects.HasFlag(JournalDefect.OffsetOutsideTransaction))
            Store.BetweenEntriesAndOffset = _ => _plan.IsOver || !_plan.Dice.Chance(0.03);
        // They cost more than all else; a share of the seeds shows the same.
        Waveforms = options.Waveforms ?? (options.Seed % WaveformsEach == 0 ? 1 + _dice.Below(2) : 0);
        Workload = new(_world, Broker, _dice.Fork(), Waveforms);
        _nodeOptions = new()
        {
            Partitions = partitions,
            BatchRecords = 1 + _dice.Below(12),
            BatchDelay = TimeSpan.FromMilliseconds(1 + _dice.Below(30)),
            SnapshotEvery = 2 + _dice.Below(20),
            IdleTime = TimeSpan.FromSeconds(2 + _dice.Below(20)),
            ActorBytes = _dice.Chance(0.3) ? 20_000 : 1 << 20,
            ReplayCheck = true,
        };
    }

    internal SimulatedBroker Broker { get; }

    internal InMemoryStore Store { get; }

    internal Workload Workload { get; }

    internal bool Transactional => _transactional;

    /// <summary>Of how many patients there are waveforms.</summary>
    internal int Waveforms { get; }

    internal int Calls => _plan.Calls;

    /// <summary>How often handling was made to fail.</summary>
    internal int Interruptions { get; private set; }

    /// <summary>What the nodes logged.</summary>
    internal Trace Trace { get; }

    /// <summary>Rules and scoring quick enough that a minute of data raises every kind of anomaly.</summary>
    internal static ActorConfiguration Configuration { get; } = new(
        [.. ConfiguredLimit.Default.Select(limit => limit with { OnsetMs = 2000, ClearMs = 2000 })],
        new ScoringOptions(RaiseCount: 3, RaiseWindow: 5, RaiseMs: 0, ClearWindow: 6, ClearCount: 1, LearnCount: 10, MinimumFeatures: 2),
        new SilenceOptions(MinimumMs: 4000, Intervals: 3));

    internal static IsolationForest Model => s_model.Value;

    /// <summary>Runs; gives what is wrong, or null.</summary>
    internal string? Run()
    {
        for (int i = 0; i < _options.Nodes; i++)
            StartNode();
        Workload.Run(_options.Steps);
        if (_options.Single is null)
            ScheduleTrouble();
        _world.At(s_faultTime.Ticks, null, EndFaults);
        bool done = _world.Run(s_faultTime + s_recoveryTime, () => _plan.IsOver && IsAllHandled());
        string? wrong = Invariants.Check(this, _options) ?? (Trace.Failure is { } failure && _options.Defects == JournalDefect.None && _options.Dedup ? $"I6: {failure}" : null);
        return !done && wrong is null ? "I9: not everything was handled and published in time after the last fault." : wrong;
    }

    private bool IsAllHandled()
    {
        if (!Workload.IsDone)
            return false;
        foreach (ShardRow row in Store.Shards)
        {
            if (Store.ReadPublished(row.Shard) != row.OutboxSequence)
                return false;
        }

        // Ticks keep coming: all is handled when every shard has handled what was there when the faults ended.
        for (int partition = 0; partition < Broker.Partitions; partition++)
        {
            if (Store.Read(partition).NextOffset < _mustReach[partition])
                return false;
        }

        return true;
    }

    private readonly Dictionary<int, long> _mustReach = [];

    private void EndFaults()
    {
        _plan.IsOver = true;
        _plan.JournalAway = false;
        foreach (SimulatedProcess node in _nodes)
            node.Continue();
        if (_nodes.All(node => node.IsDead))
            StartNode();
        // Some time later than the last record, so that its anomalies are due too.
        _world.After(TimeSpan.FromSeconds(8), null, () =>
        {
            for (int partition = 0; partition < Broker.Partitions; partition++)
                _mustReach[partition] = Broker.Log(partition).Count;
        });
        for (int partition = 0; partition < Broker.Partitions; partition++)
            _mustReach[partition] = long.MaxValue;
    }

    private void StartNode()
    {
        var process = new SimulatedProcess(_world, $"node-{++_started}");
        _nodes.Add(process);
        var calls = new FaultyCalls(process, _plan, Crash);
        var journal = new SimulatedJournal(Store, Incarnation, calls);
        var node = new ProcessingNode(
            "physio.observations", _nodeOptions, Configuration, Model,
            new SimulatedInboundLog(Broker, process, _plan), journal, new SimulatedOutputs(Broker, journal, calls, _transactional), process.Time, Trace)
        {
            Actors = () => new PatientActor(Configuration, Model) { RemembersMessages = _options.Dedup, Interrupt = Interrupting() },
        };
        process.Start(() => node.RunAsync(CancellationToken.None));
    }

    /// <summary>Now and then handling fails half-way, as a fault in the code would make it; tried again on recovered state it succeeds.</summary>
    private Action<PatientState> Interrupting()
    {
        bool failed = false;
        return _ =>
        {
            failed = !failed && !_plan.IsOver && _plan.Dice.Chance(0.01);
            if (!failed)
                return;
            Interruptions++;
            throw new InvalidOperationException(Interrupted);
        };
    }

    private void Crash(SimulatedProcess process)
    {
        process.Kill();
        _world.After(TimeSpan.FromSeconds(_dice.Between(0.1, 8)), null, StartNode);
    }

    private void ScheduleTrouble()
    {
        int troubles = _options.Zombies ? 12 : _dice.Below(7);
        for (int i = 0; i < troubles; i++)
        {
            _world.At((long)(_dice.Unit() * s_faultTime.Ticks), null, () =>
            {
                SimulatedProcess[] alive = [.. _nodes.Where(node => !node.IsDead)];
                if (_plan.IsOver || alive.Length == 0)
                    return;
                SimulatedProcess victim = alive[_dice.Below(alive.Length)];
                switch (_options.Zombies ? 1 : _dice.Below(4))
                {
                    case 0:
                        Crash(victim);
                        break;
                    case 1:
                        victim.Stop();
                        _world.After(TimeSpan.FromSeconds(_dice.Between(0.5, 15)), null, victim.Continue);
                        break;
                    case 2:
                        _plan.JournalAway = true;
                        _world.After(TimeSpan.FromSeconds(_dice.Between(0.2, 10)), null, () => _plan.JournalAway = false);
                        break;
                    default:
                        // One more node for a while makes the group share anew.
                        if (alive.Length < 4)
                            StartNode();
                        break;
                }
            });
        }
    }

    private static IsolationForest TrainModel()
    {
        var dice = new Dice(42);
        const int rows = 600;
        float[] features = new float[rows * FeatureVector.Count];
        for (int i = 0; i < features.Length; i++)
        {
            int feature = i % FeatureVector.Count;
            double centre = (feature / FeatureVector.PerGroup) switch { 0 => 80, 1 => 97, 2 => 16, 3 => 120, 4 => 85, _ => 37 };
            features[i] = (float)(feature % FeatureVector.PerGroup == 0 ? centre + dice.Between(-4, 4) : dice.Between(-1, 1));
        }

        return IsolationForest.Train(features, FeatureVector.Count, new() { Trees = 15, SampleSize = 128, Seed = 7, Name = "simulated", FeatureNames = FeatureVector.Names.ToArray() });
    }
}
