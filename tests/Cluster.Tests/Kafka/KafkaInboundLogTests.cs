using System.Text;

using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class KafkaInboundLogTests
{
    [Fact]
    public async Task A_reading_begins_at_the_given_offset_and_keeps_the_order()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 2000);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        List<InboundRecord> records = await Member.TakeAsync(member.Log.Start(0, 500), 1500);
        Assert.Equal(Enumerable.Range(500, 1500), records.Select(record => (int)record.Offset));
        Assert.Equal(Enumerable.Range(500, 1500), records.Select(record => Ward.NumberOf(record.Value)));
    }

    [Fact]
    public async Task A_reading_at_the_end_waits_for_the_next_record()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 10);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 10);
        ward.Produce(0, 10, 1);
        Assert.Equal(10, (await Member.TakeAsync(queue, 1))[0].Offset);
    }

    [Fact]
    public async Task Reading_again_from_before_ends_the_former_reading_and_gives_nothing_of_it()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 5000);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        IShardQueue former = member.Log.Start(0, 0);
        await Member.TakeAsync(former, 3000);
        foreach (int offset in (int[])[100, 4000, 0, 2500])
        {
            IShardQueue queue = member.Log.Start(0, offset);
            Assert.False(former.TryTake(out _));
            Assert.False(await former.WaitAsync(Ward.Patience, CancellationToken.None));
            List<InboundRecord> records = await Member.TakeAsync(queue, 1000);
            Assert.Equal(Enumerable.Range(offset, 1000), records.Select(record => (int)record.Offset));
            former = queue;
        }
    }

    [Fact]
    public async Task Two_nodes_share_the_partitions_and_one_takes_over_from_the_other()
    {
        using var ward = new Ward(4);
        await using var first = new Member(ward.Connection, ward.Options);
        await first.HoldsAsync(4);
        IShardQueue[] all = [.. Enumerable.Range(0, 4).Select(partition => first.Log.Start(partition, 0))];

        var second = new Member(ward.Connection, ward.Options);
        int[] theirs = await second.HoldsAsync(2);
        int[] ours = await first.HoldsAsync(2);
        Assert.Equal([0, 1, 2, 3], ours.Concat(theirs).Order());
        foreach (int partition in theirs)
            await Member.EndAsync(all[partition]);

        foreach (int partition in Enumerable.Range(0, 4))
            ward.Produce(partition, 0, 100);
        foreach (int partition in ours)
            Assert.Equal(99, (await Member.TakeAsync(all[partition], 100))[^1].Offset);
        foreach (int partition in theirs)
            Assert.Equal(99, (await Member.TakeAsync(second.Log.Start(partition, 0), 100))[^1].Offset);

        await second.DisposeAsync();
        await first.HoldsAsync(4);
        foreach (int partition in theirs)
            Assert.Equal(50, (await Member.TakeAsync(first.Log.Start(partition, 50), 50))[0].Offset);
    }

    [Fact]
    public async Task Partitions_are_given_away_only_when_their_shards_have_stopped()
    {
        using var ward = new Ward(2);
        var stopped = new TaskCompletionSource();
        int[] given = [];
        await using var first = new Member(ward.Connection, ward.Options with { SessionTimeout = TimeSpan.FromSeconds(30), RevocationPatience = TimeSpan.FromSeconds(25) }, partitions =>
        {
            given = [.. partitions];
            return stopped.Task;
        });
        await first.HoldsAsync(2);
        await using var second = new Member(ward.Connection, ward.Options with { SessionTimeout = TimeSpan.FromSeconds(30) });
        Task<int[]> taken = second.HoldsAsync(1);
        await first.HoldsAsync(1);
        Assert.False(taken.IsCompleted);
        stopped.SetResult();
        Assert.Equal(given, await taken);
    }

    [Fact]
    public async Task A_host_that_never_stops_does_not_keep_a_node_from_leaving()
    {
        using var ward = new Ward(1);
        var member = new Member(ward.Connection, ward.Options with { RevocationPatience = TimeSpan.FromMilliseconds(50) }, _ => new TaskCompletionSource().Task);
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 0);
        await member.DisposeAsync();
        await Member.EndAsync(queue);
    }

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
    public async Task Records_stay_as_they_were_read_however_large()
    {
        using var ward = new Ward(1);
        int[] sizes = [8, 100_000, 40_000, 8, 16_385, 16_384, 65_536, 9];
        for (int i = 0; i < sizes.Length; i++)
            ward.Produce(0, i, 1, sizes[i]);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        List<InboundRecord> records = await Member.TakeAsync(member.Log.Start(0, 0), sizes.Length);
        for (int i = 0; i < sizes.Length; i++)
            Assert.Equal(Ward.Value(i, sizes[i]), records[i].Value.ToArray());
    }

    [Fact]
    public async Task Headers_say_what_a_record_is()
    {
        using var ward = new Ward(1);
        ward.Produce(0, "a"u8.ToArray(), key: "default:7"u8.ToArray());
        ward.Produce(0, "b"u8.ToArray(), new() { { "type", "command"u8.ToArray() }, { "content-type", "application/x-protobuf"u8.ToArray() } });
        ward.Produce(0, "c"u8.ToArray(), new() { { "other", "x"u8.ToArray() }, { "type", "dance"u8.ToArray() }, { "content-type", "text/xml"u8.ToArray() } });
        ward.Produce(0, "d"u8.ToArray(), new() { { "type", "command"u8.ToArray() }, { "type", "tick"u8.ToArray() }, { "content-type", "application/json; charset=utf-8"u8.ToArray() } });
        ward.Produce(0, [], new() { { "type", null } });
        ward.Flush();
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        List<InboundRecord> records = await Member.TakeAsync(member.Log.Start(0, 0), 5);
        Assert.Equal("default:7", Encoding.UTF8.GetString(records[0].Key.Span));
        Assert.True(records[1].Key.IsEmpty);
        Assert.True(records[4].Value.IsEmpty);
        Assert.Equal(
            [
                (RecordType.Observation, RecordContent.Json), (RecordType.Command, RecordContent.Protobuf), (RecordType.Unknown, RecordContent.Unknown),
                (RecordType.Tick, RecordContent.Json), (RecordType.Unknown, RecordContent.Json),
            ],
            records.Select(record => (record.Type, record.Content)));
    }

    [Fact]
    public async Task A_tick_comes_back_on_its_own_partition()
    {
        using var ward = new Ward(3);
        await using var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(3);
        IShardQueue queue = member.Log.Start(2, 0);
        long before = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        member.Log.AppendTick(2, 41);
        InboundRecord tick = (await Member.TakeAsync(queue, 1))[0];
        Assert.Equal(RecordType.Tick, tick.Type);
        Assert.True(tick.Key.IsEmpty);
        Assert.InRange(tick.TimestampMs, before, before + (long)Ward.Patience.TotalMilliseconds);
        Assert.Equal("""{"v":1,"partition":2,"epoch":41}""", Encoding.UTF8.GetString(tick.Value.Span));
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
        Assert.Equal(lost.First, (await Member.TakeAsync(member.Log.Start(0, lost.First), 1))[0].Offset);
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

    [Fact]
    public async Task A_member_confirms_what_it_holds_and_nothing_else()
    {
        using var ward = new Ward(2);
        await using var member = new Member(ward.Connection, ward.Options);
        Assert.False(await member.Log.ConfirmAssignmentAsync(0, CancellationToken.None));
        await member.HoldsAsync(2);
        Assert.True(await member.Log.ConfirmAssignmentAsync(0, CancellationToken.None));
        member.Log.Start(1, 0);
        Assert.True(await member.Log.ConfirmAssignmentAsync(1, CancellationToken.None));
        Assert.False(await member.Log.ConfirmAssignmentAsync(2, CancellationToken.None));
        await member.LeaveAsync();
        Assert.False(await member.Log.ConfirmAssignmentAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task A_member_that_the_group_expelled_unseen_cannot_confirm()
    {
        using var ward = new Ward(1);

        // Heartbeats so rare that the coordinator gives the member up, which learns of it only by asking.
        var silent = new KafkaConnection(ward.Broker.Bootstrap, new Dictionary<string, string> { ["heartbeat.interval.ms"] = "30000" });
        await using var member = new Member(silent, ward.Options with { SessionTimeout = TimeSpan.FromSeconds(1) });
        await member.HoldsAsync(1);
        await using var successor = new Member(ward.Connection, ward.Options with { SessionTimeout = TimeSpan.FromSeconds(1) });
        await successor.HoldsAsync(1);
        Assert.False(await member.Log.ConfirmAssignmentAsync(0, CancellationToken.None));
    }

    [Fact]
    public async Task A_broker_that_goes_away_and_comes_back_interrupts_nothing_but_the_flow()
    {
        using var ward = new Ward(1);
        ward.Produce(0, 0, 100);
        await using var member = new Member(ward.Connection, ward.Options with { SessionTimeout = TimeSpan.FromSeconds(30) });
        await member.HoldsAsync(1);
        IShardQueue queue = member.Log.Start(0, 0);
        await Member.TakeAsync(queue, 100);
        ward.Broker.GoDown();
        member.Log.AppendTick(0, 1);
        member.Log.Acknowledge(0, 100);
        Assert.True(await queue.WaitAsync(TimeSpan.FromMilliseconds(300), CancellationToken.None));
        Assert.False(queue.TryTake(out _));
        Assert.False(member.Running.IsCompleted);
        ward.Broker.ComeUp();
        ward.Produce(0, 100, 100);
        List<InboundRecord> records = await Member.TakeAsync(queue, 100);
        Assert.Equal(100, records[0].Offset);
    }

    [Fact]
    public async Task A_node_leaves_though_the_broker_is_away()
    {
        using var ward = new Ward(1);
        var member = new Member(ward.Connection, ward.Options);
        await member.HoldsAsync(1);
        ward.Broker.GoDown();
        await member.DisposeAsync();
    }
}
