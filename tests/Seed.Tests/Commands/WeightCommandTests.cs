using System.Text.Json;
using PhysioActors.Seed.Tests.Clinical;

namespace PhysioActors.Seed.Tests.Commands;

public sealed class WeightCommandTests : IDisposable
{
    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task State_goes_in_and_comes_out_and_nothing_is_kept()
    {
        JsonElement first = await Step("--measurement", "2026-01-01T08:00:00Z,81.2kg", "--measurement", "2026-01-02T08:00:00Z,179.2lb,manual", "--measurement", "2026-01-03T08:00:00Z,81.1,care-team");
        Assert.Equal("absent", first.GetProperty("stateCondition").GetString());
        Assert.Equal(["queued", "queued", "initialised"], first.GetProperty("results").EnumerateArray().Select(r => r.GetProperty("outcome").GetString()));
        string state = first.GetProperty("state").GetString()!;

        JsonElement pounds = await Step("--state", state, "--measurement", "2026-01-04T08:00:00Z,179.5kg");
        Assert.Equal("intact", pounds.GetProperty("stateCondition").GetString());
        JsonElement result = pounds.GetProperty("results")[0];
        Assert.Equal(("rejected", "pounds-as-kilograms", 0.1, false), (result.GetProperty("outcome").GetString(), result.GetProperty("reason").GetString(), result.GetProperty("confidence").GetDouble(), result.GetProperty("accepted").GetBoolean()));

        JsonElement confirmed = await Step("--state", state, "--measurement", "2026-01-04T08:00:00Z,179.5kg,confirmed");
        Assert.Equal("confirmed-accepted", confirmed.GetProperty("results")[0].GetProperty("outcome").GetString());
    }

    [Fact]
    public async Task A_state_is_kept_in_a_file_on_wish_and_a_damaged_one_is_told_and_begun_anew()
    {
        Assert.Equal(0, await _host.RunAsync("weight", "step", "--measurement", "2026-01-01T08:00:00Z,81.2", "--out", "p.state"));
        string text = await File.ReadAllTextAsync(Path.Combine(_host.Folder, "p.state"));
        JsonElement intact = await Step("--state", "p.state", "--measurement", "2026-01-02T08:00:00Z,81.2");
        Assert.Equal("intact", intact.GetProperty("stateCondition").GetString());

        _host.Write("p.state", text.Replace('A', 'B'));
        JsonElement damaged = await Step("--state", "p.state", "--measurement", "2026-01-02T08:00:00Z,81.2");
        Assert.Equal("corrupted", damaged.GetProperty("stateCondition").GetString());
        Assert.Equal("queued", damaged.GetProperty("results")[0].GetProperty("outcome").GetString());
        Assert.Contains("begins anew", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_state_that_was_cut_off_is_told_with_its_place_and_the_weight_begins_anew()
    {
        Assert.Equal(0, await _host.RunAsync("weight", "step", "--measurement", "2026-01-01T08:00:00Z,81.2", "--out", "p.state"));
        string text = (await File.ReadAllTextAsync(Path.Combine(_host.Folder, "p.state"))).Trim();
        _host.Write("p.state", text[..(text.Length / 2)]);
        JsonElement cut = await Step("--state", "p.state", "--measurement", "2026-01-02T08:00:00Z,81.2", "--out", "p.state");
        Assert.Equal("corrupted", cut.GetProperty("stateCondition").GetString());
        Assert.NotNull(cut.GetProperty("stateProblem").GetString());
        Assert.Contains("--state p.state is damaged", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(cut.GetProperty("state").GetString(), (await File.ReadAllTextAsync(Path.Combine(_host.Folder, "p.state"))).Trim());

        // The same as the text itself; and a file that is no state at all.
        Assert.Equal("corrupted", (await Step("--state", text[..(text.Length / 2)], "--measurement", "2026-01-02T08:00:00Z,81.2")).GetProperty("stateCondition").GetString());
        Assert.Contains("The text of --state is damaged", _host.Error.ToString(), StringComparison.Ordinal);
        _host.Write("notes.txt", "\u0001\u0002 notes");
        Assert.Equal("corrupted", (await Step("--state", "notes.txt", "--measurement", "2026-01-02T08:00:00Z,81.2")).GetProperty("stateCondition").GetString());
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", "--state", "notes.txt", "--out", "notes.txt", "--measurement", "2026-01-02T08:00:00Z,81.2"));
        Assert.Equal("\u0001\u0002 notes", await File.ReadAllTextAsync(Path.Combine(_host.Folder, "notes.txt")));
    }

    [Fact]
    public async Task A_state_of_an_earlier_version_is_migrated_and_told_and_one_of_a_later_is_refused_and_stays()
    {
        _host.Write("old.state", "physio-weight.AQGA6InvhGYAAAAAAFBUQArXo3A9Crc/uB6F61G4jr8=.d64713311ec2c17d");
        JsonElement migrated = await Step("--state", "old.state", "--measurement", "2025-07-21T08:26:40Z,81.5");
        Assert.Equal("migrated", migrated.GetProperty("stateCondition").GetString());
        Assert.Equal("accepted", migrated.GetProperty("results")[0].GetProperty("outcome").GetString());
        Assert.Contains("--state old.state is of an earlier version", _host.Error.ToString(), StringComparison.Ordinal);

        const string Later = "physio-weight.A4A=.6191d6df2a4b8ad0\n";
        _host.Write("new.state", Later);
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", "--state", "new.state", "--out", "new.state", "--measurement", "2026-01-02T08:00:00Z,81.2"));
        Assert.Contains("--state new.state is of a later version of this program: The state is of version 3", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(Later, await File.ReadAllTextAsync(Path.Combine(_host.Folder, "new.state")));
    }

    [Theory]
    [InlineData("2026-01-01T08:00:00Z", "is not of the form")]
    [InlineData("soon,81.2", "is not a time")]
    [InlineData("2026-01-01T08:00:00Z,81.2stone", "is not a weight")]
    [InlineData("2026-01-01T08:00:00Z,81.2kg,butcher", "'butcher'")]
    [InlineData("2026-01-01T08:00:00Z,81,2kg", "decimals follow a point")]
    [InlineData("2026-01-01T08:00:00Z,81.2kg,manual,care-team", "has two sources")]
    public async Task A_weighing_that_cannot_be_read_is_a_usage_error(string entry, string says)
    {
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", "--measurement", entry));
        Assert.Contains(says, _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Constants_come_from_a_file_and_a_wrong_one_is_named()
    {
        _host.Write("c.json", "{\"gate\": 2.5}");
        Assert.Equal(0, await _host.RunAsync("weight", "step", "--configuration", "c.json", "--measurement", "2026-01-01T08:00:00Z,81.2"));
        _host.Write("c.json", "{\"gate\": 0}");
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "evaluate", ".", "--configuration", "c.json"));
        Assert.Contains("line 1, column 2: gate is 0; it must be from 2 to ", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_constant_that_does_not_exist_is_told_with_its_place_and_those_that_do()
    {
        _host.Write("c.json", "{\n  \"learnsPace\": false,\n  \"gaet\": 2.5\n}\n");
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", "--configuration", "c.json", "--measurement", "2026-01-01T08:00:00Z,81.2"));
        string error = _host.Error.ToString();
        Assert.Contains("c.json", error, StringComparison.Ordinal);
        Assert.Contains("line 3, column 3: there is no constant 'gaet'. Did you mean gate?", error, StringComparison.Ordinal);
        Assert.Contains("The constants are levelVariancePerDay, ", error, StringComparison.Ordinal);
        Assert.Contains(", gapDays.", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("[]", "line 1, column 1: an object was expected")]
    [InlineData("null", "line 1, column 1: an object was expected")]
    [InlineData("{\"gate\": \"x\"}", "line 1, column 2: gate must be a number")]
    [InlineData("{\"gate\": 1e999}", "gate must be a number")]
    [InlineData("{\"gate\": null}", "gate must be a number")]
    [InlineData("{\"gate\": {\"a\": 3}}", "gate must be a number")]
    [InlineData("{\"learnsPace\": 1}", "learnsPace must be true or false")]
    [InlineData("{\"initialMeasurements\": 3.5}", "initialMeasurements must be a whole number")]
    [InlineData("{\"gate\": 3, \"Gate\": 4}", "'Gate' stands there twice")]
    [InlineData("{\"gate\": 3,}", "trailing comma")]
    [InlineData("{\"gate\": 3} x", "line 1, column 13")]
    [InlineData("{\"gate\": ", "line 1, column ")]
    [InlineData("\u0001\u0002", "line 1, column 1")]
    public async Task A_file_of_constants_that_is_none_is_told_without_a_word_of_the_programs_own_types(string text, string told)
    {
        _host.Write("c.json", text);
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", "--configuration", "c.json", "--measurement", "2026-01-01T08:00:00Z,81.2"));
        string error = _host.Error.ToString();
        Assert.Contains(told, error, StringComparison.Ordinal);
        Assert.All((string[])["System.", ".NET", "PhysioActors.", "Parameter", "LineNumber", "   at "], word => Assert.DoesNotContain(word, error, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_gate_of_infinity_accepts_all()
    {
        _host.Write("c.json", "{\"gate\": \"Infinity\"}");
        Assert.Equal(0, await _host.RunAsync("weight", "step", "--configuration", "c.json", "--measurement", "2026-01-01T08:00:00Z,81.2"));
    }

    [Theory]
    [InlineData("--state", "nowhere", "does not exist")]
    [InlineData("--state", ".", "is a folder")]
    [InlineData("--state", "", "names no file")]
    [InlineData("--configuration", "nowhere", "does not exist")]
    [InlineData("--configuration", ".", "is a folder")]
    [InlineData("--out", ".", "is a folder")]
    [InlineData("--out", "notes.txt", "is there already")]
    public async Task A_file_that_cannot_be_used_is_a_usage_error(string option, string name, string told)
    {
        _host.Write("notes.txt", "notes");
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "step", option, name, "--measurement", "2026-01-01T08:00:00Z,81.2"));
        Assert.Contains(told, _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal("notes", await File.ReadAllTextAsync(Path.Combine(_host.Folder, "notes.txt")));
        Assert.Empty(_host.Output.ToString());
    }

    [Fact]
    public async Task An_empty_state_is_told_because_it_may_have_been_lost()
    {
        _host.Write("p.state", "");
        Assert.Equal(0, await _host.RunAsync("weight", "step", "--state", "p.state", "--measurement", "2026-01-01T08:00:00Z,81.2"));
        Assert.Contains("--state p.state is empty", _host.Error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_evaluation_has_people_planted_errors_and_leave_one_out()
    {
        string[] rows = [.. Enumerable.Range(0, 60).Select(day => FormattableString.Invariant($"2024-{1 + (day / 28):00}-{1 + (day % 28):00},{78 + (0.3 * (day % 5)):0.0}"))];
        _host.Write("a_1.csv", "date,kg\n" + string.Join('\n', rows) + "\n");
        _host.Write("b_1.csv", "date,kg\n" + string.Join('\n', rows.Take(20)) + "\n");
        Assert.Equal(0, await _host.RunAsync("weight", "evaluate", ".", "--planted", "--leave-one-out", "--json"));
        JsonElement report = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        Assert.Equal(["a", "b"], report.GetProperty("people").EnumerateArray().Select(p => p.GetProperty("person").GetString()));
        Assert.Equal(80, report.GetProperty("pooled").GetProperty("weighings").GetInt32());
        Assert.Equal(80 - 6, report.GetProperty("pooled").GetProperty("predicted").GetInt32());
        Assert.Equal(2, report.GetProperty("leaveOneOut").GetProperty("people").GetArrayLength());
        JsonElement pounds = report.GetProperty("planted")[0];
        Assert.Equal("pounds-as-kilograms", pounds.GetProperty("kind").GetString());
        Assert.True(pounds.GetProperty("planted").GetInt32() >= 14);
        Assert.Equal(pounds.GetProperty("planted").GetInt32(), pounds.GetProperty("withItsReason").GetInt32());
        Assert.Equal(0, await _host.RunAsync("weight", "evaluate", "."));
        Assert.Contains("pooled", _host.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_simulation_tells_what_is_said_of_true_changes_and_of_errors_and_is_the_same_each_time()
    {
        Assert.Equal(0, await _host.RunAsync("weight", "simulate", "--people", "60", "--json"));
        string first = _host.Output.ToString();
        JsonElement report = JsonDocument.Parse(first).RootElement;
        Assert.Equal(42, report.GetProperty("shifts").GetArrayLength());
        foreach (JsonElement shift in report.GetProperty("shifts").EnumerateArray())
        {
            Assert.Equal(60, shift.GetProperty("followed").GetInt32());
            if (shift.GetProperty("kilograms").GetDouble() is < 3 or > 6)
                continue;
            // Fluid is rarely called an error.
            Dictionary<string, int> reasons = shift.GetProperty("reasons").EnumerateObject().ToDictionary(reason => reason.Name, reason => reason.Value.GetInt32());
            int called = reasons.GetValueOrDefault("digit-swap") + reasons.GetValueOrDefault("other-person");
            Assert.True(called <= 1 + (0.2 * reasons.Values.Sum()), shift.ToString());
        }

        foreach (JsonElement mistake in report.GetProperty("mistakes").EnumerateArray())
        {
            JsonElement found = mistake.GetProperty("found");
            (int planted, int rejected, int named) = (found.GetProperty("planted").GetInt32(), found.GetProperty("rejected").GetInt32(), found.GetProperty("withItsReason").GetInt32());
            Assert.True(planted > 0 && rejected >= 0.75 * planted && named >= 0.6 * planted, mistake.ToString());
        }

        _host.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await _host.RunAsync("weight", "simulate", "--people", "60", "--json"));
        Assert.Equal(first, _host.Output.ToString());
        _host.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await _host.RunAsync("weight", "simulate", "--people", "5"));
        Assert.Contains("housemate 7.5 kg off, again", _host.Output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_without_weighings_is_an_error_that_says_what_is_expected()
    {
        Assert.Equal(ExitCodes.Failure, await _host.RunAsync("weight", "evaluate", "."));
        Assert.Contains("a date or day and a weight", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCodes.Usage, await _host.RunAsync("weight", "evaluate", "nowhere"));
    }

    [SharedDataFact("weight")]
    public async Task Real_people_are_predicted_better_than_by_their_last_weight_and_planted_errors_are_rejected()
    {
        Assert.Equal(0, await _host.RunAsync("weight", "evaluate", SharedDataFactAttribute.Find("weight")!, "--planted", "--json"));
        JsonElement report = JsonDocument.Parse(_host.Output.ToString()).RootElement;
        JsonElement pooled = report.GetProperty("pooled");
        Assert.True(pooled.GetProperty("predicted").GetInt32() > 700);
        Assert.True(pooled.GetProperty("belowLast").GetDouble() > 0.03);
        Assert.True(pooled.GetProperty("belowAverage").GetDouble() > 0.03);
        Assert.True(pooled.GetProperty("acceptance").GetDouble() > 0.9);
        Assert.All(report.GetProperty("planted").EnumerateArray(), kind => Assert.Equal(kind.GetProperty("planted").GetInt32(), kind.GetProperty("rejected").GetInt32()));
        Assert.All(report.GetProperty("planted").EnumerateArray(), kind => Assert.True(kind.GetProperty("withItsReason").GetInt32() >= 0.95 * kind.GetProperty("planted").GetInt32(), kind.ToString()));
        Assert.All(report.GetProperty("planted").EnumerateArray(), kind => Assert.True(kind.GetProperty("asOneOfTwo").GetInt32() <= 0.1 * kind.GetProperty("planted").GetInt32(), kind.ToString()));
    }

    private async Task<JsonElement> Step(params string[] arguments)
    {
        _host.Output.GetStringBuilder().Clear();
        Assert.Equal(0, await _host.RunAsync(["weight", "step", .. arguments, "--json"]));
        return JsonDocument.Parse(_host.Output.ToString()).RootElement;
    }
}
