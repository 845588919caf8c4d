using PhysioActors.Processing.Signals.Pulse;
using PhysioActors.Processing.Signals.Rhythm;

namespace PhysioActors.Processing.Tests.Signals.Rhythm;

/// <summary>Whatever becomes of the ECG, a heart whose pulse is seen stands not still and does not fibrillate.</summary>
public class DisturbanceTests
{
    public static TheoryData<string, PulseKind> Disturbances()
    {
        var data = new TheoryData<string, PulseKind>();
        string[] names =
        [
            "sine 1", "sine 3", "sine 5", "sine 8", "sine 10", "square 1", "square 2.5", "square 5", "flat", "off", "infinite", "saturated", "clipped",
            "mains 50", "mains 60", "hum 50", "hum 60", "wander 2", "wander 5", "spikes 2", "spikes 5", "paced 5", "muscle", "faint",
            "motion 24", "motion 18", "motion 12", "motion 6", "motion 0", "motion -6",
        ];
        foreach (string name in names)
        {
            data.Add(name, PulseKind.Plethysmogram);
            data.Add(name, PulseKind.ArterialPressure);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Disturbances))]
    public void While_a_good_pulse_goes_on_a_disturbed_ECG_is_neither_asystole_nor_fibrillation(string disturbance, PulseKind pulse)
    {
        List<RhythmChange> changes = DisturbedSignal.Play(DisturbedSignal.Named(disturbance), pulse);
        Assert.DoesNotContain(changes, change => change.Kind == RhythmChangeKind.Began && change.Condition is RhythmCondition.Asystole or RhythmCondition.VentricularFibrillation);
    }

    [Theory]
    [InlineData("flat", RhythmCondition.Asystole)]
    [InlineData("sine 5", RhythmCondition.VentricularFibrillation)]
    public void The_pulse_is_what_suppresses_it(string disturbance, RhythmCondition condition)
    {
        List<RhythmChange> changes = DisturbedSignal.Play((t, lead, value) => DisturbedSignal.Named(disturbance)(t, lead, value) + (0.02 * SyntheticHeart.Noise(lead, (long)(t * 1000))), PulseKind.Plethysmogram);
        Assert.Equal(Veto.Plethysmogram, changes.Find(change => change.Condition == condition && change.Kind == RhythmChangeKind.Suppressed).Veto);
    }

    [Theory]
    [InlineData("flat", RhythmCondition.Asystole)]
    [InlineData("sine 5", RhythmCondition.VentricularFibrillation)]
    public void The_same_without_a_pulse_is_alarmed_on(string disturbance, RhythmCondition condition)
    {
        List<RhythmChange> changes = DisturbedSignal.Play((t, lead, value) => DisturbedSignal.Named(disturbance)(t, lead, value) + (0.02 * SyntheticHeart.Noise(lead, (long)(t * 1000))), PulseKind.Plethysmogram, pulseEnds: 25);
        Assert.Contains(changes, change => change.Condition == condition && change.Kind == RhythmChangeKind.Began);
    }

    [Theory]
    [InlineData(50)]
    [InlineData(125)]
    [InlineData(360)]
    [InlineData(1000)]
    public void At_any_rate_samples_without_a_value_or_beyond_all_bounds_break_nothing_and_raise_nothing(double hz)
    {
        List<RhythmChange> changes = DisturbedSignal.Play(
            (t, lead, value) => ((long)(t * hz) % 7) switch { 0 => double.NaN, 1 => double.NegativeInfinity, 2 => double.MaxValue, _ => value },
            PulseKind.ArterialPressure,
            hz: hz);
        Assert.DoesNotContain(changes, change => change.Kind == RhythmChangeKind.Began && change.Condition is RhythmCondition.Asystole or RhythmCondition.VentricularFibrillation);
    }
}
