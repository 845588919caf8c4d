using PhysioActors.Processing.Patients;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Simulation.Tests.Journals;
using PhysioActors.Simulation.Tests.World;
using Xunit.Abstractions;

namespace PhysioActors.Simulation.Tests;

/// <summary>A week of a ward through the engine.</summary>
public sealed class WardWeekTests(ITestOutputHelper output)
{
    private const int Troubles = 60;

    [Fact]
    public void Over_a_week_no_alarm_repeats_and_none_is_lost_through_50_crashes_and_take_overs()
    {
        var feed = new WardWeekFeed(() => new PatientActor(ActorConfiguration.Default, SimulationRun.Model));
        WardWeekRun calm = Run(feed, 1, 0, transactional: true);
        Assert.Equal(0, calm.Crashes);
        foreach (bool transactional in new[] { true, false })
        {
            WardWeekRun troubled = Run(feed, 2, Troubles, transactional);
            Assert.True(troubled.Crashes >= 40 && troubled.TakeOvers >= 50, $"{troubled.Crashes} crashes and {troubled.TakeOvers} take-overs are too few.");
            for (int shard = 0; shard < WardWeekFeed.Partitions; shard++)
                Compare(feed.Readers[shard], calm, troubled, shard);
        }
    }

    [Fact]
    public void An_actor_that_takes_silence_for_news_is_found_out_by_what_it_tells_in_a_week()
    {
        var feed = new WardWeekFeed(() => new PatientActor(ActorConfiguration.Default, SimulationRun.Model) { DoubtsSilence = false });
        Assert.All(feed.Readers, reader => Assert.NotNull(SilenceCheck.Of(reader.Anomalies).Complaint));
    }

    private WardWeekRun Run(WardWeekFeed feed, ulong seed, int troubles, bool transactional)
    {
        var run = new WardWeekRun(feed, seed, troubles, transactional);
        Assert.True(run.Run(), $"Not all was handled: {string.Join(", ", run.Store.Shards)}\n{string.Join('\n', run.Trace.Lines.TakeLast(20))}");
        Assert.Null(run.Trace.Failure);
        output.WriteLine($"{run.Crashes} crashes, {run.TakeOvers} take-overs, {run.Store.Commits.Count} commits, {string.Join(", ", run.Store.Shards.Select(row => row.Counters))}");
        return run;
    }

    /// <summary>Whoever reads the topic learns from it where each limit comes from, and what each score is made of.</summary>
    private void TellWhatTheyRestOn(AnomalyMessage[] messages)
    {
        AnomalyMessage[] limits = [.. messages.Where(message => message is { Kind: AnomalyKind.Rule, Threshold: not null })];
        Assert.All(limits, message => Assert.True(message.LimitOrigin != LimitOrigin.None && message.AgeClass != AgeClass.Unknown, message.EventId));
        AnomalyMessage[] scores = [.. messages.Where(message => message is { Rule: "news2", Score: not null })];
        Assert.All(scores, message => Assert.Equal(message.Score, message.News2!.Parts.Sum(part => part.Points)));
        Assert.All(scores, message => Assert.Equal(Enum.GetValues<News2Parameter>(), message.News2!.Parts.Select(part => part.Parameter)));
        // An update of evidence is news: points at a trigger, what has none, scale or age differ from what was told before.
        foreach (IGrouping<string, AnomalyMessage> episode in scores.GroupBy(message => message.AnomalyId))
        {
            foreach ((AnomalyMessage before, AnomalyMessage after) in episode.Zip(episode.Skip(1)).Where(pair => pair.Second.Change == AnomalyChange.Evidence))
            {
                Assert.NotEqual(News(before), News(after));
                Assert.True(after.EventTimeMs - before.EventTimeMs >= 60_000, after.EventId);
            }
        }

        output.WriteLine($"{limits.Length} messages of limits: {string.Join(", ", limits.CountBy(message => message.LimitOrigin))}; {scores.Length} of NEWS2, {scores.Count(message => message.News2!.IsLowerBound)} lower bounds, {scores.Count(message => message.Threshold is null)} below the triggers");
        Assert.True(limits.Length > 0 && scores.Any(message => message.News2!.IsLowerBound));

        static (double?, string, int, bool) News(AnomalyMessage message) =>
            (message.Threshold is null ? null : message.Score, string.Join(' ', message.News2!.Parts.Where(part => part.Standing != News2Standing.Scored).Select(part => part.Parameter)), message.News2.SpO2Scale, message.IsAgeAssumed);
    }

    private void Compare(Reference reader, WardWeekRun calm, WardWeekRun troubled, int shard)
    {
        List<byte[]> expected = calm.Anomalies(shard), told = troubled.Anomalies(shard);
        Assert.Equal(reader.AnomalyIds.Count, expected.Count);
        Assert.Equal(expected.Count, told.Count);
        for (int i = 0; i < expected.Count; i++)
            Assert.True(expected[i].AsSpan().SequenceEqual(told[i]), $"Shard {shard}, anomaly message {i} differs.");

        AnomalyMessage[] messages = [.. told.Select(message => AnomalyJson.Parse(message.AsMemory(Array.IndexOf(message, (byte)'{'))))];
        Assert.Equal(messages.Length, messages.Select(message => message.EventId).Distinct().Count());
        AnomalyMessage[] raised = [.. messages.Where(message => message.State == AnomalyState.Raised)];
        Assert.Equal(raised.Length, raised.Select(message => message.AnomalyId).Distinct().Count());
        // So that the week is not an empty one.
        output.WriteLine($"shard {shard}: {messages.Length} messages, raised: {string.Join(", ", raised.GroupBy(message => message.Kind).Select(kind => $"{kind.Count()} {kind.Key}"))}");
        Assert.True(raised.Length > 100 && raised.Any(message => message.Kind == AnomalyKind.Rhythm));
        TellWhatTheyRestOn(messages);
        var silences = SilenceCheck.Of(messages);
        output.WriteLine($"{silences.Silences} silences, {silences.Ended} alarms that ended or latched in them as unknown, {silences.Kept} of spot checks that stayed open");
        Assert.Null(silences.Complaint);
        Assert.True(silences.Silences > 0 && silences.Ended > 0);
        Assert.Equal(reader.Entries.ContainsKey(WardWeekFeed.SpotChecked), silences.Kept > 0);

        foreach (string patient in reader.Entries.Keys)
        {
            StoredPatient stored = troubled.Store.Patient(patient)!;
            Assert.Equal(reader.Entries[patient].Count, stored.Entries.Count);
            for (int i = 0; i < stored.Entries.Count; i++)
                Assert.True(reader.Entries[patient][i].AsSpan().SequenceEqual(stored.Entries[i].Payload), $"Entry {i + 1} of {patient} differs.");
            PatientState state = PatientState.Decode(patient, stored.Snapshot);
            foreach (StoredEntry entry in stored.Entries.Skip((int)state.Sequence))
                state.Apply(entry.Sequence, entry.Payload, entry.Samples);
            Assert.Equal(Reference.Encode(reader.States[patient]), Reference.Encode(state));
        }
    }
}
