using System.Text;

using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class ReadingTests
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
    public async Task A_reading_begun_on_a_slow_broker_stays_where_it_was_told_to_begin()
    {
        const int count = 3000;
        using var ward = new Ward(4);
        for (int partition = 0; partition < 4; partition++)
            ward.Produce(partition, 0, count, 1000);
        await using var member = new Member(ward.Connection, ward.Options with { QueueRecords = 200 });
        await member.HoldsAsync(4);
        ward.Broker.SetRoundTrip(TimeSpan.FromMilliseconds(150));
        IShardQueue[] queues = [.. Enumerable.Range(0, 4).Select(partition => member.Log.Start(partition, 0))];
        foreach (IShardQueue queue in queues)
        {
            List<InboundRecord> records = await Member.TakeAsync(queue, count);
            Assert.Equal(Enumerable.Range(0, count), records.Select(record => (int)record.Offset));
        }
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
}
