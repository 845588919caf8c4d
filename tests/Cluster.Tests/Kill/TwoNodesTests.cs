using PhysioActors.Processing.Runtime.Postgres;

using Xunit.Abstractions;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>Two nodes share the shards; one of them is killed, or stopped for longer than the group waits and then continued.</summary>
[Collection(KillTestsCollection.Name)]
public sealed class TwoNodesTests(ITestOutputHelper output)
{
    private const ulong Seed = 7;

    private static readonly TimeSpan s_sessionTimeout = TimeSpan.FromSeconds(6);

    // The session timeout, a change of the group, the end of the old owner's session in the database, and the slowness of a busy machine.
    private static readonly TimeSpan s_takeOver = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(45);

    [KillFact]
    public async Task A_killed_or_stopped_node_is_replaced_by_the_other_and_changes_nothing_when_it_comes_back()
    {
        await using KillCluster cluster = await KillCluster.StartAsync(s_sessionTimeout, output);
        await using var feed = new WardFeed(cluster, Seed);
        KillableNode steady = cluster.StartNode("steady");
        KillableNode victim = cluster.StartNode("killed");
        await SharedAsync(victim);
        await cluster.KillAsync(victim, s_patience);
        await TakenOverAsync(victim);

        // Stopped from outside, wherever it may be.
        KillableNode stopped = cluster.StartNode("stopped");
        IReadOnlyList<OwnedShard> before = await SharedAsync(stopped);
        stopped.Stop();
        IReadOnlyList<OwnedShard> after = await TakenOverAsync(stopped);
        foreach (OwnedShard shard in before.Where(shard => shard.Owner == stopped.Name))
            Assert.True(after[shard.Row.Shard].Row.Epoch > shard.Row.Epoch, $"Shard {shard.Row.Shard} went to another owner without a new epoch.");
        stopped.Continue();
        await SharedAsync(stopped);

        // Stopped with the guard passed and nothing committed: it holds the shard's row in the database, and goes on to COMMIT when it is continued.
        KillableNode guarded = cluster.StartNode("guarded", "AfterGuard:stop:5");
        await StoppedAsync(guarded);
        await TakenOverAsync(guarded);
        guarded.Continue();
        await SharedAsync(guarded);

        await feed.EndAsync();
        await cluster.HandledAsync(s_patience);
        foreach (KillableNode node in (KillableNode[])[guarded, stopped, steady])
            await node.LeaveAsync(s_patience);
        Assert.Equal(1, cluster.Kills);
        await Comparison.CheckAsync(cluster, feed);

        Task<IReadOnlyList<OwnedShard>> SharedAsync(KillableNode node) => cluster.ServedAsync(
            $"{node.Name} has its share", rows => rows.Any(row => row.Owner == node.Name) && rows.Any(row => row.Owner != node.Name), s_patience);

        Task<IReadOnlyList<OwnedShard>> TakenOverAsync(KillableNode node) => cluster.ServedAsync(
            $"others serve the shards of {node.Name}", rows => rows.All(row => row.Owner != node.Name), s_takeOver);

        Task StoppedAsync(KillableNode node) => cluster.WaitAsync($"{node.Name} has stopped at its point", () => node.IsStopped, s_patience);
    }
}
