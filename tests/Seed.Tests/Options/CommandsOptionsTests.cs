using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Tests.Options;

public sealed class CommandsOptionsTests
{
    private static readonly string s_secret = Convert.ToBase64String([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);

    [Fact]
    public void Nothing_configured_is_no_key()
    {
        CommandsOptions commands = PhysioOptions.Read([]).Commands;
        Assert.Equal((0, ""), (commands.Keys.Count, commands.KeyFile));
        Assert.Equal(0, PhysioOptions.Read([new("Commands:Keys", " ", "environment")]).Commands.Keys.Count);
    }

    [Fact]
    public void Several_keys_are_known_and_none_is_shown()
    {
        PhysioOptions options = PhysioOptions.Read(
            [new("commands:KEYS", $"old:{s_secret}, new:{s_secret}", "environment PHYSIO_COMMANDS__KEYS"), new("Commands:KeyFile", "keys.txt", "physio.json")], out IReadOnlyList<OptionEntry> effective);

        Assert.Equal(["old", "new"], options.Commands.Keys.Ids);
        Assert.Equal("keys.txt", options.Commands.KeyFile);
        Assert.Contains(new OptionEntry("Commands:Keys", "old:********, new:********", "environment PHYSIO_COMMANDS__KEYS"), effective);
        Assert.Contains(new OptionEntry("Commands:KeyFile", "keys.txt", "physio.json"), effective);
        Assert.DoesNotContain(s_secret, options.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("ward-1:hush", "Key 'ward-1' for commands has 3 bytes; it needs 32 at least (openssl rand -base64 32).")]
    [InlineData("ward-1:hush!", "Key 'ward-1' for commands is not base64.")]
    [InlineData("hushhush", "Key 1 for commands has no proper id before its colon: 1 to 32 letters, digits, '.', '_' or '-'.")]
    [InlineData(",", "There is no key in it; it must be id:base64, or several joined by commas.")]
    [InlineData("# hush", "There is no key in it; it must be id:base64, or several joined by commas.")]
    public void A_key_that_is_none_is_refused_without_showing_it(string value, string told)
    {
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new("Commands:Keys", value, "environment PHYSIO_COMMANDS__KEYS")]));

        Assert.Equal("Commands:Keys (environment PHYSIO_COMMANDS__KEYS) cannot be used. " + told, Assert.Single(refused.Problems));
        Assert.DoesNotContain("hush", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_key_below_the_option_is_refused_without_showing_it()
    {
        // "Commands": { "Keys": { "ward-1": "..." } }
        var refused = Assert.Throws<InvalidOptionsException>(() => PhysioOptions.Read([new("Commands:Keys:ward-1", s_secret, "physio.json")]));

        Assert.DoesNotContain(s_secret, refused.Message, StringComparison.Ordinal);
        Assert.StartsWith("Commands:Keys:ward-1 (physio.json) is not an option.", refused.Message, StringComparison.Ordinal);
    }
}
