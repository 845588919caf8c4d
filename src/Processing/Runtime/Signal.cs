namespace PhysioActors.Processing.Runtime;

/// <summary>Lets one waiter sleep until something was set since it last looked.</summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource? _waiter;
    private bool _isSet;

    internal void Set()
    {
        TaskCompletionSource? waiter;
        lock (_lock)
        {
            _isSet = true;
            waiter = _waiter;
        }

        waiter?.TrySetResult();
    }

    /// <summary>Waits for <see cref="Set"/>, which may have come before, and resets.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        var waiter = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_lock)
        {
            _waiter = waiter;
            if (_isSet)
                waiter.TrySetResult();
        }

        await using (cancellationToken.UnsafeRegister(static (state, token) => ((TaskCompletionSource)state!).TrySetCanceled(token), waiter))
            await waiter.Task;
        lock (_lock)
        {
            _waiter = null;
            _isSet = false;
        }
    }
}
