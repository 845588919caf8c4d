using PhysioActors.Shared.Observations;

namespace PhysioActors.Ingest.Producing;

/// <summary>Takes observations to where they are processed. Used by one caller at a time.</summary>
public interface IObservationSink
{
    /// <summary>How many observations the other side has acknowledged.</summary>
    long Acknowledged { get; }

    /// <summary>
    /// Takes over an observation; the draft may be filled anew when this returns. Waits while there is no room for it.
    /// </summary>
    /// <param name="draft">The observation; its patient is a canonical <c>namespace:id</c>.</param>
    /// <param name="waiting">Told the reason again and again for as long as it waits.</param>
    /// <param name="cancellationToken">Ends the waiting; the observation was then not taken over.</param>
    /// <exception cref="IngestException">This or an earlier observation cannot be delivered, now or ever.</exception>
    ValueTask SendAsync(ObservationDraft draft, Action<string> waiting, CancellationToken cancellationToken);

    /// <summary>Waits until all that was taken over is acknowledged.</summary>
    /// <param name="waiting">Told the reason again and again for as long as it waits.</param>
    /// <param name="cancellationToken">Ends the waiting.</param>
    /// <exception cref="IngestException">An observation cannot be delivered.</exception>
    ValueTask FlushAsync(Action<string> waiting, CancellationToken cancellationToken);
}
