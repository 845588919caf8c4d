using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class CommandKeyFileTests : IDisposable
{
    private static readonly string s_secret = Convert.ToBase64String([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);

    private readonly TestHost _host = new();
    private readonly List<string> _warnings = [];

    public void Dispose() => _host.Dispose();

    [Fact]
    public void Without_a_file_the_keys_are_those_of_the_configuration()
    {
        Assert.Equal(["a"], Load("", $"a:{s_secret}").Ids);
        Assert.Equal(0, Load("").Count);
    }

    [Fact]
    public void Keys_of_the_file_come_to_those_of_the_configuration()
    {
        Write("\uFEFF# the ward's\r\nb:" + s_secret + "\r\n\nc : " + s_secret + "\n", "600");
        Assert.Equal(["a", "b", "c"], Load("keys", $"a:{s_secret}").Ids);
        Assert.Equal(["b", "c"], Load(Path.Combine(_host.Folder, "keys")).Ids);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_file_for_owner_and_group_is_no_matter_to_warn_of()
    {
        Write($"a:{s_secret}", "640");
        Load("keys");
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_file_that_everybody_can_read_is_warned_of()
    {
        Write($"a:{s_secret}", "644");
        Assert.Equal(1, Load("keys").Count);
        Assert.Equal("The key file keys can be read by everybody on this machine (mode 644); 'chmod 600 keys' leaves it to its owner.", Assert.Single(_warnings));
    }

    [Fact]
    public void What_counts_is_the_file_that_a_link_leads_to()
    {
        Write($"a:{s_secret}", "600");
        File.CreateSymbolicLink(Path.Combine(_host.Folder, "link"), "keys");
        Assert.Equal(1, Load("link").Count);
        Assert.Empty(_warnings);
    }

    [Fact]
    public void A_file_that_everybody_can_change_is_refused()
    {
        Write($"a:{s_secret}", "602");
        Refused("The key file keys can be changed by everybody on this machine (mode 602).");
    }

    [Fact]
    public void A_missing_file_is_refused()
    {
        Refused("The key file keys does not exist.");
        Assert.Equal("The key file nowhere/keys does not exist.", Assert.Throws<CommandFailedException>(() => Load("nowhere/keys")).Message);
    }

    [Fact]
    public void A_folder_is_refused()
    {
        Directory.CreateDirectory(Path.Combine(_host.Folder, "keys"));
        Refused("The key file keys is a folder.");
    }

    [Theory]
    [InlineData("", "has no key.")]
    [InlineData("# all taken away\n", "has no key.")]
    [InlineData("a:hush", "cannot be used. Key 'a' for commands has 3 bytes; it needs 32 at least (openssl rand -base64 32).")]
    [InlineData("hush", "cannot be used. Key 1 for commands has no proper id before its colon: 1 to 32 letters, digits, '.', '_' or '-'.")]
    public void A_file_without_usable_keys_is_refused_rather_than_taken_for_none(string text, string why)
    {
        Write(text, "600");
        Refused("The key file keys " + why);
    }

    [Fact]
    public void A_file_with_an_id_of_the_configuration_is_refused()
    {
        Write($"a:{s_secret}", "600");
        var refused = Assert.Throws<CommandFailedException>(() => Load("keys", $"a:{s_secret}"));
        Assert.Equal("The key file keys cannot be used. Two keys for commands have the id 'a'; give each its own.", refused.Message);
    }

    [Fact]
    public void A_file_that_is_far_too_long_is_not_read_whole()
    {
        Write(new string('#', (64 << 10) + 1), "600");
        Refused("The key file keys has more than 64 KiB.");
    }

    private void Refused(string message)
    {
        var refused = Assert.Throws<CommandFailedException>(() => Load("keys"));
        Assert.Equal((message, ExitCodes.Usage), (refused.Message, refused.ExitCode));
        Assert.NotNull(refused.Hint);
    }

    private CommandKeys Load(string file, string keys = "") => CommandKeyFile.Load(new CommandsOptions { KeyFile = file, Keys = CommandKeys.Parse(keys) }, _host.Folder, _warnings.Add);

    private void Write(string text, string mode)
    {
        _host.Write("keys", text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Path.Combine(_host.Folder, "keys"), (UnixFileMode)Convert.ToInt32(mode, 8));
    }
}
