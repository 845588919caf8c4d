using System.CommandLine;
using System.Text;
using System.Text.Json;
using PhysioActors.Seed.Commands;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Kafka;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary><c>physio command</c> without a cluster: what it takes, what it refuses, and the record it makes.</summary>
public sealed class CommandTests : IDisposable
{
    private static readonly string s_secret = Convert.ToBase64String([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);

    private static readonly JsonSerializerOptions s_plain = new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly TestHost _host = new();

    public static TheoryData<string> Kinds() => [.. Enum.GetValues<CommandKind>().Select(CommandWords.Text)];

    public void Dispose() => _host.Dispose();

    [Theory]
    [MemberData(nameof(Kinds))]
    public async Task Each_kind_of_the_contract_has_help_with_examples_that_make_it(string kind)
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("command", kind, "--help"));
        Assert.Contains("Examples:", _host.Output.ToString(), StringComparison.Ordinal);

        PhysioCommand command = Assert.IsAssignableFrom<PhysioCommand>(PhysioCommandLine.Create(_host.ToHost()).Subcommands.Single(sub => sub.Name == "command").Subcommands.Single(sub => sub.Name == kind));
        Assert.All(command.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(command.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
        Assert.NotEmpty(command.Examples);
        foreach ((string example, _) in command.Examples)
        {
            (int exit, string output, string error) = await CallAsync([.. Words(example), "--dry-run", "--json"]);
            Assert.True(exit == ExitCodes.Ok, $"{example}: {error}");
            Assert.Equal(kind, JsonDocument.Parse(output).RootElement.GetProperty("value").GetProperty("command").GetString());
        }
    }

    [Theory]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"acknowledge","anomalyId":"icu:bed-7/20113/0","by":"x","reason":"seen it","time":"2026-11-21T10:00:00.000Z"}""", "acknowledge", "icu:bed-7", "icu:bed-7/20113/0", "--reason", "seen it")]
    [InlineData("""{"v":1,"patient":"default:7","command":"audio-pause","duration":120,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "audio-pause", "7", "120")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"alarm-pause","duration":3600,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "alarm-pause", "icu:bed-7", "3600")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"resume","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "resume", "icu:bed-7")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-limits","signal":"hr","low":45.5,"high":130,"ageClass":"adult","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "set-limits", "icu:bed-7", "8867-4", "--low", "45.5", "--high", "130", "--age-class", "adult")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-limits","signal":"spo2","desaturation":78,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "limits", "icu:bed-7", "spo2", "--desaturation", "78")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-limits","signal":"abp-dia","low":-5,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "limits", "icu:bed-7", "abp-dia", "--low", "-5")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-limits","signal":"hr","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "set-limits", "icu:bed-7", "hr", "--standard")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-demographics","birthDate":"1969-07-20","pregnant":false,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "set-demographics", "icu:bed-7", "--birth-date", "1969-07-20", "--pregnant", "no")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-demographics","ageClass":"neonate","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "demographics", "icu:bed-7", "--age-class", "neonate")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-spo2-scale","spo2Scale":2,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "spo2-scale", "icu:bed-7", "2")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-oxygen","oxygen":"air","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "oxygen", "icu:bed-7", "air")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"set-consciousness","consciousness":"voice","by":"x","time":"2026-11-21T10:00:00.000Z"}""", "consciousness", "icu:bed-7", "voice")]
    [InlineData("""{"v":1,"patient":"icu:bed-7","command":"confirm-weight","measuredAt":"2026-11-20T08:00:00.000Z","weight":96.2,"by":"x","time":"2026-11-21T10:00:00.000Z"}""", "confirm-weight", "icu:bed-7", "--weight", "96.2", "--measured-at", "2026-11-20T09:00:00+01:00")]
    public async Task What_is_said_becomes_the_message_of_the_contract(string value, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync(["command", .. arguments, "--by", "x", "--time", "2026-11-21T10:00:00Z", "--dry-run"]));

        string[] lines = _host.Output.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(["topic    physio.observations", $"key      {JsonDocument.Parse(value).RootElement.GetProperty("patient")}", "header   type: command", "header   content-type: application/json", $"value    {value}"], lines);
        Assert.Contains("the command is not signed", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Nothing was sent.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required argument 'ANOMALY' missing", "acknowledge", "icu:bed-7", "--by", "x")]
    [InlineData("Option '--by' is required.", "resume", "icu:bed-7")]
    [InlineData("There is no command 'pause'.", "pause", "icu:bed-7", "--by", "x")]
    [InlineData("'physio command resume --help' says what is possible.", "resume", "icu:bed-7", "--by", "x", "--bogus")]
    [InlineData("'' is no patient", "resume", "", "--by", "x")]
    [InlineData("A pause lasts 1 to 3600 seconds, not 3601.", "audio-pause", "icu:bed-7", "3601", "--by", "x")]
    [InlineData("SECONDS is 'long'; it must be a whole number.", "audio-pause", "icu:bed-7", "long", "--by", "x")]
    [InlineData("SECONDS: A pause lasts 1 to 3600 seconds, not -5.", "audio-pause", "icu:bed-7", "-5", "--by", "x")]
    [InlineData("No limit is given for hr.\n  Give --low N or --high N or both, in /min; or --standard for the standard limits.", "set-limits", "icu:bed-7", "hr", "--by", "x")]
    [InlineData("or --desaturation N, in %; or --standard", "set-limits", "icu:bed-7", "spo2", "--by", "x")]
    [InlineData("--standard brings the standard limits of hr back, and --low sets one that is not.", "set-limits", "icu:bed-7", "hr", "--low", "40", "--standard", "--by", "x")]
    [InlineData("SIGNAL is 'hrx', which has no limits.\n  It must be one of hr, pr, spo2, rr, ", "set-limits", "icu:bed-7", "hrx", "--low", "40", "--by", "x")]
    [InlineData("SIGNAL is 'weight', which has no limits.", "set-limits", "icu:bed-7", "weight", "--low", "40", "--by", "x")]
    [InlineData("--low has no value: what follows it is the option --by.", "set-limits", "icu:bed-7", "hr", "--low", "--by", "x")]
    [InlineData("--by has no value: what follows it is the option --dry-run.", "resume", "icu:bed-7", "--by", "--dry-run")]
    [InlineData("As in: physio command set-limits icu:bed-7 hr --low 45 --high 130 --by dr.brown", "set-limits", "icu:bed-7", "hr", "--low", "40")]
    [InlineData("--age-class is 'old'; it must be one of neonate, infant, ", "set-limits", "icu:bed-7", "hr", "--low", "40", "--age-class", "old", "--by", "x")]
    [InlineData("--low: The limit low is 130; it must be less than high, 90.", "set-limits", "icu:bed-7", "hr", "--low", "130", "--high", "90", "--by", "x")]
    [InlineData("--low is 'abc'; it must be a number, as 36.5.", "set-limits", "icu:bed-7", "hr", "--low", "abc", "--by", "x")]
    [InlineData("--low is '1e999'; it must be a number, as 36.5.", "set-limits", "icu:bed-7", "hr", "--low", "1e999", "--by", "x")]
    [InlineData("--birth-date: The birthDate must be a day as 1969-07-20.", "set-demographics", "icu:bed-7", "--birth-date", "20.7.1969", "--by", "x")]
    [InlineData("The birthDate lies more than 130 years back", "set-demographics", "icu:bed-7", "--birth-date", "1850-01-01", "--by", "x")]
    [InlineData("The birthDate lies in the future.", "set-demographics", "icu:bed-7", "--birth-date", "2999-01-01", "--by", "x")]
    [InlineData("--birth-date and --age-class both say the age.", "set-demographics", "icu:bed-7", "--birth-date", "1969-07-20", "--age-class", "adult", "--by", "x")]
    [InlineData("Nothing is said of the patient.\n  Give --birth-date, --age-class or --pregnant, at least one.", "set-demographics", "icu:bed-7", "--by", "x")]
    [InlineData("--pregnant is 'perhaps'; it must be yes or no.", "set-demographics", "icu:bed-7", "--pregnant", "perhaps", "--by", "x")]
    [InlineData("SCALE is '3'; it must be 1 or 2.", "set-spo2-scale", "icu:bed-7", "3", "--by", "x")]
    [InlineData("The weight must be from 0.2 to 650 kg, not 9000.", "confirm-weight", "icu:bed-7", "--weight", "9000", "--measured-at", "2026-11-20T08:00:00Z", "--by", "x")]
    [InlineData("--time: The time must be an ISO 8601 instant with its zone", "resume", "icu:bed-7", "--time", "12:30", "--by", "x")]
    [InlineData("--by: The by is empty.", "resume", "icu:bed-7", "--by", "")]
    [InlineData("--wait is '601'; it must be a whole number from 0 to 600.", "resume", "icu:bed-7", "--by", "x", "--wait", "601")]
    [InlineData("There is no key 'ward-9'.", "resume", "icu:bed-7", "--by", "x", "--key-id", "ward-9")]
    public async Task What_a_node_would_refuse_is_refused_here_and_not_sent(string told, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync(["command", .. arguments]));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task Without_a_cluster_nothing_can_be_sent()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("command", "resume", "icu:bed-7", "--by", "x"));
        Assert.Contains("No cluster is named, and none runs in this folder.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_only_key_signs_the_record()
    {
        _host.Environment["PHYSIO_COMMANDS__KEYS"] = $"ward-1:{s_secret}";

        (int exit, string output, string error) = await CallAsync("command", "resume", "icu:bed-7", "--by", "nurse Müller", "--dry-run", "--json", "--cluster", "ward7");

        Assert.True(exit == ExitCodes.Ok, error);
        JsonElement shown = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("ward7.observations", "icu:bed-7", "ward-1"), (shown.GetProperty("topic").GetString(), shown.GetProperty("key").GetString(), shown.GetProperty("keyId").GetString()));
        JsonElement headers = shown.GetProperty("headers");
        Assert.Equal(("command", "application/json"), (headers.GetProperty("type").GetString(), headers.GetProperty("content-type").GetString()));
        // The value is shown indented; on the topic it is without white space.
        byte[] value = Encoding.UTF8.GetBytes(JsonSerializer.Serialize(shown.GetProperty("value"), s_plain));
        var record = new InboundRecord(0, 0, "icu:bed-7"u8.ToArray(), value, RecordType.Command, RecordContent.Json) { Mac = Encoding.ASCII.GetBytes(headers.GetProperty("mac").GetString()!) };
        Assert.Null(CommandMac.Check(CommandKeys.Parse($"ward-1:{s_secret}"), record));
        Assert.DoesNotContain(s_secret, output + error, StringComparison.Ordinal);
        Assert.DoesNotContain("not signed", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_several_keys_one_must_be_named()
    {
        _host.Environment["PHYSIO_COMMANDS__KEYS"] = $"old:{s_secret}";
        _host.Environment["PHYSIO_COMMANDS__KEYFILE"] = "keys";
        _host.Write("keys", $"new:{s_secret}");
        string[] command = ["command", "resume", "icu:bed-7", "--by", "x", "--dry-run"];

        (int exit, _, string error) = await CallAsync(command);
        Assert.Equal(ExitCodes.Usage, exit);
        Assert.Contains("There are 2 keys to sign with.", error, StringComparison.Ordinal);
        Assert.Contains("Say which with --key-id: old, new.", error, StringComparison.Ordinal);

        (exit, string output, error) = await CallAsync([.. command, "--key-id", "new"]);
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains($"header   {RecordHeaders.Mac}: new:", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_key_file_is_told_before_anything_is_sent()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("command", "resume", "icu:bed-7", "--by", "x", "--dry-run", "--set", "Commands:KeyFile=keys"));
        Assert.Contains("physio: error: The key file keys does not exist.", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task Config_shows_which_keys_are_known_and_no_key()
    {
        _host.Environment["PHYSIO_COMMANDS__KEYS"] = $"ward-1:{s_secret}";
        foreach (string[] arguments in (string[][])[["config"], ["config", "--json"]])
        {
            (int exit, string output, string error) = await CallAsync(arguments);
            Assert.True(exit == ExitCodes.Ok, error);
            Assert.Contains("ward-1:********", output, StringComparison.Ordinal);
            Assert.Contains("environment PHYSIO_COMMANDS__KEYS", output, StringComparison.Ordinal);
            Assert.DoesNotContain(s_secret, output + error, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("Commands:Keys=ward-1:hush")]
    [InlineData("commands:keys:ward-1=hush")]
    [InlineData("Commands:Keys:hush")]
    public async Task A_key_on_the_command_line_is_refused_without_repeating_it(string assignment)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--set", assignment));
        Assert.Contains("Commands:Keys cannot be set on the command line", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", _host.Error.ToString() + _host.Output, StringComparison.Ordinal);
    }

    private static string[] Words(string example) =>
        [.. System.Text.RegularExpressions.Regex.Matches(example, @"'[^']*'|\S+").Select(word => word.Value.Trim('\''))];

    private async Task<(int Exit, string Output, string Error)> CallAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await PhysioCommandLine.RunAsync(arguments, _host.ToHost() with { Output = output, Error = error }, CancellationToken.None);
        return (exit, output.ToString(), error.ToString());
    }
}
