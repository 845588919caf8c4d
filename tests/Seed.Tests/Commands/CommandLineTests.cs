using System.CommandLine;
using System.Text.Json;
using PhysioActors.Seed.Commands;

namespace PhysioActors.Seed.Tests.Commands;

public sealed class CommandLineTests : IDisposable
{
    private readonly TestHost _host = new();

    public static TheoryData<string> Commands()
    {
        using var host = new TestHost();
        return [.. PhysioCommandLine.Create(host.ToHost()).Subcommands.Select(command => command.Name)];
    }

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task No_command_shows_help_on_standard_error_and_is_a_usage_error()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync());
        Assert.Contains("Commands:", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task Help_of_the_program_lists_commands_and_exit_codes_on_standard_output()
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("--help"));
        string help = _host.Output.ToString();
        Assert.Contains("Commands:", help, StringComparison.Ordinal);
        Assert.Contains("Exit codes: 0 done, 1 failed, 2 wrong command line or configuration, 130 interrupted.", help, StringComparison.Ordinal);
        Assert.Empty(_host.Error.ToString());
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public async Task Help_of_each_command_has_examples_that_parse(string command)
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync(command, "--help"));
        Assert.Contains("Examples:", _host.Output.ToString(), StringComparison.Ordinal);

        RootCommand root = PhysioCommandLine.Create(_host.ToHost());
        var examples = Assert.IsAssignableFrom<PhysioCommand>(root.Subcommands.Single(sub => sub.Name == command)).Examples;
        Assert.NotEmpty(examples);
        Assert.All(examples, example => Assert.Empty(root.Parse(example.Arguments.Split(" | ")[0]).Errors));
        Assert.All(examples, example => Assert.StartsWith(command, example.Arguments, StringComparison.Ordinal));
    }

    [Theory]
    [MemberData(nameof(Commands))]
    public void Every_option_says_what_it_does(string command)
    {
        Command found = PhysioCommandLine.Create(_host.ToHost()).Subcommands.Single(sub => sub.Name == command);
        Assert.False(string.IsNullOrWhiteSpace(found.Description));
        Assert.All(found.Options, option => Assert.False(string.IsNullOrWhiteSpace(option.Description), option.Name));
        Assert.All(found.Arguments, argument => Assert.False(string.IsNullOrWhiteSpace(argument.Description), argument.Name));
    }

    [Fact]
    public async Task A_misspelt_command_is_a_usage_error_that_names_the_one_that_was_meant()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("confg"));
        Assert.Contains("physio: error: ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Did you mean config?", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'physio --help' says what is possible.", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task A_misspelt_option_is_a_usage_error_that_points_to_the_commands_help()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--jsn"));
        Assert.Contains("Did you mean --json?", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("'physio config --help' says what is possible.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_version_is_shown()
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("--version"));
        Assert.Matches(@"^\d+\.\d+\.\d+", _host.Output.ToString());
    }

    [Fact]
    public async Task Configuration_comes_from_file_environment_and_command_line_the_later_winning()
    {
        _host.Write("physio.json", """{ "Partitions": 2, "Retention": { "Days": 7 }, "Runtime": { "SnapshotEvery": 5 }, /* a comment */ "Kafka": { "security.protocol": "SSL" } }""");
        _host.Environment["PHYSIO_RETENTION__DAYS"] = "8";
        _host.Environment["PHYSIO__Runtime__SnapshotEvery"] = "6";
        _host.Environment["PHYSIO_KAFKA__SASL_USERNAME"] = "ward";
        _host.Environment["PHYSIO_TEST_KAFKA"] = "is no option";

        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("config", "--json", "--set", "Runtime:SnapshotEvery=7"));

        JsonElement shown = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        Assert.Equal(("2", "physio.json"), Value(shown, "Partitions"));
        Assert.Equal(("8", "environment PHYSIO_RETENTION__DAYS"), Value(shown, "Retention:Days"));
        Assert.Equal(("7", "command line"), Value(shown, "Runtime:SnapshotEvery"));
        Assert.Equal(("SSL", "physio.json"), Value(shown, "Kafka:security.protocol"));
        Assert.Equal(("ward", "environment PHYSIO_KAFKA__SASL_USERNAME"), Value(shown, "Kafka:sasl.username"));
        Assert.Empty(_host.Error.ToString());
    }

    [Fact]
    public async Task A_wrong_value_in_the_environment_is_told_with_the_variables_name()
    {
        _host.Environment["PHYSIO_PARTITIONS"] = "7";

        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config"));
        Assert.Contains("Partitions is '7' (environment PHYSIO_PARTITIONS)", _host.Error.ToString(), StringComparison.OrdinalIgnoreCase);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public void Every_command_shows_examples_that_it_takes_itself()
    {
        RootCommand root = PhysioCommandLine.Create(_host.ToHost());
        Assert.All(Below(root), command =>
        {
            PhysioCommand shown = Assert.IsAssignableFrom<PhysioCommand>(command);
            Assert.NotEmpty(shown.Examples);
            foreach ((string arguments, _) in shown.Examples)
            {
                // What stands behind a pipe is another program's; the shell's quotes are not the parser's.
                string own = arguments.Split(" | ")[0].Replace('\'', '"');
                ParseResult parse = root.Parse(own);
                Assert.True(parse.Errors.Count == 0, $"physio {own}: {string.Join(' ', parse.Errors.Select(error => error.Message))}");
                Assert.StartsWith(string.Join(' ', Path(command)), arguments, StringComparison.Ordinal);
            }
        });

        static IEnumerable<Command> Below(Command command) => command.Subcommands.SelectMany(sub => Below(sub).Prepend(sub));

        static IEnumerable<string> Path(Symbol symbol) => symbol.Parents.OfType<Command>().FirstOrDefault(parent => parent is not RootCommand) is { } parent ? Path(parent).Append(symbol.Name) : [symbol.Name];
    }

    [Fact]
    public async Task A_named_configuration_file_must_exist()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--config", "ward.json"));
        Assert.Contains("physio: error: The configuration file ward.json does not exist.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_configuration_file_that_is_not_JSON_is_told_with_the_place()
    {
        _host.Write("physio.json", "{ \"Partitions\": 2,, }");

        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config"));
        Assert.Contains("The configuration file physio.json cannot be read: ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("line 1, column 19: ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("LineNumber", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Commands:KeyFile=nowhere", "The key file nowhere does not exist")]
    [InlineData("Scoring:Model=nowhere", "The model nowhere cannot be read")]
    public async Task Files_that_the_configuration_names_are_checked_as_at_a_start(string setting, string told)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--set", setting));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task A_folder_in_the_place_of_the_configuration_file_is_told()
    {
        Directory.CreateDirectory(Path.Combine(_host.Folder, "physio.json"));
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config"));
        Assert.Contains("The configuration file physio.json is a folder.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_broker_that_is_not_there_is_told_with_its_address_by_those_who_read_topics()
    {
        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("tail", "anomalies", "--brokers", "127.0.0.1:1"));
        Assert.Contains("Kafka at 127.0.0.1:1 cannot be reached", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("garbage", "line 1, column 1")]
    [InlineData("{}", "does not hold what belongs there")]
    public async Task Damaged_endpoints_are_told_without_a_word_of_the_programs_own_types(string text, string told)
    {
        Directory.CreateDirectory(Path.Combine(_host.Folder, ".physio"));
        _host.Write(".physio/endpoints.json", text);
        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("status"));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("PhysioActors.Seed", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_assignment_without_an_equals_sign_is_refused()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--set", "Partitions"));
        Assert.Contains("--set Partitions has no KEY=VALUE.", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Host=db;Username=u;Password=hush;Database=d")]
    [InlineData("postgresql://u:hush@db:5433/d?sslmode=require")]
    public async Task Secrets_are_never_shown(string postgres)
    {
        _host.Environment["PHYSIO_POSTGRES"] = postgres;
        _host.Environment["PHYSIO_KAFKA__SASL_PASSWORD"] = "hush";

        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("config", "--json"));
        Assert.DoesNotContain("hush", _host.Output.ToString(), StringComparison.Ordinal);
        Assert.Contains("db:", _host.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_database_address_that_is_none_is_told_without_its_password()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config", "--postgres", "Hots=db;Password=hush"));
        Assert.Contains("Postgres (command line) is neither an Npgsql connection string nor a postgresql:// address: ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hush", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("There is no command 'bogus'.", "bogus")]
    [InlineData("The commands are run, up, node, replay", "bogus")]
    [InlineData("There is no option '--bogus'.", "train", "--bogus")]
    [InlineData("There is no option '--patient'.", "replay", "--patient", "5")]
    [InlineData("Did you mean --patients?", "replay", "--patient", "5")]
    [InlineData("There is no argument 'more'.", "status", "more")]
    [InlineData("--patients is 'abc'; it must be a whole number from 1 to 1000000.", "simulate", "--patients", "abc")]
    [InlineData("--hours is 'long'; it must be a number from 0.001 to 8784.", "simulate", "--hours", "long")]
    [InlineData("--partitions is '8000'; it must be a whole number from 1 to 4096.", "up", "--partitions", "8000")]
    [InlineData("--patients is '0'; it must be a whole number from 1 to 1000000.", "bench", "--patients", "0")]
    [InlineData("--chunk is '11'; it must be a number from 0.1 to 10.", "bench", "waveforms", "--chunk", "11")]
    [InlineData("--data", "run", "--data")]
    [InlineData("--observations is 'abc'; it must be a whole number from 1 to 1000000000.", "bench", "--observations", "abc")]
    [InlineData("--seed is '-1'; it must be a whole number from 0 to ", "bench", "--seed", "-1")]
    [InlineData("--warmup is '-5'; it must be a whole number from 0 to ", "bench", "--warmup", "-5")]
    [InlineData("nowhere: there is no such record", "bench", "waveforms", "--record", "nowhere")]
    [InlineData("The commands are detect, stress, fit.", "ecg")]
    [InlineData("The commands are step, evaluate, simulate.", "weight")]
    [InlineData("'' is no patient: it is empty.", "command", "resume", "", "--by", "x")]
    public async Task A_wrong_command_line_is_told_with_what_is_wrong_in_it(string told, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync(arguments));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("System.", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
    }

    [Theory]
    [InlineData("is neither a folder nor a file that exists", "replay", "nowhere")]
    [InlineData("is neither a folder nor a file that exists", "replay", "nowhere", "--brokers", "127.0.0.1:1")]
    [InlineData("is neither a folder nor a file that exists", "run", "--data", "nowhere")]
    [InlineData("is neither a folder nor a file that exists", "train", "nowhere")]
    [InlineData("has no recordings of a known form", "replay", ".")]
    [InlineData("has no recordings of a known form", "run", "--data", ".")]
    [InlineData("A source of recordings has an empty name.", "replay", "")]
    [InlineData("there is no such record", "ecg", "detect", "nowhere", "--output", "beats")]
    [InlineData("there is no such record", "ecg", "stress", "nowhere")]
    [InlineData("there is no such record", "ecg", "fit", "nowhere")]
    [InlineData("there is no such folder", "rhythm", "evaluate", "nowhere")]
    [InlineData("there is no such folder", "rhythm", "af", "nowhere")]
    [InlineData("nowhere does not exist", "weight", "evaluate", "nowhere")]
    public async Task Recordings_that_are_not_there_are_a_wrong_command_line_everywhere(string told, params string[] arguments)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync(arguments));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_host.Output.ToString());
        Assert.Empty(Directory.GetFileSystemEntries(_host.Folder));
    }

    [Fact]
    public async Task Help_of_a_run_tells_what_holds_for_a_ward_without_end()
    {
        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("run", "--help"));
        string help = string.Join(' ', _host.Output.ToString().Split((char[])[' ', '\n'], StringSplitOptions.RemoveEmptyEntries));
        Assert.Contains("Standard: 1 with --until-done, else without end.", help, StringComparison.Ordinal);
        Assert.Contains("Standard: 1, or 12 in a ward without end.", help, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rule_is_set_by_a_variable_that_a_shell_can_export()
    {
        _host.Environment["PHYSIO_RULES__HR_HIGH__LIMIT"] = "150";
        _host.Environment["PHYSIO_RULES__NO_DATA__AFTERSECONDS"] = "90";

        Assert.Equal(ExitCodes.Ok, await _host.RunAsync("config", "--json"));
        JsonElement shown = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        Assert.Equal(("150", "environment PHYSIO_RULES__HR_HIGH__LIMIT"), Value(shown, "Rules:hr-high:Limit"));
        Assert.Equal("90", Value(shown, "Rules:no-data:AfterSeconds").Value);
    }

    [Fact]
    public async Task A_wrong_variable_is_told_with_the_key_as_it_is_documented()
    {
        _host.Environment["PHYSIO_RUNTIME__SNAPSHOTEVERY"] = "often";

        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("config"));
        Assert.Contains("Runtime:SnapshotEvery is 'often' (environment PHYSIO_RUNTIME__SNAPSHOTEVERY)", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("PHYSIO_KAFKA__FOO_BAR", "1", "Kafka:foo.bar (environment PHYSIO_KAFKA__FOO_BAR)", "foo.bar")]
    [InlineData("PHYSIO_KAFKA__SOCKET_TIMEOUT_MS", "soon", "Kafka:socket.timeout.ms (environment PHYSIO_KAFKA__SOCKET_TIMEOUT_MS)", "socket.timeout.ms")]
    public async Task A_property_that_the_Kafka_client_does_not_take_is_refused_before_anything_is_started(string variable, string value, params string[] told)
    {
        _host.Environment[variable] = value;

        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("up"));
        Assert.All(told, text => Assert.Contains(text, _host.Error.ToString(), StringComparison.Ordinal));
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, ".physio")));
    }

    [Fact]
    public async Task A_database_that_is_not_there_is_told_with_its_address_before_a_broker_is_started()
    {
        _host.Environment["PHYSIO_POSTGRES"] = "postgresql://u:hush@127.0.0.1:1/d";

        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("up"));
        string error = _host.Error.ToString();
        Assert.Contains("PostgreSQL at 127.0.0.1:1/d cannot be used", error, StringComparison.Ordinal);
        Assert.Contains("--postgres (PHYSIO_POSTGRES", error, StringComparison.Ordinal);
        Assert.DoesNotContain("broker ...", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hush", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_in_the_place_of_the_folder_is_told_with_what_to_do()
    {
        _host.Write(".physio", "");

        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("up"));
        Assert.Contains(".physio is a file", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Contains("Move the file away", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Labels_go_into_a_folder_that_is_there()
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("run", "--until-done", "--labels", "nowhere/labels.csv"));
        Assert.Contains("--labels nowhere/labels.csv cannot be made: the folder ", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, "nowhere")));
        Assert.False(Directory.Exists(Path.Combine(_host.Folder, ".physio")));
    }

    private static (string? Value, string? Source) Value(JsonElement shown, string key) =>
        (shown.GetProperty(key).GetProperty("value").GetString(), shown.GetProperty(key).GetProperty("source").GetString());
}
