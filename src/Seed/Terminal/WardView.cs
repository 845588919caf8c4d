using System.Globalization;
using PhysioActors.Shared.Anomalies;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace PhysioActors.Seed.Terminal;

/// <summary>Draws a <see cref="WardSnapshot"/>: as panels for a terminal, or as a line for a log.</summary>
internal static class WardView
{
    private const int MostActive = 12;
    private const int MostRecent = 6;

    /// <summary>The panels.</summary>
    public static IRenderable Draw(WardSnapshot ward)
    {
        var rows = new List<IRenderable> { Header(ward) };
        if (ward.Trouble is { } trouble)
            rows.Add(new Markup($"[black on yellow] {Markup.Escape(trouble)} [/]"));
        rows.Add(Figures(ward));
        rows.Add(ActiveTable(ward));
        if (ward.Recent.Count > 0)
            rows.Add(RecentTable(ward));
        return new Rows(rows);
    }

    /// <summary>One line with the figures, for output that is no terminal.</summary>
    public static string Line(WardSnapshot ward)
    {
        string line = string.Create(CultureInfo.InvariantCulture,
            $"{Clock(ward.Elapsed)}  {ward.RatePerSecond:#,0}/s  lag {ward.Lag:#,0}  records {ward.RecordsIn:#,0}  patients {ward.Patients:#,0}  active {ward.Active.Count:#,0}  raised {ward.Raised:#,0}  dead letters {ward.DeadLetters:#,0}");
        if (ward.Progress is { } progress)
            line += string.Create(CultureInfo.InvariantCulture, $"  sent {progress * 100:0}%");
        return ward.Trouble is { } trouble ? $"{line}  ({trouble})" : line;
    }

    private static Grid Header(WardSnapshot ward)
    {
        string source = ward.IsSimulated
            ? $"[black on cyan] SIMULATED [/] {Markup.Escape(ward.Source)}: no real patient"
            : Markup.Escape(ward.Source);
        var grid = new Grid { Expand = true }.AddColumn().AddColumn(new GridColumn().RightAligned().NoWrap());
        grid.AddRow($"[bold]PhysioActors[/] [grey]{Markup.Escape(ward.Cluster)}[/]  {source}", Clock(ward.Elapsed));
        return grid;
    }

    private static Panel Figures(WardSnapshot ward)
    {
        var grid = new Grid { Expand = true };
        for (int i = 0; i < 4; i++)
            grid.AddColumn();
        grid.AddRow(Figure("in", $"{Number(ward.RatePerSecond)}/s"), Figure("lag", Number(ward.Lag)), Figure("patients", Number(ward.Patients)), Figure("active anomalies", Number(ward.Active.Count)));
        grid.AddRow(Figure("records", Number(ward.RecordsIn)), Figure("late", Number(ward.Late)), Figure("duplicates", Number(ward.Duplicates)),
            Figure(ward.Acceleration > 1 ? "alarms per patient-day (accelerated)" : "alarms per patient-day", ward.AlarmsPerPatientDay is { } rate ? rate.ToString("0.0", CultureInfo.InvariantCulture) : "-"));
        grid.AddRow(Figure("accepted", Number(ward.Folded)), ward.DeadLetters == 0 ? Figure("dead letters", "0") : $"[red]{Figure("dead letters", Number(ward.DeadLetters))}[/]", Figure("raised", Number(ward.Raised)),
            ward.Progress is { } progress ? Figure("sent", progress.ToString("0%", CultureInfo.InvariantCulture)) : "");
        return new Panel(grid) { Border = BoxBorder.Rounded, Expand = true };
    }

    private static IRenderable ActiveTable(WardSnapshot ward)
    {
        if (ward.Active.Count == 0)
            return new Panel(new Markup("[green]No anomaly is open.[/]")) { Border = BoxBorder.Rounded, Expand = true };
        Table table = NewTable("Active anomalies").AddColumns("severity", "patient", "what", "why", "since (event time)");
        foreach (AnomalyMessage anomaly in ward.Active.Take(MostActive))
        {
            table.AddRow(
                $"[{Colour(anomaly.Severity)}]{anomaly.Severity.ToString().ToLowerInvariant()}[/]", Markup.Escape(anomaly.Patient), Markup.Escape(AnomalyText.Title(anomaly)),
                Markup.Escape(AnomalyText.Reason(anomaly)), AnomalyText.Time(anomaly.EventTimeMs));
        }

        if (ward.Active.Count > MostActive)
            table.Caption($"and {ward.Active.Count - MostActive} more");
        return table;
    }

    private static Table RecentTable(WardSnapshot ward)
    {
        Table table = NewTable("Latest events").AddColumns("event time", "patient", "event", "what", "why");
        foreach (AnomalyMessage anomaly in ward.Recent.Take(MostRecent))
        {
            table.AddRow(
                AnomalyText.Time(anomaly.EventTimeMs), Markup.Escape(anomaly.Patient), anomaly.State.ToString().ToLowerInvariant(), Markup.Escape(AnomalyText.Title(anomaly)), Markup.Escape(AnomalyText.Reason(anomaly)));
        }

        return table;
    }

    private static Table NewTable(string title) => new() { Border = TableBorder.Rounded, Expand = true, Title = new TableTitle(title) };

    private static string Colour(AnomalySeverity severity) => severity switch
    {
        AnomalySeverity.High => "red",
        AnomalySeverity.Medium => "yellow",
        _ => "cyan",
    };

    private static string Figure(string name, string value) => $"[grey]{name}[/] [bold]{value}[/]";

    private static string Number(double value) => value.ToString("#,0", CultureInfo.InvariantCulture);

    private static string Clock(TimeSpan elapsed) => elapsed.ToString(elapsed.TotalDays >= 1 ? @"d\d\ hh\:mm\:ss" : @"hh\:mm\:ss", CultureInfo.InvariantCulture);
}
