namespace PhysioActors.Processing.Runtime;

/// <summary>Lets one waiter sleep until something was set since it last looked.</summary>
internal sealed class Signal
{
    private readonly Lock _lock = new();
    private TaskCompletionSource _source = new(TaskCreationOptions.RunContinuationsAsynchronously);

    internal void Set()
    {
        lock (_lock)
            _source.TrySetResult();
    }

    /// <summary>Waits for <see cref="Set"/>, which may have come before, and resets.</summary>
    internal async Task WaitAsync(CancellationToken cancellationToken)
    {
        Task task;
        lock (_lock)
            task = _source.Task;
        await task.WaitAsync(cancellationToken);
        lock (_lock)
        {
            if (_source.Task.IsCompleted)
                _source = new(TaskCreationOptions.RunContinuationsAsynchronously);
        }
    }
}
