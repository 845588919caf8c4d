using System.CommandLine;
using System.Text.Json;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Options;
using Spectre.Console;

namespace PhysioActors.Seed.Commands;

/// <summary><c>physio patient</c>: one patient's state, windows, filters and newest events, folded from the journal.</summary>
internal sealed class PatientCommand : PhysioCommand
{
    private const int StandardEntries = 10;

    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    private readonly Argument<string> _patient = new("ID") { Description = "The patient, namespace:id; without a namespace, 'default' is meant." };
    private readonly Option<int?> _entries = FeedOptions.Integer("--entries", $"Show the events of so many newest journal entries. Standard: {StandardEntries}.", 0, 10_000);
    private readonly Option<bool> _json = new("--json") { Description = "Print JSON." };

    public PatientCommand(GlobalOptions global, CommandHost host)
        : base("patient", "Shows a patient as the journal has it: alarms, ECG, early warning, weight, filters, windows and newest events.",
        [
            ("patient simulated:p0001", "a patient of the simulated ward"),
            ("patient ward7:4711 --entries 100 --json", "more of the journal, for a script"),
        ])
    {
        Add(_patient);
        Add(_entries);
        Add(_json);
        SetAction(async (parse, cancellationToken) =>
        {
            PhysioOptions options = global.Load(parse, host).Connected(host.Folder);
            string patient = PatientArgument.Canonical(parse.GetRequiredValue(_patient));
            PatientReport report = await PatientReport.ReadAsync(options, patient, parse.GetValue(_entries) ?? StandardEntries, host.Time, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandFailedException($"The journal of cluster {options.Cluster} has no patient {patient}.", "Patients appear with their first accepted observation or order.");
            if (parse.GetValue(_json))
                await host.Output.WriteLineAsync(JsonSerializer.Serialize(report, s_json)).ConfigureAwait(false);
            else
                Print(report, host);
            return ExitCodes.Ok;
        });
    }

    private static void Print(PatientReport report, CommandHost host)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(host.Output), Interactive = InteractionSupport.No, Ansi = host.IsInteractive ? AnsiSupport.Detect : AnsiSupport.No });
        if (!host.IsInteractive)
            console.Profile.Width = 240;
        PatientView.Draw(report, console);
    }
}
