using System.Globalization;
using System.Text.Json;
using PhysioActors.Seed.Commands;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Tests.Clinical;

namespace PhysioActors.Seed.Tests.Commands;

/// <summary>The whole way of a waveform: recordings are replayed into a node that runs, and its alarms are read from the anomaly topic and from the patient.</summary>
public sealed class ReplayedAlarmsTests : IDisposable
{
    private const string Alarms = "cinc2015-alarms";
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);
    private static readonly DateTimeOffset s_start = new(2026, 11, 21, 10, 0, 0, TimeSpan.Zero);

    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [EnvironmentFact]
    public async Task A_heart_that_stops_in_a_replayed_record_is_an_asystole_that_latches_when_it_beats_again()
    {
        StoppingHeart.Write(Path.Combine(_host.Folder, "made-up"), "heart");
        using var ending = new CancellationTokenSource();
        using var up = new TestHost.Run(_host, ["up", "--partitions", "2"], ending.Token);
        await ServedAsync(up);
        await ReplayAsync(Path.Combine("made-up", "heart"));
        JsonElement[] told = await ToldAsync(up, StoppingHeart.Seconds);

        // Nothing but this one alarm, from the beginning of the record to its end.
        Assert.Equal([("asystole", "raised"), ("asystole", "updated")], told.Select(message => (Text(message, "rule")!, Text(message, "state")!)));
        JsonElement raised = told[0], latched = told[1];
        Assert.Equal(("made-up:heart", "rhythm", "asystole", "high", "on"), (Text(raised, "patient"), Text(raised, "kind"), Text(raised, "rule"), Text(raised, "severity"), Text(raised, "sound")));
        Assert.False(raised.TryGetProperty("change", out _));
        Assert.False(raised.TryGetProperty("latched", out _));
        // Four seconds without a beat, decided at whole seconds.
        Assert.InRange(SecondOf(raised), StoppingHeart.LastBeat + 4, StoppingHeart.LastBeat + 5);
        Assert.Equal(("latched", "on", true), (Text(latched, "change"), Text(latched, "sound"), latched.GetProperty("latched").GetBoolean()));
        // A rhythm has ended when it was gone for five seconds.
        Assert.InRange(SecondOf(latched), StoppingHeart.FirstBeat + 4, StoppingHeart.FirstBeat + 7);
        Assert.Equal((0, 1), (raised.GetProperty("revision").GetInt32(), latched.GetProperty("revision").GetInt32()));
        Assert.Equal([Text(raised, "eventId"), Text(raised, "eventId")], told.Select(message => Text(message, "anomalyId")));

        (int exit, string output, string error) = await CallAsync("patient", "made-up:heart", "--entries", "3", "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        JsonElement patient = JsonDocument.Parse(output).RootElement;
        JsonElement ecg = patient.GetProperty("ecg");
        Assert.Equal(75, ecg.GetProperty("heartRate").GetDouble(), 1.0);
        Assert.Equal([("ecg-ii", "good"), ("ecg-v", "good")], ecg.GetProperty("leads").EnumerateArray().Select(lead => (Text(lead, "signal"), Text(lead, "quality"))));
        JsonElement open = Assert.Single(patient.GetProperty("open").EnumerateArray(), open => Text(open, "rule") == "asystole");
        Assert.Equal((Text(raised, "eventId"), "asystole", true, false), (Text(open, "anomalyId"), Text(open, "rule"), open.GetProperty("latched").GetBoolean(), open.GetProperty("acknowledged").GetBoolean()));

        (exit, output, error) = await CallAsync("patient", "made-up:heart", "--entries", "1");
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("heart rate 75 /min, ecg-ii good, ecg-v good", output, StringComparison.Ordinal);
        Assert.Contains("asystole, high, since 2026-11-21 10:00:45Z, latched", output, StringComparison.Ordinal);

        (exit, output, error) = await CallAsync("tail", "anomalies", "--from-start", "--count", "2");
        Assert.True(exit == ExitCodes.Ok, error);
        Assert.Contains("updated      high   made-up:heart  asystole", output, StringComparison.Ordinal);
        Assert.Contains("[latched]", output, StringComparison.Ordinal);

        await ending.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await up.Task.WaitAsync(s_patience));
    }

    /// <summary>Of each record: the alarm that it is about, and whether it is true. It sounded at 300 s, for something in the ten seconds before.</summary>
    [EnvironmentFact(Alarms)]
    public async Task Recorded_alarms_are_raised_when_they_are_true_and_not_when_they_are_false()
    {
        (string Record, string Rule, bool IsTrue)[] records =
        [
            ("a161l", "asystole", true), ("a104s", "asystole", false),
            ("b265l", "extreme-bradycardia", true), ("t524s", "extreme-tachycardia", true),
            ("v159l", "ventricular-tachycardia", true), ("f544s", "ventricular-fibrillation", true),
        ];
        using var ending = new CancellationTokenSource();
        using var up = new TestHost.Run(_host, ["up", "--partitions", "4"], ending.Token);
        await ServedAsync(up);
        long sent = 0;
        foreach ((string record, _, _) in records)
            sent += await ReplayAsync(Path.Combine(SharedDataFactAttribute.Find(Alarms)!, record));
        JsonElement[] told = await ToldAsync(up, sent);

        foreach ((string record, string rule, bool isTrue) in records)
        {
            JsonElement[] messages = [.. told.Where(message => Text(message, "patient") == $"{Alarms}:{record}" && message.TryGetProperty("rule", out JsonElement named) && named.GetString() == rule && SecondOf(message) <= 300)];
            Assert.All(messages, message => Assert.Equal(("rhythm", "high"), (Text(message, "kind"), Text(message, "severity"))));
            // A rhythm that depends on age says from which rate on it is one, and that an adult was assumed: nobody told the age.
            Assert.All(
                messages.Where(message => message.TryGetProperty("threshold", out _)),
                message => Assert.Equal(("default", "adult", true), (Text(message, "limitOrigin"), Text(message, "ageClass"), message.GetProperty("ageAssumed").GetBoolean())));
            Assert.Equal(messages.Length > 0 && rule is "extreme-bradycardia" or "extreme-tachycardia" or "ventricular-tachycardia", messages.Any(message => message.TryGetProperty("threshold", out _)));
            // It stands at 300 s, or came in the ten seconds before.
            bool stands = messages is [.., var last] && !IsLatched(last);
            bool came = messages.Any(message => !IsLatched(message) && SecondOf(message) >= 290);
            Assert.True((stands || came) == isTrue, $"{record}: {rule} was {(isTrue ? "not told" : "told")}:\n{string.Join('\n', messages)}");
        }

        await ending.CancelAsync();
        Assert.Equal(ExitCodes.Ok, await up.Task.WaitAsync(s_patience));
    }

    private static bool IsLatched(JsonElement message) => message.TryGetProperty("latched", out JsonElement latched) && latched.GetBoolean();

    private static string? Text(JsonElement element, string name) => element.GetProperty(name).GetString();

    private static double SecondOf(JsonElement message) => (message.GetProperty("eventTime").GetDateTimeOffset() - s_start).TotalSeconds;

    private async Task<long> ReplayAsync(string source)
    {
        (int exit, string output, string error) = await CallAsync("replay", source, "--speed", "max", "--same-patients", "--start", s_start.ToString("O", CultureInfo.InvariantCulture), "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        return JsonDocument.Parse(output).RootElement.GetProperty("acknowledged").GetInt64();
    }

    /// <summary>Waits until all that was sent is handled and told, and reads what was told.</summary>
    private async Task<JsonElement[]> ToldAsync(TestHost.Run up, long sent)
    {
        JsonElement status = await UntilAsync(up, async () =>
            await StatusAsync() is { } found && found.GetProperty("recordsIn").GetInt64() == sent && found.GetProperty("unpublished").GetInt64() == 0 ? found : (JsonElement?)null);
        Assert.Equal(sent, status.GetProperty("counters").GetProperty("folded").GetInt64());
        string events = status.GetProperty("counters").GetProperty("anomalyEvents").GetInt64().ToString(CultureInfo.InvariantCulture);
        (int exit, string output, string error) = await CallAsync("tail", "anomalies", "--from-start", "--count", events, "--json");
        Assert.True(exit == ExitCodes.Ok, error);
        return [.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonDocument.Parse(line).RootElement)];
    }

    private async Task ServedAsync(TestHost.Run up) =>
        await UntilAsync(up, async () => Endpoints.Find(_host.Folder) is { Node: not null } && await StatusAsync() is { } status ? status : (JsonElement?)null);

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
    private async Task<JsonElement> UntilAsync(TestHost.Run up, Func<Task<JsonElement?>> ask)
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
