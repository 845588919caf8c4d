using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>Neighbouring chunks that come in the wrong order.</summary>
public sealed class SwappedChunkTests
{
    private const long Start = PlayedSignal.Start;

    [Theory]
    [InlineData(250, 200)]
    [InlineData(250, 1000)]
    [InlineData(360, 1000)]
    [InlineData(360, 1500)]
    public void Messages_that_come_swapped_change_nothing_that_is_found(int ecgHz, int chunkMs)
    {
        PlayedSignal[] signals = PlayedHeart.Eventful(ecgHz);
        Player reference = new Player().Seconds(signals);
        Assert.Contains(reference.Changes, change => change is { Condition: RhythmCondition.Asystole, Kind: RhythmChangeKind.Began });
        WaveformChunk[][] messages = Messages(signals, chunkMs);
        for (int seed = 1; seed <= 5; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            int swapped = 0;
            Play(0);
            for (int i = 1; i < messages.Length; i++)
            {
                if (i + 2 < messages.Length && random.Next(3) == 0)
                {
                    Assert.All(Play(i + 1), outcome => Assert.Equal(ChunkOutcome.Gap, outcome));
                    Assert.All(Play(i), outcome => Assert.Equal(ChunkOutcome.Swapped, outcome));
                    // Once it is in its place, it is there.
                    Assert.All(Play(i), outcome => Assert.Equal(ChunkOutcome.Repeated, outcome));
                    i++;
                    swapped++;
                }
                else
                {
                    Play(i);
                }
            }

            Assert.True(swapped > 5);
            Assert.Equal(reference.Found, player.Found);
            Assert.Equal(reference.Classified, player.Classified);
            Assert.Equal(reference.Changes, player.Changes);
            Assert.Equal(reference.Ecg, player.Ecg);
            Assert.All(player.Monitor.Streams, stream => Assert.Equal((0, (long)swapped), (stream.Outcomes[(int)ChunkOutcome.Drift], stream.Outcomes[(int)ChunkOutcome.Swapped])));

            ChunkOutcome[] Play(int message)
            {
                if (random.Next(3) == 0)
                    player.Restore();
                return player.Play(messages[message]);
            }
        }
    }

    [Fact]
    public void A_message_that_is_lost_holds_up_time_until_the_next_but_one_and_no_longer()
    {
        PlayedSignal[] signals = [PlayedHeart.Regular(20), PlayedHeart.Pulse(20)];
        WaveformChunk[][] messages = Messages(signals, 1000);
        var player = new Player();
        foreach (int message in Enumerable.Range(0, 20).Where(message => message != 10))
        {
            player.Play(messages[message]);
            Assert.Equal(Start + (1000 * (message == 11 ? 10 : message + 1)), player.Monitor.DoneMs);
        }

        Assert.Equal(1, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Gap]);
    }

    [Fact]
    public void A_chunk_that_is_missing_from_one_signal_holds_up_nothing_and_is_lost_when_it_comes_behind_the_next()
    {
        PlayedSignal[] signals = [PlayedHeart.Regular(20), PlayedHeart.Pulse(20)];
        WaveformChunk[][] messages = Messages(signals, 1000);
        var player = new Player();
        for (int message = 0; message < 20; message++)
        {
            if (message == 10)
                player.Play(messages[message][1]);
            else
                player.Play(messages[message]);
            // What lags behind is waited for; what came with a gap is not.
            Assert.Equal(Start + (1000 * (message == 10 ? 10 : message + 1)), player.Monitor.DoneMs);
            if (message == 11)
                Assert.Equal(ChunkOutcome.Late, player.Play(messages[10][0])[0]);
        }
    }

    [Theory]
    [InlineData(1000, 2000, 500)] // It could not be the neighbour.
    [InlineData(1000, 2600, 2500)] // Behind so much, waiting would take too long.
    public void A_gap_that_no_neighbour_fills_holds_up_nothing(int fromMs, int toMs, int lengthMs)
    {
        var player = new Player();
        PlayedSignal lead = PlayedHeart.Regular(20);
        player.Play(Piece(lead, 0, fromMs));
        Assert.Equal(ChunkOutcome.Gap, player.Play(Piece(lead, toMs, toMs + lengthMs))[0]);
        Assert.Equal(Start + toMs + lengthMs, player.Monitor.DoneMs);
    }

    [Theory]
    [InlineData(1000, 1900)] // Some is missing still.
    [InlineData(900, 2000)] // Some was there.
    public void A_chunk_that_fills_a_part_of_a_gap_is_none_that_was_swapped(int fromMs, int toMs)
    {
        var player = new Player();
        PlayedSignal lead = PlayedHeart.Regular(20);
        player.Play(Piece(lead, 0, 1000));
        player.Play(Piece(lead, 2000, 3000));
        Assert.Equal(Start + 1000, player.Monitor.DoneMs);
        Assert.Equal(ChunkOutcome.Late, player.Play(Piece(lead, fromMs, toMs))[0]);
        player.Restore();
        Assert.Equal(ChunkOutcome.Swapped, player.Play(Piece(lead, 1000, 2000))[0]);
        Assert.Equal(Start + 3000, player.Monitor.DoneMs);
        Assert.Equal(ChunkOutcome.Continued, player.Play(Piece(lead, 3000, 4000))[0]);
        Assert.Equal(ChunkOutcome.Repeated, player.Play(Piece(lead, 1000, 2000))[0]);
    }

    private static WaveformChunk[][] Messages(PlayedSignal[] signals, int lengthMs) =>
        [.. Enumerable.Range(0, (int)Math.Ceiling(signals[0].Samples.Length * 1e6 / signals[0].RateMilliHz / lengthMs)).Select(message =>
            signals.Select(signal => Piece(signal, message * lengthMs, (message + 1) * lengthMs)).ToArray())];

    private static WaveformChunk Piece(PlayedSignal signal, int fromMs, int toMs)
    {
        int first = (int)((long)fromMs * signal.RateMilliHz / 1_000_000), last = Math.Min(signal.Samples.Length, (int)((long)toMs * signal.RateMilliHz / 1_000_000));
        return new(signal.Signal, signal.RateMilliHz, PlayedSignal.Gain, 0, signal.TimeMs(first), signal.Samples.AsMemory(first, last - first));
    }
}
