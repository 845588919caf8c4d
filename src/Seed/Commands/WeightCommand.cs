using System.CommandLine;
using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Replay.Sets;
using PhysioActors.Processing.Weight;
using PhysioActors.Seed.Clinical;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using Spectre.Console;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio weight</c>: the weight service without a cluster, and how well it does.</summary>
internal sealed class WeightCommand : PhysioCommand
{
    /// <summary>How all results of the command are written.</summary>
    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web) { WriteIndented = true, Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) } };

    public WeightCommand(CommandHost host)
        : base("weight", "Filters body weight without a cluster: takes weighings by themselves, or measures how well recorded or simulated people are followed.",
        [
            ("weight step --measurement 2026-01-31T08:00:00Z,81.4kg --json", "a first weighing; prints the state to hand in with the next"),
            ("weight evaluate recordings/weight", "a table with a row for each person"),
            ("weight simulate", "what is said while a weight truly changes"),
        ])
    {
        Add(new WeightStepCommand(host));
        Add(new WeightEvaluateCommand(host));
        Add(new WeightSimulateCommand(host));
    }

    /// <summary><c>--configuration FILE</c>.</summary>
    internal static Option<string?> Configuration() => new("--configuration") { Description = "Constants of the model as JSON, {\"gate\": 3}. Those left out are as the service uses them.", HelpName = "FILE" };
}

/// <summary><c>physio weight step</c>: state in, weighings in; state and results out.</summary>
internal sealed class WeightStepCommand : PhysioCommand
{
    // Far more than a state has; whatever is longer is none.
    private const int MaximumStateBytes = 64 << 10;

    private readonly Option<string?> _state = new("--state") { Description = "The state from before: a file, '-' for standard input, or the text itself. Standard: nothing is known yet. One that is damaged is told and begun anew; one of an earlier version is migrated, one of a later refused.", HelpName = "FILE|-|TEXT" };
    private readonly Option<string[]> _measurements = new("--measurement") { Description = $"A weighing: {WeightEntry.Form}. A time without zone is UTC; without unit it is kilograms, without source the patient's own scale. May be repeated, in the order of arrival.", HelpName = "ENTRY", Required = true };
    private readonly Option<string?> _out = new("--out") { Description = "Also write the state to this file. A file that holds something else is not written over.", HelpName = "FILE" };
    private readonly Option<string?> _configuration = WeightCommand.Configuration();
    private readonly Option<bool> _json = new("--json") { Description = "Print state and results as JSON." };

    public WeightStepCommand(CommandHost host)
        : base("step", "Takes weighings by themselves: state in, weighing in, state and result out. The last line of the output is the state; nothing is kept.",
        [
            ("weight step --state patient.state --measurement 2026-01-31T08:00:00Z,179.5lb,manual --out patient.state", "one more weighing, in pounds"),
            ("weight step --state patient.state --measurement 2026-01-31T08:00:00Z,96.2kg,care-team,confirmed --json", "one that somebody stands for"),
        ])
    {
        foreach (Option option in (Option[])[_state, _measurements, _out, _configuration, _json])
            Add(option);
        SetAction(parse => Run(parse, host));
    }

    private int Run(ParseResult parse, CommandHost host)
    {
        WeightConfiguration configuration = WeightConfigurationFile.Read(parse.GetValue(_configuration), host.Folder);
        WeightMeasurement[] measurements = Array.ConvertAll(parse.GetRequiredValue(_measurements), Entry);
        WeightStateCondition condition = ReadState(parse.GetValue(_state), host, out WeightState state, out string? problem);
        using OutputFile? file = parse.GetValue(_out) is { } path ? OutputFile.Check("--out", path, host.Folder, "physio-weight."u8) : null;
        var results = new List<WeightResultReport>();
        foreach (WeightMeasurement measurement in measurements)
        {
            (state, WeightResult result) = WeightService.Handle(state, measurement, configuration);
            results.Add(WeightResultReport.Of(measurement, result));
        }

        string text = WeightStateText.Write(state);
        file?.Write(stream => stream.Write(Encoding.ASCII.GetBytes(text + "\n")));
        if (parse.GetValue(_json))
        {
            host.Output.WriteLine(JsonSerializer.Serialize(new WeightStepReport(text, state.EncodedLength, condition, problem, results), WeightCommand.Json));
            return ExitCodes.Ok;
        }

        foreach (WeightResultReport result in results)
        {
            string verdict = WeightWords.Verdict(WeightEvaluation.Word(result.Outcome), result.Reason is { } reason ? WeightEvaluation.Word(reason) : null, result.Confidence, result.PredictionError);
            string estimate = WeightWords.Estimate(result.Filtered, result.Lower, result.Upper, result.TrendPerWeek);
            host.Output.WriteLine($"{result.Time:u}  {WeightWords.Weighing(result.Kilograms)}: {verdict}; weight {estimate}");
        }

        host.Output.WriteLine(text);
        return ExitCodes.Ok;
    }

    private static WeightMeasurement Entry(string entry)
    {
        try
        {
            return WeightEntry.Parse(entry);
        }
        catch (FormatException exception)
        {
            throw new CommandFailedException($"--measurement: {exception.Message}.", "As in --measurement 2026-01-31T08:00:00Z,81.4kg,care-team.", ExitCodes.Usage);
        }
    }

    /// <summary>Reads the state and tells on standard error whatever is to be known of it.</summary>
    private static WeightStateCondition ReadState(string? given, CommandHost host, out WeightState state, out string? problem)
    {
        WeightStateCondition condition = WeightStateText.Read(StateText(given, host, out string place), out state, out problem);
        switch (condition)
        {
            case WeightStateCondition.Newer:
                throw new CommandFailedException($"{place} is of a later version of this program: {problem}", "Use that program, or leave --state out to begin anew.", ExitCodes.Usage);
            case WeightStateCondition.Corrupted:
                host.Error.WriteLine($"{place} is damaged: {problem} The weight begins anew, as for somebody of whom nothing is known. If there is an earlier copy of the state, hand that in instead.");
                break;
            case WeightStateCondition.Migrated:
                host.Error.WriteLine($"{place} is of an earlier version, and was brought to version {WeightState.Version}.");
                break;
            case WeightStateCondition.Absent when given is not null:
                host.Error.WriteLine($"{place} is empty: the weight begins as for somebody of whom nothing is known.");
                break;
        }

        return condition;
    }

    /// <summary>The text of a state: that of a file if there is one of that name, else what was given, if it was meant as one.</summary>
    private static string? StateText(string? given, CommandHost host, out string place)
    {
        place = $"--state {given}";
        if (given is null)
            return null;
        if (given == "-")
        {
            place = "--state - (standard input)";
            char[] text = new char[MaximumStateBytes];
            return new string(text, 0, Console.In.ReadBlock(text, 0, text.Length));
        }

        if (given.Length > 0 && !Path.Exists(Path.GetFullPath(given, host.Folder)) && WeightStateText.IsMeant(given))
        {
            place = "The text of --state";
            return given;
        }

        return Encoding.UTF8.GetString(InputFile.Read(
            "--state", given, host.Folder, MaximumStateBytes, "Nor is it a state itself (physio-weight.BASE64.CHECKSUM). Leave --state out for somebody of whom nothing is known."));
    }
}

/// <summary><c>physio weight evaluate</c>: how well series of weighings are predicted, and what becomes of planted errors.</summary>
internal sealed class WeightEvaluateCommand : PhysioCommand
{
    private readonly Argument<string> _folder = new("DIR") { Description = "A folder with tables (.csv) that have a date or day and a weight in each row." };
    private readonly Option<bool> _planted = new("--planted") { Description = "Also put errors into the series (wrong units, other people, swapped digits), and count those that are rejected, and with which reason." };
    private readonly Option<bool> _leaveOneOut = new("--leave-one-out") { Description = "Also judge each person with constants that were chosen on the others." };
    private readonly Option<string?> _configuration = WeightCommand.Configuration();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public WeightEvaluateCommand(CommandHost host)
        : base("evaluate", "Runs the service over each person's weighings with one set of constants: errors of predicting the next weighing, how many are accepted, how many lie in their 95 % interval.",
        [
            ("weight evaluate recordings/weight", "a table"),
            ("weight evaluate recordings/weight --planted --leave-one-out --json", "everything, for a script"),
        ])
    {
        Add(_folder);
        foreach (Option option in (Option[])[_planted, _leaveOneOut, _configuration, _json])
            Add(option);
        SetAction(parse => Run(parse, host));
    }

    private int Run(ParseResult parse, CommandHost host)
    {
        WeightConfiguration configuration = WeightConfigurationFile.Read(parse.GetValue(_configuration), host.Folder);
        string given = parse.GetRequiredValue(_folder);
        string folder = Path.GetFullPath(given, host.Folder);
        if (!Directory.Exists(folder))
            throw new CommandFailedException($"{given} {(File.Exists(folder) ? "is a file" : "does not exist")}.", "Name a folder with tables of weighings.", ExitCodes.Usage);
        var files = new RecordingReport(Path.GetFileName(folder));
        List<WeightSeries> people = [.. WeightSet.Read(new RecordingPlace(folder), files)];
        foreach (RecordingProblem problem in files.Problems.Take(5))
            host.Error.WriteLine(problem.ToString());
        if (people.Count == 0)
            throw new CommandFailedException($"{given} has no table of weighings.", $"Expected are {new WeightSet().Form}.");

        var pooled = new WeightEvaluation();
        var reports = new List<WeightPersonReport>();
        foreach (WeightSeries series in people)
        {
            var evaluation = new WeightEvaluation();
            evaluation.Add(series, configuration);
            reports.Add(evaluation.Report(series.Person));
            pooled.Add(evaluation);
        }

        var report = new WeightEvaluationReport(
            reports,
            pooled.Report("pooled"),
            parse.GetValue(_planted) ? WeightPlanting.Run(people, configuration) : null,
            parse.GetValue(_leaveOneOut) ? WeightLeaveOneOut.Run(people, configuration) : null);
        if (parse.GetValue(_json))
            host.Output.WriteLine(JsonSerializer.Serialize(report, WeightCommand.Json));
        else
            Print(report, host);
        return ExitCodes.Ok;
    }

    private static void Print(WeightEvaluationReport report, CommandHost host)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Output), Interactive = InteractionSupport.No, Ansi = host.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!host.IsInteractive)
            console.Profile.Width = 240;
        Table table = new Table { Border = TableBorder.Rounded }.AddColumns("person", "weighings", "predicted", "accepted", "in 95 %", "rms kg", "rms: last weight", "10 days", "10 weighings", "below last", "mean abs kg", "abs: last weight", "below last");
        foreach (WeightPersonReport person in report.People.Append(report.Pooled))
        {
            table.AddRow(
                Markup.Escape(person.Person), N(person.Weighings), N(person.Predicted), P(person.Acceptance), P(person.InsideInterval),
                N(person.Filter?.Rms), N(person.Last?.Rms), N(person.Average?.Rms), N(person.AverageByCount?.Rms), P(person.BelowLast),
                N(person.Filter?.MeanAbsolute), N(person.Last?.MeanAbsolute), P(person.BelowLastAbsolute));
        }

        console.Write(table);
        foreach (WeightPlantedReport planted in report.Planted ?? [])
            console.MarkupLineInterpolated($"planted {planted.Kind}: {planted.Planted}, rejected {planted.Rejected}, with its reason {planted.WithItsReason}{(planted.AsOneOfTwo == 0 ? "" : $", of these {planted.AsOneOfTwo} as one of two")} ({string.Join(", ", planted.Outcomes.Select(o => $"{o.Key} {o.Value}"))})");
        if (report.LeaveOneOut is { } leftOut)
            console.MarkupLineInterpolated($"each person with constants chosen on the others: rms {P(leftOut.BelowLast)} below that of the last weight, mean absolute {P(leftOut.BelowLastAbsolute)}");
    }

    private static string N(int count) => count.ToString(CultureInfo.InvariantCulture);

    private static string N(double? value) => value is { } number ? number.ToString("0.000", CultureInfo.InvariantCulture) : "-";

    private static string P(double? share) => share is { } number ? number.ToString("0.0 %", CultureInfo.InvariantCulture) : "-";
}
