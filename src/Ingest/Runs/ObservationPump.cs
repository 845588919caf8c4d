using PhysioActors.Ingest.Producing;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Runs;

/// <summary>How a run is pumped.</summary>
/// <param name="Speed">Event time as a multiple of real time; null for as fast as it goes.</param>
/// <param name="Fraction">The share that is done, from the observations sent and the event time reached; null for a run without end.</param>
internal sealed record PumpOptions(double? Speed, Func<long, long, double>? Fraction);

/// <summary>Takes observations from where they are made to the sink, at the wished pace, and tells how far it has got.</summary>
internal sealed class ObservationPump(IObservationSink sink, PumpOptions options, IProgress<IngestProgress>? progress, TimeProvider time)
{
    private static readonly TimeSpan _interval = TimeSpan.FromMilliseconds(500);
    private static readonly TimeSpan _grace = TimeSpan.FromSeconds(10);

    private long _reportedAt;
    private long _reportedSent;

    /// <summary>Observations sent.</summary>
    public long Sent { get; private set; }

    /// <summary>Event time of the first observation sent, milliseconds since 1970 UTC; null before.</summary>
    public long? FirstMs { get; private set; }

    /// <summary>Event time of the last observation sent, milliseconds since 1970 UTC.</summary>
    public long LastMs { get; private set; }

    /// <summary>
    /// Sends everything and waits for the acknowledgements. When cancelled it stops sending, gives the broker ten seconds to acknowledge what was sent, and returns false.
    /// </summary>
    /// <exception cref="IngestException">An observation cannot be delivered.</exception>
    public async Task<bool> RunAsync(IEnumerable<ObservationDraft> observations, CancellationToken cancellationToken)
    {
        _reportedAt = time.GetTimestamp();
        EventTimePacer? pacer = options.Speed is { } speed ? new EventTimePacer(speed, time) : null;
        Action onSlice = () => Report(null);
        Action<string> onWaiting = Report;
        try
        {
            foreach (ObservationDraft draft in observations)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (pacer is not null)
                    await pacer.WaitAsync(draft.TimeMs, onSlice, cancellationToken).ConfigureAwait(false);
                await sink.SendAsync(draft, onWaiting, cancellationToken).ConfigureAwait(false);
                FirstMs ??= draft.TimeMs;
                LastMs = draft.TimeMs;
                if ((++Sent & 63) == 0)
                    Report(null);
            }

            await sink.FlushAsync(onWaiting, cancellationToken).ConfigureAwait(false);
            Tell(null);
            return true;
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            await GiveGraceAsync(onWaiting).ConfigureAwait(false);
            return false;
        }
    }

    /// <summary>Puts the summary of the run together.</summary>
    public ProducedSummary Summarise(string runId, bool completed, int patients, TimeSpan elapsed, IReadOnlyList<DeliveredPartition> partitions) =>
        new(
            runId,
            completed,
            patients,
            Sent,
            sink.Acknowledged,
            FirstMs is { } first ? DateTimeOffset.FromUnixTimeMilliseconds(first) : null,
            FirstMs is null ? null : DateTimeOffset.FromUnixTimeMilliseconds(LastMs),
            elapsed,
            partitions);

    private async Task GiveGraceAsync(Action<string> onWaiting)
    {
        using CancellationTokenSource grace = new(_grace, time);
        try
        {
            await sink.FlushAsync(onWaiting, grace.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (grace.IsCancellationRequested)
        {
            // The summary tells how many were sent and how many acknowledged.
        }
    }

    private void Report(string? waiting)
    {
        if (time.GetElapsedTime(_reportedAt) >= _interval)
            Tell(waiting);
    }

    private void Tell(string? waiting)
    {
        if (progress is null)
            return;
        double seconds = time.GetElapsedTime(_reportedAt).TotalSeconds;
        double rate = seconds > 0 ? (Sent - _reportedSent) / seconds : 0;
        _reportedAt = time.GetTimestamp();
        _reportedSent = Sent;
        double? fraction = options.Fraction is { } share ? Math.Clamp(share(Sent, LastMs), 0, 1) : null;
        progress.Report(new IngestProgress(Sent, sink.Acknowledged, rate, DateTimeOffset.FromUnixTimeMilliseconds(LastMs), fraction, waiting));
    }
}
