using PhysioActors.Processing.Alarms;
using PhysioActors.Processing.Patients.Events;
using PhysioActors.Processing.Scoring;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Patients;

/// <content>What the model says.</content>
public sealed partial class PatientActor
{
    private const int ScoreIntervalMs = 1000;
    private const int MaximumContributors = 3;
    private const double MinimumContribution = 0.1;

    private void Score(PatientState state, IsolationForest model, long logMs)
    {
        AlarmState? open = state.Alarms.Find(ConditionId.ModelAnomaly);
        if (FeatureVector.Extract(state.Windows, _features) < _configuration.Scoring.MinimumFeatures)
        {
            // Nothing can be scored any more: what was said of the last scores holds for a while only.
            if (open is not null)
                Assess(state, Assessment.Of(ConditionId.ModelAnomaly, Presence.Unknown), state.ReadMs, logMs);
            return;
        }

        long scoredMs = state.ScoredMs;
        float score = (float)model.Score(_features);
        float threshold = (float)Threshold(state, model);
        bool exceeded = score > threshold - (open is null ? 0 : _configuration.Scoring.Hysteresis);
        Decision.Emit(new ScoreComputed(score, threshold, exceeded, Learned: !IsAlarming(state)));
        if (open is null)
        {
            if (HasPersisted(state))
                Tell(Severity(model, score), Contributors(state, model), key: 0);
        }
        else if (Exceeding(state, _configuration.Scoring.ClearWindow) <= _configuration.Scoring.ClearCount)
        {
            Alarms(state).Assess(Assessment.Of(ConditionId.ModelAnomaly, Presence.Absent), state.ReadMs, logMs, Decision);
        }
        else if (open.Phase == AlarmPhase.Suspended)
        {
            // It could not be told for a while, and lasts: with what was told of it.
            Tell(open.Priority, [.. open.Contributors], open.Key);
        }
        else if (exceeded && Math.Abs(state.ReadMs - open.ToldMs) >= _configuration.Scoring.UpdateIntervalMs)
        {
            var severity = (AnomalySeverity)Math.Max((int)open.Priority, (int)Severity(model, score));
            // Contributors cost many scores: they are looked at again once in an interval.
            if (severity == open.Priority && UpdatesSince(open, state.ReadMs) == UpdatesSince(open, scoredMs))
                return;
            Contributor[] contributors = Contributors(state, model);
            if (severity != open.Priority || !Tells(open, contributors))
                Tell(severity, contributors, open.Key + 1);
        }

        void Tell(AnomalySeverity severity, Contributor[] contributors, long key) =>
            Alarms(state).Assess(new(ConditionId.ModelAnomaly, Presence.Present, severity, score, threshold, key, contributors), state.ReadMs, logMs, Decision);
    }

    /// <summary>True while something about the patient is alarming: what is scored then is not the patient's usual state.</summary>
    private static bool IsAlarming(PatientState state)
    {
        foreach (AlarmState alarm in state.Alarms.Conditions)
        {
            if (alarm.IsOpen && !AlarmConditions.Get(alarm.Condition).IsTechnical)
                return true;
        }

        return false;
    }

    /// <summary>How many times the alarm could have been updated by then.</summary>
    private long UpdatesSince(AlarmState open, long timeMs) => (timeMs - open.ToldMs) / _configuration.Scoring.UpdateIntervalMs;

    private double Threshold(PatientState state, IsolationForest model) =>
        state.Scores is { } scores && scores.Count >= _configuration.Scoring.LearnCount
            ? Math.Max(model.Floor, Math.Min(scores.Quantile(0.95), model.Ceiling))
            : model.Ceiling;

    private static AnomalySeverity Severity(IsolationForest model, float score) => score > model.Ceiling ? AnomalySeverity.Medium : AnomalySeverity.Low;

    /// <summary>True when scores have exceeded the threshold for long enough: a share of the latest ones, which are more the more often they come.</summary>
    private bool HasPersisted(PatientState state)
    {
        ScoringOptions scoring = _configuration.Scoring;
        int window = Math.Clamp(scoring.RaiseMs / Math.Max(ScoreIntervalMs, state.ReadIntervalMs), scoring.RaiseWindow, 64);
        return Exceeding(state, window) * scoring.RaiseWindow >= scoring.RaiseCount * window;
    }

    private static int Exceeding(PatientState state, int window) =>
        System.Numerics.BitOperations.PopCount(window == 64 ? state.Exceedances : state.Exceedances & ((1UL << window) - 1));

    private Contributor[] Contributors(PatientState state, IsolationForest model)
    {
        model.Contributions(_features, _contributions);
        var chosen = new List<Contributor>(MaximumContributors);
        for (int pick = 0; pick < MaximumContributors; pick++)
        {
            int best = -1;
            for (int feature = 0; feature < _contributions.Length; feature++)
            {
                if (!float.IsNaN(_features[feature]) && _contributions[feature] > (best < 0 ? pick == 0 ? double.NegativeInfinity : MinimumContribution : _contributions[best]))
                    best = feature;
            }

            if (best < 0)
                break;
            chosen.Add(new(FeatureVector.CodeOf(best, state.Windows), FeatureVector.ShortNameOf(best), _features[best], Math.Max(0, _contributions[best])));
            _contributions[best] = double.NegativeInfinity;
        }

        return [.. chosen];
    }

    /// <summary>True when the signal that contributes most is among those told: the weaker ones change places all the time.</summary>
    private static bool Tells(AlarmState open, Contributor[] contributors)
    {
        if (contributors.Length == 0)
            return true;
        foreach (Contributor told in open.Contributors)
        {
            if (told.Code == contributors[0].Code)
                return true;
        }

        return false;
    }
}
