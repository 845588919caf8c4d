using System.Globalization;
using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Seed.Composition;
using PhysioActors.Shared.Signals;
using Spectre.Console;

namespace PhysioActors.Seed.Terminal;

/// <summary>Draws a <see cref="PatientReport"/>: who, what is alarming, what was measured, what was decided last.</summary>
internal static class PatientView
{
    /// <summary>Writes the report.</summary>
    public static void Draw(PatientReport report, IAnsiConsole console)
    {
        console.MarkupLineInterpolated($"[bold]{report.Patient}[/]  encounter {report.Encounter ?? "-"}  as of the newest observation {report.NewestEventTime:u}{Ago(report.NewestAgeSeconds)}  {(report.InMemory ? "in memory" : "passivated")}  entries {report.Sequence}, snapshot at {report.SnapshotSequence}");
        foreach (DeviceReport device in report.Devices)
            console.MarkupLineInterpolated($"device   {device.Name}, session {device.Session ?? "-"}, newest {device.NewestEventTime:u}{Ago(device.SilentSeconds)}{(device.HoldsObservation ? ", one observation held" : "")}");
        if (report.Ecg is { } ecg)
            console.MarkupLineInterpolated($"ECG      heart rate [bold]{(ecg.HeartRate is { } rate ? N(rate, "0") : "-")}[/] /min, {string.Join(", ", ecg.Leads.Select(lead => $"{lead.Signal} {lead.Quality}"))}, as of {ecg.Time:u}");
        foreach (WaveformReport waveform in report.Waveforms)
        {
            if (waveform.Remark is { } remark)
                console.MarkupLineInterpolated($"[yellow]waveform[/] {remark}");
        }

        if (report.Pulse.Count > 0)
            console.MarkupLineInterpolated($"pulse    {string.Join(", ", report.Pulse.Select(Describe))}");
        console.MarkupLineInterpolated($"scores   {Describe(report.Scores)}");
        foreach (string line in WeightWords.Lines(report.Weight))
            console.MarkupLineInterpolated($"{line}");
        if (report.Score is { } score)
            console.MarkupLineInterpolated(CultureInfo.InvariantCulture, $"model    score {score:0.000}, threshold {report.Threshold:0.000}, {report.Model ?? "none"}");
        console.MarkupLineInterpolated(
            CultureInfo.InvariantCulture,
            $"alarms   {report.Alarms.Physiological} so far and {report.Alarms.Technical} technical; kept back by delay {report.Alarms.SuppressedByDelay}, by hysteresis {report.Alarms.SuppressedByHysteresis}, by corroboration {report.Alarms.SuppressedByCorroboration}");
        if (report.Orders?.ToString() is { Length: > 0 } orders)
            console.MarkupLineInterpolated($"orders   {orders}");
        foreach (PauseReport pause in report.Pauses)
            console.MarkupLineInterpolated($"[yellow]paused[/]   {pause.What} until {pause.Until:u}, by {pause.By}");
        foreach (OpenAnomalyReport open in report.Open)
            console.MarkupLineInterpolated($"[red]open[/]     {open.Rule ?? open.Kind}, {open.Severity}, since {open.Since:u}{Limit(open)}{Standing(open)}{(open.Acknowledged ? ", acknowledged" : open.Sound == "on" ? "" : $", {open.Sound}")}; id {open.AnomalyId}, revision {open.Revision}");
        // The weight that counts stands above: that of the service, not that of the filter which all signals have.
        SignalReport[] signals = [.. report.Signals.Where(signal => report.Weight?.Filtered is null || signal.Code != AnomalyText.Name(SignalCode.Weight))];
        if (signals.Length > 0)
            console.Write(Table(signals));
        foreach (EventReport decided in report.Events)
            console.MarkupLineInterpolated($"[grey]{decided.Sequence,8}[/]  {decided.Event,-24}  {decided.Text}");
    }

    private static string Ago(double? seconds) => seconds is { } known ? $" ({AnomalyText.Ago(known)} ago)" : "";

    private static string Standing(OpenAnomalyReport open) => open switch
    {
        { Latched: true, Unknown: true } => ", latched: whether it is over is unknown, and nobody has acknowledged it",
        { Latched: true } => ", latched: over, and nobody has acknowledged it",
        { Unknown: true } => ", unknown whether it lasts: what tells it is missing",
        _ => "",
    };

    private static string Limit(OpenAnomalyReport open) =>
        open.Threshold is { } threshold ? $", limit {N(threshold)}{(open.LimitOrigin is { } origin ? $" ({origin})" : "")}" : "";

    private static string Describe(ScoresReport scores)
    {
        var parts = new List<string>();
        if (scores.News2 is { } news)
            parts.Add(news.Text);
        if (scores.ShockIndex is { } index)
            parts.Add($"shock index {N(index.Value)}");
        if (scores.MeanPressure is { } mean)
            parts.Add($"mean pressure {N(mean.Value, "0")} mmHg");
        if (scores.PulsePressure is { } pulse)
            parts.Add($"pulse pressure {N(pulse.Value, "0")} mmHg");
        if (scores.News2 is null || !scores.News2.Text.Contains("assumed", StringComparison.Ordinal))
            parts.Add(scores.IsAgeAssumed ? "age unknown: an adult's limits are assumed" : $"limits of {scores.AgeClass}");
        return string.Join("; ", parts);
    }

    private static string Describe(PulseReport pulse)
    {
        string pressure = pulse is { Systolic: { } systolic, Diastolic: { } diastolic, Mean: { } mean } ? $" {N(systolic, "0")}/{N(diastolic, "0")}, mean {N(mean, "0")} mmHg" : "";
        return $"{pulse.Signal}{pressure} ({(pulse.Quality >= PulseDetector.GoodQuality ? "good" : "poor")})";
    }

    private static Table Table(IEnumerable<SignalReport> signals)
    {
        Table table = new Table { Border = TableBorder.Rounded }.AddColumns("signal", "filtered", "±", "arrived", "window", "n", "mean", "sd", "min", "max", "slope/min", "missing");
        foreach (SignalReport signal in signals)
        {
            bool first = true;
            foreach ((string name, WindowReport window) in signal.Windows)
            {
                table.AddRow(
                    first ? Markup.Escape($"{signal.Code} {signal.Unit}") : "", first ? N(signal.Level) : "", first ? N(signal.StandardError) : "", first && signal.AgeNowSeconds is { } age ? $"{AnomalyText.Ago(age)} ago" : "",
                    name, N(window.Count), N(window.Mean), N(window.StandardDeviation), N(window.Minimum), N(window.Maximum), N(window.SlopePerMinute), window.MissingShare.ToString("0%", CultureInfo.InvariantCulture));
                first = false;
            }
        }

        return table;
    }

    private static string N(double? value, string form = "0.##") => value is { } number ? number.ToString(form, CultureInfo.InvariantCulture) : "-";
}
