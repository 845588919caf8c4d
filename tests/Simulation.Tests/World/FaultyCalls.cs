namespace PhysioActors.Simulation.Tests.World;

/// <summary>Carries calls of one process to the outside with delay and with the plan's faults.</summary>
internal sealed class FaultyCalls(SimulatedProcess process, FaultPlan plan, Action<SimulatedProcess> crash)
{
    /// <summary>Longer than a session, so that a stopped process loses its shards, or shorter, so that it does not.</summary>
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(14);

    internal FaultPlan Plan => plan;

    /// <summary>Makes a call.</summary>
    /// <param name="carryOut">What the other side does; happens at once when its moment comes.</param>
    /// <param name="unavailable">The exception that a failed call throws.</param>
    /// <param name="later">What the other side does when it carries the call out although the caller has given up; null where that cannot be.</param>
    internal async ValueTask<T> CallAsync<T>(Func<T> carryOut, Func<string, Exception> unavailable, Action? later = null)
    {
        CallFault fault = plan.Next();
        await DelayAsync(0.2, 6);
        if (plan.JournalAway)
            throw unavailable("away");
        switch (fault)
        {
            case CallFault.FailBefore:
                throw unavailable("failed on its way");
            case CallFault.CrashBefore:
                await EndAsync();
                break;
            case CallFault.StopBefore:
                await StopAsync();
                break;
            case CallFault.CarriedOutLater when later is not null:
                process.World.After(TimeSpan.FromMilliseconds(plan.Dice.Between(1, 3000)), null, later);
                throw unavailable("connection lost, the other side goes on");
            default:
                break;
        }

        T result = carryOut();
        await DelayAsync(0.1, 4);
        switch (fault)
        {
            case CallFault.LoseAnswer:
                throw unavailable("answer lost");
            case CallFault.CrashAfter:
                await EndAsync();
                break;
            case CallFault.StopAfter:
                await StopAsync();
                break;
            default:
                break;
        }

        return result;
    }

    private Task DelayAsync(double lowMs, double highMs) => Task.Delay(TimeSpan.FromMilliseconds(plan.Dice.Between(lowMs, highMs)), process.Time);

    private Task EndAsync()
    {
        crash(process);
        return new TaskCompletionSource().Task;
    }

    private async Task StopAsync()
    {
        process.Stop();
        process.World.After(TimeSpan.FromSeconds(plan.Dice.Between(0.5, s_longestStop.TotalSeconds)), null, process.Continue);
        await Task.Yield();
    }
}
