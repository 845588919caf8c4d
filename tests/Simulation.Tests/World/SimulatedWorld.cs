namespace PhysioActors.Simulation.Tests.World;

/// <summary>
/// One thread, one clock, one order of things. Processes run their tasks one at a time in an order that the dice choose; when nobody has anything to do, time jumps to the next timer.
/// </summary>
internal sealed class SimulatedWorld(ulong seed)
{
    private readonly PriorityQueue<(SimulatedProcess? Owner, Action Action), (long At, long Order)> _events = new();
    private readonly List<SimulatedProcess> _processes = [];
    private readonly Dice _order = new(seed ^ 0xABCDEF);
    private long _events_made;

    /// <summary>Ticks of 100 ns since the world began.</summary>
    internal long Now { get; private set; }

    /// <summary>Milliseconds since 1970 UTC.</summary>
    internal long NowMs => EpochMs + (Now / TimeSpan.TicksPerMillisecond);

    internal const long EpochMs = 1_760_000_000_000;

    internal void At(long ticks, SimulatedProcess? owner, Action action) => _events.Enqueue((owner, action), (Math.Max(ticks, Now), _events_made++));

    internal void After(TimeSpan delay, SimulatedProcess? owner, Action action) => At(Now + delay.Ticks, owner, action);

    internal void Add(SimulatedProcess process) => _processes.Add(process);

    /// <summary>Runs until <paramref name="done"/> holds or the time is over; true when it holds.</summary>
    internal bool Run(TimeSpan until, Func<bool> done)
    {
        SynchronizationContext? outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        try
        {
            while (Now <= until.Ticks)
            {
                if (StepProcess())
                    continue;
                if (done())
                    return true;
                if (!_events.TryDequeue(out (SimulatedProcess? Owner, Action Action) next, out (long At, long Order) when))
                    return done();
                Now = when.At;
                if (next.Owner is null)
                    next.Action();
                else
                    next.Owner.Deliver(next.Action);
            }

            return done();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private bool StepProcess()
    {
        int ready = 0;
        foreach (SimulatedProcess process in _processes)
            ready += process.HasWork ? 1 : 0;
        if (ready == 0)
            return false;
        int chosen = _order.Below(ready);
        foreach (SimulatedProcess process in _processes)
        {
            if (process.HasWork && chosen-- == 0)
            {
                process.Step();
                break;
            }
        }

        return true;
    }
}
