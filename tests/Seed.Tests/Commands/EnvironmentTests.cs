using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary>The commands on a real environment: broker, database and node as processes of their own.</summary>
public sealed class EnvironmentTests : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [EnvironmentFact]
    public async Task A_run_until_done_ends_with_a_summary_in_which_nothing_is_missing()
    {
        int exit = await _host.RunAsync("run", "--patients", "3", "--hours", "0.05", "--until-done", "--json", "--partitions", "2").WaitAsync(s_patience);

        Assert.True(exit == ExitCodes.Ok, _host.Error.ToString());
        using JsonDocument document = JsonDocument.Parse(_host.Output.ToString());
        JsonElement summary = document.RootElement;
        Assert.Equal(
            ["recordsIn", "folded", "duplicates", "late", "deadLetters", "patients", "anomaliesJournaled", "anomaliesPublished", "observationsPerSecond", "offsetsComplete"],
            summary.EnumerateObject().Select(property => property.Name).Take(10));
        // 3 patients, 180 s; sensors drop out now and then.
        Assert.InRange(summary.GetProperty("sent").GetInt64(), 400, 540);
        Assert.Equal(summary.GetProperty("sent").GetInt64(), summary.GetProperty("recordsIn").GetInt64());
        Assert.Equal(summary.GetProperty("recordsIn").GetInt64(), Sum(summary, "folded", "duplicates", "late", "deadLetters"));
        Assert.Equal(3, summary.GetProperty("patients").GetInt64());
        Assert.True(summary.GetProperty("offsetsComplete").GetBoolean());
        Assert.True(summary.GetProperty("simulated").GetBoolean());
        Assert.True(summary.GetProperty("observationsPerSecond").GetDouble() > 0);
        Assert.Contains("SIMULATED", _host.Error.ToString(), StringComparison.Ordinal);
        Assert.Null(Endpoints.Find(_host.Folder));
    }

    [EnvironmentFact]
    public async Task An_environment_that_is_up_serves_the_other_commands_and_starts_a_killed_node_again()
    {
        using var ending = new CancellationTokenSource();
        using var up = new TestHost.Run(_host, ["up", "--partitions", "2"], ending.Token);
        Endpoints endpoints = await UntilAsync(up, () => Task.FromResult(Endpoints.Find(_host.Folder) is { Node: not null } found ? found : null));

        (int exit, _, string error) = await CallAsync("up");
        Assert.Equal(ExitCodes.Failure, exit);
        Assert.Contains("An environment runs in this folder already", error, StringComparison.Ordinal);

        (exit, string output, error) = await CallAsync("simulate", "--patients", "2", "--hours", "0.02", "--speed", "max", "--json", "--labels", "labels.csv");
        Assert.True(exit == ExitCodes.Ok, error);
        long sent = JsonDocument.Parse(output).RootElement.GetProperty("acknowledged").GetInt64();
        Assert.StartsWith("patient,kind,", await File.ReadAllTextAsync(Path.Combine(_host.Folder, "labels.csv")), StringComparison.Ordinal);

        JsonElement status = await UntilAsync(up, async () => await StatusAsync() is { } found && found.GetProperty("recordsIn").GetInt64() == sent ? found : (JsonElement?)null) ?? default;
        Assert.Equal(("physio", 2, 2L), (status.GetProperty("cluster").GetString(), status.GetProperty("shards").GetArrayLength(), status.GetProperty("patients").GetInt64()));
        Assert.True(status.GetProperty("isDevelopmentBroker").GetBoolean());

        string first = JsonDocument.Parse(output).RootElement.GetProperty("firstPatient").GetString()!;
        (exit, output, error) = await CallAsync("patient", first, "--entries", "2", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        JsonElement patient = JsonDocument.Parse(output).RootElement;
        Assert.Contains("hr", patient.GetProperty("signals").EnumerateArray().Select(signal => signal.GetProperty("code").GetString()));
        Assert.Contains("ObservationFolded", patient.GetProperty("events").EnumerateArray().Select(decided => decided.GetProperty("event").GetString()));
        Assert.Equal(ExitCodes.Failure, (await CallAsync("patient", "simulated:nobody")).Exit);
        Assert.Equal(ExitCodes.Usage, (await CallAsync("patient", "")).Exit);

        (exit, output, error) = await CallAsync("tail", "estimates", "--from-start", "--count", "1", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.StartsWith(first[..^1], JsonDocument.Parse(output).RootElement.GetProperty("patient").GetString(), StringComparison.Ordinal);

        // The environment has made a key for the commands to it, and tells nobody but its owner.
        string keys = Path.Combine(_host.Folder, ".physio", LocalCommandKey.FileName);
        Assert.Equal(keys, endpoints.CommandKeyFile);
        if (!OperatingSystem.IsWindows())
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(keys));
        (exit, output, error) = await CallAsync("command", "set-limits", first, "hr", "--low", "45", "--by", "dr.brown", "--wait", "60", "--json");
        Assert.True(exit == ExitCodes.Ok, output + error);
        Assert.Equal(("handled", LocalCommandKey.Id, ""), (JsonDocument.Parse(output).RootElement.GetProperty("outcome").GetString(), JsonDocument.Parse(output).RootElement.GetProperty("keyId").GetString(), error));
        _host.Write("none.json", """{ "Brokers": "BROKERS", "Cluster": "physio" }""".Replace("BROKERS", endpoints.Brokers, StringComparison.Ordinal));
        (exit, output, error) = await CallAsync("command", "set-limits", first, "hr", "--low", "20", "--by", "mallory", "--wait", "60", "--json", "--config", "none.json");
        Assert.True(exit == ExitCodes.Failure, output + error);
        Assert.Equal("unauthenticated", JsonDocument.Parse(output).RootElement.GetProperty("refusal").GetProperty("reason").GetString());
        Assert.Contains("No key is configured", error, StringComparison.Ordinal);

        // Nothing would end it but the reader who has gone.
        CommandHost unread = _host.ToHost() with { IsOutputClosed = static () => true };
        Assert.Equal(ExitCodes.Ok, await PhysioCommandLine.RunAsync(["tail", "dead-letters"], unread, CancellationToken.None).WaitAsync(s_patience));

        // The same again: other patients, and nothing is late. What mallory sent is a dead letter.
        (exit, output, error) = await CallAsync("simulate", "--patients", "2", "--hours", "0.02", "--speed", "max", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        sent += JsonDocument.Parse(output).RootElement.GetProperty("acknowledged").GetInt64();
        status = await UntilAsync(up, async () => await StatusAsync() is { } found && found.GetProperty("recordsIn").GetInt64() == sent + 1 ? found : (JsonElement?)null) ?? default;
        JsonElement counters = status.GetProperty("counters");
        Assert.Equal((4L, sent, 1L), (status.GetProperty("patients").GetInt64(), counters.GetProperty("folded").GetInt64(), counters.GetProperty("deadLetters").GetInt64()));
        Assert.False(status.GetProperty("counters").TryGetProperty("recordsIn", out _));
        Assert.All(status.GetProperty("shards").EnumerateArray(), shard => Assert.True(shard.GetProperty("nextOffset").GetInt64() <= shard.GetProperty("endOffset").GetInt64()));

        // The database goes as in a power cut, and comes back under the same address.
        int server = int.Parse((await File.ReadAllLinesAsync(Path.Combine(_host.Folder, ".physio", "postgres", "data", "postmaster.pid")))[0], CultureInfo.InvariantCulture);
        using (Process postmaster = Process.GetProcessById(server))
            postmaster.Kill();
        await UntilAsync(up, async () => File.Exists(Path.Combine(_host.Folder, ".physio", "postgres", "data", "postmaster.pid"))
            && (await File.ReadAllLinesAsync(Path.Combine(_host.Folder, ".physio", "postgres", "data", "postmaster.pid"))) is [var id, ..] && id != server.ToString(CultureInfo.InvariantCulture)
            ? await StatusAsync() : null);

        using (Process node = Process.GetProcessById(endpoints.Node!.Pid))
            node.Kill();
        await UntilAsync(up, () => Task.FromResult(Endpoints.Find(_host.Folder) is { Node: { } again } && again.Pid != endpoints.Node.Pid ? again : null));

        await ending.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await up.Task.WaitAsync(s_patience));
        Assert.Null(Endpoints.Find(_host.Folder));
        Assert.False(endpoints.Broker!.IsRunning);
    }

    [EnvironmentFact]
    public async Task A_signed_command_is_followed_and_an_unsigned_one_is_a_dead_letter()
    {
        string secret = Convert.ToBase64String([.. Enumerable.Range(100, 32).Select(i => (byte)i)]);
        _host.Write("keys", $"ward-1:{secret}");
        // A node is a process of its own, which has the environment of the test: what it is told stands in the folder.
        _host.Write("physio.json", """{ "Commands": { "KeyFile": "keys" } }""");
        using var ending = new CancellationTokenSource();
        using var up = new TestHost.Run(_host, ["up", "--partitions", "2"], ending.Token);
        await UntilAsync(up, () => Task.FromResult(Endpoints.Find(_host.Folder) is { Node: not null } found ? found : null));

        (int exit, string output, string error) = await CallAsync("command", "set-limits", "icu:bed-7", "hr", "--low", "45", "--high", "130", "--by", "dr.brown", "--reason", "athlete", "--wait", "60", "--json");
        Assert.True(exit == ExitCodes.Ok, output + error);
        Assert.Equal("handled", JsonDocument.Parse(output).RootElement.GetProperty("outcome").GetString());

        // Somebody without the key.
        _host.Write("physio.json", "{}");
        (exit, output, error) = await CallAsync("command", "set-limits", "icu:bed-7", "hr", "--low", "20", "--by", "mallory", "--wait", "60", "--json");
        Assert.True(exit == ExitCodes.Failure, output + error);
        JsonElement refused = JsonDocument.Parse(output).RootElement;
        Assert.Equal(("refused", "unauthenticated", "headers.mac"), (refused.GetProperty("outcome").GetString(), refused.GetProperty("refusal").GetProperty("reason").GetString(), refused.GetProperty("refusal").GetProperty("field").GetString()));

        (exit, output, error) = await CallAsync("tail", "dead-letters", "--from-start", "--count", "1", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        JsonElement headers = JsonDocument.Parse(output).RootElement.GetProperty("headers");
        Assert.Equal(("unauthenticated", refused.GetProperty("offset").ToString()), (headers.GetProperty("reason").GetString(), headers.GetProperty("source-offset").GetString()));

        (exit, output, error) = await CallAsync("patient", "icu:bed-7", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        JsonElement patient = JsonDocument.Parse(output).RootElement;
        JsonElement limits = patient.GetProperty("orders").GetProperty("limits").GetProperty("hr");
        Assert.Equal((45, 130), (limits.GetProperty("low").GetDouble(), limits.GetProperty("high").GetDouble()));
        Assert.Contains("set-limits hr from 45 to 130, by dr.brown: athlete", patient.GetProperty("events").EnumerateArray().Select(decided => decided.GetProperty("text").GetString()));
        (_, output, _) = await CallAsync("patient", "icu:bed-7");
        Assert.Contains("orders   hr from 45 to 130", output, StringComparison.Ordinal);

        await ending.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await up.Task.WaitAsync(s_patience));
    }

    private static long Sum(JsonElement summary, params IEnumerable<string> names) => names.Sum(name => summary.GetProperty(name).GetInt64());

    private async Task<JsonElement?> StatusAsync()
    {
        (int exit, string output, _) = await CallAsync("status", "--json");
        return exit == ExitCodes.Ok ? JsonDocument.Parse(output).RootElement : null;
    }

    private async Task<(int Exit, string Output, string Error)> CallAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        int exit = await PhysioCommandLine.RunAsync(arguments, _host.ToHost() with { Output = output, Error = error }, CancellationToken.None).WaitAsync(s_patience);
        return (exit, output.ToString(), error.ToString());
    }

    /// <summary>Asks again and again until there is an answer, or the environment has ended.</summary>
    private async Task<T> UntilAsync<T>(TestHost.Run up, Func<Task<T?>> ask)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            if (await ask() is { } answer)
                return answer;
            Assert.False(up.Task.IsCompleted, _host.Error.ToString());
            await Task.Delay(TimeSpan.FromMilliseconds(200), patience.Token);
        }
    }
}
