using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>What is found in waveforms, however they come.</summary>
public sealed class WaveformMonitorTests
{
    private const int Cuts = 30;
    private const int PatienceMs = 3000;
    private const long Start = PlayedSignal.Start;

    private static readonly Lazy<PlayedSignal[]> s_eventful = new(() => PlayedHeart.Eventful());
    private static readonly Lazy<Player> s_reference = new(() => new Player().Seconds(s_eventful.Value));

    [Fact]
    public void What_happens_in_the_heart_is_found()
    {
        Player found = s_reference.Value;
        Assert.InRange(found.Found.Count, 95, 115);
        Assert.Contains(found.Classified, beat => beat.Class == BeatClass.Ventricular);
        Assert.Contains(found.Told, change => change is (RhythmCondition.Asystole, RhythmChangeKind.Began, > 25_000 and < 28_000));
        Assert.Contains(found.Told, change => change is (RhythmCondition.ExtremeTachycardia, RhythmChangeKind.Began, > 36_000 and < 46_000));
        Assert.Contains(found.Told, change => change is (RhythmCondition.ExtremeTachycardia, RhythmChangeKind.Ended, > 46_000));
        Assert.NotNull(found.Monitor.NewestPulse(PulseKind.ArterialPressure));
        Assert.Equal(Start + 70_000, found.Monitor.DoneMs);
    }

    [Fact]
    public void Cuts_and_the_order_of_the_signals_change_nothing()
    {
        for (int seed = 1; seed <= Cuts; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            foreach (WaveformChunk[] message in Shuffle(s_eventful.Value, random, longest: random.Next(2) == 0 ? 500 : 2500))
                player.Play(message);
            Assert.True(player.Found.SequenceEqual(s_reference.Value.Found), $"seed {seed}");
            player.AssertSame(s_reference.Value);
        }
    }

    [Fact]
    public void Cuts_of_a_rate_that_is_no_whole_number_of_milliseconds_change_nothing()
    {
        PlayedSignal lead = PlayedHeart.Regular(30, rateHz: 360, WaveformSignal.Ecg);
        Player reference = new Player().Seconds(lead);
        Assert.InRange(reference.Found.Count, 30, 40);
        for (int seed = 1; seed <= Cuts; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            foreach (WaveformChunk chunk in lead.Cut(() => random.Next(1, 900)))
                player.Play(chunk);
            player.AssertSame(reference);
        }
    }

    [Fact]
    public void Storing_and_going_on_changes_nothing()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            foreach (WaveformChunk[] message in Shuffle(s_eventful.Value, random, longest: 900))
            {
                player.Play(message);
                if (random.Next(4) == 0)
                    player.Restore();
            }

            player.AssertSame(s_reference.Value);
        }
    }

    [Fact]
    public void A_state_that_was_stored_stays_the_same_while_samples_are_missing()
    {
        var kept = new Player();
        var stored = new Player();
        PlayedSignal[] signals = [PlayedHeart.Regular(20), PlayedHeart.Pulse(20)];
        foreach (PlayedSignal signal in signals)
            signal.Samples.AsSpan(12 * signal.RateMilliHz / 1000).Fill(WaveformSignals.Missing);
        foreach (WaveformChunk[] message in Shuffle(signals, new Random(1), longest: 100))
        {
            kept.Play(message);
            stored.Play(message);
            stored.Restore();
            Assert.Equal(kept.Encode(), stored.Encode());
        }
    }

    [Fact]
    public void Chunks_that_come_again_and_chunks_that_overlap_change_nothing_that_is_found()
    {
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            var sent = new List<WaveformChunk>();
            foreach (WaveformChunk[] message in Shuffle(s_eventful.Value, random, longest: 700))
            {
                player.Play(message);
                sent.AddRange(message);
                if (random.Next(5) == 0)
                    Assert.Equal(ChunkOutcome.Repeated, player.Play(sent[random.Next(sent.Count)])[0]);
                if (random.Next(5) == 0)
                    player.Play(Longer(sent[^1], random.Next(20, 200)));
            }

            Assert.Equal(s_reference.Value.Found, player.Found);
            Assert.Equal(s_reference.Value.Classified, player.Classified);
            Assert.Equal(s_reference.Value.Changes, player.Changes);
            Assert.All(player.Monitor.Streams, stream => Assert.True(stream.Outcomes[(int)ChunkOutcome.Overlap] > 0 && stream.Outcomes[(int)ChunkOutcome.Repeated] > 0));
        }
    }

    [Fact]
    public void Cuts_beside_a_gap_change_nothing_and_a_gap_is_no_asystole()
    {
        // Five seconds of the ECG were never sent; the pulse was.
        PlayedSignal lead = PlayedHeart.Regular(40) with { Gaps = [(15 * PlayedHeart.EcgHz, 5 * PlayedHeart.EcgHz)] };
        PlayedSignal pulse = PlayedHeart.Pulse(40);
        Player reference = new Player().Seconds(lead, pulse);
        Assert.Equal(1, reference.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Gap]);
        Assert.DoesNotContain(reference.Changes, change => change.Kind == RhythmChangeKind.Began);
        Assert.DoesNotContain(reference.Found, beat => beat.TimeMs - Start is > 15_000 and < 20_000);
        Assert.Contains(reference.Found, beat => beat.TimeMs - Start > 38_000);
        for (int seed = 1; seed <= 10; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            foreach (WaveformChunk[] message in Shuffle([lead, pulse], random, longest: 600))
                player.Play(message);
            player.AssertSame(reference);
        }
    }

    [Fact]
    public void A_lead_that_is_off_is_told_for_each_second_and_gives_neither_asystole_nor_bradycardia()
    {
        PlayedSignal lead = PlayedHeart.Regular(40);
        lead.Samples.AsSpan(15 * PlayedHeart.EcgHz, 10 * PlayedHeart.EcgHz).Fill(WaveformSignals.Missing);
        Player player = new Player().Seconds(lead);
        Assert.Equal(40, player.Ecg.Count);
        Assert.All(player.Ecg.Where(second => second.TimeMs - Start is > 18_000 and < 25_000), second => Assert.True(second.AreLeadsOff));
        Assert.All(player.Ecg.Where(second => second.TimeMs - Start is > 5_000 and < 15_000 or > 30_000), second => Assert.False(second.AreLeadsOff || !second.IsAnyLeadGood));
        Assert.DoesNotContain(player.Changes, change => change.Kind == RhythmChangeKind.Began);
    }

    [Fact]
    public void Another_rate_begins_the_search_anew_and_loses_no_more_than_it_needs_to_learn()
    {
        var player = new Player();
        foreach (WaveformChunk chunk in PlayedHeart.Regular(20).Seconds().Concat(PlayedHeart.Regular(20, rateHz: 500, startMs: Start + 20_000).Seconds()))
            player.Play(chunk);
        Assert.Equal(1, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Restarted]);
        Assert.Contains(player.Found, beat => beat.TimeMs - Start is > 16_000 and < 20_000);
        Assert.InRange(player.Found.Count(beat => beat.TimeMs - Start > 26_000), 15, 18);
    }

    [Fact]
    public void A_second_device_with_the_same_signal_is_looked_at_only_when_the_first_has_gone()
    {
        var player = new Player().Seconds(PlayedHeart.Regular(20));
        int before = player.Found.Count;
        // From 20 s on another device, whose chunks are left out until the first has been silent for ten seconds.
        foreach (WaveformChunk chunk in PlayedHeart.Regular(40, startMs: Start + 20_000).Seconds())
            player.PlayFrom(1, chunk);
        Assert.Equal(11, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.OtherDevice]);
        Assert.Equal(1, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Restarted]);
        Assert.Equal(1, player.Monitor.Streams[0].Device);
        Assert.InRange(player.Found.Count - before, 32, 40);
    }

    [Fact]
    public void The_leads_of_another_device_are_looked_at_when_those_of_the_first_have_gone()
    {
        var player = new Player().Seconds(PlayedHeart.Regular(20));
        foreach (WaveformChunk chunk in PlayedHeart.Regular(40, signal: WaveformSignal.EcgV, startMs: Start + 20_000).Seconds())
            player.PlayFrom(1, chunk);
        Assert.InRange(player.Found.Count(beat => beat.TimeMs - Start > 40_000), 20, 26);
        Assert.False(player.Ecg[^1].AreLeadsOff);
        player.Restore();
    }

    [Fact]
    public void Of_many_leads_the_preferred_ones_are_looked_at_in_whatever_order_they_come()
    {
        WaveformSignal[] leads = [WaveformSignal.EcgAvr, WaveformSignal.EcgV1, WaveformSignal.EcgIII, WaveformSignal.EcgV5, WaveformSignal.EcgII, WaveformSignal.EcgI];
        Player? reference = null;
        for (int seed = 0; seed < 10; seed++)
        {
            WaveformSignal[] shuffled = [.. leads];
            new Random(seed).Shuffle(shuffled);
            Player player = new Player().Seconds([.. shuffled.Select(lead => PlayedHeart.Regular(20, signal: lead))]);
            Assert.Equal((WaveformSignal.EcgII, WaveformSignal.EcgV5), (player.Monitor.LeadSignal(0), player.Monitor.LeadSignal(1)));
            Assert.Equal((reference ??= player).Found, player.Found);
            Assert.Equal(4, Enumerable.Range(0, 6).Count(i => player.Monitor.UseOf(i) == WaveformUse.SpareLead));
            var cut = new Player();
            foreach (WaveformChunk[] message in Shuffle([.. shuffled.Select(lead => PlayedHeart.Regular(20, signal: lead))], new Random(seed), longest: 700))
                cut.Play(message);
            Assert.Equal(player.Found, cut.Found);
            Assert.Equal(player.Ecg, cut.Ecg);
        }
    }

    [Fact]
    public void A_preferred_lead_that_comes_within_five_seconds_takes_the_first_place_and_one_that_comes_later_does_not()
    {
        foreach ((int fromMs, WaveformSignal first) in new[] { (4000, WaveformSignal.EcgII), (8000, WaveformSignal.EcgV1) })
        {
            var player = new Player();
            WaveformChunk[] poor = [.. PlayedHeart.Regular(40, signal: WaveformSignal.EcgV1).Seconds()];
            WaveformChunk[] good = [.. PlayedHeart.Regular(40 - (fromMs / 1000), startMs: Start + fromMs).Seconds()];
            for (int second = 0; second < 40; second++)
                player.Play(second < fromMs / 1000 ? [poor[second]] : [poor[second], good[second - (fromMs / 1000)]]);
            Assert.Equal(first, player.Monitor.LeadSignal(0));
            Assert.Equal(2, player.Monitor.Leads);
            Assert.InRange(player.Found.Count(beat => beat.TimeMs > Start + 15_000), 28, 32);
            player.Restore();
            Assert.Equal(first, player.Monitor.LeadSignal(0));
        }
    }

    [Fact]
    public void A_lead_of_another_sampling_rate_is_not_looked_at_and_is_said_to_be_so()
    {
        Player player = new Player().Seconds(PlayedHeart.Regular(20), PlayedHeart.Regular(20, rateHz: 500, WaveformSignal.EcgV), PlayedHeart.Regular(20, signal: WaveformSignal.EcgI), PlayedHeart.Pulse(20));
        Assert.Equal([WaveformUse.FirstLead, WaveformUse.OtherRate, WaveformUse.SecondLead, WaveformUse.Pulse], Enumerable.Range(0, 4).Select(player.Monitor.UseOf));
    }

    [Fact]
    public void Every_ECG_lead_has_its_place_in_the_order_of_preference()
    {
        WaveformSignal[] all = [.. Enum.GetValues<WaveformSignal>().Where(signal => signal != WaveformSignal.None && WaveformSignals.Get(signal).Kind == WaveformKind.Ecg)];
        Assert.Equal(all, LeadPreference.Order.ToArray().Order());
    }

    [Fact]
    public void A_lead_that_stops_while_the_other_goes_on_does_not_begin_the_search_anew()
    {
        PlayedSignal[] two = [PlayedHeart.Regular(60) with { Gaps = [(20 * PlayedHeart.EcgHz, 40 * PlayedHeart.EcgHz)] }, PlayedHeart.Regular(60, signal: WaveformSignal.EcgV)];
        Player player = new Player().Seconds(two);
        // Four seconds apart at most: a search that begins anew needs longer.
        for (int i = 1; i < player.Found.Count; i++)
            Assert.InRange(player.Found[i].TimeMs - player.Found[i - 1].TimeMs, 700, 1700);
        Assert.True(player.Found[^1].TimeMs - Start > 57_000);
    }

    [Fact]
    public void A_clock_that_drifts_moves_beats_with_it_and_adds_and_loses_none()
    {
        // A device whose second is 2 ms longer than ours: 0.2 %, ten times what quartz does.
        var player = new Player();
        PlayedSignal lead = PlayedHeart.Regular(120);
        foreach (WaveformChunk chunk in lead.Seconds())
            player.Play(chunk with { TimeMs = Start + ((chunk.TimeMs - Start) * 1002 / 1000) });
        Assert.True(player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Drift] > 10);
        Assert.Equal(0, player.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Gap]);
        int learnt = player.Found.FindIndex(beat => beat.TimeMs - Start > 5_000);
        for (int i = learnt + 1; i < player.Found.Count; i++)
            Assert.InRange(player.Found[i].TimeMs - player.Found[i - 1].TimeMs, 780, 820);
        Assert.DoesNotContain(player.Changes, change => change.Kind == RhythmChangeKind.Began);
    }

    [Fact]
    public void Long_chunks_in_messages_of_their_own_are_waited_for()
    {
        PlayedSignal[] signals = s_eventful.Value;
        var player = new Player();
        WaveformChunk[][] chunks = [.. signals.Select(signal => signal.Cut(() => signal.RateMilliHz / 100).ToArray())];
        player.Play([.. chunks.Select(theirs => theirs[0])]);
        for (int i = 1; i < chunks[0].Length; i++)
        {
            foreach (WaveformChunk[] theirs in chunks)
                player.Play(theirs[i]);
        }

        player.AssertSame(s_reference.Value);
    }

    [Fact]
    public void A_signal_that_stops_is_waited_for_for_a_while_and_then_no_longer()
    {
        PlayedSignal lead = PlayedHeart.Regular(40), pulse = PlayedHeart.Pulse(20);
        var player = new Player();
        WaveformChunk[] beats = [.. lead.Seconds()], waves = [.. pulse.Seconds()];
        for (int second = 0; second < 40; second++)
        {
            player.Play(beats[second]);
            if (second < waves.Length)
                player.Play(waves[second]);
            long behindMs = Start + ((second + 1) * 1000) - player.Monitor.DoneMs;
            Assert.True(behindMs <= PatienceMs + 1000, $"second {second}: {behindMs} ms behind");
            if (second is < 20 or > 26)
                Assert.Equal(0, behindMs);
        }
    }

    [Theory]
    [InlineData(11)]
    [InlineData(3600)]
    [InlineData(20L * 365 * 86_400)]
    public void A_silence_of_all_signals_is_passed_over_and_each_begins_anew(long silenceSeconds)
    {
        Player player = new Player().Seconds(PlayedHeart.Regular(20), PlayedHeart.Pulse(20));
        long again = Start + 20_000 + (silenceSeconds * 1000);
        // The pulse alone at first, so that the ECG's last samples are all that is there of it.
        foreach (WaveformChunk chunk in PlayedHeart.Pulse(10, again).Seconds())
            player.Play(chunk);
        Assert.DoesNotContain(player.Changes, change => change.Kind == RhythmChangeKind.Began);
        foreach (WaveformChunk chunk in PlayedHeart.Regular(20, startMs: again + 10_000).Seconds())
            player.Play(chunk);
        Assert.Equal(ChunkOutcome.Repeated, player.Play(PlayedHeart.Regular(2).Seconds().First())[0]);
        Assert.InRange(player.Found.Count(beat => beat.TimeMs > again + 10_000), 15, 25);
        Assert.DoesNotContain(player.Found, beat => beat.TimeMs > Start + 21_000 && beat.TimeMs < again + 10_000);
        // A second of the data is looked at each second, and none of the silence.
        Assert.InRange(player.Ecg.Count, 45, 51);
        player.Restore();
    }

    [Fact]
    public void Chunks_of_one_message_may_lie_years_apart()
    {
        foreach (bool oldFirst in new[] { true, false })
        {
            WaveformChunk old = PlayedHeart.Pulse(1, startMs: 1000).Seconds().First();
            WaveformChunk[] present = [.. PlayedHeart.Regular(20).Seconds()];
            var player = new Player();
            player.Play(oldFirst ? [old, present[0]] : [present[0], old]);
            foreach (WaveformChunk chunk in present.Skip(1))
                player.Play(chunk);
            Assert.Equal(Start + 20_000, player.Monitor.DoneMs);
            Assert.InRange(player.Found.Count, 18, 25);
        }
    }

    [Fact]
    public void What_was_there_before_a_silence_is_told_as_unseen()
    {
        PlayedSignal[] signals = [.. s_eventful.Value.Select(signal => signal with { Samples = signal.Samples[..(40 * signal.RateMilliHz / 1000)] })];
        Player player = new Player().Seconds(signals);
        Assert.Contains(RhythmCondition.ExtremeTachycardia, Going());
        player.Play([.. PlayedHeart.Pulse(1, Start + 60_000).Seconds()]);
        Assert.Empty(Going());
        Assert.Contains((RhythmCondition.ExtremeTachycardia, RhythmChangeKind.Unseen, 40_000), player.Told);

        IEnumerable<RhythmCondition> Going() => player.Changes.GroupBy(change => change.Condition).Where(changes => changes.Last().Kind == RhythmChangeKind.Began).Select(changes => changes.Key);
    }

    [Fact]
    public void A_signal_too_many_is_left_out()
    {
        var player = new Player();
        for (int signal = 1; signal <= WaveformMonitor.MaximumStreams; signal++)
            Assert.Equal(ChunkOutcome.Began, player.Play(new WaveformChunk((WaveformSignal)signal, 250_000, 200, 0, Start, new short[250]))[0]);
        Assert.Equal(ChunkOutcome.OtherDevice, player.Play(new WaveformChunk(WaveformSignal.CentralVenousPressure, 250_000, 200, 0, Start, new short[250]))[0]);
        Assert.Equal(WaveformMonitor.MaximumStreams, player.Monitor.Streams.Count);
    }

    /// <summary>A chunk again, with some of what was before it.</summary>
    private static WaveformChunk Longer(WaveformChunk chunk, int more)
    {
        PlayedSignal signal = s_eventful.Value.First(signal => signal.Samples.AsMemory().Span.Overlaps(chunk.Samples.Span));
        int at = (int)((chunk.TimeMs - Start) * signal.RateMilliHz / 1_000_000);
        int from = Math.Max(0, at - more), to = Math.Min(signal.Samples.Length, at + chunk.Samples.Length + more);
        return chunk with { TimeMs = signal.TimeMs(from), Samples = signal.Samples.AsMemory(from, to - from) };
    }

    /// <summary>Cuts signals at random places and brings the chunks in a random order in which none begins later than three seconds behind where another signal ends. The first message has all signals.</summary>
    private static IEnumerable<WaveformChunk[]> Shuffle(PlayedSignal[] signals, Random random, int longest)
    {
        var queues = signals.Select(signal => new Queue<WaveformChunk>(signal.Cut(() => random.Next(1, longest)))).ToArray();
        yield return [.. queues.Select(queue => queue.Peek())];
        long[] ends = [.. queues.Select(queue => End(queue.Dequeue()))];
        while (queues.Any(queue => queue.Count > 0))
        {
            int[] may = [.. Enumerable.Range(0, queues.Length).Where(i => queues[i].Count > 0 && queues[i].Peek().TimeMs < Waited(i) + PatienceMs)];
            var message = new List<WaveformChunk>();
            int chosen = may[random.Next(may.Length)];
            do
            {
                WaveformChunk chunk = queues[chosen].Dequeue();
                message.Add(chunk);
                ends[chosen] = End(chunk);
            }
            while (random.Next(3) == 0 && queues[chosen].Count > 0 && queues[chosen].Peek().TimeMs < Waited(chosen) + PatienceMs);
            yield return [.. message];
        }

        long Waited(int except) => Enumerable.Range(0, ends.Length).Where(i => i != except && queues[i].Count > 0).Select(i => ends[i]).DefaultIfEmpty(long.MaxValue - PatienceMs).Min();

        static long End(in WaveformChunk chunk) => WaveformBounds.EndMs(chunk);
    }
}
