using Microsoft.Extensions.Logging;

namespace PhysioActors.Seed.Postgres;

/// <summary>Starts an embedded server again when it ends unasked, in the same place and under the same connection string.</summary>
/// <param name="postgres">The server, started.</param>
/// <param name="logger">Where it is told.</param>
/// <param name="time">The clock.</param>
internal sealed class PostgresSupervisor(EmbeddedPostgres postgres, ILogger logger, TimeProvider time)
{
    private static readonly TimeSpan s_look = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan s_pause = TimeSpan.FromSeconds(5);

    private bool _isDown;

    /// <summary>Supervises until cancelled; then the server is its owner's to stop.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(s_look, time, cancellationToken).ConfigureAwait(false);
                if (!postgres.IsAlive)
                    await StartAgainAsync(cancellationToken).ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The environment ends.
        }
    }

    private async Task StartAgainAsync(CancellationToken cancellationToken)
    {
        if (!_isDown)
            logger.LogError("The embedded PostgreSQL (process {Process}) ended unasked and is started again.", postgres.ProcessId);
        _isDown = true;
        try
        {
            await postgres.StartAgainAsync(cancellationToken).ConfigureAwait(false);
            _isDown = false;
            logger.LogWarning("The embedded PostgreSQL runs again (process {Process}).", postgres.ProcessId);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            logger.LogError("The embedded PostgreSQL did not start and is tried again in {Pause} s; its own words stand in server.log beside its data. {Reason}", s_pause.TotalSeconds, exception.Message.ReplaceLineEndings("\n").Split('\n')[0]);
            await Task.Delay(s_pause, time, cancellationToken).ConfigureAwait(false);
        }
    }
}
