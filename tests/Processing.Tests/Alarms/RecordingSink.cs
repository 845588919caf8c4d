using PhysioActors.Processing.Alarms;

namespace PhysioActors.Processing.Tests.Alarms;

/// <summary>Keeps what was decided.</summary>
internal sealed class RecordingSink : IAlarmSink
{
    private int _told;

    public List<AlarmEvent> Events { get; } = [];

    public List<(AlarmEvent Event, AlarmState? Alarm)> Told { get; } = [];

    public AlarmOrigin NextOrigin => new(_told + 1, 0);

    public void Take(in AlarmEvent decided, AlarmState? alarm, AlarmPauseState? pause)
    {
        Events.Add(decided);
        if (!decided.IsTold)
            return;
        _told++;
        Told.Add((decided, alarm));
    }
}
