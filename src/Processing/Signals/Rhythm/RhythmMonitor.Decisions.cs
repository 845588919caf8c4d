using PhysioActors.Processing.Signals.Pulse;

namespace PhysioActors.Processing.Signals.Rhythm;

public sealed partial class RhythmMonitor
{
    private const int Conditions = (int)RhythmCondition.AtrialFibrillation + 1;

    private readonly Episode[] _episodes = new Episode[Conditions];
    private HeartRateMeter _meter = new();
    private long _meteredMs = long.MinValue;

    private struct Episode
    {
        public RhythmChangeKind? Kind; // Began or Suppressed; null while there is nothing.
        public long SinceMs;
    }

    /// <summary>The averaged heart rate as of the last decided second; null when there is none.</summary>
    public double? HeartRate => _decidedMs == long.MinValue ? null : _meter.Rate(_decidedMs);

    /// <summary>Whether a condition is there as of the last decided second.</summary>
    public bool IsActive(RhythmCondition condition) => _episodes[(int)condition].Kind == RhythmChangeKind.Began;

    /// <summary>Decides every whole second up to a time. Everything up to that time must have been given.</summary>
    /// <param name="toMs">The time.</param>
    /// <param name="changes">What changed is appended.</param>
    public void Advance(long toMs, ICollection<RhythmChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (_decidedMs == long.MinValue)
        {
            _decidedMs = toMs - (toMs % 1000);
            return;
        }

        for (long now = _decidedMs + 1000; now <= toMs; now += 1000)
        {
            _decidedMs = now;
            Decide(now, changes);
        }
    }

    private void Decide(long now, ICollection<RhythmChange> changes)
    {
        int known = 0;
        for (int i = 0; i < _beats.Count; i++)
        {
            ref SeenBeat beat = ref _beats[i];
            if (beat.KnownMs > now)
                break;
            known = i + 1;
            if (beat.TimeMs > _meteredMs)
            {
                _meter.Beat(beat.TimeMs);
                _meteredMs = beat.TimeMs;
            }
        }

        Settle(RhythmCondition.Asystole, Asystole(now, known), now, changes);
        Settle(RhythmCondition.ExtremeBradycardia, Bradycardia(now, known), now, changes);
        Settle(RhythmCondition.ExtremeTachycardia, Tachycardia(now, known), now, changes);
        Settle(RhythmCondition.VentricularTachycardia, VentricularTachycardia(now, known), now, changes);
        Settle(RhythmCondition.VentricularFibrillation, VentricularFibrillation(now, known), now, changes);
    }

    private void Settle(RhythmCondition condition, in Finding finding, long now, ICollection<RhythmChange> changes)
    {
        ref Episode episode = ref _episodes[(int)condition];
        if (!finding.IsPresent)
        {
            if (episode.Kind == RhythmChangeKind.Began)
                changes.Add(new RhythmChange(condition, RhythmChangeKind.Ended, now, episode.SinceMs, Veto.None, finding.Evidence));
            episode = default;
            return;
        }

        RhythmChangeKind kind = finding.Veto == Veto.None ? RhythmChangeKind.Began : RhythmChangeKind.Suppressed;
        if (episode.Kind == kind)
            return;
        if (episode.Kind == RhythmChangeKind.Began)
            changes.Add(new RhythmChange(condition, RhythmChangeKind.Ended, now, episode.SinceMs, Veto.None, finding.Evidence));
        if (episode.Kind is null)
            episode.SinceMs = finding.SinceMs;
        episode.Kind = kind;
        changes.Add(new RhythmChange(condition, kind, now, episode.SinceMs, finding.Veto, finding.Evidence));
    }

    private Finding Asystole(long now, int known)
    {
        long from = known > 0 ? _beats[known - 1].TimeMs : (_seconds.Count > 0 ? _seconds[0].TimeMs : now);
        if (now - from < _limits.AsystoleMs)
            return default;
        Veto veto = PulseWithin(from + 500, now, 3500);
        if (veto == Veto.None && !AnyLeadAlive(now - _limits.AsystoleMs, now))
            veto = Veto.EcgQuality;
        return new Finding(true, from, veto, default);
    }

    private Finding Bradycardia(long now, int known)
    {
        int beats = _limits.BradycardiaBeats;
        if (known < beats)
            return default;
        long last = _beats[known - 1].TimeMs, first = _beats[known - beats].TimeMs;
        if (now - last > 5000 || (last - first) * _limits.ExtremeLow <= 60_000L * (beats - 1))
            return default;
        return new Finding(true, first, PulseFaster(first, now, 60_000 / (_limits.ExtremeLow + 10)), default);
    }

    private Finding Tachycardia(long now, int known)
    {
        int beats = _limits.TachycardiaBeats;
        if (known < beats)
            return default;
        long last = _beats[known - 1].TimeMs, first = _beats[known - beats].TimeMs;
        if (now - last > 2000 || (last - first) * _limits.ExtremeHigh >= 60_000L * (beats - 1))
            return default;
        return new Finding(true, first, Veto.None, default);
    }

    private Finding VentricularFibrillation(long now, int known)
    {
        SeenSecond? judged = SecondAsOf(now);
        if (judged is not { } second || now - second.TimeMs > 1500)
            return default;
        int alive = 0, alike = 0;
        for (int i = 0; i < _traces.Length; i++)
        {
            LeadSecond lead = second.Leads[i];
            if (lead.Missing > 0.5 || lead.Still > 0.9)
                continue;
            alive++;
            if (lead.Peakedness < 3.5 && lead.Frequency is > 1.8f and < 9 && lead.Magnitude > 40 && lead.Leakage < 0.65)
                alike++;
        }

        if (alike == 0 || alike < alive)
            return default;
        return new Finding(true, now - 4000, PulseWithin(now - 4000, now, 3500), default);
    }

    private Finding VentricularTachycardia(long now, int known)
    {
        int beats = _limits.VentricularBeats;
        for (int end = known; end >= beats && now - _beats[end - 1].TimeMs < 3000; end--)
        {
            int begin = end;
            while (begin > 0 && IsVentricular(_beats[begin - 1], now))
                begin--;
            if (end - begin < beats)
                continue;
            for (int from = end - beats; from >= begin; from--)
            {
                long first = _beats[from].TimeMs, span = _beats[from + beats - 1].TimeMs - first;
                if (span * _limits.VentricularRate >= 60_000L * (beats - 1))
                    continue;
                (Veto veto, bool wait) = RegularPulse(first, first + span, span / (beats - 1), now);
                return wait ? default : new Finding(true, first, veto, default);
            }
        }

        return default;
    }

    /// <summary>
    /// Looks for a pulse that goes on as before through a run of beats: regular, of good quality, at the interval that it had before the run, which is not the interval of the run.
    /// While such a pulse has not been broken and is still too short to judge, waiting is better than either answer.
    /// </summary>
    private (Veto Veto, bool Wait) RegularPulse(long first, long last, long runInterval, long now)
    {
        bool wait = false;
        foreach (PulseKind kind in (ReadOnlySpan<PulseKind>)[PulseKind.ArterialPressure, PulseKind.Plethysmogram])
        {
            Recent<SeenPulse> pulses = _pulses[(int)kind];
            long interval = UsualInterval(pulses, first, now);
            if (interval == 0 || Near(interval, runInterval, 15) || Near(interval, 2 * runInterval, 5))
                continue;
            int after = 0, poor = 0;
            long before = 0;
            bool broken = false;
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                if (pulse.KnownMs > now || pulse.TimeMs < first - (2 * interval) || pulse.TimeMs > last + 1000)
                    continue;
                broken |= before != 0 && !Near(pulse.TimeMs - before, interval, 20);
                before = pulse.TimeMs;
                if (!pulse.IsGood)
                    poor++;
                if (pulse.TimeMs > first + 400)
                    after++;
            }

            broken |= poor > 1 || before == 0 || (before < last && now - before > (5 * interval / 2) + 400);
            if (broken)
                continue;
            if (after >= 2)
                return (VetoOf(kind), false);
            wait |= now - last < 3000;
        }

        return (Veto.None, wait);
    }

    /// <summary>Median interval of the good waves in the 20 s before a time; 0 with fewer than five.</summary>
    private static long UsualInterval(Recent<SeenPulse> pulses, long time, long now)
    {
        Span<int> intervals = stackalloc int[PulseCapacity];
        int count = 0;
        long before = 0;
        for (int i = 0; i < pulses.Count; i++)
        {
            SeenPulse pulse = pulses[i];
            if (pulse.KnownMs > now || pulse.TimeMs < time - 20_000 || pulse.TimeMs > time + 400)
                continue;
            if (before != 0 && pulse.IsGood)
                intervals[count++] = (int)(pulse.TimeMs - before);
            before = pulse.IsGood ? pulse.TimeMs : 0;
        }

        if (count < 5)
            return 0;
        intervals = intervals[..count];
        intervals.Sort();
        return intervals[count / 2];
    }

    private static bool Near(long value, long reference, int percent) => Math.Abs(value - reference) * 100 <= reference * percent;

    private bool IsVentricular(in SeenBeat beat, long now)
    {
        if (beat.FormedMs > now)
            return false;
        bool odd = false;
        for (int i = 0; i < _traces.Length; i++)
        {
            BeatForm form = beat.Forms[i];
            if (!_usual[i].IsKnown || form.HeightMicrovolts < 100)
                continue;
            if (form.Likeness >= 94 && form.Difference < 35)
                return false;
            odd |= form.Difference >= 60 && form.Roughness < 100;
        }

        return odd;
    }

    /// <summary>A pulse signal that shows good waves from one time to the other, with no longer silence than so much.</summary>
    private Veto PulseWithin(long from, long now, long silenceMs)
    {
        foreach (PulseKind kind in (ReadOnlySpan<PulseKind>)[PulseKind.ArterialPressure, PulseKind.Plethysmogram])
        {
            Recent<SeenPulse> pulses = _pulses[(int)kind];
            int count = 0;
            long last = from;
            bool silent = false;
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                if (pulse.TimeMs <= from || pulse.KnownMs > now || !pulse.IsGood)
                    continue;
                silent |= pulse.TimeMs - last > silenceMs;
                last = pulse.TimeMs;
                count++;
            }

            if (count >= 2 && !silent && now - last <= silenceMs)
                return VetoOf(kind);
        }

        return Veto.None;
    }

    /// <summary>A pulse signal that shows good waves which follow each other faster than this.</summary>
    private Veto PulseFaster(long from, long now, long intervalMs)
    {
        foreach (PulseKind kind in (ReadOnlySpan<PulseKind>)[PulseKind.ArterialPressure, PulseKind.Plethysmogram])
        {
            Recent<SeenPulse> pulses = _pulses[(int)kind];
            int count = 0;
            long first = 0, last = 0;
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                if (pulse.TimeMs <= from || pulse.KnownMs > now || !pulse.IsGood)
                    continue;
                if (count++ == 0)
                    first = pulse.TimeMs;
                last = pulse.TimeMs;
            }

            if (count >= 4 && last - first < (count - 1) * intervalMs && now - from < (count + 2) * intervalMs)
                return VetoOf(kind);
        }

        return Veto.None;
    }

    private static Veto VetoOf(PulseKind kind) => kind == PulseKind.ArterialPressure ? Veto.ArterialPressure : Veto.Plethysmogram;

    private SeenSecond? SecondAsOf(long now)
    {
        for (int i = _seconds.Count - 1; i >= 0; i--)
        {
            if (_seconds[i].TimeMs <= now)
                return _seconds[i];
        }

        return null;
    }

    private bool AnyLeadAlive(long from, long now)
    {
        for (int i = 0; i < _seconds.Count; i++)
        {
            if (_seconds[i].TimeMs <= from || _seconds[i].TimeMs > now)
                continue;
            for (int lead = 0; lead < _traces.Length; lead++)
            {
                LeadSecond second = _seconds[i].Leads[lead];
                if (second.Missing < 0.5 && second.Still < 0.95)
                    return true;
            }
        }

        return false;
    }

    private readonly record struct Finding(bool IsPresent, long SinceMs, Veto Veto, RhythmEvidence Evidence);
}
