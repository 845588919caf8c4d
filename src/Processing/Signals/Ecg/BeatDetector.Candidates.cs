namespace PhysioActors.Processing.Signals.Ecg;

// From ticks to candidates: the combined energy, its peaks, and what the leads say about each.
public sealed partial class BeatDetector
{
    private const long None = long.MinValue / 4;
    private const int CombinedLength = 128;
    private const int CombinedMask = CombinedLength - 1;
    private const int PeakHalfWidth = 20;
    private const int LearningTicks = 2 * Rate;
    private const float LeastPeak = 0.05f;
    private const float LeastCompared = 0.15f;
    private const int MostPending = 32;
    private const double LoudSlope = 0.25;
    private const double DeadShare = 0.12;
    private const double NeutralCorrelation = 0.6;

    // Where a beat is looked for around the middle of its energy, and the stretch before it that serves as its baseline.
    private const int PlaceBefore = 24;
    private const int PlaceAfter = 16;
    private const int BaseFrom = 34;
    private const int BaseTo = 23;

    private readonly float[] _combined = new float[CombinedLength];
    private readonly BeatCandidate[] _pending = new BeatCandidate[MostPending];
    private int _pendingCount;
    private long _peakTick;
    private float _peak;

    private void Tick()
    {
        long tick = _tick++;
        ConcludeWhenLate(tick);
        double sum = 0;
        for (int i = 0; i < _leads.Length; i++)
        {
            int energy = _leads[i].Energy[(int)tick & Mask];
            LeadLevels levels = _levels[i];
            if (levels.Energies.IsEmpty)
                levels.Begin(energy);
            double relative = energy * levels.Gain;
            // What is louder than a beat counts less and less: an artefact in one lead must not hide the beats of the other.
            sum += levels.Clarity * (relative > 1 ? 1 + ((relative - 1) * LoudSlope) : relative);
        }

        float combined = (float)sum;
        _combined[(int)tick & CombinedMask] = combined;
        if (combined > _peak)
        {
            (_peak, _peakTick) = (combined, tick);
        }
        else if (tick - _peakTick >= PeakHalfWidth)
        {
            EndPeak();
            (_peak, _peakTick) = (combined, tick);
        }

        Decide(tick);
        if (tick % LookTicks == 0)
        {
            for (int i = 0; i < _leads.Length; i++)
                _levels[i].Look(_leads[i], tick);
        }
    }

    private void EndPeak()
    {
        if (_peak <= LeastPeak || _pendingCount == MostPending)
            return;
        for (int back = 1; back <= PeakHalfWidth; back++)
        {
            if (_combined[(int)(_peakTick - back) & CombinedMask] > _peak)
                return;
        }

        var candidate = new BeatCandidate { Tick = _peakTick, Height = _peak };
        candidate.Position = Locate(_peakTick - EcgLead.EnergyDelay);
        for (int i = 0; i < _leads.Length; i++)
            Measure(i, _peakTick, candidate.Position, ref candidate.Leads[i]);
        if (_peak > LeastCompared)
            Compare(ref candidate);
        _pending[_pendingCount++] = candidate;
    }

    // The largest deflection from the baseline before the beat, where annotators put it, too: an upward one counts double, the second lead less than half,
    // and what lies far from the middle of the energy less.
    private long Locate(long middle)
    {
        const double Downward = 0.5, Second = 0.4, ByTick = 0.02;
        Span<double> bases = stackalloc double[MaximumLeads];
        Span<double> weights = stackalloc double[MaximumLeads];
        for (int i = 0; i < _leads.Length; i++)
        {
            ReadOnlySpan<int> low = _leads[i].Low;
            long sum = 0;
            for (long t = middle - BaseFrom; t <= middle - BaseTo; t++)
                sum += low[(int)(t + EcgLead.LowDelay) & Mask];
            bases[i] = (double)sum / (BaseFrom - BaseTo + 1);
            weights[i] = _levels[i].Clarity * (i == 0 ? 1 : Second);
        }

        long best = middle;
        double most = -1;
        for (int offset = -PlaceBefore; offset <= PlaceAfter; offset++)
        {
            int at = (int)(middle + offset + EcgLead.LowDelay) & Mask;
            double sum = 0;
            for (int i = 0; i < _leads.Length; i++)
            {
                double deflection = _leads[i].Low[at] - bases[i];
                sum += weights[i] * (deflection > 0 ? deflection : -Downward * deflection);
            }

            sum *= 1 - (ByTick * Math.Abs(offset));
            if (sum > most)
                (best, most) = (middle + offset, sum);
        }

        return best;
    }

    private void Measure(int lead, long tick, long position, ref LeadEvidence evidence)
    {
        EcgLead of = _leads[lead];
        LeadLevels levels = _levels[lead];
        evidence.Energy = Greatest(of.Energy, tick - 12, tick + 12);
        evidence.Slope = Greatest(of.Slope, tick - 30, tick + 10);
        int highest = int.MinValue, lowest = int.MaxValue;
        for (long t = position - 20; t <= position + 20; t++)
        {
            int value = of.Low[(int)(t + EcgLead.LowDelay) & Mask];
            highest = Math.Max(highest, value);
            lowest = Math.Min(lowest, value);
        }

        evidence.Size = highest - lowest;
        evidence.RelativeEnergy = evidence.Energy / levels.Energy;
        evidence.RelativeSlope = levels.Slopes.IsEmpty ? 1 : evidence.Slope / Math.Max(1, levels.Slopes.Median);
        evidence.RelativeSize = levels.Sizes.IsEmpty ? 1 : evidence.Size / Math.Max(1, levels.Sizes.Median);
        double before = 0;
        for (long t = tick - 70; t < tick - 20; t += 5)
            before += of.Energy[(int)t & Mask];
        evidence.Before = before / 10 / Math.Max(1, evidence.Energy);
        evidence.Correlation = NeutralCorrelation;
        // A lead in which hardly anything moved for 0.7 s is off or stuck: it says nothing, neither for a beat nor against.
        int active = 0;
        for (long t = tick - 150; t <= tick + PeakHalfWidth; t += 5)
            active = Math.Max(active, of.Energy[(int)t & Mask]);
        bool isOff = active < DeadShare * levels.Energy || levels.MissingTicks > _tick - tick;
        evidence.Clarity = isOff ? 0 : levels.Clarity;
    }

    // The known form whose short waveform fits all leads best.
    private void Compare(ref BeatCandidate candidate)
    {
        Span<float> wave = stackalloc float[BeatForms.ShortLength];
        Span<double> total = stackalloc double[BeatForms.Count];
        Span<double> each = stackalloc double[BeatForms.Count * MaximumLeads];
        double most = double.MinValue;
        for (int shift = -BeatForms.Shift; shift <= BeatForms.Shift; shift += 2)
        {
            total.Clear();
            for (int i = 0; i < _leads.Length; i++)
            {
                BeatForms.CutShort(_leads[i], candidate.Position + shift, wave);
                for (int form = 0; form < BeatForms.Count; form++)
                {
                    if (_forms[form].Uses == 0)
                        continue;
                    double correlation = BeatForms.Correlate(wave, _forms.Short(form, i));
                    each[(form * MaximumLeads) + i] = correlation;
                    total[form] += candidate.Leads[i].Clarity * correlation;
                }
            }

            for (int form = 0; form < BeatForms.Count; form++)
            {
                if (_forms[form].Uses == 0 || total[form] <= most)
                    continue;
                most = total[form];
                for (int i = 0; i < _leads.Length; i++)
                    candidate.Leads[i].Correlation = each[(form * MaximumLeads) + i];
            }
        }
    }

    private static int Greatest(ReadOnlySpan<int> ring, long from, long to)
    {
        int greatest = 0;
        for (long t = from; t <= to; t++)
            greatest = Math.Max(greatest, ring[(int)t & Mask]);
        return greatest;
    }
}
