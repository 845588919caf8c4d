namespace PhysioActors.Processing.Runtime;

/// <summary>Waits that double from 50 ms to a bound, with a share that differs by shard and node so that rivals do not keep step.</summary>
internal sealed class Backoff(TimeProvider time, TimeSpan maximum, int seed)
{
    private const int FirstMs = 50;

    private int _attempt;

    internal void Reset() => _attempt = 0;

    internal Task WaitAsync(CancellationToken cancellationToken)
    {
        double ms = Math.Min(maximum.TotalMilliseconds, FirstMs * Math.Pow(2, Math.Min(_attempt, 12)));
        uint mixed = (uint)((seed * 2654435761L) + (_attempt * 40503L)) >> 8;
        _attempt++;
        return Task.Delay(TimeSpan.FromMilliseconds((ms * 0.75) + (ms * 0.5 * (mixed & 0xFF) / 256)), time, cancellationToken);
    }
}
