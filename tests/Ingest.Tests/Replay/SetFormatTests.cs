using System.Buffers.Binary;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

/// <summary>Each form on files made here: units, missing values, codes for 'no value', malformed rows with file and line.</summary>
public sealed class SetFormatTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void Bidmc_reads_rows_skips_missing_cells_and_reports_bad_rows_with_their_line()
    {
        string file = _scratch.Write("bidmc_01_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", "-0,94,93,25,97", "1,95,,NaN,97", "2,high,93,25,97", "3,94,93", "3,,,,", "2,94,93,25,97", "4,94,93,25,97");
        _scratch.Write("bidmc_01_Fix.txt", "bidmc_01", "MIMIC II matched wdb ID: s00042", "MIMIC II data segment: 2500-01-01-00-00");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        NumericRecording recording = Assert.Single(recordings);
        Assert.Equal("bidmc:s00042", recording.Identity.Patient);
        Assert.Equal([0, 1_000, 4_000], Times(recording));
        Assert.Equal(
            [(SignalCode.HeartRate, 94), (SignalCode.PulseRate, 93), (SignalCode.RespiratoryRate, 25), (SignalCode.SpO2, 97)],
            Row(recording, 0));
        Assert.Equal([(SignalCode.HeartRate, 95), (SignalCode.SpO2, 97)], Row(recording, 1));
        Assert.Equal(7, report.Rows);
        Assert.Equal(1, report.RowsWithoutValue);
        Assert.Equal(
            [
                new RecordingProblem(file, 4, "HR is not a number"),
                new RecordingProblem(file, 5, "fewer cells than the header's 5"),
                new RecordingProblem(file, 7, "the time does not rise"),
            ],
            report.Problems);
        Assert.Equal(2, report.Missing["PULSE"]);
        Assert.Equal(2, report.Missing["RESP"]);
    }

    [Fact]
    public void Bidmc_recordings_of_one_patient_follow_each_other_in_the_order_of_their_segments()
    {
        foreach ((string number, string segment, string heart) in new[] { ("01", "2500-01-02-00-00", "70"), ("02", "2500-01-01-00-00", "60") })
        {
            _scratch.Write($"bidmc_{number}_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", $"0,{heart},,,", $"1,{heart},,,");
            _scratch.Write($"bidmc_{number}_Fix.txt", "MIMIC II matched wdb ID: s1", $"MIMIC II data segment: {segment}");
        }

        (List<NumericRecording> recordings, _) = Read();
        ReplayTimeline timeline = Lay(recordings, new TimelineOptions("r") { Start = DateTimeOffset.UnixEpoch });
        Assert.Equal([(0, 0, 60), (1_000, 1, 60), (11_000, 2, 70), (12_000, 3, 70)], timeline.Observations().Select(d => (d.TimeMs, d.Sequence, d.Readings[0].Value)));
    }

    [Fact]
    public void A_bidmc_recording_without_a_description_is_a_patient_of_its_own()
    {
        _scratch.Write("bidmc_07_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", "0,70,,,");
        Assert.Equal("bidmc:bidmc_07", Assert.Single(Read().Recordings).Identity.Patient);
    }

    [Fact]
    public void Mimic2_applies_gain_and_baseline_and_skips_its_codes_for_no_value()
    {
        WriteWfdb(
            "s00009-2896-10-10-00-31n",
            [("10/bpm", "HR"), ("10/mmHg", "ABPMean"), ("10/pm", "RESP"), ("10/%", "SpO2"), ("1(5)/mmHg", "NBPSys"), ("1/cmH2O", "Unheard")],
            [[800, 853, 150, 970, 125, 9], [0, 0, 0, 0, short.MinValue, 9], [805, 0, 0, 0, short.MinValue, 9]]);
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        NumericRecording recording = Assert.Single(recordings);
        Assert.Equal("mimic2-numerics:s00009", recording.Identity.Patient);
        Assert.Equal([0, 120_000], Times(recording));
        Assert.Equal(
            [(SignalCode.HeartRate, 80), (SignalCode.ArterialMean, 85.3), (SignalCode.RespiratoryRate, 15), (SignalCode.SpO2, 97), (SignalCode.CuffSystolic, 120)],
            Row(recording, 0));
        Assert.Equal([(SignalCode.HeartRate, 80.5), (SignalCode.RespiratoryRate, 0)], Row(recording, 1));
        Assert.Equal(2, report.NoValue["ABPMean"]);
        Assert.Equal(1, report.NoValue["RESP"]);
        Assert.Equal(2, report.Missing["NBPSys"]);
        Assert.Equal(1, report.RowsWithoutValue);
        Assert.Empty(report.Problems);
    }

    [Fact]
    public void A_mimic2_record_with_damaged_samples_is_refused_and_named()
    {
        WriteWfdb("s1-an", [("10/bpm", "HR")], [[800], [810]]);
        WriteWfdb("s2-an", [("10/bpm", "HR")], [[800], [810]]);
        WriteWfdb("s3-an", [("10/bpm", "HR")], [[800], [810]]);
        _scratch.WriteBytes("s1-an.dat", [1, 2, 3, 4]);
        _scratch.WriteBytes("s2-an.dat", [1, 2, 3]);
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal("mimic2-numerics:s3", Assert.Single(recordings).Identity.Patient);
        Assert.Equal(2, report.MalformedFiles);
        Assert.Contains(report.Problems, p => p.File.EndsWith("s1-an.hea", StringComparison.Ordinal) && p.Problem.Contains("checksum", StringComparison.Ordinal));
        Assert.Contains(report.Problems, p => p.File.EndsWith("s2-an.hea", StringComparison.Ordinal) && p.Problem.Contains("3 bytes", StringComparison.Ordinal));
    }

    [Fact]
    public void Mimic3_takes_zero_for_no_value_and_a_silent_transducers_mean_with_it()
    {
        _scratch.Write(
            "pap_numerics.csv.gz",
            "subject,record,time_s,hr_bpm,pap_sys_mmhg,pap_dia_mmhg,pap_mean_mmhg",
            "p1,p1-a,0,98.6,35.8,19.2,26.2",
            "p1,p1-a,60,80,0,0,73.6",
            "p1,p1-a,120,0,35,-3.9,20",
            "p1,p1-b,0,70,,,",
            "p 2,x,0,70,1,1,1",
            "p2,x,later,70,1,1,1");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(2, recordings.Count);
        Assert.Equal([(SignalCode.HeartRate, 98.6), (SignalCode.PulmonarySystolic, 35.8), (SignalCode.PulmonaryDiastolic, 19.2), (SignalCode.PulmonaryMean, 26.2)], Row(recordings[0], 0));
        Assert.Equal([(SignalCode.HeartRate, 80)], Row(recordings[0], 1));
        Assert.Equal([(SignalCode.PulmonarySystolic, 35), (SignalCode.PulmonaryDiastolic, -3.9), (SignalCode.PulmonaryMean, 20)], Row(recordings[0], 2));
        Assert.Equal([0, 1], recordings.Select(r => r.Identity.Part));
        Assert.Equal([6, 7], report.Problems.Select(p => p.Line));
        Assert.Equal(1, report.NoValue["pap_mean_mmhg"]);
    }

    [Fact]
    public void Cinc2009_reads_mean_arterial_pressure_by_the_minute_and_not_its_index()
    {
        _scratch.Write("INDEX.csv", "file,group,challenge_record,label", "C1_01.csv,C1,101,C");
        _scratch.Write("C1_01.csv", "minute,abp_mean_mmhg", "0,62.7314", "1,", "2,12.5");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        NumericRecording recording = Assert.Single(recordings);
        Assert.Equal("cinc2009-abp:C1_01", recording.Identity.Patient);
        Assert.Equal([(SignalCode.ArterialMean, 62.7314)], Row(recording, 0));
        Assert.Equal([0, 120_000], Times(recording));
        Assert.Equal(3, report.Rows);
    }

    [Fact]
    public void Cinc2019_sends_pressures_as_a_cuffs_and_inspired_oxygen_in_percent()
    {
        _scratch.Write(
            "training_setA/p000001.psv",
            "HR|O2Sat|Temp|SBP|MAP|DBP|Resp|EtCO2|FiO2|ICULOS|SepsisLabel",
            "80|97|38.1|120|90|70|15|35|0.4|3|0",
            "NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|4|0",
            "81|NaN|NaN|NaN|NaN|NaN|NaN|NaN|60|5|0",
            "81|NaN|NaN|NaN|NaN|NaN|NaN|NaN|NaN|x|0");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        NumericRecording recording = Assert.Single(recordings);
        Assert.Equal("cinc2019-sepsis:p000001", recording.Identity.Patient);
        Assert.Equal([0, 7_200_000], Times(recording));
        Assert.Equal(
            [
                (SignalCode.HeartRate, 80), (SignalCode.SpO2, 97), (SignalCode.CoreTemperature, 38.1), (SignalCode.CuffSystolic, 120), (SignalCode.CuffMean, 90),
                (SignalCode.CuffDiastolic, 70), (SignalCode.RespiratoryRate, 15), (SignalCode.EtCO2, 35), (SignalCode.FiO2, 40),
            ],
            Row(recording, 0));
        Assert.Equal([(SignalCode.HeartRate, 81), (SignalCode.FiO2, 60)], Row(recording, 1));
        Assert.False(recording.Identity.DeclaresInterval);
        Assert.Equal((1, 1), (report.RowsWithoutValue, report.MalformedRows));
    }

    [Fact]
    public void Icu_demo_sends_the_weight_with_a_stays_first_row()
    {
        _scratch.Write(
            "eicu_demo_vitals.csv.gz",
            "stay_id,hour,hr,o2sat,resp,temp,sbp,dbp,map,fio2,glu,lact,urine",
            "7,0,83,96,18,36.7111,142,0,108,40,,,",
            "7,2,80,,,,,,,,110,1.2,90",
            "8,0,70,,,,,,,,,,");
        _scratch.Write("eicu_demo_static.csv.gz", "stay_id,age,sex,height_cm,weight_kg", "7,87,Female,157.5,46.5", "8,50,Male,180,");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(["icu-demo-hourly:eicu-7", "icu-demo-hourly:eicu-8"], recordings.Select(r => r.Identity.Patient));
        Assert.Equal(
            [
                (SignalCode.HeartRate, 83), (SignalCode.SpO2, 96), (SignalCode.RespiratoryRate, 18), (SignalCode.CoreTemperature, 36.7111), (SignalCode.CuffSystolic, 142),
                (SignalCode.CuffMean, 108), (SignalCode.FiO2, 40), (SignalCode.Weight, 46.5),
            ],
            Row(recordings[0], 0));
        Assert.Equal([(SignalCode.HeartRate, 80)], Row(recordings[0], 1));
        Assert.Equal([(SignalCode.HeartRate, 70)], Row(recordings[1], 0));
        Assert.Equal(1, report.NoValue["dbp"]);
    }

    [Fact]
    public void Stress_predict_keeps_the_distance_of_its_two_streams()
    {
        _scratch.Write("S03/HR.csv", "1644231382.000000", "1.000000", "67.00", "oops", "68.50");
        _scratch.Write("S03/TEMP.csv.gz", "1644231372.000000", "4.000000", "33.11", "33.13");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(2, recordings.Count);
        Assert.Equal([(SignalCode.PulseRate, 67)], Row(recordings[0], 0));
        Assert.Equal([10_000, 12_000], Times(recordings[0]));
        Assert.Equal([0, 250], Times(recordings[1]));
        Assert.Equal([(SignalCode.SkinTemperature, 33.13)], Row(recordings[1], 1));
        Assert.Equal(ReadingSource.Wearable, recordings[0].Readings(0)[0].Source);
        Assert.Equal(4, Assert.Single(report.Problems).Line);
    }

    [Fact]
    public void A_damaged_archive_is_reported_and_the_next_file_read()
    {
        _scratch.WriteBytes("a_demo_vitals.csv.gz", [0x1F, 0x8B, 8, 0, 1, 2, 3]);
        _scratch.Write("b_demo_vitals.csv.gz", "stay_id,hour,hr", "1,0,70");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal("icu-demo-hourly:b-1", Assert.Single(recordings).Identity.Patient);
        Assert.Equal(1, report.MalformedFiles);
        Assert.EndsWith("a_demo_vitals.csv.gz", Assert.Single(report.Problems).File, StringComparison.Ordinal);
    }

    [Fact]
    public void A_line_without_end_is_cut_and_reported()
    {
        _scratch.Write("bidmc_01_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", "0,70,70,12,97" + new string(' ', LineReader.MaximumLength), "1,71,70,12,97");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal([1_000], Times(Assert.Single(recordings)));
        Assert.Contains("longer than", Assert.Single(report.Problems).Problem, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_no_vital_sign_at_all_make_the_row_malformed()
    {
        _scratch.Write("bidmc_01_Numerics.csv", "Time [s], HR, PULSE, RESP, SpO2", "0,70,1e9,12,97", "1,Infinity,70,12,97", "2,350.5,70,12,97");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        NumericRecording recording = Assert.Single(recordings);
        Assert.Equal([2_000], Times(recording));
        Assert.Equal((SignalCode.HeartRate, 350.5), Row(recording, 0)[0]);
        Assert.Equal(2, report.MalformedRows);
    }

    [Fact]
    public void A_diary_of_home_pressures_sends_the_means_of_its_rows_at_their_end()
    {
        _scratch.Write(
            "diary_param.tsv.gz",
            "patient_id\tMeasurementDateStart\tMeasurementDateEnd\tSystolicPressureMax\tSystolicPressureMean\tDiastolicPressureMean\tPulseMean",
            "P1\t2021-03-24T07:00:00+00:00\t2021-03-24T10:00:00+03:00\t133\t131\t78\t92",
            "P2\t2021-03-24T07:00:00+00:00\t2021-03-24T07:00:00+00:00\t133\t130\t77\t0",
            "P1\t2021-03-25T07:00:00+00:00\t2021-03-25T07:00:01+00:00\t133\t132\t79\t",
            "P1\tyesterday\tyesterday\t133\t132\t79\t90",
            "P1\t2021-03-25T07:00:00+00:00\t2021-03-25T07:00:01+00:00\t133\t132\t79\t90",
            "P 3\t2021-03-25T07:00:00+00:00\t2021-03-25T07:00:01+00:00\t133\t132\t79\t90",
            "P1\tfewer");
        (List<NumericRecording> recordings, RecordingReport report) = Read();
        Assert.Equal(["home-bp-diary:P1", "home-bp-diary:P2"], recordings.Select(r => r.Identity.Patient));
        Assert.Equal([0, 86_401_000], Times(recordings[0]));
        Assert.Equal([(SignalCode.CuffSystolic, 131), (SignalCode.CuffDiastolic, 78), (SignalCode.PulseRate, 92)], Row(recordings[0], 0));
        Assert.Equal([(SignalCode.CuffSystolic, 132), (SignalCode.CuffDiastolic, 79)], Row(recordings[0], 1));
        Assert.Equal([(SignalCode.CuffSystolic, 130), (SignalCode.CuffDiastolic, 77)], Row(recordings[1], 0));
        Assert.Equal((7, 4, 1, 1), (report.Rows, report.MalformedRows, report.Missing["PulseMean"], report.NoValue["PulseMean"]));
        Assert.Equal([5, 6, 7, 8], report.Problems.Select(problem => problem.Line));
    }

    [Fact]
    public void The_folder_of_one_volunteer_is_a_source_of_its_own()
    {
        _scratch.Write("S07/HR.csv", "1600000000.0", "1.0", "80", "81");
        _scratch.Write("S07/TEMP.csv.gz", "1599999999.0", "4.0", "33.1");
        RecordingFolder folder = Assert.Single(RecordingSource.Find(Path.Combine(_scratch.Path, "S07")).Folders);
        RecordingReport report = new("made here");
        Assert.Equal([("stress-predict:S07", 1_000), ("stress-predict:S07", 0)], folder.Set.Open(folder.Place, report).Select(r => (r.Identity.Patient, (int)r.Identity.LeadMs)));
    }

    private (List<NumericRecording> Recordings, RecordingReport Report) Read()
    {
        RecordingFolder folder = Assert.Single(RecordingSource.Find(_scratch.Path).Folders);
        RecordingReport report = new("made here");
        return (folder.Set.Open(folder.Place, report).OfType<NumericRecording>().ToList(), report);
    }

    private static ReplayTimeline Lay(List<NumericRecording> recordings, TimelineOptions options) =>
        new([.. recordings.GroupBy(r => r.Identity.Patient).Select(g => new PatientRecordings(g.Key, [.. g]))], options);

    private static List<long> Times(NumericRecording recording) => [.. Enumerable.Range(0, recording.Count).Select(recording.TimeMs)];

    private static List<(SignalCode, double)> Row(NumericRecording recording, int row)
    {
        List<(SignalCode, double)> values = [];
        foreach (RecordedReading reading in recording.Readings(row))
            values.Add((reading.Code, reading.Value));
        return values;
    }

    private void WriteWfdb(string name, (string Gain, string Description)[] signals, short[][] rows)
    {
        List<string> lines = [$"{name} {signals.Length} 0.0166666666667/125 {rows.Length} 00:31:25.894 10/10/2896"];
        for (int i = 0; i < signals.Length; i++)
        {
            short sum = unchecked((short)rows.Sum(r => r[i]));
            lines.Add($"{name}.dat 16 {signals[i].Gain} 16 0 {rows[0][i]} {sum} 0 {signals[i].Description}");
        }

        _scratch.Write($"{name}.hea", [.. lines]);
        byte[] bytes = new byte[rows.Length * signals.Length * 2];
        for (int i = 0; i < bytes.Length / 2; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(i * 2), rows[i / signals.Length][i % signals.Length]);
        _scratch.WriteBytes($"{name}.dat", bytes);
    }
}
