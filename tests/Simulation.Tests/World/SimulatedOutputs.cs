using PhysioActors.Processing.Runtime;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>A node's producers: with transactions as a real broker has them, or with acknowledgements and progress in the journal as the development broker needs it.</summary>
internal sealed class SimulatedOutputs(SimulatedBroker broker, IJournal journal, FaultyCalls calls, bool transactional) : IOutputs
{
    public async ValueTask<IShardPublisher> OpenAsync(int shard, long epoch, CancellationToken cancellationToken)
    {
        if (!calls.Plan.IsOver && calls.Plan.Dice.Chance(0.02))
            throw new InvalidOperationException("what nobody foresaw");
        return await OpenPublisherAsync(shard, epoch);
    }

    private async ValueTask<IShardPublisher> OpenPublisherAsync(int shard, long epoch) => transactional
        ? new Transactional(broker, journal, calls, shard, epoch, await Call(() => broker.OpenPublisher(shard)))
        : new Acknowledged(broker, journal, calls, shard, epoch);

    public void PublishEstimate(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, long timestampMs) => broker.Estimates.Add(value.ToArray());

    private ValueTask<T> Call<T>(Func<T> carryOut) => calls.CallAsync(carryOut, static why => new OutputsUnavailableException(why));

    private sealed class Transactional(SimulatedBroker broker, IJournal journal, FaultyCalls calls, int shard, long epoch, object id) : IShardPublisher
    {
        public ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken) =>
            calls.CallAsync(() => broker.Progress(shard), static why => new OutputsUnavailableException(why));

        public async ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
        {
            bool fenced = await calls.CallAsync(
                () =>
                {
                    if (broker.IsFenced(shard, id))
                        return true;
                    broker.Publish(shard, rows);
                    return false;
                },
                static why => new OutputsUnavailableException(why));
            if (fenced)
                throw new PublisherFencedException("fenced");
            await journal.SavePublishedAsync(shard, epoch, rows[^1].Sequence, cancellationToken);
        }

        public async ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken)
        {
            bool fenced = await calls.CallAsync(() => broker.IsFenced(shard, id) || !broker.ResetProgress(shard, published), static why => new OutputsUnavailableException(why));
            if (fenced)
                throw new PublisherFencedException("fenced");
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    private sealed class Acknowledged(SimulatedBroker broker, IJournal journal, FaultyCalls calls, int shard, long epoch) : IShardPublisher
    {
        public ValueTask<long> ReadProgressAsync(CancellationToken cancellationToken) => journal.ReadPublishedAsync(shard, cancellationToken);

        public async ValueTask PublishAsync(IReadOnlyList<OutboxRow> rows, CancellationToken cancellationToken)
        {
            foreach (OutboxRow row in rows)
            {
                await calls.CallAsync(
                    () =>
                    {
                        broker.Publish(shard, row);
                        return true;
                    },
                    static why => new OutputsUnavailableException(why));
            }

            if (!await journal.SavePublishedAsync(shard, epoch, rows[^1].Sequence, cancellationToken))
                throw new PublisherFencedException("an older epoch");
        }

        public ValueTask ResetProgressAsync(long published, CancellationToken cancellationToken) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
