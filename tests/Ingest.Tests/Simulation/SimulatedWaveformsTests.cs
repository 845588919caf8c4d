using PhysioActors.Ingest.Simulation;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Simulation;

public sealed class SimulatedWaveformsTests
{
    private static readonly DateTimeOffset _noon = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
    private static readonly SimulationSettings _calm = SimulationSettings.Normal with { Ecg = true, Pleth = true };
    private static readonly SimulationSettings _eventful = new() { EpisodesPerPatientDay = 24, QuietPeriod = TimeSpan.Zero, Ecg = true, Pleth = true };

    [Fact]
    public void The_same_seed_gives_the_same_samples_and_another_seed_others()
    {
        Assert.Equal(Digest(7), Digest(7));
        Assert.NotEqual(Digest(7), Digest(8));
    }

    [Fact]
    public void The_samples_of_a_seed_never_change_on_any_machine() => Assert.Equal(14465446535899258240UL, Digest(7));

    [Fact]
    public void Waveforms_change_nothing_of_the_rest()
    {
        List<Seen> without = [.. new WardSimulator(5, TimeSpan.FromHours(1), 3, _noon, TimeSpan.FromSeconds(5), _eventful with { Ecg = false, Pleth = false }).Observations().Select(Seen.Of)];
        List<Seen> with = [.. new WardSimulator(5, TimeSpan.FromHours(1), 3, _noon, TimeSpan.FromSeconds(5), _eventful).Observations().Select(Seen.Of)];
        Assert.Equal(without.Select(seen => (seen.Patient, seen.TimeMs, seen.Sequence)), with.Select(seen => (seen.Patient, seen.TimeMs, seen.Sequence)));
        Assert.Equal(without.SelectMany(seen => seen.Readings), with.SelectMany(seen => seen.Readings));
        Assert.All(without, seen => Assert.Empty(seen.Waveforms));
    }

    [Theory]
    [InlineData(1_000)]
    [InlineData(150)]
    [InlineData(10_000)]
    public void Chunks_follow_each_other_without_a_gap_and_end_with_their_observation(int intervalMs)
    {
        WardSimulator ward = new(3, TimeSpan.FromMinutes(5), 3, _noon, TimeSpan.FromMilliseconds(intervalMs), _calm);
        foreach (IGrouping<string, Seen> patient in ward.Observations().Select(Seen.Of).GroupBy(seen => seen.Patient))
        {
            Seen[] seen = [.. patient];
            Assert.Empty(seen[0].Waveforms);
            foreach ((int number, WaveformSignal signal, int hertz) in new[] { (0, WaveformSignal.EcgII, 250), (1, WaveformSignal.Pleth, 125) })
            {
                long samples = 0;
                foreach (Seen observation in seen.Skip(1))
                {
                    WaveformChunk chunk = observation.Waveforms[number];
                    Assert.Equal((signal, hertz * 1_000, seen[0].TimeMs + (samples * 1_000 / hertz)), (chunk.Signal, chunk.RateMilliHz, chunk.TimeMs));
                    samples += chunk.Samples.Length;
                    Assert.InRange(observation.TimeMs - seen[0].TimeMs - (samples * 1_000.0 / hertz), 0, 1_000.0 / hertz);
                }
            }
        }
    }

    [Fact]
    public void Beats_come_at_the_simulated_heart_rate_and_each_has_a_pulse()
    {
        WardSimulator ward = new(20, TimeSpan.FromMinutes(10), 5, _noon, TimeSpan.FromSeconds(1), _calm);
        foreach (IGrouping<string, Seen> patient in ward.Observations().Select(Seen.Of).GroupBy(seen => seen.Patient))
        {
            double expected = patient.Average(seen => seen[SignalCode.HeartRate]!.Value) * 10;
            Assert.InRange(Crossings(Samples(patient, 0), 0.6, 50) / expected, 0.98, 1.02);
            Assert.InRange(Crossings(Samples(patient, 1), 0.6, 25) / expected, 0.98, 1.02);
        }
    }

    [Fact]
    public void Patients_differ_in_what_their_beats_look_like()
    {
        WardSimulator ward = new(20, TimeSpan.FromSeconds(20), 5, _noon, TimeSpan.FromSeconds(1), _calm);
        int[] heights = [.. ward.Observations().Select(Seen.Of).GroupBy(seen => seen.Patient).Select(patient => (int)Samples(patient, 0).Max())];
        Assert.True(heights.Max() > 1.6 * heights.Min());
        Assert.True(heights.Distinct().Count() > 12);
        Assert.All(heights, height => Assert.InRange(height, 100, 500));
    }

    [Fact]
    public void In_an_irregular_tachycardia_the_intervals_vary_and_otherwise_they_hardly_do()
    {
        WardSimulator ward = new(12, TimeSpan.FromMinutes(40), 11, _noon, TimeSpan.FromSeconds(1), _eventful with { Artefacts = false, Pleth = false, Acceleration = 4, EpisodesPerPatientDay = 48 });
        List<EpisodeLabel> episodes = [.. ward.Episodes()];
        EpisodeLabel fast = episodes.First(episode => episode is { Kind: EpisodeKind.Arrhythmia, Detail: "tachycardia", Severity: > 0.6 } && episode.EndMs - episode.StartMs > 120_000 && episode.EndMs < ward.EndMs - 120_000);
        List<Seen> patient = [.. ward.Observations().Where(draft => draft.Patient == fast.Patient).Select(Seen.Of)];
        double within = Variation(patient.Where(seen => seen.TimeMs > fast.StartMs + 10_000 && seen.TimeMs < fast.EndMs - 10_000));
        EpisodeLabel? other = episodes.Where(episode => episode.Patient == fast.Patient && episode.StartMs > fast.EndMs).MinBy(episode => episode.StartMs);
        double after = Variation(patient.Where(seen => seen.TimeMs > fast.EndMs + 10_000 && seen.TimeMs < (other?.StartMs ?? ward.EndMs)).Take(300));
        Assert.InRange(within, 0.12, 0.3);
        Assert.InRange(after, 0.0, 0.08);
    }

    [Fact]
    public void A_sensor_that_is_off_gives_samples_without_values_and_a_silent_monitor_none()
    {
        WardSimulator ward = new(40, TimeSpan.FromMinutes(10), 11, _noon, TimeSpan.FromSeconds(1), _eventful with { Artefacts = false, Acceleration = 12 });
        List<EpisodeLabel> off = [.. ward.Episodes().Where(episode => episode.Kind == EpisodeKind.SensorOff)];
        HashSet<string> details = [];
        foreach (Seen seen in ward.Observations().Select(Seen.Of))
        {
            EpisodeLabel? episode = off.Find(label => label.Patient == seen.Patient && seen.TimeMs >= label.StartMs && seen.TimeMs < label.EndMs);
            if (seen.Waveforms.Count == 0)
                continue;
            Assert.Equal(episode?.Detail == "electrodes", seen.Waveforms[0].Samples.Span[0] == WaveformSignals.Missing);
            Assert.Equal(episode?.Detail == "pulse-oximeter", seen.Waveforms[1].Samples.Span[^1] == WaveformSignals.Missing);
            Assert.NotEqual("monitor", episode?.Detail);
            details.Add(episode?.Detail ?? "");
        }

        Assert.Equal(["", "electrodes", "pulse-oximeter"], details.Order());
        Assert.Contains(off, label => label.Detail == "monitor");
    }

    [Fact]
    public void With_waveforms_observations_come_at_least_each_ten_seconds() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WardSimulator(1, TimeSpan.FromMinutes(5), 1, _noon, TimeSpan.FromSeconds(10.1), _calm));

    private static short[] Samples(IEnumerable<Seen> seen, int number) => [.. seen.Where(observation => observation.Waveforms.Count > 0).SelectMany(observation => observation.Waveforms[number].Samples.ToArray())];

    private static int Crossings(short[] samples, double share, int pause) => Rises(samples, share, pause).Count;

    /// <summary>Where the samples rise through a share of their usual height, at most once in a pause.</summary>
    private static List<int> Rises(short[] samples, double share, int pause)
    {
        // The height that one sample in 200 reaches, so that one disturbance does not count.
        double level = samples.Order().ElementAt(samples.Length * 199 / 200) * share;
        List<int> rises = [];
        for (int i = 1; i < samples.Length; i++)
        {
            if (samples[i] >= level && samples[i - 1] < level && (rises.Count == 0 || i - rises[^1] > pause))
                rises.Add(i);
        }

        return rises;
    }

    /// <summary>The standard deviation of the beats' intervals as a share of their mean.</summary>
    private static double Variation(IEnumerable<Seen> seen)
    {
        List<int> beats = Rises(Samples(seen, 0), 0.6, 50);
        double[] intervals = [.. beats.Zip(beats.Skip(1), (a, b) => (double)(b - a))];
        Assert.True(intervals.Length > 50);
        double mean = intervals.Average();
        return Math.Sqrt(intervals.Average(interval => (interval - mean) * (interval - mean))) / mean;
    }

    private static ulong Digest(ulong seed)
    {
        ulong digest = 14_695_981_039_346_656_037;
        foreach (ObservationDraft draft in new WardSimulator(5, TimeSpan.FromMinutes(30), seed, _noon, TimeSpan.FromSeconds(1), _eventful).Observations())
        {
            foreach (WaveformChunk chunk in draft.Waveforms)
            {
                foreach (short sample in chunk.Samples.Span)
                    digest = (digest ^ (ushort)sample) * 1_099_511_628_211;
            }
        }

        return digest;
    }
}
