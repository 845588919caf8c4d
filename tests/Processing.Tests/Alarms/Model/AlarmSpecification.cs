using PhysioActors.Processing.Alarms;
using PhysioActors.Shared.Anomalies;

namespace PhysioActors.Processing.Tests.Alarms.Model;

/// <summary>
/// What alarms should do, said as plainly as possible and without regard to cost: second by second, each question answered by looking back over the whole history of reports and facts.
/// There are no phases, no deadlines, no stored state and no events to apply; it shares no code with the machine.
/// </summary>
public sealed class AlarmSpecification
{
    private sealed record Report(ConditionId Condition, long At, long EventAt, Presence Presence, AnomalySeverity Priority, int Key, bool HasValue, EndCause Ends = default);

    private sealed record PauseFact(PauseKind Kind, long Until, int Rank);

    private readonly IReadOnlyDictionary<ConditionId, Timing> _timings;
    private readonly List<object> _history = []; // Reports, facts and pauses, as they came.
    private AlarmCounters _counters;

    private AlarmSpecification(IReadOnlyDictionary<ConditionId, Timing> timings) => _timings = timings;

    /// <summary>What should come of a history.</summary>
    public static Outcome Of(IEnumerable<Step> steps, IReadOnlyDictionary<ConditionId, Timing> timings)
    {
        var specification = new AlarmSpecification(timings);
        long now = 0;
        foreach (Step step in steps)
        {
            for (long end = now + step.Wait; now < end; now++)
                specification.LetPass(now);
            specification.LetPass(now);
            specification.Take(step, now);
        }

        Fact[] facts = [.. specification.Facts];
        Shown[] open = [.. timings.Keys.Order().Where(specification.IsOpen).Select(specification.Show)];
        AlarmCounters counters = specification._counters;
        long? next = specification.NextAfter(now, facts.Length);
        return new(facts, open, counters, next);
    }

    private IEnumerable<Fact> Facts => _history.OfType<Fact>();

    private IEnumerable<Fact> FactsOf(ConditionId condition) => Facts.Where(fact => fact.Condition == condition);

    /// <summary>When something happens by itself if nobody does anything.</summary>
    private long? NextAfter(long now, int facts)
    {
        for (long at = now; at < now + 200; at++)
        {
            LetPass(at);
            if (Facts.Count() > facts)
                return at;
        }

        return null;
    }

    // ---- what happens by itself -------------------------------------------------------------------------------------

    private void LetPass(long now)
    {
        while (PausesEnd(now) || _timings.Keys.Order().Any(condition => DelayEnds(condition, now) || PeopleAreWaitedFor(condition, now)))
        {
        }
    }

    private bool PausesEnd(long now)
    {
        foreach (PauseKind kind in new[] { PauseKind.Audio, PauseKind.Alarms })
        {
            if (PauseInForce(kind) is { } pause && now >= pause.Until)
            {
                _history.Add(new Fact(AlarmEventKind.Resumed, default, pause.Until, pause.Until, 0, 0, ResumeCause.Expired, false));
                _ended.Add((_history.Count - 1, kind));
                return true;
            }
        }

        return false;
    }

    private bool DelayEnds(ConditionId condition, long now)
    {
        if (Delay(condition) is not { } delay || now < delay.From.At + delay.Length)
            return false;
        EndDelay(condition, delay.From, delay.Length, now);
        return true;
    }

    private void EndDelay(ConditionId condition, Report from, int length, long now)
    {
        long eventAt = from.EventAt + length;
        if (!IsOpen(condition))
        {
            Report[] run = OnsetRun(condition);
            Begin(run.First(report => report.Priority == run.Max(other => other.Priority)), eventAt, now);
        }
        else
        {
            Gone(condition, from.Presence is Presence.Unknown or Presence.Unmeasured ? EndCause.SignalLost : EndCause.Cleared, eventAt, now);
        }
    }

    private bool PeopleAreWaitedFor(ConditionId condition, long now)
    {
        if (!IsOpen(condition) || IsLatched(condition) || IsUnknown(condition) || IsPaused)
            return false;
        Timing timing = _timings[condition];
        Fact began = FactsOf(condition).Last(fact => fact.Kind == AlarmEventKind.Began);
        long eventAt = began.EventAt + now - began.At;
        if (IsAcknowledged(condition) && timing.Reminder > 0 && now >= WaitsSince(condition) + timing.Reminder)
        {
            int before = Since(condition, AlarmEventKind.Acknowledged).OfType<Fact>().Count(fact => fact.Condition == condition && fact.Kind == AlarmEventKind.Reminded);
            Tell(AlarmEventKind.Reminded, condition, now, eventAt, acknowledged: before + 1 < timing.Reminders);
            return true;
        }

        if (!IsAcknowledged(condition) && timing.Escalate > 0 && Priority(condition) == AnomalySeverity.Medium && now >= WaitsSince(condition) + timing.Escalate)
        {
            Tell(AlarmEventKind.Escalated, condition, now, eventAt, AnomalySeverity.High);
            return true;
        }

        return false;
    }

    // ---- what is done -------------------------------------------------------------------------------------------------

    private void Take(Step step, long now)
    {
        switch (step.Kind)
        {
            case StepKind.Assess:
                Assess(new(step.Condition, now, now + step.EventOffset, step.Presence, step.Priority, step.Key, step.HasValue, step.Ends), now);
                break;
            case StepKind.Silence:
                // Of all that is open and known, unmeasured, or on the way to be, nobody knows how it stands now; the condition with the highest number first.
                foreach (ConditionId condition in _timings.Keys.Where(condition => condition != ConditionId.NoData).OrderDescending())
                {
                    if (IsOpen(condition) ? !IsLatched(condition) && Run(condition, Presence.Unknown).Length == 0 : OnsetRun(condition).Length > 0)
                        Assess(new(condition, now, now + step.EventOffset, Timing.IsNowAndThen(condition) ? Presence.Unmeasured : Presence.Unknown, AnomalySeverity.Medium, 0, false), now);
                }

                break;
            case StepKind.Acknowledge when IsOpen(step.Condition) && !IsAcknowledged(step.Condition):
                bool latched = IsLatched(step.Condition);
                Tell(AlarmEventKind.Acknowledged, step.Condition, now, now);
                if (latched)
                    Tell(AlarmEventKind.Ended, step.Condition, now, now, cause: EndCause.Acknowledged);
                break;
            case StepKind.Pause:
                int highest = _timings.Keys.Where(condition => IsOpen(condition) && !IsLatched(condition)).Select(condition => Rank(condition, Priority(condition))).DefaultIfEmpty((int)AnomalySeverity.Medium).Max();
                _history.Add(new Fact(AlarmEventKind.Paused, default, now, now, 0, 0, 0, false));
                _history.Add(new PauseFact(step.Pause, now + step.Seconds, highest));
                break;
            case StepKind.Resume:
                EndPauses(ResumeCause.Ordered, now, now, int.MaxValue);
                break;
            case StepKind.Discharge:
                EndPauses(ResumeCause.Discharged, now, now, int.MaxValue);
                foreach (ConditionId condition in _timings.Keys.Order())
                {
                    if (IsOpen(condition))
                        Tell(AlarmEventKind.Ended, condition, now, now, cause: EndCause.Discharged);
                }

                _history.Add(StepKind.Discharge);
                break;
            default:
                break;
        }
    }

    private void Assess(Report report, long now)
    {
        ConditionId condition = report.Condition;
        Timing timing = _timings[condition];
        // The condition's own event time ends its delay as well as the log's.
        if (Delay(condition) is { } delay && report.EventAt >= delay.From.EventAt + delay.Length)
            EndDelay(condition, delay.From, delay.Length, now);

        // What was measured last stands: beyond the limit while its alarm is on the way, within it while its alarm is ending. And what is unknown is not made less so.
        if (report.Presence == Presence.Unmeasured && (!IsOpen(condition) || IsLatched(condition) || IsGone(condition) || IsUnknown(condition)))
            return;

        bool gone = report.Presence is Presence.Absent or Presence.Vetoed;
        if (!IsOpen(condition))
        {
            if (OnsetRun(condition).Length > 0 && report.Presence != Presence.Present)
                Count(report.Presence == Presence.Vetoed ? Suppression.Corroboration : Suppression.Delay);
            else if (report.Presence == Presence.Vetoed && !IsVetoed(condition))
                Count(Suppression.Corroboration);
            _history.Add(report);
            if (report.Presence == Presence.Present && timing.Onset == 0)
                Begin(report, report.EventAt, now);
            return;
        }

        if (IsLatched(condition))
        {
            _history.Add(report);
            if (report.Presence == Presence.Present)
            {
                var worst = (AnomalySeverity)Math.Max((int)report.Priority, (int)Priority(condition));
                EndPauses(ResumeCause.Broken, now, report.EventAt, condition == ConditionId.Asystole ? int.MaxValue : Rank(condition, worst));
                Tell(AlarmEventKind.Returned, condition, now, report.EventAt, worst);
            }

            return;
        }

        bool wasUnknown = IsUnknown(condition);
        if (report.Presence == Presence.Present && IsGone(condition))
            Count(Suppression.Delay);
        else if (report.Presence == Presence.Present && Latest(condition)?.Presence == Presence.Near)
            Count(Suppression.Hysteresis);
        _history.Add(report);
        if (gone && report.Ends != default)
        {
            // No delay: it is not that a value may come back.
            Gone(condition, report.Ends, report.EventAt, now);
        }
        else if (gone && timing.Clear == 0)
        {
            Gone(condition, EndCause.Cleared, report.EventAt, now);
        }
        else if ((report.Presence, timing) is (Presence.Unknown, { Lost: 0 }) or (Presence.Unmeasured, { Unmeasured: 0 }))
        {
            Gone(condition, EndCause.SignalLost, report.EventAt, now);
        }
        else if (report.Presence == Presence.Present)
        {
            if (report.Priority > Priority(condition))
            {
                EndPauses(ResumeCause.Broken, now, report.EventAt, Rank(condition, report.Priority));
                Tell(AlarmEventKind.PriorityRose, condition, now, report.EventAt, report.Priority);
            }
            else if (IsNews(report))
            {
                Tell(AlarmEventKind.Updated, condition, now, report.EventAt, Priority(condition));
            }
        }
        else if (report is { Presence: Presence.Unknown, HasValue: true } && IsNews(report))
        {
            // However urgent that is, the alarm is as urgent as it was.
            Tell(AlarmEventKind.Updated, condition, now, report.EventAt, Priority(condition));
        }

        if (wasUnknown && report.Presence is not (Presence.Unknown or Presence.Unmeasured))
            _history.Add((condition, now)); // Known again: what waits for people begins anew.
    }

    private bool IsNews(Report report) => report.Key != ToldKey(report.Condition) && Math.Abs(report.EventAt - ToldAt(report.Condition)) >= _timings[report.Condition].Update;

    private void Begin(Report evidence, long eventAt, long now)
    {
        bool technical = evidence.Condition == ConditionId.NoData;
        _counters = technical ? _counters with { Technical = _counters.Technical + 1 } : _counters with { Physiological = _counters.Physiological + 1 };
        EndPauses(ResumeCause.Broken, now, eventAt, evidence.Condition == ConditionId.Asystole ? int.MaxValue : Rank(evidence.Condition, evidence.Priority));
        Tell(AlarmEventKind.Began, evidence.Condition, now, eventAt, evidence.Priority);
        _began[_history.Count - 1] = evidence.Key;
    }

    private void Gone(ConditionId condition, EndCause cause, long eventAt, long now)
    {
        if ((_timings[condition].Latches || condition == ConditionId.Asystole) && !IsAcknowledged(condition))
            Tell(AlarmEventKind.Latched, condition, now, eventAt, cause: cause == EndCause.Cleared ? default : cause);
        else
            Tell(AlarmEventKind.Ended, condition, now, eventAt, cause: cause);
    }

    private void EndPauses(ResumeCause cause, long now, long eventAt, int rank)
    {
        foreach (PauseKind kind in new[] { PauseKind.Audio, PauseKind.Alarms })
        {
            if (PauseInForce(kind) is not { } pause || rank <= pause.Rank)
                continue;
            _history.Add(new Fact(AlarmEventKind.Resumed, default, now, eventAt, 0, 0, cause, false));
            _ended.Add((_history.Count - 1, kind));
        }
    }

    private void Tell(AlarmEventKind kind, ConditionId condition, long now, long eventAt, AnomalySeverity priority = 0, EndCause cause = 0, bool acknowledged = false) =>
        _history.Add(new Fact(kind, condition, now, eventAt, priority, cause, 0, acknowledged));

    private void Count(Suppression suppression) => _counters = suppression switch
    {
        Suppression.Delay => _counters with { SuppressedByDelay = _counters.SuppressedByDelay + 1 },
        Suppression.Hysteresis => _counters with { SuppressedByHysteresis = _counters.SuppressedByHysteresis + 1 },
        _ => _counters with { SuppressedByCorroboration = _counters.SuppressedByCorroboration + 1 },
    };

    // ---- what the history says ----------------------------------------------------------------------------------------

    private readonly List<(int Place, PauseKind Kind)> _ended = []; // Which pause a resumption in the history ended.
    private readonly Dictionary<int, int> _began = []; // The key with which an alarm in the history began.

    /// <summary>The history behind the last fact of that kind about the condition.</summary>
    private IEnumerable<object> Since(ConditionId condition, params AlarmEventKind[] kinds)
    {
        int last = _history.FindLastIndex(entry => entry is Fact fact && fact.Condition == condition && kinds.Contains(fact.Kind));
        return _history.Skip(last + 1);
    }

    private bool IsOpen(ConditionId condition) => FactsOf(condition).LastOrDefault(fact => fact.Kind is AlarmEventKind.Began or AlarmEventKind.Ended)?.Kind == AlarmEventKind.Began;

    private bool IsLatched(ConditionId condition) =>
        FactsOf(condition).LastOrDefault(fact => fact.Kind is AlarmEventKind.Began or AlarmEventKind.Latched or AlarmEventKind.Returned or AlarmEventKind.Ended)?.Kind == AlarmEventKind.Latched;

    private bool IsAcknowledged(ConditionId condition) =>
        FactsOf(condition).LastOrDefault(fact => fact.Kind is AlarmEventKind.Began or AlarmEventKind.Acknowledged or AlarmEventKind.PriorityRose or AlarmEventKind.Reminded) is
    { Kind: AlarmEventKind.Acknowledged } or { Kind: AlarmEventKind.Reminded, IsAcknowledged: true };

    private AnomalySeverity Priority(ConditionId condition) => FactsOf(condition).Last(fact => fact.Priority != 0).Priority;

    private static int Rank(ConditionId condition, AnomalySeverity priority) => (int)priority + (condition == ConditionId.Asystole ? 1 : 0);

    /// <summary>Reports about the condition behind the last beginning or return of its alarm, or behind its end when it has none.</summary>
    private Report[] Reports(ConditionId condition)
    {
        int last = _history.FindLastIndex(
            entry => entry is StepKind.Discharge || (entry is Fact fact && fact.Condition == condition && fact.Kind is AlarmEventKind.Began or AlarmEventKind.Returned or AlarmEventKind.Ended && fact.Condition == condition));
        return [.. _history.Skip(last + 1).OfType<Report>().Where(report => report.Condition == condition)];
    }

    private Report? Latest(ConditionId condition) => Reports(condition).LastOrDefault();

    /// <summary>The latest reports that all have one of these presences.</summary>
    private Report[] Run(ConditionId condition, params Presence[] presences) => [.. Reports(condition).Reverse().TakeWhile(report => presences.Contains(report.Presence)).Reverse()];

    private Report[] OnsetRun(ConditionId condition) => Run(condition, Presence.Present);

    private bool IsGone(ConditionId condition) => Run(condition, Presence.Absent, Presence.Vetoed).Length > 0;

    private bool IsUnknown(ConditionId condition) => Run(condition, Presence.Unknown, Presence.Unmeasured).Length > 0;

    /// <summary>Whether the last that is known is a veto: told since the last alarm, or what ended that.</summary>
    private bool IsVetoed(ConditionId condition)
    {
        if (Latest(condition) is { } latest)
            return latest.Presence == Presence.Vetoed;
        int end = _history.FindLastIndex(entry => entry is StepKind.Discharge || (entry is Fact { Kind: AlarmEventKind.Ended } fact && fact.Condition == condition));
        if (end < 0 || _history[end] is not Fact { Cause: EndCause.Cleared })
            return false;
        return _history.Take(end).OfType<Report>().Where(report => report.Condition == condition).Reverse()
            .TakeWhile(report => report.Presence is Presence.Absent or Presence.Vetoed).Last().Presence == Presence.Vetoed;
    }

    /// <summary>The delay that is running: from which report, and how long.</summary>
    private (Report From, int Length)? Delay(ConditionId condition)
    {
        Timing timing = _timings[condition];
        if (!IsOpen(condition))
            return OnsetRun(condition) is [Report onset, ..] ? (onset, timing.Onset) : null;
        if (IsLatched(condition))
            return null;
        if (Run(condition, Presence.Absent, Presence.Vetoed) is [Report absence, ..])
            return (absence, timing.Clear);
        // Nobody measures again what is unknown by then: that counts from where it is known to be.
        if (Run(condition, Presence.Unknown) is [Report unknown, ..])
            return (unknown, timing.Lost);
        return Run(condition, Presence.Unmeasured) is [Report loss, ..] ? (loss, timing.Unmeasured) : null;
    }

    /// <summary>Since when people could have done something, and were not told anything new.</summary>
    private long WaitsSince(ConditionId condition)
    {
        long since = 0;
        for (int place = 0; place < _history.Count; place++)
        {
            if (_history[place] is Fact fact && fact.Condition == condition && fact.Kind is not (AlarmEventKind.Updated or AlarmEventKind.Latched))
                since = fact.At;
            else if (_history[place] is (ConditionId known, long at) && known == condition)
                since = at;
            else if (_history[place] is Fact { Kind: AlarmEventKind.Resumed } resumed && !PausesBefore(place + 1).Any())
                since = resumed.At;
        }

        return since;
    }

    private int ToldKey(ConditionId condition)
    {
        int place = LastEvidence(condition);
        return _began.TryGetValue(place, out int key) ? key : _history.Take(place).OfType<Report>().Last(report => report.Condition == condition).Key;
    }

    private long ToldAt(ConditionId condition) => ((Fact)_history[LastEvidence(condition)]).EventAt;

    private int LastEvidence(ConditionId condition) => _history.FindLastIndex(
        entry => entry is Fact fact && fact.Condition == condition && fact.Kind is AlarmEventKind.Began or AlarmEventKind.PriorityRose or AlarmEventKind.Updated or AlarmEventKind.Returned && fact.Condition == condition);

    private bool IsPaused => PausesBefore(_history.Count).Any();

    private PauseFact? PauseInForce(PauseKind kind) => PausesBefore(_history.Count).FirstOrDefault(pause => pause.Kind == kind);

    private IEnumerable<PauseFact> PausesBefore(int end)
    {
        foreach (PauseKind kind in new[] { PauseKind.Audio, PauseKind.Alarms })
        {
            int begin = _history.FindLastIndex(end - 1, end, entry => entry is PauseFact pause && pause.Kind == kind);
            if (begin >= 0 && !_ended.Exists(ended => ended.Kind == kind && ended.Place > begin && ended.Place < end))
                yield return (PauseFact)_history[begin];
        }
    }

    private Shown Show(ConditionId condition)
    {
        AlarmPhase phase = IsLatched(condition) ? AlarmPhase.Latched : IsUnknown(condition) ? AlarmPhase.Suspended : IsGone(condition) ? AlarmPhase.Clearing : AlarmPhase.Active;
        int revision = Since(condition, AlarmEventKind.Began).OfType<Fact>().Count(fact => fact.Condition == condition);
        AlarmSound sound = PauseInForce(PauseKind.Alarms) is not null ? AlarmSound.AlarmsPaused
            : IsAcknowledged(condition) ? AlarmSound.Acknowledged
            : PauseInForce(PauseKind.Audio) is not null ? AlarmSound.AudioPaused : AlarmSound.On;
        return new(condition, phase, Priority(condition), IsAcknowledged(condition), revision, sound);
    }
}
