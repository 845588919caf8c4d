using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>Why conditions cannot be told any more.</content>
public sealed partial class PatientActor
{
    /// <summary>Time goes on at an earlier one: a delay that began at the time before would not end.</summary>
    /// <param name="Code">The signal whose conditions are meant; <see cref="SignalCode.None"/> for all.</param>
    /// <param name="TimeMs">The time from which it goes on.</param>
    private readonly record struct TimeWentBack(SignalCode Code, long TimeMs) : IDoubt
    {
        public Doubted? About(AlarmState alarm) =>
            alarm.Phase == AlarmPhase.Pending && alarm.SinceMs > TimeMs && (Code == SignalCode.None || AlarmConditions.Get(alarm.Condition).Code == Code)
                ? new(Presence.Unknown, TimeMs)
                : null;
    }

    /// <summary>The ECG has stopped while other things come.</summary>
    /// <param name="IsRateTold">True while a device tells the heart rate.</param>
    /// <param name="TimeMs">When.</param>
    private readonly record struct EcgIsLost(bool IsRateTold, long TimeMs) : IDoubt
    {
        public Doubted? About(AlarmState alarm)
        {
            // What a nurse measured is not the ECG's to forget.
            if (alarm.Phase == AlarmPhase.Suspended)
                return null;
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            return condition.Kind == ConditionKind.Rhythm || condition.IsOfWaveform || (condition.Kind == ConditionKind.Limit && condition.Code == SignalCode.HeartRate && !IsRateTold)
                ? new(Presence.Unknown, TimeMs)
                : null;
        }
    }

    /// <summary>A signal that came regularly has stopped while other things come.</summary>
    /// <param name="Code">Which.</param>
    /// <param name="TimeMs">When.</param>
    private readonly record struct SignalIsLost(SignalCode Code, long TimeMs) : IDoubt
    {
        public Doubted? About(AlarmState alarm)
        {
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            return condition.Kind == ConditionKind.Limit && condition.Code == Code ? new(Presence.Unknown, TimeMs) : null;
        }
    }

    /// <summary>By the patient's time a value is so old that it holds no longer, or the configuration has its limit no longer: its alarm would stay open for ever.</summary>
    private readonly record struct ValueIsGone(PatientActor Actor, PatientState State) : IDoubt
    {
        public Doubted? About(AlarmState alarm)
        {
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            if (condition.Kind != ConditionKind.Limit)
                return null;
            if (!Actor.IsJudged(condition))
                return new(Presence.Unknown, State.NewestMs);
            // Unmeasured is what it became by then.
            return alarm.Phase == AlarmPhase.Suspended || (condition.Code == SignalCode.HeartRate && HasEcgRate(State)) || !IsGone(State, condition.Code, State.NewestMs)
                ? null
                : new(IsMeasuredNowAndThen(State, condition.Code) ? Presence.Unmeasured : Presence.Unknown, State.NewestMs);
        }
    }

    /// <summary>By log time nobody has told for so long what a condition rests on that nobody knows how it stands. Each is dated by the clock that told of it.</summary>
    private readonly record struct NobodyTells(PatientActor Actor, PatientState State, long LogMs) : IDoubt
    {
        public Doubted? About(AlarmState alarm)
        {
            if (!(Actor.DoubtMs(State, alarm) <= LogMs))
                return null;
            AlarmCondition condition = AlarmConditions.Get(alarm.Condition);
            if (condition.Kind == ConditionKind.Rhythm || condition.IsOfWaveform || RestsOnEcg(State, condition.Code))
                return new(Presence.Unknown, State.EcgMs + (LogMs - State.EcgLogMs));
            if (condition.Kind == ConditionKind.Limit && State.Source(condition.Code).LogMs != 0)
                return new(IsMeasuredNowAndThen(State, condition.Code) ? Presence.Unmeasured : Presence.Unknown, TimeOf(State, condition.Code, LogMs));
            return new(Presence.Unknown, State.NewestMs + (LogMs - State.LogMs));
        }
    }
}
