using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Simulation.Tests.Journals;
using PhysioActors.Simulation.Tests.World;
using Xunit.Abstractions;

namespace PhysioActors.Simulation.Tests;

/// <summary>The production runtime over many seeds. <c>PHYSIO_SEED=n</c> repeats one, <c>PHYSIO_SEEDS=n</c> sets how many are run.</summary>
public sealed class SimulationTests(ITestOutputHelper output)
{
    private const int DefaultSeeds = 2000;

    private static int Seeds => int.TryParse(Environment.GetEnvironmentVariable("PHYSIO_SEEDS"), out int seeds) ? seeds : DefaultSeeds;

    [Fact]
    public void Every_invariant_holds_over_all_seeds()
    {
        if (ulong.TryParse(Environment.GetEnvironmentVariable("PHYSIO_SEED"), out ulong only))
        {
            var looked = new SimulationRun(new(only));
            string? found = looked.Run();
            foreach (string line in looked.Trace.Lines)
                output.WriteLine(line);
            output.WriteLine(found ?? "Nothing is wrong.");
            Assert.Null(found);
            return;
        }

        long anomalies = 0, commits = 0, takeovers = 0, calls = 0, duplicates = 0, late = 0, deadLetters = 0, commands = 0;
        var kinds = new Dictionary<AnomalyKind, long>();
        for (ulong seed = 1; seed <= (ulong)Seeds; seed++)
        {
            var run = new SimulationRun(new(seed));
            string? wrong = run.Run();
            Assert.True(wrong is null, $"Seed {seed}: {wrong} Repeat with PHYSIO_SEED={seed} dotnet test tests/Simulation.Tests");
            commits += run.Store.Commits.Count;
            takeovers += run.Store.Shards.Sum(row => row.Epoch);
            anomalies += run.Store.Shards.Sum(row => row.Counters.AnomalyEvents);
            duplicates += run.Store.Shards.Sum(row => row.Counters.Duplicates);
            late += run.Store.Shards.Sum(row => row.Counters.Late);
            deadLetters += run.Store.Shards.Sum(row => row.Counters.DeadLetters);
            calls += run.Calls;
            commands += run.Store.Shards.Sum(row => row.Counters.Commands);
            if (run.Waveforms > 0)
                Count(run, kinds);
        }

        output.WriteLine($"{Seeds} seeds: {calls} calls, {commits} commits, {takeovers} takeovers, {anomalies} anomaly events, {duplicates} duplicates, {late} late, {deadLetters} dead letters, {commands} commands.");
        output.WriteLine($"With waveforms: {string.Join(", ", kinds.Select(kind => $"{kind.Value} {kind.Key}"))}.");
        // A simulation in which nothing happens proves nothing.
        Assert.True(anomalies > Seeds && takeovers > 3 * Seeds && duplicates > Seeds && deadLetters > Seeds && late > Seeds / 10 && commands > 3 * Seeds);
        Assert.True(Seeds < 200 || kinds.GetValueOrDefault(AnomalyKind.Rhythm) > Seeds / 16);
    }

    [Fact]
    public void One_seed_is_one_run()
    {
        for (ulong seed = 1; seed <= 5; seed++)
        {
            var first = new SimulationRun(new(seed));
            var second = new SimulationRun(new(seed));
            Assert.Equal(first.Run(), second.Run());
            Assert.Equal(first.Calls, second.Calls);
            Assert.Equal(first.Store.Commits, second.Store.Commits);
        }
    }

    private static void Count(SimulationRun run, Dictionary<AnomalyKind, long> kinds)
    {
        foreach (OutboxRow row in run.Broker.Published.Select(published => published.Row).Where(row => row.Kind == OutboxKind.Anomaly))
        {
            AnomalyKind kind = AnomalyJson.Parse(row.Value).Kind;
            kinds[kind] = kinds.GetValueOrDefault(kind) + 1;
        }
    }

    [Theory]
    [InlineData((int)CallFault.FailBefore)]
    [InlineData((int)CallFault.LoseAnswer)]
    [InlineData((int)CallFault.CarriedOutLater)]
    [InlineData((int)CallFault.CrashBefore)]
    [InlineData((int)CallFault.CrashAfter)]
    [InlineData((int)CallFault.StopBefore)]
    [InlineData((int)CallFault.StopAfter)]
    public void Every_single_call_may_meet_any_fault(int fault)
    {
        const ulong seed = 11;
        var undisturbed = new SimulationRun(new(seed) { Single = (-1, CallFault.None), Steps = 12, Waveforms = 1 });
        Assert.Null(undisturbed.Run());
        int visited = Math.Min(undisturbed.Calls, 150);
        Assert.True(visited > 60, $"Only {visited} calls were made.");
        for (int call = 1; call <= visited; call++)
        {
            var run = new SimulationRun(new(seed) { Single = (call, (CallFault)fault), Steps = 12, Waveforms = 1 });
            string? wrong = run.Run();
            Assert.True(wrong is null, $"{(CallFault)fault} at call {call}: {wrong}\n{string.Join('\n', run.Trace.Lines)}");
        }
    }

    [Theory]
    [InlineData((int)JournalDefect.IgnoreEpoch, true)]
    [InlineData((int)JournalDefect.IgnoreNextOffset, true)]
    [InlineData((int)JournalDefect.OffsetOutsideTransaction, true)]
    [InlineData((int)JournalDefect.DropSamplesEarly, true)]
    [InlineData((int)JournalDefect.None, false)]
    public void A_broken_guard_dedup_or_retention_is_noticed(int defect, bool dedup)
    {
        for (ulong seed = 1; seed <= 2000; seed++)
        {
            var options = new RunOptions(seed)
            {
                Defects = (JournalDefect)defect,
                Dedup = dedup,
                Zombies = (JournalDefect)defect == JournalDefect.IgnoreEpoch,
                Waveforms = (JournalDefect)defect == JournalDefect.DropSamplesEarly ? 2 : null,
            };
            string? wrong = new SimulationRun(options).Run();
            if (wrong is null)
                continue;
            output.WriteLine($"{(dedup ? ((JournalDefect)defect).ToString() : "No dedup")}: found by seed {seed}: {wrong}");
            return;
        }

        Assert.Fail("2000 seeds ran, and none noticed.");
    }
}
