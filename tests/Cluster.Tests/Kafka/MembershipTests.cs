using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

public sealed class MembershipTests
{
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
        var given = new TaskCompletionSource<int[]>();
        await using var first = new Member(ward.Connection, ward.Options with { RevocationPatience = TimeSpan.FromSeconds(25) }, partitions =>
        {
            given.TrySetResult([.. partitions]);
            return stopped.Task;
        });
        await first.HoldsAsync(2);
        await using var second = new Member(ward.Connection, ward.Options);
        Task<int[]> taken = second.HoldsAsync(1);
        int[] partitions = await given.Task.WaitAsync(Ward.Patience);
        Assert.False(taken.IsCompleted);
        stopped.SetResult();
        Assert.Equal(partitions, await taken);
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
    public async Task Progress_may_be_told_while_members_leave()
    {
        using var ward = new Ward(3);
        using var enough = new CancellationTokenSource();
        Member[] members = [.. Enumerable.Range(0, 3).Select(_ => new Member(ward.Connection, ward.Options))];
        await members[0].HoldsAsync(1);
        Task telling = Task.Run(() =>
        {
            for (long offset = 1; !enough.IsCancellationRequested; offset++)
            {
                for (int partition = 0; partition < 3; partition++)
                    members[offset % 3].Log.Acknowledge(partition, offset);
            }
        });
        foreach (Member member in members)
            await member.DisposeAsync();
        await enough.CancelAsync();
        await telling;
    }

    [Fact]
    public async Task Members_that_leave_while_they_join_leave_in_good_order()
    {
        using var ward = new Ward(4);
        Member[] members = [.. Enumerable.Range(0, 10).Select(_ => new Member(ward.Connection, ward.Options))];
        await Task.Delay(TimeSpan.FromSeconds(2));
        await Task.WhenAll(members.Select(async (member, i) =>
        {
            await Task.Delay(300 * i);
            await member.DisposeAsync();
        }));
        await using var last = new Member(ward.Connection, ward.Options);
        await last.HoldsAsync(4);
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
        await using var member = new Member(silent, ward.Options);
        await member.HoldsAsync(1);
        await using var successor = new Member(ward.Connection, ward.Options);
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
