using PhysioActors.Processing.Signals.Ecg;
using PhysioActors.Processing.Signals.Pulse;

namespace PhysioActors.Processing.Signals.Rhythm;

public sealed partial class RhythmMonitor
{
    private const int PulseDelayMs = 500; // The wave of the last beat arrives within that.
    private const int PulseSilenceMs = 4000;
    private const int LatestTMs = 360;
    private const int TToleranceMs = 24;
    private const int OrderDelayMs = 3000;
    private const int LeastIntervals = 5;
    private const int SureHundredths = 92;
    private const int SwingToleranceMs = 150; // Between where a swing is and where the detector places its beat.
    internal const int Conditions = (int)RhythmCondition.AtrialFibrillation + 1;

    private readonly Episode[] _episodes = new Episode[Conditions];
    private HeartRateMeter _meter = new();
    private AtrialFibrillationDetector _fibrillation = new();
    private readonly List<long> _sure = [];
    private long _meteredMs = long.MinValue;
    private long _usualInterval; // Of this decision only.
    private long _orderedMs = long.MinValue;

    private struct Episode
    {
        public RhythmChangeKind? Kind; // Began or Suppressed; null while there is nothing.
        public long SinceMs;
        public long LastMs; // The last second in which it was there.
    }

    // A QRS complex and what makes it stand out take about a tenth of a second.
    private const float UnseenShare = 0.1f;

    // One short gap is no matter; seconds with gaps that come again within this are.
    private const int FewestPatches = 2;
    private const int PatchesMs = 10_000;

    /// <summary>A condition ends when it has been gone for so long, milliseconds: a rate about a limit comes and goes from second to second.</summary>
    public const int GoneMs = 5000;

    /// <summary>The averaged heart rate as of the last decided second; null when there is none.</summary>
    public double? HeartRate => _decidedMs == long.MinValue ? null : _meter.Rate(_decidedMs);

    /// <summary>Whether a condition was there in the last decided second.</summary>
    public bool IsPresent(RhythmCondition condition) => IsActive(condition) && _episodes[(int)condition].LastMs == _decidedMs;

    /// <summary>Whether a condition has begun and not ended, as of the last decided second.</summary>
    public bool IsActive(RhythmCondition condition) => _episodes[(int)condition].Kind == RhythmChangeKind.Began;

    /// <summary>Takes a condition for told as begun, or not, whatever was found: if it is there, or gone, that is told with the next seconds.</summary>
    internal void Reconcile(RhythmCondition condition, bool isTold)
    {
        ref Episode episode = ref _episodes[(int)condition];
        if (isTold != (episode.Kind == RhythmChangeKind.Began))
            episode = isTold ? new Episode { Kind = RhythmChangeKind.Began, SinceMs = _decidedMs, LastMs = _decidedMs } : default;
    }

    /// <summary>The length of what is decided at once, milliseconds.</summary>
    internal const int SecondMs = 1000;

    /// <summary>The end of the last decided second, or the time of the first sample while there is none; <see cref="long.MinValue"/> before any sample.</summary>
    internal long DecidedMs => _decidedMs;

    /// <summary>Decides every second up to a time, counted from the first sample. Everything up to that time must have been given.</summary>
    /// <param name="toMs">The time.</param>
    /// <param name="changes">What changed is appended.</param>
    public void Advance(long toMs, ICollection<RhythmChange> changes)
    {
        ArgumentNullException.ThrowIfNull(changes);
        if (_decidedMs == long.MinValue)
            return;
        for (long now = _decidedMs + SecondMs; now <= toMs; now += SecondMs)
        {
            _decidedMs = now;
            Decide(now, changes);
        }
    }

    private void Decide(long now, ICollection<RhythmChange> changes)
    {
        int known = 0;
        _sure.Clear();
        for (int i = 0; i < _beats.Count; i++)
        {
            ref SeenBeat beat = ref _beats[i];
            if (beat.KnownMs > now)
                break;
            known = i + 1;
            if (IsDoubtful(i, now))
                continue;
            _sure.Add(beat.TimeMs);
            if (beat.TimeMs > _meteredMs)
            {
                if (_meteredMs != long.MinValue && MayHaveMissed(_meteredMs, beat.TimeMs))
                    _meter.Break();
                _meter.Beat(beat.TimeMs);
                _meteredMs = beat.TimeMs;
            }
        }

        _usualInterval = MedianInterval(known);
        FeedFibrillation(now, known);
        Settle(RhythmCondition.Asystole, Asystole(now), now, changes);
        Settle(RhythmCondition.ExtremeBradycardia, Bradycardia(now), now, changes);
        Settle(RhythmCondition.ExtremeTachycardia, Tachycardia(now), now, changes);
        Settle(RhythmCondition.VentricularTachycardia, VentricularTachycardia(now, known), now, changes);
        Settle(RhythmCondition.VentricularFibrillation, VentricularFibrillation(now), now, changes);
        Settle(RhythmCondition.AtrialFibrillation, AtrialFibrillation(now), now, changes);
        Forget(now);
    }

    /// <summary>
    /// Intervals for atrial fibrillation come 3 s late, when forms and final classes are known: an interval before or behind a ventricular beat says nothing about the atria.
    /// </summary>
    private void FeedFibrillation(long now, int known)
    {
        long before = long.MinValue;
        bool isVentricular = false;
        for (int i = 0; i < known && _beats[i].TimeMs <= now - OrderDelayMs; i++)
        {
            ref SeenBeat beat = ref _beats[i];
            if (IsDoubtful(i, now))
                continue;
            bool ventricular = IsVentricular(i, now);
            if (beat.TimeMs > _orderedMs)
            {
                if (before != long.MinValue && !ventricular && !isVentricular && !MayHaveMissed(before, beat.TimeMs))
                    _fibrillation.Add(beat.TimeMs - before);
                _orderedMs = beat.TimeMs;
            }

            (before, isVentricular) = (beat.TimeMs, ventricular);
        }
    }

    private void Settle(RhythmCondition condition, in Finding finding, long now, ICollection<RhythmChange> changes)
    {
        ref Episode episode = ref _episodes[(int)condition];
        if (!finding.IsPresent)
        {
            if (episode.Kind == RhythmChangeKind.Began && now - episode.LastMs < GoneMs)
                return;
            if (episode.Kind == RhythmChangeKind.Began)
                changes.Add(new RhythmChange(condition, RhythmChangeKind.Ended, now, episode.SinceMs, Veto.None, EvidenceOf(episode.SinceMs, now)));
            episode = default;
            return;
        }

        episode.LastMs = now;
        RhythmChangeKind kind = finding.Veto == Veto.None ? RhythmChangeKind.Began : RhythmChangeKind.Suppressed;
        if (episode.Kind == kind)
            return;
        if (episode.Kind == RhythmChangeKind.Began)
            changes.Add(new RhythmChange(condition, RhythmChangeKind.Ended, now, episode.SinceMs, Veto.None, EvidenceOf(episode.SinceMs, now)));
        if (episode.Kind is null)
            episode.SinceMs = finding.SinceMs;
        episode.Kind = kind;
        changes.Add(new RhythmChange(condition, kind, now, episode.SinceMs, finding.Veto, EvidenceOf(episode.SinceMs, now)));
    }

    /// <summary>
    /// What is no beat of its own: a spike too narrow for a heart, as a pacemaker makes it; what looks like none of the patient's beats when search-back found it, when it hardly stood out,
    /// or when it is far smaller than the usual beat in every lead, as a P wave is; and a tall T wave.
    /// </summary>
    private bool IsDoubtful(int index, long now)
    {
        ref SeenBeat beat = ref _beats[index];
        if (beat.FormedMs > now)
            return false;
        int likeness = -100, height = 0;
        bool isSpike = true;
        for (int i = 0; i < _traces.Length; i++)
        {
            BeatForm form = beat.Forms[i];
            likeness = Math.Max(likeness, form.IsCompared ? form.Likeness : 100);
            height = Math.Max(height, form.Height);
            isSpike &= form.IsPacerSpike;
        }

        return isSpike || (likeness < 90 && height <= 4) || (likeness < 80 && (beat.IsSearchBack || beat.Confidence < 30)) || IsTallT(index, now);
    }

    /// <summary>
    /// A deflection wider and by a third smoother than the beat before it in every lead, within the 360 ms in which a T wave comes (Pan and Tompkins 1985), and not for the first time at just that distance.
    /// </summary>
    private bool IsTallT(int index, long now)
    {
        if (index < 3)
            return false;
        ref SeenBeat beat = ref _beats[index];
        ref SeenBeat before = ref _beats[index - 1];
        long distance = beat.TimeMs - before.TimeMs, last = _beats[index - 2].TimeMs - _beats[index - 3].TimeMs;
        if (distance > LatestTMs || Math.Abs(distance - last) > TToleranceMs || before.FormedMs > now)
            return false;
        for (int i = 0; i < _traces.Length; i++)
        {
            BeatForm form = beat.Forms[i], earlier = before.Forms[i];
            if (form.HeightMicrovolts >= 100 && (form.SpreadMs < earlier.SpreadMs || form.Roughness * 3 > earlier.Roughness * 2))
                return false;
        }

        return true;
    }

    private Finding Asystole(long now)
    {
        long from = _sure.Count > 0 ? _sure[^1] : (_seconds.Count > 0 ? _seconds[0].TimeMs : now);
        if (now - from < _limits.AsystoleMs)
            return default;
        Veto veto = PulseWithin(from + PulseDelayMs, now);
        if (veto == Veto.None && !IsEcgAlive(now - _limits.AsystoleMs, now))
            veto = Veto.EcgQuality;
        return new Finding(true, from, veto);
    }

    private Finding Bradycardia(long now)
    {
        int beats = _limits.BradycardiaBeats;
        if (_sure.Count < beats)
            return default;
        long last = _sure[^1], first = _sure[^beats];
        if (now - last > 5000)
            return default;
        // A standstill is told as such; the beats around it must be slow for themselves.
        long span = 0;
        int intervals = 0;
        for (int i = beats; i > 1; i--)
        {
            long interval = _sure[^(i - 1)] - _sure[^i];
            if (interval >= _limits.AsystoleMs)
                continue;
            span += interval;
            intervals++;
        }

        if (span * _limits.ExtremeLow <= 60_000L * intervals)
            return default;
        Veto veto = PulseFaster(first, now, 60_000 / (_limits.ExtremeLow + 10));
        // How many beats there were where samples are missing, nobody knows.
        return new Finding(true, first, veto == Veto.None && IsEcgMissing(first, now) ? Veto.EcgQuality : veto);
    }

    private Finding Tachycardia(long now)
    {
        int beats = _limits.TachycardiaBeats;
        if (_sure.Count < beats)
            return default;
        long last = _sure[^1], first = _sure[^beats];
        if (now - last > 2000 || (last - first) * _limits.ExtremeHigh >= 60_000L * (beats - 1))
            return default;
        (Veto veto, bool wait) = RegularPulse(first, last, now);
        return wait ? default : new Finding(true, first, veto);
    }

    private Finding AtrialFibrillation(long now) =>
        _fibrillation.IsFibrillating && _sure.Count > 0 && now - _sure[^1] < HeartRateMeter.SilenceMs ? new Finding(true, _sure[0], Veto.None) : default;

    private Finding VentricularFibrillation(long now)
    {
        SeenSecond? judged = SecondAsOf(now);
        if (judged is not { } second || now - second.TimeMs > 1500)
            return default;
        int alive = 0, alike = 0;
        for (int i = 0; i < _traces.Length; i++)
        {
            LeadSecond lead = second.Leads[i];
            if (!IsAlive(lead))
                continue;
            alive++;
            if (Oscillates(lead))
                alike++;
        }

        if (alike == 0 || alike < alive)
            return default;
        return new Finding(true, now - 4000, PulseWithin(now - (1000 * LeadTrace.Seconds), now));
    }

    private Finding VentricularTachycardia(long now, int known)
    {
        int beats = _limits.VentricularBeats;
        for (int end = known; end >= beats && now - _beats[end - 1].TimeMs < 3000; end--)
        {
            int begin = end;
            while (begin > 0 && IsVentricular(begin - 1, now))
                begin--;
            if (end - begin < beats)
                continue;
            for (int from = end - beats; from >= begin; from--)
            {
                long first = _beats[from].TimeMs, span = _beats[from + beats - 1].TimeMs - first;
                if (span * _limits.VentricularRate >= 60_000L * (beats - 1) || HasPause(from, beats))
                    continue;
                (Veto veto, bool wait) = RegularPulse(first, first + span, now);
                return wait ? default : new Finding(true, first, veto);
            }
        }

        return SwingingTachycardia(now, known);
    }

    /// <summary>
    /// A tachycardia so fast that the detector takes some of its complexes for the T waves of others: as many great swings of a lead as make a run, with at least three beats found among them, all ventricular.
    /// </summary>
    private Finding SwingingTachycardia(long now, int known)
    {
        if (SecondAsOf(now) is not { } second)
            return default;
        for (int lead = 0; lead < _traces.Length; lead++)
        {
            SwingRun swings = second.Leads[lead].Swings;
            long first = second.TimeMs - swings.FirstMs, last = second.TimeMs - swings.LastMs;
            bool isRun = swings.Count >= _limits.VentricularBeats && (last - first) * _limits.VentricularRate < 60_000L * (swings.Count - 1) && now - last <= 3000;
            if (!isRun || second.Leads[lead].Fault != LeadFault.None || !AreVentricular(first, last, known, now))
                continue;
            (Veto veto, bool wait) = RegularPulse(first, last, now);
            return wait ? default : new Finding(true, first, veto);
        }

        return default;
    }

    /// <summary>Whether at least three beats lie within a span, and all of these are ventricular.</summary>
    private bool AreVentricular(long first, long last, int known, long now)
    {
        int ventricular = 0;
        for (int i = known - 1; i >= 0 && _beats[i].TimeMs >= first - SwingToleranceMs; i--)
        {
            if (_beats[i].TimeMs > last + SwingToleranceMs || IsDoubtful(i, now))
                continue;
            if (!IsVentricular(i, now))
                return false;
            ventricular++;
        }

        return ventricular >= 3;
    }

    /// <summary>
    /// Looks for a pulse that goes on as before through a run of beats: regular, of good quality, at the interval that it had before the run, at which the beats of the run do not follow each other.
    /// While such a pulse has not been broken and is still too short to judge, waiting is better than either answer.
    /// </summary>
    private (Veto Veto, bool Wait) RegularPulse(long first, long last, long now)
    {
        bool wait = false;
        foreach (PulseKind kind in (ReadOnlySpan<PulseKind>)[PulseKind.ArterialPressure, PulseKind.Plethysmogram])
        {
            Recent<SeenPulse> pulses = _pulses[(int)kind];
            (int interval, float amplitude) = UsualPulse(pulses, first, now);
            if (interval == 0 || RunsAt(interval, first, last) || IsVentricularRhythm(interval, first, now))
                continue;
            int after = 0, good = 0, poor = 0;
            long before = 0;
            bool broken = false;
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                if (pulse.KnownMs > now || pulse.TimeMs < first - (2 * interval) || pulse.TimeMs > last + 1000)
                    continue;
                broken |= before != 0 && !Near(pulse.TimeMs - before, interval, 20);
                before = pulse.TimeMs;
                if (pulse.Amplitude < 0.65f * amplitude)
                    broken = true;
                if (pulse.IsGood)
                    good++;
                else
                    poor++;
                if (pulse.TimeMs <= first + PulseDelayMs)
                    continue;
                // Within the run every wave must be good: a poor pulse speaks against nothing.
                broken |= !pulse.IsGood;
                after++;
            }

            broken |= poor > good || before == 0 || (before < last && now - before > (5 * interval / 2) + PulseDelayMs);
            if (broken)
                continue;
            if (after >= 2)
                return (VetoOf(kind), false);
            wait |= now - last < 3000;
        }

        return (Veto.None, wait);
    }

    /// <summary>Whether a run has an interval half as long again as its rate's: what stops and starts is noise or single beats, not a tachycardia.</summary>
    private bool HasPause(int from, int beats)
    {
        for (int i = from + 1; i < from + beats; i++)
        {
            if ((_beats[i].TimeMs - _beats[i - 1].TimeMs) * _limits.VentricularRate * 2 > 3 * 60_000L)
                return true;
        }

        return false;
    }

    /// <summary>Whether the beats from one time to the other all follow each other at an interval.</summary>
    private bool RunsAt(long interval, long first, long last)
    {
        for (int i = 1; i < _beats.Count; i++)
        {
            if (_beats[i - 1].TimeMs >= first && _beats[i].TimeMs <= last && !Near(_beats[i].TimeMs - _beats[i - 1].TimeMs, interval, 20))
                return false;
        }

        return true;
    }

    /// <summary>
    /// Whether in the 20 s before a time ventricular beats followed each other at an interval: then the pulse at this interval is that of a ventricular rhythm, and its going on speaks against nothing.
    /// </summary>
    private bool IsVentricularRhythm(long interval, long time, long now)
    {
        int intervals = 0, near = 0;
        for (int i = 1; i < _beats.Count && _beats[i].TimeMs <= time; i++)
        {
            if (_beats[i].KnownMs > now || _beats[i - 1].TimeMs < time - 20_000 || !IsVentricular(i, now) || !IsVentricular(i - 1, now))
                continue;
            intervals++;
            near += Near(_beats[i].TimeMs - _beats[i - 1].TimeMs, interval, 10) ? 1 : 0;
        }

        return near >= LeastIntervals && 2 * near > intervals;
    }

    /// <summary>Median interval and amplitude of the good waves in the 20 s before a time; 0 with fewer than five.</summary>
    private static (int IntervalMs, float Amplitude) UsualPulse(Recent<SeenPulse> pulses, long time, long now)
    {
        Span<int> intervals = stackalloc int[PulseCapacity];
        Span<float> amplitudes = stackalloc float[PulseCapacity];
        int count = 0;
        long before = 0;
        for (int i = 0; i < pulses.Count; i++)
        {
            SeenPulse pulse = pulses[i];
            if (pulse.KnownMs > now || pulse.TimeMs < time - 20_000 || pulse.TimeMs > time + PulseDelayMs)
                continue;
            if (before != 0 && pulse.IsGood)
            {
                amplitudes[count] = pulse.Amplitude;
                intervals[count++] = (int)(pulse.TimeMs - before);
            }

            before = pulse.IsGood ? pulse.TimeMs : 0;
        }

        if (count < 5)
            return (0, 0);
        intervals[..count].Sort();
        amplitudes[..count].Sort();
        return (intervals[count / 2], amplitudes[count / 2]);
    }

    private static bool Near(long value, long reference, int percent) => Math.Abs(value - reference) * 100 <= reference * percent;

    /// <summary>
    /// Whether a beat is ventricular: another form than the usual one in some usable lead, and the usual one in none. A premature beat, or one that the detector is sure of, needs only the former:
    /// beats that a good lead shows in noise of the others come in time, and are not surely told.
    /// </summary>
    private bool IsVentricular(int index, long now)
    {
        ref SeenBeat beat = ref _beats[index];
        if (beat.FormedMs > now)
            return false;
        bool isPremature = index > 0 && (beat.TimeMs - _beats[index - 1].TimeMs) * 5 < _usualInterval * 4;
        bool isOdd = false, isUsualForm = true, isVentricular = beat.ClassAsOf(now) == BeatClass.Ventricular;
        // What the detector is sure of is no noise: then one lead may show a ventricular beat much as a usual one.
        bool isSure = isVentricular && beat.Confidence >= SureHundredths;
        for (int i = 0; i < _traces.Length; i++)
        {
            BeatForm form = beat.Forms[i];
            if (!form.IsCompared || form.HeightMicrovolts < 100)
                continue;
            // Six times as high as usual is an electrode that moved, and leads share electrodes.
            if (form.Height > 60 || (form.Likeness >= 94 && form.Difference < 35 && !isPremature && !isSure))
                return false;
            isOdd |= (form.Difference >= 60 || isVentricular) && form.Roughness <= 85;
            isUsualForm &= form.Likeness >= 95;
        }

        // The usual form in every lead, only higher or lower, was conducted in the usual way.
        return isOdd && !isUsualForm;
    }

    /// <summary>The median interval of the remembered beats, milliseconds.</summary>
    private long MedianInterval(int known)
    {
        Span<int> intervals = stackalloc int[BeatCapacity];
        int count = 0;
        for (int i = 1; i < known; i++)
            intervals[count++] = (int)Math.Min(int.MaxValue, _beats[i].TimeMs - _beats[i - 1].TimeMs);
        if (count == 0)
            return 0;
        intervals[..count].Sort();
        return intervals[count / 2];
    }

    /// <summary>A pulse signal that shows at least two good waves from one time to the other, and was never silent for as long as asystole takes.</summary>
    private Veto PulseWithin(long from, long now)
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
                silent |= pulse.TimeMs - last > PulseSilenceMs;
                last = pulse.TimeMs;
                count++;
            }

            if (count >= 2 && !silent && now - last <= PulseSilenceMs)
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

    private RhythmEvidence EvidenceOf(long since, long now)
    {
        int beats = 0;
        long first = 0, last = 0;
        foreach (long time in _sure)
        {
            if (time < since)
                continue;
            if (beats++ == 0)
                first = time;
            last = time;
        }

        int waves = 0;
        double rate = double.NaN;
        foreach (Recent<SeenPulse> pulses in _pulses)
        {
            int count = 0;
            long begin = 0, end = 0;
            for (int i = 0; i < pulses.Count; i++)
            {
                SeenPulse pulse = pulses[i];
                if (pulse.TimeMs < since || pulse.KnownMs > now || !pulse.IsGood)
                    continue;
                if (count++ == 0)
                    begin = pulse.TimeMs;
                end = pulse.TimeMs;
            }

            if (count > waves)
                (waves, rate) = (count, RateOf(count, end - begin));
        }

        return new RhythmEvidence(beats, RateOf(beats, last - first), waves, rate);
    }

    private static double RateOf(int count, long spanMs) => count > 1 && spanMs > 0 ? 60_000.0 * (count - 1) / spanMs : double.NaN;

    /// <summary>Lets go of what no decision asks for any more.</summary>
    private void Forget(long now)
    {
        while (_beats.Count > 0 && _beats[0].TimeMs < now - RememberedMs)
            _beats.RemoveOldest();
        foreach (Recent<SeenPulse> pulses in _pulses)
        {
            while (pulses.Count > 0 && pulses[0].TimeMs < now - RememberedMs)
                pulses.RemoveOldest();
        }

        while (_seconds.Count > 0 && _seconds[0].TimeMs < now - RememberedSecondsMs)
            _seconds.RemoveOldest();
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

    /// <summary>Whether in each second of a span some lead moves, has samples, and is such as an amplifier and a heart may give.</summary>
    private bool IsEcgAlive(long from, long now)
    {
        int wanted = (int)((now - from) / 1000) - 1, alive = 0;
        for (int i = 0; i < _seconds.Count; i++)
        {
            if (_seconds[i].TimeMs <= from || _seconds[i].TimeMs > now)
                continue;
            bool any = false;
            for (int lead = 0; lead < _traces.Length; lead++)
                any |= IsAlive(_seconds[i].Leads[lead]) && _seconds[i].Leads[lead].Fault == LeadFault.None;
            if (!any)
                return false;
            alive++;
        }

        return alive >= wanted;
    }

    /// <summary>Whether in some remembered second of a span no lead can be judged, or samples are missing again and again.</summary>
    private bool IsEcgMissing(long from, long now)
    {
        for (int i = 0; i < _seconds.Count; i++)
        {
            if (_seconds[i].TimeMs <= from || _seconds[i].TimeMs > now)
                continue;
            bool any = false;
            for (int lead = 0; lead < _traces.Length; lead++)
                any |= _seconds[i].Leads[lead] is { Missing: < 0.5f, Fault: LeadFault.None };
            if (!any)
                return true;
        }

        return Patches(from, now) >= FewestPatches;
    }

    /// <summary>Whether samples are missing from all leads again and again, as of the newest sample: then nothing can be said of how fast beats follow each other.</summary>
    internal bool IsPatchy => Patches(_newestMs - PatchesMs, _newestMs) >= FewestPatches;

    /// <summary>Seconds of a span in which samples are missing from all leads; those of a longer gap, with its edges, count once.</summary>
    private int Patches(long from, long to)
    {
        int patches = 0;
        float before = 0;
        for (int i = 0; i < _seconds.Count; i++)
        {
            if (_seconds[i].TimeMs <= from || _seconds[i].TimeMs > to)
                continue;
            float missing = 1;
            for (int lead = 0; lead < _traces.Length; lead++)
                missing = Math.Min(missing, _seconds[i].Leads[lead].Missing);
            if (missing > UnseenShare && before < 0.5f && !(missing >= 0.5f && before > UnseenShare))
                patches++;
            before = missing;
        }

        return patches;
    }

    /// <summary>What keeps a lead from being judged: the newest fault within the time that a standstill takes, so that the seconds between slow beats that are too large do not make it whole.</summary>
    internal LeadFault FaultOf(int lead)
    {
        for (int i = _seconds.Count - 1; i >= 0 && _seconds[i].TimeMs > _newestMs - _limits.AsystoleMs; i--)
        {
            if (_seconds[i].Leads[lead].Fault is var fault and not LeadFault.None)
                return fault;
        }

        return LeadFault.None;
    }

    /// <summary>Whether so many samples are missing between two beats, in every lead, that one between them may be unseen.</summary>
    private bool MayHaveMissed(long from, long to)
    {
        for (int i = 0; i < _seconds.Count; i++)
        {
            if (_seconds[i].TimeMs <= from || _seconds[i].TimeMs - 1000 >= to)
                continue;
            bool all = true;
            for (int lead = 0; lead < _traces.Length; lead++)
                all &= _seconds[i].Leads[lead].Missing > UnseenShare;
            if (all)
                return true;
        }

        return false;
    }

    /// <summary>
    /// A wave without rest between its deflections, at a rate of flutter or fibrillation. Its first second may still have beats in it: then the peaks stand out more, and the oscillation must be the purer.
    /// </summary>
    private static bool Oscillates(in LeadSecond lead) =>
        lead.Fault == LeadFault.None && lead.Frequency is > 1.8f and < 9 && lead.Magnitude > 40 && ((lead.Peakedness < 3.5f && lead.Leakage < 0.65f) || (lead.Peakedness < 5 && lead.Leakage < 0.45f));

    // What is too large moves: it does not speak for fibrillation, and leaves it not to the other leads, which are likely to have the same gain.
    private static bool IsAlive(in LeadSecond second) => second is { Missing: < 0.5f, Still: < 0.95f, Fault: LeadFault.None } or { Missing: < 0.5f, Fault: LeadFault.TooLarge };

    private readonly record struct Finding(bool IsPresent, long SinceMs, Veto Veto);
}
