using PhysioActors.Seed.Terminal;
using Spectre.Console;

namespace PhysioActors.Seed.Tests.Terminal;

public sealed class WardViewTests
{
    [Fact]
    public void A_simulated_ward_says_plainly_that_it_is_simulated()
    {
        string text = Render(Samples.Ward);

        Assert.Contains("SIMULATED", text, StringComparison.Ordinal);
        Assert.Contains("no real patient", text, StringComparison.Ordinal);
        Assert.Contains("00:01:23", text, StringComparison.Ordinal);
        Assert.Contains("No anomaly is open.", text, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorded_data_is_not_called_simulated() =>
        Assert.DoesNotContain("SIMULATED", Render(Samples.Ward with { IsSimulated = false, Source = "recordings" }), StringComparison.Ordinal);

    [Fact]
    public void The_figures_are_shown()
    {
        string text = Render(Samples.Ward with { RatePerSecond = 1234.4, Lag = 56, Patients = 40, RecordsIn = 98765, DeadLetters = 3, Late = 4, Duplicates = 5, Raised = 12, PatientDays = 3 });

        foreach (string figure in (string[])["in 1,234/s", "lag 56", "patients 40", "records 98,765", "dead letters 3", "late 4", "duplicates 5", "alarms per patient-day 4.0"])
            Assert.Contains(figure, text, StringComparison.Ordinal);
    }

    [Fact]
    public void Alarms_per_patient_day_are_not_told_from_too_little_data() =>
        Assert.Contains("alarms per patient-day -", Render(Samples.Ward with { Raised = 1, PatientDays = 0.001 }), StringComparison.Ordinal);

    [Fact]
    public void Alarms_of_accelerated_episodes_are_told_as_such()
    {
        Assert.Contains("alarms per patient-day (accelerated) 4.0", Render(Samples.Ward with { Raised = 12, PatientDays = 3, Acceleration = 12 }), StringComparison.Ordinal);
        Assert.DoesNotContain("accelerated", Render(Samples.Ward), StringComparison.Ordinal);
    }

    [Fact]
    public void What_has_no_end_is_not_told_as_a_share() => Assert.DoesNotContain("sent", Render(Samples.Ward), StringComparison.Ordinal);

    [Fact]
    public void Open_anomalies_are_shown_with_their_reasons()
    {
        string text = Render(Samples.Ward with { Active = [Samples.Rule("default:p1", 1), Samples.Model("default:p2", 1), Samples.Silence("default:p3", 1)] });

        Assert.Contains("spo2 86.5 % (limit 90)", text, StringComparison.Ordinal);
        Assert.Contains("score 0.71 (limit 0.65), hr slope10m 4.25 (60%)", text, StringComparison.Ordinal);
        Assert.Contains("no data", text, StringComparison.Ordinal);
        Assert.Contains("2025-12-31 12:00:01", text, StringComparison.Ordinal);
    }

    [Fact]
    public void More_anomalies_than_fit_are_counted() =>
        Assert.Contains("and 8 more", Render(Samples.Ward with { Active = [.. Enumerable.Range(1, 20).Select(i => Samples.Rule("default:p" + i, 1))] }), StringComparison.Ordinal);

    [Fact]
    public void A_patients_id_cannot_inject_markup() =>
        Assert.Contains("[red]x[/]", Render(Samples.Ward with { Active = [Samples.Rule("default:[red]x[/]", 1)], Trouble = "[nonsense" }), StringComparison.Ordinal);

    [Fact]
    public void The_line_for_logs_has_the_same_figures()
    {
        string line = WardView.Line(Samples.Ward with { RatePerSecond = 1234, Lag = 5, Patients = 40, Progress = 0.5, Trouble = "database away" });

        Assert.Equal("00:01:23  1,234/s  lag 5  records 0  patients 40  active 0  raised 0  dead letters 0  sent 50%  (database away)", line);
    }

    private static string Render(WardSnapshot ward)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Ansi = AnsiSupport.No, ColorSystem = ColorSystemSupport.NoColors, Interactive = InteractionSupport.No, Out = new AnsiConsoleOutput(writer) });
        console.Profile.Width = 160;
        console.Write(WardView.Draw(ward));
        return writer.ToString();
    }
}
