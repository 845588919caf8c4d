using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;

namespace PhysioActors.Ingest.Tests.Replay;

public sealed class RecordingSourceTests : IDisposable
{
    private readonly ScratchFolder _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_set_under_another_name_is_known_by_its_files()
    {
        _scratch.Write("held-back/C1_01.csv", "minute,abp_mean_mmhg", "0,60");
        _scratch.Write("more/p1.psv", "HR|ICULOS", "70|1");
        Assert.Equal(["cinc2009-abp", "cinc2019-sepsis"], RecordingSource.Find(_scratch.Path).Folders.Select(f => f.Set.Name));
    }

    [Fact]
    public void Folders_of_no_known_form_are_skipped_with_a_reason()
    {
        _scratch.Write("bidmc/notes.txt", "nothing");
        _scratch.Write("slow/101.hea", "101 1 49 650000", "101.dat 212 200 11 1024 955 29832 0 MLII");
        _scratch.Write("tables/other.csv", "a,b", "1,2");
        _scratch.Write("real/C1_01.csv", "minute,abp_mean_mmhg", "0,60");
        RecordingSource source = RecordingSource.Find(_scratch.Path);
        Assert.Equal("real", Path.GetFileName(Assert.Single(source.Folders).Folder));
        Assert.Equal(
            [
                new SkippedFolder("bidmc", "it has the name of a known set but not its files (bidmc_NN_Numerics.csv)"),
                new SkippedFolder("slow", "its WFDB records have neither numerics in format 16 nor waveforms in a known signal of 50 Hz or more"),
                new SkippedFolder("tables", "it has no recordings of a known form, but other.csv"),
            ],
            source.Skipped);
    }

    [Fact]
    public void A_source_without_recordings_is_an_error_that_says_what_is_expected()
    {
        string empty = _scratch.Folder("empty");
        Assert.Contains("bidmc_NN_Numerics.csv", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(empty)).Message, StringComparison.Ordinal);
        Assert.Contains("neither a folder nor a file that exists", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(Path.Combine(empty, "x"))).Message, StringComparison.Ordinal);
        string file = _scratch.Write("labels.csv", "beat,label", "1,N");
        Assert.Contains("is no recording of a known form. Known are: bidmc (bidmc_NN_Numerics.csv)", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(file)).Message, StringComparison.Ordinal);
        Assert.Throws<RecordingSourceException>(() => RecordingSource.Find([]));
    }

    [Fact]
    public void Recordings_without_any_value_are_an_error_that_names_the_first_problem()
    {
        _scratch.Write("p1.psv", "HR|ICULOS", "x|1");
        RecordingSourceException error = Assert.Throws<RecordingSourceException>(() => RecordingLibrary.Read(RecordingSource.Find(_scratch.Path)));
        Assert.Contains("p1.psv, line 2: HR is not a number", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_patients_come_from_each_set_in_turn()
    {
        foreach (int i in new[] { 1, 2, 3 })
        {
            _scratch.Write($"a/C1_0{i}.csv", "minute,abp_mean_mmhg", "0,60");
            _scratch.Write($"b/p{i}.psv", "HR|ICULOS", "70|1");
        }

        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(_scratch.Path));
        Assert.Equal(["cinc2009-abp:C1_01", "cinc2019-sepsis:p1", "cinc2009-abp:C1_02", "cinc2019-sepsis:p2"], library.Patients.Take(4).Select(p => p.Patient));
    }

    [Fact]
    public void A_set_that_is_there_twice_is_replayed_once_and_that_is_told()
    {
        _scratch.Write("a/p1.psv", "HR|ICULOS", "70|1");
        _scratch.Write("b/p1.psv", "HR|ICULOS", "70|1");
        RecordingLibrary library = RecordingLibrary.Read(RecordingSource.Find(_scratch.Path));
        Assert.Single(library.Patients);
        Assert.Equal([0, 1], library.Reports.Select(report => report.RepeatedPatients));
    }

    [Fact]
    public void Sources_of_every_kind_are_mixed_and_start_together()
    {
        _scratch.Write("sepsis/p1.psv", "HR|ICULOS", "70|1", "71|2");
        _scratch.Write("sepsis/p2.psv", "HR|ICULOS", "70|1");
        _scratch.Write("pressures/set/C1_01.csv", "minute,abp_mean_mmhg", "0,60", "1,61");
        WfdbFiles.Write(_scratch, "r1", 250, [("200/mV", "II")], [WfdbFiles.Ramp(500)]);
        string[] sources = [In("r1"), In("pressures"), In("sepsis", "p1.psv")];
        RecordingSource source = RecordingSource.Find(sources);
        Assert.Equal(["wfdb", "cinc2009-abp", "cinc2019-sepsis"], source.Folders.Select(f => f.Set.Name));
        RecordingLibrary library = RecordingLibrary.Read(source);
        Assert.Equal([$"{Path.GetFileName(_scratch.Path)}:r1", "cinc2009-abp:C1_01", "cinc2019-sepsis:p1"], library.Patients.Select(p => p.Patient));
        DateTimeOffset start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);
        List<Seen> seen = [.. new ReplayTimeline(library.Patients, new TimelineOptions("run") { Start = start }).Observations().Select(Seen.Of)];
        Assert.Equal([0, 0, 1_000, 2_000, 60_000, 3_600_000], seen.Select(o => o.TimeMs - start.ToUnixTimeMilliseconds()));
    }

    [Fact]
    public void Files_of_one_folder_are_one_set_and_what_is_named_twice_is_there_once()
    {
        foreach (int i in new[] { 1, 2, 3 })
            _scratch.Write($"a/p{i}.psv", "HR|ICULOS", "70|1");
        Assert.Equal(["p1.psv", "p3.psv"], Assert.Single(RecordingSource.Find([In("a", "p3.psv"), In("a", "p1.psv"), In("a", "p3.psv")]).Folders).Place.Only!.Order());
        foreach (string[] sources in (string[][])[[In("a"), In("a", "p1.psv")], [In("a", "p1.psv"), In("a") + Path.DirectorySeparatorChar]])
        {
            RecordingFolder whole = Assert.Single(RecordingSource.Find(sources).Folders);
            Assert.Null(whole.Place.Only);
            Assert.Equal(3, RecordingLibrary.Read(RecordingSource.Find(sources)).Patients.Count);
        }
    }

    [Fact]
    public void Two_files_with_recordings_of_one_patient_stay_that_patients()
    {
        foreach (int i in new[] { 1, 2 })
        {
            _scratch.Write($"bidmc_0{i}_Numerics.csv", "Time [s], HR", "0,70", "1,71");
            _scratch.Write($"bidmc_0{i}_Fix.txt", "MIMIC II matched wdb ID: s1", $"MIMIC II data segment: {i}");
        }

        PatientRecordings patient = Assert.Single(RecordingLibrary.Read(RecordingSource.Find([In("bidmc_02_Numerics.csv"), In("bidmc_01_Numerics.csv")])).Patients);
        Assert.Equal([0, 1], patient.Recordings.Select(r => r.Identity.Part));
    }

    [Theory]
    [InlineData("bidmc/bidmc_01_Numerics.csv", "bidmc:bidmc_01")]
    [InlineData("bidmc/bidmc_02_Signals.csv", "bidmc:bidmc_02")]
    [InlineData("x/C1_01.csv", "cinc2009-abp:C1_01")]
    [InlineData("training_setA/p1.psv", "cinc2019-sepsis:p1")]
    [InlineData("x/diary.tsv", "home-bp-diary:P1")]
    [InlineData("x/eicu_demo_vitals.csv", "icu-demo-hourly:eicu-7")]
    [InlineData("x/pap_numerics.csv.gz", "mimic3-pap-numerics:s1")]
    [InlineData("S01", "stress-predict:S01")]
    [InlineData("S01/HR.csv", "stress-predict:S01")]
    [InlineData("S01/TEMP.csv.gz", "stress-predict:S01")]
    [InlineData("x/anna_weight.csv", "weight:anna")]
    [InlineData("numerics/s00001-n", "mimic2-numerics:s00001")]
    [InlineData("numerics/s00001-n.hea", "mimic2-numerics:s00001")]
    public void A_single_file_of_a_set_is_replayed(string path, string patient)
    {
        _scratch.Write("bidmc/bidmc_01_Numerics.csv", "Time [s], HR", "0,70");
        _scratch.Write("bidmc/bidmc_02_Signals.csv", "Time [s], II", "0,0.1", "0.008,0.2");
        _scratch.Write("bidmc/bidmc_03_Numerics.csv", "Time [s], HR", "0,70");
        _scratch.Write("x/C1_01.csv", "minute,abp_mean_mmhg", "0,60");
        _scratch.Write("x/C1_02.csv", "minute,abp_mean_mmhg", "0,60");
        _scratch.Write("training_setA/p1.psv", "HR|ICULOS", "70|1");
        _scratch.Write("training_setA/p2.psv", "HR|ICULOS", "70|1");
        _scratch.Write("x/diary.tsv", "patient_id\tMeasurementDateEnd\tSystolicPressureMean", "P1\t2021-03-24T07:00:00+00:00\t133.0");
        _scratch.Write("x/eicu_demo_vitals.csv", "stay_id,hour,hr", "7,0,80");
        _scratch.Write("x/pap_numerics.csv.gz", "subject,record,time_s,hr_bpm", "s1,r1,0,80");
        _scratch.Write("S01/HR.csv", "1600000000.0", "1.0", "80");
        _scratch.Write("S01/TEMP.csv.gz", "1600000000.0", "4.0", "33.1");
        _scratch.Write("S02/HR.csv", "1600000000.0", "1.0", "80");
        _scratch.Write("x/anna_weight.csv", "date,kg", "2026-01-01,70.1");
        _scratch.Write("numerics/s00001-n.hea", "s00001-n 1 0.0166666666667 2", "3n.dat 16 10/bpm 16 0 700 1410 0 HR");
        _scratch.WriteBytes("numerics/3n.dat", [0xBC, 0x02, 0xC6, 0x02]);
        Assert.Equal([patient], RecordingLibrary.Read(RecordingSource.Find(In(path.Split('/')))).Patients.Select(p => p.Patient));
    }

    [Fact]
    public void A_file_of_samples_that_no_header_is_named_after_is_an_error_that_asks_for_the_header()
    {
        _scratch.Write("s1.hea", "s1 1 0.0166666666667 2", "3n.dat 16 10/bpm 16 0 700 1410 0 HR");
        string samples = _scratch.WriteBytes("3n.dat", [0xBC, 0x02, 0xC6, 0x02]);
        Assert.Contains("has no header (.hea) of its name", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(samples)).Message, StringComparison.Ordinal);
    }

    private string In(params string[] parts) => Path.Combine([_scratch.Path, .. parts]);
}
