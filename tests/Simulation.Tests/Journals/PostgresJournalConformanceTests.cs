using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Postgres;

namespace PhysioActors.Simulation.Tests.Journals;

#pragma warning disable CA1001 // xunit ends tests with IAsyncLifetime.DisposeAsync.

[NeedsPostgres]
[Collection(PostgresTests.Name)]
public sealed class PostgresJournalConformanceTests(PostgresFixture postgres) : JournalConformance, IAsyncLifetime
{
    private readonly PostgresCase _case = new(postgres);

    public Task InitializeAsync() => _case.InitializeAsync();

    public async Task DisposeAsync() => await _case.DisposeAsync();

    protected override async Task<IJournal> NodeAsync(string incarnation = "one") => await _case.NodeAsync(incarnation);

    protected override async Task BeginIncarnationAsync(string incarnation) => await _case.Administration.BeginIncarnationAsync(incarnation, TestBatch.Partitions, None);
}

/// <summary>A schema of its own with a journal for incarnation <c>one</c>, and the nodes on it.</summary>
public sealed class PostgresCase(PostgresFixture postgres) : IAsyncDisposable
{
    private readonly List<PostgresJournal> _nodes = [];
    private PostgresJournalAdministration? _administration;

    public string Schema { get; } = postgres.NewSchema();

    public PostgresJournalAdministration Administration => _administration!;

    public async Task InitializeAsync()
    {
        _administration = new PostgresJournalAdministration(postgres.Cluster.ConnectionString, Schema);
        await _administration.MigrateAsync(CancellationToken.None);
        await _administration.BeginIncarnationAsync("one", TestBatch.Partitions, CancellationToken.None);
    }

    public PostgresJournalOptions Options(string incarnation = "one", int partitions = TestBatch.Partitions) =>
        new(postgres.Cluster.ConnectionString, Schema, incarnation, partitions, $"node {_nodes.Count + 1}");

    internal async Task<PostgresJournal> NodeAsync(string incarnation = "one", CommitClock? clock = null)
    {
        PostgresJournal node = await PostgresJournal.OpenAsync(Options(incarnation), clock ?? CommitClock.Database, CancellationToken.None);
        _nodes.Add(node);
        return node;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (PostgresJournal node in _nodes)
            await node.DisposeAsync();
        if (_administration is not null)
            await _administration.DisposeAsync();
    }
}
