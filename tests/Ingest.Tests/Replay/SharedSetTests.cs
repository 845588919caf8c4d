using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Ingest.Waveforms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

/// <summary>Every shared set is read whole: the counts are those that the README of the data states.</summary>
public sealed class SharedSetTests
{
    [SharedDataFact("bidmc")]
    public void Bidmc_has_the_stated_rows_and_missing_cells_and_a_patient_with_four_recordings()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("bidmc");
        Assert.Equal(27, recordings.Count);
        Assert.Equal(23, Patients(recordings).Length);
        Assert.Equal(12_987, report.Rows);
        Assert.Equal(new Dictionary<string, long> { ["HR"] = 4, ["PULSE"] = 109, ["RESP"] = 153, ["SpO2"] = 109 }, report.Missing);
        Assert.Equal((12_987 * 4) - 4 - 109 - 153 - 109, report.Readings);
        Assert.Equal([0, 1, 2, 3], recordings.Where(r => r.Identity.Patient == "bidmc:s03386").Select(r => r.Identity.Part));
        AssertSound(recordings, report);
    }

    [SharedDataFact("mimic2-numerics")]
    public void Mimic2_has_the_stated_minutes_and_codes_for_no_value()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("mimic2-numerics");
        Assert.Equal(1_937, report.Rows);
        Assert.Equal(["mimic2-numerics:s00001"], Patients(recordings));
        NumericRecording long32Hours = recordings.MaxBy(r => r.Count)!;
        Assert.Equal(60_000, long32Hours.Identity.StepMs);
        Assert.True(long32Hours.TimeMs(long32Hours.Count - 1) <= 1_935 * 60_000L);

        // The stub of one minute adds a zero to each of these.
        Assert.Equal(1_929 + 1, report.NoValue["ABPSys"]);
        Assert.Equal(363 + 1, report.NoValue["PULSE"]);
        Assert.Equal(363 + 1, report.NoValue["SpO2"]);
        Assert.Equal(46 + 1, report.NoValue["HR"]);
        Assert.Equal(1_936 - 152 + 1, report.Missing["NBPSys"]);
        Assert.Equal(152, Values(recordings, SignalCode.CuffSystolic).Count());
        Assert.InRange(Values(recordings, SignalCode.SpO2).Min(), 90, 100);
        AssertSound(recordings, report);
    }

    [SharedDataFact("mimic3-pap-numerics")]
    public void Mimic3_has_the_stated_records_subjects_and_zeros()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("mimic3-pap-numerics");
        Assert.Equal(20_705, report.Rows);
        Assert.Equal(205, recordings.Count);
        Assert.Equal(176, Patients(recordings).Length);
        Assert.Equal(421, report.NoValue["hr_bpm"]);
        Assert.Equal(2_211, report.NoValue["pap_sys_mmhg"]);
        Assert.All(report.Missing, column => Assert.Equal(2, column.Value));
        Assert.DoesNotContain(0, Values(recordings, SignalCode.HeartRate));
        AssertSound(recordings, report);
    }

    [SharedDataFact("cinc2009-abp")]
    public void Cinc2009_has_57_patients_of_660_minutes()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("cinc2009-abp");
        Assert.Equal(57, Patients(recordings).Length);
        Assert.All(recordings, r => Assert.Equal(660, r.Count));
        Assert.Equal(21, Values(recordings, SignalCode.ArterialMean).Count(v => v < 20));
        AssertSound(recordings, report);
    }

    [SharedDataFact("cinc2019-sepsis")]
    public void Cinc2019_has_240_patients_with_12209_hours()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("cinc2019-sepsis");
        Assert.Equal(240, Patients(recordings).Length);
        Assert.Equal(12_209, report.Rows);
        Assert.Equal(12_209, report.RowsWithoutValue + recordings.Sum(r => r.Count));
        Assert.All(Values(recordings, SignalCode.FiO2), v => Assert.InRange(v, 2, 100));
        Assert.NotEmpty(Values(recordings, SignalCode.FiO2));
        AssertSound(recordings, report);
    }

    [SharedDataFact("icu-demo-hourly")]
    public void Icu_demo_has_the_stated_stays_and_hours_of_both_databases()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("icu-demo-hourly");
        Assert.Equal(60_308 + 5_027, report.Rows);
        Assert.Equal(60_308 + 5_027, report.RowsWithoutValue + recordings.Sum(r => r.Count));
        string[] patients = Patients(recordings);
        Assert.InRange(patients.Count(p => p.StartsWith("icu-demo-hourly:eicu-", StringComparison.Ordinal)), 1_120, 1_134);
        Assert.InRange(patients.Count(p => p.StartsWith("icu-demo-hourly:mimic-", StringComparison.Ordinal)), 60, 66);
        Assert.True(Values(recordings, SignalCode.Weight).Count() > 1_000);
        AssertSound(recordings, report);
    }

    [SharedDataFact("stress-predict")]
    public void Stress_predict_has_18_volunteers_and_59100_seconds_of_pulse()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("stress-predict");
        Assert.Equal(18, Patients(recordings).Length);
        Assert.Equal(59_100, Values(recordings, SignalCode.PulseRate).Count());
        Assert.Equal(report.Rows - 59_100, Values(recordings, SignalCode.SkinTemperature).Count());
        Assert.All(recordings.Where(r => r.Identity.Device.EndsWith("-pulse", StringComparison.Ordinal)), r => Assert.Equal(10_000, r.Identity.LeadMs));
        AssertSound(recordings, report);
    }

    [SharedDataFact("home-bp-diary")]
    public void Home_pressures_have_69_patients_with_6740_readings()
    {
        (List<NumericRecording> recordings, RecordingReport report) = Read("home-bp-diary");
        Assert.Equal(69, Patients(recordings).Length);
        Assert.Equal((6_740, 0), (report.Rows, report.MalformedRows));
        Assert.Equal(6_740, Values(recordings, SignalCode.CuffSystolic).Count());
        AssertSound(recordings, report);
    }

    [SharedDataFact]
    public void The_shared_folder_as_a_whole_is_replayed_and_names_what_it_skips()
    {
        RecordingSource source = RecordingSource.Find(SharedData.Folder!);
        Assert.Equal(12, source.Folders.Count);
        Assert.Equal(["deid", "fhir-r4", "vitaldb-arrhythmia-labels"], source.Skipped.Select(s => s.Folder));
        Assert.All(source.Skipped, s => Assert.Contains("known form", s.Reason, StringComparison.Ordinal));
        Assert.All(source.Folders, f => Assert.Equal(Path.GetFileName(f.Folder) is "mitdb" or "cinc2015-alarms" ? "wfdb" : Path.GetFileName(f.Folder), f.Set.Name));

        RecordingLibrary library = RecordingLibrary.Read(source);
        Assert.Equal(12, library.Patients.Take(12).Select(p => p.Patient.Split(':')[0]).Distinct().Count());
        DateTimeOffset now = new(2026, 3, 1, 12, 0, 0, TimeSpan.Zero);
        ReplayTimeline timeline = new(library.Patients, new TimelineOptions("test") { Now = now });
        long previous = long.MinValue;
        long count = 0;
        Dictionary<string, long> sequences = new(StringComparer.Ordinal);
        foreach (PhysioActors.Shared.Observations.ObservationDraft draft in timeline.Observations())
        {
            Assert.True(draft.TimeMs >= previous, "out of order");
            Assert.Equal(sequences.GetValueOrDefault(draft.Device!, -1) + 1, draft.Sequence);
            Assert.NotEqual(draft.Readings.Count > 0, draft.Waveforms.Count > 0);
            sequences[draft.Device!] = draft.Sequence;
            previous = draft.TimeMs;
            count++;
        }

        Assert.Equal(timeline.ObservationCount, count);
        Assert.Equal(now.ToUnixTimeMilliseconds(), previous);
    }

    [SharedDataFact("mitdb")]
    public void Mitdb_has_22_records_of_two_leads()
    {
        (List<WaveformRecording> recordings, RecordingReport report) = ReadWaveforms("mitdb");
        Assert.Equal(22, recordings.Count);
        Assert.All(recordings, recording => Assert.Equal((360_000, 650_000, 2), (recording.RateMilliHz, recording.Length, recording.Channels.Count)));
        Assert.All(recordings.SelectMany(recording => recording.Channels), channel => Assert.Equal((200f, 1024), (channel.Gain, channel.Baseline)));
        Assert.All(recordings, recording => Assert.Contains(recording.Channels, channel => channel.Signal == WaveformSignal.EcgII));
        WaveformRecording first = recordings[0];
        Assert.Equal(("mitdb:101", WaveformSignal.EcgV1), (first.Identity.Patient, first.Channels[1].Signal));

        // The initial values of the header.
        Assert.Equal([955, 992], first.Channels.Select(channel => (int)channel.Samples.Span[0]));
        Assert.Equal((22 * 2 * 650_000L, 0L), (report.Samples, report.MalformedFiles));
        Assert.Empty(report.UnusedSignals);
    }

    [SharedDataFact("cinc2015-alarms")]
    public void Cinc2015_has_108_records_whose_signals_are_all_known()
    {
        (List<WaveformRecording> recordings, RecordingReport report) = ReadWaveforms("cinc2015-alarms");
        Assert.Equal(108, recordings.Count);
        Assert.Equal((61, 47), (recordings.Count(recording => recording.Length == 75_000), recordings.Count(recording => recording.Length == 82_500)));
        ILookup<WaveformSignal, WaveformChannel> channels = recordings.SelectMany(recording => recording.Channels).ToLookup(channel => channel.Signal);
        Assert.Equal((103, 98, 88, 54, 42, 4), (
            channels[WaveformSignal.EcgII].Count(), channels[WaveformSignal.EcgV].Count(), channels[WaveformSignal.Pleth].Count(), channels[WaveformSignal.ArterialPressure].Count(),
            channels[WaveformSignal.Respiration].Count(), channels[WaveformSignal.Ecg].Count()));
        Assert.Equal((0L, 295_664L), (report.MalformedFiles, report.MissingSamples));
        Assert.Empty(report.UnusedSignals);
    }

    [SharedDataFact("bidmc")]
    public void Bidmc_has_one_recording_with_waveforms_beside_its_numerics()
    {
        (List<WaveformRecording> recordings, RecordingReport report) = ReadWaveforms("bidmc");
        WaveformRecording recording = Assert.Single(recordings);
        Assert.Equal(("bidmc:s01795", 125_000, 60_001), (recording.Identity.Patient, recording.RateMilliHz, recording.Length));
        Assert.Equal(
            [WaveformSignal.Respiration, WaveformSignal.Pleth, WaveformSignal.EcgII, WaveformSignal.EcgV, WaveformSignal.EcgAvr, WaveformSignal.CentralVenousPressure],
            recording.Channels.Select(channel => channel.Signal));
        Assert.Equal([0.2063, 0.1887, 0.466, 0.53, 0.44, 37.04], recording.Channels.Select(channel => Math.Round(channel.Samples.Span[0] / channel.Gain, 4)));
        Assert.Equal(6 * 60_001, report.Samples);
    }

    private static (List<WaveformRecording> Recordings, RecordingReport Report) ReadWaveforms(string set)
    {
        RecordingFolder folder = RecordingSource.Find(SharedData.Set(set)).Folders.Single();
        RecordingReport report = new(set);
        return (folder.Set.Open(folder.Place, report).OfType<WaveformRecording>().ToList(), report);
    }

    private static (List<NumericRecording> Recordings, RecordingReport Report) Read(string set)
    {
        RecordingFolder folder = RecordingSource.Find(SharedData.Set(set)).Folders.Single();
        Assert.Equal(set, folder.Set.Name);
        RecordingReport report = new(set);
        return (folder.Set.Open(folder.Place, report).OfType<NumericRecording>().ToList(), report);
    }

    private static string[] Patients(List<NumericRecording> recordings) => [.. recordings.Select(r => r.Identity.Patient).Distinct()];

    private static IEnumerable<double> Values(List<NumericRecording> recordings, SignalCode code)
    {
        foreach (NumericRecording recording in recordings)
        {
            for (int row = 0; row < recording.Count; row++)
            {
                foreach (RecordedReading reading in recording.Readings(row).ToArray())
                {
                    if (reading.Code == code)
                        yield return reading.Value;
                }
            }
        }
    }

    private static void AssertSound(List<NumericRecording> recordings, RecordingReport report)
    {
        Assert.Equal(0, report.MalformedRows);
        Assert.Equal(0, report.MalformedFiles);
        Assert.Empty(report.Problems);
        Assert.Equal(report.Readings, recordings.Sum(r => (long)r.ReadingCount));
        Assert.Equal(report.Rows, report.RowsWithoutValue + recordings.Sum(r => (long)r.Count));
    }
}
