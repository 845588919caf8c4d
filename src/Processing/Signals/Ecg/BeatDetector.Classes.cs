namespace PhysioActors.Processing.Signals.Ecg;

// From beats to their classes. A beat is judged by itself when it is found, and classified when the next one says how long the pause behind it was.
public sealed partial class BeatDetector
{
    private const double SameForm = 0.9;
    private const int JudgedEnough = 4;
    private const double SurelyNormal = -1;
    private const int SurelyVentricularAfter = 2;
    private const double SurelyVentricular = 1;
    private const double DominanceChange = 1.5;
    private const double LongestPause = 1.6;
    private const int PauseLag = DecisionLag + 20;
    private const double UsualRate = 1.0 / 16;
    private const double LeastWeight = 0.005;
    private const double PoorClarity = 0.15;
    private const double FormRate = 1.0 / 8;
    private const double FullCompensation = 0.12;

    private readonly BeatForms _forms;
    private readonly RecentEight _normalIntervals = new();
    private readonly double[] _formFeatures = new double[BeatModel.FormFeatures];
    private readonly double[] _bestShort = new double[BeatForms.Count * MaximumLeads]; // Of the beat at hand only.
    private readonly double[] _bestLong = new double[BeatForms.Count * MaximumLeads];
    private WaitingBeat _waiting;
    private UsualBeat _usual = UsualBeat.Start;
    private int _dominant = -1;
    private double _lastClassScore;
    private double _beforeLastClassScore;
    private double _lastInterval = 1; // Before the beat that was classified last, over the usual one.
    private long _lastClassifiedTick = None;

    private double ReferenceInterval => _normalIntervals.Count >= JudgedEnough ? _normalIntervals.Median : MeanInterval;

    private BeatClass Judge(in BeatCandidate candidate)
    {
        if (_waiting.IsWaiting)
            Conclude(candidate.Tick);
        double interval = _beforeLastTick == None ? 1 : (candidate.Tick - _beforeLastTick) / ReferenceInterval;
        _waiting = new WaitingBeat { IsWaiting = true, Tick = candidate.Tick, Sample = SampleOf(candidate.Position), Form = -1, Interval = interval };
        // What search-back found after seconds has left the rings: its form is not known.
        if (_tick - candidate.Position > EcgLead.Reach - BeatForms.LongLength)
            return BeatClass.Other;

        (int form, double similarity, Kinship kinship) = FindForm(candidate);
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
        DescribeForm(candidate, kinship);
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

    // The form that fits best in short and long waveform, how well it does, and how well any does whose beats are surely normal or surely ventricular.
    private (int Form, double Similarity, Kinship Kinship) FindForm(in BeatCandidate candidate)
    {
        Span<float> wave = stackalloc float[BeatForms.LongLength];
        Span<float> shortWave = stackalloc float[BeatForms.ShortLength];
        Span<double> total = stackalloc double[BeatForms.Count];
        (int best, double most, double normal, double ventricular) = (-1, -1, -1, -1);
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
                // The dominant form is normal by definition: one that was once held for ventricular would confirm itself for ever.
                if (form == _dominant || (_forms[form].Judged >= JudgedEnough && _forms[form].Ventricular < SurelyNormal))
                    normal = Math.Max(normal, similarity);
                else if (_forms[form].Judged >= SurelyVentricularAfter && _forms[form].Ventricular > SurelyVentricular)
                    ventricular = Math.Max(ventricular, similarity);
                if (similarity > most)
                    (best, most) = (form, similarity);
            }
        }

        return (best, most, new Kinship { Normal = normal, Ventricular = ventricular });
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

    private void DescribeForm(in BeatCandidate candidate, in Kinship kinship)
    {
        ref FormFacts facts = ref _forms[_waiting.Form];
        FormFacts dominant = _forms[_dominant];
        Unlikeness u = CompareWithDominant(candidate, ref facts);
        bool isFirst = facts.Uses == 1;
        facts.Duration += (isFirst ? 1 : FormRate) * (u.Duration - facts.Duration);
        facts.Breadth += (isFirst ? 1 : FormRate) * (u.Breadth - facts.Breadth);
        facts.Opposition += (isFirst ? 1 : FormRate) * (u.Opposition - facts.Opposition);

        double early = 1 - _waiting.Interval, earlyCapped = Cap(early, 0, 0.6), irregular = Cap(_usual.Spread, 0, 0.4), longBefore = _lastInterval - 1;
        double earlyUsually = early / (_usual.Spread + 0.03);
        double shortUsually = u.Short / (_usual.Short + 0.01), longUsually = u.Long / (_usual.Long + 0.015);
        double duration = Over(u.Duration, dominant.Duration), breadth = Over(u.Breadth, dominant.Breadth);
        double area = ((1 + u.Size) * (1 + breadth)) - 1, opposition = u.Opposition - dominant.Opposition;
        double mean = (u.Short + u.Long) / 2;
        double anyNormal = kinship.Normal < -0.5 ? mean : Math.Min(mean, 1 - kinship.Normal), foreign = Cap(anyNormal, 0, 0.8);
        double nearerVentricular = kinship.Ventricular < -0.5 ? 0 : Cap(kinship.Ventricular - Math.Max(0.3, kinship.Normal), -0.6, 0.6);
        double afterVentricular = _lastClassScore > 0 ? 1 : 0, longCapped = Cap(u.Long, 0, 1);

        // Everything is relative to the patient's own beats: widths and sizes by themselves differ more between patients than between the beats of one.
        // The last five, which need the next beat, follow in ScoreOf.
        ReadOnlySpan<double> features =
        [
            1,
            earlyCapped,
            Cap(earlyUsually, 0, 6),
            Cap(early, -0.6, 0),
            Cap(u.Short, 0, 0.25),
            Cap(u.Short - 0.25, 0, 1.2),
            Cap(u.Long, 0, 0.3),
            Cap(u.Long - 0.3, 0, 1.2),
            Cap(breadth, -0.5, 1),
            Cap(shortUsually, 0, 6),
            Cap(longUsually, 0, 6),
            Cap(duration, -0.5, 1),
            Cap(earlyUsually, 0, 4) * Cap(longUsually - 2, 0, 4),
            Cap(breadth, 0, 1) * longCapped,
            Cap(early, 0, 0.5) * longCapped,
            afterVentricular,
            afterVentricular * longCapped,
            u.Before,
            u.Before * longCapped,
            Cap(anyNormal, 0, 0.2),
            Cap(anyNormal - 0.2, 0, 1),
            Cap(u.LeastLong, 0, 1),
            Cap(early, 0, 0.5) * foreign,
            u.Size,
            u.Slope,
            u.Energy,
            u.Bluntness,
            Cap(u.Difference, 0, 0.6),
            Cap(u.Difference - 0.6, 0, 2),
            Cap(area, -0.8, 2),
            Cap(area, 0, 2) * foreign,
            u.Opposition,
            Cap(opposition, -1, 1),
            Cap(longBefore, 0, 1) * earlyCapped,
            Cap(longBefore, -0.5, 1),
            irregular,
            irregular * earlyCapped,
            Cap(Over(facts.Breadth, dominant.Breadth), -0.5, 1),
            Cap(Over(facts.Duration, dominant.Duration), -0.5, 1),
            nearerVentricular,
            _beforeLastClassScore > 0 ? 1 : 0,
            afterVentricular * earlyCapped,
            afterVentricular * Cap(early, -0.6, 0),
            Cap(u.Difference, 0, 1.5) * Cap(early, 0, 0.5),
            Cap(breadth, -0.3, 1) * foreign,
            Cap(u.Bluntness, -0.3, 1) * foreign,
            Cap(opposition, -0.3, 1) * foreign,
        ];
        features.CopyTo(_formFeatures);
        (_waiting.Early, _waiting.Short, _waiting.Long) = (Cap(early, -0.5, 0.7), u.Short, u.Long);
        double clarity = 0;
        for (int i = 0; i < _leads.Length; i++)
            clarity = Math.Max(clarity, candidate.Leads[i].Clarity);
        _waiting.IsPoor = clarity < PoorClarity;
    }

    // How much more than usual, as a part of it; 0 while the usual is not known.
    private static double Over(double value, double usual) => usual > 0 ? (value / usual) - 1 : 0;

    // How the beat differs from the dominant form, and how it is shaped: means over the leads. Its form learns how large it is.
    private Unlikeness CompareWithDominant(in BeatCandidate candidate, ref FormFacts facts)
    {
        FormFacts dominant = _forms[_dominant];
        Unlikeness sum = default;
        (double weights, double leastLong) = (0, 2);
        for (int i = 0; i < _leads.Length; i++)
        {
            ref readonly LeadEvidence evidence = ref candidate.Leads[i];
            ref readonly FormSize usual = ref dominant.Leads[i];
            double weight = WeightOf(evidence);
            double bestShort = _bestShort[(_dominant * MaximumLeads) + i], bestLong = _bestLong[(_dominant * MaximumLeads) + i];
            (double norm, double complex, double after) = BeatShape.Areas(_leads[i], candidate.Position);
            weights += weight;
            sum.Short += weight * (1 - bestShort);
            sum.Long += weight * (1 - bestLong);
            sum.Before += weight * Cap(evidence.Before, 0, 1);
            sum.Duration += weight * BeatShape.Duration(_leads[i], candidate.Position);
            sum.Breadth += weight * BeatShape.Breadth(_leads[i], candidate.Position);
            sum.Opposition += weight * Cap(-40 * complex * after / Math.Max(1, evidence.Size * evidence.Size), -1, 1);
            if (weight > 0.1)
                leastLong = Math.Min(leastLong, 1 - bestLong);
            if (usual.Size > 0)
            {
                double size = evidence.Size / usual.Size, slope = evidence.Slope / Math.Max(1, usual.Slope), amplitude = norm / Math.Max(1, usual.Norm);
                sum.Size += weight * Cap(size - 1, -0.9, 2);
                sum.Slope += weight * Cap(slope - 1, -0.9, 2);
                sum.Energy += weight * Cap((evidence.Energy / Math.Max(1, usual.Energy)) - 1, -0.9, 2);
                sum.Bluntness += weight * Cap((size / Math.Max(0.05, slope)) - 1, -0.6, 2);
                // Of two waveforms with these norms and this correlation.
                double square = (amplitude * amplitude) + 1 - (2 * amplitude * bestLong);
                sum.Difference += weight * Cap(Math.Sqrt(Math.Max(0, square)), 0, 3);
            }

            facts.Leads[i].Learn(evidence, norm, facts.Uses == 1);
        }

        return new Unlikeness
        {
            Short = sum.Short / weights,
            Long = sum.Long / weights,
            Size = sum.Size / weights,
            Slope = sum.Slope / weights,
            Energy = sum.Energy / weights,
            Bluntness = sum.Bluntness / weights,
            Difference = sum.Difference / weights,
            Before = sum.Before / weights,
            Duration = sum.Duration / weights,
            Breadth = sum.Breadth / weights,
            Opposition = sum.Opposition / weights,
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
        (_lastClassifiedTick, _beforeLastClassScore, _lastClassScore, _lastInterval) = (beat.Tick, _lastClassScore, score, beat.Interval);
        if (_classificationCount < MostFound)
        {
            double confidence = class_ == BeatClass.Other ? 0 : Confidence(Math.Abs(score));
            _classifications[_classificationCount++] = new BeatClassification(beat.Sample, class_, confidence, _samples);
        }
    }

    private double ScoreOf(in WaitingBeat beat, long nextTick)
    {
        double next = (nextTick - beat.Tick) / ReferenceInterval, pause = Cap(next - 1, 0, 1);
        // 0 when the pause makes up for all that the beat came too early: the sinus node was not disturbed.
        double shifted = Math.Abs(beat.Interval + next - 2), early = 1 - beat.Interval;
        double[] form = _formFeatures;
        form[^5] = pause;
        form[^4] = pause * form[1];
        form[^3] = pause * Cap(form[6] + form[7], 0, 1);
        form[^2] = early > 0.08 ? Cap(shifted, 0, 0.6) : 0;
        form[^1] = early > 0.1 && shifted < FullCompensation ? 1 : 0;
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
        public double Short, Long, LeastLong, Size, Slope, Energy, Bluntness, Difference, Before, Duration, Breadth, Opposition;
    }

    private struct Kinship
    {
        public double Normal, Ventricular;
    }
}
