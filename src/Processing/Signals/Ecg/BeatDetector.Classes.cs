namespace PhysioActors.Processing.Signals.Ecg;

// From beats to their classes. A beat is judged by itself when it is found, and classified when the next one says how long the pause behind it was.
public sealed partial class BeatDetector
{
    private const double SameForm = 0.9;
    private const int JudgedEnough = 4;
    private const double SurelyNormal = -1;
    private const double DominanceChange = 1.5;
    private const double LongestPause = 1.6;
    private const int PauseLag = DecisionLag + 20;
    private const double UsualRate = 1.0 / 16;
    private const double LeastWeight = 0.005;
    private const double PoorClarity = 0.15;

    private readonly BeatForms _forms;
    private readonly RecentEight _normalIntervals = new();
    private readonly double[] _formFeatures = new double[BeatModel.FormFeatures];
    private readonly double[] _bestShort = new double[BeatForms.Count * MaximumLeads]; // Of the beat at hand only.
    private readonly double[] _bestLong = new double[BeatForms.Count * MaximumLeads];
    private WaitingBeat _waiting;
    private UsualBeat _usual = UsualBeat.Start;
    private int _dominant = -1;
    private double _lastClassScore;
    private long _lastClassifiedTick = None;

    private double ReferenceInterval => _normalIntervals.Count >= JudgedEnough ? _normalIntervals.Median : MeanInterval;

    private BeatClass Judge(in BeatCandidate candidate)
    {
        if (_waiting.IsWaiting)
            Conclude(candidate.Tick);
        _waiting = new WaitingBeat { IsWaiting = true, Tick = candidate.Tick, Sample = SampleOf(candidate.Position), Form = -1 };
        // What search-back found after seconds has left the rings: its form is not known.
        if (_tick - candidate.Position > EcgLead.Reach - BeatForms.LongLength)
            return BeatClass.Other;

        (int form, double similarity, double normalSimilarity) = FindForm(candidate);
        if (form >= 0 && similarity > SameForm)
        {
            _forms.Add(form, _leads, candidate.Position, candidate.Tick);
        }
        else
        {
            form = _forms.Replace(_leads, candidate.Position, candidate.Tick);
            _bestShort.AsSpan(form * MaximumLeads, MaximumLeads).Fill(1);
            _bestLong.AsSpan(form * MaximumLeads, MaximumLeads).Fill(1);
        }

        _forms.CountBeat(form);
        ChooseDominant(form);
        _waiting.Form = form;
        DescribeForm(candidate, normalSimilarity);
        ref readonly FormFacts facts = ref _forms[form];
        return facts.Judged >= JudgedEnough && facts.Ventricular > 0 ? BeatClass.Ventricular : BeatClass.Normal;
    }

    private void ConcludeWhenLate(long tick)
    {
        if (_waiting.IsWaiting && tick - _waiting.Tick > (LongestPause * MeanInterval) + PauseLag)
            Conclude(tick - PauseLag);
    }

    private void ConcludeAt(long tick)
    {
        if (_waiting.IsWaiting)
            Conclude(tick);
    }

    private static double WeightOf(in LeadEvidence evidence) => Math.Max(evidence.Clarity * evidence.Clarity, LeastWeight);

    // The form that fits best in short and long waveform, how well it does, and how well any does whose beats are surely normal.
    private (int Form, double Similarity, double NormalSimilarity) FindForm(in BeatCandidate candidate)
    {
        Span<float> wave = stackalloc float[BeatForms.LongLength];
        Span<float> shortWave = stackalloc float[BeatForms.ShortLength];
        Span<double> total = stackalloc double[BeatForms.Count];
        (int best, double most, double normal) = (-1, -1, -1);
        _bestShort.AsSpan().Fill(-1);
        _bestLong.AsSpan().Fill(-1);
        for (int shift = -BeatForms.Shift; shift <= BeatForms.Shift; shift++)
        {
            total.Clear();
            double weights = 0;
            for (int i = 0; i < _leads.Length; i++)
            {
                double weight = Math.Max(candidate.Leads[i].Clarity, 0.01);
                weights += weight;
                BeatForms.CutShort(_leads[i], candidate.Position + shift, shortWave);
                BeatForms.CutLong(_leads[i], candidate.Position + shift, wave);
                for (int form = 0; form < BeatForms.Count; form++)
                {
                    if (_forms[form].Uses == 0)
                        continue;
                    double inShort = BeatForms.Correlate(shortWave, _forms.Short(form, i)), inLong = BeatForms.Correlate(wave, _forms.Long(form, i));
                    total[form] += weight * 0.5 * (inShort + inLong);
                    int at = (form * MaximumLeads) + i;
                    _bestShort[at] = Math.Max(_bestShort[at], inShort);
                    _bestLong[at] = Math.Max(_bestLong[at], inLong);
                }
            }

            for (int form = 0; form < BeatForms.Count; form++)
            {
                if (_forms[form].Uses == 0)
                    continue;
                double similarity = total[form] / weights;
                if (_forms[form].Judged >= JudgedEnough && _forms[form].Ventricular < SurelyNormal)
                    normal = Math.Max(normal, similarity);
                if (similarity > most)
                    (best, most) = (form, similarity);
            }
        }

        return (best, most, normal);
    }

    // The patient's usual form: frequent, narrow and not early. Another must be twice as much of it to take its place.
    private void ChooseDominant(int form)
    {
        if (_dominant < 0)
            _dominant = form;
        for (int i = 0; i < BeatForms.Count; i++)
        {
            if (_forms[i].Judged >= JudgedEnough && Usualness(_forms[i]) > DominanceChange * Usualness(_forms[_dominant]))
                _dominant = i;
        }
    }

    private static double Usualness(in FormFacts facts) =>
        facts.Share / (1 + (30 * Math.Max(0, facts.Duration - 0.08))) / (1 + (4 * Math.Max(0, facts.Early)));

    private void DescribeForm(in BeatCandidate candidate, double normalSimilarity)
    {
        ref FormFacts facts = ref _forms[_waiting.Form];
        ref readonly FormFacts dominant = ref _forms[_dominant];
        (double usualDuration, double usualBreadth) = (dominant.Duration, dominant.Breadth);
        Unlikeness u = CompareWithDominant(candidate);
        facts.Duration = facts.Duration == 0 ? u.Duration : facts.Duration + ((u.Duration - facts.Duration) / 8);
        facts.Breadth = facts.Breadth == 0 ? u.Breadth : facts.Breadth + ((u.Breadth - facts.Breadth) / 8);

        double interval = _beforeLastTick == None ? 1 : (candidate.Tick - _beforeLastTick) / ReferenceInterval;
        double early = 1 - interval;
        double earlyUsually = early / (_usual.Spread + 0.03);
        double shortUsually = u.Short / (_usual.Short + 0.01), longUsually = u.Long / (_usual.Long + 0.015);
        double duration = usualDuration > 0 ? (u.Duration / usualDuration) - 1 : 0;
        double breadth = usualBreadth > 0 ? (u.Breadth / usualBreadth) - 1 : 0;
        double area = ((1 + u.Size) * (1 + breadth)) - 1;
        double mean = (u.Short + u.Long) / 2;
        double anyNormal = normalSimilarity < -0.5 ? mean : Math.Min(mean, 1 - normalSimilarity);
        double afterVentricular = _lastClassScore > 0 ? 1 : 0;

        // The last three, which need the next beat, follow in Conclude.
        ReadOnlySpan<double> features =
        [
            1,
            Cap(early, 0, 0.6),
            Cap(earlyUsually, 0, 6),
            Cap(early, -0.6, 0),
            Cap(u.Short, 0, 0.25),
            Cap(u.Short - 0.25, 0, 1.2),
            Cap(u.Long, 0, 0.3),
            Cap(u.Long - 0.3, 0, 1.2),
            Cap(breadth, -0.5, 1),
            Cap(u.Breadth - 0.05, -0.04, 0.06) * 20,
            u.Size,
            u.Slope,
            Cap(shortUsually, 0, 6),
            Cap(longUsually, 0, 6),
            Cap(area, -0.8, 2),
            Cap(u.Duration - 0.10, -0.06, 0.12) * 10,
            Cap(duration, -0.5, 1),
            Cap(earlyUsually, 0, 4) * Cap(longUsually - 2, 0, 4),
            Cap(breadth, 0, 1) * Cap(u.Long, 0, 1),
            Cap(early, 0, 0.5) * Cap(u.Long, 0, 1),
            afterVentricular,
            afterVentricular * Cap(u.Long, 0, 1),
            u.Before,
            u.Before * Cap(u.Long, 0, 1),
            Cap(anyNormal, 0, 0.2),
            Cap(anyNormal - 0.2, 0, 1),
            Cap(u.LeastLong, 0, 1),
            Cap(early, 0, 0.5) * Cap(anyNormal, 0, 0.8),
            Cap(area, 0, 2) * Cap(anyNormal, 0, 0.8),
        ];
        features.CopyTo(_formFeatures);
        (_waiting.Early, _waiting.Short, _waiting.Long) = (Cap(early, -0.5, 0.7), u.Short, u.Long);
        double clarity = 0;
        for (int i = 0; i < _leads.Length; i++)
            clarity = Math.Max(clarity, candidate.Leads[i].Clarity);
        _waiting.IsPoor = clarity < PoorClarity;
    }

    // How the beat differs from the dominant form, and how it is shaped: means over the leads.
    private Unlikeness CompareWithDominant(in BeatCandidate candidate)
    {
        Unlikeness sum = default;
        (double weights, double leastLong) = (0, 2);
        for (int i = 0; i < _leads.Length; i++)
        {
            ref readonly LeadEvidence evidence = ref candidate.Leads[i];
            double weight = WeightOf(evidence);
            double bestShort = _bestShort[(_dominant * MaximumLeads) + i], bestLong = _bestLong[(_dominant * MaximumLeads) + i];
            weights += weight;
            sum.Short += weight * (1 - bestShort);
            sum.Long += weight * (1 - bestLong);
            sum.Size += weight * Cap(evidence.RelativeSize - 1, -1, 2);
            sum.Slope += weight * Cap(evidence.RelativeSlope - 1, -1, 1.5);
            sum.Before += weight * Cap(evidence.Before, 0, 1);
            sum.Duration += weight * BeatShape.Duration(_leads[i], candidate.Position);
            sum.Breadth += weight * BeatShape.Breadth(_leads[i], candidate.Position);
            if (weight > 0.1)
                leastLong = Math.Min(leastLong, 1 - bestLong);
        }

        return new Unlikeness
        {
            Short = sum.Short / weights,
            Long = sum.Long / weights,
            Size = sum.Size / weights,
            Slope = sum.Slope / weights,
            Before = sum.Before / weights,
            Duration = sum.Duration / weights,
            Breadth = sum.Breadth / weights,
            LeastLong = leastLong > 1.9 ? sum.Long / weights : leastLong,
        };
    }

    private void Conclude(long nextTick)
    {
        WaitingBeat beat = _waiting;
        _waiting = default;
        double score = 0;
        BeatClass class_ = BeatClass.Other;
        if (beat.Form >= 0)
        {
            score = ScoreOf(beat, nextTick);
            bool isNew = _forms[_dominant].Judged < JudgedEnough;
            class_ = score > 0 ? BeatClass.Ventricular : beat.IsPoor || isNew ? BeatClass.Other : BeatClass.Normal;
            bool isUsual = score <= 0 && beat.Form == _dominant;
            if (isUsual)
                _usual.Learn(UsualRate, beat.Short, beat.Long, _lastClassScore <= 0 ? Math.Abs(beat.Early) : null);
        }

        if (score <= 0 && _lastClassScore <= 0 && beat.Tick - _lastClassifiedTick < LongestInterval)
            _normalIntervals.Add(beat.Tick - _lastClassifiedTick);
        (_lastClassifiedTick, _lastClassScore) = (beat.Tick, score);
        if (_classificationCount < MostFound)
        {
            double confidence = class_ == BeatClass.Other ? 0 : Confidence(Math.Abs(score));
            _classifications[_classificationCount++] = new BeatClassification(beat.Sample, class_, confidence, _samples);
        }
    }

    private double ScoreOf(in WaitingBeat beat, long nextTick)
    {
        double pause = Cap(((nextTick - beat.Tick) / ReferenceInterval) - 1, 0, 1);
        double[] form = _formFeatures;
        form[29] = pause;
        form[30] = pause * form[1];
        form[31] = pause * Cap(form[6] + form[7], 0, 1);
        double alone = Cap(_model.ScoreForm(form), -6, 6);
        ref FormFacts facts = ref _forms[beat.Form];
        ReadOnlySpan<double> features =
        [
            1,
            alone,
            facts.Judged > 0 ? facts.Ventricular : alone,
            facts.Judged >= JudgedEnough ? facts.Ventricular : 0,
            beat.Form == _dominant ? 1 : 0,
            Cap(facts.Share, 0, 0.2),
            _lastClassScore > 0 ? 1 : 0,
            facts.Judged > 0 ? facts.Early : beat.Early,
        ];
        Evidence?.Classification(beat.Sample, form, features);
        facts.Learn(beat.Early, alone);
        return _model.ScoreClass(features);
    }

    private struct Unlikeness
    {
        public double Short, Long, LeastLong, Size, Slope, Before, Duration, Breadth;
    }
}
