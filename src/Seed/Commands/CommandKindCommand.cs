using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio command KIND</c>: makes a command of one kind, signs it, sends it, and follows up what became of it.</summary>
internal sealed class CommandKindCommand : PhysioCommand
{
    private const int StandardWait = 5;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly CommandKind _kind;
    private readonly IReadOnlyList<CommandField> _fields;
    private readonly Func<ParseResult, CommandFailedException?>? _refuse;
    private readonly Argument<string> _patient = new("PATIENT") { Description = "The patient, namespace:id; without a namespace, 'default' is meant." };
    private readonly Option<string> _by = new("--by") { Description = "Who asks. It is journaled.", HelpName = "WHO", Required = true };
    private readonly Option<string?> _reason = new("--reason") { Description = "Why. It is journaled.", HelpName = "WHY" };
    private readonly Option<string?> _time = new("--time") { Description = "When it was asked, as 2026-11-21T08:00:00Z. Standard: now. Of orders of one kind the latest counts, whenever they come.", HelpName = "TIME" };
    private readonly Option<string?> _keyId = new("--key-id") { Description = "Sign with this key of Commands:Keys and Commands:KeyFile, or of the cluster that runs in this folder. Standard: the only one; without any, the command is not signed.", HelpName = "ID" };
    private readonly Option<int?> _wait = FeedOptions.Integer("--wait", $"Wait at most so many seconds for what becomes of it; 0 only sends. Standard: {StandardWait}.", 0, 600);
    private readonly Option<bool> _dryRun = new("--dry-run") { Description = "Print the record, and send nothing." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    /// <param name="global">The options of every command.</param>
    /// <param name="host">The process.</param>
    /// <param name="kind">The kind.</param>
    /// <param name="description">What it does.</param>
    /// <param name="examples">Examples of it.</param>
    /// <param name="fields">The fields that the kind has.</param>
    /// <param name="refuse">What is wrong with what was said as a whole, in the words of the command line; null when nothing is, or for kinds of which nothing can be.</param>
    public CommandKindCommand(
        GlobalOptions global, CommandHost host, CommandKind kind, string description, IReadOnlyList<(string Arguments, string Purpose)> examples, IReadOnlyList<CommandField> fields,
        Func<ParseResult, CommandFailedException?>? refuse)
        : base(CommandWords.Text(kind), description, examples)
    {
        (_kind, _fields, _refuse) = (kind, fields, refuse);
        Add(_patient);
        foreach (CommandField field in fields)
            field.AddTo(this);
        foreach (Option option in (Option[])[_by, _reason, _time, _keyId, _wait, _dryRun, _json])
            Add(option);
        SetAction((parse, cancellationToken) => RunAsync(parse, global, host, cancellationToken));
    }

    private async Task<int> RunAsync(ParseResult parse, GlobalOptions global, CommandHost host, CancellationToken cancellationToken)
    {
        LoadedOptions loaded = global.Load(parse, host);
        PhysioOptions options = loaded.Local(host.Folder);
        CommandKeys keys = CommandKeyFile.Load(options.Commands, host.Folder, warning => Warn(host, warning));
        string patient = PatientArgument.Canonical(parse.GetRequiredValue(_patient));
        if (_refuse?.Invoke(parse) is { } refused)
            throw refused;
        CommandDraft draft = CommandDraft.Make(Fields(parse, patient), patient, PlaceOf, host.Time.GetUtcNow().ToUnixTimeMilliseconds(), keys, parse.GetValue(_keyId));
        bool isDry = parse.GetValue(_dryRun);
        if (!isDry)
            options = loaded.Connected(host.Folder, needsPostgres: false);
        if (draft.KeyId is null)
            Warn(host, "No key is configured: the command is not signed, and a cluster that has keys refuses it.");
        bool json = parse.GetValue(_json);
        if (isDry)
        {
            PrintRecord(draft, options.Topics.Observations, json, host);
            return ExitCodes.Ok;
        }

        TimeSpan patience = TimeSpan.FromSeconds(parse.GetValue(_wait) ?? StandardWait);
        using CommandSender sender = await CommandSender.ConnectAsync(options, patience > TimeSpan.Zero, cancellationToken).ConfigureAwait(false);
        CommandPlace place = await sender.SendAsync(draft, cancellationToken).ConfigureAwait(false);
        if (!json)
            await host.Output.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{Name} for {patient} by {draft.Command.By}: sent to {place.Topic}, partition {place.Partition}, offset {place.Offset}, {(draft.KeyId is { } id ? "signed with key " + id : "not signed")}")).ConfigureAwait(false);
        CommandOutcome outcome = patience > TimeSpan.Zero ? await sender.FollowAsync(place, patience, cancellationToken).ConfigureAwait(false) : CommandOutcome.NotAsked;
        if (json)
            await host.Output.WriteLineAsync(JsonSerializer.Serialize(SentReport.Of(draft, place, outcome), s_json)).ConfigureAwait(false);
        else
            await TellAsync(outcome, patient, patience, host).ConfigureAwait(false);
        return outcome.Refusal is null ? ExitCodes.Ok : ExitCodes.Failure;
    }

    private JsonObject Fields(ParseResult parse, string patient)
    {
        var message = new JsonObject { ["patient"] = patient, ["command"] = Name, ["by"] = parse.GetRequiredValue(_by) };
        if (parse.GetValue(_reason) is { } reason)
            message["reason"] = reason;
        if (parse.GetValue(_time) is { } time)
            message["time"] = time;
        foreach (CommandField field in _fields)
            field.Write(parse, message);
        return message;
    }

    /// <summary>Where on the command line a field of the message was said; null for one that cannot be said there.</summary>
    private string? PlaceOf(string field) => field switch
    {
        "patient" => _patient.Name,
        "by" => _by.Name,
        "reason" => _reason.Name,
        "time" => _time.Name,
        _ => _fields.FirstOrDefault(candidate => candidate.Name == field)?.Place,
    };

    private static void Warn(CommandHost host, string warning) => host.Error.WriteLine("physio: warning: " + warning);

    private static void PrintRecord(CommandDraft draft, string topic, bool json, CommandHost host)
    {
        if (json)
        {
            host.Output.WriteLine(JsonSerializer.Serialize(RecordReport.Of(draft, topic), s_json));
            return;
        }

        host.Output.WriteLine($"topic    {topic}");
        host.Output.WriteLine($"key      {draft.Command.Patient}");
        foreach ((string name, string value) in draft.Headers)
            host.Output.WriteLine($"header   {name}: {value}");
        host.Output.WriteLine($"value    {Encoding.UTF8.GetString(draft.Value)}");
        host.Error.WriteLine("Nothing was sent.");
    }

    private static async Task TellAsync(CommandOutcome outcome, string patient, TimeSpan patience, CommandHost host)
    {
        if (outcome.Refusal is { } refusal)
        {
            await host.Error.WriteLineAsync($"physio: error: Refused ({refusal.Reason}{(refusal.Field.Length > 0 ? ", " + refusal.Field : "")}): {refusal.Detail}").ConfigureAwait(false);
            return;
        }

        await host.Output.WriteLineAsync(outcome.State switch
        {
            CommandOutcome.Handled => $"Handled, and not refused. 'physio patient {patient}' shows what holds now.",
            CommandOutcome.Unknown => string.Create(CultureInfo.InvariantCulture, $"Not handled within {patience.TotalSeconds:0} s; it waits in the topic. 'physio status' shows whether a node serves its partition, 'physio patient {patient}' what holds."),
            _ => $"'physio patient {patient}' shows what holds, 'physio tail dead-letters' what is refused.",
        }).ConfigureAwait(false);
    }

    /// <summary>A record that was not sent.</summary>
    private sealed record RecordReport(string Topic, string Key, IReadOnlyDictionary<string, string> Headers, long Timestamp, string? KeyId, JsonNode Value)
    {
        public static RecordReport Of(CommandDraft draft, string topic) =>
            new(topic, draft.Command.Patient, draft.Headers.ToDictionary(), draft.TimestampMs, draft.KeyId, JsonNode.Parse(draft.Value)!);
    }

    /// <summary>A command that was sent.</summary>
    private sealed record SentReport(string Topic, int Partition, long Offset, string Key, long Timestamp, string? KeyId, JsonNode Value, string Outcome, CommandRefusal? Refusal)
    {
        public static SentReport Of(CommandDraft draft, CommandPlace place, CommandOutcome outcome) =>
            new(place.Topic, place.Partition, place.Offset, draft.Command.Patient, draft.TimestampMs, draft.KeyId, JsonNode.Parse(draft.Value)!, outcome.State, outcome.Refusal);
    }
}
