using System.Globalization;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Seed.Terminal;

/// <summary>
/// Keeps account of an anomaly topic that is read from its start: how many events there are, repeats not counted, and which anomalies are open.
/// Its memory is bounded by the patients and their open anomalies: event ids rise per patient, so the highest one tells repeats.
/// </summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class AnomalyLedger
{
    private const int RecentEvents = 64;

    private readonly Dictionary<string, (long Sequence, int Ordinal)> _highest = new(StringComparer.Ordinal);
    private readonly Dictionary<string, AnomalyMessage> _open = new(StringComparer.Ordinal);
    private readonly Queue<AnomalyMessage> _recent = new();

    /// <summary>Events, repeats not counted.</summary>
    public long Distinct { get; private set; }

    /// <summary>Messages whose event had been seen before, or that came before an earlier one.</summary>
    public long Repeats { get; private set; }

    /// <summary>Events that began an anomaly.</summary>
    public long Raised { get; private set; }

    /// <summary>Anomalies that are open, each as last told but with the event time at which it began; most urgent first, then the oldest.</summary>
    public IReadOnlyList<AnomalyMessage> Open =>
        [.. _open.Values.OrderByDescending(anomaly => anomaly.Severity).ThenBy(anomaly => anomaly.EventTimeMs).ThenBy(anomaly => anomaly.AnomalyId, StringComparer.Ordinal)];

    /// <summary>The newest events, newest first.</summary>
    public IReadOnlyList<AnomalyMessage> Recent => [.. _recent.Reverse()];

    /// <summary>Takes the next message of the topic.</summary>
    /// <returns>False when it is a repeat.</returns>
    /// <exception cref="FormatException">The event id is not <c>patient/sequence/ordinal</c>.</exception>
    public bool Add(AnomalyMessage message)
    {
        (long, int) place = Place(message.EventId);
        if (_highest.TryGetValue(message.Patient, out (long, int) highest) && place.CompareTo(highest) <= 0)
        {
            Repeats++;
            return false;
        }

        _highest[message.Patient] = place;
        Distinct++;
        // A pause is no anomaly: it is among the latest events alone.
        bool isPause = message.Kind == AnomalyKind.Pause;
        if (message.State == AnomalyState.Raised && !isPause)
            Raised++;
        if (message.State == AnomalyState.Cleared || isPause)
            _open.Remove(message.AnomalyId);
        else
            _open[message.AnomalyId] = _open.TryGetValue(message.AnomalyId, out AnomalyMessage? before) ? message with { EventTimeMs = before.EventTimeMs } : message;
        _recent.Enqueue(message);
        if (_recent.Count > RecentEvents)
            _recent.Dequeue();
        return true;
    }

    private static (long Sequence, int Ordinal) Place(string eventId)
    {
        // A patient's id may hold a slash; the numbers are the last two parts.
        int second = eventId.LastIndexOf('/');
        int first = second > 0 ? eventId.LastIndexOf('/', second - 1) : -1;
        if (first > 0
            && long.TryParse(eventId.AsSpan(first + 1, second - first - 1), NumberStyles.None, CultureInfo.InvariantCulture, out long sequence)
            && int.TryParse(eventId.AsSpan(second + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int ordinal))
            return (sequence, ordinal);
        throw new FormatException($"The event id '{eventId}' is not patient/sequence/ordinal.");
    }
}
