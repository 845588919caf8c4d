namespace PhysioActors.Processing.Runtime;

/// <summary>
/// Who must be woken when log time passes. An entry may be early (the patient's deadline has moved on since) but never late: the shard looks again when it is due.
/// Holds at most two entries a patient that waits for something.
/// </summary>
internal sealed class DeadlineQueue
{
    private readonly PriorityQueue<string, (long Ms, string Patient)> _queue = new(Comparer<(long Ms, string Patient)>.Create(
        static (a, b) => a.Ms != b.Ms ? a.Ms.CompareTo(b.Ms) : string.CompareOrdinal(a.Patient, b.Patient)));

    internal int Count => _queue.Count;

    internal void Add(string patient, long deadlineMs) => _queue.Enqueue(patient, (deadlineMs, patient));

    /// <summary>Takes the next patient due at <paramref name="logMs"/>, in the order of deadline and key.</summary>
    internal bool TryTake(long logMs, out string patient, out long deadlineMs)
    {
        if (_queue.TryPeek(out string? first, out (long Ms, string Patient) due) && due.Ms <= logMs)
        {
            _queue.Dequeue();
            patient = first;
            deadlineMs = due.Ms;
            return true;
        }

        patient = "";
        deadlineMs = 0;
        return false;
    }

    /// <summary>The patients due at <paramref name="logMs"/>, without taking them.</summary>
    internal IEnumerable<string> Due(long logMs)
    {
        // Rarely more than a few: the queue is not sorted inside, so all are looked at only when the first is due.
        if (!_queue.TryPeek(out _, out (long Ms, string Patient) first) || first.Ms > logMs)
            yield break;
        foreach ((string patient, (long Ms, string Patient) due) in _queue.UnorderedItems)
        {
            if (due.Ms <= logMs)
                yield return patient;
        }
    }

    internal void Clear() => _queue.Clear();
}
