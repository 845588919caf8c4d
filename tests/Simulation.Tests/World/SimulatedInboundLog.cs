using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>A node's consumer.</summary>
internal sealed class SimulatedInboundLog(SimulatedBroker broker, SimulatedProcess process, FaultPlan plan) : IInboundLog
{
    private readonly Dictionary<int, SimulatedQueue> _queues = [];
    private SimulatedBroker.Member? _member;

    public async Task RunAsync(IShardHost host, CancellationToken cancellationToken)
    {
        while (true)
        {
            _member = broker.Join(process, host);
            while (broker.Heartbeat(_member))
                await Task.Delay(TimeSpan.FromSeconds(1), process.Time, cancellationToken);
            int[] lost = [.. _member.Held];
            _member.Held.Clear();
            foreach (int partition in lost)
                _queues.GetValueOrDefault(partition)?.End();
            host.Lost(lost);
        }
    }

    public IShardQueue Start(int partition, long offset)
    {
        _queues.GetValueOrDefault(partition)?.End();
        var queue = new SimulatedQueue(broker, process, plan, partition, offset);
        _queues[partition] = queue;
        return queue;
    }

    public void AppendTick(int partition, long epoch)
    {
        if (!plan.IsOver && plan.Dice.Chance(0.05))
            return;
        broker.Append(partition, process.World.NowMs, [], System.Text.Encoding.UTF8.GetBytes($$"""{"v":1,"partition":{{partition}},"epoch":{{epoch}}}"""), RecordType.Tick);
    }

    public void Acknowledge(int partition, long nextOffset)
    {
    }

    public async ValueTask<bool> ConfirmAssignmentAsync(int partition, CancellationToken cancellationToken)
    {
        await Task.Delay(TimeSpan.FromMilliseconds(plan.Dice.Between(1, 10)), process.Time, cancellationToken);
        return _member is { } member && broker.Confirm(member, partition);
    }

    private sealed class SimulatedQueue : IShardQueue
    {
        private readonly SimulatedBroker _broker;
        private readonly SimulatedProcess _process;
        private readonly FaultPlan _plan;
        private readonly int _partition;
        private long _next;
        private long _fetched;
        private bool _ended;
        private TaskCompletionSource? _waiter;

        internal SimulatedQueue(SimulatedBroker broker, SimulatedProcess process, FaultPlan plan, int partition, long offset)
        {
            _broker = broker;
            _process = process;
            _plan = plan;
            _partition = partition;
            _next = _fetched = offset;
            Fetch();
        }

        public bool TryTake(out InboundRecord record)
        {
            if (_ended || _next >= _fetched)
            {
                record = default;
                return false;
            }

            record = _broker.Log(_partition)[(int)_next++];
            return true;
        }

        public async ValueTask<bool> WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
        {
            if (_ended)
                return false;
            if (_next < _fetched)
                return true;
            var waiter = new TaskCompletionSource();
            _waiter = waiter;
            using CancellationTokenRegistration registration = cancellationToken.Register(() => waiter.TrySetCanceled(cancellationToken));
            await using ITimer timer = _process.Time.CreateTimer(_ => waiter.TrySetResult(), null, timeout, Timeout.InfiniteTimeSpan);
            await waiter.Task;
            return !_ended;
        }

        internal void End()
        {
            _ended = true;
            _waiter?.TrySetResult();
        }

        /// <summary>A fetch brings some of what is there, after a while.</summary>
        private void Fetch() => _process.World.After(TimeSpan.FromMilliseconds(_plan.Dice.Between(1, 15)), _process, () =>
        {
            if (_ended)
                return;
            long end = _broker.Log(_partition).Count;
            if (_fetched < end)
            {
                _fetched = Math.Min(end, _fetched + 1 + _plan.Dice.Below(40));
                _waiter?.TrySetResult();
                Fetch();
                return;
            }

            _broker.Appended += Wake;

            void Wake(int partition)
            {
                if (partition != _partition)
                    return;
                _broker.Appended -= Wake;
                Fetch();
            }
        });
    }
}
