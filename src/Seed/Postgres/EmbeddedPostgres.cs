using System.Globalization;
using Npgsql;

namespace PhysioActors.Seed.Postgres;

/// <summary>How an embedded server is stopped.</summary>
public enum PostgresStop
{
    /// <summary>Sessions are ended, everything is written, the server leaves.</summary>
    Fast,

    /// <summary>The server leaves as in a crash; the next start recovers from its log.</summary>
    Immediate,
}

/// <summary>
/// A PostgreSQL cluster in a folder of its own, for those who name no database: made at the first start, used again at later ones, reachable over a Unix socket by this user (and root) alone.
/// All settings that durability depends on are on. The server is a process of its own and outlives a killed starter; the next start finds it.
/// </summary>
public sealed class EmbeddedPostgres : IAsyncDisposable
{
    private const string User = "physio";
    private const string Database = "physio";

    // Recovery after a crash may have to read all of max_wal_size.
    private const string WaitSeconds = "300";

    private const int StartAttempts = 20;

    private static readonly TimeSpan s_orphanWait = TimeSpan.FromMilliseconds(500);

    private const long LargestLogBytes = 16 << 20;

    private readonly PostgresBinaries _binaries;
    private readonly PostgresAccount _account;
    private readonly PostgresPlace _place;

    private EmbeddedPostgres(PostgresBinaries binaries, PostgresAccount account, PostgresPlace place)
    {
        _binaries = binaries;
        _account = account;
        _place = place;
    }

    /// <summary>True when PostgreSQL's programs are installed.</summary>
    public static bool IsInstalled => PostgresBinaries.Exist;

    /// <summary>How Npgsql connects.</summary>
    public string ConnectionString => ConnectionTo(Database);

    /// <summary>True when a server was running in the folder already and was taken as it is.</summary>
    public bool WasRunning { get; private set; }

    /// <summary>The folder that holds the files; another than was asked for when that one is a link.</summary>
    public string Folder => _place.Folder;

    /// <summary>The server's process id.</summary>
    public int ProcessId { get; private set; }

    /// <summary>False when the server's process has ended, however it did.</summary>
    public bool IsAlive => PostgresProcess.IsAlive(ProcessId);

    /// <summary>Starts the cluster in <paramref name="folder"/>, made when it is not there, and waits until it takes connections.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be made or started; the message says why and what to do.</exception>
    public static async Task<EmbeddedPostgres> StartAsync(string folder, CancellationToken cancellationToken)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        PostgresBinaries newest = PostgresBinaries.Find();
        PostgresAccount account = PostgresAccount.Find();
        PostgresPlace place = await PostgresPlace.PrepareAsync(folder, account, cancellationToken);
        string version = Path.Combine(place.Data, "PG_VERSION");
        int? made = File.Exists(version) ? int.Parse((await File.ReadAllTextAsync(version, cancellationToken)).Trim(), CultureInfo.InvariantCulture) : null;
        var cluster = new EmbeddedPostgres(made is null || made == newest.Major ? newest : PostgresBinaries.Find(made), account, place);
        if (made is null)
            await cluster.InitializeAsync(cancellationToken);
        cluster.WasRunning = await cluster.IsRunningAsync(cancellationToken);
        if (!cluster.WasRunning)
            await cluster.StartServerAsync(cancellationToken);
        cluster.ProcessId = cluster.ReadProcessId();
        await cluster.EnsureDatabaseAsync(cancellationToken);
        return cluster;
    }

    /// <summary>Stops the server; nothing happens when it does not run.</summary>
    public async Task StopAsync(PostgresStop how = PostgresStop.Fast, CancellationToken cancellationToken = default)
    {
        if (!await IsRunningAsync(cancellationToken))
            return;
        string mode = how == PostgresStop.Immediate ? "immediate" : "fast";
        ProgramRun run = await ControlAsync(["stop", "-w", "-t", WaitSeconds, "-m", mode], cancellationToken);
        if (run.ExitCode != 0)
            throw Failure("could not be stopped", run);
        _place.RemoveSocket();
    }

    /// <summary>Stops the server and starts it again in the same place. The connection string may change.</summary>
    public async Task RestartAsync(PostgresStop how = PostgresStop.Fast, CancellationToken cancellationToken = default)
    {
        await StopAsync(how, cancellationToken);
        await StartServerAsync(cancellationToken);
        ProcessId = ReadProcessId();
    }

    /// <summary>Starts the server again after its process has ended unasked. The connection string stays as it is, for all who hold it.</summary>
    /// <exception cref="EmbeddedPostgresException">It cannot be started.</exception>
    public async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        // A process that nobody waits for keeps its id after its end, and the server takes the files of one with a living id for those of a running server.
        _place.RemoveTraces();
        await StartServerAsync(cancellationToken, keepsSocket: true);
        ProcessId = ReadProcessId();
    }

    /// <summary>Stops the server. The data stays.</summary>
    public async ValueTask DisposeAsync() => await StopAsync();

    private int ReadProcessId() => int.Parse(File.ReadLines(_place.ProcessFile).First(), CultureInfo.InvariantCulture);

    private string ConnectionTo(string database) => new NpgsqlConnectionStringBuilder
    {
        Host = _place.Socket,
        Username = User,
        Database = database,
    }.ConnectionString;

    private async Task InitializeAsync(CancellationToken cancellationToken)
    {
        // Made apart and then renamed, so that a start that was broken off leaves nothing that looks like a cluster.
        if (Directory.Exists(_place.Unfinished))
            Directory.Delete(_place.Unfinished, recursive: true);
        // Small segments of the write-ahead log: until old ones are used again, each is zeroed and synced when it is begun, and commits wait for that (4 MiB instead of 16 takes the 99th percentile
        // of a young cluster's commits under load from 70 ms to 12 ms).
        ProgramRun run = await _account.RunAsync(
            _binaries["initdb"],
            ["-D", _place.Unfinished, "-U", User, "--encoding=UTF8", "--locale=C", "--wal-segsize=4", "--auth-local=trust", "--auth-host=reject"],
            cancellationToken);
        if (run.ExitCode != 0)
            throw Failure("could not be made", run);
        await File.AppendAllTextAsync(Path.Combine(_place.Unfinished, "postgresql.conf"), $"\ninclude_if_exists = '{PostgresSettings.FileName}'\n", cancellationToken);
        Directory.Move(_place.Unfinished, _place.Data);
    }

    private async Task StartServerAsync(CancellationToken cancellationToken, bool keepsSocket = false)
    {
        string socket = keepsSocket && Directory.Exists(_place.Socket) ? _place.Socket : await _place.PrepareSocketAsync(_account, cancellationToken);
        string compression = await BestWalCompressionAsync(cancellationToken);
        long memory = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes;
        string settings = Path.Combine(_place.Data, PostgresSettings.FileName);
        await File.WriteAllTextAsync(settings, PostgresSettings.Text(socket, compression, memory), cancellationToken);
        // The server's user reads it whatever our umask is; the folder around it is closed to others.
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(settings, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
        if (new FileInfo(_place.Log) is { Exists: true, Length: > LargestLogBytes })
            File.Move(_place.Log, _place.Log + ".old", overwrite: true);

        ProgramRun run = await ControlAsync(["start", "-w", "-t", WaitSeconds, "-l", _place.Log], cancellationToken);
        for (int attempt = 1; run.ExitCode != 0; attempt++)
        {
            if (attempt == StartAttempts || !OrphansAreLeft())
                throw Failure("could not be started", run);
            await Task.Delay(s_orphanWait, cancellationToken);
            run = await ControlAsync(["start", "-w", "-t", WaitSeconds, "-l", _place.Log], cancellationToken);
        }
    }

    // The server is asked itself, because its build decides.
    private async Task<string> BestWalCompressionAsync(CancellationToken cancellationToken)
    {
        ProgramRun run = await _account.RunAsync(_binaries["postgres"], ["-D", _place.Data, "-C", "wal_compression", "-c", "wal_compression=lz4"], cancellationToken);
        return run.ExitCode == 0 ? "lz4" : "off";
    }

    // A server that was killed leaves sessions that take a moment to notice it.
    private bool OrphansAreLeft() => LogEnd().Contains("shared memory block", StringComparison.Ordinal);

    // pg_ctl looks at the process, not only at the file that a killed server leaves.
    private async Task<bool> IsRunningAsync(CancellationToken cancellationToken) => (await ControlAsync(["status"], cancellationToken)).ExitCode == 0;

    private Task<ProgramRun> ControlAsync(string[] arguments, CancellationToken cancellationToken) =>
        _account.RunAsync(_binaries["pg_ctl"], ["-D", _place.Data, .. arguments], cancellationToken);

    private async Task EnsureDatabaseAsync(CancellationToken cancellationToken)
    {
        await using var source = NpgsqlDataSource.Create(new NpgsqlConnectionStringBuilder(ConnectionTo("postgres")) { Pooling = false }.ConnectionString);
        await using NpgsqlConnection connection = await source.OpenConnectionAsync(cancellationToken);
        await using var exists = new NpgsqlCommand($"SELECT count(*) FROM pg_database WHERE datname = '{Database}'", connection);
        if ((long)(await exists.ExecuteScalarAsync(cancellationToken))! > 0)
            return;
        await using var create = new NpgsqlCommand($"CREATE DATABASE {Database}", connection);
        try
        {
            await create.ExecuteNonQueryAsync(cancellationToken);
        }
        catch (PostgresException error) when (error.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another start made it at the same moment.
        }
    }

    private string LogEnd()
    {
        const int lines = 15;
        return File.Exists(_place.Log) ? string.Join('\n', File.ReadLines(_place.Log).TakeLast(lines)) : "";
    }

    private EmbeddedPostgresException Failure(string what, ProgramRun run)
    {
        string log = LogEnd();
        return new($"The embedded PostgreSQL in {_place.Folder} {what}.\n{run.Output}\n{(log.Length > 0 ? $"The end of {_place.Log}:\n{log}" : "")}".TrimEnd());
    }
}
