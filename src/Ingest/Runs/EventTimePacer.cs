namespace PhysioActors.Ingest.Runs;

/// <summary>Lets event time pass at a multiple of real time. A run that fell behind (while it waited for room) catches up.</summary>
internal sealed class EventTimePacer(double speed, TimeProvider time)
{
    /// <summary>The fastest that is paced; beyond it, run without a pacer.</summary>
    public const double MaximumSpeed = 1_000_000;

    private static readonly TimeSpan _slice = TimeSpan.FromMilliseconds(500);

    private long? _firstEventMs;
    private long _since;

    /// <summary>Waits until an observation of <paramref name="eventMs"/> is due. <paramref name="onSlice"/> is called about every half second of waiting.</summary>
    public ValueTask WaitAsync(long eventMs, Action onSlice, CancellationToken cancellationToken)
    {
        if (_firstEventMs is null)
        {
            _firstEventMs = eventMs;
            _since = time.GetTimestamp();
        }

        TimeSpan due = TimeSpan.FromMilliseconds((eventMs - _firstEventMs.Value) / speed);
        return Remaining(due) < TimeSpan.FromMilliseconds(1) ? ValueTask.CompletedTask : SleepAsync(due, onSlice, cancellationToken);
    }

    private async ValueTask SleepAsync(TimeSpan due, Action onSlice, CancellationToken cancellationToken)
    {
        for (TimeSpan left = Remaining(due); left >= TimeSpan.FromMilliseconds(1); left = Remaining(due))
        {
            await Task.Delay(left < _slice ? left : _slice, time, cancellationToken).ConfigureAwait(false);
            onSlice();
        }
    }

    private TimeSpan Remaining(TimeSpan due) => due - time.GetElapsedTime(_since);
}
