using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Processing.Weight;
using PhysioActors.Seed.Clinical;
using Spectre.Console;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio weight simulate</c>: what the service says while a person's weight truly changes, and of weighings that are not the person's.</summary>
internal sealed class WeightSimulateCommand : PhysioCommand
{
    private const int StandardPeople = 200;

    private readonly Option<int?> _people = FeedOptions.Integer("--people", $"So many people of each kind. Standard: {StandardPeople}.", 1, 100_000);
    private readonly Option<string?> _configuration = WeightCommand.Configuration();
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public WeightSimulateCommand(CommandHost host)
        : base("simulate", "Simulates people whose true weight is known: gains and losses of 2 to 10 kg, and for contrast wrong units, exchanged digits and housemates. Tells reasons, and how soon a change is followed.",
        [
            ("weight simulate", "two tables; the same figures each time"),
            ("weight simulate --people 1000 --json", "more people, for a script"),
        ])
    {
        foreach (Option option in (Option[])[_people, _configuration, _json])
            Add(option);
        SetAction(parse =>
        {
            WeightConfiguration configuration = WeightConfigurationFile.Read(parse.GetValue(_configuration), host.Folder);
            int people = parse.GetValue(_people) ?? StandardPeople;
            var report = new WeightSimulationReport(WeightShifts.Shifts(people, configuration), WeightShifts.Mistakes(people, configuration));
            if (parse.GetValue(_json))
                host.Output.WriteLine(JsonSerializer.Serialize(report, WeightCommand.Json));
            else
                Print(report, host);
            return ExitCodes.Ok;
        });
    }

    private static void Print(WeightSimulationReport report, CommandHost host)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Output), Interactive = InteractionSupport.No, Ansi = host.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!host.IsInteractive)
            console.Profile.Width = 240;
        Table shifts = new Table { Border = TableBorder.Rounded }.AddColumns("weighing", "over days", "kg", "people", "with a rejection", "rejected, median", "90 %", "hours, median", "90 %", "followed", "reasons of the rejections");
        foreach (WeightShiftReport shift in report.Shifts)
        {
            shifts.AddRow(
                shift.Habit, N(shift.SpreadDays), N(shift.Kilograms), N(shift.People), P(shift.PeopleRejected, shift.People), N(shift.MedianRejected), N(shift.MostRejected),
                N(shift.MedianHours), N(shift.MostHours), P(shift.Followed, shift.People), Shares(shift.Reasons));
        }

        console.Write(shifts);
        Table mistakes = new Table { Border = TableBorder.Rounded }.AddColumns("weighing", "not this person's weight", "planted", "rejected", "with its reason", "as one of two", "what was said");
        foreach (WeightMistakeReport mistake in report.Mistakes)
        {
            WeightPlantedReport found = mistake.Found;
            mistakes.AddRow(mistake.Habit, mistake.Mistake, N(found.Planted), P(found.Rejected, found.Planted), P(found.WithItsReason, found.Planted), P(found.AsOneOfTwo, found.Planted), Shares(found.Outcomes));
        }

        console.Write(mistakes);
    }

    private static string Shares(IReadOnlyDictionary<string, int> counts)
    {
        int all = counts.Values.Sum();
        return Markup.Escape(string.Join(", ", counts.OrderByDescending(count => count.Value).Select(count => $"{count.Key} {P(count.Value, all)}")));
    }

    private static string N(double? value) => value is { } number ? number.ToString("0.#", CultureInfo.InvariantCulture) : "-";

    private static string P(int count, int of) => of == 0 ? "-" : ((double)count / of).ToString("0 %", CultureInfo.InvariantCulture);
}
