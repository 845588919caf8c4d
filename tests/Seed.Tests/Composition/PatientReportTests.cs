using System.Text.Json;
using PhysioActors.Processing.Patients;
using PhysioActors.Processing.Runtime.Postgres;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;
using Spectre.Console;

namespace PhysioActors.Seed.Tests.Composition;

/// <summary>How old the things are that <c>physio patient</c> shows.</summary>
public sealed class PatientReportTests
{
    private const string Patient = "ward:bed-1";
    private const long Now = 1_795_262_400_000;
    private const long Minute = 60_000;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    [Fact]
    public void Ages_are_told_as_of_the_newest_observation_and_as_of_now()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        long stopped = Now - (57 * Minute);
        Send(actor, state, 0, stopped - 3000, stopped - 3000, (SignalCode.CuffSystolic, 120), (SignalCode.SpO2, 97));
        Send(actor, state, 1, stopped, stopped, (SignalCode.SpO2, 97));
        PatientReport report = Report(state, Now);
        Assert.Equal((57 * 60, 57 * 60, stopped), (report.NewestAgeSeconds, report.SilentSeconds, report.NewestEventTime!.Value.ToUnixTimeMilliseconds()));
        News2PartReport pressure = report.Scores.News2!.Parts.Single(part => part.Parameter == "systolic-pressure");
        Assert.Equal((3.0, (57 * 60) + 3.0), (pressure.AgeSeconds, pressure.AgeNowSeconds));
        Assert.Equal([(57 * 60) + 3.0, 57 * 60], report.Signals.OrderBy(signal => signal.Code, StringComparer.Ordinal).Select(signal => signal.AgeNowSeconds));
        string screen = Screen(report);
        Assert.Contains("as of the newest observation 2026-11-21 11:03:00Z (57 min ago)", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("(3 s", screen, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_of_years_ago_that_is_sent_now_is_new()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        long recorded = Now - (10L * 365 * 86_400_000);
        Send(actor, state, 0, recorded, Now - 2500, (SignalCode.SpO2, 97), (SignalCode.CuffSystolic, 120));
        Send(actor, state, 1, recorded + (10 * Minute), Now - 2000, (SignalCode.SpO2, 97));
        PatientReport report = Report(state, Now);
        Assert.Equal(2, report.NewestAgeSeconds);
        News2PartReport pressure = report.Scores.News2!.Parts.Single(part => part.Parameter == "systolic-pressure");
        Assert.Equal((600.0, 602.0), (pressure.AgeSeconds, pressure.AgeNowSeconds));
        Assert.Contains("as of the newest observation 2016-11-23 12:10:00Z (2 s ago)", Screen(report), StringComparison.Ordinal);
    }

    [Fact]
    public void What_a_person_told_has_its_age_by_the_clock_of_people()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        Send(actor, state, 0, Now - (60 * Minute), Now - (60 * Minute), (SignalCode.SpO2, 97));
        Assert.Null(actor.Handle(state, new CommandMessage(Patient, CommandKind.SetOxygen, "", "nurse", null, Now - Minute) { Oxygen = OxygenStatus.Air }, Now - Minute));
        News2PartReport oxygen = Report(state, Now).Scores.News2!.Parts.Single(part => part.Parameter == "supplemental-oxygen");
        Assert.Equal((0.0, 60.0), (oxygen.AgeSeconds, oxygen.AgeNowSeconds));
    }

    [Fact]
    public void Messages_that_come_too_late_to_count_make_nothing_newer()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        Send(actor, state, 0, Now - (60 * Minute), Now - (60 * Minute), (SignalCode.SpO2, 97));
        Assert.Equal(Disposition.Late, Handle(actor, state, 1, Now - (90 * Minute), Now - 1000, (SignalCode.SpO2, 96)));
        PatientReport report = Report(state, Now);
        Assert.Equal((3600.0, 1.0), (report.NewestAgeSeconds, report.SilentSeconds));
    }

    [Fact]
    public void A_clock_that_is_ahead_makes_no_age_negative()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        Send(actor, state, 0, Now, Now, (SignalCode.SpO2, 97));
        PatientReport report = Report(state, Now - 5000);
        Assert.Equal((0.0, 0.0, 0.0), (report.NewestAgeSeconds, report.SilentSeconds, report.Signals[0].AgeNowSeconds));
    }

    [Fact]
    public void An_alarm_of_which_nobody_knows_whether_it_lasts_says_so()
    {
        var actor = new PatientActor(ActorConfiguration.Default, null);
        var state = new PatientState(Patient);
        Send(actor, state, 0, Now, Now, (SignalCode.SpO2, 82));
        actor.HandleTick(state, Now + (11 * Minute));
        PatientReport report = Report(state, Now + (11 * Minute));
        Assert.Equal(["news2 True", "no-data False", "spo2-low True"], report.Open.Select(open => $"{open.Rule ?? open.Kind} {open.Unknown}").Order(StringComparer.Ordinal));
        Assert.Contains("unknown whether it lasts", Screen(report), StringComparison.Ordinal);
        using JsonDocument json = JsonDocument.Parse(JsonSerializer.Serialize(report, s_json));
        foreach (string field in new[] { "readAt", "newestEventTime", "newestAgeSeconds", "lastArrival", "silentSeconds" })
            Assert.True(json.RootElement.TryGetProperty(field, out _), field);
    }

    private static PatientReport Report(PatientState state, long nowMs) =>
        PatientReport.Of(new JournaledPatient(Patient, 0, true, null, 0, null, default, []), state, 0, DateTimeOffset.FromUnixTimeMilliseconds(nowMs));

    private static string Screen(PatientReport report)
    {
        using var writer = new StringWriter();
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(writer), Interactive = InteractionSupport.No, Ansi = AnsiSupport.No });
        console.Profile.Width = 240;
        PatientView.Draw(report, console);
        return writer.ToString();
    }

    private static void Send(PatientActor actor, PatientState state, long sequence, long timeMs, long logMs, params (SignalCode Code, double Value)[] readings) =>
        Assert.Equal(Disposition.Folded, Handle(actor, state, sequence, timeMs, logMs, readings));

    private static Disposition Handle(PatientActor actor, PatientState state, long sequence, long timeMs, long logMs, params (SignalCode Code, double Value)[] readings)
    {
        var observation = new DecodedObservation { PatientKey = "ward:bed-1"u8.ToArray(), Device = "monitor"u8.ToArray(), TimeMs = timeMs, Sequence = sequence };
        foreach ((SignalCode code, double value) in readings)
        {
            Assert.True(SignalCodes.Quantise(code, value, out ushort steps));
            observation.TryAdd(new Reading(code, true, steps, timeMs, ReadingQuality.Ok, ReadingSource.Unspecified));
        }

        return actor.Handle(state, observation, logMs);
    }
}
