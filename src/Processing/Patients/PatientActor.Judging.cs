using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Alarms.Limits;
using PhysioActors.Processing.Alarms.Orders;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring.EarlyWarning;
using PhysioActors.Processing.Signals.Rhythm;
using PhysioActors.Processing.Signals.Waveforms;
using PhysioActors.Processing.Weight;
using PhysioActors.Shared.Anomalies;
using PhysioActors.Shared.Commands;
using PhysioActors.Shared.Observations;
using PhysioActors.Shared.Signals;

namespace PhysioActors.Processing.Patients;

/// <content>What is judged of a message: limits, sensors, rhythm, scores, weight, silence.</content>
public sealed partial class PatientActor
{
    private const int StaleMs = 600_000;

    // However seldom something is measured: the oldest that a pressure may be in NEWS2, and the chart's interval at 5 and 6 points.
    private const int LongestHoldMs = 3_600_000;
    private const int ScoresEachMs = 60_000;
    private const int FreshMs = 15_000;

    private static readonly RhythmCondition[] s_rhythms = Enum.GetValues<RhythmCondition>();

    /// <summary>What one reading says: about its limits, its sensor, and the weight.</summary>
    private void Judge(PatientState state, DeviceState device, in FoldedReading folded, long logMs)
    {
        Reading reading = folded.Reading;
        if (!reading.IsUsable)
        {
            if (reading.Quality == ReadingQuality.SensorOff && IsNews(state, device, reading))
                JudgeSensorOff(state, reading, logMs);
            return;
        }

        // What comes late is put in its place by the service itself.
        if (reading.Code == SignalCode.Weight && folded.Outcome != ReadingOutcome.Repeated)
            JudgeWeight(state, new(reading.TimeMs, SignalCodes.ToValue(reading.Code, reading.Steps), WeightSources.Of(reading.Source)));
        if (folded.IsTold && AlarmConditions.CanBeLost(reading.Code))
            AssessIfMoved(state, Assessment.Of(AlarmConditions.SignalLost(reading.Code), Presence.Absent), reading.TimeMs, logMs);
        // No past decision is revised: only a code's newest reading is judged.
        if (folded.Outcome == ReadingOutcome.TookOver)
            Alarms(state).Doubt(new TimeWentBack(reading.Code, reading.TimeMs), logMs, Decision);
        if (!folded.IsAccepted || state.Windows[(int)reading.Code] is not { } windows || windows.NewestMs != reading.TimeMs)
            return;
        AssessIfMoved(state, Assessment.Of(AlarmConditions.SensorOff(reading.Code), Presence.Absent), reading.TimeMs, logMs);
        ReadOnlySpan<ConfiguredLimit> rules = _configuration.LimitsOf(reading.Code);
        if (rules.IsEmpty)
            return;
        double value = SignalCodes.ToValue(reading.Code, reading.Steps);
        LimitsInForce limits = _configuration.LimitsOf(state.Orders, reading.Code, reading.TimeMs);
        foreach (ConfiguredLimit rule in rules)
            Assess(state, rule.Assess(value, limits), reading.TimeMs, logMs);
    }

    /// <summary>False for a sensor that was off before what is known of its signal, and while another device, or the ECG, shows the signal: it is not away then.</summary>
    private static bool IsNews(PatientState state, DeviceState device, in Reading reading)
    {
        long timeMs = reading.TimeMs + device.ShiftMs;
        if (timeMs < state.ReadMs - PatientState.ReorderToleranceMs || state.ToldMs(reading.Code) > timeMs)
            return false;
        foreach (DeviceState other in state.Devices)
        {
            if (other != device && other.TryFind(reading.Code, out DeviceState.DeviceStream stream) && IsFresh(stream.NewestMs + other.ShiftMs, PatientState.IntervalOf(other, reading.Code, 0), timeMs))
                return false;
        }

        return reading.Code != SignalCode.HeartRate || state.Waveforms is not { HeartRate: not null } waveforms || !IsFresh(waveforms.DoneMs + state.EcgShiftMs, 0, timeMs);
    }

    /// <summary>Whether a value is of the present: of the last quarter of a minute, or of its own last three intervals.</summary>
    private static bool IsFresh(long valueMs, int intervalMs, long nowMs) => valueMs != long.MinValue && Math.Abs(nowMs - valueMs) <= Math.Max(FreshMs, 3L * intervalMs);

    /// <summary>A sensor that is off gives a technical alarm, and leaves what its signal would say unknown: it is never a value.</summary>
    private void JudgeSensorOff(PatientState state, in Reading reading, long logMs)
    {
        if (AlarmConditions.CanBeLost(reading.Code))
            AssessIfMoved(state, Assessment.Of(AlarmConditions.SignalLost(reading.Code), Presence.Absent), reading.TimeMs, logMs);
        Assess(state, Assessment.Of(AlarmConditions.SensorOff(reading.Code), Presence.Present), reading.TimeMs, logMs);
        foreach (ConfiguredLimit rule in _configuration.LimitsOf(reading.Code))
            Assess(state, Assessment.Of(rule.Rule.Condition, Presence.Unknown), reading.TimeMs, logMs);
    }

    private void JudgeWeight(PatientState state, WeightMeasurement measurement)
    {
        WeightResult result = WeightService.Handle(state.Weight ?? WeightState.Empty, measurement, WeightConfiguration.Standard).Result;
        Decision.Emit(WeightJudged.Of(measurement, result));
    }

    /// <summary>Before waveforms are looked at: the limits of rhythm follow the patient's age and heart rate limits.</summary>
    private void SetRhythmLimits(PatientState state, ObservationFacts facts)
    {
        if (facts.Waveforms.Count == 0)
            return;
        RhythmLimits limits = _configuration.RhythmLimitsOf(state.Orders, facts.TimeMs);
        if (limits != (state.Waveforms?.Limits ?? RhythmLimits.Adult))
            Decision.Emit(new RhythmLimitsSet(limits));
    }

    /// <summary>Tells what the fold of a chunk has found, and what it means.</summary>
    private void TellWaveforms(PatientState state, ObservationFacts facts)
    {
        if (facts.Waveforms.Count == 0 || state.Waveforms is not { } waveforms)
            return;
        if (waveforms.HasBroughtEcg)
            AssessIfMoved(state, Assessment.Of(ConditionId.EcgLost, Presence.Absent), facts.TimeMs, facts.LogMs);
        if (waveforms.Found.Count > 0 || waveforms.Classified.Count > 0)
            Decision.EmitApplied(new BeatsFound(waveforms.Found, waveforms.Classified));
        foreach (RhythmChange change in waveforms.Changes)
            Decision.EmitApplied(new RhythmChanged(change));
        // In the order of event time, second by second, so that alarms don't depend on how the samples were cut into chunks.
        int next = 0;
        foreach (EcgSecond second in waveforms.Seconds)
        {
            for (; next < waveforms.Changes.Count && waveforms.Changes[next].TimeMs <= second.TimeMs; next++)
                Judge(state, waveforms.Changes[next], facts);
            if (second.Rhythms != 0)
                TellWhatLasts(state, second, facts);
            Judge(state, second, facts.LogMs);
        }

        for (; next < waveforms.Changes.Count; next++)
            Judge(state, waveforms.Changes[next], facts);
    }

    /// <summary>A rhythm whose alarm went unknown while no chunk came, and that the chunks show to have gone on: it does not begin again, so it is told here.</summary>
    private void TellWhatLasts(PatientState state, in EcgSecond second, ObservationFacts facts)
    {
        foreach (RhythmCondition rhythm in s_rhythms)
        {
            ConditionId condition = AlarmConditions.Rhythm(rhythm);
            if (second.Has(rhythm) && state.Alarms.Find(condition) is not { Phase: AlarmPhase.Active or AlarmPhase.Pending })
                AssessPresent(state, condition, new(0, second.BeatsPerMinute, 0, double.NaN), second.TimeMs, facts);
        }
    }

    /// <summary>A rhythm is there. The limits are those that were set before the chunk was looked at.</summary>
    private void AssessPresent(PatientState state, ConditionId condition, RhythmEvidence evidence, long timeMs, ObservationFacts facts)
    {
        (double limit, AlarmBasis basis) = LimitOf(condition, state.Waveforms!.Limits, state.Orders, facts.TimeMs);
        Assess(
            state,
            Assessment.Of(condition, Presence.Present) with { Value = Tenths(evidence.BeatsPerMinute), Limit = limit, Contributors = Seen(evidence), Basis = basis },
            timeMs,
            facts.LogMs);
    }

    private void Judge(PatientState state, in RhythmChange change, ObservationFacts facts)
    {
        long logMs = facts.LogMs;
        ConditionId condition = AlarmConditions.Rhythm(change.Condition);
        switch (change.Kind)
        {
            case RhythmChangeKind.Began:
                AssessPresent(state, condition, change.Evidence, change.TimeMs, facts);
                break;
            case RhythmChangeKind.Suppressed:
                // Without a usable ECG nothing can be told; with a pulse that speaks against it, it is not there, and that is counted.
                Assess(state, Assessment.Of(condition, change.Veto == Veto.EcgQuality ? Presence.Unknown : Presence.Vetoed), change.TimeMs, logMs);
                break;
            case RhythmChangeKind.Unseen:
                Assess(state, Assessment.Of(condition, Presence.Unknown), change.TimeMs, logMs);
                break;
            default:
                Assess(state, Assessment.Of(condition, Presence.Absent), change.TimeMs, logMs);
                break;
        }
    }

    /// <summary>The rate from which on a rhythm is one, per minute, and what that rests on; NaN and nothing for a rhythm that no age changes.</summary>
    private (double Limit, AlarmBasis Basis) LimitOf(ConditionId condition, RhythmLimits limits, ClinicalOrders? orders, long timeMs) => condition switch
    {
        ConditionId.ExtremeBradycardia => (limits.ExtremeLow, _configuration.BasisOfExtreme(LimitSide.Low, orders, timeMs)),
        ConditionId.ExtremeTachycardia => (limits.ExtremeHigh, _configuration.BasisOfExtreme(LimitSide.High, orders, timeMs)),
        ConditionId.VentricularTachycardia => (limits.VentricularRate, new(LimitOrigin.Default, orders?.AgeClassAt(timeMs) ?? AgeClass.Unknown)),
        _ => (double.NaN, default),
    };

    private static List<Contributor> Seen(RhythmEvidence evidence)
    {
        var seen = new List<Contributor>(2);
        if (double.IsFinite(evidence.BeatsPerMinute))
            seen.Add(new(SignalCode.HeartRate, "rhythm", Tenths(evidence.BeatsPerMinute), 1));
        if (double.IsFinite(evidence.PulsePerMinute))
            seen.Add(new(SignalCode.PulseRate, "pulse", Tenths(evidence.PulsePerMinute), 0));
        return seen;
    }

    private static double Tenths(double rate) => Math.Round(rate, 1);

    private void Judge(PatientState state, in EcgSecond second, long logMs)
    {
        long timeMs = second.TimeMs;
        AssessOfEcg(Assessment.Of(ConditionId.EcgLeadsOff, second.AreLeadsOff ? Presence.Present : Presence.Absent));
        AssessOfEcg(Assessment.Of(ConditionId.EcgUnusable, !second.IsAnyLeadGood && !second.AreLeadsOff ? Presence.Present : Presence.Absent));
        // While nothing but waveforms comes, scores go by their time.
        long nowMs = timeMs + state.EcgShiftMs;
        // Seconds are counted from where the ECG began: one of them comes over the end of a minute.
        bool isMinute = timeMs / ScoresEachMs != (timeMs - RhythmMonitor.SecondMs) / ScoresEachMs;
        if (isMinute && (state.ReadMs == long.MinValue || nowMs - state.ReadMs >= ScoresEachMs))
            JudgeScores(state, nowMs, double.IsNaN(second.BeatsPerMinute) ? null : new(second.BeatsPerMinute, nowMs), logMs);
        // A device that tells the heart rate itself is believed; where none does, the rate of the ECG is held against the limits.
        if (IsFresh(state.ToldMs(SignalCode.HeartRate), 0, nowMs))
            return;
        // What is told now and then stays what it was while the ECG has no rate.
        if (double.IsNaN(second.BeatsPerMinute) && !IsGone(state, SignalCode.HeartRate, nowMs))
            return;
        LimitsInForce limits = _configuration.LimitsOf(state.Orders, SignalCode.HeartRate, timeMs);
        foreach (ConfiguredLimit rule in _configuration.LimitsOf(SignalCode.HeartRate))
            AssessOfEcg(double.IsNaN(second.BeatsPerMinute) ? Assessment.Of(rule.Rule.Condition, Presence.Unknown) : rule.Assess(Tenths(second.BeatsPerMinute), limits));

        void AssessOfEcg(in Assessment assessment)
        {
            AlarmState? known = state.Alarms.Find(assessment.Condition);
            // The ECG's clock was set back: a delay that began at the time before would not end.
            if (known is { Phase: AlarmPhase.Pending } && known.SinceMs > timeMs)
                Assess(state, Assessment.Of(assessment.Condition, Presence.Unknown), timeMs, logMs);
            // What a nurse measured last stays unmeasured: an ECG without a rate says nothing of it.
            if (known is not { Phase: AlarmPhase.Suspended, Presence: Presence.Unmeasured } || assessment.Presence != Presence.Unknown)
                AssessIfMoved(state, assessment, timeMs, logMs);
        }
    }

    /// <summary>What is judged once a message: silence that ended, signals that went away, scores.</summary>
    /// <param name="state">The patient.</param>
    /// <param name="facts">The message.</param>
    /// <param name="beforeMs">The patient's <see cref="PatientState.ReadMs"/> before the message.</param>
    /// <param name="logMs">Log time.</param>
    private void Judge(PatientState state, ObservationFacts facts, long beforeMs, long logMs)
    {
        AssessIfMoved(state, Assessment.Of(ConditionId.NoData, Presence.Absent), state.NewestMs, logMs);
        JudgeLost(state, logMs);
        Alarms(state).Doubt(new ValueIsGone(this, state), logMs, Decision);
        if (HasScored(facts))
            JudgeScores(state, state.ReadMs, ClinicalScores.EcgRate(state), logMs);
        if (_model is not null && state.ReadMs != beforeMs && (state.ScoredMs == long.MinValue || state.ReadMs - state.ScoredMs >= ScoreIntervalMs))
            Score(state, _model, logMs);
    }

    /// <summary>True for a limit that the configuration has.</summary>
    private bool IsJudged(AlarmCondition condition)
    {
        foreach (ConfiguredLimit limit in _configuration.LimitsOf(condition.Code))
        {
            if (limit.Rule.Condition == condition.Id)
                return true;
        }

        return false;
    }

    /// <summary>True while an ECG that is looked at gives a heart rate.</summary>
    private static bool HasEcgRate(PatientState state) =>
        state.Waveforms is { HeartRate: not null } waveforms && IsFresh(waveforms.DoneMs + state.EcgShiftMs, 0, state.NewestMs);

    /// <summary>True when no device has told a signal for so long that what it said no longer holds.</summary>
    private static bool IsGone(PatientState state, SignalCode code, long nowMs) =>
        state.ToldMs(code) is var told && (told == long.MinValue || nowMs - told > HoldMs(state, code));

    /// <summary>How long a value of a signal holds when no other follows, milliseconds.</summary>
    private static long HoldMs(PatientState state, SignalCode code) => Math.Max(StaleMs, Math.Min(10L * TellingIntervalOf(state, code), LongestHoldMs));

    /// <summary>The longest interval at which a device tells a signal, milliseconds; 0 when none is known.</summary>
    private static int TellingIntervalOf(PatientState state, SignalCode code)
    {
        int interval = 0;
        // No enumerator: each deadline is reckoned with it.
        for (int i = 0; i < state.Devices.Count; i++)
            interval = Math.Max(interval, PatientState.IntervalOf(state.Devices[i], code, 0));
        return interval;
    }

    /// <summary>True when something was accepted that a score is made of.</summary>
    private static bool HasScored(ObservationFacts facts)
    {
        foreach (FoldedReading folded in facts.Readings)
        {
            if (folded.IsAccepted && ClinicalScores.IsMadeOf(folded.Reading.Code))
                return true;
        }

        return false;
    }

    private void JudgeScores(PatientState state, long timeMs, Timed<double>? ecgRate, long logMs, bool isOrdered = false)
    {
        ScoreSources sources = ClinicalScores.Choose(state, timeMs, ecgRate);
        News2Result news = ClinicalScores.EarlyWarning(state, sources);
        AlarmState? told = state.Alarms.Find(ConditionId.News2);
        if (news.Risk >= News2Risk.LowMedium || told is not null)
            Assess(state, ScoreAlarms.News2(news, sources.SystolicCode, sources.RateCode, told is { } open && double.IsFinite(open.Limit) ? open.Basis.News2 : null) with { IsTellingAtOnce = isOrdered }, timeMs, logMs);
        AssessIfMoved(state, ClinicalScores.ShockIndexAlarm(state, sources), timeMs, logMs);
    }

    /// <summary>Assesses what is there, or was: of a condition of which nothing is remembered, its absence says nothing.</summary>
    private void AssessIfMoved(PatientState state, in Assessment assessment, long timeMs, long logMs)
    {
        if (assessment.Presence == Presence.Present || state.Alarms.Find(assessment.Condition) is not null)
            Assess(state, assessment, timeMs, logMs);
    }

    private void Assess(PatientState state, in Assessment assessment, long timeMs, long logMs) => Alarms(state).Assess(assessment, timeMs, logMs, Decision);
}
