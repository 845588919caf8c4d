using System.CommandLine;
using System.Text.Json;
using PhysioActors.Seed.Broker;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio dev-broker</c>: the development broker alone. <c>up</c> and <c>run</c> start it; by hand it serves tests of gateways.</summary>
internal sealed class DevBrokerCommand : PhysioCommand
{
    private readonly Option<bool> _attached = new("--attached") { Description = "End when standard input ends, that is, with the process that started this one." };

    public DevBrokerCommand(GlobalOptions global, CommandHost host)
        : base("dev-broker", "Runs the development broker alone: Kafka's protocol, in memory, on a free local port. Prints its address as a line of JSON.",
        [
            ("dev-broker", "a broker with the standard cluster's topics, until Ctrl-C"),
            ("dev-broker --cluster test --set Partitions=2", "other topics"),
        ])
    {
        Hidden = true;
        Add(_attached);
        SetAction((parse, cancellationToken) => RunAsync(global.Load(parse, host).Options, parse.GetValue(_attached), host, cancellationToken));
    }

    private static async Task<int> RunAsync(PhysioOptions options, bool attached, CommandHost host, CancellationToken cancellationToken)
    {
        if (attached)
            ProcessSession.Leave();
        NativeKafka.Load();
        TopicNames topics = options.Topics;
        using var broker = DevelopmentBroker.Start([.. new[] { topics.Observations, topics.Anomalies, topics.Estimates, topics.DeadLetters }.Select(topic => (topic, options.Partitions))]);
        await host.Output.WriteLineAsync(JsonSerializer.Serialize(new BrokerAnnouncement(broker.Bootstrap, broker.Incarnation), BrokerAnnouncement.Json)).ConfigureAwait(false);
        await host.Output.FlushAsync(cancellationToken).ConfigureAwait(false);

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        if (attached)
            _ = AttachedInput.EndWithAsync(ended);
        try
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, host.Time, ended.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The only way out: it was asked to end, which is what it is for.
        }

        return ExitCodes.Ok;
    }
}
