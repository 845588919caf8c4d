using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>What is judged of a message: limits, sensors, rhythm, scores, weight, silence.</content>
public sealed partial class PatientActor
{
    private const int StaleMs = 600_000;
    private const int ScoresEachMs = 60_000;

    /// <summary>What one reading says: about its limits, its sensor, and the weight.</summary>
    private void Judge(PatientState state, in FoldedReading folded, long logMs)
    {
        Reading reading = folded.Reading;
        if (!reading.IsUsable)
        {
            if (reading.Quality == ReadingQuality.SensorOff)
                JudgeSensorOff(state, reading, logMs);
            return;
        }

        if (reading.Code == SignalCode.Weight && folded.Outcome is not (ReadingOutcome.Repeated or ReadingOutcome.Late))
            JudgeWeight(state, new(reading.TimeMs, SignalCodes.ToValue(reading.Code, reading.Steps), WeightSources.Of(reading.Source)));
        // No past decision is revised: only a code's newest reading is judged.
        if (!folded.IsAccepted || state.Windows[(int)reading.Code] is not { } windows || windows.NewestMs != reading.TimeMs)
            return;
        ConditionId off = AlarmConditions.SensorOff(reading.Code);
        if (state.Alarms.Find(off) is not null)
            Alarms(state).Assess(Assessment.Of(off, Presence.Absent), reading.TimeMs, logMs, Decision);
        ReadOnlySpan<ConfiguredLimit> rules = _configuration.LimitsOf(reading.Code);
        if (rules.IsEmpty)
            return;
        double value = SignalCodes.ToValue(reading.Code, reading.Steps);
        var limits = _configuration.LimitsOf(state.Orders, reading.Code, reading.TimeMs);
        foreach (ConfiguredLimit rule in rules)
            Assess(state, rule.Assess(value, limits), reading.TimeMs, logMs);
    }

    /// <summary>A sensor that is off gives a technical alarm, and leaves what its signal would say unknown: it is never a value.</summary>
    private void JudgeSensorOff(PatientState state, in Reading reading, long logMs)
    {
        Alarms(state).Assess(Assessment.Of(AlarmConditions.SensorOff(reading.Code), Presence.Present), reading.TimeMs, logMs, Decision);
        foreach (ConfiguredLimit rule in _configuration.LimitsOf(reading.Code))
            Assess(state, Assessment.Of(rule.Rule.Condition, Presence.Unknown), reading.TimeMs, logMs);
    }

    private void JudgeWeight(PatientState state, WeightMeasurement measurement)
    {
        WeightResult result = WeightService.Handle(state.Weight ?? WeightState.Empty, measurement, WeightConfiguration.Standard).Result;
        Decision.Emit(new WeightJudged(measurement, result.Outcome, result.Reason));
    }

    /// <summary>Tells what the fold of a chunk has found, and what it means.</summary>
    private void TellWaveforms(PatientState state, ObservationFacts facts)
    {
        if (facts.Waveforms.Count == 0 || state.Waveforms is not { } waveforms)
            return;
        if (waveforms.Found.Count > 0 || waveforms.Classified.Count > 0)
            Decision.EmitApplied(new BeatsFound(waveforms.Found, waveforms.Classified));
        // In the order of their times, however many seconds the chunk brought.
        int told = 0;
        foreach (LeadCheck check in waveforms.Checks)
        {
            TellChanges(check.TimeMs);
            Judge(state, check, facts.LogMs);
        }

        TellChanges(long.MaxValue);

        void TellChanges(long untilMs)
        {
            for (; told < waveforms.Changes.Count && waveforms.Changes[told].TimeMs <= untilMs; told++)
            {
                Decision.EmitApplied(new RhythmChanged(waveforms.Changes[told]));
                Judge(state, waveforms.Changes[told], facts.LogMs);
            }
        }
    }

    private void Judge(PatientState state, in RhythmChange change, long logMs)
    {
        ConditionId condition = change.Condition switch
        {
            RhythmCondition.Asystole => ConditionId.Asystole,
            RhythmCondition.ExtremeBradycardia => ConditionId.ExtremeBradycardia,
            RhythmCondition.ExtremeTachycardia => ConditionId.ExtremeTachycardia,
            RhythmCondition.VentricularTachycardia => ConditionId.VentricularTachycardia,
            RhythmCondition.VentricularFibrillation => ConditionId.VentricularFibrillation,
            _ => ConditionId.AtrialFibrillation,
        };
        switch (change.Kind)
        {
            case RhythmChangeKind.Began:
                Assess(state, Assessment.Of(condition, Presence.Present) with { Value = change.Evidence.BeatsPerMinute, Contributors = Seen(change.Evidence) }, change.TimeMs, logMs);
                break;
            case RhythmChangeKind.Suppressed:
                // Without a usable ECG nothing can be told; with a pulse that speaks against it, it is not there, and that is counted.
                Assess(state, Assessment.Of(condition, change.Veto == Veto.EcgQuality ? Presence.Unknown : Presence.Vetoed), change.TimeMs, logMs);
                break;
            default:
                Assess(state, Assessment.Of(condition, Presence.Absent), change.TimeMs, logMs);
                break;
        }
    }

    private static List<Contributor> Seen(RhythmEvidence evidence)
    {
        var seen = new List<Contributor>(2);
        if (double.IsFinite(evidence.BeatsPerMinute))
            seen.Add(new(SignalCode.HeartRate, "rhythm", evidence.BeatsPerMinute, 1));
        if (double.IsFinite(evidence.PulsePerMinute))
            seen.Add(new(SignalCode.PulseRate, "pulse", evidence.PulsePerMinute, 0));
        return seen;
    }

    private void Judge(PatientState state, in LeadCheck check, long logMs)
    {
        long timeMs = check.TimeMs;
        AssessIfMoved(ConditionId.EcgLeadsOff, check.AreOff);
        AssessIfMoved(ConditionId.EcgUnusable, check.IsUnusable);

        void AssessIfMoved(ConditionId condition, bool isThere)
        {
            if (isThere || state.Alarms.Find(condition) is not null)
                Assess(state, Assessment.Of(condition, isThere ? Presence.Present : Presence.Absent), timeMs, logMs);
        }
    }

    /// <summary>What is judged once a message: silence that ended, signals that went away, scores.</summary>
    private void Judge(PatientState state, long beforeMs, long logMs)
    {
        if (state.Alarms.Find(ConditionId.NoData) is not null)
            Assess(state, Assessment.Of(ConditionId.NoData, Presence.Absent), state.NewestMs, logMs);
        for (int i = state.Alarms.Conditions.Count - 1; i >= 0; i--)
        {
            AlarmState alarm = state.Alarms.Conditions[i];
            if (alarm.Phase is AlarmPhase.Active or AlarmPhase.Clearing or AlarmPhase.Pending && IsStale(state, alarm.Condition))
                Assess(state, Assessment.Of(alarm.Condition, Presence.Unknown), state.NewestMs, logMs);
        }

        // Each minute of event time: what they are made of moves no faster.
        if (state.NewestMs / ScoresEachMs != beforeMs / ScoresEachMs)
            JudgeScores(state, logMs);
        if (_model is not null && (state.ScoredMs == long.MinValue || state.NewestMs - state.ScoredMs >= ScoreIntervalMs))
            Score(state, _model, logMs);
    }

    /// <summary>True for a limit whose signal went away, or that the configuration no longer has: its alarm would stay open for ever.</summary>
    private bool IsStale(PatientState state, ConditionId id)
    {
        AlarmCondition condition = AlarmConditions.Get(id);
        if (condition.Kind != ConditionKind.Limit)
            return false;
        bool isJudged = false;
        foreach (ConfiguredLimit limit in _configuration.LimitsOf(condition.Code))
            isJudged |= limit.Rule.Condition == id;
        if (!isJudged)
            return true;
        int interval = 0;
        foreach (DeviceState device in state.Devices)
            interval = Math.Max(interval, PatientState.IntervalOf(device, condition.Code, 0));
        long newest = state.Windows[(int)condition.Code]?.NewestMs ?? long.MinValue;
        return state.NewestMs - newest > Math.Max(StaleMs, 10L * interval);
    }

    private void JudgeScores(PatientState state, long logMs)
    {
        News2Result news = EarlyWarning(state, out SignalCode systolic, out SignalCode pulse);
        AssessIfMoved(ScoreAlarms.News2(news, systolic, pulse));

        void AssessIfMoved(in Assessment assessment)
        {
            if (assessment.Presence == Presence.Present || state.Alarms.Find(assessment.Condition) is not null)
                Assess(state, assessment, state.NewestMs, logMs);
        }
    }

    /// <summary>NEWS2 of a patient as of the newest observation.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="systolic">Which signal the systolic pressure is from.</param>
    /// <param name="pulse">Which signal the pulse is from.</param>
    public static News2Result EarlyWarning(PatientState state, out SignalCode systolic, out SignalCode pulse)
    {
        ArgumentNullException.ThrowIfNull(state);
        long now = state.NewestMs;
        News2Ages ages = News2Ages.Monitored;
        Timed<double>? line = Newest(state, SignalCode.ArterialSystolic), cuff = Newest(state, SignalCode.CuffSystolic);
        Timed<double>? heart = Newest(state, SignalCode.HeartRate), oximeter = Newest(state, SignalCode.PulseRate);
        Timed<double>? pressure = FreshSource.Choose(line, cuff, now, ages.Of(News2Parameter.SystolicPressure));
        Timed<double>? rate = FreshSource.Choose(heart, oximeter, now, ages.Of(News2Parameter.Pulse));
        systolic = pressure == line && line is not null ? SignalCode.ArterialSystolic : SignalCode.CuffSystolic;
        pulse = rate == heart && heart is not null ? SignalCode.HeartRate : SignalCode.PulseRate;
        ClinicalOrders? orders = state.Orders;
        return News2.Compute(
            new News2Inputs
            {
                RespiratoryRate = Newest(state, SignalCode.RespiratoryRate),
                OxygenSaturation = Newest(state, SignalCode.SpO2),
                Oxygen = orders?.Oxygen,
                SystolicPressure = pressure,
                Pulse = rate,
                Consciousness = orders?.Consciousness,
                Temperature = Newest(state, SignalCode.CoreTemperature),
                IsScale2 = orders?.IsScale2 ?? false,
                AgeClass = orders?.AgeClassAt(Math.Max(0, now)) ?? Shared.Commands.AgeClass.Unknown,
                IsPregnant = orders?.Pregnant ?? false,
            },
            ages,
            now);
    }

    private static Timed<double>? Newest(PatientState state, SignalCode code) =>
        state.Windows[(int)code] is { SampleCount: > 0 } windows ? new(SignalCodes.ToValue(code, windows.NewestSteps), windows.NewestMs) : null;

    private void Assess(PatientState state, in Assessment assessment, long timeMs, long logMs) => Alarms(state).Assess(assessment, timeMs, logMs, Decision);
}
