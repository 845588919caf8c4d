namespace PhysioActors.Processing.Alarms;

/// <summary>Takes what is decided about alarms, in order.</summary>
public interface IAlarmSink
{
    /// <summary>Where the next told event will stand in the journal: the id of an alarm that begins with it.</summary>
    AlarmOrigin NextOrigin { get; }

    /// <summary>Takes an event that was applied to the state already.</summary>
    /// <param name="decided">What was decided.</param>
    /// <param name="alarm">The alarm as it stands after it; of an end as it stood, with the revision of the end. Null for pauses, resumptions and what is not told.</param>
    /// <param name="pause">The pause as it stands after it; of a resumption as it stood, with the revision of its end. Null for all else.</param>
    void Take(in AlarmEvent decided, AlarmState? alarm, AlarmPauseState? pause);
}
