using PhysioActors.Ingest.Producing;

namespace PhysioActors.Ingest.Tests.Producing;

public sealed class PartitionFlowTests
{
    private static readonly FlowControl _bounds = new("group") { MaximumBytes = 1_000, MaximumRecords = 5 };

    [Fact]
    public void Room_ends_at_the_bound_of_bytes_and_comes_back_with_the_commit()
    {
        PartitionFlow flow = new(2, _bounds);
        Assert.True(flow.TryReserve(0, 600));
        Assert.False(flow.TryReserve(0, 401));
        Assert.True(flow.TryReserve(0, 400));
        Assert.True(flow.TryReserve(1, 1_000));
        flow.Acknowledge(0, 10, 600);
        flow.Acknowledge(0, 11, 400);
        Assert.False(flow.Commit(0, 10));
        Assert.False(flow.TryReserve(0, 1));
        Assert.True(flow.Commit(0, 11));
        Assert.Equal((400, 1), flow.Outstanding(0));
        Assert.True(flow.TryReserve(0, 600));
    }

    [Fact]
    public void Room_ends_at_the_bound_of_records()
    {
        PartitionFlow flow = new(1, _bounds);
        for (int i = 0; i < 5; i++)
            Assert.True(flow.TryReserve(0, 1));
        Assert.False(flow.TryReserve(0, 1));
        flow.Withdraw(0, 1);
        Assert.True(flow.TryReserve(0, 1));
    }

    [Fact]
    public void A_record_that_was_processed_before_its_acknowledgement_came_takes_no_room()
    {
        PartitionFlow flow = new(1, _bounds);
        Assert.True(flow.TryReserve(0, 1_000));
        flow.Commit(0, 8);
        flow.Acknowledge(0, 7, 1_000);
        Assert.Equal((0, 0), flow.Outstanding(0));
    }

    [Fact]
    public void What_others_left_unprocessed_takes_room_too()
    {
        PartitionFlow flow = new(1, new FlowControl("group") { MaximumBytes = 3_000_000, MaximumRecords = 5_000 });
        flow.AddBacklog(0, endOffset: 5_000, records: 4_500, bytesEach: 600);
        Assert.Equal((2_700_000, 4_500), flow.Outstanding(0));
        Assert.False(flow.TryReserve(0, 400_000));
        Assert.True(flow.Commit(0, 2_000));

        // Room comes back in whole pieces: never too early.
        Assert.Equal(3_500, flow.Outstanding(0).Records);
        Assert.True(flow.Commit(0, 5_000));
        Assert.Equal((0, 0), flow.Outstanding(0));
    }

    [Fact]
    public void A_commit_that_goes_back_changes_nothing()
    {
        PartitionFlow flow = new(1, _bounds);
        flow.Commit(0, 10);
        Assert.False(flow.Commit(0, 5));
        Assert.True(flow.TryReserve(0, 100));
        flow.Acknowledge(0, 7, 100);
        Assert.Equal((0, 0), flow.Outstanding(0));
    }

    [Fact]
    public void A_record_larger_than_the_bound_is_an_error_and_does_not_wait_for_ever()
    {
        PartitionFlow flow = new(1, _bounds);
        Assert.Throws<IngestException>(() => flow.TryReserve(0, 1_001));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void Whatever_the_order_of_sending_acknowledging_and_committing_the_broker_never_holds_more_unprocessed_than_the_bound(int seed)
    {
        const int Partitions = 3;
        Random random = new(seed);
        PartitionFlow flow = new(Partitions, _bounds);
        var inFlight = Enumerable.Range(0, Partitions).Select(_ => new Queue<int>()).ToArray();
        var log = Enumerable.Range(0, Partitions).Select(_ => new List<int>()).ToArray();
        int[] committed = new int[Partitions];
        int refused = 0;
        int sent = 0;
        for (int step = 0; step < 20_000; step++)
        {
            int p = random.Next(Partitions);
            switch (random.Next(4))
            {
                case 0 or 1:
                    int bytes = random.Next(1, 500);
                    if (flow.TryReserve(p, bytes))
                    {
                        inFlight[p].Enqueue(bytes);
                        sent++;
                    }
                    else
                    {
                        refused++;
                    }

                    break;
                case 2 when inFlight[p].TryDequeue(out int size):
                    log[p].Add(size);
                    flow.Acknowledge(p, log[p].Count - 1, size);
                    break;
                case 3 when committed[p] < log[p].Count:
                    committed[p] = random.Next(committed[p], log[p].Count + 1);
                    flow.Commit(p, committed[p]);
                    break;
                default:
                    break;
            }

            for (int i = 0; i < Partitions; i++)
            {
                long unprocessed = log[i].Skip(committed[i]).Sum() + inFlight[i].Sum();
                Assert.True(unprocessed <= _bounds.MaximumBytes, $"step {step}: {unprocessed} bytes");
                Assert.True(log[i].Count - committed[i] + inFlight[i].Count <= _bounds.MaximumRecords, $"step {step}");
                Assert.Equal(unprocessed, flow.Outstanding(i).Bytes);
            }
        }

        Assert.True(refused > 100 && sent > 1_000);
    }
}
