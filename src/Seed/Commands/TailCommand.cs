using System.CommandLine;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Options;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio tail</c>: what comes out of a cluster, as it comes.</summary>
internal sealed class TailCommand : PhysioCommand
{
    private const string Anomalies = "anomalies", Estimates = "estimates", DeadLetters = "dead-letters";

    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(200);

    private readonly Argument<string> _what = new("TOPIC") { Description = $"{Anomalies}, {Estimates} or {DeadLetters}." };
    private readonly Option<bool> _fromStart = new("--from-start") { Description = "Begin with the oldest that is still there, not with the next." };
    private readonly Option<int?> _count = FeedOptions.Integer("--count", "End after so many.", 1, int.MaxValue);
    private readonly Option<string?> _patient = new("--patient") { Description = "Only of this patient.", HelpName = "ID" };
    private readonly Option<bool> _json = new("--json") { Description = "Print one JSON object a line: the message as it is; of a dead letter its headers and bytes." };

    public TailCommand(GlobalOptions global, CommandHost host)
        : base("tail", "Prints anomalies, estimates or dead letters as they come, until Ctrl-C, or until nobody reads them.",
        [
            ("tail anomalies", "as they come"),
            ("tail anomalies --from-start --json | jq .kind", "all that are still there, for a script"),
            ("tail dead-letters --from-start --count 10", "what was refused, and why"),
        ])
    {
        _what.AcceptOnlyFromAmong(Anomalies, Estimates, DeadLetters);
        Add(_what);
        foreach (Option option in (Option[])[_fromStart, _count, _patient, _json])
            Add(option);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, global, host, cancellationToken), CancellationToken.None));
    }

    private int Run(ParseResult parse, GlobalOptions global, CommandHost host, CancellationToken cancellationToken)
    {
        PhysioOptions options = global.Load(parse, host).Connected(host.Folder, needsPostgres: false);
        string what = parse.GetRequiredValue(_what);
        string topic = what switch { Anomalies => options.Topics.Anomalies, Estimates => options.Topics.Estimates, _ => options.Topics.DeadLetters };
        string? patient = parse.GetValue(_patient) is { } given ? PatientArgument.Canonical(given) : null;
        int left = parse.GetValue(_count) ?? int.MaxValue;
        bool json = parse.GetValue(_json);
        using var reader = new TopicReader(options, topic, parse.GetValue(_fromStart) ? TopicStart.Beginning : TopicStart.End);
        while (left > 0)
        {
            ConsumeResult<byte[], byte[]>? record = reader.Take(s_pause);
            // To be ended is how this command usually ends.
            if (cancellationToken.IsCancellationRequested)
                return left == int.MaxValue || parse.GetValue(_count) is null ? ExitCodes.Ok : ExitCodes.Interrupted;
            // Behind 'head' it ends with its reader, who has had enough.
            if (host.IsOutputClosed())
                return ExitCodes.Ok;
            if (record is null || (patient is not null && Text(record.Message.Key) != patient))
                continue;
            host.Output.WriteLine(what switch
            {
                DeadLetters => json ? DeadLetterJson(record) : DeadLetterLine(record),
                Anomalies when !json => AnomalyLine(record),
                _ => Text(record.Message.Value),
            });
            left--;
        }

        return ExitCodes.Ok;
    }

    private static string AnomalyLine(ConsumeResult<byte[], byte[]> record)
    {
        AnomalyMessage anomaly = AnomalyJson.Parse(record.Message.Value);
        string state = AnomalyJson.Text(anomaly.State), severity = AnomalyJson.Text(anomaly.Severity);
        string line = $"{AnomalyText.Time(anomaly.EventTimeMs)}  {state,-12} {severity,-6} {anomaly.Patient}  {AnomalyText.Title(anomaly)}  {AnomalyText.Reason(anomaly)}".TrimEnd();
        return AnomalyText.Remark(anomaly) is { Length: > 0 } remark ? $"{line}  [{remark}]" : line;
    }

    private static string DeadLetterLine(ConsumeResult<byte[], byte[]> record)
    {
        const int longest = 120;
        string value = Text(record.Message.Value).ReplaceLineEndings(" ");
        string headers = string.Join("  ", Headers(record).Select(header => $"{header.Key}={header.Value}"));
        return $"{Text(record.Message.Key)}  {headers}  {(value.Length > longest ? value[..longest] + "..." : value)}";
    }

    private static string DeadLetterJson(ConsumeResult<byte[], byte[]> record) => JsonSerializer.Serialize(new
    {
        key = Text(record.Message.Key),
        headers = Headers(record).ToDictionary(header => header.Key, header => header.Value),
        value = Convert.ToBase64String(record.Message.Value ?? []),
        text = Text(record.Message.Value),
    });

    private static IEnumerable<KeyValuePair<string, string>> Headers(ConsumeResult<byte[], byte[]> record) =>
        record.Message.Headers.GroupBy(header => header.Key).Select(same => KeyValuePair.Create(same.Key, Text(same.Last().GetValueBytes())));

    private static string Text(byte[]? bytes) => bytes is null ? "" : Encoding.UTF8.GetString(bytes);
}
