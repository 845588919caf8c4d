namespace PhysioActors.Processing.Runtime.Postgres;

/// <summary>A token that ends with the caller's or after a time, and tells which it was.</summary>
internal sealed class CallLimit : IDisposable
{
    private readonly CancellationToken _caller;
    private readonly CancellationTokenSource _source;

    public CallLimit(TimeSpan time, CancellationToken caller)
    {
        _caller = caller;
        _source = CancellationTokenSource.CreateLinkedTokenSource(caller);
        _source.CancelAfter(time);
    }

    public CancellationToken Token => _source.Token;

    /// <summary>True when the error is a cancellation that the caller did not ask for: the time was up.</summary>
    public bool Explains(Exception error) => error is OperationCanceledException && !_caller.IsCancellationRequested;

    public void Dispose() => _source.Dispose();
}
