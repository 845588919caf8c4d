using System.Text.Json;
using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Tests.Clinical;

public class RhythmCommandTests
{
    private const string Alarms = "cinc2015-alarms";
    private const string Labels = "vitaldb-arrhythmia-labels";

    [Fact]
    public void A_false_negative_costs_five()
    {
        AlarmTally tally = new(10, 20, 6, 2);
        Assert.Equal(Math.Round(100 * 30 / 46.0, 2), tally.Score);
        Assert.Equal(100, new AlarmTally(1, 1, 0, 0).Score);
        Assert.Equal(0, new AlarmTally(0, 0, 0, 0).Score);
    }

    [Theory]
    [InlineData(81, 263, 0.2553, 0.3662)] // The example of Newcombe (1998), method 3.
    [InlineData(15, 148, 0.0624, 0.1605)]
    [InlineData(0, 20, 0, 0.1611)]
    public void The_interval_of_a_share_is_Wilsons(long hits, long trials, double low, double high)
    {
        double[] interval = Proportion.WilsonOf(hits, trials);
        Assert.Equal(low, interval[0], 1e-4);
        Assert.Equal(high, interval[1], 1e-4);
    }

    [Fact]
    public async Task A_folder_without_recordings_is_a_clear_error()
    {
        using var host = new TestHost();
        Assert.Equal(ExitCodes.Usage, await host.RunAsync("rhythm", "evaluate", "nowhere"));
        Assert.Contains("there is no such folder", host.Error.ToString(), StringComparison.Ordinal);
        Directory.CreateDirectory(Path.Combine(host.Folder, "empty"));
        Assert.Equal(ExitCodes.Usage, await host.RunAsync("rhythm", "evaluate", "empty"));
        Assert.Contains("no recording with an alarm", host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await host.RunAsync("rhythm", "af", "empty"));
        Assert.Contains("Annotation_file_CASE", host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Annotation_file_1.csv.gz", "no archive at all", "Annotation_file_1.csv.gz: it is damaged, or was not compressed with gzip.")]
    [InlineData("Annotation_file_1.csv", "", "the header must name time_second and rhythm_label")]
    [InlineData("Annotation_file_1.csv", "time_second,rhythm_label\n", "no labelled beat is left to judge, in 1 case")]
    [InlineData("Annotation_file_1.csv", "time_second,rhythm_label\n1,N\nx,N\n", "line 3: no beat")]
    public async Task A_damaged_table_of_beats_is_told_and_gives_no_figures(string name, string text, string told)
    {
        using var host = new TestHost();
        host.Write(name, text);
        Assert.Equal(ExitCodes.Failure, await host.RunAsync("rhythm", "af", "."));
        Assert.Contains(told, host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(host.Output.ToString());
    }

    [Fact]
    public async Task A_file_that_only_begins_like_a_table_of_beats_is_left_aside()
    {
        using var host = new TestHost();
        host.Write("Annotation_file_1.csv.bak", "not ours");
        Assert.Equal(ExitCodes.Usage, await host.RunAsync("rhythm", "af", "."));
        Assert.Contains("no file Annotation_file_CASE.csv or .csv.gz was found", host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("NaN")]
    [InlineData("-5")]
    [InlineData("1e9")]
    [InlineData("soon")]
    public async Task A_time_of_an_alarm_that_is_none_is_told_with_its_line(string time)
    {
        using var host = new TestHost();
        host.Write("ALARMS.csv", $"record,alarm_type,truth,alarm_time_s\na1,Asystole,true,{time}\n");
        Assert.Equal(ExitCodes.Failure, await host.RunAsync("rhythm", "evaluate", "."));
        Assert.Contains($"line 2: '{time}' is no time in seconds", host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fibrillation_is_counted_beat_by_beat_and_noise_is_left_out()
    {
        using var host = new TestHost();
        Directory.CreateDirectory(Path.Combine(host.Folder, "labels"));
        var random = new Random(1);
        double time = 100;
        using (var file = new StreamWriter(Path.Combine(host.Folder, "labels", "Annotation_file_12.csv")))
        {
            file.WriteLine("time_second,beat_type,rhythm_label,bad_signal_quality");
            for (int i = 0; i < 900; i++)
            {
                bool irregular = i < 400;
                string label = irregular ? "AFIB/AFL" : i < 500 ? "Noise" : i < 510 ? "" : "N";
                file.WriteLine(FormattableString.Invariant($"{time += (irregular ? 0.4 + (0.7 * random.NextDouble()) : 0.8)},S,{label},False"));
            }
        }

        Assert.Equal(ExitCodes.Ok, await host.RunAsync("rhythm", "af", "labels", "--json"));
        using JsonDocument report = JsonDocument.Parse(host.Output.ToString());
        JsonElement all = report.RootElement.GetProperty("all");
        Assert.Equal(400 - 48, all.GetProperty("truePositives").GetInt64());
        Assert.Equal(390, all.GetProperty("trueNegatives").GetInt64());
        Assert.Equal(48, all.GetProperty("unsaid").GetInt64());
        Assert.Equal(1, all.GetProperty("sensitivity").GetProperty("value").GetDouble());
    }

    [SharedDataFact(Alarms)]
    public Task Alarms_of_other_monitors_are_judged_above_80_by_the_rule_of_the_challenge() => JudgeAlarms();

    [SharedDataFact(Alarms)]
    public Task So_are_they_with_the_limits_of_a_patients_own_alarms() => JudgeAlarms("--definition");

    private static async Task JudgeAlarms(params string[] options)
    {
        using var host = new TestHost();
        Assert.Equal(ExitCodes.Ok, await host.RunAsync(["rhythm", "evaluate", SharedDataFactAttribute.Find(Alarms)!, "--json", "--records", .. options]));
        using JsonDocument report = JsonDocument.Parse(host.Output.ToString());
        JsonElement root = report.RootElement;
        int tp = Count("truePositives"), tn = Count("trueNegatives"), fp = Count("falsePositives"), fn = Count("falseNegatives");
        Assert.Equal(108, tp + tn + fp + fn);
        Assert.Equal(49, tp + fn);
        Assert.Equal(100.0 * (tp + tn) / (tp + tn + fp + (5 * fn)), root.GetProperty("score").GetDouble(), 0.01);
        Assert.True(root.GetProperty("score").GetDouble() >= 80, $"score {root.GetProperty("score").GetDouble()}");
        Assert.Equal(108, root.GetProperty("verdicts").GetArrayLength());
        // The alarms have the names that they have on the topic of anomalies.
        string[] types = [.. root.GetProperty("byType").EnumerateObject().Select(type => type.Name)];
        Assert.Equal(["asystole", "extreme-bradycardia", "extreme-tachycardia", "ventricular-fibrillation", "ventricular-tachycardia"], types);
        Assert.Equal(108, types.Sum(type => root.GetProperty("byType").GetProperty(type).EnumerateObject().Where(count => count.Name != "score").Sum(count => count.Value.GetInt32())));
        Assert.Equal(types, root.GetProperty("verdicts").EnumerateArray().Select(verdict => verdict.GetProperty("alarm").GetString()).Distinct().Order(StringComparer.Ordinal));

        int Count(string name) => root.GetProperty(name).GetInt32();
    }

    [SharedDataFact(Labels)]
    public async Task Atrial_fibrillation_is_recognised_as_well_as_the_best_published()
    {
        using var host = new TestHost();
        Assert.Equal(ExitCodes.Ok, await host.RunAsync("rhythm", "af", SharedDataFactAttribute.Find(Labels)!, "--json"));
        using JsonDocument report = JsonDocument.Parse(host.Output.ToString());
        foreach (string part in (string[])["all", "evenCases", "oddCases"])
        {
            JsonElement of = report.RootElement.GetProperty(part);
            Assert.True(of.GetProperty("sensitivity").GetProperty("value").GetDouble() >= 0.97, part);
            Assert.True(of.GetProperty("specificity").GetProperty("value").GetDouble() >= 0.98, part);
        }
    }

    /// <summary>Recordings with a good pulse, looked up by eye, whose ECG is taken away: lead off, lead fallen onto a constant, muscle noise, motion.</summary>
    [SharedDataFact(Alarms)]
    public void No_false_asystole_while_a_recorded_pulse_goes_on_and_the_ECG_is_lost()
    {
        string folder = SharedDataFactAttribute.Find(Alarms)!;
        int played = 0;
        foreach (string name in (string[])["a109l", "a363l", "f362s", "f657l", "v568s", "v660s"])
        {
            var record = WfdbRecord.Read(Path.Combine(folder, name));
            foreach (string loss in (string[])["missing", "constant", "muscle", "motion", "faint"])
            {
                List<RhythmChange> changes = Play(record, loss);
                Assert.True(!changes.Exists(change => change.Condition == RhythmCondition.Asystole && change.Kind == RhythmChangeKind.Began && change.TimeMs > 60_000), $"{name}, ECG {loss}: asystole at {changes.Find(change => change.Condition == RhythmCondition.Asystole && change.Kind == RhythmChangeKind.Began).TimeMs} ms");
                played++;
            }
        }

        Assert.Equal(30, played);
    }

    private static List<RhythmChange> Play(WfdbRecord record, string loss)
    {
        const int Rate = 250;
        const int From = 60 * Rate;
        var beats = new BeatDetector(2, Rate);
        int[] signals = [.. Enumerable.Range(0, record.Header.Signals.Count).Where(i => record.Header.Signals[i].Description is "ABP" or "PLETH")];
        PulseDetector[] waves = [.. signals.Select(i => new PulseDetector(record.Header.Signals[i].Description == "ABP" ? PulseKind.ArterialPressure : PulseKind.Plethysmogram, Rate))];
        var monitor = new RhythmMonitor(RhythmLimits.Adult, Rate, 2);
        var changes = new List<RhythmChange>();
        var random = new Random(1);
        Span<float> ecg = stackalloc float[2];
        float drift = 0;
        for (int i = 0; i < 240 * Rate; i++)
        {
            drift = (0.999f * drift) + (0.05f * (random.NextSingle() - 0.5f));
            for (int lead = 0; lead < 2; lead++)
            {
                float value = record.Value(lead, i);
                ecg[lead] = i < From ? value : loss switch
                {
                    "missing" => float.NaN,
                    "constant" => 0,
                    "muscle" => 0.3f * (random.NextSingle() - 0.5f),
                    "motion" => drift,
                    _ => 0.01f * value,
                };
            }

            long now = i * 1000L / Rate;
            monitor.Ecg(now, ecg);
            beats.Push(ecg);
            foreach (Beat beat in beats.Beats)
                monitor.Beat(beat.Sample * 1000 / Rate, now, beat.Class, beat.Confidence, beat.IsSearchBack);
            foreach (BeatClassification classified in beats.Classifications)
                monitor.Classify(classified.Sample * 1000 / Rate, now, classified.Class);
            for (int pulse = 0; pulse < waves.Length; pulse++)
            {
                if (waves[pulse].Push(record.Value(signals[pulse], i), out PulseBeat wave))
                    monitor.Pulse(waves[pulse].Kind, wave.Sample * 1000 / Rate, now, wave);
            }

            if ((i + 1) % Rate == 0)
                monitor.Advance((i + 1) * 1000L / Rate, changes);
        }

        return changes;
    }
}
