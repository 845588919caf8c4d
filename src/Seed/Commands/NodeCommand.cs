using System.CommandLine;
using Microsoft.Extensions.Logging;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio node</c>: a processing node on a Kafka and a PostgreSQL that run already.</summary>
internal sealed class NodeCommand : PhysioCommand
{
    private readonly Option<bool> _attached = new("--attached") { Description = "End when standard input ends, that is, with the process that started this one.", Hidden = true };
    private readonly Option<bool> _beginLog = new("--begin-log") { Description = "Begin with a new inbound log, although the journal belongs to another one. What was not handled of that one is given up." };

    public NodeCommand(GlobalOptions global, CommandHost host)
        : base("node", "Runs a processing node until Ctrl-C. Nodes on the same Kafka and PostgreSQL share the shards, and take over those of one that ends.",
        [
            ("node", "a further node of the environment that 'physio up' runs in this folder"),
            ("node --brokers kafka:9092 --postgres postgresql://physio@db/physio", "a node of a real cluster"),
        ])
    {
        Add(_attached);
        Add(_beginLog);
        SetAction((parse, cancellationToken) => RunAsync(global.Load(parse, host), parse.GetValue(_attached), parse.GetValue(_beginLog), host, cancellationToken));
    }

    private static async Task<int> RunAsync(LoadedOptions loaded, bool attached, bool beginLog, CommandHost host, CancellationToken cancellationToken)
    {
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (attached)
        {
            ProcessSession.Leave();
            _ = AttachedInput.EndWithAsync(ending);
        }

        PhysioOptions options = loaded.Connected(host.Folder);
        using ILoggerFactory logs = Logs.Create(options.Logging);
        PreparedCluster cluster = await PreparedCluster.PrepareAsync(options, beginLog, ending.Token).ConfigureAwait(false);
        bool replayCheck = host.Environment[NodeHost.ReplayCheckVariable] is "1";
        await NodeHost.RunAsync(options, cluster, replayCheck, logs, host.Time, ending.Token).ConfigureAwait(false);
        return ExitCodes.Ok;
    }
}
