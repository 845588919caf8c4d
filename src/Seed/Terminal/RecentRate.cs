namespace PhysioActors.Seed.Terminal;

/// <summary>How many a second, over the last few seconds up to now: when nothing is read any more, it falls to 0 as when nothing moves.</summary>
/// <param name="span">How far back it looks.</param>
/// <param name="time">The clock.</param>
internal sealed class RecentRate(TimeSpan span, TimeProvider time)
{
    private readonly Queue<(long At, long Count)> _readings = new();

    /// <summary>Takes a reading of the counter.</summary>
    public void Add(long count)
    {
        DropOld();
        _readings.Enqueue((time.GetTimestamp(), count));
    }

    /// <summary>The rate now.</summary>
    public double PerSecond
    {
        get
        {
            DropOld();
            if (_readings.Count == 0)
                return 0;
            (long firstAt, long first) = _readings.Peek();
            double seconds = time.GetElapsedTime(firstAt).TotalSeconds;
            return seconds > 0 ? (_readings.Last().Count - first) / seconds : 0;
        }
    }

    private void DropOld()
    {
        while (_readings.Count > 0 && time.GetElapsedTime(_readings.Peek().At) > span)
            _readings.Dequeue();
    }
}
