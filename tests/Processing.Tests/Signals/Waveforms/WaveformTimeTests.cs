using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals.Waveforms;

/// <summary>Waveforms of devices whose clocks are wrong.</summary>
public sealed class WaveformTimeTests
{
    private const long Start = PlayedSignal.Start;
    private const long DayMs = 86_400_000;

    [Theory]
    [InlineData(1)]
    [InlineData(20_000)]
    public void The_way_from_a_device_with_a_reset_clock_to_another_is_not_stepped_through(int days)
    {
        WaveformChunk[] reset = [.. PlayedHeart.Regular(5, signal: WaveformSignal.EcgV, startMs: Start - (days * DayMs)).Seconds()], right = [.. PlayedHeart.Regular(40).Seconds()];
        var player = new Player();
        foreach (WaveformChunk chunk in reset)
            player.PlayFrom(1, chunk);
        foreach (WaveformChunk chunk in right)
        {
            player.Play(chunk);
            Assert.InRange(player.Monitor.Seconds.Count, 0, 20);
        }

        // Ten seconds until the first counts as gone, then some to learn.
        Assert.InRange(player.Found.Count(beat => beat.TimeMs >= Start + 18_000), 25, 29);
        Assert.Equal(Start + 40_000, player.Monitor.DoneMs);
        Assert.DoesNotContain(player.Ecg, second => second.AreLeadsOff);
    }

    [Fact]
    public void The_first_ECG_may_lie_years_from_the_pulse_that_was_there_before()
    {
        foreach (long pulseMs in new[] { 1000, Start - 60_000, Start + 60_000, Start + (20_000 * DayMs) })
        {
            var player = new Player();
            foreach (WaveformChunk chunk in PlayedHeart.Pulse(5, pulseMs).Seconds())
                player.PlayFrom(1, chunk);
            foreach (WaveformChunk chunk in PlayedHeart.Regular(20).Seconds())
                player.Play(chunk);
            Assert.InRange(player.Found.Count(beat => beat.TimeMs >= Start), 18, 25);
            Assert.Equal(Start + 20_000, player.Monitor.DoneMs);
        }
    }

    [Fact]
    public void A_fold_is_bounded_whatever_the_times_of_its_chunks()
    {
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            for (int message = 0; message < 60; message++)
            {
                var chunks = new WaveformChunk[16];
                for (int i = 0; i < chunks.Length; i++)
                {
                    var signal = (WaveformSignal)random.Next(1, WaveformSignals.Count);
                    long atMs = Start + (random.Next(4) switch { 0 => random.Next(20_000), 1 => random.Next(400_000), 2 => random.NextInt64(DayMs), _ => random.NextInt64(-Start, 20_000 * DayMs) });
                    chunks[i] = new(signal, 50_000, 200, 0, atMs, new short[random.Next(1, 500)]);
                }

                int before = player.Ecg.Count;
                player.PlayFrom(random.Next(3), chunks);
                Assert.InRange(player.Ecg.Count - before, 0, WaveformMonitor.MaximumSteps / 10);
                if (message % 10 == 0)
                    player.Restore();
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(2000)]
    [InlineData(5000)]
    [InlineData(30_000)]
    [InlineData(3_600_000)]
    [InlineData(-5000)]
    [InlineData(-3_600_000)]
    public void The_clock_of_another_device_does_not_keep_the_ECG_from_being_looked_at(int aheadMs)
    {
        WaveformChunk[] ecg = [.. PlayedHeart.Regular(60).Seconds()], pulse = [.. PlayedHeart.Pulse(60, Start + aheadMs).Seconds()];
        var player = new Player();
        for (int i = 0; i < ecg.Length; i++)
        {
            player.Play(ecg[i]);
            player.PlayFrom(1, pulse[i]);
        }

        Player alone = new Player().Seconds(PlayedHeart.Regular(60));
        int same = player.Found.Count;
        Assert.Equal(alone.Found.Take(same), player.Found);
        Assert.InRange(same, alone.Found.Count - 2, alone.Found.Count);
        Assert.DoesNotContain(player.Ecg, second => second.AreLeadsOff);
        Assert.Equal(Math.Abs(aheadMs) < 3000, player.Monitor.NewestPulse(Processing.Signals.Pulse.PulseKind.ArterialPressure) is not null);
    }

    [Fact]
    public void One_pulse_chunk_far_ahead_changes_nothing_and_the_pulse_is_used_again_when_it_is_near()
    {
        WaveformChunk[] ecg = [.. PlayedHeart.Regular(60).Seconds()], pulse = [.. PlayedHeart.Pulse(60).Seconds()];
        var player = new Player();
        for (int i = 0; i < ecg.Length; i++)
        {
            player.Play(ecg[i]);
            if (i == 20)
                player.PlayFrom(1, PlayedHeart.Pulse(1, Start + 290_000).Seconds().First());
            if (i >= 20)
                player.PlayFrom(1, pulse[i]);
        }

        Assert.Equal(new Player().Seconds(PlayedHeart.Regular(60)).Found, player.Found);
        Assert.NotNull(player.Monitor.NewestPulse(Processing.Signals.Pulse.PulseKind.ArterialPressure));
        Assert.Equal(1, player.Monitor.Streams[1].Outcomes[(int)ChunkOutcome.Restarted]);
    }

    [Fact]
    public void Cuts_and_order_within_the_patience_change_nothing_also_with_a_pulse_of_another_device()
    {
        PlayedSignal ecg = PlayedHeart.Regular(40), pulse = PlayedHeart.Pulse(40);
        Player reference = Play(new Random(0), 125);
        Assert.NotNull(reference.Monitor.NewestPulse(Processing.Signals.Pulse.PulseKind.ArterialPressure));
        for (int seed = 1; seed <= 20; seed++)
            Play(new Random(seed), seed % 2 == 0 ? 40 : 300).AssertSame(reference);

        Player Play(Random random, int longest)
        {
            var player = new Player();
            // A first sample of each, so that both are known from the first step on.
            WaveformChunk[] beats = [.. Cut(ecg, 2 * longest)], waves = [.. Cut(pulse, longest)];
            player.Play(beats[0]);
            player.PlayFrom(1, waves[0]);
            (int beat, int wave) = (1, 1);
            while (beat < beats.Length || wave < waves.Length)
            {
                // Whichever may come: none begins three seconds behind where the other ends.
                bool mayBeat = beat < beats.Length && (wave == waves.Length || beats[beat].TimeMs < waves[wave].TimeMs + 3000);
                bool mayWave = wave < waves.Length && (beat == beats.Length || waves[wave].TimeMs < beats[beat].TimeMs + 3000);
                if (mayBeat && (!mayWave || random.Next(2) == 0))
                    player.Play(beats[beat++]);
                else
                    player.PlayFrom(1, waves[wave++]);
            }

            return player;

            IEnumerable<WaveformChunk> Cut(PlayedSignal signal, int most)
            {
                bool isFirst = true;
                return signal.Cut(() => isFirst ? 1 + Convert.ToInt32(isFirst = false) : random.Next(1, most));
            }
        }
    }

    [Fact]
    public void A_second_ECG_whose_clock_is_ahead_does_not_take_the_place_of_the_first_until_that_has_gone()
    {
        WaveformChunk[] first = [.. PlayedHeart.Regular(60).Seconds()], second = [.. PlayedHeart.Regular(100, signal: WaveformSignal.EcgV, startMs: Start + 3_600_000).Seconds()];
        var player = new Player();
        for (int i = 0; i < second.Length; i++)
        {
            if (i < first.Length)
                player.Play(first[i]);
            player.PlayFrom(1, second[i]);
        }

        Assert.Equal(new Player().Seconds(PlayedHeart.Regular(60)).Found, player.Found.Where(beat => beat.TimeMs < Start + 3_600_000));
        Assert.InRange(player.Found.Count(beat => beat.TimeMs > Start + 3_670_000), 28, 38);
        player.Restore();
    }

    [Fact]
    public void A_clock_that_was_set_back_begins_the_ECG_anew_after_ten_seconds_to_the_sample_however_it_is_cut()
    {
        PlayedSignal before = PlayedHeart.Regular(20), after = PlayedHeart.Regular(60, startMs: Start - 3_580_000);
        PlayedSignal pressure = PlayedHeart.Pulse(20), pressureAfter = PlayedHeart.Pulse(60, Start - 3_580_000);
        Player reference = new Player().Seconds(before, pressure);
        int found = reference.Found.Count;
        WaveformChunk[] beats = [.. after.Seconds()], waves = [.. pressureAfter.Seconds()];
        for (int i = 0; i < beats.Length; i++)
            reference.Play(beats[i], waves[i]);
        Assert.Equal(1, reference.Monitor.Streams[0].Outcomes[(int)ChunkOutcome.Restarted]);
        Assert.InRange(reference.Found.Count - found, 58, 65);
        Assert.Equal(after.StartMs + 60_000, reference.Monitor.DoneMs);
        Assert.NotNull(reference.Monitor.NewestPulse(Processing.Signals.Pulse.PulseKind.ArterialPressure));
        Assert.DoesNotContain(reference.Ecg, second => second.AreLeadsOff);

        Player alone = new Player().Seconds(before);
        foreach (WaveformChunk chunk in beats)
            alone.Play(chunk);
        for (int seed = 1; seed <= 20; seed++)
        {
            var random = new Random(seed);
            var player = new Player();
            foreach (WaveformChunk chunk in before.Cut(() => random.Next(1, 900)).Concat(after.Cut(() => random.Next(1, seed % 2 == 0 ? 100 : 2500))))
            {
                player.Play(chunk);
                if (random.Next(4) == 0)
                    player.Restore();
            }

            Assert.Equal(alone.Found, player.Found);
            Assert.Equal(alone.Ecg, player.Ecg);
            Assert.Equal(alone.Classified, player.Classified);
        }
    }

    [Fact]
    public void A_pressure_that_ended_before_the_clock_was_set_back_does_not_hold_up_time()
    {
        Player player = new Player().Seconds(PlayedHeart.Regular(40), PlayedHeart.Pulse(20));
        int found = player.Found.Count;
        foreach (WaveformChunk chunk in PlayedHeart.Regular(60, startMs: Start - 3_600_000).Seconds())
            player.Play(chunk);
        Assert.InRange(player.Found.Count - found, 58, 65);
        player.Restore();
    }

    [Fact]
    public void Repeats_stay_repeats()
    {
        WaveformChunk[] chunks = [.. PlayedHeart.Regular(60).Seconds()];
        var player = new Player();
        for (int i = 0; i < chunks.Length; i++)
        {
            player.Play(chunks[i]);
            // The same again and again, and a batch of nine seconds of long ago and one of fourteen of just now played again.
            for (int again = 0; again < 12 && i == 30; again++)
                Assert.Equal(ChunkOutcome.Repeated, player.Play(chunks[2])[0]);
            for (int again = 2; again < 11 && i == 40; again++)
                Assert.Equal(ChunkOutcome.Repeated, player.Play(chunks[again])[0]);
            for (int again = 36; again < 50 && i == 50; again++)
                Assert.Equal(ChunkOutcome.Repeated, player.Play(chunks[again])[0]);
        }

        Assert.Equal(new Player().Seconds(PlayedHeart.Regular(60)).Found, player.Found);
    }
}
