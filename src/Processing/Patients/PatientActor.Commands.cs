using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

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
                    if (state.NewestMs != long.MinValue)
                        JudgeByOrder(state, command, logMs);
                }

                return refusal;
        }
    }

    /// <summary>Holds what is known now against what was ordered: an order counts from its arrival, and not from the next value.</summary>
    private void JudgeByOrder(PatientState state, CommandMessage command, long logMs)
    {
        if (command.Kind == CommandKind.SetLimits)
            JudgeLimits(state, command.Signal, logMs);
        if (command.Kind == CommandKind.SetDemographics)
        {
            // Limits follow the age.
            foreach (SignalCode code in LimitTable.Signals)
                JudgeLimits(state, code, logMs);
        }

        // Oxygen, consciousness, scale and age are part of the score.
        JudgeScores(state, state.NewestMs, ClinicalScores.EcgRate(state), logMs, isOrdered: true);
        // The order is new, and what it is held against may be old: who told of it is silent still.
        if (DoubtsSilence)
            Alarms(state).Doubt(new NobodyTells(this, state, logMs), logMs, Decision);
    }

    /// <summary>Holds the present value of a signal against its limits, as of now; nothing where there is none.</summary>
    private void JudgeLimits(PatientState state, SignalCode code, long logMs)
    {
        if (PresentValue(state, code, logMs) is not { } present)
            return;
        LimitsInForce limits = _configuration.LimitsOf(state.Orders, code, present.TimeMs);
        foreach (ConfiguredLimit rule in _configuration.LimitsOf(code))
            Assess(state, rule.Assess(present.Value, limits) with { IsTellingAtOnce = true }, present.TimeMs, logMs);
    }

    /// <summary>
    /// A signal's value that still holds, with the time that the clock of who told it shows now; of the ECG's heart rate the time of its last look. Null while the sensor is off or the signal is lost, and when it was told too long ago: of what comes regularly the time after
    /// which it is lost, else the time for which a value holds.
    /// </summary>
    private static Timed<double>? PresentValue(PatientState state, SignalCode code, long logMs)
    {
        if (RestsOnEcg(state, code) && HasEcgRate(state))
        {
            // As of the time up to which the ECG was looked at: the next second that comes lies behind it, however late it is sent.
            return logMs - state.EcgLogMs <= PatientState.LostAfterMs ? new(Tenths(state.Waveforms!.HeartRate!.Value), state.Waveforms.DoneMs) : null;
        }

        ref readonly SignalSource source = ref state.Source(code);
        if (state.Windows[(int)code] is not { SampleCount: > 0 } windows || source.LogMs == 0 || IsGone(state, code, state.NewestMs)
            || state.Alarms.Find(AlarmConditions.SensorOff(code)) is not null || (AlarmConditions.CanBeLost(code) && state.Alarms.Find(AlarmConditions.SignalLost(code)) is not null))
            return null;
        long holdsMs = IsMeasuredNowAndThen(state, code) ? HoldMs(state, code) : Math.Max(PatientState.LostAfterMs, (long)PatientState.LostIntervals * source.IntervalMs);
        return logMs - source.LogMs <= holdsMs ? new(SignalCodes.ToValue(code, windows.NewestSteps), TimeOf(state, code, logMs)) : null;
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
