using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using PhysioActors.Seed.Composition;
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
        : base("patient", "Shows a patient as the journal has it: filters, windows, open anomalies and newest events.",
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
            PatientReport report = await PatientReport.ReadAsync(options, patient, parse.GetValue(_entries) ?? StandardEntries, cancellationToken).ConfigureAwait(false)
                ?? throw new CommandFailedException($"The journal of cluster {options.Cluster} has no patient {patient}.", "Patients appear with their first accepted observation.");
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
        console.MarkupLineInterpolated($"[bold]{report.Patient}[/]  encounter {report.Encounter ?? "-"}  newest {report.NewestEventTime:u}  {(report.InMemory ? "in memory" : "passivated")}  entries {report.Sequence}, snapshot at {report.SnapshotSequence}");
        if (report.Score is { } score)
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"score {score:0.000}, threshold {report.Threshold:0.000}, model {report.Model ?? "none"}");
        foreach (DeviceReport device in report.Devices)
            console.MarkupLineInterpolated($"device {device.Name}, session {device.Session ?? "-"}, newest {device.NewestEventTime:u}{(device.HoldsObservation ? ", one observation held" : "")}");
        if (report.Orders?.ToString() is { Length: > 0 } orders)
            console.MarkupLineInterpolated($"orders {orders}");
        foreach (PauseReport pause in report.Pauses)
            console.MarkupLineInterpolated($"{pause.What} paused until {pause.Until:u} by {pause.By}");
        console.Write(Signals(report));
        foreach (OpenAnomalyReport open in report.Open)
            console.MarkupLineInterpolated($"[red]open[/] {open.Rule ?? open.Kind}, {open.Severity}, since {open.Since:u}, revision {open.Revision}{(open.Acknowledged ? ", acknowledged" : "")}");
        foreach (EventReport decided in report.Events)
            console.MarkupLineInterpolated($"[grey]{decided.Sequence,8}[/]  {decided.Event,-24}  {decided.Text}");
    }

    private static Table Signals(PatientReport report)
    {
        Table table = new Table { Border = TableBorder.Rounded }.AddColumns("signal", "filtered", "±", "window", "n", "mean", "sd", "min", "max", "slope/min", "missing");
        foreach (SignalReport signal in report.Signals)
        {
            bool first = true;
            foreach ((string name, WindowReport window) in signal.Windows)
            {
                table.AddRow(
                    first ? Markup.Escape($"{signal.Code} {signal.Unit}") : "", first ? N(signal.Level) : "", first ? N(signal.StandardError) : "",
                    name, N(window.Count), N(window.Mean), N(window.StandardDeviation), N(window.Minimum), N(window.Maximum), N(window.SlopePerMinute), window.MissingShare.ToString("0%", CultureInfo.InvariantCulture));
                first = false;
            }
        }

        return table;
    }

    private static string N(double? value) => value is { } number ? number.ToString("0.##", CultureInfo.InvariantCulture) : "-";
}
