using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class LocalCommandKeyTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public void It_is_made_once_and_belongs_to_its_owner_alone()
    {
        // What a start that was cut short has left, and everybody can read.
        _host.Write(LocalCommandKey.FileName + ".new", "half a");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_host.Folder, LocalCommandKey.FileName + ".new"), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);

        string path = LocalCommandKey.Provide(_host.Folder);
        string text = File.ReadAllText(path);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(path));
        Assert.Equal([path], Directory.GetFiles(_host.Folder));
        Assert.Equal(path, LocalCommandKey.Provide(_host.Folder));
        Assert.Equal(text, File.ReadAllText(path));

        List<string> warnings = [];
        Assert.Equal([LocalCommandKey.Id], CommandKeyFile.Load(new CommandsOptions { KeyFile = path }, "/", warnings.Add).Ids);
        Assert.Empty(warnings);
    }

    [Fact]
    public void Each_environment_has_a_key_of_its_own()
    {
        string other = Directory.CreateDirectory(Path.Combine(_host.Folder, "other")).FullName;
        Assert.NotEqual(File.ReadAllText(LocalCommandKey.Provide(_host.Folder)), File.ReadAllText(LocalCommandKey.Provide(other)));
    }

    [Fact]
    public async Task A_command_finds_the_key_of_the_environment_that_runs_in_its_folder_unless_one_is_configured_or_a_cluster_is_named()
    {
        string path = LocalCommandKey.Provide(_host.Folder);
        new Endpoints { Cluster = "ward7", Brokers = "127.0.0.1:1", Postgres = "Host=/tmp", Incarnation = "1", Owner = ProcessIdentity.Current, CommandKeyFile = path }.Write(_host.Folder);

        Assert.Equal((ExitCodes.Ok, "local", false), await SignAsync());
        Assert.Equal((ExitCodes.Ok, null, true), await SignAsync("--brokers", "kafka:9092"));
        Assert.Equal((ExitCodes.Ok, null, true), await SignAsync("--postgres", "Host=db"));
        _host.Environment["PHYSIO_COMMANDS__KEYS"] = "ward-1:" + Convert.ToBase64String(new byte[CommandKeys.ShortestKey]);
        Assert.Equal((ExitCodes.Ok, "ward-1", false), await SignAsync());
    }

    private async Task<(int Exit, string? KeyId, bool IsWarned)> SignAsync(params string[] more)
    {
        _host.Output.GetStringBuilder().Clear();
        _host.Error.GetStringBuilder().Clear();
        int exit = await _host.RunAsync(["command", "resume", "icu:bed-7", "--by", "x", "--dry-run", "--json", .. more]);
        using var shown = System.Text.Json.JsonDocument.Parse(_host.Output.ToString());
        return (exit, shown.RootElement.GetProperty("keyId").GetString(), _host.Error.ToString().Contains("No key is configured", StringComparison.Ordinal));
    }
}
