using PhysioActors.Processing.Runtime;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Simulation.Tests.World;

/// <summary>The broker: the partitions of the inbound topic, the group that shares them, and the output topics.</summary>
internal sealed class SimulatedBroker(SimulatedWorld world, int partitions)
{
    private static readonly TimeSpan s_session = TimeSpan.FromSeconds(6);

    private readonly List<InboundRecord>[] _log = [.. Enumerable.Range(0, partitions).Select(_ => new List<InboundRecord>())];
    private readonly List<Member> _members = [];
    private readonly Member?[] _owner = new Member?[partitions];
    private readonly bool[] _revoking = new bool[partitions];
    private readonly Dictionary<int, object> _publisher = [];
    private readonly Dictionary<int, long> _progress = [];
    private bool _isChecking;

    /// <summary>A node in the group.</summary>
    internal sealed class Member(SimulatedProcess process, IShardHost host)
    {
        internal SimulatedProcess Process => process;

        internal IShardHost Host => host;

        internal long HeardAt { get; set; }

        internal bool IsExpelled { get; set; }

        internal HashSet<int> Held { get; } = [];
    }

    internal int Partitions => partitions;

    /// <summary>What stands on the output topics, per shard in the order of publishing.</summary>
    internal List<(int Shard, OutboxRow Row)> Published { get; } = [];

    internal List<byte[]> Estimates { get; } = [];

    internal event Action<int>? Appended;

    internal IReadOnlyList<InboundRecord> Log(int partition) => _log[partition];

    internal void Append(int partition, long timestampMs, byte[] key, byte[] value, RecordType type = RecordType.Observation, byte[]? mac = null)
    {
        _log[partition].Add(new(_log[partition].Count, timestampMs, key, value, type, RecordContent.Json) { Mac = mac });
        Appended?.Invoke(partition);
    }

    internal Member Join(SimulatedProcess process, IShardHost host)
    {
        var member = new Member(process, host) { HeardAt = world.Now };
        _members.Add(member);
        Rebalance();
        Check();
        return member;
    }

    internal void Leave(Member member)
    {
        Expel(member);
        Rebalance();
    }

    /// <summary>False when the member was expelled.</summary>
    internal bool Heartbeat(Member member)
    {
        if (member.IsExpelled)
            return false;
        member.HeardAt = world.Now;
        return true;
    }

    internal bool Confirm(Member member, int partition) => Heartbeat(member) && _owner[partition] == member && member.Held.Contains(partition);

    /// <summary>Opens a publisher of a shard; earlier ones are fenced.</summary>
    internal object OpenPublisher(int shard) => _publisher[shard] = new object();

    internal bool IsFenced(int shard, object publisher) => _publisher[shard] != publisher;

    internal long Progress(int shard) => _progress.GetValueOrDefault(shard);

    internal void Publish(int shard, IReadOnlyList<OutboxRow> rows)
    {
        foreach (OutboxRow row in rows)
            Publish(shard, row);
        _progress[shard] = rows[^1].Sequence;
    }

    internal bool ResetProgress(int shard, long published)
    {
        _progress[shard] = published;
        return true;
    }

    internal void Publish(int shard, OutboxRow row) =>
        Published.Add((shard, row with { Key = row.Key.ToArray(), Value = row.Value.ToArray(), Headers = row.Headers.ToArray() }));

    private void Check()
    {
        if (_isChecking)
            return;
        _isChecking = true;
        Again();

        void Again() => world.After(TimeSpan.FromMilliseconds(500), null, () =>
        {
            Member[] silent = [.. _members.Where(member => world.Now - member.HeardAt > s_session.Ticks)];
            foreach (Member member in silent)
                Expel(member);
            if (silent.Length > 0)
                Rebalance();
            Again();
        });
    }

    private void Expel(Member member)
    {
        member.IsExpelled = true;
        _members.Remove(member);
        for (int partition = 0; partition < partitions; partition++)
        {
            if (_owner[partition] == member)
            {
                _owner[partition] = null;
                _revoking[partition] = false;
            }
        }
    }

    private void Rebalance()
    {
        if (_members.Count == 0)
            return;
        for (int partition = 0; partition < partitions; partition++)
        {
            Member target = _members[partition % _members.Count];
            Member? owner = _owner[partition];
            if (owner == target || _revoking[partition])
                continue;
            if (owner is null)
                Assign(partition, target);
            else
                Revoke(partition, owner);
        }
    }

    private void Assign(int partition, Member member)
    {
        _owner[partition] = member;
        world.After(TimeSpan.FromMilliseconds(20), member.Process, () =>
        {
            if (_owner[partition] != member || !member.Held.Add(partition))
                return;
            member.Host.Assigned([partition]);
        });
    }

    private void Revoke(int partition, Member owner)
    {
        _revoking[partition] = true;
        world.After(TimeSpan.FromMilliseconds(20), owner.Process, () => _ = owner.Process.Start(async () =>
        {
            if (owner.Held.Remove(partition))
                await owner.Host.RevokedAsync([partition]);
            if (_owner[partition] != owner)
                return;
            _owner[partition] = null;
            _revoking[partition] = false;
            Rebalance();
        }));
    }
}
