using PhysioActors.Processing.Runtime;
using static PhysioActors.Simulation.Tests.Journals.TestBatch;

#pragma warning disable CA1001 // xunit ends tests with IAsyncLifetime.DisposeAsync.

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>The simulation trusts the in-memory journal to be what PostgreSQL is; here both live through the same random histories.</summary>
[Collection(PostgresTests.Name)]
public sealed class JournalTwinTests(PostgresFixture postgres) : IAsyncLifetime
{
    private static readonly CancellationToken None = CancellationToken.None;

    private readonly PostgresCase _case = new(postgres);

    public Task InitializeAsync() => NeedsPostgresAttribute.SkipReason is null ? _case.InitializeAsync() : Task.CompletedTask;

    public async Task DisposeAsync() => await _case.DisposeAsync();

    [PostgresFact]
    public async Task Both_journals_answer_a_random_history_of_two_nodes_alike()
    {
        const int steps = 600;
        var random = new Random(20240229);
        var store = new InMemoryStore("one", Partitions);
        IJournal[] memory = [new InMemoryJournal(store, "one"), new InMemoryJournal(store, "one")];
        IJournal[] server = [await _case.NodeAsync(), await _case.NodeAsync()];
        var believed = new ShardRow[2, Partitions];
        for (int node = 0; node < 2; node++)
        {
            for (int shard = 0; shard < Partitions; shard++)
                believed[node, shard] = new(shard, 0, 0, 0, 0, default);
        }

        var outcomes = new Dictionary<string, int>();
        for (int step = 0; step < steps; step++)
        {
            int node = random.Next(2), shard = random.Next(2);
            Func<IJournal, Task<string>> call;
            switch (random.Next(10))
            {
                case 0:
                    call = async journal => $"taken {await journal.TakeOverAsync(shard, None)}";
                    break;
                case 1:
                    call = async journal => $"watched {string.Join(", ", await journal.WatchedAsync(shard, None))}";
                    break;
                case 2:
                    call = async journal => $"recovered {string.Join("; ", (await journal.RecoverAsync(shard, [.. Enumerable.Range(0, 4).Select(i => Key(shard, i))], None)).Select(Text))}";
                    break;
                case 3:
                    long after = random.Next(10);
                    call = async journal => $"outbox {string.Join("; ", (await journal.ReadOutboxAsync(shard, after, 5, None)).Select(Text))}";
                    break;
                case 4:
                    long published = random.Next(10);
                    call = async journal => $"saved {await journal.SavePublishedAsync(shard, believed[node, shard].Epoch, published, None)} {await journal.ReadPublishedAsync(shard, None)}";
                    break;
                default:
                    ShardBatch batch = RandomBatch(random, store, believed[node, shard]);
                    call = async journal => $"{await journal.CommitAsync(batch, None)} {await journal.ReadAsync(shard, None)}";
                    break;
            }

            string expected = await AnswerAsync(call, memory[node]), actual = await AnswerAsync(call, server[node]);
            Assert.Equal((step, expected), (step, actual));
            outcomes[expected.Split(' ')[0]] = outcomes.GetValueOrDefault(expected.Split(' ')[0]) + 1;
            // A node learns the row now and then, so that there are zombies that still believe in theirs.
            if (random.Next(3) == 0 || expected.StartsWith("taken", StringComparison.Ordinal) || expected.StartsWith("Committed", StringComparison.Ordinal))
                believed[node, shard] = store.Read(shard);
        }

        Assert.All(["Committed", "Refused", "taken", "watched", "recovered", "outbox", "saved", "InvalidOperationException"], outcome => Assert.True(outcomes.GetValueOrDefault(outcome) > 10, outcome));
    }

    private static string Key(int shard, int patient) => $"shard {shard}:{new string('p', patient)}";

    private static ShardBatch RandomBatch(Random random, InMemoryStore store, ShardRow row)
    {
        int messages = random.Next(3);
        ShardBatch batch = For(row, random.Next(5), row.OutboxSequence + messages);
        for (int i = 1; i <= messages; i++)
            batch.Message(row.OutboxSequence + i);
        foreach (int patient in Enumerable.Range(0, 4).Where(_ => random.Next(2) == 0))
        {
            string key = Key(row.Shard, patient);
            StoredPatient? stored = store.Patient(key);
            long sequence = stored?.Entries.Count ?? 0;
            // Now and then the entry that was the last one once more, as a faulty actor would.
            int entries = random.Next(1, 3);
            long first = sequence > 0 && random.Next(20) == 0 ? sequence : sequence + 1;
            for (int i = 0; i < entries; i++)
                batch.Entry(key, first + i, $"{random.Next(1000)}");
            if (stored is not { Active: true })
                batch.Active(key);
            if (random.Next(4) == 0)
                batch.Snapshot(key, first + entries - 1, $"state {random.Next(1000)}", random.Next(2) == 0, random.Next(2) == 0 ? random.Next(1000) : null);
        }

        return batch;
    }

    private static async Task<string> AnswerAsync(Func<IJournal, Task<string>> call, IJournal journal)
    {
        try
        {
            return await call(journal);
        }
        catch (InvalidOperationException)
        {
            return nameof(InvalidOperationException);
        }
        catch (JournalUnavailableException)
        {
            return await AnswerAsync(call, journal); // its session was ended by the other node's takeover
        }
    }
}
