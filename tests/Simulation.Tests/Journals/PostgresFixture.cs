using Npgsql;
using PhysioActors.Seed.Postgres;

namespace PhysioActors.Simulation.Tests.Journals;

/// <summary>One PostgreSQL cluster for all tests of a run that need one; they run one after the other, each in a schema of its own.</summary>
public sealed class PostgresFixture : IAsyncLifetime
{
    private readonly string _folder = Path.Combine(Path.GetTempPath(), "physio-tests-" + Path.GetRandomFileName());
    private EmbeddedPostgres? _cluster;
    private int _schemas;

    public EmbeddedPostgres Cluster => _cluster ?? throw new InvalidOperationException("PostgreSQL is not installed; a test that needs it should have been skipped.");

    public async Task InitializeAsync()
    {
        if (EmbeddedPostgres.IsInstalled)
            _cluster = await EmbeddedPostgres.StartAsync(_folder, CancellationToken.None);
    }

    public string NewSchema() => $"test_{++_schemas}";

    /// <summary>Runs a statement as somebody who is not the journal.</summary>
    public async Task<object?> RunAsync(string statement)
    {
        await using NpgsqlConnection connection = await ConnectAsync("a test");
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }

    /// <summary>Opens a session of its own with an application name.</summary>
    public async Task<NpgsqlConnection> ConnectAsync(string applicationName)
    {
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(Cluster.ConnectionString) { Pooling = false, ApplicationName = applicationName }.ConnectionString);
        await connection.OpenAsync();
        return connection;
    }

    public async Task DisposeAsync()
    {
        if (_cluster is null)
            return;
        await _cluster.DisposeAsync();
        Directory.Delete(_cluster.Folder, recursive: true);
    }
}

[CollectionDefinition(Name)]
public sealed class PostgresTests : ICollectionFixture<PostgresFixture>
{
    public const string Name = "PostgreSQL";
}
