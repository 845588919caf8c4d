namespace PhysioActors.Simulation.Tests.World;

/// <summary>A process: its tasks and its timers. It can be killed (nothing of it runs again) and stopped for a while (as SIGSTOP does: nothing of it runs until it goes on).</summary>
internal sealed class SimulatedProcess : TaskScheduler
{
    private readonly LinkedList<Task> _ready = new();
    private readonly List<Action> _delayed = [];

    internal SimulatedProcess(SimulatedWorld world, string name)
    {
        World = world;
        Name = name;
        Time = new ProcessTime(this);
        world.Add(this);
    }

    internal SimulatedWorld World { get; }

    internal string Name { get; }

    internal TimeProvider Time { get; }

    internal bool IsDead { get; private set; }

    internal bool IsStopped { get; private set; }

    internal bool HasWork => !IsDead && !IsStopped && _ready.Count > 0;

    internal void Kill()
    {
        IsDead = true;
        _ready.Clear();
        _delayed.Clear();
    }

    internal void Stop() => IsStopped = true;

    internal void Continue()
    {
        if (!IsStopped)
            return;
        IsStopped = false;
        Action[] delayed = [.. _delayed];
        _delayed.Clear();
        foreach (Action action in delayed)
            Deliver(action);
    }

    /// <summary>Runs something that came for the process, or keeps it until the process goes on.</summary>
    internal void Deliver(Action action)
    {
        if (IsDead)
            return;
        if (IsStopped)
            _delayed.Add(action);
        else
            action();
    }

    internal Task Start(Func<Task> main) => Task.Factory.StartNew(main, CancellationToken.None, TaskCreationOptions.DenyChildAttach, this).Unwrap();

    internal void Step()
    {
        Task task = _ready.First!.Value;
        _ready.RemoveFirst();
        TryExecuteTask(task);
    }

    protected override IEnumerable<Task> GetScheduledTasks() => _ready;

    protected override void QueueTask(Task task)
    {
        if (!IsDead)
            _ready.AddLast(task);
    }

    protected override bool TryExecuteTaskInline(Task task, bool taskWasPreviouslyQueued) => false;

    /// <summary>The world's clock as this process sees it.</summary>
    private sealed class ProcessTime(SimulatedProcess process) : TimeProvider
    {
        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => process.World.Now;

        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeMilliseconds(process.World.NowMs);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            new ProcessTimer(process, callback, state, dueTime, period);
    }

    private sealed class ProcessTimer : ITimer
    {
        private readonly SimulatedProcess _process;
        private readonly TimerCallback _callback;
        private readonly object? _state;
        private int _version;

        internal ProcessTimer(SimulatedProcess process, TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _process = process;
            _callback = callback;
            _state = state;
            Change(dueTime, period);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            int version = ++_version;
            if (dueTime == Timeout.InfiniteTimeSpan)
                return true;
            _process.World.After(dueTime, _process, () =>
            {
                if (version != _version)
                    return;
                _callback(_state);
                if (period > TimeSpan.Zero)
                    Change(period, period);
            });
            return true;
        }

        public void Dispose() => _version++;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
