using System.Net.Sockets;
using System.Text.Json;
using PhysioActors.Processing.Runtime;

namespace PhysioActors.Seed.Benchmark;

/// <summary>
/// Inside a node that is measured: notes for each commit when it was durable, and answers on a local socket. A line with a question gets a line of JSON.
/// A commit costs the node a time reading and 24 bytes.
/// </summary>
internal sealed class NodeProbe : IDisposable
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly Socket _listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    private readonly MicrosecondClock _clock = new();
    private readonly Lock _gate = new();
    private readonly List<CommitNote> _commits = [];
    private long _takenOverUs;
    private long _recoveredUs;
    private int _takenOver;
    private int _recovered;
    private long _snapshots;
    private long _snapshotBytes;

    /// <summary>Listens.</summary>
    public NodeProbe(string socket)
    {
        _listener.Bind(new UnixDomainSocketEndPoint(socket));
        _listener.Listen();
        _ = ServeAsync();
    }

    /// <summary>The journal, watched.</summary>
    public IJournal Watch(IJournal journal) => new WatchedJournal(journal, this);

    /// <summary>Stops listening.</summary>
    public void Dispose() => _listener.Dispose();

    internal void Committed(ShardBatch batch)
    {
        if (batch.Snapshots.Count > 0)
            NoteSnapshots(batch);
        ShardCounters counters = batch.Counters;
        // Ticks lie between the observations; by counting observations alone the n-th of a partition is known without offsets.
        long observations = counters.RecordsIn - counters.Ticks - counters.Commands;
        if (observations == 0)
            return;
        var note = new CommitNote(batch.Shard, observations, _clock.NowUs);
        lock (_gate)
            _commits.Add(note);
    }

    private void NoteSnapshots(ShardBatch batch)
    {
        lock (_gate)
        {
            _snapshots += batch.Snapshots.Count;
            foreach (ShardBatch.SnapshotRow row in batch.Snapshots)
                _snapshotBytes += row.State.Length;
        }
    }

    internal void TakenOver()
    {
        lock (_gate)
        {
            _takenOver++;
            if (_takenOver == 1)
                _takenOverUs = _clock.NowUs;
        }
    }

    internal void Recovered(int patients)
    {
        lock (_gate)
        {
            _recovered += patients;
            _recoveredUs = _clock.NowUs;
        }
    }

    private async Task ServeAsync()
    {
        while (true)
        {
            try
            {
                using Socket peer = await _listener.AcceptAsync().ConfigureAwait(false);
                await using var stream = new NetworkStream(peer);
                using var reader = new StreamReader(stream);
                string? question = await reader.ReadLineAsync().ConfigureAwait(false);
                await JsonSerializer.SerializeAsync(stream, Answer(question == "heap", question == "commits"), s_json).ConfigureAwait(false);
            }
            catch (IOException)
            {
                // Whoever asked went away.
            }
            catch (Exception exception) when (exception is ObjectDisposedException or SocketException)
            {
                return;
            }
        }
    }

    private ProbeAnswer Answer(bool heap, bool commits)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long live = 0;
        if (heap)
        {
            // Twice: what the first leaves to finalisers the second frees.
            for (int i = 0; i < 2; i++)
            {
                GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
                GC.WaitForPendingFinalizers();
            }

            live = GC.GetTotalMemory(forceFullCollection: false);
        }

        lock (_gate)
        {
            long observations = 0;
            foreach (CommitNote commit in _commits)
                observations += commit.Observations;
            return new(allocated, live, observations, _takenOver, _takenOverUs, _recovered, _recoveredUs, _snapshots, _snapshotBytes, commits ? [.. _commits] : []);
        }
    }
}

/// <summary>A commit of a shard.</summary>
/// <param name="Shard">The shard.</param>
/// <param name="Observations">How many observations it handled, whatever became of them.</param>
/// <param name="TimeUs">When the database had said that it is durable, microseconds since 1970 UTC.</param>
internal readonly record struct CommitNote(int Shard, long Observations, long TimeUs);

/// <summary>What a measured node says.</summary>
/// <param name="AllocatedBytes">Allocated since it started.</param>
/// <param name="HeapBytes">Live after a full collection, when that was asked for.</param>
/// <param name="Observations">Durable observations.</param>
/// <param name="TakenOver">How many shards it took over.</param>
/// <param name="TakenOverUs">When it took over the first.</param>
/// <param name="Recovered">How many patients it rebuilt from the journal.</param>
/// <param name="RecoveredUs">When the newest of them were read.</param>
/// <param name="Snapshots">Snapshots that it stored.</param>
/// <param name="SnapshotBytes">Bytes of all of them.</param>
/// <param name="Commits">All commits, when asked for.</param>
internal sealed record ProbeAnswer(long AllocatedBytes, long HeapBytes, long Observations, int TakenOver, long TakenOverUs, int Recovered, long RecoveredUs, long Snapshots, long SnapshotBytes, IReadOnlyList<CommitNote> Commits);
