using System.Text.Json;
using PhysioActors.Seed.Tests.Clinical;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary>What <c>physio replay --dry-run</c> tells without a broker, of several sources.</summary>
public sealed class ReplayDryRunTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task Several_sources_are_read_and_told_and_no_broker_is_asked()
    {
        Write("pressures", "C1_01.csv", "minute,abp_mean_mmhg\n0,60\n1,61\n");
        Write("pressures", "C1_02.csv", "minute,abp_mean_mmhg\n0,60\n");
        Write("stays", "p1.psv", "HR|ICULOS\n70|1\nNaN|2\n");
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("replay", "stays", Path.Combine("pressures", "C1_01.csv"), "--dry-run", "--start", "2026-01-31T08:00:00Z", "--json"));
        string told = _host.Error.ToString();
        Assert.Contains("stays: 2 rows, 1 readings, 1 values missing", told, StringComparison.Ordinal);
        Assert.Contains("pressures: 2 rows, 2 readings, 0 values missing", told, StringComparison.Ordinal);
        Assert.Contains("Nothing is sent. Would send 3 observations of 2 patients, in event time from 2026-01-31 08:00:00Z to 2026-01-31 08:01:00Z.", told, StringComparison.Ordinal);
        JsonElement report = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        Assert.Equal((3, 0, 2, false), (report.GetProperty("wouldSend").GetInt64(), report.GetProperty("sent").GetInt64(), report.GetProperty("patients").GetInt32(), report.GetProperty("completed").GetBoolean()));
        Assert.Equal(["stays", "pressures"], report.GetProperty("sources").EnumerateArray().Select(source => source.GetString()));
    }

    [Fact]
    public async Task A_file_that_cannot_be_read_is_a_failure_and_the_others_are_told_all_the_same()
    {
        Write("vital", "broken.vital", "VITA");
        Write("stays", "p1.psv", "HR|ICULOS\n70|1\n");
        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("replay", "stays", "vital", "--dry-run"));
        string told = _host.Error.ToString();
        Assert.Contains("broken.vital: byte 0: it does not begin as a gzip file", told, StringComparison.Ordinal);
        Assert.Contains("1 file could not be read and is not sent.", told, StringComparison.Ordinal);
        Assert.Contains("Would send 1 observation of 1 patient", told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_source_that_is_none_ends_it_with_what_was_expected()
    {
        Write("stays", "p1.psv", "HR|ICULOS\n70|1\n");
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("replay", "stays", "elsewhere", "--dry-run"));
        Assert.Contains("is neither a folder nor a file that exists", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("replay", "--dry-run"));
    }

    [SharedDataFact("vital")]
    public async Task Files_of_Vital_Recorder_go_together_with_others()
    {
        Write("stays", "p1.psv", "HR|ICULOS\n70|1\n");
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("replay", "stays", SharedDataFactAttribute.Find("vital")!, "--dry-run"));
        string told = _host.Error.ToString();
        Assert.Contains("vital: 60 rows, 600 readings", told, StringComparison.Ordinal);
        Assert.Contains("vital: 47,792 samples of waveforms, 0 without a value", told, StringComparison.Ordinal);
        Assert.Contains("left out: Intellivue/NIBP_HR (unknown name): 60 values in 2 tracks", told, StringComparison.Ordinal);
        Assert.Contains("Would send 123 observations of 3 patients", told, StringComparison.Ordinal);
    }

    private void Write(string folder, string name, string text)
    {
        Directory.CreateDirectory(Path.Combine(_host.Folder, folder));
        File.WriteAllText(Path.Combine(_host.Folder, folder, name), text);
    }
}
