using System.Diagnostics;
using Npgsql;
using PhysioActors.Seed.Postgres;

namespace PhysioActors.Simulation.Tests.Journals;

[Collection(PostgresTests.Name)]
public sealed class EmbeddedPostgresTests : IDisposable
{
    private readonly string _parent = Path.Combine(Path.GetTempPath(), "physio-embedded-" + Path.GetRandomFileName());

    private string Folder => Path.Combine(_parent, "postgres");

    public EmbeddedPostgresTests() => Directory.CreateDirectory(_parent);

    public void Dispose() => Directory.Delete(_parent, recursive: true);

    [PostgresFact]
    public async Task A_cluster_is_made_once_stopped_and_used_again_with_its_data()
    {
        await using (EmbeddedPostgres first = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None))
        {
            Assert.False(first.WasRunning);
            await RunAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using EmbeddedPostgres second = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        Assert.False(second.WasRunning);
        Assert.Equal(42, await RunAsync(second, "SELECT answer FROM kept"));
    }

    [PostgresFact]
    public async Task Durable_settings_are_on_and_only_the_socket_is_served()
    {
        await using EmbeddedPostgres cluster = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        Assert.Equal("on on on  C UTF8", await RunAsync(cluster, """
            SELECT concat_ws(' ', current_setting('fsync'), current_setting('synchronous_commit'), current_setting('full_page_writes'), current_setting('listen_addresses'),
                (SELECT datcollate FROM pg_database WHERE datname = current_database()), current_setting('server_encoding'))
            """));
    }

    [PostgresFact]
    public async Task A_server_that_runs_already_is_found()
    {
        await using EmbeddedPostgres first = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        EmbeddedPostgres second = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        Assert.True(second.WasRunning);
        Assert.Equal(first.ProcessId, second.ProcessId);
        Assert.Equal(first.ConnectionString, second.ConnectionString);
    }

    [PostgresFact]
    public async Task A_killed_server_is_started_again_and_has_what_was_committed()
    {
        EmbeddedPostgres first = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        await RunAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        using (Process server = Process.GetProcessById(first.ProcessId))
        {
            server.Kill();
            await server.WaitForExitAsync();
        }

        await using EmbeddedPostgres second = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        Assert.False(second.WasRunning);
        Assert.Equal(42, await RunAsync(second, "SELECT answer FROM kept"));
    }

    [PostgresFact]
    public async Task A_path_too_long_for_a_socket_gets_its_socket_elsewhere()
    {
        string folder = Path.Combine(_parent, new string('x', 120));
        await using EmbeddedPostgres cluster = await EmbeddedPostgres.StartAsync(folder, CancellationToken.None);
        Assert.Equal(1, await RunAsync(cluster, "SELECT 1"));
        string socket = new NpgsqlConnectionStringBuilder(cluster.ConnectionString).Host!;
        Assert.False(socket.StartsWith(folder, StringComparison.Ordinal));
        await cluster.StopAsync();
        Assert.False(Directory.Exists(socket));
    }

    [PostgresAsRootFact]
    public async Task A_folder_that_the_servers_user_cannot_get_into_becomes_a_link_to_one_that_it_can()
    {
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(_parent, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        string elsewhere;
        await using (EmbeddedPostgres first = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None))
        {
            elsewhere = first.Folder;
            Assert.False(elsewhere.StartsWith(_parent, StringComparison.Ordinal));
            Assert.Equal(elsewhere, new DirectoryInfo(Folder).LinkTarget);
            await RunAsync(first, "CREATE TABLE kept AS SELECT 42 AS answer");
        }

        await using (EmbeddedPostgres second = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None))
            Assert.Equal(42, await RunAsync(second, "SELECT answer FROM kept"));

        Directory.Delete(elsewhere, recursive: true);
        await using EmbeddedPostgres third = await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None);
        Assert.NotEqual(elsewhere, third.Folder);
        await third.StopAsync();
        Directory.Delete(third.Folder, recursive: true);
    }

    [PostgresFact]
    public async Task A_cluster_of_another_version_is_refused_with_what_to_install()
    {
        Directory.CreateDirectory(Path.Combine(Folder, "data"));
        await File.WriteAllTextAsync(Path.Combine(Folder, "data", "PG_VERSION"), "9\n");
        EmbeddedPostgresException error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(Folder, CancellationToken.None));
        Assert.Contains("apt-get install postgresql-9", error.Message, StringComparison.Ordinal);
    }

    [PostgresFact]
    public async Task A_server_that_does_not_start_says_why()
    {
        await using (await EmbeddedPostgres.StartAsync(Folder, CancellationToken.None))
        {
        }

        await File.AppendAllTextAsync(Path.Combine(Folder, "data", "postgresql.conf"), "\nno_such_setting = 1\n");
        EmbeddedPostgresException error = await Assert.ThrowsAsync<EmbeddedPostgresException>(() => EmbeddedPostgres.StartAsync(Folder, CancellationToken.None));
        Assert.Contains("no_such_setting", error.Message, StringComparison.Ordinal);
    }

    private static async Task<object?> RunAsync(EmbeddedPostgres cluster, string statement)
    {
        await using var connection = new NpgsqlConnection(cluster.ConnectionString + ";Pooling=false");
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(statement, connection);
        return await command.ExecuteScalarAsync();
    }
}
