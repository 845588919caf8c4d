namespace PhysioActors.Seed.Benchmark;

/// <summary>When each record became durable. Which records a commit handled is known by counting: the n-th observation of a partition is in the commit that reaches n.</summary>
internal sealed class DurableTimes
{
    private readonly long[] _timeUs;
    private readonly int[] _commit;

    /// <param name="commits">The commits of the node, in any order of shards but in order for each.</param>
    /// <param name="places">The partition of each patient; record n is of patient n mod their number.</param>
    /// <param name="partitions">How many partitions there are.</param>
    /// <param name="count">How many records were sent.</param>
    public DurableTimes(IReadOnlyList<CommitNote> commits, int[] places, int partitions, int count)
    {
        _timeUs = new long[count];
        _commit = new int[count];
        int[] next = new int[partitions];
        for (int i = 0; i < commits.Count; i++)
        {
            CommitNote commit = commits[i];
            int n = next[commit.Shard];
            for (long left = commit.Observations; left > 0 && n < count; n++)
            {
                if (places[n % places.Length] != commit.Shard)
                    continue;
                left--;
                (_timeUs[n], _commit[n]) = (commit.TimeUs, i + 1);
            }

            next[commit.Shard] = n;
        }
    }

    /// <summary>When record <paramref name="n"/> was durable, microseconds since 1970 UTC; 0 when it was not.</summary>
    public long this[long n] => _timeUs[n];

    /// <summary>The time from due to durable of the records from number <paramref name="from"/> to before <paramref name="to"/>.</summary>
    public StretchReport Stretch(long[] due, long from, long to)
    {
        var milliseconds = new List<double>();
        var commits = new HashSet<int>();
        long beganUs = long.MaxValue, endedUs = 0;
        int first = 0;
        for (long n = from; n < to; n++)
        {
            long timeUs = _timeUs[n];
            if (timeUs == 0)
                continue;
            milliseconds.Add((timeUs - due[n]) / 1000.0);
            commits.Add(_commit[n]);
            if (timeUs < beganUs)
                (beganUs, first) = (timeUs, _commit[n]);
            endedUs = Math.Max(endedUs, timeUs);
        }

        int inFirst = 0;
        for (long n = from; n < to; n++)
            inFirst += first != 0 && _commit[n] == first ? 1 : 0;
        double seconds = Math.Max(1e-6, (endedUs - beganUs) / 1e6);
        return new(to - from, Math.Round((milliseconds.Count - inFirst) / seconds), Math.Round(seconds, 3), commits.Count, Percentiles.Of(milliseconds));
    }
}
