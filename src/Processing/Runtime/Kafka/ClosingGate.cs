namespace PhysioActors.Processing.Runtime.Kafka;

/// <summary>Keeps a native client from being freed under a call of another thread: calls enter and leave, closing lets no more in and waits for those inside.</summary>
internal sealed class ClosingGate
{
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _empty = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _inside;
    private bool _closed;

    internal bool TryEnter()
    {
        lock (_gate)
        {
            if (_closed)
                return false;
            _inside++;
            return true;
        }
    }

    internal void Leave()
    {
        lock (_gate)
        {
            _inside--;
            if (_closed && _inside == 0)
                _empty.TrySetResult();
        }
    }

    /// <summary>Lets nobody in any more; the task ends when nobody is inside.</summary>
    internal Task CloseAsync()
    {
        lock (_gate)
        {
            _closed = true;
            if (_inside == 0)
                _empty.TrySetResult();
            return _empty.Task;
        }
    }
}
