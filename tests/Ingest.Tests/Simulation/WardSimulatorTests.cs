using PhysioActors.Ingest.Simulation;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Simulation;

public sealed class WardSimulatorTests
{
    private static readonly DateTimeOffset _midnight = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void The_same_seed_gives_the_same_ward_and_another_seed_another()
    {
        Assert.Equal(Digest(7), Digest(7));
        Assert.NotEqual(Digest(7), Digest(8));
    }

    [Fact]
    public void A_patient_is_the_same_whatever_the_size_of_the_ward()
    {
        List<Seen> alone = First(new WardSimulator(1, TimeSpan.FromMinutes(20), 3, _midnight));
        List<Seen> amongMany = First(new WardSimulator(10, TimeSpan.FromMinutes(20), 3, _midnight));
        Assert.Equal(alone.Select(s => (s.TimeMs, s[SignalCode.HeartRate], s[SignalCode.SpO2])), amongMany.Select(s => (s.TimeMs, s[SignalCode.HeartRate], s[SignalCode.SpO2])));

        static List<Seen> First(WardSimulator ward) => [.. ward.Observations().Select(Seen.Of).Where(s => s.Patient == "simulated:p0001")];
    }

    [Fact]
    public void A_named_ward_has_patients_of_its_own_who_are_otherwise_the_same()
    {
        WardSimulator plain = new(2, TimeSpan.FromMinutes(5), 3, _midnight), named = new(2, TimeSpan.FromMinutes(5), 3, _midnight, ward: "east");
        Assert.Equal(["simulated:east-p0001", "simulated:east-p0002"], named.Observations().Select(Seen.Of).Select(s => s.Patient).Distinct());
        Assert.Equal("simulated:east-p0001", named.PatientId(0));
        Assert.Equal(plain.Observations().Select(Seen.Of).Select(s => (s.TimeMs, s[SignalCode.HeartRate])), named.Observations().Select(Seen.Of).Select(s => (s.TimeMs, s[SignalCode.HeartRate])));
    }

    [Fact]
    public void Observations_come_in_the_order_of_time_with_a_gapless_sequence_for_each_monitor()
    {
        WardSimulator ward = new(20, TimeSpan.FromHours(1), 1, _midnight, TimeSpan.FromSeconds(2));
        long previous = 0;
        Dictionary<string, long> sequences = [];
        foreach (ObservationDraft draft in ward.Observations())
        {
            Assert.InRange(draft.TimeMs, Math.Max(previous, ward.StartMs), ward.EndMs - 1);
            Assert.Equal(sequences.GetValueOrDefault(draft.Device!, -1) + 1, draft.Sequence);
            Assert.StartsWith("simulated:", draft.Patient, StringComparison.Ordinal);
            Assert.NotEmpty(draft.Readings);
            sequences[draft.Device!] = draft.Sequence;
            previous = draft.TimeMs;
        }

        Assert.Equal(20, sequences.Count);
    }

    [Fact]
    public void A_normal_day_stays_in_the_range_of_patients_at_rest_and_has_no_gap()
    {
        WardSimulator ward = Normal(40, TimeSpan.FromHours(24), 2);
        Dictionary<SignalCode, (double Min, double Max, double Sum, long Count)> seen = [];
        long observations = 0;
        foreach (ObservationDraft draft in ward.Observations())
        {
            observations++;
            foreach (DraftReading reading in draft.Readings)
            {
                Assert.Null(reading.Absent);
                Assert.Equal(ReadingQuality.Ok, reading.Quality);
                Assert.True(SignalCodes.Quantise(reading.Code, reading.Value, out _));
                (double min, double max, double sum, long count) = seen.GetValueOrDefault(reading.Code, (double.MaxValue, double.MinValue, 0, 0));
                seen[reading.Code] = (Math.Min(min, reading.Value), Math.Max(max, reading.Value), sum + reading.Value, count + 1);
            }
        }

        Assert.Equal(40 * 86_400 / 10, observations);
        Assert.Empty(ward.Episodes());
        AssertWithin(SignalCode.HeartRate, 38, 130, 68, 86);
        AssertWithin(SignalCode.PulseRate, 38, 130, 68, 86);
        AssertWithin(SignalCode.RespiratoryRate, 5, 30, 14, 18);
        AssertWithin(SignalCode.SpO2, 87, 100, 95, 98);
        AssertWithin(SignalCode.ArterialSystolic, 85, 190, 105, 140);
        AssertWithin(SignalCode.ArterialMean, 61, 135, 80, 98);
        AssertWithin(SignalCode.ArterialDiastolic, 40, 110, 60, 85);
        AssertWithin(SignalCode.CuffMean, 50, 140, 78, 98);
        AssertWithin(SignalCode.CoreTemperature, 35.6, 38.3, 36.6, 37);
        AssertWithin(SignalCode.EtCO2, 26, 56, 34, 42);

        void AssertWithin(SignalCode code, double min, double max, double meanFrom, double meanTo)
        {
            (double lowest, double highest, double sum, long count) = seen[code];
            Assert.True(lowest >= min && highest <= max, $"{code}: {lowest} to {highest}");
            Assert.True(sum / count >= meanFrom && sum / count <= meanTo, $"{code}: mean {sum / count}");
            Assert.True(highest - lowest > 0.5);
        }
    }

    [Fact]
    public void Heart_rate_and_temperature_are_higher_in_the_afternoon_than_at_night()
    {
        List<Seen> day = [.. Normal(20, TimeSpan.FromHours(24), 5).Observations().Select(Seen.Of)];
        foreach ((SignalCode code, double least) in new[] { (SignalCode.HeartRate, 4.0), (SignalCode.CoreTemperature, 0.3) })
        {
            double afternoon = day.Where(s => Hour(s) is 16 or 17).Select(s => s[code]).OfType<double>().Average();
            double night = day.Where(s => Hour(s) is 4 or 5).Select(s => s[code]).OfType<double>().Average();
            Assert.True(afternoon - night > least, $"{code}: {night} to {afternoon}");
        }

        static int Hour(Seen seen) => DateTimeOffset.FromUnixTimeMilliseconds(seen.TimeMs).Hour;
    }

    [Fact]
    public void Heart_rate_rises_when_pressure_drops_and_pulse_follows_the_heart()
    {
        List<double> againstPressure = [];
        foreach (IGrouping<string, Seen> patient in Normal(30, TimeSpan.FromHours(6), 6, 1).Observations().Select(Seen.Of).GroupBy(s => s.Patient))
        {
            List<Seen> rows = [.. patient];
            Assert.True(Correlation(rows, SignalCode.HeartRate, SignalCode.PulseRate) > 0.8);
            if (rows[0][SignalCode.ArterialMean] is not null)
                againstPressure.Add(Correlation([.. Differences(rows)], SignalCode.HeartRate, SignalCode.ArterialMean));
        }

        Assert.True(againstPressure.Count > 5);
        Assert.True(againstPressure.Average() < -0.2, $"{againstPressure.Average()}");
    }

    [Theory]
    [InlineData(EpisodeKind.Sepsis, SignalCode.HeartRate, 15)]
    [InlineData(EpisodeKind.Sepsis, SignalCode.RespiratoryRate, 6)]
    [InlineData(EpisodeKind.Sepsis, SignalCode.CoreTemperature, 0.9)]
    [InlineData(EpisodeKind.Sepsis, SignalCode.ArterialMean, -7)]
    [InlineData(EpisodeKind.Haemorrhage, SignalCode.HeartRate, 12)]
    [InlineData(EpisodeKind.Haemorrhage, SignalCode.ArterialSystolic, -15)]
    [InlineData(EpisodeKind.Hypoxia, SignalCode.SpO2, -6)]
    [InlineData(EpisodeKind.Hypoxia, SignalCode.RespiratoryRate, 4)]
    [InlineData(EpisodeKind.OpioidDepression, SignalCode.RespiratoryRate, -4)]
    [InlineData(EpisodeKind.OpioidDepression, SignalCode.SpO2, -4)]
    [InlineData(EpisodeKind.OpioidDepression, SignalCode.EtCO2, 9)]
    public void An_episode_moves_its_vital_signs_in_the_right_direction(EpisodeKind kind, SignalCode code, double atLeast)
    {
        double change = MeanChange(e => e.Kind == kind, code);
        Assert.True(atLeast > 0 ? change > atLeast : change < atLeast, $"{kind}: {code} changed by {change:0.##}");
    }

    [Theory]
    [InlineData("tachycardia", 45)]
    [InlineData("bradycardia", -25)]
    public void An_arrhythmia_is_abrupt(string detail, double atLeast)
    {
        double change = MeanChange(e => e.Kind == EpisodeKind.Arrhythmia && e.Detail == detail, SignalCode.HeartRate);
        Assert.True(atLeast > 0 ? change > atLeast : change < atLeast, $"{detail}: {change:0.##}");
    }

    [Fact]
    public void An_arrhythmia_reaches_its_height_within_a_minute()
    {
        EpisodeLabel label = new("t:a", EpisodeKind.Arrhythmia, "tachycardia", 0, 30 * 60_000, 1);
        Assert.True(EpisodeEffect.At(label, 0).HeartRate < 1);
        Assert.True(EpisodeEffect.At(label, 15_000).HeartRate > 75);
        Assert.Equal(default, EpisodeEffect.At(label, label.EndMs));
    }

    [Fact]
    public void While_a_sensor_is_off_its_signals_have_no_good_value_and_the_others_go_on()
    {
        WardSimulator ward = Eventful(60);
        List<EpisodeLabel> off = [.. ward.Episodes().Where(e => e.Kind == EpisodeKind.SensorOff)];
        Assert.Equal(["electrodes", "monitor", "pulse-oximeter"], off.Select(e => e.Detail).Distinct().Order());
        List<(EpisodeLabel Label, Seen Seen)> during = [.. ward.Observations().Select(Seen.Of)
            .Select(s => (off.Find(e => e.Patient == s.Patient && s.TimeMs >= e.StartMs && s.TimeMs < e.EndMs)!, s)).Where(p => p.Item1 is not null)];
        Assert.DoesNotContain(during, d => d.Label.Detail == "monitor");
        foreach ((string detail, SignalCode code, SignalCode other) in new[] { ("electrodes", SignalCode.HeartRate, SignalCode.SpO2), ("pulse-oximeter", SignalCode.SpO2, SignalCode.HeartRate) })
        {
            List<Seen> rows = [.. during.Where(d => d.Label.Detail == detail).Select(d => d.Seen)];
            List<DraftReading> readings = [.. rows.SelectMany(r => r.Readings).Where(r => r.Code == code)];
            Assert.NotEmpty(readings);
            Assert.All(readings, r => Assert.True(r.Absent == "sensor-off" || r.Quality == ReadingQuality.SensorOff));
            Assert.Contains(readings, r => r.Absent is not null);
            Assert.Contains(readings, r => r.Absent is null);
            Assert.Contains(rows.SelectMany(r => r.Readings), r => r.Code == other && r.Absent is null && r.Quality == ReadingQuality.Ok);
        }
    }

    [Fact]
    public void Labels_told_while_simulating_are_those_listed_beforehand()
    {
        WardSimulator ward = new(15, TimeSpan.FromHours(30), 11, _midnight, TimeSpan.FromMinutes(1));
        List<EpisodeLabel> told = [];
        foreach (ObservationDraft _ in ward.Observations(told.Add))
        {
        }

        List<EpisodeLabel> listed = [.. ward.Episodes()];
        Assert.NotEmpty(listed);
        Assert.Equal(listed.OrderBy(e => e.Patient).ThenBy(e => e.StartMs), told.OrderBy(e => e.Patient).ThenBy(e => e.StartMs));
    }

    [Fact]
    public void Episodes_come_at_the_wished_rate_after_the_quiet_period_and_do_not_overlap()
    {
        SimulationSettings settings = new() { EpisodesPerPatientDay = 2, QuietPeriod = TimeSpan.FromHours(5) };
        WardSimulator ward = new(200, TimeSpan.FromDays(10), 12, _midnight, settings: settings);
        List<EpisodeLabel> episodes = [.. ward.Episodes()];
        Assert.InRange(episodes.Count / 2_000.0, 1.8, 2.2);
        Assert.All(episodes, e => Assert.True(e.StartMs >= ward.StartMs + (5 * 3_600_000) && e.EndMs <= ward.EndMs && e.EndMs >= e.StartMs));
        Assert.All(episodes, e => Assert.InRange(e.Severity, 0.5, 1));
        Assert.Equal(6, episodes.Select(e => e.Kind).Distinct().Count());
        foreach (IGrouping<string, EpisodeLabel> patient in episodes.GroupBy(e => e.Patient))
        {
            foreach ((EpisodeLabel earlier, EpisodeLabel later) in patient.Zip(patient.Skip(1)))
                Assert.True(later.StartMs > earlier.EndMs);
        }
    }

    [Fact]
    public void A_demonstration_of_five_minutes_shows_several_episodes_to_their_end()
    {
        WardSimulator ward = new(20, TimeSpan.FromMinutes(5), 1, _midnight, settings: SimulationSettings.Demonstration);
        List<EpisodeLabel> episodes = [.. ward.Episodes()];
        Assert.InRange(episodes.Count, 10, 60);
        Assert.Contains(episodes, e => e.EndMs < ward.EndMs);
        Assert.True(episodes.Select(e => e.Kind).Distinct().Count() >= 4);
        Assert.All(episodes, e => Assert.True(e.StartMs >= ward.StartMs + 30_000));
    }

    [Fact]
    public void Artefacts_and_dropouts_are_there_unless_it_is_a_normal_day()
    {
        SimulationSettings settings = new() { EpisodesPerPatientDay = 0 };
        WardSimulator ward = new(30, TimeSpan.FromHours(24), 9, _midnight, TimeSpan.FromSeconds(10), settings);
        List<Seen> day = [.. ward.Observations().Select(Seen.Of)];
        Assert.InRange(day.Count, 30 * 8_640 * 0.97, (30 * 8_640) - 100);
        Assert.Contains(day, s => s[SignalCode.ArterialDiastolic] > 250);
        Assert.Contains(day, s => s[SignalCode.SpO2] < 80);
        Assert.Contains(day, s => s[SignalCode.HeartRate] > 140);
        Assert.Contains(day, s => s.Readings.Any(r => r.Absent == "sensor-off"));
    }

    [Fact]
    public void A_cuff_value_has_the_time_at_which_it_was_measured_and_comes_every_quarter_of_an_hour()
    {
        List<Seen> rows = [.. Normal(12, TimeSpan.FromHours(6), 10, 1).Observations().Select(Seen.Of)];
        foreach (IGrouping<string, Seen> patient in rows.GroupBy(s => s.Patient))
        {
            bool hasLine = patient.First()[SignalCode.ArterialMean] is not null;
            List<(long SentMs, long MeasuredMs)> cuffs = [.. patient.SelectMany(s => s.Readings.Where(r => r.Code == SignalCode.CuffMean).Select(r => (s.TimeMs, r.TimeMs!.Value)))];
            Assert.Equal(hasLine ? 6 : 24, cuffs.Count);
            Assert.All(cuffs, c => Assert.Equal(35_000, c.SentMs - c.MeasuredMs));
            Assert.Equal(360, patient.Count(s => s[SignalCode.CoreTemperature] is not null));
        }
    }

    [Theory]
    [InlineData(0, 60, 1)]
    [InlineData(1, 0, 1)]
    [InlineData(1, 60, 0)]
    public void Arguments_out_of_range_are_refused(int patients, int seconds, int intervalSeconds) =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new WardSimulator(patients, TimeSpan.FromSeconds(seconds), 1, _midnight, TimeSpan.FromSeconds(intervalSeconds)));

    [Fact]
    public void Labels_are_written_as_csv_or_json_lines()
    {
        using ScratchFolder scratch = new();
        EpisodeLabel label = new("simulated:p0001", EpisodeKind.OpioidDepression, "", 1_000, 61_500, 0.75);
        foreach (string name in new[] { "labels.csv", "labels.jsonl" })
        {
            using EpisodeLabelFile file = new(Path.Combine(scratch.Path, name));
            file.Write(label);
        }

        Assert.Equal(
            ["patient,kind,detail,start,end,severity", "simulated:p0001,opioid-depression,,1970-01-01T00:00:01.000Z,1970-01-01T00:01:01.500Z,0.75"],
            File.ReadAllLines(Path.Combine(scratch.Path, "labels.csv")));
        Assert.Equal(
            """{"patient":"simulated:p0001","kind":"opioid-depression","detail":"","start":"1970-01-01T00:00:01.000Z","end":"1970-01-01T00:01:01.500Z","severity":0.75}""",
            Assert.Single(File.ReadAllLines(Path.Combine(scratch.Path, "labels.jsonl"))));
    }

    [Fact]
    public void Labels_make_no_folder()
    {
        using ScratchFolder scratch = new();
        Assert.Throws<DirectoryNotFoundException>(() => new EpisodeLabelFile(Path.Combine(scratch.Path, "nowhere", "labels.csv")));
        Assert.False(Directory.Exists(Path.Combine(scratch.Path, "nowhere")));
    }

    private static WardSimulator Normal(int patients, TimeSpan duration, ulong seed, int intervalSeconds = 10) =>
        new(patients, duration, seed, _midnight, TimeSpan.FromSeconds(intervalSeconds), SimulationSettings.Normal);

    private static WardSimulator Eventful(int patients) =>
        new(patients, TimeSpan.FromHours(24), 21, _midnight, TimeSpan.FromSeconds(20), new SimulationSettings { EpisodesPerPatientDay = 4, Artefacts = false });

    /// <summary>By how much a signal is changed in the middle of episodes, against the same patient in the 20 minutes before.</summary>
    private static double MeanChange(Func<EpisodeLabel, bool> of, SignalCode code)
    {
        WardSimulator ward = Eventful(60);
        ILookup<string, EpisodeLabel> episodes = ward.Episodes().Where(of).ToLookup(e => e.Patient);
        Dictionary<EpisodeLabel, (double Before, int BeforeCount, double Within, int WithinCount)> sums = [];
        foreach (ObservationDraft draft in ward.Observations())
        {
            foreach (EpisodeLabel episode in episodes[draft.Patient])
            {
                double at = (draft.TimeMs - episode.StartMs) / (double)(episode.EndMs - episode.StartMs);
                bool before = draft.TimeMs < episode.StartMs && draft.TimeMs >= episode.StartMs - 1_200_000;
                if (!before && at is not (> 0.5 and < 0.75))
                    continue;
                foreach (DraftReading reading in draft.Readings)
                {
                    if (reading.Code != code)
                        continue;
                    (double b, int bn, double w, int wn) = sums.GetValueOrDefault(episode);
                    sums[episode] = before ? (b + reading.Value, bn + 1, w, wn) : (b, bn, w + reading.Value, wn + 1);
                }
            }
        }

        List<double> changes = [.. sums.Values.Where(s => s.BeforeCount > 0 && s.WithinCount > 0).Select(s => (s.Within / s.WithinCount) - (s.Before / s.BeforeCount))];
        Assert.True(changes.Count >= 3);
        return changes.Average();
    }

    private static IEnumerable<Seen> Differences(List<Seen> rows)
    {
        // Over 30 seconds, so that the rhythm of the day and activity, which move both the same way, count for little.
        for (int i = 30; i < rows.Count; i += 10)
        {
            yield return rows[i] with
            {
                Readings = [.. rows[i].Readings.Where(r => rows[i - 30][r.Code] is not null).Select(r => r with { Value = r.Value - rows[i - 30][r.Code]!.Value })],
            };
        }
    }

    private static double Correlation(List<Seen> rows, SignalCode first, SignalCode second)
    {
        double[] a = [.. rows.Select(r => r[first]!.Value)];
        double[] b = [.. rows.Select(r => r[second]!.Value)];
        (double meanA, double meanB) = (a.Average(), b.Average());
        double covariance = a.Zip(b, (x, y) => (x - meanA) * (y - meanB)).Sum();
        return covariance / Math.Sqrt(a.Sum(x => (x - meanA) * (x - meanA)) * b.Sum(y => (y - meanB) * (y - meanB)));
    }

    private static ulong Digest(ulong seed)
    {
        ObservationWriter writer = new();
        ulong digest = 14_695_981_039_346_656_037;
        foreach (ObservationDraft draft in new WardSimulator(5, TimeSpan.FromHours(2), seed, _midnight, TimeSpan.FromSeconds(5)).Observations())
        {
            foreach (byte b in writer.WriteJson(draft))
                digest = (digest ^ b) * 1_099_511_628_211;
        }

        return digest;
    }
}
