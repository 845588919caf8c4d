using FsCheck;
using FsCheck.Fluent;

using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Tests.Alarms.Model;

namespace PhysioActors.Processing.Tests.Alarms;

/// <summary>The machine against its executable specification, over random histories of conditions, commands, ticks, reloads and replays.</summary>
public sealed class PatientAlarmsModelTests
{
    private const int FaultHistories = 4000;
    private const ulong Seed = 20_261_121;

    // More of them on demand: PHYSIO_ALARM_HISTORIES=30000 dotnet test --filter Alarms_do_what_the_specification_says
    private static readonly int Histories =
        int.Parse(Environment.GetEnvironmentVariable("PHYSIO_ALARM_HISTORIES") ?? "600", System.Globalization.CultureInfo.InvariantCulture);

    [Fact]
    public void Alarms_do_what_the_specification_says()
    {
        Step[]? found = Find(Fault.None, Histories, out string? difference);
        Assert.True(found is null, $"{difference}\nafter\n{string.Join('\n', (IEnumerable<Step>?)found ?? [])}");
    }

    public static TheoryData<Fault> Faults => [.. Enum.GetValues<Fault>().Where(fault => fault != Fault.None)];

    [Theory]
    [MemberData(nameof(Faults))]
    public void A_broken_machine_is_found_out_with_a_short_history(Fault fault)
    {
        Step[]? found = Find(fault, FaultHistories, out string? difference);
        Assert.NotNull(found);
        Assert.NotNull(difference);
        Assert.InRange(found.Length, 1, 8);
        // What is left is needed, all of it: without any one step nothing would be noticed.
        Assert.All(Enumerable.Range(0, found.Length), i => Assert.Null(Difference([.. found[..i], .. found[(i + 1)..]], fault)));
    }

    [Fact]
    public void The_random_histories_reach_everything_that_can_happen()
    {
        Fact[] facts = [.. Steps.Histories.Generator.Sample(300).SelectMany(steps => AlarmSubject.Of(steps, Timing.OfConditions).Facts)];
        foreach (AlarmEventKind kind in Enum.GetValues<AlarmEventKind>().Where(kind => kind != AlarmEventKind.PhaseChanged))
            Assert.Contains(facts, fact => fact.Kind == kind);
        foreach (EndCause cause in Enum.GetValues<EndCause>())
            Assert.Contains(facts, fact => fact.Cause == cause);
        foreach (ResumeCause cause in Enum.GetValues<ResumeCause>())
            Assert.Contains(facts, fact => fact.Resumed == cause);
        Assert.Contains(facts, fact => fact is { Kind: AlarmEventKind.Reminded, IsAcknowledged: false });
    }

    [Fact]
    public void More_ticks_change_nothing()
    {
        string? found = null;
        Property property = Prop.ForAll(Steps.Histories, steps =>
        {
            bool same = Outcome(steps) == Outcome(steps.SelectMany(WithTicks));
            found = same ? found : string.Join('\n', steps.AsEnumerable());
            return same;
        });
        Check.One(Config.Quick.WithMaxTest(500).WithReplay(Seed, 1).WithRunner(new Silent()), property);
        Assert.Null(found);

        static string Outcome(IEnumerable<Step> steps) => string.Join('\n', AlarmSubject.Of(steps, Timing.OfConditions).Facts);

        static IEnumerable<Step> WithTicks(Step step) => [.. Enumerable.Repeat(new Step(StepKind.Tick, 1), step.Wait), step with { Wait = 0 }];
    }

    /// <summary>Looks for a history in which subject and specification differ, and makes it as short as it gets.</summary>
    private static Step[]? Find(Fault fault, int histories, out string? difference)
    {
        Step[]? smallest = null;
        string? told = null;
        Property property = Prop.ForAll(Steps.Histories, steps =>
        {
            if (Difference(steps, fault) is not { } found)
                return true;
            // Once one has failed only smaller ones are tried, so the last that fails is the smallest.
            (smallest, told) = (steps, found);
            return false;
        });
        Check.One(Config.Quick.WithMaxTest(histories).WithReplay(Seed, 1).WithRunner(new Silent()), property);
        difference = told;
        return smallest;
    }

    private static string? Difference(Step[] steps, Fault fault)
    {
        Model.Outcome specified = AlarmSpecification.Of(steps, Timing.OfConditions);
        try
        {
            return AlarmSubject.Of(steps, Timing.OfConditions, fault).DifferenceFrom(specified);
        }
        catch (InvalidDataException exception)
        {
            return exception.Message;
        }
    }

    /// <summary>Prints nothing: a test says what it found by failing.</summary>
    private sealed class Silent : IRunner
    {
        public void OnStartFixture(Type t)
        {
        }

        public void OnArguments(
            int ntest,
            Microsoft.FSharp.Collections.FSharpList<object> args,
            Microsoft.FSharp.Core.FSharpFunc<int, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string>> every)
        {
        }

        public void OnShrink(Microsoft.FSharp.Collections.FSharpList<object> args, Microsoft.FSharp.Core.FSharpFunc<Microsoft.FSharp.Collections.FSharpList<object>, string> everyShrink)
        {
        }

        public void OnFinished(string name, TestResult testResult)
        {
        }
    }
}
