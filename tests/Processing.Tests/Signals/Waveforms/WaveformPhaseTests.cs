using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>From where on steps and seconds are counted.</summary>
public sealed class WaveformPhaseTests
{
    private const long Start = PlayedSignal.Start;

    private static readonly int[] s_shiftsMs = [0, 1, 99, 137, 250, 500, 999, 1000, 59_750];

    [Theory]
    [InlineData(250)]
    [InlineData(360)]
    public void Where_in_a_second_a_recording_begins_moves_all_that_is_found_by_as_much_and_changes_nothing_else(int ecgHz)
    {
        PlayedSignal[] first = PlayedHeart.Eventful(ecgHz);
        // After a silence time goes on at another place in the second, the pulse a little before the ECG.
        PlayedSignal lead = PlayedHeart.Regular(21, ecgHz), pulse = PlayedHeart.Pulse(21);
        Player reference = Play(0, _ => 1000);
        Assert.Contains(reference.Changes, change => change is { Condition: RhythmCondition.Asystole, Kind: RhythmChangeKind.Began });
        Assert.Contains(reference.Changes, change => change is { Condition: RhythmCondition.ExtremeTachycardia, Kind: RhythmChangeKind.Ended });
        Assert.Equal(Enumerable.Range(1, 70).Select(second => Start + (1000L * second)).Concat(Enumerable.Range(1, 21).Select(second => Start + 100_363 + (1000L * second))), reference.Ecg.Select(second => second.TimeMs));
        foreach (int shiftMs in s_shiftsMs)
        {
            foreach (Func<Random, int> longestMs in (Func<Random, int>[])[_ => 1000, random => random.Next(20, 2500)])
            {
                Player player = Play(shiftMs, longestMs);
                Assert.Equal(reference.Found.Select(beat => beat with { TimeMs = beat.TimeMs + shiftMs }), player.Found);
                Assert.Equal(reference.Classified.Select(beat => beat with { TimeMs = beat.TimeMs + shiftMs }), player.Classified);
                Assert.Equal(reference.Changes.Select(change => change with { TimeMs = change.TimeMs + shiftMs, SinceMs = change.SinceMs + shiftMs }), player.Changes);
                Assert.Equal(reference.Ecg.Select(second => second with { TimeMs = second.TimeMs + shiftMs }), player.Ecg);
                Assert.Equal(reference.Monitor.DoneMs + shiftMs, player.Monitor.DoneMs);
            }
        }

        Player Play(int shiftMs, Func<Random, int> longestMs)
        {
            var player = new Player();
            PlayTogether(player, longestMs, [.. first.Select(signal => signal with { StartMs = Start + shiftMs })]);
            PlayTogether(player, longestMs, lead with { StartMs = Start + 100_400 + shiftMs }, pulse with { StartMs = Start + 100_363 + shiftMs });
            return player;
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(250)]
    [InlineData(999)]
    public void A_recording_of_whole_seconds_is_decided_to_its_last_sample_wherever_in_a_second_it_begins(int shiftMs)
    {
        // The heart stands still for the last 4.2 s: an asystole that only the last second shows.
        PlayedSignal lead = PlayedHeart.Regular(20, startMs: Start + shiftMs);
        for (int i = (int)(15.7 * PlayedHeart.EcgHz); i < lead.Samples.Length; i++)
            lead.Samples[i] = (short)(2 * (i / 2 % 2));
        Player player = new Player().Seconds(lead);
        RhythmChange change = Assert.Single(player.Changes, change => change.Kind == RhythmChangeKind.Began);
        Assert.Equal((RhythmCondition.Asystole, Start + shiftMs + 20_000), (change.Condition, change.TimeMs));
    }

    [Fact]
    public void The_order_in_which_signals_begin_does_not_count_before_the_first_step()
    {
        PlayedSignal lead = PlayedHeart.Regular(20, startMs: Start + 163), pulse = PlayedHeart.Pulse(20, Start + 137);
        Player[] players = [new(), new()];
        for (int order = 0; order < players.Length; order++)
        {
            WaveformChunk[] chunks = [.. new[] { lead, pulse }.Select(signal => signal.Cut(() => 5).First())];
            foreach (WaveformChunk chunk in order == 0 ? chunks : chunks.Reverse())
                players[order].Play(chunk);
            players[order].Seconds(lead, pulse);
        }

        Assert.Equal(players[0].Found, players[1].Found);
        Assert.Equal(players[0].Ecg, players[1].Ecg);
        Assert.All(players[0].Ecg, second => Assert.Equal(137, (second.TimeMs - Start) % 1000));
    }

    [Fact]
    public void Leads_that_begin_anew_again_and_again_do_not_keep_seconds_from_their_end()
    {
        // A gain that changes tenfold each 0.7 s: the search begins anew with each chunk.
        var player = new Player();
        int chunks = 0;
        foreach (WaveformChunk chunk in PlayedHeart.Regular(21, startMs: Start + 250).Cut(() => 7 * PlayedHeart.EcgHz / 10))
            player.Play(chunk with { Gain = chunks++ % 2 == 0 ? 200 : 2000 });
        Assert.Equal(chunks - 1, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Restarted]);
        Assert.Equal(Enumerable.Range(1, 21).Select(second => Start + 250 + (1000L * second)), player.Ecg.Select(second => second.TimeMs));
    }

    [Fact]
    public void Seconds_that_were_counted_from_those_of_the_clock_stay_so()
    {
        // As versions before logic 4 counted: here because a pulse began with such a second.
        PlayedSignal lead = PlayedHeart.Regular(20, startMs: Start + 250), pulse = PlayedHeart.Pulse(6);
        var player = new Player();
        player.Seconds(pulse, lead with { Samples = lead.Samples[..(6 * PlayedHeart.EcgHz)] });
        player.Restore();
        foreach (WaveformChunk chunk in lead.Seconds().Skip(6))
            player.Play(chunk);
        Assert.Equal(20, player.Ecg.Count);
        Assert.All(player.Ecg, second => Assert.Equal(0, second.TimeMs % 1000));
    }

    /// <summary>Plays signals in pieces of about a length; each message holds what all of them have of it.</summary>
    private static void PlayTogether(Player player, Func<Random, int> lengthMs, params ReadOnlySpan<PlayedSignal> signals)
    {
        var random = new Random(1);
        long end = 0;
        int[] at = new int[signals.Length];
        foreach (PlayedSignal signal in signals)
            end = Math.Max(end, signal.TimeMs(signal.Samples.Length));
        for (long toMs = signals[0].StartMs; toMs < end + 2500;)
        {
            toMs += lengthMs(random);
            var message = new List<WaveformChunk>();
            for (int i = 0; i < signals.Length; i++)
            {
                PlayedSignal signal = signals[i];
                int from = at[i];
                while (at[i] < signal.Samples.Length && signal.TimeMs(at[i]) < toMs)
                    at[i]++;
                if (at[i] > from)
                    message.Add(new(signal.Signal, signal.RateMilliHz, PlayedSignal.Gain, 0, signal.TimeMs(from), signal.Samples.AsMemory(from, at[i] - from)));
            }

            player.Play([.. message]);
        }
    }
}
