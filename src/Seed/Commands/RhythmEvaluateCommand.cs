using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using PhysioActors.Ingest.Waveforms.Wfdb;
using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Seed.Clinical;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio rhythm evaluate</c>: were the alarms of other monitors true? Scored by the rule of the PhysioNet/CinC Challenge 2015.</summary>
internal sealed class RhythmEvaluateCommand : PhysioCommand
{
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.CamelCase) } };

    private readonly Argument<string> _folder = new("DIR") { Description = "Recordings that end with, or go beyond, an alarm: WFDB records and ALARMS.csv, or headers that say alarm and truth." };
    private readonly Option<bool> _definition = new("--definition") { Description = "Use the limits of the alarm's definition, not the slightly wider ones for confirming another monitor's alarm." };
    private readonly Option<bool> _records = new("--records") { Description = "List every recording with what was said of it (in JSON: verdicts)." };
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public RhythmEvaluateCommand(CommandHost host)
        : base("evaluate", "Plays each recording from its start up to its alarm through detectors and rhythm monitor, and says whether the alarm was true. Nothing behind the alarm is used.",
        [
            ("rhythm evaluate cinc2015-alarms", "score in all and by alarm"),
            ("rhythm evaluate cinc2015-alarms --records --json", "every recording, for a script"),
        ])
    {
        Add(_folder);
        foreach (Option option in (Option[])[_definition, _records, _json])
            Add(option);
        SetAction((parse, cancellationToken) => Task.Run(() => Run(parse, host, cancellationToken), cancellationToken));
    }

    private int Run(ParseResult parse, CommandHost host, CancellationToken cancellationToken)
    {
        RhythmLimits limits = parse.GetValue(_definition) ? RhythmLimits.Adult : RhythmLimits.AdultConfirmation;
        var outcomes = new List<AlarmOutcome>();
        foreach (AlarmRecord record in AlarmRecord.Find(Path.GetFullPath(parse.GetRequiredValue(_folder), host.Folder)))
        {
            cancellationToken.ThrowIfCancellationRequested();
            try
            {
                outcomes.Add(AlarmOutcome.Of(record, limits));
            }
            catch (WfdbException exception)
            {
                throw new CommandFailedException(exception.Message);
            }
        }

        bool records = parse.GetValue(_records);
        if (parse.GetValue(_json))
            host.Output.WriteLine(JsonSerializer.Serialize(RhythmEvaluationReport.Of(outcomes, limits, records), s_json));
        else
            Print(outcomes, records, host.Output);
        return ExitCodes.Ok;
    }

    /// <summary>The name of a rhythm on the topic of anomalies.</summary>
    internal static string TopicName(RhythmCondition rhythm) => AlarmConditions.Get(AlarmConditions.Rhythm(rhythm)).Name;

    private static void Print(List<AlarmOutcome> outcomes, bool records, TextWriter output)
    {
        if (records)
        {
            output.WriteLine("record    alarm                     truth  said   verdict  suppressed by");
            foreach (AlarmOutcome outcome in outcomes)
                output.WriteLine($"{outcome.Record.Name,-8}  {TopicName(outcome.Record.Condition),-24}  {(outcome.Record.IsTrue ? "true" : "false"),-5}  {(outcome.IsCalledTrue ? "true" : "false"),-5}  {outcome.Verdict,-7}  {(outcome.Veto == Veto.None ? "-" : outcome.Veto)}");
            output.WriteLine();
        }

        output.WriteLine("alarm                        n   TP   TN   FP   FN  score");
        foreach (IGrouping<RhythmCondition, AlarmOutcome> type in outcomes.GroupBy(outcome => outcome.Record.Condition).OrderBy(type => type.Key))
            Row(TopicName(type.Key), type);
        Row("even numbers", outcomes.Where(outcome => outcome.Record.IsOfTunedHalf));
        Row("odd numbers", outcomes.Where(outcome => !outcome.Record.IsOfTunedHalf));
        Row("all", outcomes);

        void Row(string name, IEnumerable<AlarmOutcome> of)
        {
            AlarmTally tally = AlarmTally.Of(of);
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{name,-24}  {of.Count(),4} {tally.TruePositives,4} {tally.TrueNegatives,4} {tally.FalsePositives,4} {tally.FalseNegatives,4}  {tally.Score:0.0}"));
        }
    }
}

/// <summary>The JSON of an evaluation.</summary>
/// <param name="Score">Of all recordings, in percent.</param>
/// <param name="TruePositives">True alarms called true.</param>
/// <param name="TrueNegatives">False alarms called false.</param>
/// <param name="FalsePositives">False alarms called true.</param>
/// <param name="FalseNegatives">True alarms called false.</param>
/// <param name="Records">How many recordings there are.</param>
/// <param name="Limits">The limits that were used.</param>
/// <param name="ByType">The same by alarm, which has the name that it has on the topic of anomalies.</param>
/// <param name="ByHalf">The same for recordings with even and with odd numbers.</param>
internal sealed record RhythmEvaluationReport(
    double Score, int TruePositives, int TrueNegatives, int FalsePositives, int FalseNegatives, int Records,
    RhythmLimits Limits, SortedDictionary<string, AlarmTally> ByType, SortedDictionary<string, AlarmTally> ByHalf)
{
    /// <summary>Each recording; absent unless they were asked for.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public RhythmVerdict[]? Verdicts { get; init; }

    public static RhythmEvaluationReport Of(List<AlarmOutcome> outcomes, RhythmLimits limits, bool records)
    {
        AlarmTally all = AlarmTally.Of(outcomes);
        var byType = new SortedDictionary<string, AlarmTally>(StringComparer.Ordinal);
        foreach (IGrouping<RhythmCondition, AlarmOutcome> type in outcomes.GroupBy(outcome => outcome.Record.Condition))
            byType[RhythmEvaluateCommand.TopicName(type.Key)] = AlarmTally.Of(type);
        var byHalf = new SortedDictionary<string, AlarmTally>(StringComparer.Ordinal)
        {
            ["evenNumbers"] = AlarmTally.Of(outcomes.Where(outcome => outcome.Record.IsOfTunedHalf)),
            ["oddNumbers"] = AlarmTally.Of(outcomes.Where(outcome => !outcome.Record.IsOfTunedHalf)),
        };
        RhythmVerdict[]? verdicts = records ? [.. outcomes.Select(outcome => new RhythmVerdict(outcome.Record.Name, RhythmEvaluateCommand.TopicName(outcome.Record.Condition), outcome.Record.IsTrue, outcome.IsCalledTrue, outcome.Verdict, outcome.Veto))] : null;
        return new(all.Score, all.TruePositives, all.TrueNegatives, all.FalsePositives, all.FalseNegatives, outcomes.Count, limits, byType, byHalf) { Verdicts = verdicts };
    }
}

/// <summary>The JSON of a recording.</summary>
/// <param name="Record">Its name.</param>
/// <param name="Alarm">The alarm, by its name on the topic of anomalies.</param>
/// <param name="Truth">Whether experts found it true.</param>
/// <param name="Said">Whether it was called true.</param>
/// <param name="Verdict">TP, TN, FP or FN.</param>
/// <param name="SuppressedBy">What spoke against it.</param>
internal sealed record RhythmVerdict(string Record, string Alarm, bool Truth, bool Said, string Verdict, Veto SuppressedBy);
