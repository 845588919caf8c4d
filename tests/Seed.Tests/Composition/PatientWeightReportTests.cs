using System.Text.Json;
using PhysioActors.Processing.Patients;
using PhysioActors.Seed.Composition;
using PhysioActors.Seed.Terminal;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Seed.Tests.Composition;

public sealed class PatientWeightReportTests : IDisposable
{
    private const long Start = 1_767_254_400_000; // 2026-01-01 08:00.
    private const long DayMs = 86_400_000;
    private static readonly JsonSerializerOptions s_json = new(JsonSerializerDefaults.Web);

    private readonly TestHost _host = new();

    public void Dispose() => _host.Dispose();

    [Fact]
    public async Task A_patient_tells_of_a_weighing_what_the_pure_call_tells_under_the_same_names()
    {
        double[] weighings = [81.2, 81.4, 81.1, 81.5, 86.8, 81.3];
        PatientState state = Patient(weighings, out _);
        JsonElement told = JsonSerializer.SerializeToElement(PatientWeightReport.Of(state), s_json);

        List<string> arguments = ["weight", "step", "--json"];
        for (int day = 0; day < weighings.Length; day++)
            arguments.AddRange("--measurement", FormattableString.Invariant($"2026-01-{1 + day:00}T08:00:00Z,{weighings[day]}kg"));
        Assert.Equal(0, await _host.RunAsync([.. arguments]));
        JsonElement results = JsonDocument.Parse(_host.Output.ToString()).RootElement.GetProperty("results");
        JsonElement last = results[5];
        Assert.Equal([.. last.EnumerateObject().Select(property => property.Name), "lastRejection"], told.EnumerateObject().Select(property => property.Name));
        Assert.All(last.EnumerateObject(), property => Assert.Equal(property.Value.ToString(), told.GetProperty(property.Name).ToString()));
        Assert.True(told.GetProperty("accepted").GetBoolean());
        JsonElement rejection = told.GetProperty("lastRejection");
        Assert.Equal(("other-person-or-shift", 86.8, 0.1), (rejection.GetProperty("reason").GetString(), rejection.GetProperty("kilograms").GetDouble(), rejection.GetProperty("confidence").GetDouble()));
        Assert.All(rejection.EnumerateObject(), property => Assert.Equal(results[4].GetProperty(property.Name).ToString(), property.Value.ToString()));
    }

    [Fact]
    public void Before_a_course_begins_a_patient_needs_initialisation_and_before_the_first_weighing_there_is_nothing()
    {
        Assert.Null(PatientWeightReport.Of(new PatientState("ward:bed-1")));
        PatientWeightReport begun = PatientWeightReport.Of(Patient([81.2, 81.4], out _))!;
        Assert.Equal((true, "queued", false, null, null, null), (begun.NeedsInitialisation, begun.Outcome, begun.Accepted, begun.Confidence, begun.Filtered, begun.LastRejection));
    }

    [Fact]
    public void A_patients_weight_is_told_in_lines_with_the_weighing_that_came_last_and_the_last_rejection()
    {
        string[] lines = [.. WeightWords.Lines(PatientWeightReport.Of(Patient([81.2, 81.4, 81.1, 81.5, 86.8, 81.3], out _)))];
        Assert.Equal(3, lines.Length);
        Assert.Matches(@"^weight   81\.\d\d kg \(\d\d\.\d\d to \d\d\.\d\d\), [+-]0\.\d\d kg a week, as of 2026-01-06 08:00:00Z$", lines[0]);
        Assert.Matches(@"^weighing 81\.30 kg, 2026-01-06 08:00:00Z: accepted, confidence 0\.95, -0\.\d\d kg from the prediction$", lines[1]);
        Assert.Matches(@"^rejected 86\.80 kg, 2026-01-05 08:00:00Z: rejected \(other-person-or-shift\), confidence 0\.1, \+5\.\d\d kg from the prediction$", lines[2]);
        Assert.Equal(["weight   needs more weighings that agree", "weighing 81.20 kg, 2026-01-01 08:00:00Z: queued"], WeightWords.Lines(PatientWeightReport.Of(Patient([81.2], out _))));
        Assert.Empty(WeightWords.Lines(null));
    }

    [Fact]
    public void The_journal_tells_outcome_reason_confidence_and_error_of_each_weighing()
    {
        Patient([81.2, 81.4, 81.1, 81.5, 179.6], out List<string> events);
        Assert.Equal("81.20 kg: queued; weighed 2026-01-01 08:00:00", events[0]);
        Assert.Matches(@"^81\.50 kg: accepted, confidence 0\.95, \+0\.\d\d kg from the prediction; weighed 2026-01-04 08:00:00$", events[3]);
        Assert.Matches(@"^179\.60 kg: rejected \(pounds-as-kilograms\), confidence 0\.1, \+98\.\d\d kg from the prediction; weighed 2026-01-05 08:00:00$", events[4]);
    }

    private static PatientState Patient(double[] weighings, out List<string> events)
    {
        var state = new PatientState("ward:bed-1");
        var actor = new PatientActor(ActorConfiguration.Default, null);
        events = [];
        for (int day = 0; day < weighings.Length; day++)
        {
            var observation = new DecodedObservation { PatientKey = "ward:bed-1"u8.ToArray(), Device = "scale"u8.ToArray(), TimeMs = Start + (day * DayMs), Sequence = day };
            Assert.True(SignalCodes.Quantise(SignalCode.Weight, weighings[day], out ushort steps));
            observation.TryAdd(new Reading(SignalCode.Weight, true, steps, observation.TimeMs, ReadingQuality.Ok, ReadingSource.Unspecified));
            Assert.Equal(Disposition.Folded, actor.Handle(state, observation, observation.TimeMs));
            events.AddRange(EntryReader.Read(actor.Decision.Entry).Select(decided => EventReport.Of(state.Sequence, decided)).Where(told => told.Event == "WeightJudged").Select(told => told.Text));
        }

        return state;
    }
}
