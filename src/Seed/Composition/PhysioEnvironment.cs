using Microsoft.Extensions.Logging;
using PhysioActors.Seed.Postgres;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>
/// What nodes and other commands need, owned by this process: the development broker and the embedded PostgreSQL where no real ones are named, the cluster prepared on them,
/// and the file by which the other commands find it. Disposing it stops all that it started.
/// </summary>
internal sealed class PhysioEnvironment : IAsyncDisposable
{
    private readonly FileStream _lock;
    private readonly EmbeddedPostgres? _postgres;
    private readonly string _folder;
    private readonly string? _commandKeyFile;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _supervision;

    private PhysioEnvironment(
        FileStream @lock, string folder, PhysioOptions options, string? commandKeyFile, BrokerProcess? broker, EmbeddedPostgres? postgres, PreparedCluster cluster, ILogger logger, TimeProvider time)
    {
        _lock = @lock;
        _folder = folder;
        _commandKeyFile = commandKeyFile;
        _postgres = postgres;
        Options = options;
        Broker = broker;
        Cluster = cluster;
        _supervision = postgres is null ? Task.CompletedTask : Task.Run(() => new PostgresSupervisor(postgres, logger, time).RunAsync(_ending.Token));
    }

    /// <summary>The options, Kafka and PostgreSQL filled in.</summary>
    public PhysioOptions Options { get; }

    /// <summary>The development broker; null when a real Kafka is used.</summary>
    public BrokerProcess? Broker { get; }

    /// <summary>The cluster.</summary>
    public PreparedCluster Cluster { get; }

    /// <summary>True when the database is the embedded one.</summary>
    public bool HasEmbeddedPostgres => _postgres is not null;

    /// <summary>The options that nodes of this environment need beside those that were configured, but for the address of PostgreSQL, which may hold a password.</summary>
    public IEnumerable<(string Key, string Value)> ForNodes()
    {
        yield return ("Brokers", Options.Brokers);
        if (_commandKeyFile is not null)
            yield return ("Commands:KeyFile", _commandKeyFile);
    }

    /// <summary>Starts what is not named in the options, and prepares the cluster.</summary>
    /// <param name="options">The options.</param>
    /// <param name="folder">The folder whose <c>.physio</c> tells where the environment is.</param>
    /// <param name="isFresh">True to begin with an empty database; it lies beside the lasting one.</param>
    /// <param name="beginIncarnation">See <see cref="PreparedCluster.PrepareAsync"/>; always so with a development broker of our own, which begins empty.</param>
    /// <param name="say">Tells what goes on.</param>
    /// <param name="brokerLog">The file that the broker's messages go to, emptied first; null for our standard error.</param>
    /// <param name="logger">Where it is told when the embedded PostgreSQL had to be started again.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Ends the wait; what was started until then is stopped.</param>
    /// <exception cref="CommandFailedException">An environment runs in this folder already, or something did not start.</exception>
    public static async Task<PhysioEnvironment> StartAsync(
        PhysioOptions options, string folder, bool isFresh, bool beginIncarnation, Action<string> say, string? brokerLog, ILogger logger, TimeProvider time, CancellationToken cancellationToken)
    {
        string place = Path.Combine(folder, Endpoints.FolderName);
        MakeFolder(place);
        FileStream @lock = Lock(place, folder);
        BrokerProcess? broker = null;
        EmbeddedPostgres? postgres = null;
        try
        {
            // Not before the lock is ours: the file may be that of an environment that runs.
            if (brokerLog is not null)
                File.Delete(brokerLog);
            string? commandKeyFile = options is { Brokers: "", Commands: { Keys.Count: 0, KeyFile: "" } } ? LocalCommandKey.Provide(place) : null;
            if (commandKeyFile is not null)
            {
                options = options with { Commands = options.Commands with { KeyFile = commandKeyFile } };
                CommandKeyFile.Load(options.Commands, folder, say);
            }

            if (options.Postgres.Length > 0)
            {
                await PostgresAddress.RequireAsync(options.Postgres, cancellationToken).ConfigureAwait(false);
            }
            else
            {
                string database = Path.Combine(place, isFresh ? "run" : "postgres");
                if (isFresh)
                    await RemoveDatabaseAsync(database, cancellationToken).ConfigureAwait(false);
                say("Starting PostgreSQL ...");
                postgres = await EmbeddedPostgres.StartAsync(database, cancellationToken).ConfigureAwait(false);
                options = options with { Postgres = postgres.ConnectionString };
            }

            if (options.Brokers.Length == 0)
            {
                say("Starting the development broker ...");
                broker = await BrokerProcess.StartAsync(options, folder, brokerLog, cancellationToken).ConfigureAwait(false);
                options = options with { Brokers = broker.Announcement.Brokers };
            }

            PreparedCluster cluster = await PreparedCluster.PrepareAsync(options, beginIncarnation || broker is not null, cancellationToken).ConfigureAwait(false);
            var environment = new PhysioEnvironment(@lock, folder, options, commandKeyFile, broker, postgres, cluster, logger, time);
            environment.Announce(node: null);
            return environment;
        }
        catch (Exception exception)
        {
            await StopAsync(broker, postgres).ConfigureAwait(false);
            await @lock.DisposeAsync().ConfigureAwait(false);
            if (exception is EmbeddedPostgresException)
                throw new CommandFailedException(exception.Message);
            throw;
        }
    }

    /// <summary>Tells the other commands of this environment, and of the node that belongs to it.</summary>
    public void Announce(ProcessIdentity? node) => new Endpoints
    {
        Cluster = Options.Cluster,
        Brokers = Options.Brokers,
        Postgres = Options.Postgres,
        Incarnation = Cluster.Kafka.Incarnation,
        Owner = ProcessIdentity.Current,
        Broker = Broker?.Identity,
        Node = node,
        CommandKeyFile = _commandKeyFile,
    }.Write(_folder);

    /// <summary>Stops what was started. The database's files stay.</summary>
    public async ValueTask DisposeAsync()
    {
        Endpoints.Remove(_folder);
        await _ending.CancelAsync().ConfigureAwait(false);
        await _supervision.ConfigureAwait(false);
        _ending.Dispose();
        await StopAsync(Broker, _postgres).ConfigureAwait(false);
        await _lock.DisposeAsync().ConfigureAwait(false);
    }

    /// <summary>Stops a database that an earlier owner left behind, if it does so, and deletes its files.</summary>
    private static async Task RemoveDatabaseAsync(string database, CancellationToken cancellationToken)
    {
        if (!Path.Exists(database))
            return;
        string folder = database;
        if (File.Exists(Path.Combine(database, "data", "postmaster.pid")))
        {
            EmbeddedPostgres left = await EmbeddedPostgres.StartAsync(database, cancellationToken).ConfigureAwait(false);
            await left.StopAsync(PostgresStop.Immediate, cancellationToken).ConfigureAwait(false);
            folder = left.Folder;
        }
        else if (new FileInfo(database) is { LinkTarget: not null } link)
        {
            folder = link.ResolveLinkTarget(returnFinalTarget: true)!.FullName;
        }

        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        if (folder != database)
            File.Delete(database);
    }

    private static async Task StopAsync(BrokerProcess? broker, EmbeddedPostgres? postgres)
    {
        if (broker is not null)
            await broker.DisposeAsync().ConfigureAwait(false);
        if (postgres is not null)
            await postgres.DisposeAsync().ConfigureAwait(false);
    }

    private static void MakeFolder(string place)
    {
        if (File.Exists(place))
            throw new CommandFailedException($"{place} is a file, but databases and logs are kept in a folder of that name.", "Move the file away, or start in another folder.");
        Directory.CreateDirectory(place);
    }

    // The system gives the lock back when its holder ends, however it ends: no stale lock is possible.
    private static FileStream Lock(string place, string folder)
    {
        try
        {
            return new FileStream(Path.Combine(place, "lock"), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            Endpoints? running = Endpoints.Find(folder);
            throw new CommandFailedException(
                $"An environment runs in this folder already{(running is null ? "" : $" (process {running.Owner.Pid}, Kafka at {running.Brokers})")}.",
                "Use it ('physio status'), end it with Ctrl-C in its terminal, or start another one in another folder.");
        }
    }
}
