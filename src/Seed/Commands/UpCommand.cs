using System.CommandLine;
using Microsoft.Extensions.Logging;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio up</c>: a whole cluster on this machine, until it is ended.</summary>
internal sealed class UpCommand : PhysioCommand
{
    private readonly Option<bool> _noNode = new("--no-node") { Description = "Start no node: only what nodes need." };
    private readonly Option<int?> _partitions = FeedOptions.Integer("--partitions", "Partitions of topics that are made: a power of two. Standard: 8.", 1, 4096);
    private readonly Option<bool> _beginLog = new("--begin-log") { Description = "Begin with a new inbound log, although the journal belongs to another one. What was not handled of that one is given up." };

    public UpCommand(GlobalOptions global, CommandHost host)
        : base("up", "Runs a cluster on this machine until Ctrl-C: a development broker and a PostgreSQL of its own below .physio, where no real ones are named, and a node.",
        [
            ("up", "everything, until Ctrl-C; then try 'physio simulate' in another terminal"),
            ("up --no-node", "only Kafka and PostgreSQL; start nodes yourself"),
            ("up --brokers kafka:9092 --postgres postgresql://physio@db/physio", "a node on real ones"),
        ])
    {
        Add(_noNode);
        Add(_partitions);
        Add(_beginLog);
        SetAction(async (parse, cancellationToken) =>
        {
            LoadedOptions loaded = global.Load(parse, host, ("Partitions", parse.GetValue(_partitions)?.ToString(System.Globalization.CultureInfo.InvariantCulture)));
            using ILoggerFactory logs = Logs.Create(loaded.Options.Logging);
            await using PhysioEnvironment environment = await PhysioEnvironment.StartAsync(
                loaded.Options, host.Folder, isFresh: false, parse.GetValue(_beginLog), host.Error.WriteLine, brokerLog: null, logs.CreateLogger("PhysioActors.Up"), host.Time, cancellationToken).ConfigureAwait(false);
            Tell(environment, host);
            await ServeAsync(environment, loaded, parse.GetValue(_noNode), host, logs.CreateLogger("PhysioActors.Up"), cancellationToken).ConfigureAwait(false);
            await host.Error.WriteLineAsync("Stopping ...").ConfigureAwait(false);
            return ExitCodes.Ok;
        });
    }

    private static void Tell(PhysioEnvironment environment, CommandHost host)
    {
        host.Error.WriteLine($"Kafka       {environment.Options.Brokers}{(environment.Broker is null ? "" : "  (development broker: in memory, 5 MiB a partition)")}");
        host.Error.WriteLine($"PostgreSQL  {PostgresAddress.Describe(environment.Options.Postgres)}{(environment.HasEmbeddedPostgres ? "  (kept in .physio)" : "")}");
        host.Error.WriteLine("Up. Ctrl-C ends it.");
    }

    private static async Task ServeAsync(PhysioEnvironment environment, LoadedOptions loaded, bool noNode, CommandHost host, ILogger logger, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task node = noNode ? Task.Delay(Timeout.InfiniteTimeSpan, host.Time, ending.Token) : RunNodeAsync();
        Task broker = environment.Broker?.Ended ?? Task.Delay(Timeout.InfiniteTimeSpan, host.Time, ending.Token);
        Task first = await Task.WhenAny(node, broker).ConfigureAwait(false);
        await ending.CancelAsync().ConfigureAwait(false);
        try
        {
            await node.ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // It was asked to end.
        }

        if (first == broker && !cancellationToken.IsCancellationRequested)
            throw new CommandFailedException("The development broker ended, and what was in it and not handled is gone.", "Start again.");

        Task RunNodeAsync()
        {
            string[] arguments = [.. loaded.ForChild(environment.ForNodes()), "--postgres", environment.Options.Postgres];
            return new NodeProcess(host.Folder, arguments, log: null, logger, host.Time).RunAsync(environment.Announce, ending.Token);
        }
    }
}
