using Microsoft.Extensions.Logging;

namespace PhysioActors.Seed.Composition;

/// <summary>Runs a node in a process of its own, and starts it again when it ends unasked.</summary>
/// <param name="folder">The node's current folder.</param>
/// <param name="arguments">Its arguments.</param>
/// <param name="log">The file its messages go to; null for our standard error.</param>
/// <param name="logger">Where restarts are told.</param>
/// <param name="time">The clock.</param>
internal sealed class NodeProcess(string folder, IReadOnlyList<string> arguments, string? log, ILogger logger, TimeProvider time)
{
    /// <summary>A node that ran shorter than this failed at its start, and starts again later and later.</summary>
    private static readonly TimeSpan s_stable = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan s_longestPause = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    /// <summary>How often it ended unasked.</summary>
    public int Restarts { get; private set; }

    /// <summary>False while it is being started again.</summary>
    public bool IsRunning { get; private set; }

    /// <summary>Keeps the node running until cancelled, then stops it.</summary>
    /// <param name="started">Told each time it was started.</param>
    /// <param name="cancellationToken">Stops it.</param>
    /// <exception cref="CommandFailedException">The node says that its command line or configuration is wrong; starting it again would not help.</exception>
    public async Task RunAsync(Action<ProcessIdentity> started, CancellationToken cancellationToken)
    {
        TimeSpan pause = TimeSpan.FromSeconds(1);
        while (!cancellationToken.IsCancellationRequested)
        {
            long since = time.GetTimestamp();
            await using PhysioProcess process = PhysioProcess.Start(folder, ["node", "--attached", .. arguments], log);
            IsRunning = true;
            started(process.Identity);
            // It has nothing to say there, but nobody may wait for a full pipe.
            _ = process.Output.BaseStream.CopyToAsync(Stream.Null, CancellationToken.None);
            try
            {
                await process.Ended.WaitAsync(cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                await process.StopAsync(s_patience).ConfigureAwait(false);
                return;
            }
            finally
            {
                IsRunning = false;
            }

            if (cancellationToken.IsCancellationRequested)
                return;
            if (process.ExitCode == ExitCodes.Usage)
                throw new CommandFailedException("The node did not start.", log is null ? "What it said stands above." : $"What it said stands in {log}.", ExitCodes.Usage);
            Restarts++;
            pause = time.GetElapsedTime(since) > s_stable ? TimeSpan.FromSeconds(1) : pause;
            logger.LogWarning("The node ended with exit code {ExitCode} and starts again in {Pause} s.", process.ExitCode, pause.TotalSeconds);
            try
            {
                await Task.Delay(pause, time, cancellationToken).ConfigureAwait(false);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            pause = pause * 2 < s_longestPause ? pause * 2 : s_longestPause;
        }
    }
}
