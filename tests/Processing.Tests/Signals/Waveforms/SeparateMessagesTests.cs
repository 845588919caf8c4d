using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>A device that sends each of its signals in messages of their own.</summary>
public sealed class SeparateMessagesTests
{
    private const int Seconds = 30;

    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(0, 2, 1)]
    [InlineData(1, 0, 2)]
    [InlineData(1, 2, 0)]
    [InlineData(2, 0, 1)]
    [InlineData(2, 1, 0)]
    public void Whichever_signal_comes_first_all_are_looked_at(params int[] order)
    {
        PlayedSignal[] signals = [PlayedHeart.Regular(Seconds), PlayedHeart.Regular(Seconds, signal: WaveformSignal.EcgV1), PlayedHeart.Pulse(Seconds)];
        Player together = new Player().Seconds(signals);
        var player = new Player();
        WaveformChunk[][] chunks = [.. signals.Select(signal => signal.Seconds().ToArray())];
        for (int second = 0; second < Seconds; second++)
        {
            foreach (int signal in order)
                player.Play(chunks[signal][second]);
        }

        Assert.Equal(together.Monitor.DoneMs, player.Monitor.DoneMs);
        Assert.Equal(2, player.Monitor.Leads);
        Assert.All(Enumerable.Range(0, 2), lead => Assert.Equal(LeadQuality.Good, player.Monitor.LeadQuality(lead)));
        long settledMs = PlayedSignal.Start + 10_000;
        Assert.NotEmpty(player.Found);
        Assert.Equal(
            together.Found.Where(beat => beat.TimeMs > settledMs).Select(beat => beat.TimeMs),
            player.Found.Where(beat => beat.TimeMs > settledMs).Select(beat => beat.TimeMs));
        Assert.Empty(player.Changes);
    }
}
