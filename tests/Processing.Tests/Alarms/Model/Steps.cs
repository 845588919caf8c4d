using FsCheck;
using FsCheck.Fluent;

using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Tests.Alarms.Model;

/// <summary>Random histories, and how a failing one is made smaller.</summary>
public static class Steps
{
    private const int Longest = 60;

    /// <summary>Histories of up to 60 steps.</summary>
    public static Arbitrary<Step[]> Histories { get; } = Arb.From(
        Gen.Choose(1, Longest).SelectMany(length => Gen.ArrayOf(Any(), length)),
        Smaller);

    /// <summary>Smaller histories: without a part of it, or with one step made simpler. The steps behind a removed one keep their distance from each other.</summary>
    public static IEnumerable<Step[]> Smaller(Step[] steps)
    {
        for (int part = steps.Length / 2; part >= 1; part /= 2)
        {
            for (int from = 0; from + part <= steps.Length; from += part)
                yield return [.. steps[..from], .. steps[(from + part)..]];
        }

        for (int i = 0; i < steps.Length; i++)
        {
            foreach (Step simpler in Simpler(steps[i]))
                yield return [.. steps[..i], simpler, .. steps[(i + 1)..]];
        }
    }

    private static Gen<Step> Any() =>
        from kind in Gen.Frequency(
            (60, Gen.Constant(StepKind.Assess)), (4, Gen.Constant(StepKind.Silence)), (10, Gen.Constant(StepKind.Tick)), (12, Gen.Constant(StepKind.Acknowledge)), (6, Gen.Constant(StepKind.Pause)),
            (2, Gen.Constant(StepKind.Resume)), (1, Gen.Constant(StepKind.Discharge)), (5, Gen.Constant(StepKind.Reload)), (4, Gen.Constant(StepKind.Replay)))
        from wait in Gen.Frequency((4, Gen.Constant(0)), (6, Gen.Choose(1, 3)), (2, Gen.Choose(4, 8)), (1, Gen.Choose(9, 30)))
        from condition in Gen.Elements(Timing.OfConditions.Keys.Order().ToArray())
        from presence in Gen.Frequency(
            (10, Gen.Constant(Presence.Present)), (5, Gen.Constant(Presence.Absent)), (2, Gen.Constant(Presence.Near)), (2, Gen.Constant(Presence.Unknown)), (2, Gen.Constant(Presence.Vetoed)), (2, Gen.Constant(Presence.Unmeasured)))
        from priority in Gen.Frequency((2, Gen.Constant(AnomalySeverity.Low)), (5, Gen.Constant(AnomalySeverity.Medium)), (2, Gen.Constant(AnomalySeverity.High)))
        from key in Gen.Choose(0, 2)
        from hasValue in Gen.Elements(false, true)
        from ends in Gen.Frequency((5, Gen.Constant(default(EndCause))), (1, Gen.Constant(EndCause.TooYoung)), (1, Gen.Constant(EndCause.Pregnancy)))
        from offset in Gen.Frequency((8, Gen.Constant(0)), (2, Gen.Choose(-3, 3)))
        from pause in Gen.Elements(PauseKind.Audio, PauseKind.Alarms)
        from seconds in Gen.Choose(1, 12)
        select kind switch
        {
            StepKind.Assess => new Step(kind, wait, condition, presence, priority, key, offset, HasValue: hasValue, Ends: presence == Presence.Absent ? ends : default),
            StepKind.Silence => new Step(kind, wait, EventOffset: offset),
            StepKind.Acknowledge => new Step(kind, wait, condition),
            StepKind.Pause => new Step(kind, wait, Pause: pause, Seconds: seconds),
            _ => new Step(kind, wait),
        };

    private static IEnumerable<Step> Simpler(Step step)
    {
        if (step.Wait > 0)
            yield return step with { Wait = 0 };
        if (step.Wait > 1)
            yield return step with { Wait = step.Wait - 1 };
        if (step.EventOffset != 0)
            yield return step with { EventOffset = 0 };
        if (step.Key != 0)
            yield return step with { Key = 0 };
        if (step.Ends != default)
            yield return step with { Ends = default };
        if (step.HasValue)
            yield return step with { HasValue = false };
        if (step.Seconds > 1)
            yield return step with { Seconds = step.Seconds - 1 };
        if (step.Kind == StepKind.Assess && step.Priority != AnomalySeverity.Medium)
            yield return step with { Priority = AnomalySeverity.Medium };
    }
}
