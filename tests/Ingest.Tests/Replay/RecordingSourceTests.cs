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
                new SkippedFolder("tables", "it has no recordings of a known form"),
            ],
            source.Skipped);
    }

    [Fact]
    public void A_source_without_recordings_is_an_error_that_says_what_is_expected()
    {
        string empty = _scratch.Folder("empty");
        Assert.Contains("bidmc_NN_Numerics.csv", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(empty)).Message, StringComparison.Ordinal);
        Assert.Contains("no folder that exists", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(Path.Combine(empty, "x"))).Message, StringComparison.Ordinal);
        string file = _scratch.Write("p1.psv", "HR|ICULOS", "70|1");
        Assert.Contains("name the folder", Assert.Throws<RecordingSourceException>(() => RecordingSource.Find(file)).Message, StringComparison.Ordinal);
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
    public void A_set_that_is_there_twice_is_replayed_once()
    {
        _scratch.Write("a/p1.psv", "HR|ICULOS", "70|1");
        _scratch.Write("b/p1.psv", "HR|ICULOS", "70|1");
        Assert.Single(RecordingLibrary.Read(RecordingSource.Find(_scratch.Path)).Patients);
    }
}
