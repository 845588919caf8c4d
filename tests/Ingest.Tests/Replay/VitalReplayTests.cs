using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Ingest.Waveforms.Vital;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

/// <summary>Files of Vital Recorder made here: which tracks are sent as what, and how they are laid into time.</summary>
public sealed class VitalReplayTests : IDisposable
{
    private const double Start = 1_700_000_000;

    private static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Numbers_and_waves_become_readings_and_chunks_side_by_side()
    {
        Save(new VitalFileWriter().Device(7, "Intellivue", "Intellivue")
            .Track(1, VitalKind.Number, VitalForm.Single, "ECG_HR", "/min", device: 7)
            .Track(2, VitalKind.Wave, VitalForm.UInt16, "ECG_II", "mV", 500, 0.005, -40.96, 1, 7)
            .Track(3, VitalKind.Wave, VitalForm.UInt16, "RESP", "ohm", 62.5f, 0.5, 0, 0, 7)
            .Number(1, Start + 1.024, 60).Wave(2, Start, WfdbFiles.Ramp(1_000)).Wave(3, Start + 0.5, WfdbFiles.Ramp(80)).Number(1, Start + 2.048, 61.5f));
        List<Seen> seen = Replay();
        Assert.Equal(["vital:case1"], seen.Select(o => o.Patient).Distinct());
        Assert.Equal([("vital-case1-waveforms", 1_000), ("vital-case1", 1_024), ("vital-case1-waveforms", 1_780 + 220), ("vital-case1", 2_048)], seen.Select(o => (o.Device!, (int)Offset(o.TimeMs))));
        Assert.Equal([60.0, 61.5], seen.Select(o => o[SignalCode.HeartRate]).OfType<double>());
        Assert.Equal(ReadingSource.Monitor, seen[1].Readings[0].Source);
        WaveformChunk ecg = seen[0].Waveforms[0], resp = seen[0].Waveforms[1];
        Assert.Equal((WaveformSignal.EcgII, 500_000, 200f, 8192, 0), (ecg.Signal, ecg.RateMilliHz, ecg.Gain, ecg.Baseline, (int)Offset(ecg.TimeMs)));
        Assert.Equal((WaveformSignal.Respiration, 62_500, 2f, 0, 500), (resp.Signal, resp.RateMilliHz, resp.Gain, resp.Baseline, (int)Offset(resp.TimeMs)));
        Assert.Equal(WfdbFiles.Ramp(1_000), Samples(seen, WaveformSignal.EcgII));
        Assert.Equal(WfdbFiles.Ramp(80), Samples(seen, WaveformSignal.Respiration));
    }

    [Fact]
    public void The_names_of_the_public_data_set_and_monitor_types_are_known_and_the_rest_is_counted()
    {
        (string Name, string Unit, byte Meaning)[] numbers =
        [
            ("HR", "/min", 0), ("PLETH_SPO2", "", 0), ("PLETH_HR", "", 0), ("ART_SBP", "mmHg", 0), ("ART_DBP", "mmHg", 0), ("ART_MBP", "kPa", 0), ("NIBP_SBP", "mmHg", 0), ("NIBP_DBP", "mmHg", 0), ("NIBP_MBP", "mmHg", 0),
            ("RR", "/min", 0), ("BT", "C", 0), ("ETCO2", "mmHg", 0), ("FIO2", "%", 0), ("Solar8000/PA_SBP", "mmHg", 0), ("MY_PA_MEAN", "mmHg", 68), ("RR_CO2", "/min", 0), ("CVP", "mmHg", 0), ("PA_DBP", "", 0), ("BIS", "", 22),
        ];
        VitalFileWriter writer = new VitalFileWriter().Device(5, "Solar8000", "Solar8000").Device(6, "SNUADC", "SNUADC");
        for (ushort i = 0; i < numbers.Length; i++)
            writer.Track(i, VitalKind.Number, VitalForm.Single, numbers[i].Name, numbers[i].Unit, meaning: numbers[i].Meaning, device: 5).Number(i, Start, 10 + i);
        (string Name, string Unit, float Hertz, byte Meaning)[] waves =
        [
            ("ECG_II", "mV", 500, 0), ("ECG_V5", "mV", 500, 0), ("PLETH", "", 500, 0), ("ART", "mmHg", 500, 0), ("CVP", "cmH2O", 500, 0), ("FEM", "mmHg", 500, 0), ("SNUADC/ECG_II", "mV", 250, 0), ("ecg 9", "uV", 250, 1),
            ("AWP", "hPa", 62.5f, 29), ("EEG", "uV", 128, 28), ("RESP", "", 25, 11), ("ECG_III", "V", 2_000, 1), ("ECG_I", "bar", 500, 1), ("CO2", "mmHg", 62.5f, 13), ("PAP", "", 125, 66),
        ];
        for (ushort i = 0; i < waves.Length; i++)
            writer.Track((ushort)(100 + i), VitalKind.Wave, VitalForm.Int16, waves[i].Name, waves[i].Unit, waves[i].Hertz, meaning: waves[i].Meaning, device: 6).Wave((ushort)(100 + i), Start, (short)i, 1, 2);
        Save(writer.Track(200, VitalKind.Text, VitalForm.None, "EVENT").Event(200, Start, "Incision").Track(201, VitalKind.Number, VitalForm.Single, "SPO2", "%", device: 6));
        RecordingLibrary library = Library();
        List<Seen> seen = Replay();
        Assert.Equal(
            [
                (SignalCode.HeartRate, 10), (SignalCode.PulseRate, 12), (SignalCode.SpO2, 11), (SignalCode.RespiratoryRate, 19), (SignalCode.ArterialSystolic, 13), (SignalCode.ArterialDiastolic, 14),
                (SignalCode.ArterialMean, 112.5), (SignalCode.CuffSystolic, 16), (SignalCode.CuffDiastolic, 17), (SignalCode.CuffMean, 18), (SignalCode.PulmonarySystolic, 23), (SignalCode.PulmonaryMean, 24),
                (SignalCode.CoreTemperature, 20), (SignalCode.EtCO2, 21), (SignalCode.FiO2, 22),
            ],
            seen[0].Readings.OrderBy(r => r.Code).Select(r => (r.Code, Math.Round(r.Value, 1))));
        Assert.Equal(
            [(WaveformSignal.EcgII, 0), (WaveformSignal.EcgV5, 1), (WaveformSignal.Pleth, 2), (WaveformSignal.ArterialPressure, 3), (WaveformSignal.CentralVenousPressure, 4), (WaveformSignal.Ecg, 6)],
            seen.Where(o => o.Waveforms.Count > 0).SelectMany(o => o.Waveforms).Select(w => (w.Signal, (int)w.Samples.Span[0])));
        // 1 cmH2O is 0.7356 mmHg.
        Assert.Equal(1.3595f, seen.SelectMany(o => o.Waveforms).Single(w => w.Signal == WaveformSignal.CentralVenousPressure).Gain, 0.0001f);
        Assert.Equal(
            [
                "EVENT (text)", "SNUADC/AWP (unknown name)", "SNUADC/CO2 (unknown name)", "SNUADC/ECG_I (unit bar)", "SNUADC/ECG_III (rate 2000 Hz)", "SNUADC/EEG (unknown name)", "SNUADC/FEM (there twice)", "SNUADC/PAP (no unit)",
                "SNUADC/RESP (rate 25 Hz)", "SNUADC/ecg 9 (there twice)", "Solar8000/BIS (unknown name)", "Solar8000/CVP (unknown name)", "Solar8000/PA_DBP (no unit)", "Solar8000/RR_CO2 (there twice)",
            ],
            library.Reports[0].UnusedSignals.Keys);
        // One number, three samples, one text.
        Assert.Equal(
            [new UnusedTracks(1, 1), new(1, 3), new(1, 1)],
            new[] { "Solar8000/CVP (unknown name)", "SNUADC/FEM (there twice)", "EVENT (text)" }.Select(name => library.Reports[0].UnusedSignals[name]));
    }

    [Fact]
    public void A_rate_counted_in_the_ECG_goes_before_the_one_that_the_monitor_chose()
    {
        Save(new VitalFileWriter().Track(1, VitalKind.Number, VitalForm.Single, "HR").Track(2, VitalKind.Number, VitalForm.Single, "ECG_HR").Number(1, Start, 50).Number(2, Start, 60));
        Assert.Equal(60, Replay()[0][SignalCode.HeartRate]);
        Assert.Equal(["HR (there twice)"], Library().Reports[0].UnusedSignals.Keys);
    }

    [Fact]
    public void Values_out_of_order_are_put_in_order_and_what_is_none_is_counted()
    {
        Save(new VitalFileWriter().Track(1, VitalKind.Number, VitalForm.Single, "HR").Track(2, VitalKind.Number, VitalForm.Single, "RR")
            .Number(1, Start + 2, 62).Number(1, Start, 60).Number(2, Start, 15).Number(1, Start + 1, 61).Number(1, Start + 1, 99).Number(1, Start + 3, float.NaN).Number(1, Start + 4, 8_388_607));
        List<Seen> seen = Replay();
        Assert.Equal([(0L, 60.0, 15), (1_000, 61, null), (2_000, 62, null)], seen.Select(o => (Offset(o.TimeMs), o[SignalCode.HeartRate]!.Value, o[SignalCode.RespiratoryRate])));
        RecordingReport report = Library().Reports[0];
        Assert.Equal(new Dictionary<string, long> { ["HR: values out of order, put in order"] = 1, ["HR: further values at the same time, left out"] = 1 }, report.Irregularities);
        Assert.Equal((1, 1, 2), (report.Missing["HR"], report.NoValue["HR"], report.RowsWithoutValue));
    }

    [Fact]
    public void A_gap_between_packets_is_a_gap_and_a_long_one_begins_anew()
    {
        // Packets of 0.2 s: one is missing at 0.4 s, then 9.8 s are, then more than ten.
        Save(Ecg().Wave(1, Start, Of(20, 1)).Wave(1, Start + 0.2, Of(20, 2)).Wave(1, Start + 0.6, Of(20, 3)).Wave(1, Start + 10.6, Of(20, 4)).Wave(1, Start + 25.0004, Of(20, 5)));
        List<Seen> seen = Replay();
        short[] expected = [.. Of(20, 1), .. Of(20, 2), .. Of(20, WaveformSignals.Missing), .. Of(20, 3), .. Of(980, WaveformSignals.Missing), .. Of(20, 4), .. Of(20, 5)];
        Assert.Equal(expected, Samples(seen, WaveformSignal.Ecg));
        Assert.Equal([.. Enumerable.Range(0, 11).Select(i => i * 1_000), 25_000], seen.Select(o => (int)Offset(o.Waveforms[0].TimeMs)));
        Assert.Equal([.. Enumerable.Range(1, 10).Select(i => i * 1_000), 10_800, 25_200], seen.Select(o => (int)Offset(o.TimeMs)));
        RecordingReport report = Library().Reports[0];
        Assert.Equal((1_100, 1_000), (report.Samples, report.MissingSamples));
        Assert.Equal(new Dictionary<string, long> { ["ECG: gaps"] = 3 }, report.Irregularities);
    }

    [Fact]
    public void Of_packets_that_overlap_the_samples_that_are_there_stay_and_back_jumps_are_put_in_order()
    {
        Save(Ecg().Wave(1, Start, Of(20, 1)).Wave(1, Start + 0.4, Of(20, 3)).Wave(1, Start + 0.2, Of(20, 2)).Wave(1, Start + 0.45, Of(20, 4)).Wave(1, Start + 0.2, Of(20, 9)).Wave(1, Start + 0.65, Of(20, 5)));
        Assert.Equal([.. Of(20, 1), .. Of(20, 2), .. Of(20, 3), .. Of(5, 4), .. Of(20, 5)], Samples(Replay(), WaveformSignal.Ecg));
        Assert.Equal(new Dictionary<string, long> { ["ECG: packets out of order, put in order"] = 2, ["ECG: samples that overlap with earlier ones, left out"] = 35 }, Library().Reports[0].Irregularities);
    }

    [Fact]
    public void Jitter_and_drift_of_packet_times_do_not_tear_a_wave_until_they_are_half_a_packet()
    {
        // Each packet is 2 ms late more than the one before: behind 50 packets that is half a packet, and ten samples are missing.
        VitalFileWriter writer = Ecg();
        for (int i = 0; i < 90; i++)
            writer.Wave(1, Start + (i * 0.202) + (i % 2 * 0.0005), Of(20, (short)i));
        Save(writer);
        short[] samples = Samples(Replay(), WaveformSignal.Ecg);
        Assert.Equal(90 * 20, samples.Count(sample => sample != WaveformSignals.Missing));
        Assert.Equal(10, samples.Count(sample => sample == WaveformSignals.Missing));
        Assert.Equal(new Dictionary<string, long> { ["ECG: gaps"] = 1 }, Library().Reports[0].Irregularities);
    }

    [Fact]
    public void Waves_that_are_stored_as_values_become_steps_of_a_size_that_fits()
    {
        void Values(VitalFileWriter writer, ushort track, params float[] values) => writer.Record(track, Start, content =>
        {
            content.Write(values.Length);
            foreach (float value in values)
                content.Write(value);
        });

        VitalFileWriter writer = new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.Single, "ECG_II", "mV", 100).Track(2, VitalKind.Wave, VitalForm.Single, "ART", "mmHg", 100)
            .Track(3, VitalKind.Wave, VitalForm.Single, "PLETH", "", 100).Track(4, VitalKind.Wave, VitalForm.Single, "RESP", "", 100);
        Values(writer, 1, 1.2341f, -33, float.NaN);
        Values(writer, 2, 120.02f, -12.34f, 700);
        Values(writer, 3, 0.0012f, -0.02f, 0);
        Values(writer, 4, 0, 70_000, 1);
        Save(writer);
        Assert.Equal(
            [
                (WaveformSignal.EcgII, 1_000f, [1_234, short.MinValue, short.MinValue]),
                (WaveformSignal.ArterialPressure, 50f, [6_001, -617, short.MinValue]),
                (WaveformSignal.Pleth, 1e6f, [1_200, -20_000, 0]),
                (WaveformSignal.Respiration, 0.1f, [0, 7_000, 0]),
            ],
            Replay().SelectMany(o => o.Waveforms).Select(w => (w.Signal, w.Gain, w.Samples.ToArray())), (a, b) => a.Signal == b.Signal && a.Gain == b.Gain && a.Item3.SequenceEqual(b.Item3));
        Assert.Equal(3, Library().Reports[0].MissingSamples);
    }

    [Fact]
    public void Unsigned_steps_beyond_15_bits_are_moved_with_their_baseline()
    {
        Save(new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.UInt16, "ABP", "mmHg", 100, 0.01, -50)
            .Wave(1, Start, unchecked((short)65_534), 0, 5_000, unchecked((short)65_535)).Track(2, VitalKind.Wave, VitalForm.Int16, "PLETH", "", 100, -1).Wave(2, Start, 1));
        WaveformChunk chunk = Assert.Single(Assert.Single(Replay()).Waveforms);
        Assert.Equal([605.34f, -50f, 0, float.NaN], Enumerable.Range(0, 4).Select(i => (float)Math.Round(chunk.Physical(i), 3)));
        Assert.Equal(["PLETH (gain or baseline out of bounds)"], Library().Reports[0].UnusedSignals.Keys);
    }

    [Theory]
    [InlineData(100)]
    [InlineData(333)]
    [InlineData(1_000)]
    [InlineData(10_000)]
    public void However_long_the_rows_each_sample_goes_out_once_and_each_message_is_one_that_is_taken(int chunkMs)
    {
        VitalFileWriter writer = new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.Int16, "ECG_II", "mV", 500).Track(2, VitalKind.Wave, VitalForm.Int16, "PLETH", "", 127.9f).Track(3, VitalKind.Wave, VitalForm.Int16, "RESP", "", 62.5f);
        for (int i = 0; i < 100; i++)
            writer.Wave(1, Start + (i * 0.256), WfdbFiles.Ramp(128, i * 128)).Wave(2, Start + 0.0123 + (i * 0.25), WfdbFiles.Ramp(32, i * 32)).Wave(3, Start + 0.1 + (i * 0.256), WfdbFiles.Ramp(16, i * 16));
        Save(writer);
        ReplayTimeline timeline = new(Library().Patients, new TimelineOptions("run") { Start = _start, Chunk = TimeSpan.FromMilliseconds(chunkMs) });
        List<Seen> seen = [.. timeline.Observations().Select(Seen.Of)];
        Assert.Equal(timeline.ObservationCount, seen.Count);
        Assert.InRange(seen.Max(o => o.Waveforms.Sum(w => w.Samples.Length)), 1, timeline.MostSamples);
        foreach ((WaveformSignal signal, int count, double hertz, double lead) in new[] { (WaveformSignal.EcgII, 12_800, 500, 0), (WaveformSignal.Pleth, 3_200, 127.9, 12), (WaveformSignal.Respiration, 1_600, 62.5, 100) })
        {
            Assert.Equal(WfdbFiles.Ramp(count), Samples(seen, signal));
            int sample = 0;
            foreach (WaveformChunk chunk in seen.SelectMany(o => o.Waveforms).Where(w => w.Signal == signal))
            {
                Assert.InRange(Offset(chunk.TimeMs) - lead - (sample * 1_000 / hertz), -1.001, 0.001);
                Assert.InRange(chunk.Samples.Length, 1, WaveformBounds.MostSamples(chunk.RateMilliHz));
                sample += chunk.Samples.Length;
            }
        }

        Assert.Equal(seen.Select(o => o.TimeMs).Order(), seen.Select(o => o.TimeMs));
        Assert.Equal(seen.Count, seen.Select(o => o.TimeMs).Distinct().Count());
        Assert.All(seen, o => Assert.All(o.Waveforms, w => Assert.InRange(o.TimeMs - w.TimeMs - w.SpanMs, -17, chunkMs + 1)));
    }

    [Fact]
    public void A_file_that_is_damaged_or_has_nothing_known_is_reported_and_the_next_one_read()
    {
        byte[] good = Ecg().Wave(1, Start, Of(20, 1)).Packed();
        _scratch.Folder("vital");
        _scratch.WriteBytes("vital/a.vital", good[..^9]);
        _scratch.WriteBytes("vital/b.vital", new VitalFileWriter().Track(1, VitalKind.Number, VitalForm.Single, "BIS").Number(1, Start, 40).Packed());
        _scratch.WriteBytes("vital/c.vital", Ecg().Wave(1, Start, Of(20, 1)).Wave(1, 0, Of(20, 1)).Packed());
        _scratch.WriteBytes("vital/d e.vital", good);
        _scratch.WriteBytes("vital/f.vital", good);
        RecordingLibrary library = Library();
        Assert.Equal("vital:f", Assert.Single(library.Patients).Patient);
        Assert.Equal(["a.vital", "b.vital", "c.vital", "d e.vital"], library.Reports[0].Problems.Select(problem => Path.GetFileName(problem.File)));
        Assert.Equal(4, library.Reports[0].MalformedFiles);
        Assert.Contains("lie 19,676 days apart", library.Reports[0].Problems[2].Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void A_file_is_a_source_of_its_own_and_numerics_can_be_had_alone()
    {
        Save(Ecg().Track(2, VitalKind.Number, VitalForm.Single, "HR").Wave(1, Start, Of(20, 1)).Number(2, Start, 60), "a");
        Save(Ecg().Wave(1, Start, Of(20, 1)), "b");
        RecordingSource one = RecordingSource.Find(Path.Combine(_scratch.Path, "vital", "a.vital"));
        Assert.Equal("vital:a", Assert.Single(RecordingLibrary.Read(one).Patients).Patient);
        Assert.IsType<NumericRecording>(Assert.Single(RecordingLibrary.Read(one, waveforms: false).Patients[0].Recordings));
        Assert.Equal(["vital:a", "vital:b"], Library().Patients.Select(patient => patient.Patient));
    }

    [SharedDataFact("vital")]
    public void The_shared_files_go_out_whole_and_are_accepted()
    {
        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(SharedData.Set("vital")));
        RecordingReport report = library.Reports[0];
        Assert.Equal((60, 600, 0, 47_792, 0), (report.Rows, report.Readings, report.MalformedRows, report.Samples, report.MissingSamples));
        Assert.Empty(report.Problems);
        Assert.Empty(report.Irregularities);
        Assert.Equal(["EVENT (text)", "Intellivue/HR (there twice)", "Intellivue/NIBP_HR (unknown name)", "Intellivue/PLETH_PERF_REL (unknown name)"], report.UnusedSignals.Keys);
        List<Seen> seen = [.. new ReplayTimeline(library.Patients, new TimelineOptions("run") { Start = _start }).Observations().Select(Seen.Of)];
        List<Seen> demo = [.. seen.Where(o => o.Patient == "vital:test_data_demo")];

        // Its ABP begins at 1562838865.138, all else later; the ECG lies between 8155 and 8344 steps, 0 mV at 8192.
        Assert.Equal(35, demo.Count(o => o[SignalCode.HeartRate] == 60 && o[SignalCode.RespiratoryRate] == 15 && o[SignalCode.SpO2] == 95 && o[SignalCode.ArterialSystolic] == 120 && o[SignalCode.CuffMean] == 90));
        Assert.Equal(2_464, Offset(demo.First(o => o.Readings.Count > 0).TimeMs));
        Assert.Equal(768, Offset(demo.SelectMany(o => o.Waveforms).First(w => w.Signal == WaveformSignal.EcgII).TimeMs));
        Assert.Equal((8_155, 8_344), (Samples(demo, WaveformSignal.EcgII).Min(), Samples(demo, WaveformSignal.EcgII).Max()));
        Assert.Equal([4_480, 17_536, 4_384, 2_192], new[] { WaveformSignal.ArterialPressure, WaveformSignal.EcgII, WaveformSignal.Pleth, WaveformSignal.Respiration }.Select(signal => Samples(demo, signal).Length));
        Assert.Equal(90.97, demo.SelectMany(o => o.Waveforms).Where(w => w.Signal == WaveformSignal.ArterialPressure).SelectMany(w => Enumerable.Range(0, w.Samples.Length).Select(i => (double)w.Physical(i))).Average(), 0.001);
    }

    private static VitalFileWriter Ecg() => new VitalFileWriter().Track(1, VitalKind.Wave, VitalForm.Int16, "ECG", "mV", 100, 0.005);

    private static short[] Of(int count, short value) => [.. Enumerable.Repeat(value, count)];

    private static long Offset(long timeMs) => timeMs - _start.ToUnixTimeMilliseconds();

    private static short[] Samples(List<Seen> seen, WaveformSignal signal) => [.. seen.SelectMany(o => o.Waveforms).Where(w => w.Signal == signal).SelectMany(w => w.Samples.ToArray())];

    private void Save(VitalFileWriter writer, string name = "case1") => writer.Save(_scratch, $"vital/{name}.vital");

    private RecordingLibrary Library() => RecordingLibrary.Read(RecordingSource.Find(Path.Combine(_scratch.Path, "vital")));

    private List<Seen> Replay() => [.. new ReplayTimeline(Library().Patients, new TimelineOptions("run") { Start = _start }).Observations().Select(Seen.Of)];
}
