using Microsoft.Extensions.Logging;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Scoring;

namespace PhysioActors.Processing.Runtime;

/// <summary>A node: takes part in the group, and serves a shard for every partition that is assigned to it.</summary>
/// <param name="topic">The inbound topic, as dead letters name it.</param>
/// <param name="options">The runtime's options.</param>
/// <param name="configuration">What patient actors are configured with.</param>
/// <param name="model">The model that scores; null for none.</param>
/// <param name="inbound">The inbound log.</param>
/// <param name="journal">The journal.</param>
/// <param name="outputs">The output topics.</param>
/// <param name="time">The clock.</param>
/// <param name="log">The log.</param>
/// <remarks>Shards run on the task scheduler on which <see cref="RunAsync"/> is called: the thread pool in production, one thread in a simulation.</remarks>
public sealed class ProcessingNode(
    string topic, NodeOptions options, ActorConfiguration configuration, IsolationForest? model,
    IInboundLog inbound, IJournal journal, IOutputs outputs, TimeProvider time, ILogger log) : IShardHost
{
    private static readonly TimeSpan s_drainTime = TimeSpan.FromSeconds(5);

    private readonly Dictionary<int, (ShardRunner Runner, Task Task)> _shards = [];
    private readonly Dictionary<int, Task> _ending = [];
    private readonly Lock _lock = new();
    private readonly CancellationTokenSource _failed = new();
    private TaskScheduler _scheduler = TaskScheduler.Default;
    private Exception? _failure;

    /// <summary>Makes the actor of a shard.</summary>
    internal Func<PatientActor> Actors { get; init; } = () => new(configuration, model);

    /// <summary>The shards served now, in order.</summary>
    public IReadOnlyList<int> Shards
    {
        get
        {
            lock (_lock)
                return [.. _shards.Keys.Order()];
        }
    }

    /// <summary>Serves until cancelled; then gives the shards back.</summary>
    /// <exception cref="LogIncarnationException">The journal belongs to another incarnation of the inbound log.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _scheduler = TaskScheduler.Current;
        using var both = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _failed.Token);
        try
        {
            await inbound.RunAsync(this, both.Token);
        }
        catch (OperationCanceledException) when (both.IsCancellationRequested)
        {
        }
        finally
        {
            await RevokedAsync(Shards);
        }

        if (_failure is not null)
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(_failure);
    }

    /// <inheritdoc/>
    public void Assigned(IReadOnlyList<int> partitions)
    {
        ArgumentNullException.ThrowIfNull(partitions);
        lock (_lock)
        {
            foreach (int partition in partitions)
            {
                if (_shards.ContainsKey(partition))
                    continue;
                // An earlier runner of the same shard may still await its last commit on the shard's one connection.
                Task earlier = _ending.GetValueOrDefault(partition, Task.CompletedTask);
                var runner = new ShardRunner(partition, topic, options, Actors(), inbound, journal, outputs, time, log);
                Task task = Task.Factory.StartNew(() => ServeAsync(runner, earlier), CancellationToken.None, TaskCreationOptions.DenyChildAttach, _scheduler).Unwrap();
                _shards.Add(partition, (runner, task));
                _ = task.ContinueWith(Ended, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, _scheduler);
            }
        }
    }

    /// <inheritdoc/>
    public async Task RevokedAsync(IReadOnlyList<int> partitions)
    {
        List<Task> ending = Remove(partitions);
        try
        {
            await Task.WhenAll(ending).WaitAsync(s_drainTime, time);
        }
        catch (Exception exception) when (exception is TimeoutException or LogIncarnationException)
        {
            // What is not drained in time is fenced by the next owner; a failed shard was reported by itself.
        }
    }

    /// <inheritdoc/>
    public void Lost(IReadOnlyList<int> partitions) => Remove(partitions);

    private List<Task> Remove(IReadOnlyList<int> partitions)
    {
        var ending = new List<Task>();
        lock (_lock)
        {
            foreach (int partition in partitions)
            {
                if (!_shards.Remove(partition, out (ShardRunner Runner, Task Task) shard))
                    continue;
                shard.Runner.Stop();
                _ending[partition] = shard.Task;
                ending.Add(shard.Task);
            }
        }

        return ending;
    }

    private static async Task ServeAsync(ShardRunner runner, Task earlier)
    {
        await ((Task)earlier.ContinueWith(static _ => { }, CancellationToken.None, TaskContinuationOptions.None, TaskScheduler.Current));
        await runner.RunAsync();
    }

    private void Ended(Task task)
    {
        _failure ??= task.Exception?.InnerException;
        _failed.Cancel();
    }
}
