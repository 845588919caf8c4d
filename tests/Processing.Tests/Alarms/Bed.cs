using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Binary;

namespace PhysioActors.Processing.Tests.Alarms;

/// <summary>A patient's alarms with seconds for times. Event time is behind log time, as with a device whose clock is slow.</summary>
internal sealed class Bed(AlarmSettings settings, long lagMs = 7_000)
{
    public const long Start = 1_795_262_400_000;

    public RecordingSink Sink { get; } = new();

    public PatientAlarms Alarms { get; private set; } = new(settings);

    public void Assess(double second, ConditionId condition, Presence presence, AnomalySeverity? priority = null, long key = 0) =>
        Alarms.Assess(
            Assessment.Of(condition, presence) with { Priority = priority ?? AlarmConditions.Get(condition).Priority, Key = key }, At(second) - lagMs, At(second), Sink);

    public void Tick(double second) => Alarms.Tick(At(second), Sink);

    public AlarmCommandOutcome Acknowledge(double second, ConditionId condition) =>
        Alarms.Acknowledge(Alarms.Find(condition)?.Origin ?? default, "nurse.adams", "seen", At(second), At(second), Sink);

    public AlarmCommandOutcome Pause(double second, PauseKind kind, int seconds) =>
        Alarms.Pause(kind, seconds * 1000, "nurse.adams", "suction", At(second), At(second), Sink);

    public AlarmCommandOutcome Resume(double second) => Alarms.Resume("nurse.adams", "", At(second), At(second), Sink);

    public double? Deadline => Alarms.DeadlineMs() is { } deadline ? (deadline - Start) / 1000.0 : null;

    /// <summary>What was told: second of log time, what, and of which condition.</summary>
    public IEnumerable<(double Second, AlarmEventKind Kind, ConditionId Condition)> Told => Sink.Told.Select(told => ((told.Event.LogMs - Start) / 1000.0, told.Event.Kind, told.Event.Condition));

    /// <summary>Puts the state through its stored form.</summary>
    public void Reload()
    {
        byte[] bytes = Bytes(Alarms);
        var reader = new PayloadReader(bytes);
        Alarms = PatientAlarms.Decode(ref reader, settings);
        Assert.True(reader.AtEnd);
        Assert.Equal(bytes, Bytes(Alarms));
    }

    public static byte[] Bytes(PatientAlarms alarms)
    {
        var writer = new PayloadWriter();
        alarms.Encode(writer);
        return writer.Written.ToArray();
    }

    public static long At(double second) => Start + (long)(second * 1000);
}
