using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>Plays chunks to a monitor, a message at a time, and keeps what it found.</summary>
internal sealed class Player
{
    internal WaveformMonitor Monitor { get; private set; } = new();

    internal List<FoundBeat> Found { get; } = [];

    internal List<FoundBeat> Classified { get; } = [];

    internal List<RhythmChange> Changes { get; } = [];

    internal List<EcgSecond> Ecg { get; } = [];

    /// <summary>Plays one message; gives how each of its chunks fitted.</summary>
    internal ChunkOutcome[] Play(params ReadOnlySpan<WaveformChunk> message) => PlayFrom(0, message);

    /// <summary>Plays one message of another device.</summary>
    internal ChunkOutcome[] PlayFrom(int device, params ReadOnlySpan<WaveformChunk> message)
    {
        Monitor.BeginFold();
        var outcomes = new ChunkOutcome[message.Length];
        for (int i = 0; i < message.Length; i++)
            outcomes[i] = Monitor.Append(message[i], device);
        Monitor.Advance();
        Found.AddRange(Monitor.Found);
        Classified.AddRange(Monitor.Classified);
        Changes.AddRange(Monitor.Changes);
        Ecg.AddRange(Monitor.Seconds);
        return outcomes;
    }

    /// <summary>Plays signals in seconds, all of them in each message.</summary>
    internal Player Seconds(params PlayedSignal[] signals)
    {
        foreach (IGrouping<long, WaveformChunk> second in signals.SelectMany(signal => signal.Seconds()).GroupBy(chunk => chunk.TimeMs / 1000).OrderBy(second => second.Key))
            Play([.. second]);
        return this;
    }

    internal byte[] Encode()
    {
        var writer = new PayloadWriter();
        Monitor.Encode(writer);
        return writer.Written.ToArray();
    }

    /// <summary>Goes on with what was stored of the monitor.</summary>
    internal void Restore()
    {
        byte[] bytes = Encode();
        var reader = new PayloadReader(bytes);
        Monitor = WaveformMonitor.Decode(ref reader);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Encode());
    }

    internal void AssertSame(Player other)
    {
        Assert.Equal(other.Found, Found);
        Assert.Equal(other.Classified, Classified);
        Assert.Equal(other.Changes, Changes);
        Assert.Equal(other.Ecg, Ecg);
        Assert.Equal(other.Encode(), Encode());
    }

    internal IEnumerable<(RhythmCondition Condition, RhythmChangeKind Kind, long AtMs)> Told => Changes.Select(change => (change.Condition, change.Kind, change.TimeMs - PlayedSignal.Start));
}
