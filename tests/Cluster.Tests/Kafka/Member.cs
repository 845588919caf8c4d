using System.Threading.Channels;

using Microsoft.Extensions.Logging.Abstractions;

using PhysioActors.Processing.Runtime;
using PhysioActors.Processing.Runtime.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Cluster.Tests.Kafka;

/// <summary>A node's membership, and a host that notes what it is told.</summary>
internal sealed class Member : IShardHost, IAsyncDisposable
{
    private readonly CancellationTokenSource _leave = new();
    private readonly Channel<News> _news = Channel.CreateUnbounded<News>();
    private readonly HashSet<int> _held = [];
    private readonly Task _run;

    public Member(KafkaConnection connection, InboundLogOptions options, Func<IReadOnlyList<int>, Task>? onRevoked = null)
    {
        OnRevoked = onRevoked ?? (static _ => Task.CompletedTask);
        Log = new KafkaInboundLog(connection, options, NullLogger<KafkaInboundLog>.Instance, TimeProvider.System);
        _run = Log.RunAsync(this, _leave.Token);
    }

    public KafkaInboundLog Log { get; }

    public Task Running => _run;

    private Func<IReadOnlyList<int>, Task> OnRevoked { get; }

    private readonly record struct News(string What, IReadOnlyList<int> Partitions);

    public void Assigned(IReadOnlyList<int> partitions) => _news.Writer.TryWrite(new("assigned", partitions));

    public async Task RevokedAsync(IReadOnlyList<int> partitions)
    {
        _news.Writer.TryWrite(new("revoked", partitions));
        await OnRevoked(partitions);
    }

    public void Lost(IReadOnlyList<int> partitions) => _news.Writer.TryWrite(new("lost", partitions));

    /// <summary>Waits until exactly so many partitions are held.</summary>
    public async Task<int[]> HoldsAsync(int count)
    {
        using var limit = new CancellationTokenSource(Ward.Patience);
        while (_held.Count != count)
            Note(await _news.Reader.ReadAsync(limit.Token));
        return [.. _held.Order()];
    }

    /// <summary>Waits until it is told so of the partition.</summary>
    public async Task ToldAsync(string what, int partition)
    {
        using var limit = new CancellationTokenSource(Ward.Patience);
        while (true)
        {
            News news = await _news.Reader.ReadAsync(limit.Token);
            Note(news);
            if (news.What == what && news.Partitions.Contains(partition))
                return;
        }
    }

    /// <summary>Takes so many records.</summary>
    public static async Task<List<InboundRecord>> TakeAsync(IShardQueue queue, int count)
    {
        using var limit = new CancellationTokenSource(Ward.Patience);
        var records = new List<InboundRecord>(count);
        while (records.Count < count)
        {
            if (queue.TryTake(out InboundRecord record))
                records.Add(record);
            else
                Assert.True(await queue.WaitAsync(TimeSpan.FromSeconds(1), limit.Token), "The reading ended too early.");
        }

        return records;
    }

    /// <summary>Waits until the reading has ended.</summary>
    public static async Task EndAsync(IShardQueue queue)
    {
        using var limit = new CancellationTokenSource(Ward.Patience);
        while (await queue.WaitAsync(TimeSpan.FromSeconds(1), limit.Token))
        {
            while (queue.TryTake(out _))
            {
            }
        }
    }

    public async Task LeaveAsync()
    {
        await _leave.CancelAsync();
        await _run.WaitAsync(Ward.Patience);
    }

    public async ValueTask DisposeAsync()
    {
        await LeaveAsync();
        _leave.Dispose();
    }

    private void Note(News news)
    {
        foreach (int partition in news.Partitions)
            _ = news.What == "assigned" ? _held.Add(partition) : _held.Remove(partition);
    }
}
