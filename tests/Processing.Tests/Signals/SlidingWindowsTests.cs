using PhysioActors.Processing.Signals;
using PhysioActors.Shared.Binary;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Tests.Signals;

public sealed class SlidingWindowsTests
{
    private const SignalCode Code = SignalCode.HeartRate;
    private const long Start = 1_700_000_000_000;
    private static readonly WindowSpan[] Spans = Enum.GetValues<WindowSpan>();

    [Fact]
    public void The_statistics_are_what_numpy_computes_over_six_days_of_an_irregular_series()
    {
        Dictionary<int, List<double[]>> expected = ReferenceValues.Rows("windows-expected.csv").GroupBy(row => (int)row[0]).ToDictionary(g => g.Key, g => g.ToList());
        var windows = new SlidingWindows();
        int at = 0;
        int compared = 0;
        foreach (double[] sample in ReferenceValues.Rows("windows-series.csv"))
        {
            Assert.True(windows.Add((long)sample[0], (ushort)sample[1], (int)sample[2]));
            foreach (double[] row in expected.GetValueOrDefault(at, []))
            {
                WindowSpan span = Spans.Single(s => SlidingWindows.LengthMs(s) == (int)row[1]);
                windows.Read(span, Code, out WindowStatistics stats);
                string where = $"row {at}, {span}";
                Assert.Equal((int)row[2], stats.Count);
                ReferenceValues.Close(row[3], stats.Mean, 1e-12, where + " mean");
                ReferenceValues.Close(row[4], stats.StandardDeviation, 1e-12, where + " sd");
                ReferenceValues.Close(row[5], stats.Minimum, 1e-12, where + " min");
                ReferenceValues.Close(row[6], stats.Maximum, 1e-12, where + " max");
                ReferenceValues.Close(row[7], stats.SlopePerMinute, 1e-9, where + " slope");
                ReferenceValues.Close(row[8], stats.MissingShare, 1e-12, where + " missing share");
                compared++;
            }

            at++;
        }

        Assert.Equal(expected.Values.Sum(rows => rows.Count), compared);
        Assert.True(compared > 1000);
    }

    [Fact]
    public void After_a_million_samples_the_statistics_are_those_of_the_samples_in_the_window_alone()
    {
        var random = new Random(11);
        var windows = new SlidingWindows();
        var kept = new Queue<(long Time, ushort Steps)>();
        long time = Start;
        for (int i = 0; i < 1_000_000; i++)
        {
            time += random.Next(700, 1300);
            ushort steps = (ushort)random.Next(3501);
            windows.Add(time, steps, 1000);
            kept.Enqueue((time, steps));
            while (kept.Peek().Time <= time - SlidingWindows.ReachMs)
                kept.Dequeue();
            if (i % 5000 == 4999)
            {
                var fresh = new SlidingWindows();
                foreach ((long t, ushort s) in kept)
                    fresh.Add(t, s, 1000);
                AssertSameStatistics(fresh, windows, $"sample {i}", coverage: false);
                AssertBruteForce(kept, windows);
            }
        }
    }

    [Fact]
    public void Samples_out_of_order_give_what_sorted_ones_give_bit_for_bit()
    {
        foreach (int seed in Enumerable.Range(0, 150))
        {
            var random = new Random(seed);
            List<(long Time, ushort Steps, int Interval)> sorted = Series(random, 50 + random.Next(900));
            // Each sample arrives up to some seconds after its time; equal times stay in order, as the sort is stable.
            long spread = random.Next(3) switch { 0 => 3_000, 1 => 60_000, _ => 500_000 };
            var arrivals = sorted.Select(s => (s.Time, s.Steps, s.Interval, Arrival: s.Time + random.NextInt64(spread))).OrderBy(s => s.Arrival).ToList();
            var disordered = new SlidingWindows();
            var accepted = new List<(long Time, ushort Steps, int Interval)>();
            foreach ((long time, ushort steps, int interval, long _) in arrivals)
            {
                long newest = disordered.NewestMs;
                bool taken = disordered.Add(time, steps, interval);
                Assert.Equal(newest == long.MinValue || time > newest - SlidingWindows.ReachMs, taken);
                if (taken)
                    accepted.Add((time, steps, interval));
            }

            var ordered = new SlidingWindows();
            foreach ((long time, ushort steps, int interval) in accepted.OrderBy(s => s.Time))
                ordered.Add(time, steps, interval);
            // A sample too late to be taken covers nothing, in either.
            AssertSameStatistics(ordered, disordered, $"seed {seed}", coverage: true);
            Assert.Equal(Encoded(ordered), Encoded(disordered));
        }
    }

    [Fact]
    public void Reading_a_snapshot_gives_the_same_bytes_the_same_statistics_and_the_same_future()
    {
        foreach (int seed in Enumerable.Range(0, 60))
        {
            var random = new Random(seed);
            var windows = new SlidingWindows();
            var restored = new SlidingWindows();
            AssertRoundTrip(windows, "empty");
            int at = 0;
            foreach ((long time, ushort steps, int interval) in Series(random, 700))
            {
                long late = time - (random.Next(10) == 0 ? random.Next(5000) : 0);
                Assert.Equal(windows.Add(late, steps, interval), restored.Add(late, steps, interval));
                Assert.Equal(Encoded(windows), Encoded(restored));
                AssertSameStatistics(windows, restored, $"seed {seed}, sample {at}", coverage: true);
                if (random.Next(20) == 0)
                    restored = AssertRoundTrip(restored, $"seed {seed}, sample {at}");
                at++;
            }
        }
    }

    [Fact]
    public void The_window_is_open_at_its_old_end_and_closed_at_its_new_one()
    {
        var windows = new SlidingWindows();
        windows.Add(Start, 100, 1000);
        windows.Add(Start + 29_999, 200, 1000);
        Assert.Equal(2, windows.Count(WindowSpan.Seconds30));
        windows.Add(Start + 30_000, 300, 1000);
        Assert.Equal(2, windows.Count(WindowSpan.Seconds30));
        Assert.Equal(3, windows.Count(WindowSpan.Minutes2));
        windows.Read(WindowSpan.Seconds30, Code, out WindowStatistics stats);
        Assert.Equal(25, stats.Mean, 1e-12);
        Assert.Equal(20, stats.Minimum, 1e-12);
        Assert.Equal(30, stats.Maximum, 1e-12);
    }

    [Fact]
    public void Too_few_samples_give_no_number()
    {
        var windows = new SlidingWindows();
        windows.Read(WindowSpan.Minutes10, Code, out WindowStatistics none);
        Assert.Equal(new(0, double.NaN, double.NaN, double.NaN, double.NaN, double.NaN, 1), none);
        Assert.False(windows.TryMean(WindowSpan.Seconds30, Code, out _));
        windows.Add(Start, 500, 1000);
        windows.Read(WindowSpan.Minutes10, Code, out WindowStatistics one);
        Assert.Equal((1, 50.0, double.NaN, double.NaN), (one.Count, one.Mean, one.StandardDeviation, one.SlopePerMinute));
        windows.Add(Start, 600, 1000);
        windows.Read(WindowSpan.Minutes10, Code, out WindowStatistics two);
        Assert.True(double.IsNaN(two.SlopePerMinute));
        Assert.Equal(Math.Sqrt(50), two.StandardDeviation, 1e-12);
    }

    [Fact]
    public void The_slope_does_not_depend_on_the_year()
    {
        double[] slopes = [.. new long[] { 0, Start, SlidingWindows.LastTimeMs - 700_000 }.Select(origin =>
        {
            var windows = new SlidingWindows();
            var random = new Random(4);
            for (int i = 0; i < 600; i++)
                windows.Add(origin + (i * 1000) + random.Next(900), (ushort)(800 + i + random.Next(40)), 1000);
            Assert.True(windows.TrySlopePerMinute(WindowSpan.Minutes10, Code, out double slope));
            return slope;
        })];
        Assert.Equal(slopes[0], slopes[1]);
        Assert.Equal(slopes[0], slopes[2]);
        Assert.Equal(6, slopes[0], 0.1);
    }

    [Fact]
    public void The_largest_sums_that_can_be_are_exact()
    {
        // As many samples as are kept, half at either end of the window and of the range of values: every product is as large as it gets.
        var windows = new SlidingWindows();
        int n = SlidingWindows.MaximumSamples;
        const long late = SlidingWindows.LastTimeMs;
        const long early = late - SlidingWindows.ReachMs + 1;
        for (int i = 0; i < n; i++)
            windows.Add(i < n / 2 ? early : late, i < n / 2 ? (ushort)0 : ushort.MaxValue, 1);
        Assert.Equal(n, windows.SampleCount);
        Assert.True(windows.TrySlopePerMinute(WindowSpan.Minutes10, Code, out double slope));
        Assert.Equal(6553.5 * 60_000 / (SlidingWindows.ReachMs - 1), slope, 1e-9);
        Assert.True(windows.TryStandardDeviation(WindowSpan.Minutes10, Code, out double deviation));
        Assert.Equal(6553.5 / 2 * Math.Sqrt(n / (n - 1.0)), deviation, 1e-9);
    }

    [Fact]
    public void Beyond_the_bound_the_oldest_leave_early_and_are_counted()
    {
        var windows = new SlidingWindows();
        const int extra = 500;
        for (int i = 0; i < SlidingWindows.MaximumSamples + extra; i++)
            Assert.True(windows.Add(Start + (i * 10), (ushort)i, 10));
        Assert.Equal(SlidingWindows.MaximumSamples, windows.SampleCount);
        Assert.Equal(extra, windows.CrowdedOut);
        windows.Read(WindowSpan.Minutes10, Code, out WindowStatistics stats);
        Assert.Equal(extra * 0.1, stats.Minimum, 1e-9);
        AssertRoundTrip(windows, "full");
        // One out of order into full windows, and one that would be the oldest.
        Assert.True(windows.Add(windows.NewestMs - 5, 7, 10));
        Assert.True(windows.Add(Start, 7, 10));
        Assert.Equal(extra + 2, windows.CrowdedOut);
        Assert.Equal(SlidingWindows.MaximumSamples, windows.SampleCount);
        windows.Read(WindowSpan.Seconds30, Code, out stats);
        Assert.Equal(0.7, stats.Minimum, 1e-9);
        Assert.Equal(3001, stats.Count);
        AssertRoundTrip(windows, "full and disordered");
    }

    [Fact]
    public void Uncovered_time_stays_bounded_when_every_reading_leaves_some()
    {
        var windows = new SlidingWindows();
        for (int i = 0; i < 20_000; i++)
            windows.Add(Start + (i * 20), 100, 10);
        // Of the gaps of 5 ms every 20 ms the newest 1,024 are known: 20.48 s of the 30.
        Assert.Equal(1024 * 5 / 30_000.0, windows.MissingShare(WindowSpan.Seconds30), 1e-3);
        AssertRoundTrip(windows, "gaps");
    }

    [Fact]
    public void Time_before_the_first_reading_is_missing_and_1_5_intervals_after_a_reading_are_not()
    {
        var windows = new SlidingWindows();
        windows.Add(Start, 100, 10_000);
        Assert.Equal(1, windows.MissingShare(WindowSpan.Seconds30), 1e-12);
        windows.Add(Start + 15_000, 100, 10_000);
        Assert.Equal(0.5, windows.MissingShare(WindowSpan.Seconds30), 1e-12);
        windows.Add(Start + 45_000, 100, 10_000);
        Assert.Equal(0.5, windows.MissingShare(WindowSpan.Seconds30), 1e-12); // 15 s of the 30 lie behind the cover of the reading before.
        windows.Add(Start + 37_000, 100, 10_000); // Late: its cover meets the next reading.
        Assert.Equal(7.0 / 30, windows.MissingShare(WindowSpan.Seconds30), 1e-12);
        windows.Add(Start + 3_600_000, 100, 3_600_000);
        windows.Add(Start + 7_200_000, 100, 3_600_000); // A reading before the window covers all of it.
        Assert.Equal(0, windows.MissingShare(WindowSpan.Minutes10));
    }

    [Fact]
    public void A_sample_older_than_the_window_is_refused_and_changes_nothing()
    {
        var windows = new SlidingWindows();
        windows.Add(Start + SlidingWindows.ReachMs, 100, 1000);
        byte[] before = Encoded(windows);
        Assert.False(windows.Add(Start, 200, 1000));
        Assert.Equal(before, Encoded(windows));
        Assert.True(windows.Add(Start + 1, 200, 1000));
        Assert.Equal(2, windows.SampleCount);
    }

    [Fact]
    public void An_impossible_time_or_interval_is_refused()
    {
        var windows = new SlidingWindows();
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.Add(-1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.Add(SlidingWindows.LastTimeMs + 1, 0, 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => windows.Add(Start, 0, -1));
        Assert.Equal(0, windows.SampleCount);
        windows.Add(Start, 0, int.MaxValue);
        AssertRoundTrip(windows, "longest interval");
    }

    [Fact]
    public void Damaged_bytes_are_refused_and_never_crash()
    {
        var windows = new SlidingWindows();
        var random = new Random(8);
        foreach ((long time, ushort steps, int interval) in Series(random, 80))
            windows.Add(time, steps, interval);
        byte[] bytes = Encoded(windows);
        for (int length = 0; length < bytes.Length; length++)
            Assert.Throws<InvalidDataException>(() => Decoded(bytes[..length]));
        for (int i = 0; i < 5000; i++)
        {
            byte[] broken = [.. bytes];
            broken[random.Next(broken.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                var reader = new PayloadReader(broken);
                AssertRoundTrip(SlidingWindows.Decode(ref reader), $"damage {i}");
            }
            catch (InvalidDataException)
            {
                // Refused, as it should be; what is not refused must be windows in themselves.
            }
        }
    }

    [Fact]
    public void A_sample_into_full_windows_and_its_statistics_allocate_nothing()
    {
        var windows = new SlidingWindows();
        var random = new Random(9);
        long time = Start;
        for (int i = 0; i < 20_000; i++)
            windows.Add(time += 1000, (ushort)random.Next(3000), 1000);
        long before = GC.GetAllocatedBytesForCurrentThread();
        double sum = 0;
        for (int i = 0; i < 5_000; i++)
        {
            windows.Add(time += 1000, (ushort)random.Next(3000), 1000);
            windows.TryMean(WindowSpan.Seconds30, Code, out double mean);
            windows.TrySlopePerMinute(WindowSpan.Minutes10, Code, out double slope);
            sum += mean + slope;
        }

        // The deques may still grow once or twice in all that time.
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400);
        Assert.True(double.IsFinite(sum));
    }

    /// <summary>Irregular: dense stretches, repeated times, sparse stretches, steps in time beyond 16 bits, gaps beyond the window; intervals that change.</summary>
    private static List<(long Time, ushort Steps, int Interval)> Series(Random random, int count)
    {
        var samples = new List<(long, ushort, int)>(count);
        long time = Start;
        int kind = 0;
        for (int i = 0; i < count; i++)
        {
            if (random.Next(40) == 0)
                kind = random.Next(6);
            (long step, int interval) = kind switch
            {
                0 => (1000, 1000),
                1 => (random.Next(700, 1300), 1000),
                2 => (random.Next(0, 3), 0),
                3 => (random.Next(60_000, 200_000), 100_000),
                4 => (random.Next(1000, 9000), 2000),
                _ => (random.Next(30) == 0 ? 700_000 : 250, 250),
            };
            time += step;
            samples.Add((time, (ushort)(random.Next(4) == 0 ? random.Next(65_536) : 1000 + random.Next(50)), interval));
        }

        return samples;
    }

    private static void AssertBruteForce(IEnumerable<(long Time, ushort Steps)> samples, SlidingWindows windows)
    {
        (long Time, ushort Steps)[] all = [.. samples];
        long newest = all[^1].Time;
        foreach (WindowSpan span in Spans)
        {
            (long Time, ushort Steps)[] inside = [.. all.Where(s => s.Time > newest - SlidingWindows.LengthMs(span))];
            windows.Read(span, Code, out WindowStatistics stats);
            Assert.Equal(inside.Length, stats.Count);
            Assert.Equal(inside.Average(s => s.Steps / 10.0), stats.Mean, 1e-9);
            Assert.Equal(inside.Min(s => s.Steps) / 10.0, stats.Minimum);
            Assert.Equal(inside.Max(s => s.Steps) / 10.0, stats.Maximum);
            double meanTime = inside.Average(s => (double)(s.Time - newest));
            double slope = inside.Sum(s => (s.Time - newest - meanTime) * (s.Steps - (stats.Mean * 10))) / inside.Sum(s => Math.Pow(s.Time - newest - meanTime, 2));
            Assert.Equal(slope * 6000, stats.SlopePerMinute, 1e-6);
        }
    }

    private static void AssertSameStatistics(SlidingWindows expected, SlidingWindows actual, string where, bool coverage)
    {
        Assert.Equal(expected.NewestMs, actual.NewestMs);
        foreach (WindowSpan span in Spans)
        {
            expected.Read(span, Code, out WindowStatistics wanted);
            actual.Read(span, Code, out WindowStatistics found);
            if (!coverage)
                found = found with { MissingShare = wanted.MissingShare };
            Assert.True(wanted == found, $"{where}, {span}: {wanted} and {found}"); // Bit for bit: records of doubles.
            Assert.Equal(expected.SpreadMs(span), actual.SpreadMs(span));
        }
    }

    private static SlidingWindows AssertRoundTrip(SlidingWindows windows, string where)
    {
        byte[] bytes = Encoded(windows);
        SlidingWindows read = Decoded(bytes);
        Assert.Equal(bytes, Encoded(read));
        Assert.Equal(windows.CrowdedOut, read.CrowdedOut);
        AssertSameStatistics(windows, read, where, coverage: true);
        return read;
    }

    private static byte[] Encoded(SlidingWindows windows)
    {
        var writer = new PayloadWriter();
        windows.Encode(writer);
        return writer.Written.ToArray();
    }

    private static SlidingWindows Decoded(byte[] bytes)
    {
        var reader = new PayloadReader(bytes);
        SlidingWindows windows = SlidingWindows.Decode(ref reader);
        Assert.True(reader.AtEnd);
        return windows;
    }
}
