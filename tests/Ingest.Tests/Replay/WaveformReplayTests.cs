using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

/// <summary>WFDB records made here: which signals are taken, and how they are cut and laid into time.</summary>
public sealed class WaveformReplayTests : IDisposable
{
    private static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Signals_are_known_by_name_and_unit_and_the_rest_is_counted()
    {
        (string, string)[] signals =
        [
            ("200(-7)/mV", "MLII"), ("2/uV", "V5"), ("1000/NU", "PLETH"), ("12.5/mmHg", "ABP"), ("200/mV", "II"), ("200/mV", "ECG lead"), ("10/kPa", "ART"), ("100/NU", "PLETH"), ("200/mV", "ecg avr"), ("0", "MCL1"),
        ];
        WfdbFiles.Write(_scratch, "r1", 250, signals, [.. signals.Select((_, i) => WfdbFiles.Ramp(300, i))]);
        (WaveformRecording recording, RecordingReport report) = ReadOne();
        Assert.Equal(
            [
                (WaveformSignal.EcgII, 200, -7), (WaveformSignal.EcgV5, 2000, 0), (WaveformSignal.Pleth, 1000, 0), (WaveformSignal.ArterialPressure, 12.5f, 0), (WaveformSignal.Ecg, 200, 0), (WaveformSignal.EcgAvr, 200, 0),
            ],
            recording.Channels.Select(channel => (channel.Signal, channel.Gain, channel.Baseline)));
        Assert.Equal([0, 1, 2, 3, 4, 8], recording.Channels.Select(channel => (int)channel.Samples.Span[0]));
        Assert.Equal(["ART (unit kPa)", "ECG lead (unknown name)", "MCL1 (there twice)", "PLETH (there twice)"], report.UnusedSignals.Keys);
        Assert.Equal(1_800, report.Samples);
    }

    [Fact]
    public void Samples_that_are_not_valid_are_missing()
    {
        WfdbFiles.Write(_scratch, "r1", 250, [("200/mV", "II")], [[5, short.MinValue, 7]]);
        (WaveformRecording recording, RecordingReport report) = ReadOne();
        Assert.Equal([5, WaveformSignals.Missing, 7], recording.Channels[0].Samples.ToArray());
        Assert.Equal(1, report.MissingSamples);
    }

    [Fact]
    public void A_record_with_a_name_in_common_with_numerics_is_one_of_waveforms_by_its_rate()
    {
        WfdbFiles.Write(_scratch, "r1", 125, [("100/pm", "RESP")], [WfdbFiles.Ramp(10)]);
        Assert.Equal(WaveformSignal.Respiration, ReadOne().Recording.Channels[0].Signal);
    }

    [Fact]
    public void Of_format_212_the_value_that_is_not_valid_is_missing_too()
    {
        // Two samples in three bytes: -2048 and 2047.
        _scratch.Write("r2.hea", "r2 1 360 2", "r2.dat 212 200 12 0 -2048 -1 0 V1");
        _scratch.WriteBytes("r2.dat", [0x00, 0x78, 0xFF]);
        (WaveformRecording recording, _) = ReadOne();
        Assert.Equal([WaveformSignals.Missing, 2047], recording.Channels[0].Samples.ToArray());
    }

    [Fact]
    public void A_record_is_given_by_its_path_with_or_without_an_ending_and_named_after_its_folder()
    {
        _scratch.Folder("ward 7");
        _scratch.Folder("mitdb");
        WfdbFiles.Write(_scratch, "mitdb/100", 250, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        WfdbFiles.Write(_scratch, "mitdb/101", 250, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        WfdbFiles.Write(_scratch, "ward 7/a", 250, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        foreach (string ending in new[] { "", ".hea", ".dat", ".mat", ".atr" })
            Assert.Equal(["mitdb:101"], Patients(Path.Combine(_scratch.Path, "mitdb", "101" + ending)));
        Assert.Equal(["mitdb:100", "mitdb:101"], Patients(Path.Combine(_scratch.Path, "mitdb")));
        Assert.Equal(["wfdb:a"], Patients(Path.Combine(_scratch.Path, "ward 7")));
        Assert.Equal(["mitdb:100", "wfdb:a", "mitdb:101"], Patients(_scratch.Path));
        Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(Path.Combine(_scratch.Path, "mitdb", "102")));
    }

    [Fact]
    public void A_record_that_is_damaged_or_sampled_too_slowly_is_reported_and_the_next_one_read()
    {
        WfdbFiles.Write(_scratch, "a", 250, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        WfdbFiles.Write(_scratch, "b", 49, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        WfdbFiles.Write(_scratch, "c", 250, [("200/mV", "EEG")], [WfdbFiles.Ramp(10)]);
        WfdbFiles.Write(_scratch, "d", 250, [("200/mV", "II")], [WfdbFiles.Ramp(10)]);
        _scratch.WriteBytes("a.dat", new byte[20]);
        (WaveformRecording recording, RecordingReport report) = ReadOne();
        Assert.EndsWith(":d", recording.Identity.Patient, StringComparison.Ordinal);
        Assert.Equal(["a.hea", "b.hea", "c.hea"], report.Problems.Select(problem => Path.GetFileName(problem.File)));
        Assert.Equal(3, report.MalformedFiles);
    }

    [Theory]
    [InlineData(250, 1_000)]
    [InlineData(360, 1_000)]
    [InlineData(62.5, 1_000)]
    [InlineData(62.4725, 10_000)]
    [InlineData(127.9, 100)]
    [InlineData(1_000, 333)]
    public void Chunks_follow_each_other_without_gap_or_overlap_and_are_sent_when_they_are_complete(double hertz, int chunkMs)
    {
        WfdbFiles.Write(_scratch, "r", hertz, [("200/mV", "II"), ("1/NU", "PLETH")], [WfdbFiles.Ramp(5_001), WfdbFiles.Ramp(5_001, 9)]);
        List<Seen> seen = Replay(new TimelineOptions("run") { Start = _start, Chunk = TimeSpan.FromMilliseconds(chunkMs) });
        Assert.Equal(WfdbFiles.Ramp(5_001), seen.SelectMany(observation => observation.Waveforms[0].Samples.ToArray()));
        Assert.Equal(WfdbFiles.Ramp(5_001, 9), seen.SelectMany(observation => observation.Waveforms[1].Samples.ToArray()));
        long sample = 0;
        foreach (Seen observation in seen)
        {
            Assert.Equal((2, "run", "run"), (observation.Waveforms.Count, observation.Session, observation.Encounter));
            foreach (WaveformChunk chunk in observation.Waveforms)
            {
                Assert.InRange(chunk.SpanMs, 0.0, chunkMs);
                Assert.InRange(chunk.TimeMs - _start.ToUnixTimeMilliseconds() - (sample * 1_000_000.0 / chunk.RateMilliHz), -1.001, 0.001);
                Assert.InRange(observation.TimeMs - chunk.TimeMs - chunk.SpanMs, -1, 1);
            }

            sample += observation.Waveforms[0].Samples.Length;
        }

        Assert.Equal(Enumerable.Range(0, seen.Count).Select(number => (long)number), seen.Select(observation => observation.Sequence));
    }

    [Fact]
    public void The_longest_record_ends_within_the_second_before_now_and_all_records_start_together_on_a_whole_second()
    {
        WfdbFiles.Write(_scratch, "long", 100, [("200/mV", "II")], [WfdbFiles.Ramp(550)]);
        WfdbFiles.Write(_scratch, "short", 50, [("200/mV", "II")], [WfdbFiles.Ramp(100)]);
        List<Seen> seen = Replay(new TimelineOptions("run") { Now = _start });
        // It is 5.5 s long.
        Assert.Equal(_start.ToUnixTimeMilliseconds() - 500, seen[^1].TimeMs);
        Assert.Equal(0, seen[0].Waveforms[0].TimeMs % 1000);
        Assert.Equal(50, seen[^1].Waveforms[0].Samples.Length);
        Assert.Single(seen.GroupBy(observation => observation.Patient).Select(patient => patient.First().Waveforms[0].TimeMs).Distinct());
        Assert.Equal(seen.Select(observation => observation.TimeMs).Order(), seen.Select(observation => observation.TimeMs));
        Assert.Equal(8, seen.Count);
    }

    [Fact]
    public void A_loop_goes_on_and_copies_have_the_same_samples_at_the_same_times()
    {
        WfdbFiles.Write(_scratch, "r", 100, [("200/mV", "II")], [WfdbFiles.Ramp(250)]);
        ReplayTimeline timeline = new(Library().Patients, new TimelineOptions("run") { Start = _start, Loop = true, Patients = 2 });
        List<Seen> seen = [.. timeline.Observations().Take(12).Select(Seen.Of)];
        string folder = Path.GetFileName(_scratch.Path);
        Assert.Equal([$"{folder}:r", $"{folder}:r-copy2"], seen.Select(observation => observation.Patient).Distinct());
        Assert.Equal(2, seen.Select(observation => observation.Device).Distinct().Count());
        long[] times = [0, 1_000, 2_000, 3_500, 4_500, 5_500];
        foreach (IGrouping<string, Seen> patient in seen.GroupBy(observation => observation.Patient))
        {
            Assert.Equal(times, patient.Select(observation => observation.Waveforms[0].TimeMs - timeline.StartMs));
            Assert.Equal([.. WfdbFiles.Ramp(250), .. WfdbFiles.Ramp(250)], patient.SelectMany(observation => observation.Waveforms[0].Samples.ToArray()));
        }

        Assert.Equal((6, 100), (timeline.ObservationCount, timeline.MostSamples));
    }

    [Fact]
    public void Waveforms_of_bidmc_run_beside_the_numerics_of_the_same_patient_under_a_device_of_their_own()
    {
        _scratch.Write("bidmc_03_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", "0,70,70,12,97", "1,71,70,12,97");
        _scratch.Write("bidmc_03_Signals.csv.gz", ["Time [s], RESP, II, XYZ", .. Enumerable.Range(0, 150).Select(i => FormattableString.Invariant($"{i / 125.0},{i / 1000.0},{(i == 3 ? "" : "-0.5")},1"))]);
        RecordingLibrary library = Library();
        List<Seen> seen = [.. new ReplayTimeline(library.Patients, new TimelineOptions("run") { Start = _start }).Observations().Select(Seen.Of)];
        Assert.Equal([(0, 4, 0), (1_000, 4, 0), (1_000, 0, 2), (1_200, 0, 2)], seen.Select(observation => (observation.TimeMs - _start.ToUnixTimeMilliseconds(), observation.Readings.Count, observation.Waveforms.Count)));
        Assert.Equal(["bidmc-bidmc_03", "bidmc-bidmc_03-waveforms"], seen.Select(observation => observation.Device).Distinct());
        Assert.Equal([0, 10, 20], seen[2].Waveforms[0].Samples.ToArray().Take(3).Select(sample => (int)sample));
        Assert.Equal((-500, WaveformSignals.Missing), (seen[2].Waveforms[1].Samples.Span[0], seen[2].Waveforms[1].Samples.Span[3]));
        Assert.Equal((300, 1, "XYZ (unknown name)"), (library.Reports[0].Samples, library.Reports[0].MissingSamples, Assert.Single(library.Reports[0].UnusedSignals).Key));
        Assert.All(RecordingLibrary.Read(RecordingSource.Find(_scratch.Path), waveforms: false).Patients[0].Recordings, recording => Assert.IsType<NumericRecording>(recording));
    }

    [Fact]
    public void A_table_of_waveforms_at_another_rate_is_reported()
    {
        _scratch.Write("bidmc_03_Numerics.csv", "Time [s], HR", "0,70");
        string file = _scratch.Write("bidmc_03_Signals.csv", "Time [s], II", "0,0.1", "0.008,0.1", "0.1,0.1");
        RecordingReport report = Assert.Single(Library().Reports);
        Assert.Equal(new RecordingProblem(file, 0, "the time in line 4 is not that of sample 2 at 125 Hz"), Assert.Single(report.Problems));
    }

    [Theory]
    [InlineData(99)]
    [InlineData(10_001)]
    public void Chunks_that_are_too_short_or_too_long_are_refused(int chunkMs)
    {
        WfdbFiles.Write(_scratch, "r", 100, [("200/mV", "II")], [WfdbFiles.Ramp(250)]);
        Assert.Throws<ArgumentOutOfRangeException>(() => Replay(new TimelineOptions("run") { Start = _start, Chunk = TimeSpan.FromMilliseconds(chunkMs) }));
    }

    private RecordingLibrary Library() => RecordingLibrary.Read(RecordingSource.Find(_scratch.Path));

    private List<Seen> Replay(TimelineOptions options) => [.. new ReplayTimeline(Library().Patients, options).Observations().Select(Seen.Of)];

    private (WaveformRecording Recording, RecordingReport Report) ReadOne()
    {
        RecordingLibrary library = Library();
        return (Assert.IsType<WaveformRecording>(Assert.Single(Assert.Single(library.Patients).Recordings)), Assert.Single(library.Reports));
    }

    private static IEnumerable<string> Patients(string path) => RecordingLibrary.Read(RecordingSource.Find(path)).Patients.Select(patient => patient.Patient);
}
