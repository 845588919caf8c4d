using PhysioActors.Processing.Runtime;
using PhysioActors.Seed.Postgres;
using PhysioActors.Simulation.Tests.World;

using Xunit.Abstractions;

namespace PhysioActors.Cluster.Tests.Kill;

/// <summary>One node at a time, killed again and again, while data flows and the database is restarted.</summary>
[Collection(KillTestsCollection.Name)]
public sealed class OneNodeTests(ITestOutputHelper output)
{
    private const ulong Seed = 20;
    private const int RandomKills = 9;

    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(40);

    // Shorter than a deployment's: a killed node's partitions are free so much sooner. The development broker forms no group with one of less than three seconds.
    private static readonly TimeSpan s_sessionTimeout = TimeSpan.FromSeconds(4);

    /// <summary>All points but the end of a Kafka transaction, of which the development broker knows nothing.</summary>
    private static readonly FaultPoint[] s_points = [.. Enum.GetValues<FaultPoint>().Where(point => point != FaultPoint.AfterKafkaTransaction)];

    [KillFact]
    public async Task A_node_killed_at_any_moment_and_a_restarted_database_change_nothing()
    {
        await using KillCluster cluster = await KillCluster.StartAsync(s_sessionTimeout, output);
        await using var feed = new WardFeed(cluster, Seed);
        var dice = new Dice(Seed);
        int lives = 0;

        // Each kind of death is spread over the run, in an order that the seed draws.
        Func<Task>[] deaths = [
            .. s_points.Select<FaultPoint, Func<Task>>(point => () => DieAtAsync(point, 1 + dice.Below(4))),
            .. Enumerable.Range(0, RandomKills).Select<int, Func<Task>>(_ => () => DieSometimeAsync(TimeSpan.FromSeconds(dice.Between(0.2, 5)))),
            .. new[] { PostgresStop.Immediate, PostgresStop.Fast, PostgresStop.Immediate }.Select<PostgresStop, Func<Task>>(how => () => LiveThroughRestartAsync(how)),
        ];
        for (int i = deaths.Length - 1; i > 0; i--)
        {
            int other = dice.Below(i + 1);
            (deaths[i], deaths[other]) = (deaths[other], deaths[i]);
        }

        foreach (Func<Task> death in deaths)
            await death();
        Assert.True(cluster.Kills >= 20 && cluster.Restarts >= 3, $"{cluster.Kills} kills and {cluster.Restarts} restarts are too few.");

        // The last one is left alone, handles the rest and leaves.
        KillableNode last = Next(null);
        await cluster.ServedAsync($"{last.Name} serves", rows => rows.All(row => row.Owner == last.Name), s_patience);
        await feed.EndAsync();
        await cluster.HandledAsync(s_patience);
        await last.LeaveAsync(s_patience);
        await Comparison.CheckAsync(cluster, feed);

        KillableNode Next(string? fault) => cluster.StartNode($"node-{++lives}", fault);

        Task DieAtAsync(FaultPoint point, int time) => cluster.KilledAsync(Next($"{point}:kill:{time}"), s_patience);

        async Task DieSometimeAsync(TimeSpan after)
        {
            KillableNode node = Next(null);
            await Task.Delay(after);
            await cluster.KillAsync(node, s_patience);
        }

        async Task LiveThroughRestartAsync(PostgresStop how)
        {
            KillableNode node = Next(null);
            await cluster.ServedAsync($"{node.Name} serves", rows => rows.All(row => row.Owner == node.Name), s_patience);
            await cluster.RestartPostgresAsync(how);
            await cluster.ServedAsync($"{node.Name} serves after the restart", rows => rows.All(row => row.Owner == node.Name), s_patience);
            await cluster.KillAsync(node, s_patience);
        }
    }
}
