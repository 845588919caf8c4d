using PhysioActors.Ingest.Replay;
using PhysioActors.Ingest.Tests.Support;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Ingest.Tests.Replay;

public sealed class ReplayTimelineTests
{
    private static readonly DateTimeOffset _start = DateTimeOffset.FromUnixTimeMilliseconds(1_700_000_000_000);

    [Fact]
    public void All_patients_start_together_and_the_longest_ends_now()
    {
        ReplayTimeline timeline = new([Patient("a", 10), Patient("b", 4)], new TimelineOptions("r") { Now = _start });
        List<Seen> seen = [.. timeline.Observations().Select(Seen.Of)];
        Assert.Equal(_start.ToUnixTimeMilliseconds(), seen[^1].TimeMs);
        Assert.Equal(_start.ToUnixTimeMilliseconds() - 9_000, seen[0].TimeMs);
        Assert.Equal(seen[0].TimeMs, seen.First(s => s.Patient == "t:b").TimeMs);
        Assert.Equal((timeline.StartMs, timeline.EndMs), (seen[0].TimeMs, seen[^1].TimeMs));
    }

    [Fact]
    public void Patients_of_a_run_of_their_own_are_told_apart_by_its_name_copies_too()
    {
        ReplayTimeline timeline = new([Patient("a", 2)], new TimelineOptions("r") { Start = _start, Patients = 2, PatientSuffix = "-x" });
        Assert.Equal(["t:a-x", "t:a-copy2-x"], timeline.Observations().Select(Seen.Of).Select(seen => seen.Patient).Distinct());
    }

    [Fact]
    public void Observations_are_merged_in_the_order_of_time_and_ties_in_the_order_of_patients()
    {
        ReplayTimeline timeline = new([Patient("a", 3, 1_000), Patient("b", 5, 500)], new TimelineOptions("r") { Start = _start });
        Assert.Equal(
            ["a0", "b0", "b500", "a1000", "b1000", "b1500", "a2000", "b2000"],
            timeline.Observations().Select(d => $"{d.Patient[2..]}{d.TimeMs - timeline.StartMs}"));
    }

    [Fact]
    public void A_loop_goes_on_in_time_and_sequence_for_each_patient_by_itself()
    {
        ReplayTimeline timeline = new([Patient("a", 3, 1_000), Patient("b", 2, 1_000)], new TimelineOptions("r") { Start = _start, Loop = true });
        List<Seen> seen = [.. timeline.Observations().Take(2_000).Select(Seen.Of)];
        foreach (IGrouping<string, Seen> patient in seen.GroupBy(s => s.Patient))
        {
            List<Seen> own = [.. patient];
            Assert.Equal(1_000, own.Count);
            for (int i = 0; i < own.Count; i++)
            {
                Assert.Equal(i, own[i].Sequence);
                Assert.Equal(timeline.StartMs + (i * 1_000L), own[i].TimeMs);
            }
        }

        Assert.Equal(seen[0][SignalCode.HeartRate], seen.Where(s => s.Patient == "t:a").ElementAt(3)[SignalCode.HeartRate]);
        Assert.Equal(5, timeline.ObservationCount);
    }

    [Fact]
    public void Parts_of_a_patient_do_not_overlap_and_share_one_sequence()
    {
        Recording first = Record("t:a", 3, 1_000, part: 0);
        Recording second = Record("t:a", 2, 1_000, part: 1);
        ReplayTimeline timeline = new([new PatientRecordings("t:a", [second, first])], new TimelineOptions("r") { Start = _start });
        Assert.Equal([(0, 0), (1_000, 1), (2_000, 2), (12_000, 3), (13_000, 4)], timeline.Observations().Select(d => (d.TimeMs - timeline.StartMs, d.Sequence)));
    }

    [Fact]
    public void Fewer_patients_are_the_first_and_more_are_copies_under_further_ids()
    {
        PatientRecordings[] two = [Patient("a", 1), Patient("b", 1)];
        Assert.Equal(["t:a"], Ids(new ReplayTimeline(two, new TimelineOptions("r") { Start = _start, Patients = 1 })));
        ReplayTimeline five = new(two, new TimelineOptions("r") { Start = _start, Patients = 5 });
        Assert.Equal(["t:a", "t:b", "t:a-copy2", "t:b-copy2", "t:a-copy3"], Ids(five));
        Assert.Equal(5, five.Observations().Select(d => d.Device).Distinct().Count());
        Assert.Throws<ArgumentOutOfRangeException>(() => new ReplayTimeline(two, new TimelineOptions("r") { Start = _start, Patients = 0 }));
    }

    [Fact]
    public void Session_and_encounter_name_the_run_and_the_interval_is_declared_where_it_holds()
    {
        Recording declaring = Record("t:a", 1, 1_000, part: 0, declares: true);
        Recording silent = Record("t:b", 1, 1_000, part: 0);
        ReplayTimeline timeline = new([new PatientRecordings("t:a", [declaring]), new PatientRecordings("t:b", [silent])], new TimelineOptions("run 7") { Start = _start });
        List<Seen> seen = [.. timeline.Observations().Select(Seen.Of)];
        Assert.All(seen, s => Assert.Equal(("run 7", "run 7"), (s.Session, s.Encounter)));
        Assert.Equal([1_000, 0], seen.Select(s => s.IntervalMs));
    }

    private static IEnumerable<string> Ids(ReplayTimeline timeline) => timeline.Observations().Select(d => d.Patient);

    private static PatientRecordings Patient(string id, int rows, int stepMs = 1_000) => new($"t:{id}", [Record($"t:{id}", rows, stepMs, 0)]);

    private static NumericRecording Record(string patient, int rows, int stepMs, int part, bool declares = false)
    {
        RecordingBuilder builder = new(new RecordingIdentity(patient, $"{patient}-device", stepMs) { Part = part, DeclaresInterval = declares }, new RecordingReport("made here"));
        for (int i = 0; i < rows; i++)
        {
            Assert.True(builder.TryBegin((long)i * stepMs));
            Assert.True(builder.TryAdd(SignalCode.HeartRate, 60 + i, ReadingSource.Monitor));
            builder.End();
        }

        return builder.Build()!;
    }
}
