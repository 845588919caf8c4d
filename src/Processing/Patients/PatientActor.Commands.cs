using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;

namespace PhysioActors.Processing.Patients;

/// <content>What people ask for.</content>
public sealed partial class PatientActor
{
    // How far the clock of who gives an order may be from the log's, and how long an order may be on its way.
    private const int ClockDifferenceMs = 60_000;

    /// <summary>Handles a command.</summary>
    /// <param name="state">The patient's state; changed.</param>
    /// <param name="command">The command.</param>
    /// <param name="logMs">Its log time.</param>
    /// <returns>Null when it was followed, or asks for what is so already; else why not.</returns>
    public Refusal? Handle(PatientState state, CommandMessage command, long logMs)
    {
        ArgumentNullException.ThrowIfNull(state);
        ArgumentNullException.ThrowIfNull(command);
        Decision.Begin(state, _model?.Version);
        string reason = command.Reason ?? "";
        switch (command.Kind)
        {
            case CommandKind.Acknowledge:
                if (!AlarmOrigin.TryParse(state.Patient, command.AnomalyId, out AlarmOrigin origin) || state.Alarms.Find(origin) is not { } alarm)
                    return new(RefusalReason.Unsupported, "anomalyId", "No anomaly with this id is open.");
                // An order that is played again must not silence what has grown worse since.
                if (!alarm.IsAcknowledged && command.TimeMs < alarm.SignalLogMs - ClockDifferenceMs)
                    return new(RefusalReason.InvalidTime, "time", "The alarm has sounded anew since this time: acknowledge it again.");
                TakeOver(state);
                Alarms(state).Acknowledge(origin, command.By, reason, command.TimeMs, logMs, Decision);
                // Who has seen that a signal is gone knows that it is not measured any more: as a monitor does, this one waits for it no longer.
                if (alarm.Condition > ConditionId.SignalLost)
                    AssessIfMoved(state, Assessment.Of(alarm.Condition, Presence.Absent), state.NewestMs, logMs);
                return null;
            case CommandKind.AudioPause or CommandKind.AlarmPause:
                // Judged before anything is decided: what is refused has no entry, and so must leave no trace in the state.
                if (Math.Min(command.TimeMs, logMs) + (command.DurationSeconds * 1000L) <= logMs)
                    return new(RefusalReason.InvalidTime, "time", $"The pause would have ended already: {command.DurationSeconds} s from its time on.");
                PauseKind kind = command.Kind == CommandKind.AudioPause ? PauseKind.Audio : PauseKind.Alarms;
                if (Math.Min(command.TimeMs, logMs) < state.Alarms.OrderedMs(kind))
                    return null;
                TakeOver(state);
                Alarms(state).Pause(kind, command.DurationSeconds * 1000, command.By, reason, command.TimeMs, logMs, Decision);
                return null;
            case CommandKind.Resume:
                if (Math.Min(command.TimeMs, logMs) < Math.Max(state.Alarms.OrderedMs(PauseKind.Audio), state.Alarms.OrderedMs(PauseKind.Alarms)))
                    return null;
                TakeOver(state);
                Alarms(state).Resume(command.By, reason, command.TimeMs, logMs, Decision);
                return null;
            case CommandKind.ConfirmWeight:
                return ConfirmWeight(state, command);
            default:
                // What an order of limits leaves out stays as the unit has it.
                SignalLimits? inForce = command.Kind == CommandKind.SetLimits ? _configuration.LimitsOf(state.Orders, command.Signal, command.TimeMs).Values : null;
                OrderOutcome outcome = (state.Orders ?? new()).Decide(command, logMs, out OrderTaken taken, out Refusal? refusal, inForce);
                if (outcome == OrderOutcome.Taken)
                {
                    TakeOver(state);
                    Decision.Emit(taken);
                    // Oxygen, consciousness, scale and age are part of the score.
                    if (state.NewestMs != long.MinValue)
                        JudgeScores(state, state.NewestMs, ClinicalScores.EcgRate(state), logMs, isOrdered: true);
                }

                return refusal;
        }
    }

    private Refusal? ConfirmWeight(PatientState state, CommandMessage command)
    {
        if (command.MeasuredAtMs is not { } timeMs || command.WeightKilograms is not { } kilograms)
            return new(RefusalReason.Missing, "measuredAt", "A weight is confirmed by its time and value.");
        TakeOver(state);
        JudgeWeight(state, new WeightMeasurement(timeMs, kilograms, WeightSource.Manual) { IsConfirmed = true });
        return null;
    }
}
