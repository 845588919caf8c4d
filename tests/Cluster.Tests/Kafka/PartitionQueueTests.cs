using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class PartitionQueueTests
{
    private static readonly TimeSpan s_long = TimeSpan.FromMinutes(5);

    private int _halves;

    [Fact]
    public void A_queue_says_once_that_it_is_full_and_once_that_half_is_taken()
    {
        PartitionQueue queue = Queue(records: 4);
        Assert.Equal([false, false, false, true], Enumerable.Range(0, 4).Select(i => queue.Add(Record(i))));
        Assert.True(queue.IsFull);
        Take(queue, 1);
        Assert.Equal(0, _halves);
        Take(queue, 1);
        Assert.Equal(1, _halves);
        Assert.False(queue.IsFull);
        Take(queue, 2);
        Assert.Equal(1, _halves);
    }

    [Fact]
    public void Bytes_fill_a_queue_as_records_do()
    {
        PartitionQueue queue = Queue(records: 1000, bytes: 100);
        Assert.False(queue.Add(Record(0, 60)));
        Assert.True(queue.Add(Record(1, 60)));
        Take(queue, 1);
        Assert.Equal(0, _halves);
        Take(queue, 1);
        Assert.Equal(1, _halves);
    }

    [Fact]
    public async Task A_waiting_shard_is_woken_by_a_record()
    {
        PartitionQueue queue = Queue();
        Task<bool> waiting = queue.WaitAsync(s_long, CancellationToken.None).AsTask();
        Assert.False(waiting.IsCompleted);
        queue.Add(Record(7));
        Assert.True(await waiting.WaitAsync(Ward.Patience));
        Assert.True(queue.TryTake(out InboundRecord record));
        Assert.Equal(7, record.Offset);
    }

    [Fact]
    public async Task A_wait_that_timed_out_is_no_end()
    {
        Assert.True(await Queue().WaitAsync(TimeSpan.FromMilliseconds(1), CancellationToken.None));
    }

    [Fact]
    public async Task An_ended_reading_gives_nothing_more()
    {
        PartitionQueue queue = Queue();
        queue.Add(Record(0));
        Task<bool> waiting = queue.WaitAsync(s_long, CancellationToken.None).AsTask();
        Assert.True(await waiting);
        queue.End();
        Assert.False(queue.TryTake(out _));
        Assert.False(await queue.WaitAsync(s_long, CancellationToken.None));
        Assert.False(queue.Add(Record(1)));
        Assert.False(queue.TryTake(out _));
    }

    [Fact]
    public async Task A_loss_is_told_only_after_what_was_read_before_it()
    {
        PartitionQueue queue = Queue();
        queue.Add(Record(0));
        queue.Fail(new OffsetLostException(3, 1, 9));
        Assert.True(await queue.WaitAsync(s_long, CancellationToken.None));
        Take(queue, 1);
        OffsetLostException lost = await Assert.ThrowsAsync<OffsetLostException>(async () => await queue.WaitAsync(s_long, CancellationToken.None));
        Assert.Equal((3, 1L, 9L), (lost.Partition, lost.Wanted, lost.First));
    }

    [Fact]
    public async Task Nothing_is_lost_between_a_fast_adder_and_a_fast_taker()
    {
        const int count = 50_000;
        PartitionQueue queue = Queue(records: 64);
        Task adder = Task.Run(() =>
        {
            var turn = new SpinWait();
            for (int i = 0; i < count; i++)
            {
                if (!queue.Add(Record(i)))
                    continue;
                while (queue.IsFull)
                    turn.SpinOnce();
            }
        });
        long next = 0;
        while (next < count)
        {
            if (queue.TryTake(out InboundRecord record))
                Assert.Equal(next++, record.Offset);
            else
                Assert.True(await queue.WaitAsync(Ward.Patience, CancellationToken.None));
        }

        await adder.WaitAsync(Ward.Patience);
    }

    private PartitionQueue Queue(int records = 100, int bytes = 1 << 20) => new(3, 0, _ => _halves++, records, bytes);

    private static InboundRecord Record(long offset, int bytes = 1) => new(offset, 0, default, new byte[bytes], RecordType.Observation, RecordContent.Json);

    private static void Take(PartitionQueue queue, int count)
    {
        for (int i = 0; i < count; i++)
            Assert.True(queue.TryTake(out _));
    }
}
