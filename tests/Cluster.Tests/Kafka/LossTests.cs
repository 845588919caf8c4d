using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class LossTests
{
    [Fact]
    public async Task A_full_queue_pauses_its_partition_and_nothing_is_lost()
    {
        const int count = 20_000;
        using var ward = new Ward(2);
        ward.Produce(0, 0, count, 100);
        ward.Produce(1, 0, count, 100);
        await using var member = new Member(ward.Connection, ward.Options with { QueueRecords = 500 });
        await member.HoldsAsync(2);
        IShardQueue stuck = member.Log.Start(0, 0);
        IShardQueue free = member.Log.Start(1, 0);

        // One shard does nothing at all; the other gets everything meanwhile.
        List<InboundRecord> others = await Member.TakeAsync(free, count);
        Assert.Equal(Enumerable.Range(0, count), others.Select(record => (int)record.Offset));

        List<InboundRecord> waiting = [];
        while (stuck.TryTake(out InboundRecord record))
        {
            waiting.Add(record);
            Assert.InRange(waiting.Count, 0, 500 + 250);
        }

        waiting.AddRange(await Member.TakeAsync(stuck, count - waiting.Count));
        Assert.Equal(Enumerable.Range(0, count), waiting.Select(record => (int)record.Offset));
    }

    [Fact]
    public async Task An_offset_that_the_log_no_longer_has_is_told_and_reading_can_go_on_behind_it()
    {
        using var ward = new Ward(1);
        const int count = 1000;
        ward.Produce(0, 0, count, 20_000);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 3);
        OffsetLostException lost = await Assert.ThrowsAsync<OffsetLostException>(() => Member.TakeAsync(queue, 1));
        Assert.Equal((0, 3L), (lost.Partition, lost.Wanted));
        Assert.InRange(lost.First, 4, count);

        List<InboundRecord> records = await Member.TakeAsync(member.Log.Start(0, lost.First), count - (int)lost.First);
        Assert.Equal(lost.First, records[0].Offset);
        Assert.Equal(count - 1, Ward.NumberOf(records[^1].Value));
    }

    [Fact]
    public async Task Records_that_go_while_a_shard_is_slow_are_told_as_lost()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 200, 20_000);
        await using var member = new Member(ward.Connection, ward.Options with { QueueRecords = 50 });
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 0);
        List<InboundRecord> records = await Member.TakeAsync(queue, 10);
        ward.Produce(0, 200, 1000, 20_000);
        OffsetLostException lost = await Assert.ThrowsAsync<OffsetLostException>(async () =>
        {
            while (true)
                records.AddRange(await Member.TakeAsync(queue, 1));
        });
        Assert.Equal(Enumerable.Range(0, records.Count), records.Select(record => (int)record.Offset));
        Assert.Equal(records.Count, lost.Wanted);
        Assert.True(lost.First > lost.Wanted);

        // The loss may have been found while the log was still moving; what is told is where to look again.
        long first = (await new KafkaCluster(ward.Connection).BoundsAsync(ward.Names.Observations))[0].Low;
        Assert.InRange(lost.First, lost.Wanted + 1, first);
        Assert.Equal(first, (await Member.TakeAsync(member.Log.Start(0, first), 1))[0].Offset);
    }

    [Fact]
    public async Task An_offset_behind_the_end_of_the_log_is_told_as_another_log()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 10);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 11);
        InvalidDataException problem = await Assert.ThrowsAsync<InvalidDataException>(() => Member.TakeAsync(queue, 1));
        Assert.Contains("ends at offset 10, but 11", problem.Message, StringComparison.Ordinal);
    }
}
