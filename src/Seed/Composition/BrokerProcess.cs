using System.Text.Json;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Composition;

/// <summary>The development broker in a process of its own, so that it outlives a killed node. It ends with the process that started it.</summary>
internal sealed class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    private readonly PhysioProcess _process;

    private BrokerProcess(PhysioProcess process, BrokerAnnouncement announcement)
    {
        _process = process;
        Announcement = announcement;
    }

    /// <summary>Where it is.</summary>
    public BrokerAnnouncement Announcement { get; }

    /// <summary>Its identity.</summary>
    public ProcessIdentity Identity => _process.Identity;

    /// <summary>Ends when the broker has ended, which it does not do by itself.</summary>
    public Task Ended => _process.Ended;

    /// <summary>Starts a broker with a cluster's topics.</summary>
    /// <exception cref="CommandFailedException">It did not start.</exception>
    public static async Task<BrokerProcess> StartAsync(PhysioOptions options, string folder, string? log, CancellationToken cancellationToken)
    {
        PhysioProcess process = PhysioProcess.Start(folder, ["dev-broker", "--attached", "--cluster", options.Cluster, "--set", $"Partitions={options.Partitions}"], log);
        try
        {
            string? line = await process.Output.ReadLineAsync(cancellationToken).AsTask().WaitAsync(s_patience, cancellationToken).ConfigureAwait(false);
            if (line is null)
                throw new CommandFailedException("The development broker did not start.", log is null ? "What it said stands above." : $"What it said stands in {log}.");
            return new(process, JsonSerializer.Deserialize<BrokerAnnouncement>(line, BrokerAnnouncement.Json)!);
        }
        catch
        {
            await process.DisposeAsync().ConfigureAwait(false);
            throw;
        }
    }

    /// <summary>Ends the broker; its log is gone.</summary>
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}

/// <summary>What a development broker says of itself, one line on its standard output, when it can be used.</summary>
/// <param name="Brokers">Its address.</param>
/// <param name="Incarnation">The incarnation of its log.</param>
internal sealed record BrokerAnnouncement(string Brokers, string Incarnation)
{
    /// <summary>The form of the line.</summary>
    public static JsonSerializerOptions Json { get; } = new(JsonSerializerDefaults.Web);
}
